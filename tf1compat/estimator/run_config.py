"""RunConfig: where and how an Estimator runs and saves."""

from __future__ import annotations

import copy
import inspect
import json
import os
from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["RunConfig", "TaskType"]

v1 = tf.compat.v1
_DEFAULT = object()


class TaskType:
    """The jobs of a cluster."""

    MASTER, PS, WORKER, CHIEF, EVALUATOR = "master", "ps", "worker", "chief", "evaluator"


#: Setting: (what holds for it, how the error says that).
_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "model_dir": (bool, "should be non-empty"),
    "save_summary_steps": (lambda n: n >= 0, "should be >= 0"),
    "save_checkpoints_steps": (lambda n: n >= 0, "should be >= 0"),
    "save_checkpoints_secs": (lambda n: n >= 0, "should be >= 0"),
    "session_config": (lambda config: isinstance(config, v1.ConfigProto), "must be instance of ConfigProto"),
    "keep_checkpoint_max": (lambda n: n >= 0, "should be >= 0"),
    "keep_checkpoint_every_n_hours": (lambda n: n > 0, "should be > 0"),
    "log_step_count_steps": (lambda n: n > 0, "should be > 0"),
    "tf_random_seed": (lambda seed: isinstance(seed, int), "must be integer."),
    "device_fn": (
        lambda function: callable(function) and list(inspect.signature(function).parameters) == ["op"],
        'must be callable with exactly one argument "op".',
    ),
    "protocol": (lambda name: name in ("grpc", "grpc+verbs"), "should be grpc or grpc+verbs"),
    "experimental_max_worker_delay_secs": (lambda n: isinstance(n, int), "must be an integer if set."),
    "session_creation_timeout_secs": (lambda n: n > 0, "should be > 0"),
}


class RunConfig:
    """Where and how an Estimator runs and saves.

    Args:
      model_dir: the folder of checkpoints and summaries; the `model_dir` of the variable TF_CONFIG, or a new temporary
        folder, where None.
      tf_random_seed: the graph's seed. None lets it be random.
      save_summary_steps: steps between summaries.
      save_checkpoints_steps, save_checkpoints_secs: steps or seconds between checkpoints, one of the two; 600
        seconds unless either is given. None for both saves none but the last.
      session_config: a `tf.ConfigProto`.
      keep_checkpoint_max, keep_checkpoint_every_n_hours: as of `tf.train.Saver`.
      log_step_count_steps: steps between lines of the log; None for none.
      device_fn: a function from an op to a device.
      protocol, experimental_max_worker_delay_secs: of a cluster; here one process is its own.
      session_creation_timeout_secs: how long a worker waits for its chief.
      train_distribute, eval_distribute, experimental_distribute: strategies of `tf.distribute`, see below.

    One process is its own cluster: TF_CONFIG may describe one of a single task.

    Raises:
      ValueError: naming the setting that cannot be, or a cluster that does not fit its task.
      NotImplementedError: for a strategy, and for a cluster of more than one task.
    """

    def __init__(
        self,
        model_dir: Any = None,
        tf_random_seed: int | None = None,
        save_summary_steps: int | None = 100,
        save_checkpoints_steps: Any = _DEFAULT,
        save_checkpoints_secs: Any = _DEFAULT,
        session_config: Any = None,
        keep_checkpoint_max: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000,
        log_step_count_steps: int | None = 100,
        train_distribute: Any = None,
        device_fn: Any = None,
        protocol: str | None = None,
        eval_distribute: Any = None,
        experimental_distribute: Any = None,
        experimental_max_worker_delay_secs: int | None = None,
        session_creation_timeout_secs: float = 7200,
    ) -> None:
        if save_checkpoints_steps is _DEFAULT and save_checkpoints_secs is _DEFAULT:
            save_checkpoints_steps, save_checkpoints_secs = None, 600
        elif save_checkpoints_secs is _DEFAULT:
            save_checkpoints_secs = None
        elif save_checkpoints_steps is _DEFAULT:
            save_checkpoints_steps = None
        for name, strategy in (
            ("train_distribute", train_distribute),
            ("eval_distribute", eval_distribute),
            ("experimental_distribute", experimental_distribute),
        ):
            if strategy is not None:
                raise NotImplementedError(
                    f"RunConfig({name}=...): an Estimator runs in one replica here. Write the step as a tf.function "
                    "under strategy.scope(), with the rules of tf1compat.train."
                )
        environment = json.loads(os.environ.get("TF_CONFIG") or "{}")
        if model_dir is None:
            model_dir = environment.get("model_dir")
        self._settings: dict[str, Any] = {
            "model_dir": None if model_dir is None else os.fspath(model_dir),
            "tf_random_seed": tf_random_seed,
            "save_summary_steps": save_summary_steps,
            "save_checkpoints_steps": save_checkpoints_steps,
            "save_checkpoints_secs": save_checkpoints_secs,
            "session_config": session_config,
            "keep_checkpoint_max": keep_checkpoint_max,
            "keep_checkpoint_every_n_hours": keep_checkpoint_every_n_hours,
            "log_step_count_steps": log_step_count_steps,
            "train_distribute": None,
            "device_fn": device_fn,
            "protocol": protocol,
            "eval_distribute": None,
            "experimental_distribute": None,
            "experimental_max_worker_delay_secs": experimental_max_worker_delay_secs,
            "session_creation_timeout_secs": session_creation_timeout_secs,
        }
        self._check()
        task = _task(environment)
        self._cluster: dict[str, Any] = {
            "cluster_spec": v1.train.ClusterSpec(environment.get("cluster", {})),
            "task_type": task[0],
            "task_id": task[1],
            "is_chief": True,
            "master": "",
            "evaluation_master": "",
            "num_ps_replicas": 0,
            "num_worker_replicas": 1,
            "global_id_in_cluster": 0,
            "service": environment.get("service"),
        }

    def __getattr__(self, name: str) -> Any:
        for settings in ("_settings", "_cluster"):
            if name in self.__dict__.get(settings, {}):
                return self.__dict__[settings][name]
        raise AttributeError(f"RunConfig has no setting {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            raise AttributeError(f"can't set attribute {name!r}: make another RunConfig by replace({name}=...)")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"RunConfig({', '.join(f'{name}={value!r}' for name, value in self._settings.items())})"

    def replace(self, **kwargs: Any) -> RunConfig:
        """Another RunConfig, with other settings.

        To set one of `save_checkpoints_steps` and `save_checkpoints_secs` unsets the other.

        Raises:
          ValueError: for what is no setting, or cannot be replaced.
        """
        unknown = sorted(set(kwargs) - set(self._settings))
        if unknown:
            raise ValueError(
                f"Replacing {', '.join(unknown)} is not supported. Allowed properties are {sorted(self._settings)}."
            )
        other = copy.copy(self)
        other._settings = {**self._settings, **kwargs}
        for one, two in (
            ("save_checkpoints_steps", "save_checkpoints_secs"),
            ("save_checkpoints_secs", "save_checkpoints_steps"),
        ):
            if kwargs.get(one) is not None and two not in kwargs:
                other._settings[two] = None
        other._check()
        return other

    def _check(self) -> None:
        for name, (holds, rule) in _RULES.items():
            value = self._settings[name]
            if value is not None and not holds(value):
                raise ValueError(f"{name} {rule} It is {value!r}.")
        if self.save_checkpoints_steps is not None and self.save_checkpoints_secs is not None:
            raise ValueError("`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set.")


def _task(environment: dict[str, Any]) -> tuple[str, int]:
    """The task's type and number that TF_CONFIG names, in a cluster of one."""
    cluster, task = environment.get("cluster", {}), environment.get("task", {})
    tasks = sum(len(addresses) for addresses in cluster.values())
    if tasks > 1:
        raise NotImplementedError(
            f"TF_CONFIG describes a cluster of {tasks} tasks ({', '.join(sorted(cluster))}), and an Estimator runs in "
            "one process here. Write the step as a tf.function under tf.distribute.MultiWorkerMirroredStrategy, with "
            "the rules of tf1compat.train."
        )
    kind = task.get("type", TaskType.WORKER if not cluster else None)
    if kind is None:
        raise ValueError('If "cluster" is set in TF_CONFIG, task type must be set.')
    number = int(task.get("index", 0))
    if not cluster and (kind != TaskType.WORKER or number != 0):
        raise ValueError('If "cluster" is not set in TF_CONFIG, task type must be worker and task index 0.')
    if cluster and kind not in cluster:
        raise ValueError(f"{kind} is not a valid task_type in the cluster_spec of TF_CONFIG: {sorted(cluster)}")
    return kind, number
