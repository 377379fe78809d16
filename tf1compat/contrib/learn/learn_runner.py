"""`tf.contrib.learn.learn_runner`: makes an Experiment and runs it in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tf1compat.contrib.training import HParams

from .experiment import Experiment

__all__ = ["run"]

_SCHEDULES = ("evaluate", "test", "train", "train_and_evaluate")


def run(
    experiment_fn: Callable[..., Experiment],
    output_dir: Any = None,
    schedule: str | None = None,
    run_config: Any = None,
    hparams: Any = None,
) -> Any:
    """What the method `schedule` of an Experiment gives, `train_and_evaluate` unless given.

    Args:
      experiment_fn: `experiment_fn(run_config, hparams)` where `run_config` is given, else `experiment_fn(output_dir)`.

    Raises:
      ValueError: for another schedule, or neither or both of `output_dir` and `run_config`, or `hparams` of another
        type than HParams.
      TypeError: if `experiment_fn` does not give an Experiment.
    """
    if (output_dir is None) == (run_config is None):
        raise ValueError("Must provide one of output_dir and run_config.")
    if hparams is not None and not isinstance(hparams, HParams):
        raise ValueError(f"`hparams` must be an `HParams` instance, given: {hparams!r}")
    experiment = experiment_fn(output_dir) if run_config is None else experiment_fn(run_config, hparams)
    if not isinstance(experiment, Experiment):
        raise TypeError(f"Experiment builder did not return an Experiment instance, got {type(experiment)} instead.")
    schedule = schedule or "train_and_evaluate"
    if schedule not in _SCHEDULES:
        raise ValueError(f"Schedule {schedule!r} is not one of {', '.join(_SCHEDULES)}.")
    return getattr(experiment, schedule)()
