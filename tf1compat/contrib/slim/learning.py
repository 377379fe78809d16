"""`tf.contrib.slim.learning`: training ops, and the loop that runs them under a `tf.train.Supervisor`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf
from tf1compat.contrib import training
from tf1compat.contrib.training import clip_gradient_norms, multiply_gradients
from tf1compat.train import Saver, SyncReplicasOptimizer, global_norm

__all__ = [
    "add_gradients_summaries",
    "clip_gradient_norms",
    "create_train_op",
    "multiply_gradients",
    "train",
    "train_step",
]

v1 = tf.compat.v1
#: Stands for the argument that the caller did not give.
_OWN: Any = object()


def add_gradients_summaries(grads_and_vars: Sequence[tuple[Any, Any]]) -> list[Any]:
    """A histogram of each gradient, `<variable>/gradient`, and its norm, `<variable>/gradient_norm`."""
    summaries = []
    for gradient, variable in grads_and_vars:
        if gradient is None:
            v1.logging.info("Var %s has no gradient", variable.op.name)
            continue
        values = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
        summaries.append(v1.summary.histogram(f"{variable.op.name}/gradient", values))
        summaries.append(v1.summary.scalar(f"{variable.op.name}/gradient_norm", global_norm([values])))
    return summaries


def create_train_op(
    total_loss: Any,
    optimizer: Any,
    global_step: Any = _OWN,
    update_ops: Sequence[Any] | None = None,
    variables_to_train: Sequence[Any] | None = None,
    clip_gradient_norm: float = 0,
    summarize_gradients: bool = False,
    gate_gradients: int = v1.train.Optimizer.GATE_OP,
    aggregation_method: Any = None,
    colocate_gradients_with_ops: bool = False,
    gradient_multipliers: Mapping[Any, Any] | None = None,
    check_numerics: bool = True,
) -> tf.Tensor:
    """`tf.contrib.training.create_train_op`, with the changes of gradients by name.

    Args:
      clip_gradient_norm: clips each gradient to the norm, unless 0.
      gradient_multipliers: see `multiply_gradients`; multiplied before they are clipped.
    """

    def transform(pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        if gradient_multipliers:
            with v1.name_scope("multiply_grads"):
                pairs = multiply_gradients(pairs, gradient_multipliers)
        if clip_gradient_norm > 0:
            with v1.name_scope("clip_grads"):
                pairs = clip_gradient_norms(pairs, clip_gradient_norm)
        return pairs

    given = {} if global_step is _OWN else {"global_step": global_step}
    return training.create_train_op(
        total_loss,
        optimizer,
        update_ops=update_ops,
        variables_to_train=variables_to_train,
        transform_grads_fn=transform,
        summarize_gradients=summarize_gradients,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
        check_numerics=check_numerics,
        **given,
    )


def train_step(sess: Any, train_op: Any, global_step: Any, train_step_kwargs: Mapping[str, Any]) -> tuple[Any, bool]:
    """Run a step: (the loss, whether to stop).

    train_step_kwargs: tensors of bools that say whether to log this step (`should_log`), whether it was the last
      (`should_stop`), and whether to trace it into `logdir` (`should_trace`); and the `summary_writer`.
    """
    begin = time.time()
    options = metadata = None
    if "should_trace" in train_step_kwargs:
        if "logdir" not in train_step_kwargs:
            raise ValueError("logdir must be present in train_step_kwargs when should_trace is present")
        if sess.run(train_step_kwargs["should_trace"]):
            options = v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE)
            metadata = v1.RunMetadata()
    loss = sess.run(train_op, options=options, run_metadata=metadata)
    elapsed = time.time() - begin
    step = sess.run(global_step)  # which TF1 read after the step as well, though in the same run
    if metadata is not None:
        timeline = _tf.private_module("tensorflow.python.client.timeline").Timeline(metadata.step_stats)
        path = os.path.join(train_step_kwargs["logdir"], f"tf_trace-{step}.json")
        v1.logging.info("Writing trace to %s", path)
        with tf.io.gfile.GFile(path, "w") as file:
            file.write(timeline.generate_chrome_trace_format())
        if "summary_writer" in train_step_kwargs:
            train_step_kwargs["summary_writer"].add_run_metadata(metadata, f"run_metadata-{step}")
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        v1.logging.info("global step %d: loss = %.4f (%.3f sec/step)", step, loss, elapsed)
    return loss, bool(sess.run(train_step_kwargs["should_stop"])) if "should_stop" in train_step_kwargs else False


def train(
    train_op: Any,
    logdir: str | None,
    train_step_fn: Callable[..., tuple[Any, bool]] = train_step,
    train_step_kwargs: Any = _OWN,
    log_every_n_steps: int = 1,
    graph: Any = None,
    master: str = "",
    is_chief: bool = True,
    global_step: Any = None,
    number_of_steps: int | None = None,
    init_op: Any = _OWN,
    init_feed_dict: Mapping[Any, Any] | None = None,
    local_init_op: Any = _OWN,
    init_fn: Callable[[Any], None] | None = None,
    ready_op: Any = _OWN,
    summary_op: Any = _OWN,
    save_summaries_secs: float = 600,
    summary_writer: Any = _OWN,
    startup_delay_steps: int = 0,
    saver: Any = None,
    save_interval_secs: float = 600,
    sync_optimizer: Any = None,
    session_config: Any = None,
    session_wrapper: Callable[[Any], Any] | None = None,
    trace_every_n_steps: int | None = None,
    ignore_live_threads: bool = False,
) -> Any:
    """Run `train_op` until `train_step_fn` says so, the input ends, or the step `number_of_steps`; the last loss.

    Args:
      train_op: see `create_train_op`.
      logdir: where checkpoints and summaries go; None for nowhere.
      train_step_fn, train_step_kwargs: the step, and what it is called with, see `train_step`.
      log_every_n_steps: steps between lines of the log.
      graph, global_step: the default graph, and its step, unless given.
      init_op, init_feed_dict, local_init_op, init_fn, ready_op, summary_op, summary_writer, saver: as of
        `tf.train.Supervisor`; where not given, all variables are initialized and all summaries written.
      save_summaries_secs, save_interval_secs: seconds between summaries, and between checkpoints.
      startup_delay_steps: at which step a worker that is not the chief begins.
      sync_optimizer: a `tf.train.SyncReplicasOptimizer`, or several.
      session_wrapper: from the Session to what is run instead.
      trace_every_n_steps: steps between traces into `logdir`.
      ignore_live_threads: whether threads may go on when it ends.

    Raises:
      ValueError: naming what is missing, or does not go together.
    """
    if train_op is None:
        raise ValueError("train_op cannot be None.")
    if logdir is None:
        given = {
            "summary_op": summary_op is not _OWN and summary_op is not None,
            "saver": saver is not None,
            "trace_every_n_steps": trace_every_n_steps is not None,
        }
        for name, there in given.items():
            if there:
                raise ValueError(f"Cannot provide {name} because logdir=None")
    optimizers = [sync_optimizer] if isinstance(sync_optimizer, SyncReplicasOptimizer) else sync_optimizer
    if optimizers is not None and startup_delay_steps > 0:
        raise ValueError("startup_delay_steps must be zero when sync_optimizer is supplied.")
    if number_of_steps is not None and number_of_steps <= 0:
        raise ValueError("`number_of_steps` must be either None or a positive number.")
    graph = graph or v1.get_default_graph()
    with graph.as_default():
        if global_step is None:
            global_step = v1.train.get_or_create_global_step()
        saver = saver or Saver()
        ready_for_local_init_op = None
        with v1.name_scope("init_ops"):
            if init_op is _OWN:
                init_op = v1.global_variables_initializer()
            if ready_op is _OWN:
                ready_op = v1.report_uninitialized_variables()
            if local_init_op is _OWN:
                local_init_op = tf.group(v1.local_variables_initializer(), v1.tables_initializer())
            if optimizers is not None:
                for optimizer in optimizers:
                    if not isinstance(optimizer, SyncReplicasOptimizer):
                        raise ValueError("`sync_optimizer` must be a tf.train.SyncReplicasOptimizer.")
                with tf.control_dependencies([local_init_op] if local_init_op is not None else []):
                    name = "chief_init_op" if is_chief else "local_step_init_op"
                    local_init_op = tf.group(*(getattr(optimizer, name) for optimizer in optimizers))
                ready_for_local_init_op = tf.group(*(optimizer.ready_for_local_init_op for optimizer in optimizers))
        if summary_op is _OWN:
            summary_op = v1.summary.merge_all()
        if is_chief and optimizers is not None:
            tokens = [optimizer.get_init_tokens_op() for optimizer in optimizers]
            runners = [optimizer.get_chief_queue_runner() for optimizer in optimizers]
        if train_step_kwargs is _OWN:
            train_step_kwargs = _signals(
                global_step, number_of_steps, log_every_n_steps, trace_every_n_steps if is_chief else None, logdir
            )
    own_writer = v1.train.Supervisor.USE_DEFAULT
    supervisor = v1.train.Supervisor(
        graph=graph,
        is_chief=is_chief,
        logdir=logdir,
        init_op=init_op,
        init_feed_dict=init_feed_dict,
        local_init_op=local_init_op,
        ready_for_local_init_op=ready_for_local_init_op,
        ready_op=ready_op,
        summary_op=summary_op,
        summary_writer=own_writer if summary_writer is _OWN else summary_writer,
        global_step=global_step,
        saver=saver,
        save_summaries_secs=save_summaries_secs,
        save_model_secs=save_interval_secs,
        init_fn=init_fn,
    )
    if summary_writer is not None:
        train_step_kwargs["summary_writer"] = supervisor.summary_writer
    while True:
        try:
            with supervisor.managed_session(master, start_standard_services=False, config=session_config) as session:
                v1.logging.info("Starting Session.")
                session = session_wrapper(session) if session_wrapper is not None else session
                if is_chief:
                    if logdir:
                        supervisor.start_standard_services(session)
                elif startup_delay_steps > 0:
                    _wait_for(session, global_step, min(startup_delay_steps, number_of_steps or sys.maxsize))
                threads = supervisor.start_queue_runners(session)
                v1.logging.info("Starting Queues.")
                if is_chief and optimizers is not None:
                    supervisor.start_queue_runners(session, runners)
                    session.run(tokens)
                loss = _steps(supervisor, session, train_op, global_step, train_step_fn, train_step_kwargs)
                if logdir and supervisor.is_chief:
                    v1.logging.info("Finished training! Saving model to disk.")
                    supervisor.saver.save(session, supervisor.save_path, global_step=supervisor.global_step)
                    supervisor.stop(threads, close_summary_writer=True, ignore_live_threads=ignore_live_threads)
            return loss
        except tf.errors.AbortedError:
            v1.logging.info("Retrying training!")


def _signals(
    step: Any, number_of_steps: int | None, log_every_n_steps: int, trace_every_n_steps: int | None, logdir: Any
) -> dict[str, Any]:
    """What `train_step` is called with: when to stop, to log and to trace."""
    with v1.name_scope("train_step"):
        signals = {"should_stop": tf.greater_equal(step, number_of_steps) if number_of_steps else tf.constant(False)}
        if log_every_n_steps > 0:
            signals["should_log"] = tf.equal(tf.math.floormod(step, log_every_n_steps), 0)
        if trace_every_n_steps is not None:
            signals["should_trace"] = tf.equal(tf.math.floormod(step, trace_every_n_steps), 0)
            signals["logdir"] = logdir
    return signals


def _wait_for(session: Any, global_step: Any, step: int) -> None:
    while v1.train.global_step(session, global_step) < step:
        time.sleep(1.0)


def _steps(supervisor: Any, session: Any, train_op: Any, global_step: Any, step_fn: Any, kwargs: Any) -> Any:
    """Steps until one says to stop, somebody asked the supervisor to, or the input ends; the last loss."""
    loss = None
    try:
        while not supervisor.should_stop():
            loss, should_stop = step_fn(session, train_op, global_step, kwargs)
            if should_stop:
                v1.logging.info("Stopping Training.")
                supervisor.request_stop()
                break
    except tf.errors.OutOfRangeError as error:
        v1.logging.info("Caught OutOfRangeError. Stopping Training. %s", error)
    return loss
