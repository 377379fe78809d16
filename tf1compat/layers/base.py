"""TF1's `tf.layers.Layer`: a layer whose variables live in variable scopes.

To write a layer, a recurrent cell among them, subclass `Layer`:

    class Scale(Layer):
        def build(self, input_shape):
            self.factor = self.add_weight("factor", [], initializer=tf.ones_initializer())
            self.built = True

        def call(self, inputs):
            return inputs * self.factor

    y = Scale()(x)  # the variable is called scale/factor

What a subclass may use, besides the public names:

* `_scope`: the layer's VariableScope, None until the first call (or `add_weight`), when it becomes the
  given `_scope`, or a scope that has the layer's name and a number to make it unique;
* `_set_scope(scope)`: settle it, as the first call does, in `scope` if one is given;
* `_current_scope`: the scope as it was last entered; its `original_name_scope` names the layer's ops;
* `_reuse`: the `reuse` that the scope is entered with until the layer is built; then it is True;
* `_base_name`: the name that the scope gets; `_make_unique_name()`: (`scale_1`, `scale`);
* `_keras_style`: whether the layer was made under `layers.experimental.keras_style_scope`.

All of these have a value in a subclass that does not call `Layer.__init__`, too.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from . import calling, input_spec
from .bookkeeping import add_to_collection
from .input_spec import InputSpec
from .making import Making

__all__ = ["InputSpec", "Layer"]

_v1 = tf.compat.v1
_KEYWORDS = frozenset(
    "_reuse _scope activity_regularizer autocast batch_input_shape batch_size dynamic input_shape weights".split()
)


class Layer(Making):
    """The base class of TF1's layers; by itself it gives its input back.

    Called on a tensor (or a nest of tensors, of which the first counts), it makes its variables with
    `build(input_shape)` the first time and then gives what `call(inputs, ...)` computes. The variables come
    from `tf.compat.v1.get_variable` in the layer's variable scope, so that scopes around it, with their
    reuse, initializers, partitioners and custom getters, have their effect.

    Args:
      trainable: Whether the variables are added to TRAINABLE_VARIABLES.
      name: The layer's name, and its scope's; if None, made of the class's name.
      dtype: The dtype of the variables; if None, that of the first input.
      activity_regularizer: A function of an output, whose result, by the batch's size, becomes a loss.
      weights: Values for the variables, given to them in the default session when they are made.
      autocast: Whether floating inputs are cast to the layer's dtype.
      input_shape, batch_input_shape, batch_size: Taken and not used, as in TF1.
      _scope: A name or VariableScope for the variables; if None, a scope with a unique name.
      _reuse: Whether to reuse variables of that scope: `reuse` of `tf.compat.v1.variable_scope`.

    Raises:
      TypeError: for another keyword.
      ValueError: for `_scope` or `_reuse` under `keras_style_scope`.
      NotImplementedError: for `dynamic=True`.
    """

    _autocast = False
    _activity_regularizer: Any = None
    _initial_weights: Any = None
    _input_spec: Any = None
    _call_parameters: calling.Parameters | None = None

    def __init__(self, trainable: bool = True, name: Any = None, dtype: Any = None, **kwargs: Any) -> None:
        unknown = sorted(set(kwargs) - _KEYWORDS)
        if unknown:
            raise TypeError(f"Keyword argument not understood by {type(self).__name__}: {', '.join(unknown)}")
        if kwargs.get("dynamic"):
            raise NotImplementedError(
                "tf.layers.Layer(dynamic=True): a Session cannot run Python code that is not in the graph; "
                "write the layer with TensorFlow's ops, or call the code through tf.py_func."
            )
        self._trainable = trainable
        self.built = False
        self.input_spec = None
        self._open_books()
        self._open_scope(name, kwargs.get("_scope"), kwargs.get("_reuse"))
        self._dtype = None if dtype is None else tf.as_dtype(dtype).name
        self._autocast = bool(kwargs.get("autocast", False))
        self._activity_regularizer = kwargs.get("activity_regularizer")
        self._initial_weights = kwargs.get("weights")
        self._call_parameters = calling.parameters(self.call)

    # Attributes are plain ones: `tf.Module` would make tracked copies of lists and dicts.
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__

    # What a subclass writes.

    def build(self, input_shape: Any) -> None:
        """Make the variables, for inputs of a `tf.TensorShape` or a nest of them, and set `self.built`."""
        self.built = True

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """The layer's output: `call(inputs, ...)`."""
        return args[0]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The output's static shape for an input's."""
        raise NotImplementedError(f"{type(self).__name__}.compute_output_shape: write it in the subclass.")

    @property
    def input_spec(self) -> Any:
        """What the layer demands of its inputs: an `InputSpec`, one an input, or None."""
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value: Any) -> None:
        self._input_spec = tf.nest.map_structure(input_spec.converted, value)

    @property
    def activity_regularizer(self) -> Any:
        """The function of an output whose result becomes a loss, or None."""
        return self._activity_regularizer

    @activity_regularizer.setter
    def activity_regularizer(self, regularizer: Any) -> None:
        self._activity_regularizer = regularizer

    def _unconnected(self) -> Any:
        raise AttributeError(
            f"Layer {self._name} has no inbound nodes: of tensors that do not come from keras.Input, a layer keeps no "
            "record, in TF1 neither. Keep what you call the layer on and what it returns."
        )

    input = property(_unconnected, doc="AttributeError: TF1 kept it for tensors that came from `keras.Input`.")
    output = property(_unconnected, doc="AttributeError, as `input`.")
    input_shape = property(_unconnected, doc="AttributeError, as `input`.")
    output_shape = property(_unconnected, doc="AttributeError, as `input`.")

    # Calls.

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """The layer's output for `inputs`; further arguments are those of `call`.

        Args:
          scope: (keyword) The variable scope to make the variables in, in the first call of a layer that was
            made without one. It is handed on to `call`, as the layer's scope, if that has such a parameter.
          training: (keyword) Is handed on to `call` if that has such a parameter; if none is given there, the
            value is that of the layer whose `call` this happens in.

        Raises:
          ValueError: if the inputs do not fit `input_spec`, or `call` returns None.
        """
        scope = kwargs.pop("scope", None)
        if self._keras_style:
            if scope is not None:
                raise ValueError(f"scope argument not allowed when keras style layers are enabled, but saw: {scope}")
            outputs = self._call_in_scope(inputs, args, kwargs)
        else:
            self._set_scope(scope)
            with self._entered(self.built or self._reuse) as entered:
                if self._call_parameters is None:
                    self._call_parameters = calling.parameters(self.call)
                if "scope" in self._call_parameters.names:
                    kwargs["scope"] = entered
                outputs = self._call_in_scope(inputs, args, kwargs)
        if not self._keras_style and calling.in_graph():
            add_to_collection(_v1.GraphKeys.UPDATE_OPS, self.updates)
        return outputs

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """The same as calling the layer."""
        return self(inputs, *args, **kwargs)

    def _call_in_scope(self, inputs: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        inputs = tf.nest.map_structure(_tensor_of_number, inputs)
        training = self._pass_training(args, kwargs)
        if not calling.in_graph() and calling.current() is None:
            self._eager_losses = []
        with calling.calling(tf.nest.flatten(inputs), training, not self.trainable):
            input_spec.check(self.input_spec, inputs, self._name)
            with _v1.name_scope(self._name_scope()):
                if not self.built:
                    self._build_for(inputs)
                if self._autocast:
                    inputs = tf.nest.map_structure(self._cast_input, inputs)
                outputs = self.call(inputs, *args, **kwargs)
                if outputs is None:
                    raise ValueError(
                        "A layer's `call` method should return a Tensor or a list of Tensors, not None "
                        f"(layer: {self._name})."
                    )
                if self._activity_regularizer:
                    self._penalize(outputs, inputs)
        return outputs

    def _pass_training(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The value of `training` for the layers inside; puts that of the layer outside into `kwargs`."""
        if self._call_parameters is None:
            self._call_parameters = calling.parameters(self.call)
        if self._call_parameters.given("training", args, kwargs):
            value = self._call_parameters.value("training", args, kwargs)
            if not self._call_parameters.takes("training"):
                del kwargs["training"]
            return value
        outer = calling.current()
        if outer is None or outer.training is None:
            return None
        if self._call_parameters.takes("training"):
            given = outer.training
            kwargs["training"] = tf.cast(given, tf.bool) if tf.is_tensor(given) else bool(given)
        return outer.training

    def _build_for(self, inputs: Any) -> None:
        flat = tf.nest.flatten(inputs)
        if flat and self._dtype is None and hasattr(flat[0], "dtype"):
            self._dtype = tf.as_dtype(flat[0].dtype).base_dtype.name
        shapes = None
        if all(hasattr(one, "shape") for one in flat):
            shapes = tf.nest.map_structure(lambda one: one.shape, inputs)
        self.build(shapes)
        self.built = True  # whatever a subclass's `build` does
        if self._initial_weights is not None:
            self.set_weights(self._initial_weights)
            self._initial_weights = None

    def _cast_input(self, value: Any) -> Any:
        wanted = tf.as_dtype(self._dtype or tf.float32)
        if tf.is_tensor(value) and value.dtype.is_floating and wanted.is_floating and value.dtype != wanted:
            return tf.cast(value, wanted)
        return value

    def _penalize(self, outputs: Any, inputs: Any) -> None:
        with _v1.name_scope("ActivityRegularizer"):
            for output in tf.nest.flatten(outputs):
                loss = self._activity_regularizer(output)
                self.add_loss(loss / tf.cast(tf.shape(output)[0], loss.dtype), inputs=inputs)

    # What TF 1.15 took over from Keras, and Keras 3 has for its own layers alone.

    def add_metric(self, value: Any, aggregation: str | None = None, name: str | None = None) -> None:
        """NotImplementedError: a metric of Keras."""
        raise NotImplementedError(
            f"{type(self).__name__}.add_metric: Keras 3's metrics belong to Keras 3's layers; keep the value, "
            "or a running mean of it: tf.metrics.mean(value)."
        )

    def get_config(self) -> dict[str, Any]:
        """NotImplementedError: how Keras saves a layer."""
        raise NotImplementedError(
            f"{type(self).__name__}.get_config: Keras 3 saves its own layers alone; make the layer anew with the "
            "arguments that it was made with, and restore its variables with tf.train.Saver."
        )

    # Copies.

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """A layer of its own, which shares what belongs to the graph: tensors, variables, ops, scopes."""
        result = type(self).__new__(type(self))
        memo[id(self)] = result
        for name, value in self.__dict__.items():
            if isinstance(value, _v1.VariableScope) or name.startswith("_self_"):  # what `tf.Module` tracks
                setattr(result, name, copy.copy(value))
                continue
            memo.update((id(part), part) for part in _graph_parts(value))
            setattr(result, name, copy.deepcopy(value, memo))
        return result


def _graph_parts(value: Any) -> Iterator[Any]:
    """The tensors, variables and operations in a nest of Python's containers."""
    if isinstance(value, (tf.Tensor, tf.Variable, tf.Operation, tf.SparseTensor)):
        yield value
    elif isinstance(value, functools.partial):
        yield from _graph_parts(value.args)
    elif isinstance(value, (list, tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _graph_parts(each)


def _tensor_of_number(value: Any) -> Any:
    return tf.convert_to_tensor(value) if isinstance(value, (np.ndarray, float, int)) else value
