"""`tf.contrib.eager`: what programs that enabled eager execution took from here. The rest is TensorFlow's own."""

from __future__ import annotations

from collections.abc import Iterator as Iterating
from typing import Any

import tensorflow as tf

from tf1compat.train import Saver as GraphSaver

from . import metrics

__all__ = [
    "Checkpointable",
    "Iterator",
    "Saver",
    "Variable",
    "get_optimizer_variables",
    "list_devices",
    "make_template",
    "metrics",
]

v1 = tf.compat.v1

Checkpointable = tf.Module
make_template = v1.make_template


class _MakesVariables(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, tf.Variable)


class Variable(metaclass=_MakesVariables):
    """A resource variable: `tfe.Variable(value, trainable=…, name=…)` is `tf.Variable(…, use_resource=True)`."""

    def __new__(cls, initial_value: Any = None, *args: Any, **kwargs: Any) -> Any:
        return v1.Variable(initial_value, *args, use_resource=True, **kwargs)


class Iterator:
    """The elements of a dataset, one after the other: `for x in Iterator(dataset)`, or `.next()`.

    Raises:
      RuntimeError: without eager execution.
    """

    def __init__(self, dataset: Any) -> None:
        if not tf.executing_eagerly():
            raise RuntimeError(
                "Iterator is only for eager execution; use dataset.make_one_shot_iterator() in a graph."
            )
        self._iterator = iter(dataset)

    def __iter__(self) -> Iterating[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._iterator)

    next = __next__

    def get_next(self, name: str | None = None) -> Any:
        """The next element; OutOfRangeError after the last one."""
        del name  # no operation is made that it could name
        return self._iterator.get_next()


class Saver:
    """Saves eager variables, a list or {name: variable}, in checkpoints as `tf.train.Saver` writes them.

    Raises:
      RuntimeError: without eager execution.
    """

    def __init__(self, var_list: Any) -> None:
        if not tf.executing_eagerly():
            raise RuntimeError(
                "tfe.Saver can only be used when eager execution is enabled. Use tf.train.Saver when building graphs."
            )
        self._saver = GraphSaver(var_list=var_list)

    def save(self, file_prefix: str, global_step: Any = None) -> str | None:
        """Write a checkpoint; its path."""
        return self._saver.save(None, file_prefix, write_meta_graph=False, global_step=global_step)

    def restore(self, file_prefix: str) -> None:
        """Give the variables the values of a checkpoint."""
        self._saver.restore(None, file_prefix)


def get_optimizer_variables(optimizer: Any) -> list[Any]:
    """What an optimizer keeps."""
    return optimizer.variables()


def list_devices() -> list[str]:
    """The names of the devices that operations can run on."""
    return [device.name for device in tf.config.list_logical_devices()]

