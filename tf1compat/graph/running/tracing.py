"""What a `RunMetadata` is filled with: when each op of a run began and ended, and on which device."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ... import _tensorflow as _tf
from ..bodies import callers

__all__ = ["traced"]

_one_at_a_time = threading.Lock()  # as TensorFlow's profiler is
_PREFIX = "StatefulPartitionedCall/"


@contextlib.contextmanager
def traced(graph: Any, run_metadata: Any, renamed: Mapping[str, str]) -> Iterator[None]:
    """Fill a `RunMetadata` with what runs in the block: `step_stats`, as TF1's `FULL_TRACE` did.

    `renamed`: node name -> op name, where TensorFlow gave a node another name than its op's.

    Raises:
      AlreadyExistsError: where the process is being profiled already.
    """
    run_metadata.step_stats.SetInParent()  # there even where nothing runs
    with _one_at_a_time:
        began = time.time_ns() // 1000
        with _tf.profiled() as traces, _tf.traced_run(run_metadata):
            yield
    for trace in traces:
        _add(graph, run_metadata.step_stats, trace, began, renamed)


def _add(graph: Any, stats: Any, trace: Any, began: int, renamed: Mapping[str, str]) -> None:
    devices: dict[str, Any] = {}
    threads: dict[int, int] = {}
    for event in trace.trace_events:
        node, _, op_type = event.args.get("long_name", "").rpartition(":")
        if not node:
            continue  # not an op's
        device = _device(trace.devices[event.device_id].name)
        if device not in devices:
            devices[device] = stats.dev_stats.add(device=device)
        name, label = _spoken(graph, node, op_type, renamed)
        start, length = event.timestamp_ps // 1_000_000, -(-event.duration_ps // 1_000_000)
        devices[device].node_stats.add(
            node_name=name,
            timeline_label=label,
            all_start_micros=began + start,
            all_start_nanos=began * 1000 + event.timestamp_ps // 1000,
            op_end_rel_micros=length,
            op_end_rel_nanos=event.duration_ps // 1000,
            all_end_rel_micros=length,
            all_end_rel_nanos=event.duration_ps // 1000,
            scheduled_micros=began + start,
            thread_id=threads.setdefault(event.resource_id, len(threads)),
        )


def _device(plane: str) -> str:
    """TF1's name of the device that a profiler's plane (`/host:CPU`, `/device:GPU:0`) shows."""
    kind = "CPU:0" if plane.startswith("/host") else plane.rpartition("/device:")[2] or plane
    return f"/job:localhost/replica:0/task:0/device:{kind}"


def _spoken(graph: Any, node: str, op_type: str, renamed: Mapping[str, str]) -> tuple[str, str]:
    """The name of the op that a node ran, and TF1's line for it: `product = MatMul(x, w/read)`."""
    name = node.removeprefix(_PREFIX)
    name = callers.plain_name(renamed.get(name, name))
    try:
        op = graph.get_operation_by_name(name)
    except (KeyError, ValueError):
        return name, f"{name} = {op_type}()"
    return name, f"{name} = {op.type}({', '.join(tensor.op.name for tensor in op.inputs)})"

