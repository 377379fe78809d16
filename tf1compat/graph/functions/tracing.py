"""Traces Python functions into a graph: `trace` is the way in.

A step is a function that builds TF1-style operations from its arguments and returns what to fetch. It
is traced once for each signature of its arguments; its variables are made once, by whichever trace comes first.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from ..variables import is_variable
from . import checks, identity, retracing
from .creations import Creations
from .decorating import Function
from .views import Snapshot, View, alive

__all__ = ["Step", "Traced", "step_of", "trace"]


@dataclasses.dataclass(eq=False)
class Traced:
    """One trace of a step: a part of the graph.

    name: what the step is called. step: what all traces of the function share.
    arguments: (args, kwargs) as the function got them, with a placeholder for each spec.
    inputs: the placeholders, in the order of the specs (`tf.nest.flatten(..., expand_composites=True)`).
    fetches: what the function returned, for `Session.run` to fetch.
    specs: (args, kwargs) as they were given to `trace`.
    """

    name: str
    step: Step
    arguments: tuple[tuple[Any, ...], dict[str, Any]]
    inputs: list[tf.Tensor]
    fetches: Any
    specs: tuple[tuple[Any, ...], dict[str, Any]]
    initializers: list[tf.Operation]

    @property
    def leaves(self) -> list[Any]:
        """The specs of the inputs and the Python values, in the order of the arguments."""
        return tf.nest.flatten(self.specs)

    @property
    def has_composites(self) -> bool:
        """Whether an input is sparse or ragged: several tensors."""
        return any(isinstance(leaf, tf.TypeSpec) and not isinstance(leaf, tf.TensorSpec) for leaf in self.leaves)

    def initialise(self, session: Any) -> None:
        """Give the step's variables, and the tables made in this trace, their initial values in a Session.

        Variables that have a value in it (restored, or initialised before) keep it. Does nothing in a
        Session where it was called before. Every caller that runs `fetches` calls this first.
        """
        if self in session._initialised:
            return
        with session._lock:
            if self in session._initialised:
                return
            missing = [v for v in self.step.creations.variables if not _has_value(session, v)]
            todo = [v.initializer for v in missing] + self.initializers
            if todo:
                session.run(todo)
            session._initialised.add(self)


class Step:
    """What all traces of one function in one graph share: its variables, and the graph as its first trace saw it."""

    def __init__(self, fn: Callable[..., Any], name: str, key: Hashable, signature: Any = None) -> None:
        self.fn, self.name, self.key, self.signature = fn, name, key, signature
        self.creations = Creations(name)
        self.snapshot: Snapshot | None = None
        self.traces: dict[Hashable, Traced] = {}


def step_of(graph: Any, fn: Callable[..., Any]) -> Step:
    """The step that a function is in a graph; the same for equal bound methods and partials."""
    if isinstance(fn, Function) and graph in fn.steps:  # whatever the names around it are bound to by now
        return fn.steps[graph]
    key = fn.key() if isinstance(fn, Function) else identity.key_of(fn)
    with graph.build_lock:
        known = graph.steps.get(key)
        if known is None:
            if isinstance(fn, Function):
                known = Step(fn.python_function, fn.name, key, fn.signature)
            else:
                known = Step(fn, identity.name_of(fn), key)
            graph.steps[key] = known
            if not isinstance(fn, Function):
                retracing.warn_of_redefined(known, graph.steps.values())
        if isinstance(fn, Function):
            fn.steps[graph] = known
        return known


def trace(session: Any, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any] | None = None) -> Traced:
    """Build what a function builds from its arguments into a Session's graph, or find it there.

    Args:
      session: the Session whose graph is built into. It runs nothing here: see `Traced.initialise`.
      fn: a function, bound method or `functools.partial`.
      args, kwargs: what to call it with: nests (tuple, list, dict) in which each `tf.TensorSpec`, `tf.SparseTensorSpec`
        or `tf.RaggedTensorSpec` becomes an input of that shape and dtype, and all else is passed as it is.
        A leading dimension of None leaves the batch size free.

    Returns:
      The trace. `session.run(traced.fetches, dict(zip(traced.inputs, values)))`, after
      `traced.initialise(session)`, runs the step.

    Raises:
      RuntimeError: inside another trace.
      TypeError: where the function returns nothing that can be fetched.
      ValueError: where it makes other variables than an earlier trace did.
      What the function raises is raised as it is, with a note that says where; the graph stays usable.
    """
    return trace_step(session.graph, step_of(session.graph, fn), args, kwargs or {})


def trace_step(graph: Any, step: Step, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Traced:
    """As `trace`, for a step."""
    parts = tf.nest.flatten((args, kwargs))
    key = _key(args, kwargs, parts)
    known = step.traces.get(key)
    if known is not None:
        return known
    if graph.is_viewed:
        raise RuntimeError(
            f"{step.name} was to be traced inside the trace of another step: call the function itself there."
        )
    with graph.build_lock:
        known = step.traces.get(key)
        if known is None:
            values = tuple(one for one, part in zip(key[1], parts, strict=True) if not _is_spec(part))
            known = step.traces[key] = _trace(graph, step, args, kwargs, values)
        return known


def _is_spec(part: Any) -> bool:
    return isinstance(part, tf.TypeSpec)


def _key(args: tuple[Any, ...], kwargs: dict[str, Any], parts: list[Any]) -> tuple[Any, ...]:
    return _structure((args, kwargs)), tuple(part if _is_spec(part) else identity.value_key(part) for part in parts)


def _structure(nest: Any) -> Hashable:
    """A key that is equal for nests of the same form."""
    if isinstance(nest, Mapping):
        return (type(nest), *[(key, _structure(nest[key])) for key in sorted(nest)])
    if isinstance(nest, (list, tuple)):
        return (type(nest), *[_structure(part) for part in nest])
    return None


def _trace(graph: Any, step: Step, args: tuple[Any, ...], kwargs: dict[str, Any], values: Hashable) -> Traced:
    again = step.snapshot is not None and bool(step.creations.variables or step.traces)
    specs = args, kwargs
    with graph.as_default(), tf.control_dependencies(None), graph.name_scope(None), graph.device(None):
        inputs: list[tf.Tensor] = []
        (args, kwargs) = _with_placeholders(step, args, kwargs, inputs)
        if not again:
            step.snapshot = Snapshot(graph)
        assert step.snapshot is not None
        view = View(graph, step.snapshot, names=again)
        view.know(step.creations.listed() if again else ())
        begin = graph.version
        step.creations.begin(values)
        graph.view = view
        alive.append(view)
        keras_names = dict(graph.keras_names)
        try:
            if again:
                graph.keras_names.clear()
                graph.keras_names.update(step.snapshot.keras_names)
            with tf.compat.v1.variable_creator_scope(step.creations.creator(graph, view)):
                asked = step.fn(*args, **kwargs)
            checks.check_fetches(graph, step, asked)
            made = graph.get_operations()[begin:]
            dependent = checks.dependent(made, inputs)
            checks.check_initial_values(step, dependent)
            if step.traces:
                checks.check_handles(step, made)
        except BaseException as error:
            _add_note(error, step, inputs)
            raise
        finally:
            graph.view = None
            alive.remove(view)
            if again:
                graph.keras_names.clear()
                graph.keras_names.update(keras_names)
    checks.warn_of_unfetched_training(graph, step, asked, made, inputs)
    step.creations.end()
    tables = tf.compat.v1.GraphKeys.TABLE_INITIALIZERS
    free = [(key, item) for key, item in view.added() if not checks.depends(graph, item, dependent)]
    view.merge((key, item) for key, item in free if not step.traces or is_variable(item))
    initializers = [item for key, item in free if key == tables and isinstance(item, tf.Operation)]
    return Traced(step.name, step, (args, kwargs), inputs, asked, specs, initializers)


def _with_placeholders(step: Step, args: Any, kwargs: Any, inputs: list[tf.Tensor]) -> Any:
    """The arguments with placeholders, which go to `inputs` too, in place of specs."""
    paths = identity.paths_of(step.fn, args, kwargs)
    parts = []
    for path, part in zip(paths, tf.nest.flatten((args, kwargs)), strict=True):
        if _is_spec(part):
            name = f"{_op_name(step.name)}.inputs/{_op_name(path)}"
            components = [
                tf.compat.v1.placeholder(spec.dtype, spec.shape, name=name)
                for spec in tf.nest.flatten(part, expand_composites=True)
            ]
            inputs.extend(components)
            part = tf.nest.pack_sequence_as(part, components, expand_composites=True)
        parts.append(part)
    return tf.nest.pack_sequence_as((args, kwargs), parts)


def _op_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.]", "_", text).lstrip("_") or "step"


def _has_value(session: Any, variable: Any) -> bool:
    handle = session._resources.handle(_tf.variable_handle_of(variable).op, session._plans.evaluate)
    with _tf.eager_mode():
        return bool(tf.raw_ops.VarIsInitializedOp(resource=handle))


def _add_note(error: BaseException, step: Step, inputs: list[tf.Tensor]) -> None:
    """Say in an error which step was being traced, with what (Python 3.11 on; the traceback shows the line)."""
    if hasattr(error, "add_note"):
        given = ", ".join(f"{t.op.name.rpartition('/')[2]}: {t.dtype.name}{t.shape}" for t in inputs)
        error.add_note(f"While the step {step.name}({given}) was traced for Session.run.")
