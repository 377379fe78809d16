"""The arithmetic of convolutions, how its arguments are written, and conds on what may be known already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .reachability import reachable

__all__ = [
    "constant_value",
    "conv_input_length",
    "conv_output_length",
    "convert_data_format",
    "deconv_output_length",
    "get_reachable_from_inputs",
    "normalize_data_format",
    "normalize_padding",
    "normalize_tuple",
    "smart_cond",
]

_DATA_FORMATS = {
    "channels_last": {3: "NWC", 4: "NHWC", 5: "NDHWC"},
    "channels_first": {3: "NCW", 4: "NCHW", 5: "NCDHW"},
}
_PADDINGS = ("same", "valid", "full")


def convert_data_format(data_format: str, ndim: int) -> str:
    """TensorFlow's name, such as "NHWC", of `channels_first` or `channels_last` for inputs of this rank."""
    if data_format not in _DATA_FORMATS:
        raise ValueError(f"Invalid data_format: {data_format}")
    if ndim not in _DATA_FORMATS[data_format]:
        raise ValueError(f"Input rank not supported: {ndim}")
    return _DATA_FORMATS[data_format][ndim]


def normalize_tuple(value: Any, n: int, name: str) -> tuple[Any, ...]:
    """`n` integers from one, or from any iterable of `n`; `name` is that of the argument, for the error."""
    if isinstance(value, int):
        return (value,) * n
    try:
        values = tuple(value)
        if len(values) == n:
            [int(each) for each in values]
            return values
    except (TypeError, ValueError):
        pass
    raise ValueError(f"The `{name}` argument must be a tuple of {n} integers. Received: {value}")


def normalize_data_format(value: str) -> str:
    """`channels_first` or `channels_last` in lower case."""
    if value.lower() not in _DATA_FORMATS:
        raise ValueError(
            f'The `data_format` argument must be one of "channels_first", "channels_last". Received: {value}'
        )
    return value.lower()


def normalize_padding(value: str) -> str:
    """`valid` or `same` in lower case."""
    if value.lower() not in ("valid", "same"):
        raise ValueError(f'The `padding` argument must be one of "valid", "same". Received: {value}')
    return value.lower()


def _check_padding(padding: str, *more: str) -> None:
    if padding not in (*_PADDINGS, *more):
        raise ValueError(f"padding must be one of {', '.join((*_PADDINGS, *more))}; got {padding!r}")


def conv_output_length(input_length: Any, filter_size: int, padding: str, stride: int, dilation: int = 1) -> Any:
    """How many outputs a convolution has along one axis; None for None."""
    if input_length is None:
        return None
    _check_padding(padding, "causal")
    reach = (filter_size - 1) * dilation
    more = {"valid": -reach, "full": reach}.get(padding, 0)
    return (input_length + more + stride - 1) // stride


def conv_input_length(output_length: Any, filter_size: int, padding: str, stride: int) -> Any:
    """How many inputs give a convolution that many outputs; None for None."""
    if output_length is None:
        return None
    _check_padding(padding)
    pad = {"same": filter_size // 2, "valid": 0, "full": filter_size - 1}[padding]
    return (output_length - 1) * stride - 2 * pad + filter_size


def deconv_output_length(input_length: Any, filter_size: int, padding: str, stride: int, dilation: int = 1) -> Any:
    """How many outputs a transposed convolution has along one axis; None for None. Tensors will do, too."""
    if input_length is None:
        return None
    _check_padding(padding)
    filter_size += (filter_size - 1) * (dilation - 1)
    length = input_length * stride
    if padding == "valid":
        length = length + max(filter_size - stride, 0)
    elif padding == "full":
        length = length - (stride + filter_size - 2)
    return length


def smart_cond(
    pred: Any, true_fn: Callable[[], Any] | None = None, false_fn: Callable[[], Any] | None = None, name: Any = None
) -> Any:
    """What `true_fn()` or `false_fn()` gives; only one is called if it is known which, else both, for a `tf.cond`.

    Raises:
      TypeError: if either is no function.
    """
    if not callable(true_fn) or not callable(false_fn):
        raise TypeError(f"true_fn and false_fn must be callable; got {true_fn!r} and {false_fn!r}")
    known = constant_value(pred)
    if known is None:
        return tf.compat.v1.cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return true_fn() if known else false_fn()


def constant_value(pred: Any) -> Any:
    """The value of a bool, of 0 or 1, or of a constant tensor; None if only a run knows it.

    Raises:
      TypeError: for anything else.
    """
    if isinstance(pred, tf.Variable):
        return None
    if tf.is_tensor(pred):
        value = tf.get_static_value(pred)
        return value.item() if hasattr(value, "item") else value
    if pred in (0, 1):
        return bool(pred)
    raise TypeError(f"`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: {pred!r}")


def get_reachable_from_inputs(inputs: Any, targets: Any = None) -> set[Any]:
    """The tensors of a graph that are computed from the inputs, which are among them.

    With targets, it is looked for no more once all of them are found.
    """
    found = reachable(list(inputs), list(targets or ()), control=False)
    return {each for each in found.values() if not isinstance(each, tf.Operation)}
