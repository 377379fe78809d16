"""Rule 7 for state that kernels keep under a name and that has no handle: staging areas, accumulators…

It lives in the Session's container. What can be freed at the Session's end is freed here. What TensorFlow
gives no way to free is a barrier and the map of sparse tensors with what was left in them.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf

__all__ = ["NamedState", "is_named"]

_STAGING = re.compile(r"(OrderedMap|Map|)(Stage|Unstage(NoKey)?|(Stage)?(Peek|Size|Clear))")
#: Which kind of staging area -> the ops that count, clear and fill it.
_AREAS = {
    "": (tf.raw_ops.StageSize, tf.raw_ops.StageClear, tf.raw_ops.Stage),
    "Map": (tf.raw_ops.MapSize, tf.raw_ops.MapClear, tf.raw_ops.MapStage),
    "OrderedMap": (tf.raw_ops.OrderedMapSize, tf.raw_ops.OrderedMapClear, tf.raw_ops.OrderedMapStage),
}
#: How long closing keeps trying to wake runs that wait for a staging area, in seconds.
_PATIENCE = 2.0


def is_named(op_type: str) -> bool:
    """Whether kernels of a type keep what they make under a name in a container."""
    definition = _tf.op_definition(op_type)
    return definition is not None and {"container", "shared_name"} <= {attr.name for attr in definition.attr}


class NamedState:
    """The named state of one Session's kernels, in its own container."""

    def __init__(self, container: str) -> None:
        self._container = container
        self._lock = threading.Lock()
        self._staging: dict[str, tuple[str, int]] = {}  # name -> kind, number of components
        self._accumulators: dict[str, dict[str, Any]] = {}

    def claim(self, node: Any, path: str) -> None:
        """Put what a node keeps into the container, under its own name or else the path of its op."""
        name = tf.compat.as_str(node.attr["shared_name"].s) or path
        node.attr["shared_name"].s = name.encode()
        node.attr["container"].s = self._container.encode()
        staging = _STAGING.fullmatch(node.op)
        with self._lock:
            if staging:
                self._staging[name] = (staging.group(1), len(node.attr["dtypes"].list.type))
            elif node.op in ("ConditionalAccumulator", "SparseConditionalAccumulator"):
                self._accumulators[name] = {
                    "dtype": tf.as_dtype(node.attr["dtype"].type),
                    "shape": tf.TensorShape(node.attr["shape"].shape),
                }

    def free(self, waiting: Callable[[], bool]) -> None:
        """Free what can be freed, and wake what waits for a staging area while `waiting()`."""
        with self._lock:
            staging, self._staging = self._staging, {}
            accumulators, self._accumulators = self._accumulators, {}
        until = time.monotonic() + _PATIENCE
        while staging and waiting() and time.monotonic() < until:
            for name, (kind, components) in staging.items():
                self._wake(kind, name, components)
        for name, (kind, _) in staging.items():
            self._area(kind, 1, name)
        for name, attributes in accumulators.items():
            handle = tf.raw_ops.ResourceConditionalAccumulator(
                container=self._container, shared_name=name, **attributes
            )
            tf.raw_ops.DestroyResourceOp(resource=handle, ignore_lookup_error=True)

    def _area(self, kind: str, which: int, name: str, **arguments: Any) -> Any:
        arguments.setdefault("dtypes", [tf.bool])
        if "values" in arguments and not kind:
            del arguments["dtypes"]
        return _AREAS[kind][which](container=self._container, shared_name=name, **arguments)

    def _wake(self, kind: str, name: str, components: int) -> None:
        """Make room for a run that waits to put, or give something to one that waits to get.

        TensorFlow's staging areas know no cancellation. A get of a map by its key cannot be woken.
        """
        if int(self._area(kind, 0, name)):
            self._area(kind, 1, name)
            time.sleep(0.002)
            return
        given: dict[str, Any] = {"values": [tf.constant(False)] * components}
        if kind:
            given.update(
                key=tf.constant(0, tf.int64), indices=list(range(components)), dtypes=[tf.bool] * components
            )

        def give() -> None:
            with _tf.eager_mode(), tf.device("CPU:0"):
                self._area(kind, 2, name, **given)

        # In a thread: should a run fill the area just now, this waits until the area is cleared.
        thread = threading.Thread(target=give, daemon=True)
        thread.start()
        thread.join(0.05)
