"""RunConfig of `tf.contrib.learn`: that of `tf.estimator` with more arguments."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat import estimator

__all__ = ["RunConfig"]


class RunConfig(estimator.RunConfig):
    """Where and how an Estimator runs and saves.

    Args:
      master, evaluation_master: of a cluster, which one process has not.
      num_cores: how many threads; all where 0.
      log_device_placement, gpu_memory_fraction: as of `tf.ConfigProto`, which they and `num_cores` make up unless
        `session_config` is given.
      others: as of `tf.estimator.RunConfig`.

    Raises:
      NotImplementedError: for a master.
    """

    def __init__(
        self,
        master: str | None = None,
        num_cores: int = 0,
        log_device_placement: bool = False,
        gpu_memory_fraction: float = 1,
        tf_random_seed: int | None = None,
        save_summary_steps: int | None = 100,
        save_checkpoints_secs: Any = 600,
        save_checkpoints_steps: int | None = None,
        keep_checkpoint_max: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000,
        log_step_count_steps: int | None = 100,
        protocol: str | None = None,
        evaluation_master: str = "",
        model_dir: Any = None,
        session_config: Any = None,
        session_creation_timeout_secs: float = 7200,
    ) -> None:
        if master or evaluation_master:
            raise NotImplementedError(
                f"RunConfig(master={master!r}, evaluation_master={evaluation_master!r}): one process acts as its own "
                "cluster. Leave them out."
            )
        if session_config is None:
            session_config = tf.compat.v1.ConfigProto(
                log_device_placement=log_device_placement,
                inter_op_parallelism_threads=num_cores,
                intra_op_parallelism_threads=num_cores,
                gpu_options=tf.compat.v1.GPUOptions(per_process_gpu_memory_fraction=gpu_memory_fraction),
            )
        super().__init__(
            model_dir=model_dir,
            tf_random_seed=tf_random_seed,
            save_summary_steps=save_summary_steps,
            save_checkpoints_steps=save_checkpoints_steps,
            save_checkpoints_secs=None if save_checkpoints_steps else save_checkpoints_secs,
            session_config=session_config,
            keep_checkpoint_max=keep_checkpoint_max,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            log_step_count_steps=log_step_count_steps,
            protocol=protocol,
            session_creation_timeout_secs=session_creation_timeout_secs,
        )
