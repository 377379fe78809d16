"""Data sets and tensors of a TF1 graph as what a Keras model trains on: fetched from Keras's Session, a batch a run."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from .... import _tensorflow as _tf

__all__ = ["fetched", "is_dataset", "is_tensor"]

#: Graph -> {the number of a data set: its iterator and what that gives next}.
_iterators: weakref.WeakKeyDictionary[Any, dict[int, list[Any]]] = weakref.WeakKeyDictionary()


def is_dataset(one: Any) -> bool:
    return isinstance(one, tf.data.Dataset) and not isinstance(one._variant_tensor, _tf.EagerTensor)


def is_tensor(one: Any) -> bool:
    return isinstance(one, tf.Tensor) and not isinstance(one, _tf.EagerTensor)


def fetched(session: Any, x: Any, y: Any = None) -> Any:
    """A data set for Keras, made outside of the graph: of a data set of the graph, or of tensors, a batch a run.

    Args:
      session: The Session that runs them.
      x: A data set, or a nest of tensors, as a model's inputs.
      y: With tensors, the targets, or None.

    Raises:
      NotImplementedError: for a data set of ragged or sparse tensors.
    """
    if is_dataset(x):
        specs = x.element_spec
        if not all(isinstance(spec, tf.TensorSpec) for spec in tf.nest.flatten(specs)):
            raise NotImplementedError(
                f"fit on a data set of the graph with {specs}: Keras trains outside of the graph, which takes dense "
                "tensors there only. Instead: make it inside `with tf1compat.eager():`."
            )
        batches = _of_dataset(session, x)
    else:
        given = (x,) if y is None else (x, y)
        given = tf.nest.map_structure(lambda one: one if is_tensor(one) else tf.constant(np.asarray(one)), given)
        specs = tf.nest.map_structure(lambda one: tf.TensorSpec(one.shape, one.dtype), given)
        batches = lambda: _of_tensors(session, given)  # noqa: E731
    with _tf.eager_mode():
        return tf.data.Dataset.from_generator(batches, output_signature=specs)


def _of_dataset(session: Any, dataset: Any) -> Any:
    with session.graph.as_default():
        made = _iterators.setdefault(session.graph, {}).setdefault(id(dataset), [])
        if not made:
            iterator = tf.compat.v1.data.make_initializable_iterator(dataset)
            made += [dataset, iterator.initializer, iterator.get_next()]
    _, initializer, following = made

    def batches() -> Iterator[Any]:
        session.run(initializer)
        while True:
            try:
                yield session.run(following)
            except tf.errors.OutOfRangeError:
                return

    return batches


def _of_tensors(session: Any, given: Any) -> Iterator[Any]:
    while True:
        yield session.run(given)
