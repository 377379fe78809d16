"""Methods and attributes of models, layers and optimizers that TF 1.15's Keras had and Keras 3 has not."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from .inside import Legacy

__all__ = ["install"]


def install(keras: Any) -> None:
    for cls, functions in ((keras.Model, _MODEL), (keras.Sequential, _SEQUENTIAL)):
        for name, function in functions.items():
            _put(cls, name, Legacy(types.MethodType(types.MethodType, function)))
    _put(keras.Model, "metrics_names", Legacy(_metrics_names, keras.Model.metrics_names))
    for name in ("input", "output"):
        _put(keras.Layer, f"{name}_shape", Legacy(_shape_of(name)))
        _put(keras.Sequential, name, Legacy(_end_of(name), getattr(keras.Sequential, name)))
    optimizer = keras.optimizers.Optimizer
    _put(optimizer, "lr", Legacy(_rate, put=lambda self, value: setattr(self, "learning_rate", value)))
    _put(optimizer, "decay", Legacy(lambda self: getattr(self._learning_rate, "decay_rate", 0.0)))


def _put(cls: type, name: str, attribute: Legacy) -> None:
    attribute.__set_name__(cls, name)
    setattr(cls, name, attribute)


def _fit_generator(
    self: Any,
    generator: Any,
    steps_per_epoch: int | None = None,
    epochs: int = 1,
    verbose: int = 1,
    callbacks: Any = None,
    validation_data: Any = None,
    validation_steps: int | None = None,
    validation_freq: Any = 1,
    class_weight: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    use_multiprocessing: bool = False,
    shuffle: bool = True,
    initial_epoch: int = 0,
) -> Any:
    """`fit` on what a generator or a `Sequence` gives; how it is fetched changes no result."""
    return self.fit(
        _in_tuples(generator),
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        verbose=verbose,
        callbacks=callbacks,
        validation_data=_in_tuples(validation_data),
        validation_steps=validation_steps,
        validation_freq=validation_freq,
        class_weight=class_weight,
        shuffle=shuffle,
        initial_epoch=initial_epoch,
    )


def _evaluate_generator(
    self: Any,
    generator: Any,
    steps: int | None = None,
    callbacks: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    use_multiprocessing: bool = False,
    verbose: int = 0,
) -> Any:
    return self.evaluate(_in_tuples(generator), steps=steps, callbacks=callbacks, verbose=verbose)


def _predict_generator(
    self: Any,
    generator: Any,
    steps: int | None = None,
    callbacks: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    use_multiprocessing: bool = False,
    verbose: int = 0,
) -> Any:
    return self.predict(_in_tuples(generator), steps=steps, callbacks=callbacks, verbose=verbose)


def _reset_states(self: Any) -> None:
    """Forget the states of the stateful recurrent layers."""
    for layer in self.layers:
        if hasattr(layer, "layers"):
            layer.reset_states()
        elif getattr(layer, "stateful", False):
            layer.reset_state()


def _predict_proba(self: Any, x: Any, batch_size: int = 32, verbose: int = 0) -> Any:
    return self.predict(x, batch_size=batch_size, verbose=verbose)


def _predict_classes(self: Any, x: Any, batch_size: int = 32, verbose: int = 0) -> Any:
    """The most probable class of several; of one probability, whether it is more than a half."""
    probabilities = self.predict(x, batch_size=batch_size, verbose=verbose)
    if probabilities.shape[-1] > 1:
        return np.argmax(probabilities, axis=-1)
    return (probabilities > 0.5).astype("int32")


_MODEL: dict[str, Callable[..., Any]] = {
    "fit_generator": _fit_generator,
    "evaluate_generator": _evaluate_generator,
    "predict_generator": _predict_generator,
    "reset_states": _reset_states,
}
_SEQUENTIAL: dict[str, Callable[..., Any]] = {
    "predict_classes": _predict_classes,
    "predict_proba": _predict_proba,
}


def _in_tuples(data: Any) -> Any:
    """A generator whose lists of arrays are tuples, which Keras 3 tells from arrays."""
    if not isinstance(data, Iterator):
        return data

    def tuples() -> Iterator[Any]:
        for batch in data:
            yield _tuples(batch)

    return tuples()


def _tuples(batch: Any) -> Any:
    if isinstance(batch, (list, tuple)) and any(isinstance(one, (np.ndarray, list, tuple, dict)) for one in batch):
        return tuple(_tuples(one) for one in batch)
    return batch


def _metrics_names(self: Any) -> list[str]:
    """The names of what `evaluate` returns, in that order."""
    names = []
    for metric in self.metrics:
        inner = getattr(metric, "metrics", None)  # of compile's metrics, which are one to Keras 3
        names += [one.name for one in inner] if inner else [] if metric.name == "compile_metrics" else [metric.name]
    if names == ["loss"] and (compiled := getattr(self, "_compile_metrics", None)) is not None:
        names += [getattr(one, "__name__", None) or getattr(one, "name", one) for one in compiled._user_metrics or ()]
    return names


def _rate(self: Any) -> Any:
    """The learning rate that can be read and set, which a schedule for `decay` starts with."""
    return getattr(self._learning_rate, "initial_learning_rate", self._learning_rate)


def _shape_of(name: str) -> Callable[[Any], Any]:
    def shape(layer: Any) -> Any:
        shapes = [tuple(one.shape) for one in tf.nest.flatten(getattr(layer, name))]
        if not shapes:
            raise AttributeError(f"The layer {layer.name!r} has no {name}_shape: it has not been called.")
        return shapes if len(shapes) > 1 else shapes[0]

    return shape


def _end_of(name: str) -> Callable[[Any], Any]:
    def tensor(model: Any) -> Any:
        ends = getattr(model, f"{name}s")
        if not ends:
            raise AttributeError(f"The model {model.name!r} has no {name}: its first layer says no shape of inputs.")
        return ends[0]

    return tensor
