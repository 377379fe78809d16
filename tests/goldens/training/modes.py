"""The modes of TensorFlow 2 in which a rule must give TensorFlow 1.15.5's numbers: how cases run in each.

Every runner takes {name: case} and gives {name: {output: array over the steps looked at}}. The cases of one
call run together, in one graph or one function, which is faster by far than each alone.
"""

from __future__ import annotations

import functools

import keras
import numpy as np
import tensorflow as tf
from goldens.training.cases import World, outward
from goldens.training.graphs import Gathered, in_graph

import tf1compat
from tf1compat.graph import Graph, Session

v1 = tf.compat.v1


def run_graph(rules, cases):
    """A TF1 graph under this project's Session."""
    return in_graph(v1, rules, Graph(), Session, cases)


def tape_gradients(function, inputs):
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = function(*inputs)
    return outputs, tape.gradient(outputs, inputs)


def tf_variable(value, dtype, name, trainable):
    return tf.Variable(tf.cast(value, dtype), trainable=trainable, name=name)


def keras_variable(value, dtype, name, trainable):
    # Keras's own dtype for whole numbers would be float32.
    return keras.Variable(tf.cast(value, dtype), dtype=dtype, trainable=trainable, name=name)


def run_steps(rules, cases, wrap, variable=tf_variable):
    """Calls the cases' steps again and again; wrap(function of all of them) is how."""
    world = World(v1, rules, variable, tape_gradients, in_graph=False)
    steps = {name: case.begin(world) for name, case in cases.items()}

    def all_steps(inputs):
        found = {}
        for name in inputs:
            outputs = steps[name](*inputs[name])
            found[name] = {output: outward(v1, value) for output, value in outputs.items()}
        return found

    call = wrap(all_steps)
    gathered = Gathered(cases)
    for at in range(max(len(case.inputs) for case in cases.values())):
        now = {name: case.inputs[at] for name, case in cases.items() if at < len(case.inputs)}
        tensors = {name: tuple(tf.constant(np.asarray(a)) for a in arrays) for name, arrays in now.items()}
        for name, outputs in call(tensors).items():
            gathered.add(at + 1, name, outputs)
    return gathered.stacked()


def run_eager(rules, cases):
    with tf1compat.eager():
        return run_steps(rules, cases, lambda step: step)


def run_keras_variables(rules, cases):
    """Eager code on Keras 3 variables."""
    with tf1compat.eager():
        return run_steps(rules, cases, lambda step: step, keras_variable)


def run_function(rules, cases):
    with tf1compat.eager():
        return run_steps(rules, cases, tf.function)


def run_xla(rules, cases):
    with tf1compat.eager():
        return run_steps(rules, cases, lambda step: tf.function(step, jit_compile=True))


@functools.cache
def two_replicas():
    """One strategy for all: a second one counts its collective operations from the start again, and they clash."""
    devices = [device.name for device in tf.config.list_logical_devices("CPU")]
    assert len(devices) == 2, devices
    return tf.distribute.MirroredStrategy(devices)


def run_replicas(rules, cases):
    """Two replicas under MirroredStrategy; a process that calls this has made two logical CPUs.

    Gradients are given to the replicas in turn, while the other one gets zeros: their sum, which TF1's optimizers
    apply, is exact. Both replicas must end with the same numbers.
    """
    with tf1compat.eager():
        strategy = two_replicas()

        def wrap(step):
            turn = iter(range(10**6))

            @tf.function
            def both(inputs):
                return strategy.run(step, args=(inputs,))

            def call(tensors):
                at = next(turn)
                zeros = {
                    name: tf.nest.map_structure(tf.zeros_like, each) if cases[name].summed else each
                    for name, each in tensors.items()
                }

                def value_of(context):
                    return tensors if context.replica_id_in_sync_group == at % 2 else zeros

                outputs = both(strategy.experimental_distribute_values_from_function(value_of))
                each = [
                    tf.nest.map_structure(lambda v, i=i: np.asarray(strategy.experimental_local_results(v)[i]), outputs)
                    for i in range(2)
                ]
                tf.nest.map_structure(np.testing.assert_array_equal, *each)
                return each[0]

            return call

        with strategy.scope():
            return run_steps(rules, cases, wrap)


MODES = {
    "graph": run_graph,
    "eager": run_eager,
    "Keras variables": run_keras_variables,
    "tf.function": run_function,
    "XLA": run_xla,
    "MirroredStrategy": run_replicas,
}
