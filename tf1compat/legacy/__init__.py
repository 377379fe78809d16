"""What TF1 programs counted on and other libraries no longer do, for programs that run under plain Python.

`tf1compat migrate` writes calls of it; a program may as well be rid of them one by one. `tf1compat run` gives the same
without being asked. The names:

* `as_numpy_1()`: NumPy 2 prints and promotes as NumPy 1 did, in the whole process;
* `keras_fits()`: Keras's `fit` and its kin, called in a TF1 graph, train as they did in TF1;
* `in_graph(function)`: the function, for a thread that is to begin in a TF1 graph of its own;
* `div`, `idiv`, `idiv_item`: Python 2's `a / b`, `a /= b` and `a[index] /= b`; `round`, `sorted`, `cmp` and more of
  `PYTHON_2` are its functions, `decode(text, ...)` and `sort(list, ...)` its methods,
  `@compares` has a class compare by its `__cmp__`;
* `gym`: its interface of old, over gymnasium;
* `numpy`, `time` and more of `MODULES`: those modules, with what they dropped since 2018 (`legacy.numpy.asfarray`);
* `append`, `ix` and more of `METHODS`: what objects of NumPy, pandas and others dropped: `legacy.append(frame, row)`
  for `frame.append(row)`.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

from .dropped import METHODS, MODULES, method, module
from .program import as_numpy_1, in_graph, keras_fits
from .python2.division import div, idiv, idiv_item

__all__ = ["METHODS", "MODULES", "PYTHON_2", "as_numpy_1", "div", "idiv", "idiv_item", "in_graph", "keras_fits"]


#: Functions as Python 2 had them.
PYTHON_2 = ("apply", "cmp", "coerce", "intern", "map", "reduce", "reload", "round", "sorted")


def _method_of_python_2(name: str, owner: Any, *args: Any, **kwargs: Any) -> Any:
    attribute = importlib.import_module(f"{__name__}.python2.attributes").attribute
    return attribute(owner, name)(*args, **kwargs)


def __getattr__(name: str) -> Any:
    value: Any
    if name in MODULES:
        value = module(name)
    elif name in METHODS:
        value = method(name)
    elif name in PYTHON_2:
        value = importlib.import_module(f"{__name__}.python2.names").function(name)
    elif name == "compares":
        value = importlib.import_module(f"{__name__}.python2.ordering").compares
    elif name in ("decode", "encode", "sort", "translate"):
        value = functools.partial(_method_of_python_2, name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, *MODULES, *METHODS, *PYTHON_2, "compares", "decode", "encode", "gym", "sort", "translate"])
