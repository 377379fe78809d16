"""The event files of evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["write_evaluation"]

v1 = tf.compat.v1


def write_evaluation(folder: str, results: Mapping[str, Any], checkpoint_path: str | None) -> None:
    """Write an evaluation's results, and which checkpoint they are of, into an event file in `folder`.

    Numbers become scalars, arrays tensors; a string is taken for a serialized summary, whose values are kept.
    """
    step = int(results[v1.GraphKeys.GLOBAL_STEP])
    said = ", ".join(f"{key} = {value}" for key, value in sorted(results.items()) if not isinstance(value, bytes))
    v1.logging.info("Saving dict for global step %d: %s", step, said)
    summary = v1.Summary()
    for key, value in results.items():
        if value is not None and key != v1.GraphKeys.GLOBAL_STEP:
            _add(summary, key, value)
    writer = v1.summary.FileWriterCache.get(folder)
    writer.add_summary(summary, step)
    if checkpoint_path:
        v1.logging.info("Saving 'checkpoint_path' summary for global step %d: %s", step, checkpoint_path)
        proto = v1.make_tensor_proto(checkpoint_path, dtype=tf.string)
        writer.add_summary(v1.Summary(value=[v1.Summary.Value(tag="checkpoint_path", tensor=proto)]), step)
    writer.flush()


def _add(summary: Any, key: str, value: Any) -> None:
    if isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)):
        summary.value.add(tag=key, simple_value=float(value))
    elif isinstance(value, np.ndarray):
        summary.value.add(tag=key, node_name=key, tensor=v1.make_tensor_proto(value))
    elif isinstance(value, bytes):
        try:
            inner = v1.Summary.FromString(value)
        except Exception:  # of the protocol buffers' library, which has several implementations
            v1.logging.warning("Skipping summary for %s, cannot parse string to Summary.", key)
            return
        for number, each in enumerate(inner.value):
            each.tag = f"{key}/{number}"
        summary.value.extend(inner.value)
    else:
        v1.logging.warning("Skipping summary for %s, which is a %s and not a number or an array.", key, type(value))
