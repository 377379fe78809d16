"""The steps of one `Session.run_steps`, chunk by chunk."""

from __future__ import annotations

import operator
import time
from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from .. import defaults, errors, feeds, fetches, warned
from ..functions import calling
from .chunks import Bar, Interrupts, Pace
from .counters import counted
from .loops import Kind, Loop, loop_of
from .matching import StepArguments, by_keys
from .results import All, Last, Output, Steps, StepsInterrupted
from .sources import Source, plain_shape, source_of

__all__ = ["run_steps"]

_KEEPS: dict[str, type[Last] | type[All]] = {"last": Last, "all": All}


def run_steps(
    session: Any,
    asked: Any,
    data: Any,
    steps: int | None,
    *,
    feed_dict: Mapping[Any, Any] | None,
    keys: Any,
    keep: str,
    repeat: bool,
    xla: bool | None,
    progress: bool | None,
    chunk: int | None,
) -> Steps:
    """See `Session.run_steps`; `keys` is its `feeds`, `chunk` its `chunk_size`."""
    if keep not in _KEEPS:
        raise ValueError(f'keep must be "last" or "all", but got {keep!r}')
    if feed_dict is not None and not isinstance(feed_dict, Mapping):
        raise TypeError(f"feed_dict must be a dictionary, but got {type(feed_dict)}")
    steps, chunk = _number("steps", steps, 0), _number("chunk_size", chunk, 1)
    if steps is None and (data is None or repeat):
        raise ValueError("steps must be given: " + ("the data has no end." if repeat else "there is no data to end."))
    session._calls.check_open()
    if session.graph.version != session._growth.version:
        session._growth.look()
    if type(asked) in calling.STEPS:
        if keys is not None:
            raise ValueError("feeds= is for placeholders: what a step function takes are the elements of the data.")
        step = StepArguments(session, asked)
        source = source_of(session, data, step.match, repeat)
        asked = step.fetches
    else:
        source = source_of(session, data, by_keys(keys), repeat)
    run = _Run(session, asked, source, feed_dict or {}, keep, xla)
    total = steps if source.length is None else source.length if steps is None else min(steps, source.length)
    return run.go(total, Bar(progress, total), chunk)


def _number(name: str, value: Any, least: int) -> int | None:
    if value is None:
        return None
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an int or None, but got {value!r}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}, but got {value}")
    return number


class _Run:
    """One call: what it fetches and feeds, the loop that it runs, how far it has come."""

    def __init__(
        self, session: Any, asked: Any, source: Source, fixed: Mapping[Any, Any], keep: str, xla: bool | None
    ) -> None:
        self._session, self._source, self._keep, self._asked_xla = session, source, keep, xla
        graph = session.graph
        wanted = fetches.resolve(graph, asked)
        resolved = feeds.resolve(graph, fixed)
        for tensor, key in zip(resolved.tensors, resolved.keys, strict=True):
            if any(tensor is other for other in source.tensors):
                raise ValueError(f"Tensor {tensor.name} is fed twice, by the data and by {key!r} in feed_dict.")
        fed = [*source.tensors, *resolved.tensors]
        settings = session._settings._replace(xla=False)  # the loop is compiled, or not
        self._step, places = session._plans.function(wanted.elements, fed, settings)
        source.bind(lambda at: at in self._step.keeps)
        values = list(fixed.values())
        values = resolved.expand(values) if resolved.expand is not None else values
        self._specs = [tf.TensorSpec(plain_shape(tensor.shape), tensor.dtype) for tensor in resolved.tensors]
        self._fixed = [
            feeds.converter(tensor, key, copies=len(source.tensors) + at in self._step.keeps)(value)
            for at, (tensor, key, value) in enumerate(zip(resolved.tensors, resolved.keys, values, strict=True))
        ]
        self._assemble = wanted.assemble
        self._outputs, self._where = _outputs(wanted.elements, places)
        self._kept = _KEEPS[keep](self._outputs)
        self._done = 0
        self._loop = self._make_loop(session._settings.xla if xla is None else xla)

    def _make_loop(self, xla: bool) -> Loop:
        kind = Kind(self._keep == "all", xla, self._source.signature, tuple(self._outputs))
        return loop_of(self._step, self._source, self._specs, kind, self._session._settings)

    def go(self, total: int | None, bar: Bar, chunk: int | None) -> Steps:
        """Do the steps, `total` or to the end of the data."""
        try:
            with Interrupts() as interrupts, defaults.eager():
                with counted() as self._counter:
                    self._chunks(total, Pace(self._loop.seconds, chunk), bar, interrupts)
                return self._steps()
        except KeyboardInterrupt:
            raise StepsInterrupted(self._steps()) from None
        finally:
            bar.close()

    def _chunks(self, total: int | None, pace: Pace, bar: Bar, interrupts: Interrupts) -> None:
        while total is None or self._done < total:
            interrupts.act()
            loop = self._loop
            count = pace.next(None if total is None else total - self._done)
            count = min(count, loop.capacity or count)
            began = time.perf_counter()
            try:
                done, *values = self._call(count)
            except tf.errors.OpError as error:
                self._failed(error)
                continue
            done = int(done)
            self._kept.add(values, done)
            self._done += done
            pace.took(done, time.perf_counter() - began, compiled=not loop.tried)
            loop.tried, loop.seconds = True, pace.seconds
            bar.advance(done)
            if done < count:
                return  # the end of the data

    def _call(self, count: int) -> list[Any]:
        session, loop, source = self._session, self._loop, self._source
        if session._calls.closed:
            raise errors.closed_meanwhile()
        values = loop.arguments(count, self._done, self._counter.handle, source, self._fixed)
        options = None
        if session._settings.timeout_ms:
            options = tf.compat.v1.RunOptions(timeout_in_ms=session._settings.timeout_ms * count)
        return session._calls.call(loop.function, values, options)

    def _failed(self, error: tf.errors.OpError) -> None:
        """Say where a call failed; or, where XLA refused the step and nobody asked for XLA here, do without it."""
        loop = self._loop
        if not loop.atomic:
            self._done = self._counter.steps
        refused = loop.xla and not loop.tried and not self._done
        if refused and self._asked_xla is None and not isinstance(error, tf.errors.FailedPreconditionError):
            if self._source.restart():
                reason = str(error.message).strip().splitlines()[0]
                warned.warn(f"XLA cannot compile these steps, they run uncompiled: {reason}")
                self._loop = self._make_loop(False)
                return
        text = f"{error.message}\n\t (in run_steps, after {self._done} steps)"
        told = type(error)(error.node_def, error.op, text)
        told.steps_done = self._done
        raise told from None

    def _steps(self) -> Steps:
        values = self._kept.result()
        return Steps(self._assemble([None if at is None else values[at] for at in self._where]), self._done)


def _outputs(
    elements: Sequence[Any], places: Sequence[tuple[bool | None, int]]
) -> tuple[list[Output], list[int | None]]:
    """What the loop hands out, and for each element fetched its place there, None for an operation."""
    outputs: list[Output] = []
    where: list[int | None] = []
    for element, (computed, place) in zip(elements, places, strict=True):
        if computed is None:
            where.append(None)
            continue
        if element.dtype in (tf.variant, tf.resource):
            raise NotImplementedError(f"run_steps cannot fetch {element.name!r}, a {element.dtype.name}.")
        where.append(len(outputs))
        outputs.append(
            Output(element.name, element.dtype.base_dtype, plain_shape(element.shape), computed, place)
        )
    return outputs, where
