"""Other values in variables for the length of a block."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import tensorflow as tf

from . import variables

__all__ = ["Swapper"]


class Swapper:
    """Puts variables' stand-ins into them, and gives them back what they held.

    What it adds to a TF1 graph is kept, so that a second block adds nothing.
    """

    def __init__(self) -> None:
        #: TF1 graph's variable -> (stand-in's value into it; a placeholder; the placeholder into it).
        self._writers: dict[Any, tuple[Any, tf.Tensor, Any]] = {}

    @contextlib.contextmanager
    def swapped(self, pairs: Sequence[tuple[Any, Any]]) -> Iterator[None]:
        """The block in which each variable has the value of the variable beside it.

        However the block ends, the variables then hold what they held before it. In a TF1 graph the values
        are those of the default Session; inside `tf.function` both assignments are part of the function.

        Raises:
          RuntimeError: in a TF1 graph without a default Session.
        """
        write, restore = self._session_writers(pairs) if variables.in_tf1_graph() else _assignments(pairs)
        try:
            write()
            yield
        finally:
            restore()

    def _session_writers(self, pairs: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
        session = tf.compat.v1.get_default_session()
        if session is None:
            raise RuntimeError(
                "In a TF1 graph each Session has its own values: swap them inside `with session.as_default():`, or "
                "read the averages under the variables' names: tf.train.Saver(ema.variables_to_restore())."
            )
        writers = [self._writer(variable, stand_in) for variable, stand_in in pairs]
        before = session.run([variable for variable, _ in pairs])
        fed = {placeholder: value for (_, placeholder, _), value in zip(writers, before, strict=True)}
        write_all = [write for write, _, _ in writers]
        restore_all = [restore for _, _, restore in writers]
        return lambda: session.run(write_all), lambda: session.run(restore_all, fed)

    def _writer(self, variable: Any, stand_in: Any) -> tuple[Any, tf.Tensor, Any]:
        key = variables.key_of(variable)
        if key not in self._writers:
            with tf.init_scope(), variables.beside(variable):
                placeholder = tf.compat.v1.placeholder(variable.dtype.base_dtype, variable.shape)
                self._writers[key] = (variable.assign(stand_in).op, placeholder, variable.assign(placeholder).op)
        return self._writers[key]


def _assignments(pairs: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
    before = [tf.identity(variable) for variable, _ in pairs]

    def write() -> None:
        for variable, stand_in in pairs:
            variable.assign(stand_in)

    def restore() -> None:
        for (variable, _), value in zip(pairs, before, strict=True):
            variable.assign(value)

    return write, restore
