"""What the strings mean that layers take for initializers, regularizers, constraints and activations."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["activation", "constraint", "initializer", "regularizer"]

_v1 = tf.compat.v1


def linear(x: Any) -> Any:
    """`x` itself."""
    return x


def _softmax(x: tf.Tensor) -> tf.Tensor:
    if x.shape.rank == 1:
        raise ValueError(f"Cannot apply softmax to a tensor that is 1D. Received input: {x}")
    return tf.nn.softmax(x)


def _hard_sigmoid(x: tf.Tensor) -> tf.Tensor:
    return tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)


def _l1_l2(l1: float, l2: float) -> Callable[[Any], tf.Tensor]:
    def penalty(weights: Any) -> tf.Tensor:
        # Keras's way of counting: no half of the squares.
        total = tf.zeros([], weights.dtype.base_dtype)
        if l1:
            total += l1 * tf.reduce_sum(tf.abs(weights))
        if l2:
            total += l2 * tf.reduce_sum(tf.square(weights))
        return total

    return penalty


def _non_negative(weights: Any) -> tf.Tensor:
    return weights * tf.cast(weights >= 0.0, weights.dtype.base_dtype)


def _norm(weights: Any) -> tf.Tensor:
    return tf.sqrt(tf.reduce_sum(tf.square(weights), axis=0, keepdims=True))


def _unit_norm(weights: Any) -> tf.Tensor:
    return weights / (1e-7 + _norm(weights))


def _max_norm(weights: Any) -> tf.Tensor:
    norms = _norm(weights)
    return weights * (tf.clip_by_value(norms, 0.0, 2.0) / (1e-7 + norms))


def _min_max_norm(weights: Any) -> tf.Tensor:
    norms = _norm(weights)
    return weights * (tf.clip_by_value(norms, 0.0, 1.0) / (1e-7 + norms))


def _table(*rows: tuple[str, Any]) -> dict[str, Any]:
    return {name: meaning for names, meaning in rows for name in names.split()}


_INITIALIZERS = _table(
    ("zeros Zeros zero", _v1.zeros_initializer),
    ("ones Ones one", _v1.ones_initializer),
    ("constant Constant", _v1.constant_initializer),
    (
        "uniform random_uniform RandomUniform",
        functools.partial(_v1.random_uniform_initializer, minval=-0.05, maxval=0.05),
    ),
    (
        "normal random_normal RandomNormal",
        functools.partial(_v1.random_normal_initializer, stddev=0.05),
    ),
    (
        "truncated_normal TruncatedNormal",
        functools.partial(_v1.truncated_normal_initializer, stddev=0.05),
    ),
    ("VarianceScaling", _v1.variance_scaling_initializer),
    ("glorot_uniform GlorotUniform", _v1.glorot_uniform_initializer),
    ("glorot_normal GlorotNormal", _v1.glorot_normal_initializer),
    ("he_normal", _v1.initializers.he_normal),
    ("he_uniform", _v1.initializers.he_uniform),
    ("lecun_normal", _v1.initializers.lecun_normal),
    ("lecun_uniform", _v1.initializers.lecun_uniform),
    ("orthogonal Orthogonal", _v1.orthogonal_initializer),
    ("identity Identity", _v1.initializers.identity),
)
_REGULARIZERS = _table(
    ("l1", functools.partial(_l1_l2, 0.01, 0.0)),
    ("l2", functools.partial(_l1_l2, 0.0, 0.01)),
    ("l1_l2", functools.partial(_l1_l2, 0.01, 0.01)),
)
_CONSTRAINTS = _table(
    ("non_neg NonNeg nonneg", lambda: _non_negative),
    ("unit_norm UnitNorm unitnorm", lambda: _unit_norm),
    ("max_norm MaxNorm maxnorm", lambda: _max_norm),
    ("min_max_norm MinMaxNorm minmaxnorm", lambda: _min_max_norm),
)
_ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "linear": linear,
    "softmax": _softmax,
    "elu": tf.nn.elu,
    "selu": tf.nn.selu,
    "softplus": tf.nn.softplus,
    "softsign": tf.nn.softsign,
    "relu": tf.nn.relu,
    "tanh": tf.nn.tanh,
    "sigmoid": tf.nn.sigmoid,
    "exponential": tf.exp,
    "hard_sigmoid": _hard_sigmoid,
}


def _made(kind: str, table: dict[str, Callable[[], Any]], given: Any) -> Any:
    if given is None or callable(given):
        return given
    if isinstance(given, str) and given in table:
        return table[given]()
    raise ValueError(f"Could not interpret {kind} identifier: {given!r}; a function, or one of {', '.join(table)}")


def initializer(given: Any) -> Any:
    """An initializer: `given` if it is callable or None, or what the string names (Keras's, as in TF1)."""
    return _made("initializer", _INITIALIZERS, given)


def regularizer(given: Any) -> Any:
    """A regularizer: `given` if it is callable or None, or what "l1", "l2" or "l1_l2" names, with 0.01."""
    return _made("regularizer", _REGULARIZERS, given)


def constraint(given: Any) -> Any:
    """A projection of weights: `given` if it is callable or None, or what the string names."""
    return _made("constraint", _CONSTRAINTS, given)


def activation(given: Any) -> Callable[[Any], Any]:
    """An activation: `given` if it is callable, `linear` if None, or what the string names.

    Raises:
      ValueError: for a string that names none.
      TypeError: for anything else.
    """
    if given is None:
        return linear
    if callable(given):
        return given
    if not isinstance(given, str):
        raise TypeError(f"Could not interpret activation function identifier: {given!r}")
    if given not in _ACTIVATIONS:
        raise ValueError(f"Unknown activation function: {given}; known: {', '.join(_ACTIVATIONS)}")
    return _ACTIVATIONS[given]
