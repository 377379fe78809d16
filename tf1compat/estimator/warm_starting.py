"""Where the variables of a new model start from."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import tensorflow as tf

__all__ = ["WarmStartSettings", "settings_from"]

v1 = tf.compat.v1


class _Fields(NamedTuple):
    ckpt_to_initialize_from: str
    vars_to_warm_start: Any
    var_name_to_vocab_info: Any
    var_name_to_prev_var_name: Any


class WarmStartSettings(_Fields):
    """Which variables start from which checkpoint: the arguments of `tf.train.warm_start`."""

    def __new__(
        cls,
        ckpt_to_initialize_from: str,
        vars_to_warm_start: Any = ".*",
        var_name_to_vocab_info: Any = None,
        var_name_to_prev_var_name: Any = None,
    ) -> WarmStartSettings:
        if not ckpt_to_initialize_from:
            raise ValueError("`ckpt_to_initialize_from` MUST be set in WarmStartSettings")
        return super().__new__(
            cls,
            ckpt_to_initialize_from,
            vars_to_warm_start,
            var_name_to_vocab_info or {},
            var_name_to_prev_var_name or {},
        )

    def apply(self) -> None:
        """Let the variables of the default graph start so."""
        v1.logging.info("Warm-starting with WarmStartSettings: %s", self)
        v1.train.warm_start(*self)


def settings_from(given: Any) -> WarmStartSettings | None:
    """The settings for a checkpoint, a folder of checkpoints or an exported model, or settings as they are."""
    if given is None or isinstance(given, WarmStartSettings):
        return given
    if not isinstance(given, (str, bytes, os.PathLike)):
        raise ValueError(f"warm_start_from must be a string or a WarmStartSettings, instead got {type(given)}")
    path = os.fsdecode(given)
    if os.path.exists(os.path.join(path, "saved_model.pb")) or os.path.exists(os.path.join(path, "saved_model.pbtxt")):
        path = os.path.join(path, "variables", "variables")
        if not os.path.exists(f"{path}.index"):
            raise ValueError(f"Directory provided has an invalid SavedModel format: {given!r}")
    return WarmStartSettings(path)
