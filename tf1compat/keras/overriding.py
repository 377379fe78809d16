"""Methods of one instance of Keras's, replaced for a while."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

__all__ = ["FunctionInPlace", "override", "restore"]

_NOTHING = object()


class _Override:
    """An attribute of one instance that stands before the class's, and what was there."""

    def __init__(self, call: Callable[..., Any], was: Any) -> None:
        self._call = call
        self.was = was

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)


def override(instance: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
    """Let `make(original)` stand for a method of one instance; once, however often it is called."""
    if not isinstance(instance.__dict__.get(name), _Override):
        original = getattr(instance, name)
        instance.__dict__[name] = _Override(make(original), instance.__dict__.get(name, _NOTHING))


def restore(instance: Any, name: str) -> None:
    override = instance.__dict__.get(name)
    if isinstance(override, _Override):
        if override.was is _NOTHING:
            del instance.__dict__[name]
        else:
            instance.__dict__[name] = override.was


class FunctionInPlace:
    """Another function in the place of the one that Keras compiled for `evaluate` or `predict`.

    It lasts until `remove`, or until the next `evaluate` or `predict` begins: Keras then calls the model's
    `make_test_function` or `make_predict_function`, and if it finds ours, the one before was interrupted.

    Args:
      model: A compiled model, in whose `evaluate` or `predict` this is.
      kind: "test" or "predict".
      wrap: Makes of the model's `test_step` or `predict_step` the one to compile.
    """

    def __init__(self, model: Any, kind: str, wrap: Callable[[Callable[[Any], Any]], Callable[[Any], Any]]) -> None:
        self._model = model
        self._name = f"{kind}_function"
        self._step = f"{kind}_step"
        self._wrap = wrap
        self._running = False
        self._plain: Any = None
        self._ours: Any = None

    def put(self) -> None:
        """Put it in place, compiled again only where Keras compiled the model's own again since the last time."""
        plain = getattr(self._model, self._name)
        override(self._model, f"make_{self._name}", lambda original: functools.partial(self._make, original))
        override(self._model, self._step, self._chosen)
        if self._ours is None or plain is not self._plain:
            self._plain = plain
            getattr(type(self._model), f"make_{self._name}")(self._model, force=True)
            self._ours = functools.partial(self._run, getattr(self._model, self._name))
        setattr(self._model, self._name, self._ours)

    def remove(self) -> None:
        """Put the model's own function back. Interrupted, it can be called again."""
        if f"make_{self._name}" in self._model.__dict__:
            current = getattr(self._model, self._name)
            if current is not self._plain:
                # None makes Keras build it again, as where the model was compiled in between.
                setattr(self._model, self._name, self._plain if current is self._ours else None)
            restore(self._model, self._step)
            restore(self._model, f"make_{self._name}")

    def _make(self, original: Callable[..., Any], force: bool = False) -> Any:
        self.remove()
        return original(force=force)

    def _run(self, function: Callable[..., Any], *args: Any) -> Any:
        self._running = True
        try:
            return function(*args)
        finally:
            self._running = False

    def _chosen(self, step: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Keras looks the step up when it traces: ours while it traces ours, the model's own for anybody else."""
        wrapped = self._wrap(step)
        return lambda data: wrapped(data) if self._running else step(data)
