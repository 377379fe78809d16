"""`tf.contrib.slim.summaries`: summaries of tensors, named after them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import tensorflow as tf

__all__ = [
    "add_histogram_summaries",
    "add_histogram_summary",
    "add_image_summaries",
    "add_image_summary",
    "add_scalar_summaries",
    "add_scalar_summary",
    "add_zero_fraction_summaries",
    "add_zero_fraction_summary",
]

v1 = tf.compat.v1


def _name(tensor: Any, name: str | None, prefix: str | None, postfix: str | None = None) -> str:
    if not name and not hasattr(tensor, "op"):
        raise TypeError(f"a summary without a name has that of its tensor, but {tensor!r} is none")
    return "/".join(part for part in (prefix, name or tensor.op.name, postfix) if part)


def _printed(summary: Callable[..., Any], name: str, tensor: Any, print_summary: bool) -> Any:
    """The summary; if it is to be printed, that one is in the collection which prints the tensor too."""
    made = summary(name, tensor, collections=[] if print_summary else None)
    if print_summary:
        made = v1.Print(made, [tensor], name)
        v1.add_to_collection(v1.GraphKeys.SUMMARIES, made)
    return made


def add_histogram_summary(tensor: Any, name: str | None = None, prefix: str | None = None) -> Any:
    """A histogram of the tensor's values."""
    return v1.summary.histogram(_name(tensor, name, prefix), tensor)


def add_image_summary(
    tensor: Any, name: str | None = None, prefix: str | None = None, print_summary: bool = False
) -> Any:
    """Images, [batch, height, width, channels]; printed too if so wished."""
    return _printed(v1.summary.image, _name(tensor, name, prefix), tensor, print_summary)


def add_scalar_summary(
    tensor: Any, name: str | None = None, prefix: str | None = None, print_summary: bool = False
) -> Any:
    """A number; printed too if so wished."""
    return _printed(v1.summary.scalar, _name(tensor, name, prefix), tensor, print_summary)


def add_zero_fraction_summary(
    tensor: Any, name: str | None = None, prefix: str | None = None, print_summary: bool = False
) -> Any:
    """The share of zeros in the tensor."""
    full = _name(tensor, name, prefix, "Fraction_of_Zero_Values")
    return add_scalar_summary(tf.math.zero_fraction(tensor), full, print_summary=print_summary)


def _each(one: Callable[..., Any]) -> Callable[..., list[Any]]:
    def summaries(tensors: Iterable[Any], prefix: str | None = None, **kwargs: Any) -> list[Any]:
        return [one(tensor, prefix=prefix, **kwargs) for tensor in tensors]

    summaries.__name__ = summaries.__qualname__ = one.__name__.replace("summary", "summaries")
    summaries.__doc__ = f"`{one.__name__}` of each."
    return summaries


add_histogram_summaries = _each(add_histogram_summary)
add_image_summaries = _each(add_image_summary)
add_scalar_summaries = _each(add_scalar_summary)
add_zero_fraction_summaries = _each(add_zero_fraction_summary)
