"""TF1's gradient clipping as a callback that attaches to a compiled Keras model.

    model.compile("sgd", "mse")
    model.fit(x, y, callbacks=[tf1compat.keras.GradientClipping("global_norm", 5.0)])

The formulas are those of the functions `clip_by_*` of `tf1compat.train`, which are called.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from ..train import clipping, rows
from . import attaching
from .hooked import HookedCallback

__all__ = ["GradientClipping"]


@keras.saving.register_keras_serializable(package="tf1compat")
class GradientClipping(HookedCallback):
    """Clip the gradients of each training step, inside the compiled step, and log how large they were.

    With `g` a variable's gradient and `n` its number of elements, the optimizer gets, by `method`:

    * "value": `max(min(g, clip_value_max), clip_value_min)`,
    * "norm": `g * clip_norm / max(sqrt(sum(g**2)), clip_norm)`, each variable by itself,
    * "average_norm": `g * min(1, clip_norm * n / sqrt(sum(g**2)))`, each variable by itself, in float32,
    * "global_norm": `g * min(1, clip_norm / norm)`, where `norm` is that of all variables' gradients together.

    `g` is the gradient that the optimizer would step by: loss scaling undone, averaged over accumulated
    batches, summed over the replicas of a MirroredStrategy, with repeated rows of `tf.IndexedSlices` added up
    (TF1's functions took the norm of the rows as they stand). Clipping that the optimizer does itself
    (`clipnorm`, `clipvalue`, `global_clipnorm`) comes after and sees what this one left. Gradients narrower
    than float32 are clipped in float32.

    Added to each epoch's logs, where History, the progress bar and the callbacks later in the list find them:

    * `gradient_norm`: the norm of all variables' gradients together, before clipping, averaged over the steps,
    * `gradient_norm_max`: the largest of them,
    * `clipped_fraction`: of how many steps some gradient was beyond the limit; one that is NaN is.

    Steps are those that the optimizer made. Where it made none, as when loss scaling skipped them all, these
    are NaN. With `optimizer`, the names end in its own: `gradient_norm_generator_optimizer`.

    Args:
      method: One of the four names above.
      clip_norm: The limit of a norm, a positive number; for every method but "value".
      clip_value_min: The lower limit, at most 0; for "value", and required there.
      clip_value_max: The upper limit, at least 0; likewise.
      optimizer: For a model whose `train_step` uses several optimizers, the attribute of the one meant.

    Raises:
      ValueError: for limits that do not go with the method or are no such numbers. When training begins: for a
        model without an optimizer or, where `optimizer` is None, with several; for a second GradientClipping
        of one optimizer; before the first step: for "average_norm" of float64 gradients.
      NotImplementedError: when training begins, for what Keras cannot run there.
    """

    def __init__(
        self,
        method: str,
        clip_norm: float | None = None,
        clip_value_min: float | None = None,
        clip_value_max: float | None = None,
        optimizer: str | None = None,
    ) -> None:
        super().__init__(optimizer)
        if method not in _RULES:
            raise ValueError(f"method should be one of {', '.join(map(repr, _RULES))}; it is {method!r}.")
        self.method = method
        self.clip_norm = clip_norm
        self.clip_value_min = clip_value_min
        self.clip_value_max = clip_value_max
        self._limits = _limits(method, self.get_config())

    def get_config(self) -> dict[str, Any]:
        names = ("method", "clip_norm", "clip_value_min", "clip_value_max", "optimizer")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> GradientClipping:
        return cls(**config)

    def on_train_begin(self, logs: Any = None) -> None:
        # Each replica has its own counts, of the same gradients: adding to them needs no meeting.
        kept = {"synchronization": tf.VariableSynchronization.ON_READ, "trainable": False}
        with self.model.distribute_strategy.scope():
            first = tf.VariableAggregation.ONLY_FIRST_REPLICA
            #: Steps, the sum of their norms, and how many of them were clipped.
            self._sums = tf.Variable([0.0, 0.0, 0.0], dtype=tf.float64, aggregation=first, **kept)
            self._largest = tf.Variable(0.0, dtype=tf.float64, aggregation=first, **kept)
        self.attach(attaching.Hooks(gradients=self._clipped))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._sums.assign([0.0, 0.0, 0.0])
        self._largest.assign(0.0)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        steps, norms, clipped = self._sums.numpy().tolist()
        self.write(
            logs,
            gradient_norm=norms / steps if steps else math.nan,
            gradient_norm_max=float(self._largest.numpy()) if steps else math.nan,
            clipped_fraction=clipped / steps if steps else math.nan,
        )

    def _clipped(self, gradients: list[Any]) -> list[Any]:
        wide = _comparable(gradients)
        norm = tf.linalg.global_norm(wide)
        clipped, beyond = _RULES[self.method](wide, norm, *self._limits)
        norm = tf.cast(norm, tf.float64)
        self._sums.assign_add(tf.stack([tf.ones_like(norm), norm, tf.cast(tf.reduce_any(beyond), tf.float64)]))
        largest = tf.identity(self._largest)
        # A NaN stays, which TensorFlow 2.16's XLA would lose in a maximum.
        self._largest.assign(tf.where((norm > largest) | tf.math.is_nan(norm), norm, largest))
        pairs = zip(clipped, gradients, strict=True)
        return [_with_values(new, tf.cast(_values(new), old.dtype)) for new, old in pairs]


#: What each limit has to be.
_KINDS: dict[str, tuple[str, Callable[[float], bool]]] = {
    "clip_norm": ("positive", lambda value: value > 0),
    "clip_value_max": ("0 or more", lambda value: value >= 0),
    "clip_value_min": ("0 or less", lambda value: value <= 0),
}


def _limits(method: str, given: dict[str, Any]) -> tuple[float, ...]:
    """What a rule takes beside the gradients, checked."""
    wanted = ("clip_value_min", "clip_value_max") if method == "value" else ("clip_norm",)
    for name, (kind, holds) in _KINDS.items():
        value = given[name]
        if (value is None) is (name in wanted):
            verb = "needs" if value is None else "takes no"
            raise ValueError(f"GradientClipping({method!r}) {verb} {name}; its limits: {', '.join(wanted)}.")
        number = isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)
        if value is not None and not (number and holds(value)):
            raise ValueError(f"{name} should be a finite number, {kind}; it is {value!r}.")
    return tuple(float(given[name]) for name in wanted)


def _comparable(gradients: Sequence[Any]) -> list[Any]:
    """Gradients of one dtype, float32 or float64, in which `IndexedSlices` have every row once."""
    wide = tf.float64 if any(gradient.dtype == tf.float64 for gradient in gradients) else tf.float32
    return [_with_values(gradient, tf.cast(_values(gradient), wide), unique=True) for gradient in gradients]


def _values(gradient: Any) -> tf.Tensor:
    return gradient.values if isinstance(gradient, tf.IndexedSlices) else tf.convert_to_tensor(gradient)


def _with_values(gradient: Any, values: tf.Tensor, unique: bool = False) -> Any:
    if not isinstance(gradient, tf.IndexedSlices):
        return values
    indices = gradient.indices
    if unique:
        values, indices = rows.deduplicate(values, indices)
    return tf.IndexedSlices(values, indices, gradient.dense_shape)


def _elements(gradient: Any) -> tf.Tensor:
    """How many elements the whole gradient has, the rows that `IndexedSlices` leave out among them."""
    if isinstance(gradient, tf.IndexedSlices):
        return tf.reduce_prod(tf.cast(gradient.dense_shape, tf.float32))
    return tf.cast(tf.size(gradient), tf.float32)


def _by_value(gradients: Sequence[Any], norm: tf.Tensor, low: float, high: float) -> tuple[list[Any], list[tf.Tensor]]:
    clipped = [clipping.clip_by_value(gradient, low, high) for gradient in gradients]
    pairs = zip(clipped, gradients, strict=True)
    return clipped, [tf.reduce_any(tf.not_equal(_values(new), _values(old))) for new, old in pairs]


def _by_norm(gradients: Sequence[Any], norm: tf.Tensor, limit: float) -> tuple[list[Any], list[tf.Tensor]]:
    clipped = [clipping.clip_by_norm(gradient, limit) for gradient in gradients]
    return clipped, [_above(tf.linalg.global_norm([gradient]), limit) for gradient in gradients]


def _by_average_norm(
    gradients: Sequence[Any], norm: tf.Tensor, limit: float
) -> tuple[list[Any], list[tf.Tensor]]:
    clipped, above = [], []
    for gradient in gradients:
        if gradient.dtype != tf.float32:
            raise ValueError(
                "GradientClipping('average_norm') clips float32 gradients (and narrower ones), as TF1 did; "
                "among these are float64 ones. Take 'norm', with the limit times a variable's number of elements."
            )
        values, elements = _values(gradient), _elements(gradient)
        # TF1's function takes the average over the elements it is given, which may be only some rows.
        share = elements / tf.cast(tf.size(values), tf.float32)
        clipped.append(_with_values(gradient, clipping.clip_by_average_norm(values, limit * share)))
        above.append(_above(tf.linalg.global_norm([values]) / elements, limit))
    return clipped, above


def _by_global_norm(
    gradients: Sequence[Any], norm: tf.Tensor, limit: float
) -> tuple[list[Any], list[tf.Tensor]]:
    return clipping.clip_by_global_norm(gradients, limit, use_norm=norm)[0], [_above(norm, limit)]


def _above(norm: tf.Tensor, limit: float) -> tf.Tensor:
    # TensorFlow's graph optimizer makes `norm > limit` of `not norm <= limit`, which NaN is not.
    return (norm > limit) | tf.math.is_nan(norm)


#: Of comparable gradients, their norm together and the limits: what is left, and whether anything was beyond.
_RULES: dict[str, Callable[..., tuple[list[Any], list[tf.Tensor]]]] = {
    "average_norm": _by_average_norm,
    "global_norm": _by_global_norm,
    "norm": _by_norm,
    "value": _by_value,
}
