"""The newest checkpoint that can be trusted, by the state file that a `Saver` keeps."""

from __future__ import annotations

import os

import tensorflow as tf

from .verifying import verifies

__all__ = ["latest_checkpoint"]


def latest_checkpoint(checkpoint_dir: str | os.PathLike[str], latest_filename: str | None = None) -> str | None:
    """The prefix of the newest checkpoint in a folder that verifies, or None.

    As in TF 1.15 the state file says which there are (`latest_filename`, "checkpoint" by default). Beyond it,
    each is read against its checksums, the newest first, and one that is damaged or gone is passed over with a
    warning. Reading is not repeated while the files stay as they are.

    Raises:
      ValueError: the state file names no checkpoint.
    """
    state = tf.compat.v1.train.get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None:
        return None
    for prefix in dict.fromkeys((state.model_checkpoint_path, *reversed(state.all_model_checkpoint_paths))):
        if verifies(prefix):
            return prefix
        tf.compat.v1.logging.warning("Passed over: the checkpoint %s is missing or damaged.", prefix)
    return None
