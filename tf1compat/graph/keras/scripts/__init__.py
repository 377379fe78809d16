"""What TF 1.15's Keras took and gave and Keras 3 does not, for programs that were written for it.

Where Keras 3 can do the same by another name, the old name does it: arguments (`arguments`), what `compile` is given
(`compiling`), methods and attributes (`attributes`), endings of files (`files`), the graph's data in `fit` (`data`);
and what meant something else means that again (`meaning`). All of it acts only under `tf1compat run`, where a TF1 graph
is being built, and in what a call such as `fit` that left the graph calls.
"""

from __future__ import annotations

from typing import Any

from . import arguments, attributes, compiling, files, meaning

__all__ = ["install"]


def install(keras: Any) -> None:
    """Wrap the classes that the modules here are about."""
    for module in (arguments, attributes, compiling, files, meaning):
        module.install(keras)
