"""`tf.contrib.predictor`: functions from arrays to arrays, of a SavedModel or a trained Estimator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from tf1compat import estimator as core
from tf1compat.graph import Graph, Session, load_saved_model

__all__ = ["Predictor", "from_contrib_estimator", "from_estimator", "from_saved_model"]

v1 = tf.compat.v1
_SERVING = "serving_default"


class Predictor:
    """`predictor({name: value})` gives {name: array}.

    Args:
      graph, session: what it runs in.
      feed_tensors, fetch_tensors: {name: tensor}.
    """

    def __init__(self, graph: Graph, session: Any, feeds: Mapping[str, str], fetches: Mapping[str, str]) -> None:
        self.graph, self.session = graph, session
        self.feed_tensors = {key: graph.get_tensor_by_name(name) for key, name in feeds.items()}
        self.fetch_tensors = {key: graph.get_tensor_by_name(name) for key, name in fetches.items()}

    def __repr__(self) -> str:
        return f"{type(self).__name__} with feed tensors {self.feed_tensors} and fetch_tensors {self.fetch_tensors}"

    def __call__(self, input_dict: Mapping[str, Any]) -> dict[str, Any]:
        """The fetched values; what is not fed has its own value, if it has one.

        Raises:
          ValueError: naming keys that are none of the feeds.
        """
        unexpected = sorted(set(input_dict) - set(self.feed_tensors))
        if unexpected:
            raise ValueError(f"Got unexpected keys in input_dict: {unexpected}\nexpected: {sorted(self.feed_tensors)}")
        feeds = {self.feed_tensors[key]: value for key, value in input_dict.items() if value is not None}
        return self.session.run(self.fetch_tensors, feeds)


def from_saved_model(
    export_dir: Any,
    signature_def_key: str | None = None,
    signature_def: Any = None,
    input_names: Mapping[str, str] | None = None,
    output_names: Mapping[str, str] | None = None,
    tags: str | None = None,
    graph: Any = None,
    config: Any = None,
) -> Predictor:
    """A predictor of a SavedModel: by a signature's key, "serving_default" unless given, a signature, or names.

    Args:
      input_names, output_names: {key: name of a tensor}.
      tags: of the graph, with commas between; "serve" unless given.
      graph, config: of the Session.

    Raises:
      ValueError: for more than one of the three, or a key that there is not.
    """
    if (input_names is None) != (output_names is None):
        raise ValueError("input_names and output_names must both be specified or both be unspecified.")
    if sum(given is not None for given in (signature_def_key, signature_def, input_names)) > 1:
        raise ValueError(
            "You must specify at most one of signature_def_key OR signature_def OR(input_names AND output_names)."
        )
    graph = graph or Graph()
    with graph.as_default():
        session = Session(graph=graph, config=config)
        loaded = load_saved_model(session, (tags or "serve").split(","), export_dir)
    if input_names is not None and output_names is not None:
        return Predictor(graph, session, input_names, output_names)
    if signature_def is None:
        key = signature_def_key or _SERVING
        found = loaded.signature_def
        key = key if key in found else f"default_input_alternative:{key}"
        if key not in found:
            raise ValueError(
                f'Got signature_def_key "{signature_def_key or _SERVING}". Available signatures are {sorted(found)}.'
            )
        signature_def = found[key]
    return Predictor(graph, session, *_names(signature_def))


def from_estimator(
    estimator: Any,
    serving_input_receiver_fn: Callable[[], Any],
    output_key: str | None = None,
    graph: Any = None,
    config: Any = None,
) -> Predictor:
    """A predictor of an Estimator's newest checkpoint.

    Args:
      serving_input_receiver_fn: as of `Estimator.export_saved_model`.
      output_key: the signature's; "serving_default" unless given.
      graph, config: of the Session.

    Raises:
      TypeError: for an Estimator of `tf.contrib.learn`.
      KeyError: for a signature that there is not.
    """
    if not isinstance(estimator, core.Estimator):
        raise TypeError(
            f"Expected estimator to be of type tf.estimator.Estimator, but got {type(estimator)}, which has no "
            "serving signatures."
        )
    graph = graph or Graph()
    with graph.as_default():
        receiver = serving_input_receiver_fn()
        spec = estimator.model_fn(receiver.features, None, core.ModeKeys.PREDICT, estimator.config)
        key = output_key or _SERVING
        if key not in spec.export_outputs:
            raise KeyError(f"output_key must be one of {sorted(spec.export_outputs)}; got {key}")
        signature = spec.export_outputs[key].as_signature_def(receiver.receiver_tensors)
        creator = v1.train.ChiefSessionCreator(config=config, checkpoint_dir=estimator.model_dir)
        session = v1.train.MonitoredSession(session_creator=creator)
    return Predictor(graph, session, *_names(signature))


def from_contrib_estimator(*args: Any, **kwargs: Any) -> Predictor:
    """Refused: an Estimator of `tf.contrib.learn` has no serving signatures here."""
    raise NotImplementedError(
        "tf.contrib.predictor.from_contrib_estimator: a tf.contrib.learn.Estimator has no serving signatures here. "
        "Write a tf.estimator.Estimator with the same model_fn, and from_estimator."
    )


def _names(signature: Any) -> tuple[dict[str, str], dict[str, str]]:
    return (
        {key: info.name for key, info in signature.inputs.items()},
        {key: info.name for key, info in signature.outputs.items()},
    )
