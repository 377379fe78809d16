"""`tf.contrib.summary`: the rest is TensorFlow's own."""

from __future__ import annotations

from typing import Any

from tf1compat import _tensorflow as _tf

__all__ = ["import_event"]


def import_event(tensor: Any, name: str | None = None) -> Any:
    """Write a serialized `tf.Event` with the writer that is entered.

    Raises:
      ValueError: if there is none.
    """
    if not _tf.has_summary_writer():
        raise ValueError("tf.contrib.summary.import_event needs a writer: `with writer.as_default():` around it.")
    return _tf.import_event(tensor, name=name)
