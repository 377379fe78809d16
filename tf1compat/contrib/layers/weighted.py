"""What all layers with weights do alike: a scope, `tf.layers`' layer in it, a normalizer, an activation.

A function that gives the layer and its own arguments becomes, under `weighted`, the layer function with the
arguments that all of them take (`COMMON`):

    activation_fn: is applied to the outputs; None applies nothing.
    normalizer_fn, normalizer_params: is called with the outputs and the params, in the place of biases.
    weights_initializer, weights_regularizer, biases_initializer, biases_regularizer: of the variables `weights` and
        `biases`. None for the biases' initializer leaves them out.
    reuse: whether the variables of the scope are used again, see `tf.variable_scope`.
    variables_collections: collections for all variables, or a dictionary of them by "weights" and "biases".
    outputs_collections: collections for the outputs, which stand in them under the scope's name.
    trainable: whether the variables are trained.
    scope: a name or scope for the variables.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from tf1compat.contrib.framework import add_arg_scope, model_variable

from .initializers import xavier_initializer
from .utils import collect_named_outputs, get_variable_collections

__all__ = ["COMMON", "WEIGHTS", "add_to_collections", "checked_format", "finish", "renaming", "weighted"]

v1 = tf.compat.v1
#: tf.layers' name of a variable: that of tf.contrib.layers.
WEIGHTS = {"kernel": "weights", "bias": "biases"}
#: The arguments that all layers with weights take, and their defaults, in order.
COMMON: dict[str, Any] = {
    "activation_fn": tf.nn.relu,
    "normalizer_fn": None,
    "normalizer_params": None,
    "weights_initializer": xavier_initializer(),
    "weights_regularizer": None,
    "biases_initializer": v1.zeros_initializer(),
    "biases_regularizer": None,
    "reuse": None,
    "variables_collections": None,
    "outputs_collections": None,
    "trainable": True,
    "scope": None,
}


def renaming(names: Mapping[str, str] = {}) -> Callable[..., Any]:  # noqa: B006
    """A custom getter that makes model variables, under the names of tf.contrib.layers."""

    def getter(getter: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> Any:
        space, slash, own = name.rpartition("/")
        known = {key: kwargs[key] for key in _TAKEN if key in kwargs}
        return model_variable(f"{space}{slash}{names.get(own, own)}", *args, custom_getter=getter, **known)

    return getter


_TAKEN = frozenset(inspect.signature(model_variable).parameters) - {"name", "device", "custom_getter"}


def add_to_collections(variable: Any, variables_collections: Any, name: str) -> None:
    """Put a variable, or the parts it has, into the collections for `name`, once."""
    for collection in get_variable_collections(variables_collections, name) or ():
        for part in [variable] if isinstance(variable, tf.Variable) else list(variable):
            if not any(part is other for other in v1.get_collection(collection)):
                v1.add_to_collection(collection, part)


def checked_format(data_format: str | None, *known: str) -> str:
    """`channels_first` or `channels_last` of a data format; ValueError if it is not one of those."""
    if data_format not in known:
        raise ValueError(f"data_format has to be either {' or '.join(sorted(known))}. Got {data_format!r}.")
    return "channels_first" if data_format.startswith("NC") else "channels_last"


def finish(outputs: Any, scope: Any, activation_fn: Any, outputs_collections: Any) -> Any:
    """The activation of the outputs, collected under the scope's name."""
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return collect_named_outputs(outputs_collections, scope.name, outputs)


def weighted(default_scope: str, last: Mapping[str, Any] = {}) -> Callable[..., Any]:  # noqa: B006
    """Decorates `function(inputs, own arguments) -> (class of tf.layers, its arguments)`, see above.

    default_scope: what the variables' scope is called where the caller names none.
    last: arguments of its own that come after the common ones, with their defaults.
    """

    def decorate(describe: Callable[..., tuple[Any, dict[str, Any]]]) -> Callable[..., Any]:
        own = [p for p in inspect.signature(describe).parameters.values() if p.name not in last]
        more = [
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)
            for name, default in {**COMMON, **last}.items()
        ]
        signature = inspect.Signature([*own, *more])

        @functools.wraps(describe)
        def layer_function(*args: Any, **kwargs: Any) -> Any:
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError as error:
                raise TypeError(f"{describe.__name__}: {error}") from None
            bound.apply_defaults()
            common = {name: bound.arguments.pop(name) for name in COMMON}
            inputs = bound.arguments.pop("inputs")
            return _apply(default_scope, inputs, functools.partial(describe, **bound.arguments), **common)

        layer_function.__signature__ = signature  # type: ignore[attr-defined]
        return add_arg_scope(layer_function)

    return decorate


def _apply(
    default_scope: str,
    inputs: Any,
    describe: Callable[..., tuple[Any, dict[str, Any]]],
    activation_fn: Any,
    normalizer_fn: Any,
    normalizer_params: Any,
    weights_initializer: Any,
    weights_regularizer: Any,
    biases_initializer: Any,
    biases_regularizer: Any,
    reuse: Any,
    variables_collections: Any,
    outputs_collections: Any,
    trainable: bool,
    scope: Any,
) -> Any:
    getter = renaming(WEIGHTS)
    with v1.variable_scope(scope, default_scope, [inputs], reuse=reuse, custom_getter=getter) as inside:
        inputs = tf.convert_to_tensor(inputs)
        layer_class, own = describe(inputs=inputs)
        layer = layer_class(
            **own,
            activation=None,
            use_bias=not normalizer_fn and biases_initializer is not None,
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            name=inside.name,
            dtype=inputs.dtype.base_dtype,
            _scope=inside,
            _reuse=reuse,
        )
        outputs = layer.apply(inputs)
        add_to_collections(layer.kernel, variables_collections, "weights")
        if layer.use_bias:
            add_to_collections(layer.bias, variables_collections, "biases")
        if normalizer_fn is not None:
            outputs = normalizer_fn(outputs, **(normalizer_params or {}))
        return finish(outputs, inside, activation_fn, outputs_collections)
