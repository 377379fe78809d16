"""Estimators as SavedModels, and the inputs that those take."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import tensorflow as tf

from tf1compat import _tensorflow as _tf
from tf1compat.graph import Graph, Session
from tf1compat.train import Saver

from .spec import ModeKeys

__all__ = [
    "ServingInputReceiver",
    "TensorServingInputReceiver",
    "SupervisedInputReceiver",
    "build_parsing_serving_input_receiver_fn",
    "build_raw_serving_input_receiver_fn",
    "build_raw_supervised_input_receiver_fn",
    "export",
]

v1 = tf.compat.v1
#: The key of an input that has no name of its own.
_SINGLE_RECEIVER, _SINGLE_FEATURE, _SINGLE_LABEL = "input", "feature", "label"
#: In this order they are written: the first one has the variables' values.
_MODES = (ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT)


class _Receiver(NamedTuple):
    features: Any
    receiver_tensors: Any
    receiver_tensors_alternatives: Any


class ServingInputReceiver(_Receiver):
    """What a served model takes.

    Args:
      features: what `model_fn` gets: a tensor or a dictionary of them.
      receiver_tensors: what is fed, by name; a tensor is called "input".
      receiver_tensors_alternatives: {name: other tensors that can be fed instead}.
    """

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Any = None
    ) -> ServingInputReceiver:
        return super().__new__(
            cls,
            _named(features, _SINGLE_FEATURE, "feature"),
            _named(receiver_tensors, _SINGLE_RECEIVER, "receiver_tensor"),
            _checked_alternatives(receiver_tensors_alternatives),
        )


class TensorServingInputReceiver(_Receiver):
    """`ServingInputReceiver` for a `model_fn` whose features are one tensor, not a dictionary."""

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Any = None
    ) -> TensorServingInputReceiver:
        if features is None:
            raise ValueError("features must be defined.")
        if not isinstance(features, (tf.Tensor, tf.SparseTensor)):
            raise ValueError(f"feature must be a Tensor or SparseTensor, but is {features!r}.")
        return super().__new__(
            cls,
            features,
            _named(receiver_tensors, _SINGLE_RECEIVER, "receiver_tensor"),
            _checked_alternatives(receiver_tensors_alternatives),
        )


class SupervisedInputReceiver(NamedTuple):
    """What a model takes that is exported to be trained or evaluated: features, labels, and all that is fed."""

    features: Any
    labels: Any
    receiver_tensors: Any
    receiver_tensors_alternatives: Any = None


def _named(tensors: Any, single: str, what: str) -> dict[Any, Any]:
    if tensors is None:
        raise ValueError(f"{what}s must be defined.")
    named = tensors if isinstance(tensors, Mapping) else {single: tensors}
    for key, tensor in named.items():
        if not isinstance(key, (str, int)):
            raise ValueError(f"{what} keys must be strings or ints: {key}.")
        if not isinstance(tensor, (tf.Tensor, tf.SparseTensor)):
            raise ValueError(f"{what} {key} must be a Tensor or SparseTensor, but is {tensor!r}.")
    return dict(named)


def _checked_alternatives(alternatives: Any) -> Any:
    if alternatives is None:
        return None
    if not isinstance(alternatives, Mapping):
        raise ValueError(f"receiver_tensors_alternatives must be a dict: {alternatives}.")
    return {name: _named(tensors, _SINGLE_RECEIVER, "receiver_tensor") for name, tensors in alternatives.items()}


def build_parsing_serving_input_receiver_fn(
    feature_spec: Mapping[str, Any], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """A receiver of serialized `tf.Example`s, a vector of strings called "examples", that are parsed by the spec."""

    def receiver_fn() -> ServingInputReceiver:
        serialized = v1.placeholder(tf.string, [default_batch_size], name="input_example_tensor")
        return ServingInputReceiver(v1.parse_example(serialized, feature_spec), {"examples": serialized})

    return receiver_fn


def build_raw_serving_input_receiver_fn(
    features: Mapping[str, Any], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """A receiver of the features as they are: placeholders like these tensors, for batches of the size or any."""

    def receiver_fn() -> ServingInputReceiver:
        placeholders = {name: _placeholder(tensor, default_batch_size) for name, tensor in features.items()}
        return ServingInputReceiver(placeholders, placeholders)

    return receiver_fn


def build_raw_supervised_input_receiver_fn(
    features: Any, labels: Any, default_batch_size: int | None = None
) -> Callable[[], SupervisedInputReceiver]:
    """A receiver of features and labels as they are, each a tensor or a dictionary, for training or evaluation.

    Raises:
      ValueError: for a key that both have.
    """
    named = (
        features if isinstance(features, Mapping) else {_SINGLE_RECEIVER: features},
        labels if isinstance(labels, Mapping) else {_SINGLE_LABEL: labels},
    )
    both = sorted(set(named[0]) & set(named[1]))
    if both:
        raise ValueError(f"Features and labels must have distinct keys. Found overlapping keys: {both}")

    def receiver_fn() -> SupervisedInputReceiver:
        x, y = ({key: _placeholder(value, default_batch_size) for key, value in which.items()} for which in named)
        return SupervisedInputReceiver(
            x if isinstance(features, Mapping) else x[_SINGLE_RECEIVER],
            y if isinstance(labels, Mapping) else y[_SINGLE_LABEL],
            {**x, **y},
        )

    return receiver_fn


def _placeholder(tensor: Any, batch_size: int | None) -> Any:
    """A placeholder like a tensor, for batches of the size or any."""
    shape = tensor.shape.as_list()
    shape[0] = batch_size
    return v1.placeholder(tensor.dtype, shape, name=tensor.op.name)


# --- writing -------------------------------------------------------------------------------------


def export(
    estimator: Any,
    export_dir_base: Any,
    receivers: Mapping[str, Callable[[], Any]],
    assets_extra: Mapping[str, str] | None,
    as_text: bool,
    checkpoint_path: str | None,
    warm_start: Any,
) -> bytes:
    """Write a SavedModel with a graph for each mode in `receivers` into a new folder; its path.

    The folder, named by the seconds since 1970, is there when it is complete, and not before.
    """
    if not all(receivers.values()) or not receivers:
        raise ValueError("An input_receiver_fn must be defined.")
    unknown = sorted(set(receivers) - set(_MODES))
    if unknown:
        raise ValueError(f"No valid modes for exporting found. Got {unknown}.")
    checkpoint_path = checkpoint_path or estimator.latest_checkpoint()
    if not checkpoint_path:
        if warm_start is None:
            raise ValueError(f"Couldn't find trained model at {estimator.model_dir}.")
        checkpoint_path = warm_start.ckpt_to_initialize_from
        if os.path.isdir(checkpoint_path):
            checkpoint_path = tf.train.latest_checkpoint(checkpoint_path)
    base = os.fsdecode(export_dir_base)
    final = _free_folder(base)
    temporary = os.path.join(base, f"temp-{os.path.basename(final)}")
    try:
        builder = v1.saved_model.Builder(temporary)
        for number, mode in enumerate(mode for mode in _MODES if mode in receivers):
            _add_graph(builder, estimator, mode, receivers[mode], checkpoint_path, with_values=number == 0)
        builder.save(as_text)
        for relative, source in (assets_extra or {}).items():
            place = os.path.join(temporary, "assets.extra", relative)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            shutil.copy(source, place)
        os.rename(temporary, final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return os.fsencode(final)


def _free_folder(base: str) -> str:
    """A folder that is not there yet, named by the time."""
    number = int(time.time())
    while os.path.exists(os.path.join(base, str(number))) or os.path.exists(os.path.join(base, f"temp-{number}")):
        number += 1
    return os.path.join(base, str(number))


def _add_graph(
    builder: Any, estimator: Any, mode: str, receiver_fn: Callable[[], Any], checkpoint_path: str, with_values: bool
) -> None:
    with Graph().as_default() as graph:
        v1.train.create_global_step()
        v1.set_random_seed(estimator.config.tf_random_seed)
        receiver = receiver_fn()
        spec = estimator.model_fn(receiver.features, getattr(receiver, "labels", None), mode, estimator.config)
        outputs = _tf.model_utils.export_outputs_for_mode(
            mode=mode,
            serving_export_outputs=spec.export_outputs,
            predictions=spec.predictions,
            loss=spec.loss,
            metrics=spec.eval_metric_ops,
        )
        signatures = _tf.model_utils.build_all_signature_defs(
            receiver.receiver_tensors,
            outputs,
            receiver.receiver_tensors_alternatives,
            serving_only=mode == ModeKeys.PREDICT,
        )
        with Session(graph=graph, config=estimator.config.session_config) as session:
            local_init = spec.scaffold.local_init_op
            if local_init is None:
                local_init = v1.train.Scaffold.default_local_init_op()
            saver = spec.scaffold.saver or Saver(sharded=True)
            try:
                saver.restore(session, checkpoint_path)
            except tf.errors.NotFoundError as error:
                raise ValueError(
                    "Could not load all requested variables from checkpoint. Please make sure your model_fn does not "
                    f"expect variables that were not saved in the checkpoint.\n\nEncountered error with mode `{mode}` "
                    f"while restoring checkpoint from: `{checkpoint_path}`: {error}"
                ) from error
            arguments = {
                "tags": _tf.model_utils.EXPORT_TAG_MAP[mode],
                "signature_def_map": signatures,
                "assets_collection": v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS),
                "main_op": local_init,
                "saver": saver,
                "strip_default_attrs": True,
            }
            if with_values:
                builder.add_meta_graph_and_variables(session, **arguments)
            else:
                builder.add_meta_graph(**arguments)
