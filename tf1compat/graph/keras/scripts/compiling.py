"""`model.compile` as TF 1.15's was: the order of its arguments, its names of metrics, the optimizers of `tf.train`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .inside import translated

__all__ = ["ERRORS", "METRICS", "install", "of_tf1", "renamed"]

#: Makes a Keras optimizer of one of `tf.train`'s, None of anything else; `tf1compat.v1`, which has both, puts it here.
of_tf1: Callable[[Any], Any] = lambda optimizer: None  # noqa: E731

_ORDER = "optimizer loss metrics loss_weights sample_weight_mode weighted_metrics target_tensors distribute".split()
#: What TF1's Keras took and Keras 3 has no way to do, with what to write instead.
_GONE = {
    "sample_weight_mode": "sample weights of shape (samples, steps), which fit takes as they are",
    "target_tensors": "fit(x, y) with the targets",
    "distribute": "compile and fit inside `with strategy.scope():`",
}
ERRORS = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
}
ERRORS |= {short.upper(): name for short, name in ERRORS.items()}
#: What a metric given by a string was called in `history`, `logs` and what callbacks monitor.
METRICS = {**ERRORS, "accuracy": "acc"}


def install(keras: Any) -> None:
    translated(keras.Model, "compile", _compile)


def _compile(plain: Callable[..., None], model: Any, *args: Any, **kwargs: Any) -> None:
    if len(args) > len(_ORDER):
        raise TypeError(f"compile() takes {len(_ORDER)} arguments by position, but {len(args)} were given")
    for name, value in zip(_ORDER, args, strict=False):
        if name in kwargs:
            raise TypeError(f"compile() got multiple values for argument '{name}'")
        kwargs[name] = value
    for name, instead in _GONE.items():
        if kwargs.pop(name, None) is not None:
            raise NotImplementedError(f"compile({name}=…) is not available: Keras 3 dropped it. Instead: {instead}.")
    if "loss" in kwargs:
        kwargs["loss"] = renamed(kwargs["loss"], ERRORS)
    for name in ("metrics", "weighted_metrics"):
        if kwargs.get(name) is not None:
            kwargs[name] = _of_each_output(model, renamed(kwargs[name], METRICS))
    converted = of_tf1(kwargs.get("optimizer"))
    if converted is not None:
        kwargs["optimizer"] = converted
    plain(model, **kwargs)


def renamed(given: Any, names: dict[str, str]) -> Any:
    if isinstance(given, (list, tuple)):
        return [renamed(one, names) for one in given]
    if isinstance(given, dict):
        return {key: renamed(one, names) for key, one in given.items()}
    return names.get(given, given) if isinstance(given, str) else given


def _of_each_output(model: Any, metrics: Any) -> Any:
    """TF1's Keras measured every output by a flat list; Keras 3 wants a list for each."""
    outputs = len(getattr(model, "outputs", None) or ())
    if outputs > 1 and isinstance(metrics, list) and not any(isinstance(one, (list, tuple, dict)) for one in metrics):
        return [metrics] * outputs
    return metrics
