"""TF1's regularizers, which `tf.contrib.layers` had: penalties on the size of weights.

Each is a function of weights that returns a scalar penalty, for `tf.get_variable(regularizer=…)`, which
puts the penalty into the collection REGULARIZATION_LOSSES, and for Keras layers
(`kernel_regularizer=l2_regularizer(1e-4)`), which save it with the model. **They are half of Keras's for
L2**: TF1's is `scale * sum(w**2) / 2`, `keras.regularizers.L2`'s is `l2 * sum(w**2)`.

A scale of 0 makes a function that returns None, as in TF1, and for a Keras variable 0, since Keras adds
up what it gets.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

__all__ = [
    "L1Regularizer",
    "L2Regularizer",
    "SumRegularizer",
    "apply_regularization",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_regularizer",
    "sum_regularizer",
]

Regularizer = Callable[[Any], tf.Tensor | None]

_known_to_keras = keras.saving.register_keras_serializable(package="tf1compat")


class _Scaled(keras.regularizers.Regularizer):
    """`scale` times a norm of the weights, in their dtype.

    Args:
      scale: A number that is no integer, at least 0, or a scalar tensor.
      scope: The name of the result and the scope of its operations; the subclass's `default_scope` if None.

    Raises:
      ValueError: for another scale.
    """

    default_scope: str

    def __init__(self, scale: Any, scope: str | None = None) -> None:
        _check(scale, "scale")
        if _is_zero(scale):
            tf.compat.v1.logging.info("Scale of 0 disables regularizer.")
        self.scale = scale
        self.scope = scope

    def __call__(self, weights: Any) -> tf.Tensor | None:
        if _is_zero(self.scale):
            return _nothing(weights)
        with tf.compat.v1.name_scope(self.scope, self.default_scope, [weights]) as scope:
            weights = tf.convert_to_tensor(weights)
            scale = tf.convert_to_tensor(self.scale, dtype=weights.dtype, name="scale")
            return tf.multiply(scale, self._norm(weights), name=scope)

    def _norm(self, weights: tf.Tensor) -> tf.Tensor:
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        if not isinstance(self.scale, numbers.Real) and not hasattr(self.scale, "numpy"):
            raise ValueError(f"The scale {self.scale!r} has no value outside of its graph, so it cannot be saved.")
        return {"scale": float(self.scale), "scope": self.scope}


@_known_to_keras
class L1Regularizer(_Scaled):
    """`scale * sum(abs(w))`. Its gradient is `scale * sign(w)`, and 0 where `w` is 0 or NaN."""

    default_scope = "l1_regularizer"

    def _norm(self, weights: tf.Tensor) -> tf.Tensor:
        # TensorFlow 2's `tf.sign`, of which the gradient of `tf.abs` is made, gives NaN for NaN, and 1.15.5's 0.
        sign = tf.cast(weights > 0, weights.dtype) - tf.cast(weights < 0, weights.dtype)
        return tf.reduce_sum(weights * tf.stop_gradient(sign))


@_known_to_keras
class L2Regularizer(_Scaled):
    """`scale * sum(w**2) / 2`."""

    default_scope = "l2_regularizer"

    def _norm(self, weights: tf.Tensor) -> tf.Tensor:
        return tf.nn.l2_loss(weights)


@_known_to_keras
class SumRegularizer(keras.regularizers.Regularizer):
    """The sum of what several regularizers return, without those that return None; None if all do."""

    def __init__(self, regularizers: Sequence[Regularizer], scope: str | None = None) -> None:
        self.regularizers = list(regularizers)
        self.scope = scope

    def __call__(self, weights: Any) -> tf.Tensor | None:
        with tf.compat.v1.name_scope(self.scope, "sum_regularizer", [weights]) as scope:
            penalties = [regularizer(weights) for regularizer in self.regularizers]
            penalties = [penalty for penalty in penalties if penalty is not None]
            return tf.add_n(penalties, name=scope) if penalties else _nothing(weights)

    def get_config(self) -> dict[str, Any]:
        return {
            "regularizers": [keras.saving.serialize_keras_object(each) for each in self.regularizers],
            "scope": self.scope,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SumRegularizer:
        regularizers = [keras.saving.deserialize_keras_object(each) for each in config["regularizers"]]
        return cls(regularizers, config["scope"])


def _is_zero(scale: Any) -> bool:
    return isinstance(scale, numbers.Real) and scale == 0.0


def _check(scale: Any, name: str) -> None:
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"{name} cannot be an integer: {scale}")
    if isinstance(scale, numbers.Real) and scale < 0.0:
        raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale:g}")


def _nothing(weights: Any) -> tf.Tensor | None:
    return tf.zeros([], weights.dtype) if isinstance(weights, keras.Variable) else None


def l1_regularizer(scale: Any, scope: str | None = None) -> Regularizer:
    """A function of weights `w` that returns `scale * sum(abs(w))`.

    Args:
      scale: A number that is no integer, at least 0, or a scalar tensor. With 0.0 the function returns None.
      scope: The name of the result; `l1_regularizer` if None.

    Raises:
      ValueError: for another scale.
    """
    return L1Regularizer(scale, scope)


def l2_regularizer(scale: Any, scope: str | None = None) -> Regularizer:
    """A function of weights `w` that returns `scale * sum(w**2) / 2`: half of `keras.regularizers.L2(scale)`.

    Args:
      scale: A number that is no integer, at least 0, or a scalar tensor. With 0.0 the function returns None.
      scope: The name of the result; `l2_regularizer` if None.

    Raises:
      ValueError: for another scale.
    """
    return L2Regularizer(scale, scope)


def l1_l2_regularizer(scale_l1: Any = 1.0, scale_l2: Any = 1.0, scope: str | None = None) -> Regularizer:
    """A function of weights `w` that returns `scale_l1 * sum(abs(w)) + scale_l2 * sum(w**2) / 2`.

    Args:
      scale_l1, scale_l2: As in `l1_regularizer` and `l2_regularizer`; 0.0 leaves that part out.
      scope: The name of the result; `l1_l2_regularizer` if None.

    Raises:
      ValueError: for another scale.
    """
    for name, scale in (("scale_l1", scale_l1), ("scale_l2", scale_l2)):
        if isinstance(scale, numbers.Integral):
            _check(scale, name)
    scope = scope or "l1_l2_regularizer"
    if _is_zero(scale_l1):
        return l2_regularizer(scale_l2, scope)
    if _is_zero(scale_l2):
        return l1_regularizer(scale_l1, scope)
    return SumRegularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope)


def sum_regularizer(regularizer_list: Sequence[Regularizer | None], scope: str | None = None) -> Regularizer | None:
    """A function that returns the sum of what the regularizers of a list return, each for the same weights.

    Nones in the list are left out, and what returns None; None if no regularizer is left. `scope` is the
    name of the result, `sum_regularizer` if None.
    """
    regularizers = [regularizer for regularizer in regularizer_list if regularizer is not None]
    return SumRegularizer(regularizers, scope) if regularizers else None


def apply_regularization(regularizer: Regularizer, weights_list: Sequence[Any] | None = None) -> tf.Tensor:
    """The sum of a regularizer's penalties on several weights; in a graph, also put into REGULARIZATION_LOSSES.

    Args:
      regularizer: A function of weights that returns a scalar or None, which counts as 0.
      weights_list: Tensors or variables; the graph's collection WEIGHTS if None or empty.

    Raises:
      ValueError: if there are no weights, or the regularizer returns what is no scalar.
    """
    keys = tf.compat.v1.GraphKeys
    weights_list = weights_list or tf.compat.v1.get_collection(keys.WEIGHTS)
    if not weights_list:
        raise ValueError("No weights to regularize.")
    with tf.compat.v1.name_scope("get_regularization_penalty", values=weights_list) as scope:
        returned = (regularizer(weights) for weights in weights_list)
        penalties = [tf.constant(0.0) if penalty is None else penalty for penalty in returned]
        for penalty in penalties:
            if penalty.shape.rank != 0:
                raise ValueError(
                    f"regularizer must return a scalar Tensor instead of a Tensor with rank {penalty.shape.rank}."
                )
        total = tf.add_n(penalties, name=scope)
    if not tf.executing_eagerly():
        tf.compat.v1.add_to_collection(keys.REGULARIZATION_LOSSES, total)
    return total
