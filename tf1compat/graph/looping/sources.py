"""What each step of `Session.run_steps` is fed: nothing, slices of stacked arrays, or elements of a dataset."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .. import defaults, feeds

__all__ = ["Batches", "Nothing", "Source", "Stacked", "plain_shape", "source_of"]

#: From data, or from the specs of its elements, and whether it is stacked: the feed keys that its parts are for,
#: and what finds those parts in such data.
Match = Callable[[Any, bool], tuple[list[Any], Callable[[Any], list[Any]]]]
Values = tuple[tf.Tensor | None, Callable[[], list[Any]]]


class Source:
    """Values for the same tensors, step after step.

    keys: the feed keys that a step gives values for; tensors: what they stand for.
    length: how many steps the data lasts; None where that is not known, or it has no end.
    ends: whether only taking the next values shows that there are none.
    signature: equal for sources that one loop serves, once they are bound.
    arguments: what the loop is given at each call; specs: their `tf.TypeSpec`s.
    """

    length: int | None = None
    ends = False

    def __init__(self, graph: Any, keys: Sequence[Any]) -> None:
        self.keys = list(keys)
        self._of_keys = [feeds.key_tensors(graph, key) for key in keys]
        self.tensors = [tensor for tensors in self._of_keys for tensor in tensors]
        for at, tensor in enumerate(self.tensors):
            if any(tensor is other for other in self.tensors[:at]):
                raise ValueError(f"Tensor {tensor.name} is fed twice, by two parts of the data.")
        self.signature: Hashable = ()
        self.arguments: list[Any] = []
        self.specs: list[Any] = []

    def bind(self, kept: Callable[[int], bool]) -> None:
        """Prepare to feed `tensors`; `kept(at)`: a run may keep the value of one."""

    def start(self, done: int) -> int:
        """The index to give `take` for the first step after `done` steps."""
        return 0

    def restart(self) -> bool:
        """Begin the data anew, before a step was done; False where that cannot be."""
        return True

    def take(self, arguments: Sequence[Any], index: tf.Tensor, compiled: bool) -> Values:
        """In the loop: whether there is a step `index` (None: there is), and what makes the values then.

        `compiled`: whether XLA compiles the loop.
        """
        raise NotImplementedError


class Nothing(Source):
    """For steps that are fed nothing, or the same in each."""

    def take(self, arguments: Sequence[Any], index: tf.Tensor, compiled: bool) -> Values:
        return None, list


class Stacked(Source):
    """Arrays with one entry a step on their first axis."""

    def __init__(self, graph: Any, keys: Sequence[Any], arrays: Sequence[Any], repeat: bool) -> None:
        super().__init__(graph, keys)
        self._arrays, self._repeat = arrays, repeat
        for key, tensors in zip(keys, self._of_keys, strict=True):
            if len(tensors) != 1:
                raise NotImplementedError(
                    f"run_steps cannot take stacked arrays for {key!r}, which stands for several tensors. Give data "
                    "as a tf.data.Dataset whose elements have such a value."
                )

    def bind(self, kept: Callable[[int], bool]) -> None:
        for at, (tensor, key, array) in enumerate(zip(self.tensors, self.keys, self._arrays, strict=True)):
            stack = feeds.converter(tensor, key, copies=kept(at), stacked=True)(array)
            if stack.shape.rank == 0:
                raise ValueError(f"The data for {key!r} must have one entry a step on its first axis, but is a scalar.")
            length = int(stack.shape[0])
            if self.length is not None and length != self.length:
                raise ValueError(
                    "The arrays must have the same number of steps on their first axis, but the data for "
                    f"{self.keys[0]!r} has {self.length} and that for {key!r} has {length}."
                )
            self.length = length
            shape = tf.TensorShape([None]).concatenate(plain_shape(tensor.shape))
            self.arguments.append(stack)
            self.specs.append(tf.TensorSpec(shape, stack.dtype))
        self._entries = self.length or 1
        if self._repeat and self.length:
            self.length = None
        self.signature = ("stacked", self._repeat, len(self.keys))

    def start(self, done: int) -> int:
        return done % self._entries if self._repeat else done

    def take(self, arguments: Sequence[Any], index: tf.Tensor, compiled: bool) -> Values:
        def values() -> list[Any]:
            at = tf.math.floormod(index, tf.shape(arguments[0])[0]) if self._repeat else index
            # XLA would take a slice's place for a constant, and compile anew for each.
            return [tf.gather(stack, at) if compiled else stack[at] for stack in arguments]

        return None, values


class Batches(Source):
    """Elements of a dataset, or of an iterator that goes on where it was."""

    ends = True

    def __init__(self, graph: Any, data: Any, keys: Sequence[Any], parts: Callable[[Any], list[Any]]) -> None:
        super().__init__(graph, keys)
        self._data, self._parts = data, parts
        for key, wanted, part in zip(keys, self._of_keys, parts(data.element_spec), strict=True):
            given = tf.nest.flatten(part, expand_composites=True)
            if len(wanted) != len(given):
                raise ValueError(f"The data has {part} for {key!r}, which stands for {len(wanted)} tensors.")
            for tensor, spec in zip(wanted, given, strict=True):
                if not spec.shape.is_compatible_with(plain_shape(tensor.shape)):
                    raise ValueError(
                        f"Cannot feed values of shape {spec.shape}, which the elements of the data have, for Tensor "
                        f"{tensor.name!r}, which has shape '{tensor.shape}'"
                    )
                if spec.dtype != tensor.dtype and tf.string in (spec.dtype, tensor.dtype):
                    raise TypeError(
                        f"Cannot feed {spec.dtype.name} values for Tensor {tensor.name!r} of {tensor.dtype.name}."
                    )

    def bind(self, kept: Callable[[int], bool]) -> None:
        self._wanted = [(tensor.dtype, plain_shape(tensor.shape)) for tensor in self.tensors]
        spec = self._data.element_spec
        self.specs = [tf.data.IteratorSpec(spec)]
        self.signature = ("batches", repr(spec), tuple(map(id, self.tensors)))
        self._begin()

    def _begin(self) -> None:
        with defaults.eager():
            self.arguments = [iter(self._data)]

    def restart(self) -> bool:
        if isinstance(self._data, tf.data.Iterator):
            return False
        self._begin()
        return True

    def take(self, arguments: Sequence[Any], index: tf.Tensor, compiled: bool) -> Values:
        with tf.device("CPU:0"):
            optional = arguments[0].get_next_as_optional()
            there = optional.has_value()

        def values() -> list[Any]:
            with tf.device("CPU:0"):
                element = optional.get_value()
            given = tf.nest.flatten(self._parts(element), expand_composites=True)
            return [_as(value, *wanted) for value, wanted in zip(given, self._wanted, strict=True)]

        return there, values


def _as(value: tf.Tensor, dtype: tf.DType, shape: tf.TensorShape) -> tf.Tensor:
    if value.dtype != dtype:
        value = tf.cast(value, dtype)
    return value if _says(value.shape, shape) else tf.ensure_shape(value, shape)


def _says(known: tf.TensorShape, wanted: tf.TensorShape) -> bool:
    """Whether a shape known while building says all that is wanted of it."""
    if wanted.rank is None:
        return True
    if known.rank != wanted.rank:
        return False
    return all(want in (None, size) for size, want in zip(known.as_list(), wanted.as_list(), strict=True))


def plain_shape(shape: tf.TensorShape) -> tf.TensorShape:
    """A shape of TF1's kind as TensorFlow 2's."""
    return tf.TensorShape(None if shape.rank is None else shape.as_list())


def source_of(session: Any, data: Any, match: Match, repeat: bool) -> Source:
    """What `data` means; `match` says what its parts are for.

    Raises:
      TypeError: for data of another kind.
      ValueError: where data and keys do not fit together.
    """
    graph = session.graph
    if isinstance(data, tf.data.Iterator):
        if repeat:
            raise ValueError("repeat=True needs a tf.data.Dataset: an iterator cannot begin again.")
        return Batches(graph, data, *match(data.element_spec, False))
    if isinstance(data, tf.data.Dataset):
        keys, parts = match(data.element_spec, False)
        with defaults.eager():
            dataset = _eager(session, data)
            return Batches(graph, dataset.repeat() if repeat else dataset, keys, parts)
    if isinstance(data, tf.compat.v1.data.Iterator):
        raise TypeError(
            "data is an iterator of the graph: give its dataset as data, or give no data and build the step on its "
            "get_next()."
        )
    keys, parts = match(data, True)
    return Nothing(graph, keys) if data is None else Stacked(graph, keys, parts(data), repeat)


def _eager(session: Any, dataset: Any) -> Any:
    """A dataset that can be iterated over now; one made in the Session's graph is computed there."""
    variant = tf.data.experimental.to_variant(dataset)
    if isinstance(variant, _tf.EagerTensor):
        return dataset
    if variant.graph is not session.graph:
        raise ValueError("The dataset given as data was made in another graph than this Session's.")
    (made,) = session._plans.evaluate([variant])
    return tf.data.experimental.from_variant(made, dataset.element_spec)
