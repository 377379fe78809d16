"""Callbacks that save a model, made to save its averages as its weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

__all__ = ["SavesAverages"]

#: What callbacks save a model with, and what reads its weights for saving.
_SAVING = ("export", "get_weights", "save", "save_weights")


class SavesAverages(keras.callbacks.Callback):
    """Does as another callback, for which the model saves its averages.

    Args:
      callback: The other callback. Its `model` is one whose methods that save do so with the averages.
      swap: Called when it saves: returns what calls a function with averages in the place of the weights.
    """

    def __init__(self, callback: keras.callbacks.Callback, swap: Callable[[], Callable[..., Any]]) -> None:
        super().__init__()
        if isinstance(callback, keras.callbacks.BackupAndRestore):
            raise ValueError(
                "BackupAndRestore backs up weights and averages both, and training must go on from the weights: pass "
                "it to fit as it is."
            )
        self._callback = callback
        self._swap = swap

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self._callback.set_model(_Averaged(model, self._swap))

    def set_params(self, params: Any) -> None:
        super().set_params(params)
        self._callback.set_params(params)


def _delegated(name: str) -> Callable[..., None]:
    def method(self: SavesAverages, *args: Any, **kwargs: Any) -> None:
        getattr(self._callback, name)(*args, **kwargs)

    method.__name__ = name
    return method


for _name in dir(keras.callbacks.Callback):
    if _name.startswith("on_"):
        setattr(SavesAverages, _name, _delegated(_name))


class _Averaged:
    """A model, but for what it saves."""

    def __init__(self, model: Any, swap: Callable[[], Callable[..., Any]]) -> None:
        self.__dict__.update(_model=model, _swap=swap)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._model, name)
        if name not in _SAVING:
            return value
        return lambda *args, **kwargs: self._swap()(value, *args, **kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._model, name, value)
