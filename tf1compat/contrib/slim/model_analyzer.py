"""`tf.contrib.slim.model_analyzer`: how large operations and variables are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["analyze_ops", "analyze_vars", "tensor_description"]


def tensor_description(var: Any) -> str:
    """A tensor's dtype and shape, "(float32 1x8x8x1024)"."""
    sizes = "x".join("?" if size is None else str(size) for size in var.shape.as_list())
    return f"({var.dtype.name} {sizes})"


def analyze_ops(graph: Any, print_info: bool = False) -> int:
    """The number of elements of all operations' outputs, those of unknown size left out.

    Args:
      print_info: whether to print each operation.
    """
    if print_info:
        print("---------", "Operations: name -> (type shapes) [size]", "---------", sep="\n")
    total = 0
    for op in graph.get_operations():
        known = [output for output in op.outputs if output.shape.rank is not None]
        size = sum(output.shape.num_elements() or 0 for output in known)
        if print_info:
            shapes = ", ".join(tensor_description(output) for output in known if output.shape.rank)
            print(op.name, "\t->", shapes, f"[{size}]")
        total += size
    return total


def analyze_vars(variables: Iterable[Any], print_info: bool = False) -> tuple[int, int]:
    """(the number of elements, the number of bytes) of variables.

    Args:
      print_info: whether to print each variable.
    """
    if print_info:
        print("---------", "Variables: name (type shape) [size]", "---------", sep="\n")
    elements = octets = 0
    for var in variables:
        size = var.shape.num_elements() or 0
        elements, octets = elements + size, octets + size * var.dtype.size
        if print_info:
            print(var.name, tensor_description(var), f"[{size}, bytes: {size * var.dtype.size}]")
    if print_info:
        print(f"Total size of variables: {elements}")
        print(f"Total bytes of variables: {octets}")
    return elements, octets
