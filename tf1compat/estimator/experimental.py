"""`tf.estimator.experimental`: hooks that evaluate or stop a training, and functions of logits."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from .canned.dnn import dnn_logit_fn_builder
from .canned.linear import linear_logit_fn_builder
from .early_stopping import (
    make_early_stopping_hook,
    make_stop_at_checkpoint_step_hook,
    stop_if_higher_hook,
    stop_if_lower_hook,
    stop_if_no_decrease_hook,
    stop_if_no_increase_hook,
)
from .exporting import build_raw_supervised_input_receiver_fn
from .in_memory import InMemoryEvaluatorHook

__all__ = [
    "InMemoryEvaluatorHook",
    "build_raw_supervised_input_receiver_fn",
    "call_logit_fn",
    "dnn_logit_fn_builder",
    "linear_logit_fn_builder",
    "make_early_stopping_hook",
    "make_stop_at_checkpoint_step_hook",
    "stop_if_higher_hook",
    "stop_if_lower_hook",
    "stop_if_no_decrease_hook",
    "stop_if_no_increase_hook",
]


def call_logit_fn(logit_fn: Callable[..., Any], features: Any, mode: str, params: Any, config: Any) -> Any:
    """`logit_fn(features, ...)` with what it takes of `mode`, `params` and `config`.

    Raises:
      ValueError: if it gives neither a tensor nor a dictionary of them.
    """
    taken = inspect.signature(logit_fn).parameters
    known = {"mode": mode, "params": params, "config": config}
    found = logit_fn(features=features, **{name: value for name, value in known.items() if name in taken})
    values = found.values() if isinstance(found, Mapping) else [found]
    if not all(isinstance(value, tf.Tensor) for value in values):
        raise ValueError(
            f"logit_fn should return a Tensor or a dictionary mapping strings to Tensors.  logit_fn returned: {found}"
        )
    return found
