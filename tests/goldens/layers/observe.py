"""Runs a program in a graph of its own and says what it made (facts) and computed (numbers).

Variables get values that their names and places decide, so that nothing depends on a seed; what a program's
initializers give is among the numbers, too, where it says so in its facts (`"initial": true`).
"""

import collections
import re

import numpy as np
from goldens.layers import building

#: The ops that a layer is about, where it is not known to a run alone which of them it takes.
KERNELS = re.compile("Conv|Norm|Pool|MatMul|Bias|Batch|Random|Relu|Tanh|Sigmoid")
CONTROL = ("Switch", "If", "StatelessIf", "Enter", "While", "StatelessWhile")


def names(elements):
    return [element.name for element in elements]


def value_for(index, variable):
    shape = variable.shape.as_list()
    array = building.values(100 + index, *shape)
    if not variable.name.split(":")[0].split("/part_")[0].endswith("kernel"):
        array = 0.6 + 0.4 * array  # variances are positive
    return array.astype(variable.dtype.base_dtype.as_numpy_dtype)


def observe(tf, program):
    """(facts, {name: array})"""
    with tf.Graph().as_default(), tf.device("/cpu:0"):
        built = program(tf)
        made = tf.get_default_graph().get_operations()
        keys = tf.GraphKeys
        variables = tf.global_variables()
        losses, updates = tf.get_collection(keys.REGULARIZATION_LOSSES), tf.get_collection(keys.UPDATE_OPS)
        facts = {
            "variables": [[v.name, v.shape.as_list()] for v in variables],
            "trainable": names(tf.trainable_variables()),
            "losses": names(losses),
            "updates": names(updates),
            "outputs": [
                [t.name, t.dtype.name, t.shape.as_list() if t.shape.ndims is not None else None] for t in built.outputs
            ],
        }
        if not any(op.type in CONTROL for op in made):
            facts["kernels"] = dict(collections.Counter(op.type for op in made if KERNELS.search(op.type)))
        facts.update(built.facts)
        tensors = {"output %d" % n: t for n, t in enumerate(built.outputs)}
        tensors.update({"loss %s" % t.name: t for t in losses})
        floating = [t for t in built.outputs if t.dtype.is_floating]
        trainable = tf.trainable_variables()
        wanted = [x for x in built.feeds if x.dtype.is_floating] + trainable
        if floating and wanted:
            total = tf.add_n([tf.reduce_sum(tf.cast(t, tf.float32) * weights_like(tf, t)) for t in floating])
            labels = ["input %d" % n for n in range(len(wanted) - len(trainable))] + names(trainable)
            for label, gradient in zip(labels, tf.gradients(total, wanted)):
                if gradient is not None:
                    tensors["gradient %s" % label] = gradient
        places = [tf.placeholder(v.dtype.base_dtype, v.shape) for v in variables]
        assigns = [tf.assign(v, p) for v, p in zip(variables, places)]
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            numbers = {}
            if facts.get("initial"):
                found = session.run({v.name: v for v in variables})
                numbers.update({"initial %s" % name: value for name, value in found.items()})
            session.run(assigns, {p: value_for(n, v) for n, (p, v) in enumerate(zip(places, variables))})
            numbers.update(session.run(tensors, built.feeds))
            steps = built.steps or updates
            if steps:
                for _ in range(building.STEPS):
                    for step in steps:
                        session.run(step, built.feeds)
                after = session.run({v.name: v for v in variables})
                numbers.update({"after %s" % name: value for name, value in after.items()})
    return facts, {name: np.asarray(value) for name, value in numbers.items()}


def weights_like(tf, tensor):
    """Other weights for each number of a tensor, so that no gradient is 0 by symmetry."""
    return tf.reshape(tf.cos(tf.cast(tf.range(tf.size(tensor)), tf.float32)), tf.shape(tensor))


def programs_of(module):
    """{name: program} of a module, in the order of their names."""
    return {
        name: value
        for name, value in sorted(vars(module).items())
        if callable(value) and getattr(value, "is_program", False)
    }


def program(function):
    function.is_program = True
    return function
