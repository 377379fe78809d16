"""The Keras optimizers in the clothes of TF1's, for tests that go through TF1's."""

import tensorflow as tf

import tf1compat.train
from tf1compat.keras import optimizers


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
