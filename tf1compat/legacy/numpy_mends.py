"""What NumPy dropped since 1.16, and what it was there: the table for `mends`.

One change is no missing name. NumPy 2 (NEP 50) lets the dtype of a NumPy scalar count in full, where
NumPy 1 looked at its value: `float32_array / np.sqrt(2.)` is float64 now and was float32, as is any
operator or ufunc between an array and a NumPy scalar, or array without dimensions, of a wider type of
the same kind. (A Python number still does not widen an array: `float32_array / 2.` is float32 in both.
And `np.float32(3) * 2.`, both scalars, was float64 and is float32; `uint8_array + 300` was uint16 and
is an error.) NumPy 2.0 and 2.1 can be told to use the old rule, and are: `restore_promotion`.
Later ones cannot, and there it stays as it is.
Rewriting the script's operators would mend `a / b` but neither `np.divide(a, b)` nor what NumPy's own
functions do inside, so that one script would follow two rules. It seldom matters: `Session.run` casts
what is fed to the placeholder's dtype, and TensorFlow a constant to that of the tensor before it. Where
a float64 array comes first, TensorFlow's error names the dtypes, and `advice` what to write, which
means the same under every NumPy.
"""

from __future__ import annotations

import builtins
import operator
from types import ModuleType
from typing import Any

from .mend import Mend

__all__ = ["PYTHON_TYPES", "RENAMED", "TABLES", "advice", "restore_printing", "restore_promotion"]

# Another name for a Python type. (np.bool and np.long exist again in NumPy 2, as NumPy's own types.)
PYTHON_TYPES = {
    "bool": "bool",
    "complex": "complex",
    "float": "float",
    "int": "int",
    "long": "int",
    "object": "object",
    "str": "str",
    "unicode": "str",
}

# Another name for something that NumPy still has.
RENAMED = {
    "Inf": "inf",
    "Infinity": "inf",
    "NaN": "nan",
    "PINF": "inf",
    "alltrue": "all",
    "bool8": "bool_",
    "byte_bounds": "lib.array_utils.byte_bounds",
    "bytes0": "bytes_",
    "cfloat": "complex128",
    "clongfloat": "clongdouble",
    "complex_": "complex128",
    "cumproduct": "cumprod",
    "float_": "float64",
    "infty": "inf",
    "int0": "intp",
    "longcomplex": "clongdouble",
    "longfloat": "longdouble",
    "mat": "asmatrix",
    "object0": "object_",
    "product": "prod",
    "round_": "round",
    "row_stack": "vstack",
    "singlecomplex": "complex64",
    "sometrue": "any",
    "str0": "str_",
    "string_": "bytes_",
    "trapz": "trapezoid",
    "typeDict": "sctypeDict",
    "uint0": "uintp",
    "unicode_": "str_",
    "void0": "void",
}


def _alen(np: Any) -> Any:
    return lambda a: len(a) if hasattr(a, "__len__") else 1


def _asfarray(np: Any) -> Any:
    def asfarray(a: Any, dtype: Any = np.float64) -> Any:
        floating = np.issubdtype(np.dtype(dtype), np.inexact)
        return np.asarray(a, dtype=dtype if floating else np.float64)

    return asfarray


def _asscalar(np: Any) -> Any:
    return lambda a: a.item()


def _cast(np: Any) -> Any:
    class Cast(dict):
        def __missing__(self, dtype: Any) -> Any:
            return lambda x: np.asarray(x).astype(dtype)

    return Cast()


def _in1d(np: Any) -> Any:
    def in1d(ar1: Any, ar2: Any, assume_unique: bool = False, invert: bool = False) -> Any:
        return np.isin(np.ravel(ar1), ar2, assume_unique=assume_unique, invert=invert)

    return in1d


def _msort(np: Any) -> Any:
    return lambda a: np.sort(a, axis=0)


def _sctypes(np: Any) -> Any:
    return {
        "int": [np.int8, np.int16, np.int32, np.int64],
        "uint": [np.uint8, np.uint16, np.uint32, np.uint64],
        "float": [np.float16, np.float32, np.float64, np.longdouble],
        "complex": [np.complex64, np.complex128, np.clongdouble],
        "others": [bool, object, bytes, str, np.void],
    }


_MADE = (
    Mend("NINF", "-np.inf", lambda np: -np.inf),
    Mend("NZERO", "-0.0", lambda np: -0.0),
    Mend("PZERO", "0.0", lambda np: 0.0),
    Mend("alen", "the length of the first dimension", _alen),
    Mend("asfarray", "np.asarray with a floating dtype", _asfarray),
    Mend("asscalar", "a.item()", _asscalar),
    Mend("cast", "np.asarray(x).astype(dtype)", _cast),
    Mend("in1d", "np.isin of the flattened array", _in1d),
    Mend("loads", "pickle.loads", lambda np: __import__("pickle").loads),
    Mend("msort", "np.sort along the first axis", _msort),
    Mend("obj2sctype", "np.dtype(x).type", lambda np: lambda rep: np.dtype(rep).type),
    Mend("rank", "np.ndim", lambda np: np.ndim),
    Mend("safe_eval", "ast.literal_eval", lambda np: __import__("ast").literal_eval),
    Mend("sctype2char", "np.dtype(x).char", lambda np: lambda sctype: np.dtype(sctype).char),
    Mend("sctypes", "the same table", _sctypes),
)


def _itemset(array: Any, *args: Any) -> None:
    *place, value = args
    if not place and array.size != 1:
        raise ValueError("can only place a scalar for an array of size 1")
    if len(place) == 1 and not isinstance(place[0], tuple):
        array.flat[place[0]] = value
    else:
        array[place[0] if len(place) == 1 else tuple(place) if place else (0,) * array.ndim] = value


def _ptp(array: Any, axis: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    return array.max(axis=axis, keepdims=keepdims) - array.min(axis=axis, keepdims=keepdims, out=out)


def _tostring(array: Any, order: str = "C") -> bytes:
    return array.tobytes(order)


_METHODS = (
    Mend("ndarray.itemset", "an assignment to the element", lambda np: _itemset),
    Mend("ndarray.newbyteorder", "a view with the dtype's byte order changed", lambda np: _newbyteorder),
    Mend("ndarray.ptp", "the largest value less the smallest", lambda np: _ptp),
    Mend("ndarray.tostring", "tobytes()", lambda np: _tostring),
    Mend("generic.tostring", "tobytes()", lambda np: _tostring),
)


def _newbyteorder(array: Any, new_order: str = "S") -> Any:
    return array.view(array.dtype.newbyteorder(new_order))


TABLES: dict[str, tuple[Mend, ...]] = {
    "numpy": (
        *(
            Mend(name, f"Python's {python}", lambda np, python=python: getattr(builtins, python))  # type: ignore[misc]
            for name, python in PYTHON_TYPES.items()
        ),
        *(Mend(name, f"np.{now}", operator.attrgetter(now)) for name, now in RENAMED.items()),
        *_MADE,
        *_METHODS,
    ),
}


def restore_promotion(numpy: ModuleType) -> bool:
    """Have NumPy 2.0 and 2.1 promote as NumPy 1 did, and say nothing: it is what the script counts on. Returns whether
    this was done."""
    set_state = getattr(numpy, "_set_promotion_state", None)
    if set_state is None or numpy.__version__.startswith("1."):
        return False
    set_state("legacy")
    return True


def restore_printing(numpy: ModuleType) -> None:
    """Have NumPy 2 print scalars in lists as NumPy 1 did: [0.5], not [np.float32(0.5)]."""
    if not numpy.__version__.startswith("1."):
        numpy.set_printoptions(legacy="1.25")  # type: ignore[attr-defined]


def advice(error: BaseException, numpy: Any) -> str | None:
    """What to try where a script died of float64 meeting float32 under NumPy 2; None elsewhere."""
    text = str(error)
    if not isinstance(error, (TypeError, ValueError)) or not ("float32" in text and "float64" in text):
        return None
    if numpy is None or numpy.__version__.startswith("1."):
        return None
    return (
        f"under numpy {numpy.__version__} float32_array / np.sqrt(2.) is float64, NumPy 1 gave float32; "
        "if that is what happened here, np.float32(np.sqrt(2.)) is float32 under both"
    )
