"""What a layer demands of its inputs: rank, dtype, the sizes of some axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

__all__ = ["InputSpec", "check", "converted"]


class InputSpec:
    """The demands of a layer on one input; whatever is None is not demanded.

    Args:
      dtype: The input's dtype.
      shape: Its sizes, None for any; they say the rank, too.
      ndim: Its rank.
      max_ndim: Its highest rank.
      min_ndim: Its lowest rank.
      axes: The sizes of single axes, by their numbers.

    Raises:
      TypeError: if an axis is no integer.
      ValueError: if an axis is not below the rank.
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Sequence[int | None] | None = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: Mapping[int, int | None] | None = None,
    ) -> None:
        self.dtype = None if dtype is None else tf.as_dtype(dtype).name
        self.shape = shape
        self.ndim = ndim if shape is None else len(shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        try:
            self.axes = {int(axis): size for axis, size in dict(axes or {}).items()}
        except (TypeError, ValueError):
            raise TypeError(f"The keys in axes must be integers; got {axes!r}.") from None
        if self.axes and (self.ndim is not None or max_ndim is not None):
            highest = (self.ndim or max_ndim or 0) - 1
            if max(self.axes) > highest:
                raise ValueError(f"Axis {max(self.axes)} is greater than the maximum allowed value: {highest}")

    def __repr__(self) -> str:
        names = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        return f"InputSpec({', '.join(f'{n}={getattr(self, n)}' for n in names if getattr(self, n))})"


def converted(spec: Any) -> InputSpec | None:
    """An `InputSpec` or None as it is, and one made of Keras's; TypeError for anything else."""
    if spec is None or isinstance(spec, InputSpec):
        return spec
    names = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
    if all(hasattr(spec, name) for name in names) and not tf.is_tensor(spec):
        return InputSpec(**{name: getattr(spec, name) for name in names})
    raise TypeError(f"Layer input_spec must be an instance of InputSpec. Got: {spec}")


def check(specs: InputSpec | Sequence[InputSpec | None] | None, inputs: Any, layer_name: str) -> None:
    """ValueError unless the inputs are what the layer demands; an unknown size fits any."""
    if not specs:
        return
    given = tf.nest.flatten(inputs)
    wanted = tf.nest.flatten(specs)
    if len(given) != len(wanted):
        raise ValueError(
            f"Layer {layer_name} expects {len(wanted)} inputs, but it received {len(given)} input tensors. "
            f"Inputs received: {inputs}"
        )
    for index, (tensor, spec) in enumerate(zip(given, wanted, strict=True)):
        problem = None if spec is None else _problem(spec, tensor)
        if problem:
            raise ValueError(f"Input {index} of layer {layer_name} is incompatible with the layer: {problem}")


def _problem(spec: InputSpec, tensor: Any) -> str | None:
    static = tf.TensorShape(tensor.shape)
    rank = static.rank
    if rank is None:
        if spec.ndim is None and spec.min_ndim is None and spec.max_ndim is None:
            return None if spec.dtype is None or tensor.dtype == spec.dtype else _dtype_problem(spec, tensor)
        return "its rank is undefined, but the layer requires a defined rank."
    shape = static.as_list()
    full = f" Full shape received: {shape}"
    if spec.ndim is not None and rank != spec.ndim:
        return f"expected ndim={spec.ndim}, found ndim={rank}.{full}"
    if spec.max_ndim is not None and rank > spec.max_ndim:
        return f"expected max_ndim={spec.max_ndim}, found ndim={rank}.{full}"
    if spec.min_ndim is not None and rank < spec.min_ndim:
        return f"expected min_ndim={spec.min_ndim}, found ndim={rank}.{full}"
    if spec.dtype is not None and tensor.dtype != spec.dtype:
        return _dtype_problem(spec, tensor)
    for axis, size in spec.axes.items():
        size = getattr(size, "value", size)
        if size is not None and shape[axis] not in (size, None):
            return f"expected axis {axis} of input shape to have value {size} but received input with shape {shape}"
    if spec.shape is not None:
        if any(None not in (want, got) and want != got for want, got in zip(spec.shape, shape, strict=False)):
            return f"expected shape={spec.shape}, found shape={shape}"
    return None


def _dtype_problem(spec: InputSpec, tensor: Any) -> str:
    return f"expected dtype={spec.dtype}, found dtype={tensor.dtype}"
