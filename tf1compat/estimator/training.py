"""`train_and_evaluate`: training, with evaluations and exports in between."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from .estimator import Estimator

__all__ = [
    "BestExporter",
    "EvalSpec",
    "Exporter",
    "FinalExporter",
    "LatestExporter",
    "TrainSpec",
    "train_and_evaluate",
]

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
      throttle_secs: the least time between evaluations of such an evaluator; here each checkpoint is evaluated.
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
    """Evaluates what is saved."""

    def __init__(self, estimator: Estimator, spec: EvalSpec, max_steps: int | None) -> None:
        self._estimator, self._spec, self._max_steps = estimator, spec, max_steps
        self._evaluated: str | None = None
        self.result: tuple[dict[str, Any] | None, list[Any]] = (None, [])

    def after_save(self, session: Any, global_step_value: int) -> None:
        if global_step_value and self._count_saved():
            self.evaluate(final=global_step_value == self._max_steps)

    def end(self, session: Any, global_step_value: int) -> None:
        self.evaluate(final=True)

    def _count_saved(self) -> bool:
        """Whether this is not the checkpoint from which the training starts."""
        self._saves = getattr(self, "_saves", 0) + 1
        return self._saves > 1

    def evaluate(self, final: bool) -> None:
        path = self._estimator.latest_checkpoint()
        if path is None or path == self._evaluated:
            return
        self._evaluated = path
        spec = self._spec
        results = self._estimator.evaluate(spec.input_fn, spec.steps, spec.hooks, path, spec.name)
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
        self.result = (results, exported)


def train_and_evaluate(estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec) -> Any:
    """Train, and evaluate each checkpoint that is saved, in this process: (metrics, results of the exporters).

    How often, the Estimator's `RunConfig` says: `save_checkpoints_steps` or `save_checkpoints_secs`. The last
    evaluation comes at the end of the training.

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
    saves = estimator.config.save_checkpoints_steps or estimator.config.save_checkpoints_secs
    if not saves:
        raise ValueError(
            "train_and_evaluate needs RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
        )
    estimator.train(
        train_spec.input_fn, hooks=train_spec.hooks, max_steps=train_spec.max_steps, saving_listeners=[evaluations]
    )
    if evaluations.result[0] is None:
        # Nothing was left to train.
        evaluations.evaluate(final=True)
    return evaluations.result


# --- exporters -----------------------------------------------------------------------------------


class Exporter:
    """What exports a model after an evaluation: a subclass has `name` and `export`."""

    @property
    def name(self) -> str:
        """The folder below `export` that it writes into."""
        raise NotImplementedError(f"{type(self).__name__}.name: write it in the subclass.")

    def export(
        self,
        estimator: Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Mapping[str, Any],
        is_the_final_export: bool,
    ) -> Any:
        """Export the checkpoint's model below `export_path`; the path, or None if there was nothing to do."""
        raise NotImplementedError(f"{type(self).__name__}.export: write it in the subclass.")


class _SavedModelExporter(Exporter):
    """Exports by `Estimator.export_saved_model`."""

    def __init__(
        self, name: str, serving_input_receiver_fn: Any, assets_extra: Any = None, as_text: bool = False
    ) -> None:
        self._name, self._receiver_fn, self._assets_extra, self._as_text = (
            name,
            serving_input_receiver_fn,
            assets_extra,
            as_text,
        )

    @property
    def name(self) -> str:
        return self._name

    def _save(self, estimator: Estimator, export_path: str, checkpoint_path: str) -> Any:
        return estimator.export_saved_model(
            export_path, self._receiver_fn, self._assets_extra, self._as_text, checkpoint_path
        )


class FinalExporter(_SavedModelExporter):
    """Exports after the last evaluation."""

    def export(
        self, estimator: Any, export_path: str, checkpoint_path: str, eval_result: Any, is_the_final_export: bool
    ) -> Any:
        return self._save(estimator, export_path, checkpoint_path) if is_the_final_export else None


class LatestExporter(_SavedModelExporter):
    """Exports after each evaluation, and keeps the last `exports_to_keep`, all where that is None."""

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Any,
        assets_extra: Any = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text)
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError(f"`exports_to_keep`, if provided, must be positive number. Got {exports_to_keep}")
        self._exports_to_keep = exports_to_keep

    def export(
        self, estimator: Any, export_path: str, checkpoint_path: str, eval_result: Any, is_the_final_export: bool
    ) -> Any:
        exported = self._save(estimator, export_path, checkpoint_path)
        if self._exports_to_keep is not None:
            numbered = sorted((name for name in os.listdir(export_path) if name.isdigit()), key=int)
            for name in numbered[: -self._exports_to_keep]:
                shutil.rmtree(os.path.join(export_path, name), ignore_errors=True)
        return exported


def _loss_smaller(best_eval_result: Mapping[str, Any], current_eval_result: Mapping[str, Any]) -> bool:
    for name, result in (("best", best_eval_result), ("current", current_eval_result)):
        if not result or "loss" not in result:
            raise ValueError(f"{name}_eval_result cannot be empty or no loss is found in it.")
    return best_eval_result["loss"] > current_eval_result["loss"]


class BestExporter(LatestExporter):
    """Exports after an evaluation that is better than all before it, by `compare_fn(best, current)`: by the loss
    unless given. The results of before are read from the event files `event_file_pattern` in `model_dir`."""

    def __init__(
        self,
        name: str = "best_exporter",
        serving_input_receiver_fn: Any = None,
        event_file_pattern: str | None = "eval/*.tfevents.*",
        compare_fn: Callable[[Any, Any], bool] = _loss_smaller,
        assets_extra: Any = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)
        if compare_fn is None:
            raise ValueError("`compare_fn` must not be None.")
        self._compare_fn, self._pattern = compare_fn, event_file_pattern
        self._best: Mapping[str, Any] | None = None
        self._read = False

    def export(
        self, estimator: Any, export_path: str, checkpoint_path: str, eval_result: Any, is_the_final_export: bool
    ) -> Any:
        if not self._read:
            self._read = True
            if self._pattern:
                self._best = self._best_of(os.path.join(estimator.model_dir, self._pattern), eval_result)
        if self._best is not None and not self._compare_fn(self._best, eval_result):
            return None
        self._best = eval_result
        return super().export(estimator, export_path, checkpoint_path, eval_result, is_the_final_export)

    def _best_of(self, pattern: str, now: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The best of the results before now's step in the event files."""
        best = None
        for path in tf.io.gfile.glob(pattern):
            for event in v1.train.summary_iterator(path):
                found = {
                    value.tag: value.simple_value for value in event.summary.value if value.HasField("simple_value")
                }
                if found and event.step < now.get(v1.GraphKeys.GLOBAL_STEP, float("inf")):
                    if best is None or self._compare_fn(best, found):
                        best = found
        return best
