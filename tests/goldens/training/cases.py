"""What a case is, in words that TensorFlow 1.15.5 (Python 3.7) and every mode of TensorFlow 2 understand."""

import numpy as np


class Case(object):
    """One rule with its arguments, fed step by step.

    rule: what is at work; its first words, up to a comma, name a line of the fidelity table.
    begin(world): makes the state, and returns step(*inputs) -> {name of output: tensor}, which changes the
        state by one step and looks at it. A graph calls step once, the other modes call it every step.
    inputs: a list, over the steps, of tuples of arrays; each place keeps its shape and dtype.
    looks: the steps (from 1) after which an output is compared, given the output's name; all, unless given.
    only: the modes that have the rule, where not all do; the others refuse it.
    summed: whether replicas' inputs are added up, as gradients are; else each replica gets the same.
    alone: whether it needs a graph of its own.
    scale: "step", or "all steps" where an output comes near zero by subtraction: what its differences are relative to.
    traits: what else tells it from the rule's other cases (kind, dtype, …).
    """

    def __init__(self, rule, begin, inputs, looks=None, scale="step", only=None, summed=False, alone=False, **traits):
        self.rule = rule
        self.begin = begin
        self.inputs = inputs
        self.looks = looks or (lambda output: range(1, len(inputs) + 1))
        self.scale = scale
        self.only = only
        self.summed = summed
        self.alone = alone
        self.traits = traits

    @property
    def line(self):
        return self.rule.split(",")[0]


class World(object):
    """Where a case runs: `tf` with TF1's names, `rules` with the names under test, and how state is made.

    in_graph: whether it is a TF1 graph, for what rules ask of their users elsewhere.
    """

    def __init__(self, tf, rules, variable, gradients, in_graph):
        self.tf = tf
        self.rules = rules
        self.in_graph = in_graph
        # variable(value, dtype, name, trainable): a variable of the kind that the mode is about.
        self.variable = variable
        # gradients(function, inputs): the function's outputs (one or several), and the gradients of their sum.
        self.gradients = gradients

    def read(self, variable):
        if hasattr(variable, "read_value"):
            return variable.read_value()
        return self.tf.identity(variable)

    def after(self, update):
        """The context in which reads see what the update left."""
        return self.tf.control_dependencies([] if update is None else [update])


def numbers(seed, shape, dtype):
    """Numbers in [-1, 1) that are the same everywhere: whole numbers of a legacy stream, scaled by a power of 2.

    They fill the dtype's mantissa; for bfloat16 they are float32 numbers that bfloat16 holds exactly.
    """
    bits = {"float64": 53, "float32": 30, "float16": 30, "bfloat16": 7}[dtype]
    whole = np.random.RandomState(seed).randint(-(2 ** (bits - 1)), 2 ** (bits - 1), size=shape, dtype=np.int64)
    return (whole / 2.0 ** (bits - 1)).astype(wire(dtype))


def wire(dtype):
    """The NumPy dtype in which numbers of a dtype are fed and stored."""
    return "float32" if dtype == "bfloat16" else dtype


def outward(tf, value):
    """The tensor as it is fetched and stored."""
    return tf.cast(value, tf.float32) if value.dtype == tf.bfloat16 else value
