"""Files of models and weights by the names and in the formats of TF 1.15's Keras.

A whole model under any name was HDF5. Weights were HDF5 in `.h5`, `.hdf5` and `.keras`, and a TensorFlow checkpoint
under any other name; Keras 3 wants `.keras` or `.h5`, and `.weights.h5`, which go on meaning what Keras 3 means.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from .... import _tensorflow as _tf
from ..values import at_once
from .compiling import ERRORS, METRICS, renamed
from .inside import in_script, translated

__all__ = ["install", "load_model"]

_HDF5 = b"\x89HDF\r\n\x1a\n"


def install(keras: Any) -> None:
    translated(keras.Model, "save", _save)
    translated(keras.Model, "save_weights", _save_weights)
    translated(keras.Model, "load_weights", _load_weights)
    translated(keras.callbacks.ModelCheckpoint, "__init__", _checkpoint)
    translated(keras.callbacks.ModelCheckpoint, "on_epoch_end", _checkpoint_epoch)


# --- whole models ---------------------------------------------------------------------------------


def _save(plain: Callable[..., None], model: Any, filepath: Any, *args: Any, **kwargs: Any) -> None:
    path, form = os.fspath(filepath), kwargs.pop("save_format", None)
    if kwargs.pop("signatures", None) is not None or kwargs.pop("options", None) is not None or form == "tf":
        raise NotImplementedError(
            "model.save in TensorFlow's format is not available: Keras 3 dropped it. Instead: model.save of a file "
            "that ends in .h5, or tf.saved_model.simple_save of tensors that the model computes."
        )
    if path.endswith((".keras", ".h5", ".hdf5")):
        plain(model, path, *args, **kwargs)
        return
    with _beside(path) as temporary:
        plain(model, temporary, *args, **kwargs)


@contextlib.contextmanager
def _beside(path: str) -> Iterator[str]:
    """A name ending in .h5 for what becomes the file `path`."""
    temporary = f"{path}.being-saved.h5"
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(temporary)


def load_model(filepath: Any, custom_objects: Any = None, compile: bool = True, **kwargs: Any) -> Any:  # noqa: A002
    """`keras.models.load_model`; in a script also of an HDF5 file of any name, as TF1's Keras wrote them.

    The optimizer of an HDF5 file has the hyperparameters that it had, and begins anew.

    Raises:
      ValueError: Keras's own, for what is no model.
    """
    import keras

    if not in_script():
        with at_once():
            return keras.saving.load_model(filepath, custom_objects=custom_objects, compile=compile, **kwargs)
    with contextlib.ExitStack() as stack:
        path = os.fspath(filepath)
        hdf5 = _is_hdf5(path)
        if hdf5:
            path = stack.enter_context(_as_keras_3_reads_it(path))
        stack.enter_context(at_once())
        model = keras.saving.load_model(path, custom_objects=custom_objects, compile=compile, **kwargs)
        if hdf5 and getattr(model, "optimizer", None) is not None:
            # Keras 3 has built the optimizer for no variables, and the metrics in the graph.
            stack.enter_context(keras.saving.custom_object_scope(custom_objects or {}))
            model.compile_from_config(model.get_compile_config())
        return model


def _is_hdf5(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(len(_HDF5)) == _HDF5
    except OSError:
        return False


@contextlib.contextmanager
def _as_keras_3_reads_it(path: str) -> Iterator[str]:
    """The path of the file, or of a copy that ends in .h5 and says in Keras 3's words what TF1's Keras wrote."""
    import h5py

    changed = {}
    with h5py.File(path, "r") as file:
        for name, translate in (("training_config", _training), ("model_config", _model)):
            text = file.attrs.get(name)
            if text is not None:
                before = json.loads(text)
                after = translate(before)
                if after != before:
                    changed[name] = json.dumps(after)
    if path.endswith((".h5", ".hdf5")) and not changed:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "model.h5")
        shutil.copyfile(path, copy)
        with h5py.File(copy, "r+") as file:
            file.attrs.update(changed)
        yield copy


def _training(config: dict[str, Any]) -> dict[str, Any]:
    """Losses and metrics by their names in full; Keras 3 does not find those it wrote in short itself."""
    names = {"loss": ERRORS, "metrics": METRICS, "weighted_metrics": METRICS}
    return {key: renamed(value, names[key]) if key in names else value for key, value in config.items()}


def _model(config: Any) -> Any:
    """Initializers had a dtype, which only their variable has now; first layers had the shape of a batch of inputs.

    And Keras 3 wants to know where a layer within a layer is.
    """
    import keras

    if isinstance(config, list):
        return [_model(one) for one in config]
    if not isinstance(config, dict):
        return config
    config = {key: _model(value) for key, value in config.items()}
    for wrapped in ("layer", "backward_layer", "cell"):
        one = config.get(wrapped)
        if isinstance(one, dict) and "module" not in one and hasattr(keras.layers, str(one.get("class_name"))):
            config[wrapped] = {**one, "module": "keras.layers", "registered_name": None}
    inner = config.get("config")
    if isinstance(inner, dict) and "dtype" in inner and hasattr(keras.initializers, str(config.get("class_name"))):
        config["config"] = {key: value for key, value in inner.items() if key != "dtype"}
    shape = inner.get("batch_input_shape") if isinstance(inner, dict) else None
    if shape and config.get("class_name") != "InputLayer":
        given = {key: value for key, value in inner.items() if key != "batch_input_shape"}
        config["config"] = {**given, "input_shape": shape[1:], **({"batch_size": shape[0]} if shape[0] else {})}
    return config


# --- weights --------------------------------------------------------------------------------------


def _save_weights(
    plain: Callable[..., None], model: Any, filepath: Any, overwrite: bool = True, save_format: str | None = None
) -> None:
    path = os.fspath(filepath)
    if path.endswith(".weights.h5"):
        plain(model, path, overwrite=overwrite)
        return
    hdf5 = save_format == "h5" if save_format is not None else path.endswith((".h5", ".hdf5", ".keras"))
    if not overwrite and (os.path.exists(path) or os.path.exists(f"{path}.index")):
        raise ValueError(f"save_weights(overwrite=False): {path} exists.")
    if hdf5:
        with _beside(path) as temporary:
            _write_hdf5(model, temporary)
        return
    names = _checkpoint_names(model)
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    values = [variable.numpy() for variable in names.values()]
    with _tf.eager_mode():
        tf.raw_ops.SaveV2(prefix=path, tensor_names=list(names), shape_and_slices=[""] * len(names), tensors=values)
    name = json.dumps(os.path.basename(path))  # what `tf.train.latest_checkpoint` reads
    with open(os.path.join(os.path.dirname(path), "checkpoint"), "w") as file:
        file.write(f"model_checkpoint_path: {name}\nall_model_checkpoint_paths: {name}\n")


def _load_weights(plain: Callable[..., Any], model: Any, filepath: Any, by_name: bool = False, **kwargs: Any) -> Any:
    path = os.fspath(filepath)
    with at_once(), contextlib.ExitStack() as stack:
        if _is_hdf5(path) and not path.endswith((".weights.h5", ".h5", ".hdf5")):
            path = stack.enter_context(_as_keras_3_reads_it(path))
        if not os.path.exists(path) and os.path.exists(f"{path}.index"):
            _read_checkpoint(model, path)
            return None
        if path.endswith((".h5", ".hdf5")) and not path.endswith(".weights.h5"):
            return plain(model, path, by_name=by_name, **kwargs)
        return plain(model, path, **kwargs)


def _write_hdf5(model: Any, path: str) -> None:
    """Weights as TF1's Keras wrote them: a group for each layer, which lists the names of its weights."""
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        file.attrs["backend"] = b"tensorflow"
        file.attrs["keras_version"] = b"2.2.4-tf"
        for layer in model.layers:
            group = file.create_group(layer.name)
            weights = [*layer.trainable_weights, *layer.non_trainable_weights]
            names = [f"{layer.name}/{weight.name}:0" for weight in weights]
            for at, name in enumerate(names):
                if name in names[:at]:
                    names[at] = f"{layer.name}/{weights[at].path}:0"
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, weight in zip(names, weights, strict=True):
                group.create_dataset(name, data=weight.numpy())


def _checkpoint_names(model: Any) -> dict[str, Any]:
    """The name of each weight in a checkpoint of TF1's Keras: `layer_with_weights-0/kernel/.ATTRIBUTES/…`."""
    names: dict[str, Any] = {}
    for number, layer in enumerate(layer for layer in model.layers if layer.weights):
        for weight in layer.weights:
            _, _, inside = f"/{weight.path}".partition(f"/{layer.name}/")
            parts = ["cell" if part.endswith("_cell") else part for part in (inside or weight.path).split("/")]
            names[f"layer_with_weights-{number}/{'/'.join(parts)}/.ATTRIBUTES/VARIABLE_VALUE"] = weight
    if len(names) < len(model.weights):
        raise NotImplementedError(
            f"save_weights of {model.name!r} as a checkpoint: weights outside of its layers. Instead: a file that "
            "ends in .weights.h5."
        )
    return names


def _read_checkpoint(model: Any, path: str) -> None:
    with _tf.eager_mode():
        reader = tf.train.load_checkpoint(path)
        names = _checkpoint_names(model)
        missing = [name for name in names if not reader.has_tensor(name)]
        if missing:
            raise ValueError(f"{path} has no {missing[0]!r}; it has {sorted(reader.get_variable_to_shape_map())[:10]}.")
        values = {name: reader.get_tensor(name) for name in names}
    for name, weight in names.items():
        weight.assign(values[name])


# --- ModelCheckpoint ------------------------------------------------------------------------------


def _checkpoint(plain: Callable[..., None], callback: Any, filepath: Any, *args: Any, **kwargs: Any) -> None:
    """Any file name, and `period`: a file every so many epochs."""
    callback._period_of_tf1 = kwargs.pop("period", 1)
    path = os.fspath(filepath)
    weights = kwargs.get("save_weights_only", args[3] if len(args) > 3 else False)
    wanted = (".weights.h5",) if weights else (".keras", ".h5")
    plain(callback, path if path.endswith(wanted) else path + wanted[0], *args, **kwargs)
    callback.filepath = path
    if callback.mode == "auto":
        callback.mode = "max" if "acc" in callback.monitor or callback.monitor.startswith("fmeasure") else "min"


def _checkpoint_epoch(plain: Callable[..., Any], callback: Any, epoch: int, logs: Any = None) -> Any:
    callback._epochs_of_tf1 = getattr(callback, "_epochs_of_tf1", 0) + 1
    if callback.save_freq == "epoch" and callback._epochs_of_tf1 < getattr(callback, "_period_of_tf1", 1):
        return None
    callback._epochs_of_tf1 = 0
    return plain(callback, epoch, logs)
