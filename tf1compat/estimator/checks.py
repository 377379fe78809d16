"""What an Estimator holds its arguments to."""

from __future__ import annotations

import inspect
import os
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from .run_config import RunConfig

__all__ = ["arguments", "check_arguments", "checked_hooks", "with_model_dir"]

v1 = tf.compat.v1
_ARGUMENTS = frozenset({"features", "labels", "mode", "params", "self", "config"})


def with_model_dir(config: Any, model_dir: Any) -> RunConfig:
    """The settings, with the folder given, or a new one where there is none, and a configuration for the Session."""
    if config is None:
        config = RunConfig()
    if not isinstance(config, RunConfig):
        raise ValueError(f"config must be an instance of `RunConfig`, but provided {config}.")
    if config.session_config is None:
        config = config.replace(session_config=v1.ConfigProto(allow_soft_placement=True))
    if model_dir is not None:
        model_dir = os.fspath(model_dir)
        if config.model_dir not in (None, model_dir):
            raise ValueError(
                "`model_dir` are set both in constructor and `RunConfig`, but with different values. In constructor: "
                f"'{model_dir}', in `RunConfig`: '{config.model_dir}' "
            )
    if not (model_dir or config.model_dir):
        model_dir = tempfile.mkdtemp()
        v1.logging.warning("Using temporary folder as model directory: %s", model_dir)
    return config.replace(model_dir=model_dir) if model_dir else config


def arguments(function: Callable[..., Any]) -> list[str]:
    """The names of a function's arguments."""
    return list(inspect.signature(function).parameters)


def check_arguments(model_fn: Callable[..., Any], params: Any) -> None:
    """ValueError for a `model_fn` that does not take `features`, or `params` where there are some, or anything else."""
    taken = set(arguments(model_fn))
    if "features" not in taken:
        raise ValueError(f"model_fn ({model_fn}) must include features argument.")
    if params is not None and "params" not in taken:
        raise ValueError(
            f"model_fn ({model_fn}) does not include params argument, but params ({params}) is passed to Estimator."
        )
    if taken - _ARGUMENTS:
        raise ValueError(f"model_fn ({model_fn}) has following not expected args: {sorted(taken - _ARGUMENTS)}")


def checked_hooks(hooks: Sequence[Any] | None) -> list[Any]:
    """The hooks, a new list; TypeError naming what is none."""
    for hook in hooks or ():
        if not isinstance(hook, v1.train.SessionRunHook):
            raise TypeError(f"Hooks must be a SessionRunHook, given: {hook}")
    return list(hooks or ())
