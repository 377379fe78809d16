"""The variable scope of a layer, and the names that come of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import tensorflow as tf

from . import experimental, naming
from .bookkeeping import Bookkeeping

__all__ = ["Scoped"]

_v1 = tf.compat.v1


class Scoped(Bookkeeping):
    """A layer's scope: a given one, or, from the first use on, one that has the layer's name made unique."""

    _base_name: str | None = None
    _scope: Any = None
    _current_scope: Any = None
    _reuse: Any = None
    _keras_style = False

    def _open_scope(self, name: Any, scope: Any, reuse: Any) -> None:
        self._reuse = reuse
        self._keras_style = experimental.is_keras_style()
        if self._keras_style and (scope is not None or reuse is not None):
            raise ValueError(
                "scope and reuse are not allowed when keras style layers are enabled; "
                f"got scope={scope!r}, reuse={reuse!r}"
            )
        self._init_set_name(name)
        self._scope = None
        self._current_scope = None
        if scope:
            with _v1.variable_scope(scope) as captured:
                self._scope = captured

    @property
    def name(self) -> str:
        """The layer's name: the given one, or `dense_1` for a graph's first Dense."""
        return self._name

    @property
    def scope_name(self) -> str:
        """The name of the layer's variable scope.

        Raises:
          ValueError: before the first call, which decides it.
        """
        if not self._scope:
            raise ValueError(
                f'No name available for layer scope because the layer "{self._name}" has not been used yet. '
                "The scope name is determined the first time the layer instance is called. You must therefore "
                "call the layer before querying `scope_name`."
            )
        return self._scope.name

    @property
    def graph(self) -> None:
        """None, as in TF 1.15: a layer belongs to no graph; RuntimeError eagerly."""
        if tf.executing_eagerly():
            raise RuntimeError("Layer.graph not supported when executing eagerly.")

    def _init_set_name(self, name: Any) -> None:
        unique, base = (name, name) if isinstance(name, str) and name else self._make_unique_name()
        self._name = unique
        self._base_name = name.name if isinstance(name, _v1.VariableScope) else base

    def _make_unique_name(self) -> tuple[str, str]:
        base = naming.snake_case(type(self).__name__)
        return naming.unique_name(base), base

    def _set_scope(self, scope: Any = None) -> None:
        if self._scope is not None:
            return
        if self._reuse:
            entered = _v1.variable_scope(self._base_name if scope is None else scope)
        else:
            entered = _v1.variable_scope(scope, default_name=self._base_name)
        with entered as captured:
            self._scope = captured

    def _name_scope(self) -> str:
        """The name scope of the layer's ops: absolute, or relative to the one around it."""
        return self._name if self._keras_style else self._current_scope.original_name_scope

    @contextlib.contextmanager
    def _entered(self, reuse: Any) -> Iterator[Any]:
        with _v1.variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as scope:
            self._current_scope = scope
            yield scope
