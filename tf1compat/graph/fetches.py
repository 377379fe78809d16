"""What `Session.run` is asked for: a nest of things to fetch, and the same nest of values back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import tensorflow as tf

from .. import _tensorflow as _tf
from . import errors, variables

__all__ = ["Fetches", "cache_key", "register_session_run_conversion_functions", "resolve"]

#: type -> (its parts as fetches, and how to build the value from theirs); users may register more.
_conversions: list[tuple[type, Callable[[Any], tuple[list[Any], Callable[[list[Any]], Any]]]]] = []


def register_session_run_conversion_functions(
    tensor_type: type,
    fetch_function: Callable[[Any], Any],
    feed_function: Callable[[Any, Any], Any] | None = None,
    feed_function_for_partial_run: Callable[[Any], Any] | None = None,
) -> None:
    """Let `Session.run` fetch and feed values of a user's type, as TF 1.15's function of that name.

    `fetch_function(value)` gives (list of fetches, function from their values to the result);
    `feed_function(key, value)` gives a list of (tensor, value) pairs;
    `feed_function_for_partial_run(key)` gives the tensors that will be fed.
    """
    for known, _ in _conversions:
        if issubclass(tensor_type, known):
            raise ValueError(f"{tensor_type} has already been registered so ignore it.")
    _conversions.insert(0, (tensor_type, fetch_function))
    if feed_function is not None:
        feed_conversions.insert(0, (tensor_type, feed_function))
    if feed_function_for_partial_run is not None:
        partial_feed_conversions.insert(0, (tensor_type, feed_function_for_partial_run))


feed_conversions: list[tuple[type, Callable[[Any, Any], Any]]] = []
partial_feed_conversions: list[tuple[type, Callable[[Any], Any]]] = []


class Fetches(NamedTuple):
    """Unique graph elements to compute, and how to give the answer in the shape asked.

    `assemble(values)` takes one value per element of `elements`, None for an operation.
    """

    elements: list[tf.Tensor | tf.Operation]
    assemble: Callable[[list[Any]], Any]


def cache_key(fetches: Any, kept: list[Any]) -> Any:
    """A hashable key that is equal for the same objects in the same nest.

    Objects count by identity; they are appended to `kept`, which must live as long as the key, so
    that no other object takes their identity.
    """
    kind = type(fetches)
    if kind is list or kind is tuple:
        return (kind, *[cache_key(part, kept) for part in fetches])
    if kind is str or kind is bytes:
        return fetches
    if isinstance(fetches, Mapping):
        return (kind, *[(key, cache_key(part, kept)) for key, part in fetches.items()])
    if isinstance(fetches, (list, tuple)):
        return (kind, *[cache_key(part, kept) for part in fetches])
    if hasattr(kind, "__attrs_attrs__"):
        return (kind, *[cache_key(getattr(fetches, a.name), kept) for a in kind.__attrs_attrs__])
    kept.append(fetches)
    return id(fetches)


def resolve(graph: Any, fetches: Any) -> Fetches:
    """Find what a nest of fetches means in a graph.

    Raises:
      TypeError: for what cannot be fetched at all (None, a number), named with its place.
      ValueError: for a name that the graph has not, or an element of another graph.
    """
    elements: list[tf.Tensor | tf.Operation] = []
    places: dict[int, int] = {}

    def leaf(element: tf.Tensor | tf.Operation) -> Callable[[list[Any]], Any]:
        at = places.setdefault(id(element), len(elements))
        if at == len(elements):
            elements.append(element)
        return lambda values: values[at]

    assemble = _resolve(graph, fetches, leaf)
    return Fetches(elements, assemble)


_Leaf = Callable[[Any], Callable[[list[Any]], Any]]


def _resolve(graph: Any, fetches: Any, leaf: _Leaf) -> Callable[[list[Any]], Any]:
    if fetches is None:
        raise TypeError(f"Fetch argument {fetches!r} has invalid type {type(fetches)!r}")
    for known, fetch_function in _conversions:
        if isinstance(fetches, known):
            parts, build = fetch_function(fetches)
            inner = [_resolve(graph, part, leaf) for part in parts]
            return lambda values: build([part(values) for part in inner])
    composite = _composite(fetches)
    if composite is not None:
        parts, build_from = composite
        inner = [_resolve(graph, part, leaf) for part in parts]
        return lambda values: build_from(*[part(values) for part in inner])
    if isinstance(fetches, Mapping):
        keys = list(fetches)
        inner = [_resolve(graph, fetches[key], leaf) for key in keys]
        return lambda values: _like_mapping(fetches, zip(keys, (part(values) for part in inner), strict=True))
    if isinstance(fetches, (list, tuple)):
        inner = [_resolve(graph, part, leaf) for part in fetches]
        if hasattr(fetches, "_fields"):
            make = type(fetches)
            return lambda values: make(*[part(values) for part in inner])
        if type(fetches) is list:
            return lambda values: [part(values) for part in inner]
        if type(fetches) is tuple:
            return lambda values: tuple(part(values) for part in inner)
        make = type(fetches)
        return lambda values: make([part(values) for part in inner])
    if hasattr(type(fetches), "__attrs_attrs__"):
        make = type(fetches)
        names = [a.name for a in make.__attrs_attrs__]
        inner = [_resolve(graph, getattr(fetches, name), leaf) for name in names]
        return lambda values: make(*[part(values) for part in inner])
    told = _tf.session_conversion(fetches)
    if told is not None:
        parts, build = told[0](fetches)
        inner = [_resolve(graph, part, leaf) for part in parts]
        return lambda values: build([part(values) for part in inner])
    return leaf(_fetched_element(graph, fetches))


def _like_mapping(original: Mapping[Any, Any], items: Any) -> Any:
    """A mapping of the type that was asked with, as TF1 made it: empty, then filled."""
    result = type(original)()
    for key, value in items:
        result[key] = value  # type: ignore[index]
    return result


def _composite(value: Any) -> tuple[list[Any], Callable[..., Any]] | None:
    """The tensors of a sparse, sliced or ragged value, and what TF1 returned for it."""
    v1 = tf.compat.v1
    if isinstance(value, tf.SparseTensor):
        return [value.indices, value.values, value.dense_shape], v1.SparseTensorValue
    if isinstance(value, tf.IndexedSlices):
        if value.dense_shape is None:
            return [value.values, value.indices], lambda v, i: _tf.IndexedSlicesValue(v, i, None)
        return [value.values, value.indices, value.dense_shape], _tf.IndexedSlicesValue
    if isinstance(value, tf.RaggedTensor):
        splits = value.nested_row_splits

        def ragged(flat: Any, *rows: Any) -> Any:
            for row in reversed(rows):
                flat = v1.ragged.RaggedTensorValue(flat, row)
            return flat

        return [value.flat_values, *splits], ragged
    return None


def element_of(graph: Any, thing: Any, allow_operation: bool = True) -> tf.Tensor | tf.Operation:
    """The tensor or operation of `graph` that a fetch or feed key means.

    Raises, as `Graph.as_graph_element`: TypeError, ValueError, KeyError.
    """
    if isinstance(thing, bytes):
        thing = thing.decode()
    if isinstance(thing, str):
        value = variables.value_by_name(graph, thing)
        if value is not None:
            return value
    inner = getattr(thing, "value", None)
    if not callable(inner) and variables.is_variable(inner):  # a Keras variable holds TensorFlow's
        thing = inner
    if variables.is_variable(thing):
        op = getattr(thing, "op", None)  # an eager variable has none
        if op is not None and op.type != "VarHandleOp":
            return graph.as_graph_element(thing)  # what `assign` returned: the value after it
        if isinstance(thing.handle, _tf.EagerTensor) or thing.handle.graph is graph:
            return variables.value_of_handle(graph, variables.handle_of(graph, thing))
        raise ValueError(f"Variable {thing.name} is of another graph than this Session's.")
    return graph.as_graph_element(thing, allow_tensor=True, allow_operation=allow_operation)


def _fetched_element(graph: Any, thing: Any) -> tf.Tensor | tf.Operation:
    if isinstance(thing, _tf.EagerTensor):
        raise TypeError(f"Fetch argument {thing!r} is an eager tensor: it has its value, and is of no graph.")
    if isinstance(thing, tf.distribute.DistributedValues) and not isinstance(thing, tf.Variable):
        raise TypeError(f"Fetch argument {thing!r}: fetch each replica's, strategy.experimental_local_results(fetch).")
    if isinstance(thing, (tf.Tensor, tf.Operation)):
        if thing.graph is not graph and _tf.outermost(thing.graph) is graph:
            raise errors.not_fetchable(thing)
    try:
        return element_of(graph, thing)
    except TypeError as error:
        raise TypeError(
            f"Fetch argument {thing!r} has invalid type {type(thing)!r}, "
            f"must be a string or Tensor. ({error})"
        ) from None
    except (ValueError, KeyError) as error:
        raise ValueError(
            f"Fetch argument {thing!r} cannot be interpreted as a Tensor. ({error})"
        ) from None

