"""`train_and_evaluate`: training, with evaluations and exports in between."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from .estimator import Estimator
from .exporters import Exporter

__all__ = ["EvalSpec", "TrainSpec", "train_and_evaluate"]

v1 = tf.compat.v1


class _TrainFields(NamedTuple):
    input_fn: Callable[..., Any]
    max_steps: int | None
    hooks: tuple[Any, ...]


class TrainSpec(_TrainFields):
    """The training of `train_and_evaluate`: the arguments of `Estimator.train`."""

    def __new__(
        cls, input_fn: Callable[..., Any], max_steps: int | None = None, hooks: Sequence[Any] | None = None
    ) -> TrainSpec:
        if not callable(input_fn):
            raise TypeError(f"`input_fn` must be callable, given: {input_fn}")
        if max_steps is not None and max_steps <= 0:
            raise ValueError(f"Must specify max_steps > 0, given: {max_steps}")
        return super().__new__(cls, input_fn, max_steps, _checked_hooks(hooks))


class _EvalFields(NamedTuple):
    input_fn: Callable[..., Any]
    steps: int | None
    name: str | None
    hooks: tuple[Any, ...]
    exporters: tuple[Any, ...]
    start_delay_secs: float
    throttle_secs: float


class EvalSpec(_EvalFields):
    """The evaluations of `train_and_evaluate`.

    Args:
      input_fn, steps, name, hooks: as of `Estimator.evaluate`.
      exporters: one `Exporter` or several, each run after an evaluation.
      start_delay_secs: how long an evaluator in a process of its own waits; there is none here.
      throttle_secs: the least time between two evaluations, the last one excepted.
    """

    def __new__(
        cls,
        input_fn: Callable[..., Any],
        steps: int | None = 100,
        name: str | None = None,
        hooks: Sequence[Any] | None = None,
        exporters: Any = None,
        start_delay_secs: float = 120,
        throttle_secs: float = 600,
    ) -> EvalSpec:
        if not callable(input_fn):
            raise TypeError(f"`input_fn` must be callable, given: {input_fn}")
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"`name` must be string, given: {name}")
        for label, seconds in (("start_delay_secs", start_delay_secs), ("throttle_secs", throttle_secs)):
            if seconds < 0:
                raise ValueError(f"Must specify {label} >= 0, given: {seconds}")
        listed = (exporters,) if isinstance(exporters, Exporter) else tuple(exporters or ())
        for exporter in listed:
            if not isinstance(exporter, Exporter):
                raise TypeError(
                    f"`exporters` must be an Exporter, an iterable of Exporter, or None, found {exporter!r}."
                )
            if not exporter.name:
                raise ValueError(f"An exporter has no name: {exporter!r}.")
        names = [exporter.name for exporter in listed]
        if len(set(names)) < len(names):
            raise ValueError(f"Exporters must have unique names, but have {names}.")
        return super().__new__(
            cls, input_fn, steps, name, _checked_hooks(hooks), listed, start_delay_secs, throttle_secs
        )


def _checked_hooks(hooks: Sequence[Any] | None) -> tuple[Any, ...]:
    for hook in hooks or ():
        if not isinstance(hook, v1.train.SessionRunHook):
            raise TypeError(f"All hooks must be `SessionRunHook` instances, given: {hook}")
    return tuple(hooks or ())


class _Evaluations(tf.compat.v1.train.CheckpointSaverListener):
    """Evaluates what is saved, but not the checkpoint that a training starts with, and not too often."""

    def __init__(self, estimator: Estimator, spec: EvalSpec, max_steps: int | None) -> None:
        self._estimator, self._spec, self._max_steps = estimator, spec, max_steps
        self._evaluated: str | None = None
        self.result: tuple[dict[str, Any] | None, list[Any] | None] = (None, None)

    def begin(self) -> None:
        self._timer = v1.train.SecondOrStepTimer(every_secs=self._spec.throttle_secs)
        self._started = False

    def after_save(self, session: Any, global_step_value: int) -> None:
        if not self._started:
            self._started = True
        elif self._timer.should_trigger_for_step(global_step_value):
            self._evaluate(global_step_value)
        else:
            v1.logging.info(
                "Skip the current checkpoint eval due to throttle secs (%s secs).", self._spec.throttle_secs
            )

    def end(self, session: Any, global_step_value: int) -> None:
        if global_step_value != self._timer.last_triggered_step():
            self._evaluate(global_step_value)

    def _evaluate(self, step: int) -> None:
        self._timer.update_last_triggered_step(step)
        path, spec = self._estimator.latest_checkpoint(), self._spec
        if path is None or path == self._evaluated:
            raise RuntimeError(f"There was no new checkpoint after the training. The newest one is {path}.")
        results = self._estimator.evaluate(spec.input_fn, spec.steps, spec.hooks, path, spec.name)
        final = self._max_steps is not None and results[v1.GraphKeys.GLOBAL_STEP] >= self._max_steps
        exported = [
            exporter.export(
                estimator=self._estimator,
                export_path=os.path.join(self._estimator.model_dir, "export", exporter.name),
                checkpoint_path=path,
                eval_result=results,
                is_the_final_export=final,
            )
            for exporter in spec.exporters
        ]
        self._evaluated, self.result = path, (results, exported)


def train_and_evaluate(estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec) -> Any:
    """Train, and evaluate checkpoints that are saved, in this process: (metrics, results of the exporters).

    How often is saved, the Estimator's `RunConfig` says: `save_checkpoints_steps` or `save_checkpoints_secs`. The
    first checkpoint is evaluated, others once `throttle_secs` have gone since the last evaluation, and the last one.
    Where nothing was left to train, the answer is (None, None).

    Raises:
      TypeError: naming the argument of another type.
    """
    for name, given, kind in (
        ("estimator", estimator, Estimator),
        ("train_spec", train_spec, TrainSpec),
        ("eval_spec", eval_spec, EvalSpec),
    ):
        if not isinstance(given, kind):
            raise TypeError(f"`{name}` must have type `{kind.__name__}`, given {type(given)}")
    evaluations = _Evaluations(estimator, eval_spec, train_spec.max_steps)
    estimator.train(
        train_spec.input_fn, hooks=train_spec.hooks, max_steps=train_spec.max_steps, saving_listeners=[evaluations]
    )
    return evaluations.result
