"""Evaluating each checkpoint as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf
from tf1compat.train import latest_checkpoint

__all__ = ["SummaryAtEndHook", "checkpoints_iterator", "evaluate_repeatedly", "wait_for_new_checkpoint"]

v1 = tf.compat.v1


def wait_for_new_checkpoint(
    checkpoint_dir: str, last_checkpoint: str | None = None, seconds_to_sleep: float = 1, timeout: float | None = None
) -> str | None:
    """The path of a checkpoint other than the last one; None if none has come within `timeout` seconds."""
    v1.logging.info("Waiting for new checkpoint at %s", checkpoint_dir)
    end = None if timeout is None else time.time() + timeout
    while True:
        path = latest_checkpoint(checkpoint_dir)
        if path is not None and path != last_checkpoint:
            v1.logging.info("Found new checkpoint at %s", path)
            return path
        if end is not None and time.time() + seconds_to_sleep > end:
            return None
        time.sleep(seconds_to_sleep)


def checkpoints_iterator(
    checkpoint_dir: str,
    min_interval_secs: float = 0,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """The latest checkpoint of a directory again and again, whenever there is a new one.

    Args:
      min_interval_secs: how long it is at least from one to the next.
      timeout: after how many seconds without one it ends; never without.
      timeout_fn: is asked then whether it is to end.
    """
    path = None
    while True:
        new = wait_for_new_checkpoint(checkpoint_dir, path, timeout=timeout)
        if new is None:
            if timeout_fn is None:
                v1.logging.info("Timed-out waiting for a checkpoint.")
                return
            if timeout_fn():
                return
            continue
        start = time.time()
        path = new
        yield path
        time.sleep(max(0.0, start + min_interval_secs - time.time()))


class SummaryAtEndHook(v1.train.SessionRunHook):  # type: ignore[name-defined, misc]
    """Writes summaries when the session ends.

    Args:
      log_dir, summary_writer: where; one of them.
      summary_op: what is written; all summaries merged, without.
      feed_dict: for its run.

    Raises:
      ValueError: with neither place.
    """

    def __init__(
        self, log_dir: str | None = None, summary_writer: Any = None, summary_op: Any = None, feed_dict: Any = None
    ) -> None:
        if log_dir is None and summary_writer is None:
            raise ValueError("One of log_dir or summary_writer should be used.")
        self._summary_op = summary_op
        self._merges = summary_op is None
        self._feed_dict = feed_dict
        self._summary_writer = summary_writer
        self._log_dir = log_dir

    def begin(self) -> None:
        if self._merges:
            self._summary_op = v1.summary.merge_all()
        self._global_step = v1.train.get_or_create_global_step()

    def after_create_session(self, session: Any, coord: Any) -> None:
        if self._summary_writer is None and self._log_dir:
            self._summary_writer = v1.summary.FileWriterCache.get(self._log_dir)

    def end(self, session: Any) -> None:
        if self._summary_op is not None:
            step = v1.train.global_step(session, self._global_step)
            summary = session.run(self._summary_op, self._feed_dict)
            if self._summary_writer:
                self._summary_writer.add_summary(summary, step)
        if self._summary_writer:
            self._summary_writer.flush()


def evaluate_repeatedly(
    checkpoint_dir: str,
    master: str = "",
    scaffold: Any = None,
    eval_ops: Any = None,
    feed_dict: Any = None,
    final_ops: Any = None,
    final_ops_feed_dict: Any = None,
    eval_interval_secs: float = 60,
    hooks: Any = None,
    config: Any = None,
    max_number_of_evaluations: int | None = None,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> Any:
    """Evaluate each new checkpoint of a directory.

    Args:
      checkpoint_dir: where checkpoints come.
      master, scaffold, config: of the sessions.
      eval_ops: what is run until a hook stops that (`StopAfterNEvalsHook`).
      final_ops: what is run then once.
      feed_dict, final_ops_feed_dict: for their runs.
      eval_interval_secs: how long it is at least from one evaluation to the next.
      max_number_of_evaluations, timeout, timeout_fn: when to end, see `checkpoints_iterator`.

    Returns:
      The values of `final_ops` in the last evaluation.
    """
    step = _tf.get_or_create_eval_step()
    hooks = list(hooks or [])
    if eval_ops is not None:
        counted = v1.assign_add(step, 1)
        for hook in hooks:
            if isinstance(hook, _tf.stop_after_n_evals_hook):
                hook._set_evals_completed_tensor(counted)
        if isinstance(eval_ops, dict):
            eval_ops = {**eval_ops, "update_eval_step": counted}
        else:
            eval_ops = [*(eval_ops if isinstance(eval_ops, (list, tuple)) else [eval_ops]), counted]
    last = v1.train.FinalOpsHook(final_ops, final_ops_feed_dict)
    hooks.append(last)
    paths = checkpoints_iterator(checkpoint_dir, eval_interval_secs, timeout=timeout, timeout_fn=timeout_fn)
    for number, path in enumerate(paths, 1):
        creator = v1.train.ChiefSessionCreator(
            scaffold=scaffold, checkpoint_filename_with_path=path, master=master, config=config
        )
        with v1.train.MonitoredSession(session_creator=creator, hooks=hooks) as session:
            v1.logging.info("Starting evaluation of %s", path)
            while eval_ops is not None and not session.should_stop():
                session.run(eval_ops, feed_dict)
            v1.logging.info("Finished evaluation of %s", path)
        if max_number_of_evaluations is not None and number >= max_number_of_evaluations:
            break
    return last.final_ops_values
