"""Steps that have a name, and perhaps a signature, of their own."""

from __future__ import annotations

import functools
import inspect
import types
import weakref
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .. import defaults
from . import identity
from .parts import Part
from .views import alive

__all__ = ["Function", "Signature", "function"]


class Signature:
    """The `input_signature` of a step: specs that every call's arguments are converted to, as fed values are.

    specs: (args, kwargs) for the trace.
    """

    def __init__(self, fn: Callable[..., Any], name: str, specs: Any) -> None:
        for spec in tf.nest.flatten(specs):
            if not isinstance(spec, tf.TensorSpec):
                raise TypeError(f"{name}: input_signature is a nest of tf.TensorSpec, but has {spec!r}.")
        self._fn, self._name = fn, name
        bound = identity.bind(fn, name, tuple(specs), {})
        self.specs: tuple[tuple[Any, ...], dict[str, Any]] = bound.args, bound.kwargs
        self._flat = all(isinstance(spec, tf.TensorSpec) for spec in bound.args)
        self._parameters = identity.parameters_of(fn, len(bound.args))
        self._signature = inspect.signature(fn)

    def flat(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """The values for the specs, in their order.

        Raises:
          TypeError: where the arguments do not have the form of the specs.
        """
        if kwargs or len(args) != len(self.specs[0]):
            args = identity.bind(self._fn, self._name, args, kwargs).args
            if len(args) != len(self.specs[0]):
                raise TypeError(
                    f"{self._name} takes {len(self.specs[0])} arguments by its input_signature, not {len(args)}."
                )
        if self._flat:
            return list(args)
        values: list[Any] = []
        for at, (spec, arg) in enumerate(zip(self.specs[0], args, strict=True)):
            if isinstance(spec, tf.TensorSpec):
                values.append(arg)
            else:
                self._flatten(self._parameters[at], spec, arg, values)
        return values

    def some(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[bool, ...], list[Any]]:
        """For each spec whether the arguments, which may be some of the function's, have a value; and the values."""
        if self._flat and not kwargs and len(args) == len(self._parameters):
            return (True,) * len(args), list(args)
        try:
            given = self._signature.bind_partial(*args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f"{self._name}: {error}") from None
        which: list[bool] = []
        values: list[Any] = []
        for parameter, spec in zip(self._parameters, self.specs[0], strict=True):
            which += [parameter in given] * len(tf.nest.flatten(spec))
            if parameter in given:
                self._flatten(parameter, spec, given[parameter], values)
        return tuple(which), values

    def _flatten(self, path: str, spec: Any, value: Any, values: list[Any]) -> None:
        if isinstance(spec, tf.TensorSpec):
            values.append(value)
        elif isinstance(spec, Mapping):
            if not isinstance(value, Mapping) or set(value) != set(spec):
                raise TypeError(
                    f"{self._name}: {path} is a mapping with {sorted(spec)} by the input_signature; got {value!r}."
                )
            for key in sorted(spec):
                self._flatten(f"{path}[{key!r}]", spec[key], value[key], values)
        else:
            if not isinstance(value, (list, tuple)) or len(value) != len(spec):
                raise TypeError(f"{self._name}: {path} has {len(spec)} parts by the input_signature; got {value!r}.")
            for at, (one, part) in enumerate(zip(spec, value, strict=True)):
                self._flatten(f"{path}[{at}]", one, part, values)


class Function:
    """What `function` makes of a Python function: a step with a name.

    Calling it runs it in the Session that it was made by, else the default one. While another step is traced,
    calling it builds it in place, as calling the Python function would.
    """

    def __init__(
        self, fn: Callable[..., Any], name: str | None = None, input_signature: Any = None, session: Any = None
    ) -> None:
        if not isinstance(fn, identity.STEPS):
            raise TypeError(f"A step is a function, a bound method or a functools.partial; got {fn!r}.")
        self.python_function, self.name = fn, name or identity.name_of(fn)
        self.signature = None if input_signature is None else Signature(fn, self.name, input_signature)
        self._given, self._session = input_signature, session
        self._parts: dict[Hashable, Part] = {}
        #: The step that it is in each graph.
        self.steps: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
        functools.update_wrapper(self, fn, updated=())

    def __getitem__(self, names: Any) -> Part:
        """A part of a step that returns a dictionary: `sess.run(step["loss"], x, y)`, `sess.run(step["a", "b"], x)`.

        Args:
          names: a key of the dictionary, or a tuple, list or dictionary of keys; the answer has that form.

        Returns:
          A step. It runs what these outputs need and nothing else, out of the same trace, and arguments that they do
          not need may be left out where the step has an `input_signature`.
        """
        key = repr(names)
        part = self._parts.get(key)
        if part is None:
            part = self._parts.setdefault(key, Part(self, names))
        return part

    __iter__ = None  # else Python would take it for a sequence

    def key(self) -> Hashable:
        """Equal for what is one step."""
        specs = None if self.signature is None else identity.Identity(self._given)
        return "function", identity.key_of(self.python_function), self.name, specs

    def __get__(self, instance: Any, owner: type) -> Function:
        if instance is None:
            return self
        method = types.MethodType(self.python_function, instance)
        return Function(method, self.name, self._given, self._session)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it, as `session.run(self, *args, **kwargs)`; all keywords are the step's own here."""
        if alive:
            graph = _tf.graph_being_built()
            if graph is not None and graph.is_viewed:
                return self.python_function(*args, **kwargs)
        return self._session_here()._steps.run(self, args, kwargs, None, None, None)

    def trace(self, *args: Any, **kwargs: Any) -> Any:
        """Build it into the Session's graph for these arguments, or specs of them, and run nothing.

        For what must come between the making of its variables and its first run: initializers that find them, a
        `tf.train.Saver` that restores them. Without a default Session a step that has an `input_signature` is built
        into the default graph.

        Returns:
          What the function returned: tensors and operations of the graph.
        """
        session = self._session or _tf.default_session_stack.get_default()
        if session is None and self.signature is not None:
            from . import tracing  # which imports this module

            graph = defaults.get_default_graph()
            return tracing.trace_step(graph, tracing.step_of(graph, self), *self.signature.specs).fetches
        return self._session_here()._steps.trace(self, args, kwargs).fetches

    def _session_here(self) -> Any:
        session = self._session or _tf.default_session_stack.get_default()
        if session is None:
            raise RuntimeError(
                f"There is no default Session to run {self.name} in: call it inside `with sess.as_default():`, "
                f"or write `sess.run({self.name}, ...)`."
            )
        return session

    def __repr__(self) -> str:
        return f"<step {self.name}>"


def function(fn: Callable[..., Any] | None = None, *, name: str | None = None, input_signature: Any = None) -> Any:
    """Give a step a name, and perhaps a signature.

        @tf1compat.function(name="train", input_signature=[tf.TensorSpec([None, 784]), tf.TensorSpec([None, 10])])
        def step(images, labels): ...

        loss = sess.run(step, images, labels)

    Args:
      fn: the function; left out where this is used as a decorator with arguments.
      name: what it is called in the graph, in errors and warnings; the function's own name where None.
      input_signature: a list with a `tf.TensorSpec`, or a nest of them, for each argument. The step is then traced
        once, and what a call gives is converted to the dtypes, as values fed to placeholders are; a shape that does
        not fit is a `ValueError`.

    Returns:
      The step, which `Session.run` takes; calling it runs it in the default Session.
    """
    if fn is None:
        return lambda fn: Function(fn, name, input_signature)
    return Function(fn, name, input_signature)
