"""Arguments of layers, callbacks and the model's methods that TF 1.15's Keras took and Keras 3 does not.

Those that changed nothing that can be seen are left out; one that did and that Keras 3 cannot do is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .inside import translated

__all__ = ["install"]

_ANY = object()
#: Class or method: its arguments that are left out, and the value that they must have for that; what to do instead.
_DROPPED: dict[str, dict[str, tuple[Any, str]]] = {
    "layers.BatchNormalization": {
        "fused": (_ANY, ""),
        "renorm": (False, "tf.layers.batch_normalization(renorm=True)"),
        "renorm_clipping": (None, "tf.layers.batch_normalization(renorm=True)"),
        "renorm_momentum": (_ANY, ""),
        "virtual_batch_size": (None, "tf.layers.batch_normalization(virtual_batch_size=…)"),
        "adjustment": (None, "tf.layers.batch_normalization(adjustment=…)"),
    },
    "callbacks.TensorBoard": {
        "batch_size": (_ANY, ""),
        "write_grads": (False, "tf.summary.histogram of tf.gradients"),
        "embeddings_layer_names": (None, "embeddings_freq, which takes all embeddings"),
        "embeddings_data": (None, "model.predict and tf.contrib.tensorboard.plugins.projector"),
    },
    "callbacks.ModelCheckpoint": {"load_weights_on_restart": (False, "model.load_weights(path) before fit")},
}
#: How data are fetched, which changes no result.
_FETCHING = dict.fromkeys(("max_queue_size", "workers", "use_multiprocessing"), (_ANY, ""))
for _method in ("fit", "evaluate", "predict"):
    _DROPPED[f"Model.{_method}"] = _FETCHING
_RENAMED = {
    "Model.fit": {"nb_epoch": "epochs"},
    "callbacks.ReduceLROnPlateau": {"epsilon": "min_delta"},
}
#: The order of `Layer.add_weight`.
_WEIGHT = "name shape dtype initializer regularizer trainable constraint".split()


def install(keras: Any) -> None:
    for name in _DROPPED.keys() | _RENAMED.keys():
        space, _, last = name.rpartition(".")
        if space == "Model":
            translated(keras.Model, last, _without(name))
        else:
            translated(getattr(getattr(keras, space), last), "__init__", _without(name))
    translated(keras.Layer, "__init__", _layer)
    translated(keras.Layer, "add_weight", _add_weight)
    translated(keras.Sequential, "add", _add)
    translated(keras.callbacks.EarlyStopping, "__init__", _with_a_direction)
    for callback in (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau):
        translated(callback, "on_epoch_end", _logs_lr)
    translated(keras.Model, "predict", _quiet)


def _without(called: str) -> Callable[..., Any]:
    dropped, renamed = _DROPPED.get(called, {}), _RENAMED.get(called, {})

    def call(plain: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
        for name, (harmless, instead) in dropped.items():
            value = kwargs.pop(name, harmless)
            if harmless is not _ANY and value != harmless:
                raise NotImplementedError(
                    f"tf.keras.{called}({name}={value!r}) is not available: Keras 3 dropped it. Instead: {instead}."
                )
        for old, new in renamed.items():
            if old in kwargs:
                if new in kwargs:
                    raise TypeError(f"{called} got both {old} and {new}, which are one argument.")
                kwargs[new] = kwargs.pop(old)
        return plain(self, *args, **kwargs)

    return call


def _layer(plain: Callable[..., None], layer: Any, *args: Any, **kwargs: Any) -> None:
    """`batch_input_shape`, and `batch_size` beside `input_shape`, which the first layer of a Sequential took.

    And what recurrent layers took.
    """
    if kwargs.pop("time_major", False):
        raise NotImplementedError(
            f"tf.keras.layers.{type(layer).__name__}(time_major=True) is not available: Keras 3 dropped it. Instead: "
            "tf.transpose of the inputs, [1, 0, 2]."
        )
    shape, size = kwargs.pop("batch_input_shape", None), kwargs.pop("batch_size", None)
    if shape is None and size is not None:
        given = kwargs.pop("input_shape", None)
        dimension = kwargs.pop("input_dim", None)
        if given is None and dimension is not None:
            given = (dimension,)
        shape = None if given is None else (size, *given)
    plain(layer, *args, **kwargs)
    if shape is not None:
        layer._batch_shape_of_tf1 = tuple(shape)


def _add(plain: Callable[..., None], model: Any, layer: Any, *args: Any, **kwargs: Any) -> None:
    shape = getattr(layer, "_batch_shape_of_tf1", None)
    if shape is not None and not model._layers:
        import keras

        plain(model, keras.layers.InputLayer(batch_shape=shape), *args, **kwargs)
    plain(model, layer, *args, **kwargs)


def _add_weight(plain: Callable[..., Any], layer: Any, *args: Any, **kwargs: Any) -> Any:
    """The weight's name came first."""
    if args and isinstance(args[0], str):
        given = dict(zip(_WEIGHT, args, strict=False))
        if len(args) > len(_WEIGHT) or given.keys() & kwargs.keys():
            raise TypeError(f"add_weight() takes {', '.join(_WEIGHT)}, but got {args} and {sorted(kwargs)}.")
        args, kwargs = (), {**given, **kwargs}
    if kwargs.get("shape") is not None:
        kwargs["shape"] = tuple(getattr(size, "value", size) for size in kwargs["shape"])
    if kwargs.get("trainable", True) is None:
        del kwargs["trainable"]
    if kwargs.pop("partitioner", None) is not None:
        raise NotImplementedError("add_weight(partitioner=…): Keras 3 has none. Instead: tf.get_variable in `build`.")
    for name in ("use_resource", "collections"):
        if kwargs.pop(name, None):
            raise NotImplementedError(f"add_weight({name}=…): Keras 3 has none. Instead: tf.get_variable in `build`.")
    return plain(layer, *args, **kwargs)


def _with_a_direction(plain: Callable[..., None], callback: Any, *args: Any, **kwargs: Any) -> None:
    """What has "acc" in its name was to grow, and anything else to shrink, whether it is one of the model's or not."""
    plain(callback, *args, **kwargs)
    if callback.mode == "auto":
        callback.mode = "max" if "acc" in callback.monitor else "min"


def _logs_lr(plain: Callable[..., Any], callback: Any, epoch: int, logs: Any = None) -> Any:
    """The learning rate is in the logs, and so in `history`, as "lr"."""
    logs = {} if logs is None else logs
    result = plain(callback, epoch, logs)
    if "learning_rate" in logs:
        logs["lr"] = logs.pop("learning_rate")
    return result


def _quiet(plain: Callable[..., Any], model: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    """`predict` printed nothing unless it was told to."""
    if len(args) < 2:
        kwargs.setdefault("verbose", 0)
    return plain(model, x, *args, **kwargs)
