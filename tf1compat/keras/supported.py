"""What Keras itself cannot train, or would train wrongly, said before the first step."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["check_loop", "check_process", "check_supported"]

#: The function of Keras's whose loop it is.
_KERAS_LOOP = "multi_step_on_iterator"
_NO_LOOP = "Keras 3 fails to put steps that are shared by replicas in a loop", "compile with steps_per_execution=1"
_OWN_STEP = "write the step as a tf.function with strategy.run and tf1compat.train, which works there"


def check_process() -> None:
    """Raise NotImplementedError in a process of a MultiWorkerMirroredStrategy, when a callback is made.

    There `fit` fails before it calls any callback.
    """
    if _tf.collective_workers() > 1:
        raise NotImplementedError(_message("fit under MultiWorkerMirroredStrategy", "Keras 3 fails there", _OWN_STEP))


def check_loop() -> None:
    """Raise NotImplementedError in one of several replicas inside the loop that Keras makes of steps_per_execution.

    For what takes part in a step without knowing the model.
    """
    outside, graph = None, tf.compat.v1.get_default_graph()
    while graph is not None:
        looped = outside is not None and outside.name.startswith("while")
        if looped and graph.name == _KERAS_LOOP:
            name = type(tf.distribute.get_strategy()).__name__
            raise NotImplementedError(_message(f"steps_per_execution above 1 under {name}", *_NO_LOOP))
        outside, graph = graph, getattr(graph, "outer_graph", None)


def check_supported(model: Any, optimizer: Any, clips: bool = False) -> None:
    """Raise NotImplementedError for a combination that does not train.

    Args:
      model: A compiled `keras.Model`.
      optimizer: The outer one that trains it.
      clips: Whether its gradients are to be clipped by a callback.
    """
    for found, what, why, instead in _combinations(model, optimizer, clips):
        if found:
            raise NotImplementedError(_message(what, why, instead))


def _message(what: str, why: str, instead: str) -> str:
    return f"{what} does not work with tf1compat.keras: {why}. Instead, {instead}."


def _is_default(strategy: Any) -> bool:
    """Whether it is what TensorFlow has for a strategy where there is none."""
    with strategy.scope():
        return not tf.distribute.has_strategy()


def _combinations(model: Any, optimizer: Any, clips: bool) -> list[tuple[bool, str, str, str]]:
    strategy = model.distribute_strategy
    name = type(strategy).__name__
    mirrored = isinstance(strategy, tf.distribute.MirroredStrategy)
    known = mirrored or isinstance(strategy, tf.distribute.OneDeviceStrategy) or _is_default(strategy)
    many = strategy.num_replicas_in_sync > 1
    scales = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    inner = optimizer.inner_optimizer if scales else optimizer
    parts = getattr(inner, "optimizers", None)  # a MultiOptimizer's
    accumulates = any(getattr(each, "gradient_accumulation_steps", None) for each in parts or [inner])
    return [
        (
            isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy),
            "fit under MultiWorkerMirroredStrategy",
            "Keras 3 fails there",
            _OWN_STEP,
        ),
        (
            not known,
            f"fit under {name}",
            "Keras 3 trains under MirroredStrategy and OneDeviceStrategy",
            _OWN_STEP,
        ),
        (
            many and bool(model.jit_compile),
            f"compile(jit_compile=True) under {name}",
            "Keras 3 fails to compile a step that is shared by replicas",
            "compile with jit_compile=False",
        ),
        (
            many and model.steps_per_execution > 1,
            f"compile(steps_per_execution={model.steps_per_execution}) under {name}",
            *_NO_LOOP,
        ),
        (
            mirrored and accumulates,
            f"gradient_accumulation_steps under {name}",
            "Keras 3 fails to update a strategy's variables in a condition",
            "use larger batches",
        ),
        (
            many and scales,
            f"LossScaleOptimizer under {name}",
            "it looks at the first replica's gradients only, so that an overflow in another one goes into the weights",
            "compile with auto_scale_loss=False, or use mixed_bfloat16",
        ),
        (
            parts is not None and clips,
            f"clipping the gradients of a {type(inner).__name__}",
            "each of its optimizers sees its own part of the gradients, so that there is no norm of all",
            "set clipnorm, clipvalue or global_clipnorm of its optimizers",
        ),
        (
            parts is not None and accumulates,
            f"gradient_accumulation_steps inside a {type(inner).__name__}",
            "it counts each batch as a step",
            "use larger batches",
        ),
    ]
