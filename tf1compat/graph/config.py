"""What a ConfigProto means here: fields that act, fields that only tune, fields that are refused.

These act in each Session:
  allow_soft_placement, operation_timeout_in_ms, device_count (which GPUs count),
  graph_options.optimizer_options (global_jit_level compiles each run with XLA; the rest goes to the runtime),
  graph_options.rewrite_options, as TensorFlow's function runtime understands them.

These act on the process, until TensorFlow's runtime has started; after that they draw a warning:
  intra_op_parallelism_threads, inter_op_parallelism_threads, device_count (how many CPUs),
  gpu_options.allow_growth, gpu_options.per_process_gpu_memory_fraction (taken for allow_growth: memory is
  taken as it is needed), gpu_options.visible_device_list; log_device_placement acts at any time.

This is refused, because the run would not be what was asked for:
  cluster_def with tasks: tf1compat runs a program in one process.

The others tune how TF1's own runtime worked, between machines or in its memory, and change no result:
  use_per_session_threads, session_inter_op_thread_pool, placement_period, device_filters, rpc_options,
  isolate_session_state (a Session's state is its own anyway), share_cluster_devices_in_session,
  pluggable_device_options, experimental;
  of graph_options: enable_recv_scheduling, build_cost_model, build_cost_model_after, infer_shapes,
  place_pruned_graph, enable_bfloat16_sendrecv, timeline_step;
  of gpu_options: allocator_type, deferred_deletion_bytes, polling_active_delay_usecs,
  polling_inactive_delay_msecs, force_gpu_compatible, experimental.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from .. import _tensorflow as _tf
from . import warned

__all__ = ["Settings", "read_config"]

#: Whether Sessions compile with XLA where their config does not say: `tf1compat run --xla` sets it.
compiles = False

_JIT_ON = (
    tf.compat.v1.OptimizerOptions.ON_1,
    tf.compat.v1.OptimizerOptions.ON_2,
)


class Settings(NamedTuple):
    """A Session's settings, read from its ConfigProto.

    soft_placement: whether an op on a missing device runs where it can.
    xla: whether to compile each run with XLA (`global_jit_level`).
    gpus: how many GPUs count, None for all.
    timeout_ms: how long any run may take, 0 for ever.
    runtime: a serialized ConfigProto with what TensorFlow's function runtime itself understands.
    runtime_once: the same without graph optimization, for what runs once.
    """

    soft_placement: bool
    xla: bool
    gpus: int | None
    timeout_ms: int
    runtime: bytes
    runtime_once: bytes


def read_config(config: Any) -> Settings:
    """Read a `tf.ConfigProto`, act on its process-wide fields, refuse what cannot be kept.

    Raises:
      TypeError: where `config` is not a ConfigProto.
      NotImplementedError: for a field that would change results and cannot act.
    """
    if config is None:
        config = tf.compat.v1.ConfigProto()
    if not isinstance(config, tf.compat.v1.ConfigProto):
        raise TypeError(f"config must be a tf.ConfigProto, but got {type(config)}")
    if any(job.tasks for job in config.cluster_def.job):
        raise NotImplementedError(
            "ConfigProto.cluster_def: tf1compat runs a program in one process. To train on several "
            "machines, write the step as a tf.function under tf.distribute.MultiWorkerMirroredStrategy."
        )
    _before_the_runtime(config)
    if config.log_device_placement:
        tf.debugging.set_log_device_placement(True)
    gpus = config.device_count["GPU"] if "GPU" in config.device_count else None
    optimizer = config.graph_options.optimizer_options
    runtime = tf.compat.v1.ConfigProto()
    runtime.graph_options.CopyFrom(config.graph_options)
    runtime.graph_options.optimizer_options.global_jit_level = 0
    rewriter = runtime.graph_options.rewrite_options
    if not rewriter.meta_optimizer_iterations:  # a second pass takes a fifth of a large graph's first run
        rewriter.meta_optimizer_iterations = rewriter.ONE
    once = tf.compat.v1.ConfigProto()
    once.CopyFrom(runtime)
    once.graph_options.rewrite_options.disable_meta_optimizer = True
    return Settings(
        soft_placement=config.allow_soft_placement,
        xla=optimizer.global_jit_level in _JIT_ON or compiles and optimizer.global_jit_level != optimizer.OFF,
        gpus=gpus,
        timeout_ms=config.operation_timeout_in_ms,
        runtime=runtime.SerializeToString(),
        runtime_once=once.SerializeToString(),
    )


def _before_the_runtime(config: Any) -> None:
    """Set what TensorFlow can set only until its runtime has started; say so when it is too late."""
    wanted: list[tuple[str, Callable[[], None]]] = []
    threads = tf.config.threading
    for field, have, apply in (
        ("intra_op_parallelism_threads", threads.get_intra_op_parallelism_threads,
         threads.set_intra_op_parallelism_threads),
        ("inter_op_parallelism_threads", threads.get_inter_op_parallelism_threads,
         threads.set_inter_op_parallelism_threads),
    ):
        value = getattr(config, field)
        if value and value != have():
            wanted.append((field, functools.partial(apply, value)))
    cpus = config.device_count["CPU"] if "CPU" in config.device_count else 1
    if cpus > 1 and len(tf.config.list_logical_devices("CPU") if _tf.runtime_started() else "") != cpus:
        wanted.append(("device_count['CPU']", functools.partial(_split_cpu, cpus)))
    options = config.gpu_options
    if (options.allow_growth or options.per_process_gpu_memory_fraction) and tf.config.list_physical_devices("GPU"):
        wanted.append(("gpu_options.allow_growth", _grow))
    if options.visible_device_list and tf.config.list_physical_devices("GPU"):
        indices = [int(i) for i in options.visible_device_list.split(",")]
        wanted.append(("gpu_options.visible_device_list", functools.partial(_show, indices)))
    if not wanted:
        return
    if not _tf.runtime_started():
        for _, act in wanted:
            act()
        return
    warned.warn(
        f"ConfigProto: {', '.join(name for name, _ in wanted)} came too late: TensorFlow's runtime has "
        "started (a while_loop, a data set or an earlier Session does that). Make the first Session "
        "with it, before anything else.",
    )


def _split_cpu(count: int) -> None:
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * count)


def _grow() -> None:
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)


def _show(indices: list[int]) -> None:
    gpus = tf.config.list_physical_devices("GPU")
    tf.config.set_visible_devices([gpus[i] for i in indices], "GPU")
