"""The Keras optimizers for TF1's goldens: in the clothes of TF1's classes, and in a model that `fit` trains."""

import keras
import numpy as np
import tensorflow as tf
from goldens.training import differences, everything
from goldens.training.cases import numbers
from goldens.training.optimizers import RULES, SEEN, SHAPES, STEPS, dense_inputs, sparse_inputs

import tf1compat.train
from tf1compat.keras import optimizers

#: The rules that are the first of their class and way (RMSProp and RMSProp centred, Momentum and Nesterov).
FIRST = [rule for rule in RULES if "," not in rule and rule != "SyncReplicas"]


class KerasRules:
    """`tf1compat.train`, with the optimizers of `tf1compat.keras` under the names of TF1's."""

    def __getattr__(self, name):
        if not name.endswith("Optimizer"):
            return getattr(tf1compat.train, name)
        cls = getattr(optimizers, name.removesuffix("Optimizer"))

        def make(*args, **kwargs):
            if name == "AdagradDAOptimizer":
                args = (args[0], *args[2:])  # the step is Keras's
            return InTF1sClothes(cls(*args, **kwargs))

        return make


class InTF1sClothes:
    def __init__(self, optimizer):
        self.optimizer = optimizer

    def apply_gradients(self, pairs, global_step):
        gradients, weights = map(list, zip(*pairs, strict=True))
        if not self.optimizer.built:
            with tf.init_scope():
                self.optimizer.build(weights)
        self.optimizer.apply(gradients, weights)
        global_step.assign_add(1)

    def _slots(self):
        own = (v for v in self.optimizer.variables if "/w_" in v.path)
        return {v.path.partition("/w_")[2].removeprefix("0_"): v for v in own}

    def get_slot_names(self):
        return sorted(self._slots())

    def get_slot(self, weights, name):
        return self._slots()[name].value


def made(rule, rate=None, **kwargs):
    """The Keras optimizer of one of the goldens' rules."""
    cls, learning_rate, arguments = RULES[rule]
    rate = learning_rate if rate is None else rate
    return getattr(optimizers, cls.removesuffix("Optimizer"))(rate, **arguments, **kwargs)


class Given(keras.layers.Layer):
    """A layer whose gradients are its inputs: the goldens' dense one, and the goldens' slices."""

    def build(self, shapes):
        for kind in SHAPES:
            start = keras.initializers.Constant(numbers(14, SHAPES[kind], "float32"))
            setattr(self, kind, self.add_weight(shape=SHAPES[kind], initializer=start, name=kind))

    def call(self, inputs):
        gradient, values, rows = inputs
        rows = keras.ops.take(self.sparse, rows, axis=0)
        return keras.ops.sum(self.dense * gradient, axis=1) + keras.ops.sum(rows * values, axis=[1, 2])


def given_model(optimizer, **kwargs):
    inputs = [keras.Input([37]), keras.Input([4, 17]), keras.Input([4], dtype="int32")]
    model = keras.Model(inputs, Given(name="given")(inputs))
    model.compile(optimizer, loss=lambda y, predicted: predicted, **kwargs)
    return model


def given_data(replicas=1):
    """The goldens' gradients, a batch a step. Of two replicas each gets a half of the batch, one of them zeros."""
    (dense,) = map(np.stack, zip(*dense_inputs("float32"), strict=True))
    values, rows = map(np.stack, zip(*sparse_inputs("float32"), strict=True))
    if replicas == 1:
        return [dense, values, rows], np.zeros([STEPS])
    dense, values = (np.stack([replicas * a, np.zeros_like(a)], 1).reshape([-1, *a.shape[1:]]) for a in (dense, values))
    return [dense, values, np.repeat(rows, replicas, axis=0)], np.zeros([STEPS * replicas])


def fitted(rule, replicas=1, epochs=1, **kwargs):
    """A model that was fitted to a rule's goldens."""
    model = given_model(made(rule), **kwargs)
    x, y = given_data(replicas)
    model.fit(x, y, batch_size=replicas, epochs=epochs, shuffle=False, verbose=0)
    return model


def units_apart(model, rule):
    """{"dense weights", "sparse slot …": how far from TF 1.15.5 after all steps}, in units of differences.py."""
    found = {}
    for kind, seen in SEEN.items():
        expected = everything.goldens("optimizers").answers[f"{rule}; {kind}; float32; constant"]
        for output in expected.keys() - {"global_step"}:
            if output == "weights":
                (variable,) = (v for v in model.trainable_variables if v.path == f"given/{kind}")
            else:
                end = f"given_{kind}_{output.removeprefix('slot ')}"
                (variable,) = (v for v in model.optimizer.variables if v.path.endswith("/" + end))
            last = variable.numpy()[seen][None]
            (found[f"{kind} {output}"],) = differences.apart(last, expected[output][-1:], "float32", "step")
    assert len(found) >= 2
    return found
