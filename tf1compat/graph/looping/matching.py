"""What the parts of the data are for: feed keys that are named, or the arguments of a step function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from ..functions.parts import Part
from .sources import Match

__all__ = ["StepArguments", "by_keys"]


def by_keys(keys: Any) -> Match:
    """Data for feed keys, which have its structure; None: the data is a dictionary whose keys they are."""

    def match(data: Any, stacked: bool) -> tuple[list[Any], Callable[[Any], list[Any]]]:
        named = keys
        if data is None:
            if keys is not None:
                raise ValueError("feeds= says what data is for, but there is no data.")
            return [], lambda nest: []
        if keys is None:
            if not isinstance(data, Mapping):
                raise ValueError(
                    "feeds= must say which placeholders the data is for, which is no dictionary but "
                    f"{type(data).__name__}."
                )
            named = {key: key for key in data}
        found = [key for key, _ in _pairs(data, named)]
        return found, lambda nest: [part for _, part in _pairs(nest, named)]

    return match


def _pairs(data: Any, keys: Any) -> list[tuple[Any, Any]]:
    """(feed key, part of the data) pairs: the data must have the structure of the keys."""
    if isinstance(keys, Mapping):
        if not isinstance(data, Mapping) or set(keys) != set(data):
            given = sorted(map(str, data)) if isinstance(data, Mapping) else type(data).__name__
            raise ValueError(f"feeds= names the parts {sorted(map(str, keys))} of the data, which has {given}.")
        return [pair for name, key in keys.items() for pair in _pairs(data[name], key)]
    if isinstance(keys, (list, tuple)):
        if isinstance(data, (list, tuple)) and len(data) == len(keys):
            return [pair for part, key in zip(data, keys, strict=True) for pair in _pairs(part, key)]
        if len(keys) == 1 and not isinstance(data, Mapping):
            return [(keys[0], data)]
        has = f"{len(data)} parts" if isinstance(data, (list, tuple)) else f"one part, {type(data).__name__}"
        raise ValueError(f"feeds= has {len(keys)} keys for the data, which has {has}.")
    return [(keys, data)]


class StepArguments:
    """Data for a step function: a tuple holds its arguments, anything else is its one argument."""

    def __init__(self, session: Any, step: Any) -> None:
        self._session, self._step = session, step
        #: What the step fetches, once `match` has traced it.
        self.fetches: Any = None

    def match(self, data: Any, stacked: bool) -> tuple[list[Any], Callable[[Any], list[Any]]]:
        """Trace the step for such data; its variables have their initial values then."""
        specs = tf.nest.map_structure(_of_stack if stacked else _free, _arguments(data))
        traced = self._session._steps.trace(self._step, specs, {})
        traced.initialise(self._session)
        self.fetches = self._step.of(traced.fetches) if isinstance(self._step, Part) else traced.fetches
        return traced.inputs, lambda nest: tf.nest.flatten(_arguments(nest), expand_composites=True)


def _arguments(data: Any) -> tuple[Any, ...]:
    if data is None:
        return ()
    return data if type(data) is tuple else (data,)


def _of_stack(stack: Any) -> tf.TensorSpec:
    """The spec of one entry of a stack, as `Session.run` would trace for it: the leading dimension free."""
    array = stack if hasattr(stack, "dtype") and hasattr(stack, "shape") else np.asarray(stack)
    if len(array.shape) == 0:
        raise ValueError(f"The data must have one entry a step on its first axis, but has the scalar {stack!r}.")
    named = not isinstance(array.dtype, tf.DType) and array.dtype.kind in "OUS"
    return _free(tf.TensorSpec(tuple(array.shape)[1:], tf.string if named else array.dtype))


def _free(spec: Any) -> Any:
    if isinstance(spec, (tf.TensorSpec, tf.SparseTensorSpec)) and spec.shape.rank:
        return type(spec)([None, *spec.shape.as_list()[1:]], spec.dtype)
    return spec
