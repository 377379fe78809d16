"""The training of a model that is built: hooks, checkpoints, and the loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf1compat.train import Saver

from .run_config import RunConfig
from .spec import EstimatorSpec

__all__ = ["run_training"]

v1 = tf.compat.v1


def run_training(config: RunConfig, spec: EstimatorSpec, step: Any, hooks: list[Any], listeners: Sequence[Any]) -> Any:
    """Train until a hook stops it or the input ends, with the hooks that the settings ask for; the last loss."""
    if not any(summary.op.name == "loss" for summary in v1.get_collection(v1.GraphKeys.SUMMARIES)):
        v1.summary.scalar("loss", spec.loss)
    v1.add_to_collection(v1.GraphKeys.LOSSES, spec.loss)
    all_hooks = [*hooks, v1.train.NanTensorHook(spec.loss)]
    if config.log_step_count_steps is not None:
        watched = {"loss": spec.loss, "step": step}
        all_hooks.append(v1.train.LoggingTensorHook(watched, every_n_iter=config.log_step_count_steps))
    all_hooks += spec.training_hooks
    if not (spec.scaffold.saver or v1.get_collection(v1.GraphKeys.SAVERS)):
        saver = Saver(
            sharded=True,
            max_to_keep=config.keep_checkpoint_max,
            keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
            defer_build=True,
            save_relative_paths=True,
        )
        v1.add_to_collection(v1.GraphKeys.SAVERS, saver)
    chief_hooks = list(spec.training_chief_hooks)
    saving = [h for h in [*all_hooks, *chief_hooks] if isinstance(h, v1.train.CheckpointSaverHook)]
    if not saving and (config.save_checkpoints_secs or config.save_checkpoints_steps):
        own = v1.train.CheckpointSaverHook(
            config.model_dir,
            save_secs=config.save_checkpoints_secs,
            save_steps=config.save_checkpoints_steps,
            scaffold=spec.scaffold,
        )
        chief_hooks.insert(0, own)
        saving = [own]
    if listeners and not saving:
        raise ValueError(
            "There should be a CheckpointSaverHook to use saving_listeners. Please set one of the "
            "RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
        )
    for listener in listeners:
        if listener not in saving[0]._listeners:
            saving[0]._listeners.append(listener)
    loss = None
    with v1.train.MonitoredTrainingSession(
        checkpoint_dir=config.model_dir,
        scaffold=spec.scaffold,
        hooks=all_hooks,
        chief_only_hooks=chief_hooks,
        save_checkpoint_secs=0,  # a hook does
        save_summaries_steps=config.save_summary_steps,
        config=config.session_config,
        max_wait_secs=config.session_creation_timeout_secs,
        log_step_count_steps=config.log_step_count_steps,
    ) as session:
        while not session.should_stop():
            _, loss = session.run([spec.train_op, spec.loss])
    if loss is None:
        v1.logging.warning("Training with estimator made no steps. Perhaps input is empty or misspecified.")
    return loss
