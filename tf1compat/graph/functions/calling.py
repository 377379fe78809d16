"""`Session.run` of a step: finds or makes the trace and the compiled function of a call's signature."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from ... import _tensorflow as _tf
from .. import feeds, fetches
from ..running.plans import Place, answer
from . import checks, identity, retracing, signatures, tracing
from .decorating import Function
from .parts import Part

__all__ = ["STEPS", "Function", "Steps", "as_keywords"]

#: The types of what `Session.run` takes for a step; anything else is something to fetch.
STEPS = frozenset([*identity.STEPS, Function, Part])


@dataclasses.dataclass(slots=True, eq=False)
class _Plan:
    """What the calls of one signature do.

    places, assemble: as in `running.plans.Plan`. convert: for each input, what makes the runtime's value of it.
    expand, kept: of the feed dictionary, see `Session`.
    """

    traced: tracing.Traced
    function: Any
    places: list[Place]
    assemble: Callable[[list[Any]], Any]
    convert: list[Callable[[Any], Any]]
    composite: bool
    expand: Callable[[list[Any]], list[Any]] | None
    feeds: list[Callable[[Any], Any]]
    kept: list[Any]


class _Callee:
    """A step, or a part of one, as one Session calls it."""

    def __init__(self, fn: Any, step: tracing.Step) -> None:
        self.fn, self.step = fn, step
        self.part = fn if isinstance(fn, Part) else None
        self.plans: dict[Hashable, _Plan] = {}


class Steps:
    """The steps that one Session runs."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._by_object: dict[int, _Callee] = {}
        self._callees: dict[Hashable, _Callee] = {}

    def clear(self) -> None:
        self._by_object.clear()
        self._callees.clear()

    def run(
        self,
        fn: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        feed_dict: Mapping[Any, Any] | None,
        options: Any,
        run_metadata: Any,
    ) -> Any:
        """Call a step, tracing it first where it was not traced for this signature."""
        session = self._session
        session._calls.check_open()
        callee = self._by_object.get(id(fn))
        if callee is None or callee.fn is not fn:
            callee = self._callee(fn)
        given: list[Any] = []
        key: Hashable
        which: tuple[bool, ...] | None = None
        if callee.step.signature is not None:
            if callee.part is None:
                given = callee.step.signature.flat(args, kwargs)
            else:
                which, given = callee.step.signature.some(args, kwargs)
            key = which
        elif kwargs:
            key = signatures.call_key(args, given), signatures.call_key(kwargs, given)
        else:
            key = signatures.call_key(args, given)
        if feed_dict:
            key = (key, *map(id, feed_dict))
        plan = callee.plans.get(key)
        if plan is None:
            plan = self._make_plan(callee, key, args, kwargs, feed_dict or {}, which)
        if plan.composite:
            given = tf.nest.flatten(given, expand_composites=True)
        values = [convert(value) for convert, value in zip(plan.convert, given, strict=True)]
        if feed_dict:
            more = list(feed_dict.values())
            if plan.expand is not None:
                more = plan.expand(more)
            values += [convert(value) for convert, value in zip(plan.feeds, more, strict=True)]
        outputs = session._calls.call(plan.function, values, options, run_metadata)
        return answer(plan.places, plan.assemble, outputs, values)

    def trace(self, fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tracing.Traced:
        """The trace for these arguments, in which specs stand for inputs too."""
        self._session._calls.check_open()
        return self._trace(self._callee(fn).step, args, kwargs)

    def _callee(self, fn: Any) -> _Callee:
        step = tracing.step_of(self._session.graph, fn.whole if isinstance(fn, Part) else fn)
        key = (step, identity.Identity(fn)) if isinstance(fn, Part) else step
        callee = self._callees.get(key)
        if callee is None:
            callee = self._callees.setdefault(key, _Callee(fn, step))
            self._by_object[id(fn)] = callee
        return callee

    def _trace(self, step: tracing.Step, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tracing.Traced:
        graph = self._session.graph
        if step.signature is not None:
            args, kwargs = step.signature.specs
        else:
            bound = identity.bind(step.fn, step.name, args, kwargs)
            args, kwargs = signatures.spec_of(bound.args), signatures.spec_of(bound.kwargs)
            identity.check_graph(step.name, graph, (args, kwargs))
        before = len(step.traces)
        traced = tracing.trace_step(graph, step, args, kwargs)
        if len(step.traces) > before:
            self._session._growth.version = graph.version  # these new operations are no leak
            retracing.warn_of(step)
        return traced

    def _make_plan(
        self,
        callee: _Callee,
        key: Hashable,
        args: Any,
        kwargs: Any,
        feed_dict: Mapping[Any, Any],
        which: tuple[bool, ...] | None,
    ) -> _Plan:
        session = self._session
        if feed_dict and not isinstance(feed_dict, Mapping):
            raise TypeError(f"feed_dict must be a dictionary, but got {type(feed_dict)}")
        traced = self._trace(callee.step, args, kwargs)
        traced.initialise(session)
        asked, inputs = traced.fetches, traced.inputs
        if callee.part is not None:
            asked = callee.part.of(asked)
        wanted = fetches.resolve(session.graph, asked)
        if which is not None and not all(which):
            inputs = [tensor for tensor, is_given in zip(inputs, which, strict=True) if is_given]
            left_out = [tensor for tensor, is_given in zip(traced.inputs, which, strict=True) if not is_given]
            checks.check_left_out(session.graph, callee.fn.name, wanted.elements, inputs, left_out)
        fed = feeds.resolve(session.graph, feed_dict)
        for tensor, feed_key in zip(fed.tensors, fed.keys, strict=True):
            if any(tensor is one for one in traced.inputs):
                raise ValueError(f"{feed_key!r} is an argument of {traced.name}: it cannot be fed as well.")
        function, places = session._plans.function(wanted.elements, [*inputs, *fed.tensors])
        converts = callee.step.signature is not None
        convert = [_converter(tensor, at in function.keeps, converts) for at, tensor in enumerate(inputs)]
        count = len(inputs)
        plan = _Plan(
            traced, function, places, wanted.assemble, convert,
            composite=traced.has_composites,
            expand=fed.expand,
            feeds=[
                feeds.converter(tensor, feed_key, count + at in function.keeps)
                for at, (tensor, feed_key) in enumerate(zip(fed.tensors, fed.keys, strict=True))
            ],
            kept=list(feed_dict),
        )  # fmt: skip
        callee.plans[key] = plan
        return plan


def _converter(tensor: tf.Tensor, copies: bool, checks: bool) -> Callable[[Any], Any]:
    """What makes the runtime's value of an input whose dtype and shape the signature has settled, or `checks` them."""
    dtype = tensor.dtype
    if checks or dtype in (tf.string, tf.variant, tf.resource):
        return feeds.converter(tensor, tensor, copies)
    make, cpu, number, array = _tf.EagerTensor, _tf.CPU, dtype.as_datatype_enum, np.ndarray

    def convert(value: Any) -> Any:
        if type(value) is make:
            return value
        if copies and isinstance(value, array):
            value = value.copy()
        return make(value, cpu, number)

    return convert


def as_keywords(
    fetched: Any, args: tuple[Any, ...], kwargs: dict[str, Any], feed_dict: Any, options: Any, run_metadata: Any
) -> dict[str, Any]:
    """The keyword arguments that `Session.run(fetches, feed_dict, options, run_metadata)` was given in any form."""
    if callable(fetched) and not (args and (args[0] is None or isinstance(args[0], Mapping))):
        raise TypeError(
            f"{fetched!r} is no step: Session.run calls functions, bound methods, functools.partial and what "
            "tf1compat.function made. Pass a method of it, as `sess.run(thing.__call__, x)`."
        )
    if kwargs:
        raise TypeError(f"Session.run() got an unexpected keyword argument {next(iter(kwargs))!r}")
    given = {"feed_dict": feed_dict, "options": options, "run_metadata": run_metadata}
    if len(args) > len(given):
        raise TypeError(f"Session.run() takes from 1 to 4 positional arguments but {1 + len(args)} were given")
    for name, value in zip(given, args, strict=False):
        if given[name] is not None:
            raise TypeError(f"Session.run() got multiple values for argument {name!r}")
        given[name] = value
    return given
