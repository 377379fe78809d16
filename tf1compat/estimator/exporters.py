"""Exporters: what writes a SavedModel after an evaluation: the last one, each, or the best."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from .estimator import Estimator

__all__ = ["BestExporter", "Exporter", "FinalExporter", "LatestExporter"]

v1 = tf.compat.v1


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
