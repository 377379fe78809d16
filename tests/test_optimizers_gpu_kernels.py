"""Optimizers on a GPU for which TensorFlow lacks their fused kernel: the same numbers from other ops."""

import numpy as np
import pytest
import tensorflow as tf

from tf1compat import train
from tf1compat.train import rows

RULES = {
    "momentum": lambda: train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "rmsprop": lambda: train.RMSPropOptimizer(0.1, momentum=0.5, centered=True),
    "adagrad_da": lambda: train.AdagradDAOptimizer(0.1, tf.constant(3, tf.int64), l1_regularization_strength=0.01),
    "proximal": lambda: train.ProximalGradientDescentOptimizer(0.1, 0.01, 0.02),
}


def trained(make):
    variable = tf.Variable([[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]])
    optimizer = make()
    dense = tf.constant([[0.1, -0.2], [0.3, 0.0], [-0.4, 0.5]])
    sparse = tf.IndexedSlices(tf.constant([[0.5, 0.5], [1.0, -1.0]]), tf.constant([2, 0]), tf.constant([3, 2]))
    for gradient in (dense, sparse, dense, sparse):
        optimizer.apply_gradients([(gradient, variable)])
    return variable.numpy()


@pytest.mark.parametrize("rule", sorted(RULES))
def test_without_the_kernels(rule, monkeypatch, eager):
    expected = trained(RULES[rule])
    asked = []

    def lacks(name, variable):
        asked.append(name)
        return True

    monkeypatch.setattr(rows, "is_on_gpu_without", lacks)
    np.testing.assert_allclose(trained(RULES[rule]), expected, rtol=1e-6, atol=1e-7)
    assert any("Sparse" in name for name in asked)


def test_a_variable_on_a_cpu_has_the_kernels(monkeypatch, eager):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["a GPU"])
    with tf.device("/cpu:0"):
        on_cpu = tf.Variable(1.0)
    assert not rows.is_on_gpu_without("ResourceApplyAdagradDA", on_cpu)
    with tf.Graph().as_default():
        anywhere = tf.compat.v1.get_variable("v", [], use_resource=True)
        assert rows.is_on_gpu_without("ResourceApplyAdagradDA", anywhere)
        assert not rows.is_on_gpu_without("ResourceApplyGradientDescent", anywhere)
