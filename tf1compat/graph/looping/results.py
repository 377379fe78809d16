"""What `Session.run_steps` returns, and the interrupt that says how far it came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

__all__ = ["All", "Last", "Output", "Steps", "StepsInterrupted"]


class Steps(NamedTuple):
    """What `Session.run_steps` did.

    values: in the shape of the fetches. With `keep="last"` what `Session.run` would have returned for the last
      step that was done, None for each element where no step was. With `keep="all"` numpy arrays with one entry a
      step on axis 0, or, where the values of a fetch differ in shape from step to step, a list of one array a
      step. None for operations.
    done: how many steps were done.
    """

    values: Any
    done: int


class StepsInterrupted(KeyboardInterrupt):
    """Ctrl-C during `Session.run_steps`, raised after a whole number of steps.

    steps: the `Steps` that were done; variables are as these left them, and another `run_steps` can go on.
    """

    def __init__(self, steps: Steps) -> None:
        super().__init__(f"run_steps was interrupted after {steps.done} steps.")
        self.steps = steps


class Output(NamedTuple):
    """A tensor that is fetched: in the outputs of the step's function, or among the values that are fed."""

    name: str
    dtype: tf.DType
    shape: tf.TensorShape
    computed: bool
    place: int


class Last:
    """Keeps the values of the last step."""

    def __init__(self, outputs: Sequence[Output]) -> None:
        self._values: list[Any] = [None] * len(outputs)

    def add(self, values: Sequence[Any], count: int) -> None:
        """Take what a chunk of `count` steps handed out."""
        if count:
            self._values = list(values)

    def result(self) -> list[Any]:
        """One value an output."""
        return [None if value is None else value.numpy() for value in self._values]


class All:
    """Keeps the values of all steps."""

    def __init__(self, outputs: Sequence[Output]) -> None:
        self._outputs = outputs
        self._parts: list[list[Any]] = [[] for _ in outputs]

    def add(self, values: Sequence[Any], count: int) -> None:
        """Take what a chunk of `count` steps handed out: a tensor with a step on axis 0, or a list of tensors."""
        if count:
            for parts, output, value in zip(self._parts, self._outputs, values, strict=True):
                parts.append(_entries(value, output, count))

    def result(self) -> list[Any]:
        """One array an output, or a list of arrays where the shapes differ."""
        return [_joined(parts, output) for parts, output in zip(self._parts, self._outputs, strict=True)]


def _entries(value: Any, output: Output, count: int) -> Any:
    """The first `count` entries: an array, or a list where their shapes differ."""
    if value.dtype != tf.variant:
        return value[:count].numpy()
    item: Callable[..., Any] = tf.raw_ops.TensorListGetItem
    shape = tf.constant(-1)
    try:
        together = tf.raw_ops.TensorListGather(
            input_handle=value, indices=tf.range(count), element_shape=shape, element_dtype=output.dtype
        )
    except tf.errors.InvalidArgumentError:
        return [
            item(input_handle=value, index=at, element_shape=shape, element_dtype=output.dtype).numpy()
            for at in range(count)
        ]
    return together.numpy()


def _joined(parts: list[Any], output: Output) -> Any:
    if not parts:
        sizes = [0] if output.shape.rank is None else [0, *(size or 0 for size in output.shape.as_list())]
        return np.zeros(sizes, output.dtype.as_numpy_dtype)
    if len(parts) == 1:
        return parts[0]
    shapes = {part.shape[1:] for part in parts if isinstance(part, np.ndarray)}
    if len(shapes) == 1 and all(isinstance(part, np.ndarray) for part in parts):
        return np.concatenate(parts)
    return [entry for part in parts for entry in part]
