"""What the callbacks that take part in the steps of one optimizer have in common."""

from __future__ import annotations

from typing import Any

import keras

from . import attaching
from .supported import check_process

__all__ = ["HookedCallback"]


class HookedCallback(keras.callbacks.Callback):
    """A callback with hooks in the train step, one of its kind for an optimizer.

    A subclass calls `attach` in its `on_train_begin`.

    Args:
      optimizer: For a model whose `train_step` uses several optimizers, the attribute of the one meant.

    Raises:
      NotImplementedError: in a process of a MultiWorkerMirroredStrategy, where Keras's `fit` cannot run.
    """

    def __init__(self, optimizer: str | None) -> None:
        super().__init__()
        check_process()
        self.optimizer = optimizer

    def attach(self, hooks: attaching.Hooks) -> None:
        """Take part in the steps of this `fit`.

        Raises:
          ValueError: where the model has no such optimizer, or another callback of this kind attached to it.
          NotImplementedError: for what Keras cannot run there.
        """
        meant = attaching.optimizer_of(self.model, self.optimizer)
        for other in attaching.owners(self.model):
            alike = isinstance(other, type(self)) or isinstance(self, type(other))
            if alike and other is not self and attaching.optimizer_of(self.model, other.optimizer) is meant:
                raise ValueError(
                    f"There are two callbacks {type(self).__name__} for one optimizer, {type(meant).__name__} "
                    f"{meant.name!r}: leave one out."
                )
        attaching.attach(self.model, self, hooks, self.optimizer)

    def write(self, logs: dict[str, Any], **figures: float) -> None:
        """Add figures to an epoch's logs; with `optimizer`, under names that end in its own."""
        ending = "" if self.optimizer is None else f"_{self.optimizer}"
        logs.update({name + ending: figure for name, figure in figures.items()})

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        attaching.check_attached(self.model, self)

    def on_train_end(self, logs: Any = None) -> None:
        attaching.detach(self.model, self)
