"""Arguments that TF 1.15's Keras took and Keras 3 does not, where a TF1 graph is being built.

They are translated where Keras 3 can do the same; any other is Keras's own error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["optimizer"]


def optimizer(plain: Callable[..., Any], graph: Any, self: Any, *args: Any, **kwargs: Any) -> None:
    """`lr` is the learning rate, `decay` makes it `lr / (1 + decay * step)`, and `epsilon=None` is the default's."""
    del graph
    if "lr" in kwargs:
        if "learning_rate" in kwargs:
            raise TypeError(f"{type(self).__name__} got both lr and learning_rate, which are one argument.")
        kwargs["learning_rate"] = kwargs.pop("lr")
    decay = kwargs.pop("decay", 0.0)
    if decay:
        rate = args[0] if args else kwargs.get("learning_rate")
        if not isinstance(rate, (int, float)):
            raise NotImplementedError(
                f"{type(self).__name__}(decay={decay}) without a number for lr: Keras 3 has no decay. Instead: "
                "learning_rate=tf.keras.optimizers.schedules.InverseTimeDecay(lr, 1, decay)."
            )
        kwargs["learning_rate"] = tf.keras.optimizers.schedules.InverseTimeDecay(rate, 1, decay)
        args = args[1:] and (kwargs.pop("learning_rate"), *args[1:])
    if kwargs.get("epsilon", 0) is None:
        del kwargs["epsilon"]
    plain(self, *args, **kwargs)
