"""The loops that run recurrent cells hold TensorFlow 1.15.5's names, numbers and gradients, see goldens/rnn."""

import numpy as np
import pytest
from goldens.contrib.observing import observe
from goldens.rnn import loops
from goldens.rnn.record import load

import tf1compat.v1 as tf

GOLDENS = load("loops")


def test_everything_recorded_is_compared():
    assert set(GOLDENS) == set(loops.CASES)


@pytest.mark.parametrize("name", sorted(loops.CASES))
def test_loop(name):
    golden_facts, golden = GOLDENS[name]
    facts, values = observe(tf, loops.CASES[name])
    assert facts == golden_facts
    assert set(values) == set(golden)
    for output, value in golden.items():
        np.testing.assert_allclose(values[output], value, rtol=1e-5, atol=2e-6, err_msg=output)


def _keras_cells():
    k = tf.keras.layers
    return [k.SimpleRNNCell(3), k.LSTMCell(3), k.StackedRNNCells([k.GRUCell(3), k.GRUCell(2)])]


@pytest.mark.parametrize("number", range(3))
def test_keras_cells_run_and_train(number):
    """TF 1.15's loops took them; here Keras 3's, by either loop alike."""
    with tf.Graph().as_default(), tf.Session() as session:
        cell = _keras_cells()[number]
        x = tf.constant(np.random.RandomState(0).randn(2, 4, 3), tf.float32)
        dynamic, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        static, _ = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
        assert isinstance(state, list) == isinstance(cell.state_size, (list, tuple))
        loss = tf.reduce_mean(tf.square(dynamic - 0.5))
        step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
        session.run(tf.global_variables_initializer())
        one, other, before = session.run([dynamic, tf.stack(static, 1), loss])
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
        for _ in range(5):
            session.run(step)
        assert session.run(loss) < before


def test_what_is_no_cell_is_named():
    with tf.Graph().as_default(), pytest.raises(TypeError, match="'cell' .*is not an RNNCell"):
        tf.nn.dynamic_rnn(tf.keras.layers.Dense(3), tf.zeros([1, 2, 3]), dtype=tf.float32)
