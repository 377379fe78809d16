"""`tf.keras.backend`'s functions that need Keras's Session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from ... import _tensorflow as _tf
from .. import variables
from . import values as keras_values
from .sessions import eagerly, get_session, holding, keras_variable

__all__ = ["batch_set_value", "eval", "function", "get_value", "set_value"]


def eval(x: Any) -> Any:  # noqa: A001 - Keras's name
    """The value of a tensor or variable, in Keras's Session, which it gives what it has no value of."""
    if isinstance(x, _tf.EagerTensor):
        return x.numpy()
    return get_session().run(x)


def get_value(x: Any) -> Any:
    """The value of a variable, of Keras's or the graph's; any other object as it is."""
    if isinstance(x, keras_variable()) or (variables.is_variable(x) and hasattr(x, "numpy")):
        return x.numpy()
    return eval(x) if tf.is_tensor(x) else x


def set_value(x: Any, value: Any) -> None:
    """Give a variable a value now, in Keras's Session."""
    if variables.is_variable(x) and _tf.graph_being_built() is not None:
        x.load(value, holding(x))
        return
    with keras_values.at_once():
        x.assign(np.asarray(value, x.dtype if isinstance(x.dtype, str) else x.dtype.as_numpy_dtype))


def batch_set_value(tuples: Any) -> None:
    """`set_value` of several (variable, value) pairs."""
    for x, value in tuples:
        set_value(x, value)


def function(
    inputs: Any, outputs: Any, updates: Any = None, name: str | None = None, **run_arguments: Any
) -> Callable[[Any], Any]:
    """A function of the values of `inputs`, that computes `outputs` and runs `updates`, in Keras's Session.

    The inputs and outputs are tensors of the graph, or those of a Keras model, which computes as in inference.

    Raises:
      NotImplementedError: for arguments of `Session.run`; for updates of a Keras model.
    """
    del name  # it named the ops that TF1's Keras added
    if run_arguments:
        raise NotImplementedError(f"tf.keras.backend.function with {sorted(run_arguments)}: call Session.run with it.")
    single = not isinstance(outputs, (list, tuple))
    fed, fetched = list(inputs), [outputs] if single else list(outputs)
    symbolic = [type(one).__name__ == "KerasTensor" for one in (*fed, *fetched)]
    if any(symbolic):
        if updates or not all(symbolic):
            raise NotImplementedError(
                "tf.keras.backend.function of a Keras model's tensors together with others: call the model on a "
                "tf.placeholder, and take tensors of the graph only."
            )
        return _of_model(fed, fetched, single)

    def run(values: Any) -> Any:
        feeds = dict(zip(fed, values, strict=True))
        found, _ = get_session().run([fetched, list(updates or ())], feeds)
        return found[0] if single else found

    return run


def _of_model(fed: list[Any], fetched: list[Any], single: bool) -> Callable[[Any], Any]:
    import keras

    model = keras.Model(fed, fetched)

    def compute(values: Any) -> Any:
        def call(model: Any) -> Any:
            given = [tf.convert_to_tensor(one, kept.dtype) for one, kept in zip(values, fed, strict=True)]
            found = model(given, training=False)
            found = [np.asarray(one) for one in (found if isinstance(found, (list, tuple)) else [found])]
            return found[0] if single else found

        return eagerly(call, model) if _tf.graph_being_built() is not None else call(model)

    return compute
