"""`tf.contrib.eager.metrics`: objects that are called with each batch and asked for the result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

__all__ = ["Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "Mean", "Metric", "SparseAccuracy"]

v1 = tf.compat.v1


class Metric(tf.Module):
    """The base: a subclass makes variables in `build` by `add_variable`, updates them in `call`, and has a `result`.

    Eagerly each call updates at once. In a graph it gives tensors that update when they are fetched, and
    `init_variables()` the operation to start with.
    """

    def __init__(self, name: str | None = None, use_global_variables: bool = False) -> None:
        said = name or type(self).__name__
        plain = re.sub("[^A-Za-z0-9.]", "_", said)
        with v1.variable_scope(None, default_name=plain, use_resource=True) as scope:
            self._scope_name = scope.name
        super().__init__(name=re.sub("[^A-Za-z0-9_]", "_", said))
        self._said = said + scope.name.rpartition(plain)[2]
        self._global = use_global_variables
        self._vars: list[Any] = []
        self._initial_values: list[Any] = []
        self._built = False

    @property
    def name(self) -> str:
        return self._said

    @property
    def variables(self) -> list[Any]:  # type: ignore[override]
        return self._vars

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self._built:
            with tf.init_scope():
                self.build(*args, **kwargs)
            self._built = True
        return self.call(*args, **kwargs)

    def build(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("Metrics must define a build() member function")

    def call(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("Metrics must define a call() member function")

    def result(self) -> Any:
        raise NotImplementedError("Metrics must define a result() member function")

    def value(self) -> Any:
        """Eagerly the method `result`, in a graph its tensor."""
        return self.result if tf.executing_eagerly() else self.result()

    def init_variables(self) -> Any:
        """Begin anew: at once eagerly, else by the operation that this returns."""
        if not tf.executing_eagerly():
            return tf.group(*(variable.initializer for variable in self._vars))
        for variable, value in zip(self._vars, self._initial_values, strict=True):
            variable.assign(value)
        return None

    def aggregate(self, metrics: Sequence[Metric]) -> None:
        """Add what other metrics of the same kind have counted.

        Raises:
          TypeError: if one is of another kind.
        """
        for other in metrics:
            if type(other) is not type(self):
                raise TypeError(f"All metrics must be the same type, '{type(self)}' != '{type(other)}'.")
        for number, variable in enumerate(self._vars):
            variable.assign_add(tf.add_n([other.variables[number] for other in metrics]))

    def add_variable(self, name: str, shape: Any = None, dtype: Any = None, initializer: Any = None) -> Any:
        """A variable of the metric, made in `build`.

        Raises:
          RuntimeError: later than that.
        """
        if self._built:
            raise RuntimeError("Can't call add_variable() except in build().")
        keys = v1.GraphKeys
        made = initializer() if isinstance(initializer, type) else initializer
        variable = v1.Variable(
            lambda: made(shape, dtype=dtype),
            trainable=False,
            name=f"{self._scope_name}/{name}",
            use_resource=True,
            collections=[keys.GLOBAL_VARIABLES if self._global else keys.LOCAL_VARIABLES, keys.METRIC_VARIABLES],
        )
        self._vars.append(variable)
        if tf.executing_eagerly():
            self._initial_values.append(variable.read_value())
        return variable


class Mean(Metric):
    """The mean of all values, weighted by `weights` in their shape; in float64 unless told otherwise."""

    def __init__(self, name: str | None = None, dtype: Any = tf.float64, use_global_variables: bool = False) -> None:
        super().__init__(name=name, use_global_variables=use_global_variables)
        self.dtype = dtype

    def build(self, *args: Any, **kwargs: Any) -> None:
        zeros = v1.zeros_initializer()
        self.numer = self.add_variable("numer", (), self.dtype, zeros)
        self.denom = self.add_variable("denom", (), self.dtype, zeros)

    def call(self, values: Any, weights: Any = None) -> Any:
        """Count them, and return them."""
        given = values if weights is None else (values, weights)
        if weights is None:
            number = tf.cast(tf.size(values), self.dtype)
            total = tf.cast(tf.reduce_sum(values), self.dtype)
        else:
            weights = tf.cast(weights, self.dtype)
            number, total = tf.reduce_sum(weights), tf.reduce_sum(tf.cast(values, self.dtype) * weights)
        return _after([self.denom.assign_add(number), self.numer.assign_add(total)], given)

    def result(self, write_summary: bool = True) -> Any:
        """The mean, written as a summary too where one is being recorded, unless told otherwise."""
        mean = self.numer / self.denom
        if write_summary and tf.executing_eagerly() and tf.summary.should_record_summaries():
            tf.summary.scalar(self.name, mean, step=tf.summary.experimental.get_step() or 0)
        return mean


class _Matching(Mean):
    """The share of predictions that match."""

    def __init__(self, name: str | None = None, dtype: Any = tf.float64) -> None:
        super().__init__(name=name, dtype=dtype)

    def call(self, labels: Any, predictions: Any, weights: Any = None) -> Any:  # type: ignore[override]
        same = tf.shape(predictions)[0] if isinstance(self, SparseAccuracy) else tf.shape(predictions)
        check = v1.assert_equal(tf.shape(labels), same, message="Shapes of labels and predictions are unequal")
        with tf.control_dependencies([] if check is None else [check]):
            matches = tf.cast(self._matches(labels, tf.convert_to_tensor(predictions)), self.dtype)
        given = (labels, predictions) if weights is None else (labels, predictions, weights)
        counted = super().call(matches, weights)
        return given if tf.executing_eagerly() else _after(tf.nest.flatten(counted), given)

    def _matches(self, labels: Any, predictions: Any) -> Any:
        return tf.equal(labels, predictions)


class Accuracy(_Matching):
    """How often labels equal predictions, of the same shape."""


class CategoricalAccuracy(_Matching):
    """How often the largest of the labels is the largest of the predictions, both [..., classes]."""

    def _matches(self, labels: Any, predictions: Any) -> Any:
        return tf.equal(tf.argmax(labels, axis=-1), tf.argmax(predictions, axis=-1))


class SparseAccuracy(_Matching):
    """How often the class, [batch], is the largest of the predictions, [batch, classes]."""

    def _matches(self, labels: Any, predictions: Any) -> Any:
        return tf.equal(tf.cast(labels, tf.int64), tf.argmax(predictions, axis=-1))


class BinaryAccuracy(_Matching):
    """How often predictions are above a threshold where labels are true."""

    def __init__(self, threshold: float, name: str | None = None, dtype: Any = tf.float64) -> None:
        super().__init__(name=name, dtype=dtype)
        self.threshold = threshold

    def _matches(self, labels: Any, predictions: Any) -> Any:
        return tf.equal(tf.cast(labels, tf.bool), predictions > self.threshold)


def _after(updates: Sequence[Any], given: Any) -> Any:
    """What was given; in a graph as tensors that take the updates with them."""
    if tf.executing_eagerly():
        return given
    with tf.control_dependencies(list(updates)):
        return tf.nest.map_structure(tf.identity, given)
