"""Hooks that end a training by what evaluations of it have found."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .estimator import Estimator

__all__ = [
    "make_early_stopping_hook",
    "make_stop_at_checkpoint_step_hook",
    "read_eval_metrics",
    "stop_if_higher_hook",
    "stop_if_lower_hook",
    "stop_if_no_decrease_hook",
    "stop_if_no_increase_hook",
]

v1 = tf.compat.v1


class _StopHook(tf.compat.v1.train.SessionRunHook):
    """Asks now and then whether to stop, and leaves a variable behind that says so."""

    def __init__(self, should_stop: Callable[[], bool], timer: Any) -> None:
        self._should_stop, self._timer = should_stop, timer

    def begin(self) -> None:
        self._step = v1.train.get_global_step()
        with v1.variable_scope("signal_early_stopping", reuse=v1.AUTO_REUSE):
            stop = v1.get_variable(
                "STOP", [], tf.bool, v1.constant_initializer(False), trainable=False,
                collections=[v1.GraphKeys.GLOBAL_VARIABLES],
            )  # fmt: skip
            self._stop = v1.assign(stop, True)

    def before_run(self, run_context: Any) -> Any:
        return v1.train.SessionRunArgs(self._step)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        step = run_values.results
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._should_stop():
                v1.logging.info("Requesting early stopping at global step %d", step)
                run_context.session.run(self._stop)
                run_context.request_stop()


def make_early_stopping_hook(
    estimator: Estimator,
    should_stop_fn: Callable[[], bool],
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> Any:
    """A hook that stops the training where `should_stop_fn()` is True, asked every so many seconds or steps.

    Raises:
      TypeError: for what is no Estimator, or no function.
      ValueError: for both seconds and steps.
    """
    if not isinstance(estimator, Estimator):
        raise TypeError(f"`estimator` must have type `tf.estimator.Estimator`. Got: {type(estimator)}")
    if not callable(should_stop_fn):
        raise TypeError("`should_stop_fn` must be callable.")
    if run_every_secs is not None and run_every_steps is not None:
        raise ValueError("Only one of `run_every_secs` and `run_every_steps` must be set.")
    return _StopHook(should_stop_fn, v1.train.SecondOrStepTimer(run_every_secs, run_every_steps))


def make_stop_at_checkpoint_step_hook(
    estimator: Estimator, last_step: int, wait_after_file_check_secs: float = 30
) -> Any:
    """A hook that stops at `last_step`. Other workers of a cluster waited for its checkpoint; here are none."""
    return v1.train.StopAtStepHook(last_step=last_step)


def read_eval_metrics(eval_dir: str) -> dict[int, dict[str, float]]:
    """{step: {metric: value}}, by step, of the event files of evaluations in a folder."""
    found: dict[int, dict[str, float]] = {}
    for path in tf.io.gfile.glob(os.path.join(eval_dir, "events.out.tfevents.*")):
        for event in v1.train.summary_iterator(path):
            for value in event.summary.value:
                if value.HasField("simple_value"):
                    found.setdefault(event.step, {})[value.tag] = value.simple_value
    return dict(sorted(found.items()))


def _by_evaluations(
    estimator: Estimator, where: tuple[str | None, str, int], timing: tuple[float | None, int | None], judge: Any
) -> Any:
    """A hook that stops where `judge` says so of the [(step, value)] of one metric."""
    eval_dir, metric_name, min_steps = where
    folder = eval_dir or estimator.eval_dir()

    def should_stop() -> bool:
        found = read_eval_metrics(folder).items()
        said = judge([(step, metrics[metric_name]) for step, metrics in found if step >= min_steps])
        if said:
            v1.logging.info('Early stopping, by metric "%s": %s', metric_name, said)
        return bool(said)

    return make_early_stopping_hook(estimator, should_stop, *timing)


def _crossed(better: Callable[[float, float], bool], threshold: float) -> Callable[[list[tuple[int, float]]], str]:
    def judge(values: list[tuple[int, float]]) -> str:
        over = [(step, value) for step, value in values if better(value, threshold)]
        return f"{over[0][1]} at step {over[0][0]} is over the threshold {threshold}" if over else ""

    return judge


def _stalled(better: Callable[[float, float], bool], max_steps: int) -> Callable[[list[tuple[int, float]]], str]:
    def judge(values: list[tuple[int, float]]) -> str:
        best: tuple[int, float] | None = None
        for step, value in values:
            if best is None or better(value, best[1]):
                best = step, value
            if step - best[0] >= max_steps:
                return f"not better than {best[1]} for {step - best[0]} steps"
        return ""

    return judge


def stop_if_higher_hook(
    estimator: Estimator,
    metric_name: str,
    threshold: float,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> Any:
    """A hook that stops once an evaluation's metric, from `min_steps` on, was above the threshold."""
    judge = _crossed(operator.gt, threshold)
    return _by_evaluations(estimator, (eval_dir, metric_name, min_steps), (run_every_secs, run_every_steps), judge)


def stop_if_lower_hook(
    estimator: Estimator,
    metric_name: str,
    threshold: float,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> Any:
    """A hook that stops once an evaluation's metric, from `min_steps` on, was below the threshold."""
    judge = _crossed(operator.lt, threshold)
    return _by_evaluations(estimator, (eval_dir, metric_name, min_steps), (run_every_secs, run_every_steps), judge)


def stop_if_no_increase_hook(
    estimator: Estimator,
    metric_name: str,
    max_steps_without_increase: int,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> Any:
    """A hook that stops once a metric, from `min_steps` on, was not above its best for so many steps."""
    judge = _stalled(operator.gt, max_steps_without_increase)
    return _by_evaluations(estimator, (eval_dir, metric_name, min_steps), (run_every_secs, run_every_steps), judge)


def stop_if_no_decrease_hook(
    estimator: Estimator,
    metric_name: str,
    max_steps_without_decrease: int,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> Any:
    """A hook that stops once a metric, from `min_steps` on, was not below its best for so many steps."""
    judge = _stalled(operator.lt, max_steps_without_decrease)
    return _by_evaluations(estimator, (eval_dir, metric_name, min_steps), (run_every_secs, run_every_steps), judge)
