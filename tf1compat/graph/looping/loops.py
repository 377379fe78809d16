"""The loop around a step: a function that does as many steps as it is told.

The step is the compiled function of `Session.run`, called by its name. One loop serves any number of steps, as
that is an argument; what it was traced for is the kind of data, what is kept, and whether XLA compiles it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from ... import _tensorflow as _tf
from .. import defaults
from ..config import Settings
from ..running.compiled import Compiled
from ..state import reclaiming
from .results import Output
from .sources import Source

__all__ = ["Kind", "Loop", "loop_of"]

_numbers = itertools.count()

#: XLA wants to know how many values a loop may keep: as many as fit into this many bytes, and no more than that.
_BYTES, _MOST = 1 << 26, 4096
#: Steps of up to so many nodes are written out several times in the loop: an iteration costs more than they do.
_UNROLLED = ((20, 8), (100, 4))


class Kind(NamedTuple):
    """What loops of one step differ in.

    keeps_all: whether the values of all steps are handed out. xla: whether XLA compiles it.
    source: the signature of what it is fed.
    """

    keeps_all: bool
    xla: bool
    source: Any
    outputs: tuple[Output, ...]


class Loop:
    """Steps as one function of the runtime.

    function: takes `arguments(...)`; returns how many steps were done, then for each output its last value, or a
      list or tensor of all values.
    capacity: how many steps a call may do, None for any number.
    xla: whether XLA compiles it, or the step in it.
    atomic: whether a call that fails leaves the variables as they were.
    seconds: how long a step took last; None while that is not known.
    """

    def __init__(self, step: Compiled, source: Source, fixed: Sequence[Any], kind: Kind, settings: Settings) -> None:
        self.xla = kind.xla
        self.atomic = kind.xla and not source.ends
        self.capacity = _capacity(kind.outputs) if kind.keeps_all and self.atomic else None
        self.seconds: float | None = None
        self.tried = False  # whether a call of it has come to its end
        chunk = _Chunk(step, source, kind, self.atomic, self.capacity)
        count = tf.TensorSpec([], tf.int32)
        signature = [count, count, tf.TensorSpec([], tf.resource), list(source.specs), list(fixed)]
        with defaults.eager():
            whole = tf.function(chunk, input_signature=signature, autograph=False, jit_compile=self.atomic or None)
            self._traced = whole.get_concrete_function()
        definition = type(self._traced.function_def)()
        definition.CopyFrom(self._traced.function_def)
        definition.signature.name = f"tf1compat_steps_{next(_numbers)}"
        _tf.add_function(definition)
        self.function = Compiled(
            definition.signature.name,
            list(self._traced.captured_inputs),
            [output.dtype.as_datatype_enum for output in self._traced.outputs],
            again=[],
            xla=self.atomic,
            waits=True,
            keeps=set(),
            settings=settings,
            once=False,
            handles=None,
            renamed=step.renamed,
        )
        self.function.ran = True  # it is for `stepping` to do without XLA, not for the Session
        reclaiming.watch(self.function, definition)

    def arguments(self, count: int, done: int, counter: Any, source: Source, fixed: Sequence[Any]) -> list[Any]:
        """The values for a call that does `count` steps, after `done` steps; in eager mode."""
        numbers = [tf.constant(count, tf.int32), tf.constant(source.start(done), tf.int32)]
        return [*numbers, counter, *tf.nest.flatten(source.arguments, expand_composites=True), *fixed]


def loop_of(step: Compiled, source: Source, fixed: Sequence[Any], kind: Kind, settings: Settings) -> Loop:
    """The loop of a kind around a step, which keeps it."""
    loop = step.loops.get(kind)
    if loop is None:
        loop = step.loops[kind] = Loop(step, source, fixed, kind, settings)
    return loop


def _capacity(outputs: Sequence[Output]) -> int:
    sizes = [1]
    for output in outputs:
        dimensions = output.shape.as_list() if output.shape.rank is not None else [None]
        sizes.append(output.dtype.size * int(np.prod([128 if size is None else size for size in dimensions])))
    return max(1, min(_MOST, _BYTES // sum(sizes)))


class _Chunk:
    """Builds the loop, when it is called by `tf.function`."""

    def __init__(self, step: Compiled, source: Source, kind: Kind, atomic: bool, capacity: int | None) -> None:
        self._step, self._source, self._kind = step, source, kind
        self._atomic, self._capacity = atomic, capacity
        self._has_token = len(step.output_types) > sum(output.computed for output in kind.outputs)
        self._call = tf.function(self._run, autograph=False, jit_compile=True) if kind.xla and not atomic else self._run
        self._unrolled = 1
        if not kind.xla and not source.ends:
            nodes = len(_tf.function_definition(step.name).node_def)
            self._unrolled = next((times for most, times in _UNROLLED if nodes <= most), 1)

    def __call__(self, count: Any, start: Any, counter: Any, given: Any, fixed: Any) -> list[Any]:
        self._start, self._counter, self._given, self._fixed = start, counter, given, fixed
        if self._kind.keeps_all:
            size = count if self._capacity is None else self._capacity
            kept: list[Any] = [
                tf.TensorArray(o.dtype, size=size, element_shape=o.shape, infer_shape=False, clear_after_read=False)
                for o in self._kind.outputs
            ]
        else:
            kept = [_blank(output) for output in self._kind.outputs]
        if self._has_token:
            kept.append(tf.constant(True))
        done = tf.constant(0)
        if self._atomic and any(not output.shape.is_fully_defined() for output in self._kind.outputs):
            kept = self._steps(done, kept, 1)  # XLA's loops cannot carry what changes its shape in them
            done = done + 1
        times = self._unrolled
        if times > 1:
            done, kept = self._loop(count - (times - 1), done, kept, times)
        done, kept = self._loop(count, done, kept, 1)
        if self._has_token:
            kept = kept[:-1]
        if self._kind.keeps_all:
            kept = [array.stack() if self._atomic else array.flow for array in kept]
        return [done, *kept]

    def _loop(self, end: Any, done: Any, kept: list[Any], times: int) -> tuple[Any, list[Any]]:
        """Iterations of `times` steps until `end`, or the end of the data."""
        loose = [one if isinstance(one, tf.TensorArray) else one.shape for one in kept]
        if not self._kind.keeps_all and not self._atomic:
            loose[: len(self._kind.outputs)] = [output.shape for output in self._kind.outputs]
        shapes = [tf.TensorShape([]), tf.TensorShape([]), [_invariant(one) for one in loose]]
        if not self._source.ends:
            del shapes[1]
            done, kept = tf.while_loop(
                lambda done, kept: done < end,
                lambda done, kept: (done + times, self._steps(done, kept, times)),
                [done, kept],
                shapes,
                parallel_iterations=1,
            )
            return done, kept

        def step(done: Any, more: Any, kept: list[Any]) -> Any:
            there, values = self._source.take(self._given, done, False)
            return tf.cond(
                there,
                lambda: (done + 1, tf.constant(True), self._one(done, kept, values())[0]),
                lambda: (done, tf.constant(False), kept),
            )

        done, _, kept = tf.while_loop(
            lambda done, more, kept: tf.logical_and(more, done < end),
            step,
            [done, tf.constant(True), kept],
            shapes,
            parallel_iterations=1,
        )
        return done, kept

    def _steps(self, done: Any, kept: list[Any], times: int) -> list[Any]:
        """`times` steps, one after the other, on data that does not end here."""
        after: list[Any] = []
        for number in range(times):
            at = done + number
            values = self._source.take(self._given, self._start + at, self._atomic)[1]()
            with tf.control_dependencies(after):
                kept, after = self._one(at, kept, values)
        return kept

    def _one(self, at: Any, kept: list[Any], values: list[Any]) -> tuple[list[Any], list[Any]]:
        """One step: what is kept then, and what the next step must wait for."""
        values = [*values, *self._fixed]
        outputs = list(self._call(values)) if self._step.output_types else []
        for output in self._kind.outputs:
            if output.computed:
                outputs[output.place].set_shape(output.shape)
        fetched = [(outputs if output.computed else values)[output.place] for output in self._kind.outputs]
        # When the call is put in line, an edge from it would not wait for all that it does: one from each output does.
        after: list[Any] = [tf.identity(output) for output in outputs]
        if not self._atomic:
            with tf.control_dependencies(after), tf.device("CPU:0"):
                one = tf.constant(1, tf.int64)
                after = [tf.raw_ops.AssignAddVariableOp(resource=self._counter, value=one)]
        if self._kind.keeps_all:
            fetched = [array.write(at, value) for array, value in zip(kept, fetched, strict=False)]
        if self._has_token:
            token = outputs[-1]
            token.set_shape([])
            fetched.append(token)
        return fetched, after

    def _run(self, values: list[Any]) -> list[Any]:
        return tf.raw_ops.StatefulPartitionedCall(
            args=self._step.arguments(values), Tout=self._step.output_types, f=self._step.name
        )


def _blank(output: Output) -> tf.Tensor:
    """A value to begin with, before the first step."""
    sizes = [] if output.shape.rank is None else [size or 0 for size in output.shape.as_list()]
    return tf.zeros(sizes, output.dtype)


def _invariant(one: Any) -> Any:
    return tf.TensorShape(None) if isinstance(one, tf.TensorArray) else one
