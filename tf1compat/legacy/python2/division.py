"""Python 2's `/`: between integers it floors, in NumPy's arrays and TensorFlow's tensors as well."""

from __future__ import annotations

import operator
import sys
from typing import Any

__all__ = ["div", "idiv", "idiv_item"]


def div(a: Any, b: Any) -> Any:
    """`a / b`: the floor for integers of Python, NumPy and TensorFlow, an object's own `__div__`, else the quotient.
    Series and frames of pandas divided truly in Python 2 as well."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if isinstance(a, float) and isinstance(b, (int, float)) or isinstance(a, int) and isinstance(b, float):
        return a / b
    for own, other, name in ((a, b, "__div__"), (b, a, "__rdiv__")):
        method = getattr(type(own), name, None)
        if method is not None:
            result = method(own, other)
            if result is not NotImplemented:
                return result
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensors = (tensorflow.Tensor, tensorflow.Variable)
        if isinstance(a, tensors) or isinstance(b, tensors):
            return _tensor_div(tensorflow, a, b)
        if isinstance(a, tensorflow.compat.v1.Dimension) or isinstance(b, tensorflow.compat.v1.Dimension):
            return a // b
    return _array_div(a, b)


def _tensor_div(tensorflow: Any, a: Any, b: Any) -> Any:
    if not isinstance(a, (tensorflow.Tensor, tensorflow.Variable)):
        a = tensorflow.convert_to_tensor(a, dtype=b.dtype.base_dtype)
    # Its rule for the types is Python 2's; so is the name of the operation it adds.
    return tensorflow.compat.v1.div(a, b)


def _array_div(a: Any, b: Any) -> Any:
    numpy = sys.modules.get("numpy")
    if numpy is not None and _are_integers(numpy, a, b):
        return numpy.floor_divide(a, b)
    return operator.truediv(a, b)


def _are_integers(numpy: Any, a: Any, b: Any) -> bool:
    arrays = (numpy.ndarray, numpy.generic)
    if not isinstance(a, arrays) and not isinstance(b, arrays):
        return False
    known = (*arrays, int, list, tuple)
    return isinstance(a, known) and isinstance(b, known) and all(numpy.asarray(x).dtype.kind in "biu" for x in (a, b))


def idiv(a: Any, b: Any) -> Any:
    """What `a /= b` leaves in `a`; arrays change in place."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(a, numpy.ndarray):
        if _are_integers(numpy, a, b):
            return numpy.floor_divide(a, b, out=a, casting="unsafe")
        return operator.itruediv(a, b)
    method = getattr(type(a), "__idiv__", None)
    return div(a, b) if method is None else method(a, b)


def idiv_item(a: Any, index: Any, b: Any) -> None:
    """`a[index] /= b`."""
    a[index] = idiv(a[index], b)
