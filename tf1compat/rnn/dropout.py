"""`DropoutWrapper`."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from . import states
from .states import LSTMStateTuple
from .wrappers import CellWrapper

__all__ = ["DropoutWrapper"]


class DropoutWrapper(CellWrapper):
    """Dropout on what goes into `cell`, on its outputs, and on the state it leaves.

    What is kept is divided by the probability. Under a `seed` (an int) every tensor has its own: the first 31 bits
    of the MD5 of seed, kind of tensor and its number.

    Args:
      cell: the cell inside.
      input_keep_prob, output_keep_prob, state_keep_prob: floats or scalar tensors in [0, 1]; 1.0 adds nothing.
      variational_recurrent: whether one mask, the same for the whole batch, serves every step of a run (Gal and
        Ghahramani, 2015, arXiv:1512.05287). It needs `dtype`, and `input_size` where inputs are dropped.
      input_size: TensorShape or a nest of them, the inputs' sizes without the batch.
      dtype: of the masks.
      seed: see above.
      dropout_state_filter_visitor: `f(state or part of it)` gives True (drop in all of it), False (in none of it)
        or a like nest of booleans. By default all but the `c` of an `LSTMStateTuple` and TensorArrays.

    Raises:
      TypeError: for what is no cell, or a visitor that cannot be called.
      ValueError: for a probability outside [0, 1], or a lacking dtype or input_size.
    """

    def __init__(
        self,
        cell: Any,
        input_keep_prob: Any = 1.0,
        output_keep_prob: Any = 1.0,
        state_keep_prob: Any = 1.0,
        variational_recurrent: bool = False,
        input_size: Any = None,
        dtype: Any = None,
        seed: int | None = None,
        dropout_state_filter_visitor: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cell, dtype=dtype, **kwargs)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._dropout_state_filter = dropout_state_filter_visitor or _all_but_memory
        with tf.name_scope("DropoutWrapperInit"):
            self._input_keep_prob = _probability(input_keep_prob, "input_keep_prob")
            self._state_keep_prob = _probability(state_keep_prob, "state_keep_prob")
            self._output_keep_prob = _probability(output_keep_prob, "output_keep_prob")
        self._variational_recurrent = variational_recurrent
        self._input_size = input_size
        self._seed = seed
        self._noise: dict[str, Any] = {"input": None, "state": None, "output": None}
        if not variational_recurrent:
            return
        if dtype is None:
            raise ValueError("When variational_recurrent=True, dtype must be provided")
        if _drops(self._input_keep_prob):
            if input_size is None:
                raise ValueError(
                    "When variational_recurrent=True and input_keep_prob < 1.0 or is unknown, "
                    "input_size must be provided"
                )
            self._noise["input"] = self._masks("input", input_size, dtype)
        self._noise["state"] = self._masks("state", cell.state_size, dtype)
        self._noise["output"] = self._masks("output", cell.output_size, dtype)

    def _gen_seed(self, salt_prefix: str, index: int) -> int | None:
        """The op seed of one tensor; scripts that derive their own wrapper call it by this name."""
        if self._seed is None:
            return None
        digest = hashlib.md5(f"{self._seed}{salt_prefix}_{index}".encode(), usedforsecurity=False)
        return int(digest.hexdigest()[:8], 16) & 0x7FFFFFFF

    def _masks(self, kind: str, sizes: Any, dtype: Any) -> Any:
        """Uniform noise of shape [1, *size] for every size of a nest."""
        number = itertools.count()
        return tf.nest.map_structure(
            lambda size: tf.random.uniform(
                [1, *tf.TensorShape(size if isinstance(size, tf.TensorShape) else [size]).as_list()],
                seed=self._gen_seed(kind, next(number)),
                dtype=dtype,
            ),
            sizes,
        )

    def _drop(self, kind: str, values: Any, keep_prob: Any, where: Any) -> Any:
        """`values` with dropout at every leaf of the nest `where` that is not False."""
        number = itertools.count()

        def one(chosen: Any, value: Any, noise: Any = None) -> Any:
            seed = self._gen_seed(kind, next(number))
            if chosen is False:
                return value
            if noise is None:
                return tf.nn.dropout(value, rate=1.0 - keep_prob, seed=seed)
            dropped = value / keep_prob * tf.floor(keep_prob + noise)
            dropped.set_shape(value.shape)
            return dropped

        noises = [self._noise[kind]] if self._variational_recurrent else []
        return states.map_up_to(where, one, values, *noises)

    def step(self, inputs: Any, state: Any, cell: Callable[[Any, Any], Any]) -> Any:
        if _drops(self._input_keep_prob):
            inputs = self._drop("input", inputs, self._input_keep_prob, inputs)
        output, state = cell(inputs, state)
        if _drops(self._state_keep_prob):
            where = _chosen(self._dropout_state_filter, state)
            state = self._drop("state", state, self._state_keep_prob, where)
        if _drops(self._output_keep_prob):
            output = self._drop("output", output, self._output_keep_prob, output)
        return output, state

    def get_config(self) -> dict[str, Any]:
        plain = "input_keep_prob output_keep_prob state_keep_prob variational_recurrent input_size seed"
        config = {**super().get_config(), **{name: getattr(self, f"_{name}") for name in plain.split()}}
        if self._dropout_state_filter is not _all_but_memory:
            config["dropout_state_filter_visitor"] = self._dropout_state_filter
        return config


def _probability(value: Any, name: str) -> Any:
    """The float a probability is where that is known, otherwise its tensor."""
    tensor = tf.convert_to_tensor(value)
    known = tf.get_static_value(tensor)
    if known is None:
        return tensor
    if not 0 <= known <= 1:
        raise ValueError(f"Parameter {name} must be between 0 and 1: {known}")
    return float(known)


def _drops(keep_prob: Any) -> bool:
    return not isinstance(keep_prob, float) or keep_prob < 1


def _all_but_memory(state: Any) -> Any:
    if isinstance(state, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not isinstance(state, tf.TensorArray)


def _chosen(visitor: Callable[[Any], Any], state: Any) -> Any:
    """The nest of booleans that a visitor chooses; a False stands for all below it."""
    choice = visitor(state)
    if not tf.nest.is_nested(state) or choice is False:
        if not isinstance(choice, bool):
            raise TypeError(f"dropout_state_filter_visitor must return a boolean for {state}, but gave {choice!r}")
        return choice
    parts = states.branches(state)
    if isinstance(choice, bool):
        return states.like(state, [_chosen(visitor, part) for part in parts])
    if not tf.nest.is_nested(choice) or len(states.branches(choice)) != len(parts):
        raise TypeError(f"dropout_state_filter_visitor must return booleans like {state}, but gave {choice!r}")
    for flag in states.branches(choice):
        if not isinstance(flag, bool):
            raise TypeError(f"dropout_state_filter_visitor must return one level of booleans, but gave {choice!r}")
    return states.like(
        state,
        [visitor(part) if flag else False for flag, part in zip(states.branches(choice), parts, strict=True)],
    )
