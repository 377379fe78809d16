"""Session: runs parts of a graph on TensorFlow 2's runtime, one compiled function a signature.

The way of a run: `fetches` says what is asked, `feeds` what is given, `compiled` makes the function of
that signature out of the graph, `resources` holds this Session's handles; one call; and the answer
comes back in the shape asked.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf
from . import defaults, exporting, feeds, growth, looping, partial, servers
from .config import read_config
from .devices import Placer
from .fetches import resolve
from .functions import calling
from .graph import Graph
from .running.calls import Calls
from .running.plans import Plans, answer
from .state import reclaiming
from .state.eager_variables import EagerVariables
from .state.resources import Resources

__all__ = ["InteractiveSession", "Session", "get_default_session"]


def get_default_session() -> Any:
    """The innermost Session entered in this thread, or None."""
    return _tf.default_session_stack.get_default()


#: The Sessions that are not closed, for `Session.reset`.
_open: weakref.WeakSet[Session] = weakref.WeakSet()


class Session(_tf.SessionInterface):
    """Runs a graph, and owns the values of its variables, queues, tables and iterators.

    Args:
      target: "" (this process), "local", or the `target` of a `tf.train.Server` of this process.
      graph: the graph to run; the default graph where None.
      config: a `tf.ConfigProto`, see `tf1compat.graph.config`.

    Two Sessions on one graph share nothing, but on a `tf.train.Server` what the server keeps. Any number of threads
    may run one Session. `close()`, or the end of its `with` block, frees everything and wakes blocked runs with
    `CancelledError`.
    """

    def __init__(self, target: str = "", graph: Any = None, config: Any = None) -> None:
        target = _check_target(target)
        self._settings = read_config(config)
        task = servers.connect(target, config.device_filters if config is not None else ())
        if graph is None:
            graph = defaults.get_default_graph()
        if not isinstance(graph, Graph):
            raise TypeError(f"graph must be a tf.Graph, but got {type(graph)}")
        self._graph, self._target, self._config = graph, target.encode(), config
        self._task = task
        self._placer = Placer(self._settings.soft_placement, self._settings.gpus, task.names if task else None)
        isolated = config is not None and config.isolate_session_state
        self._resources = Resources(graph, self._placer, None if isolated else task)
        self._plans = Plans(graph, self._resources, self._placer, self._settings)
        self._calls = Calls(graph, self._settings, on_server=task is not None)
        self._growth = growth.Watch(graph)
        self._steps = calling.Steps(self)
        self._eager = EagerVariables(self)
        self._lock = threading.RLock()  # of what is made once in a Session
        self._initialised: set[Any] = set()  # traces of steps whose variables have values here
        self._entered: Any = None
        _open.add(self)

    # Identity.

    @property
    def graph(self) -> Any:
        """The graph that this Session runs."""
        return self._graph

    @property
    def graph_def(self) -> Any:
        """The graph as a serializable `GraphDef`."""
        return self._graph.as_graph_def(add_shapes=False)

    @property
    def sess_str(self) -> bytes:
        """The target, as bytes."""
        return self._target

    # Entering and leaving.

    def as_default(self) -> contextlib.AbstractContextManager[Session]:
        """Make this the default Session of the `with` block (its graph stays as it is)."""
        return _tf.default_session_stack.get_controller(self)

    def __enter__(self) -> Session:
        if self._entered is not None:
            raise RuntimeError(
                "Session context managers are not re-entrant. Use `Session.as_default()` if you want to enter "
                "a session multiple times."
            )
        self._entered = contextlib.ExitStack()
        self._entered.enter_context(self._graph.as_default())
        self._entered.enter_context(self.as_default())
        return self

    def __exit__(self, *exception: Any) -> None:
        entered, self._entered = self._entered, None
        try:
            entered.__exit__(*exception)
        finally:
            self.close()

    def close(self) -> None:
        """Free variables, queues, tables; wake blocked runs; refuse to run from now on."""
        if not self._calls.close():
            return
        _open.discard(self)
        self._resources.close(self._calls.is_any_waiting)
        self._plans.clear()
        self._steps.clear()
        self._eager.clear()
        self._initialised.clear()
        reclaiming.reclaim()

    def __del__(self) -> None:
        if getattr(self, "_entered", self) is not self:
            with contextlib.suppress(Exception):  # the runtime may be gone at interpreter exit
                self.close()

    @staticmethod
    def reset(target: str, containers: Any = None, config: Any = None) -> None:
        """Close the open Sessions of a target, as TF1 did; "" is all that are on no server.

        Their runs raise `CancelledError`, on a server `AbortedError`, from then on. A Session's own state ends with
        it. What a cluster's servers keep ends where `containers` names its container, or, without any, its job's.

        Raises:
          NotImplementedError: for a target that is not this process.
        """
        target = _check_target(target)
        read_config(config)
        task = servers.connect(target)
        for session in list(_open):
            if (session._task and session._task.server) is (task and task.server):
                session._calls.reset = True
                session.close()
        if task is not None:
            task.clear([containers] if isinstance(containers, str) else containers or [])

    def list_devices(self) -> list[Any]:
        """The devices of this process, with TF1's attributes (name, device_type, memory_limit_bytes)."""
        if self._calls.closed:
            raise tf.errors.CancelledError(None, None, "Session has been closed.")
        return [_device(name) for name in self._placer.available()]

    # Running.

    def run(
        self,
        fetches: Any,  # noqa: A002 - TF1's name
        *args: Any,
        feed_dict: Mapping[Any, Any] | None = None,
        options: Any = None,
        run_metadata: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Compute `fetches` with the values of `feed_dict`, as TF 1.15's `Session.run`.

        `run(fetches, feed_dict, options, run_metadata)` is TF1's; `run(step, *args, **kwargs)` calls a step:
        a function that builds TF1-style operations from its arguments and returns what to fetch. It is traced once
        for each signature of its arguments, see `tf1compat.graph.functions.signatures`; the variables that it makes
        have their initial values from its first run in this Session on, unless they have others already.

        Args:
          fetches: a tensor, operation, variable, name, sparse value, or any nest of list, tuple, dict,
            namedtuple and attrs class of them; or a step: a function, bound method, `functools.partial` or
            what `tf1compat.function` made.
          args, kwargs: for a step, its arguments; else `feed_dict`, `options`, `run_metadata` in that order.
          feed_dict: values for tensors, variables (all their plain reads take the value) or names.
          options: a `tf.RunOptions`; `timeout_in_ms` and `trace_level` act.
          run_metadata: a `tf.RunMetadata` to fill, with `trace_level` set in the options.

        Returns:
          The same nest with numpy arrays (numpy scalars for rank 0, bytes for strings), None for
          operations.

        Raises:
          RuntimeError: where the Session is closed.
          TypeError, ValueError: where fetches or feeds are not of this graph or do not fit.
          tf.errors.OpError: as TF1 raised for what fails while running.
        """
        if type(fetches) in calling.STEPS:
            return self._steps.run(fetches, args, kwargs, feed_dict, options, run_metadata)
        if args or kwargs:
            return self.run(fetches, **calling.as_keywords(fetches, args, kwargs, feed_dict, options, run_metadata))
        return self._run_fetches(fetches, feed_dict, options, run_metadata)

    def _run_fetches(self, fetches: Any, feed_dict: Any, options: Any = None, run_metadata: Any = None) -> Any:
        self._calls.check_open()
        plan = self._plans.find(fetches, feed_dict)
        if self._graph.version != self._growth.version:
            self._growth.look()
        values = plan.values(feed_dict) if feed_dict else []
        outputs = self._calls.call(plan.function, values, options, run_metadata)
        return answer(plan.places, plan.assemble, outputs, values)

    def run_steps(
        self,
        fetches: Any,  # noqa: A002 - as `run` names it
        data: Any = None,
        steps: int | None = None,
        *,
        feed_dict: Mapping[Any, Any] | None = None,
        feeds: Any = None,  # noqa: A002
        keep: str = "last",
        repeat: bool = False,
        xla: bool | None = None,
        progress: bool | None = None,
        chunk_size: int | None = None,
    ) -> looping.Steps:
        """Do many steps of `run(fetches, …)` as one loop inside the runtime; to its last bit what a Python loop gives.

        Example: one epoch over ready batches, the placeholders fed by name of the data's parts.

            steps = sess.run_steps([train_op, loss], dataset, feeds={"image": x, "label": y})
            print(steps.done, steps.values[1])

        Args:
          fetches: what each step runs, as for `run`.
          data: what differs from step to step: a dictionary {feed key: array with one entry a step on axis 0}, a
            nest of such arrays, a `tf.data.Dataset` with one element a step (made eagerly or in the graph), or an
            eager iterator, which goes on where it was. None for steps without input.
          steps: how many steps; fewer are done where the data ends before. None: to the end of the data.
          feed_dict: values that are the same in each step.
          feeds: the feed keys that the data's parts are for, in the structure of the data; not needed where the
            data is a dictionary whose keys are feed keys.
          keep: "last" or "all" steps' values to return.
          repeat: whether the data begins again at its end.
          xla: whether to compile with XLA: the loop, or for a dataset each step. None: as the Session's config says
            for `run`. XLA's numbers, random ones above all, are not those of `run` without XLA.
          progress: whether to show a progress bar; None: on a screen, once a run takes longer than two seconds.
          chunk_size: how many steps to do between two looks at Ctrl-C and the bar; None: about a quarter second's.

        Returns:
          `Steps(values, done)`: values in the shape of `fetches`, and how many steps were done.

        Raises:
          StepsInterrupted: a `KeyboardInterrupt`, after a whole number of steps, with the `steps` done.
          tf.errors.OpError: as `run` does; `steps_done` says after how many steps. Their effects stand.
        """
        return looping.run_steps(
            self, fetches, data, steps, feed_dict=feed_dict, keys=feeds, keep=keep, repeat=repeat, xla=xla,
            progress=progress, chunk=chunk_size,
        )  # fmt: skip

    # This Session's state for others.

    def variable(self, variable: Any) -> tf.Variable:
        """A variable of the graph as a TF2 `tf.Variable` on the storage that it has in this Session.

        For eager code (inside `tf1compat.eager()` where the thread is in a graph), `tf.function`,
        `tf.train.Checkpoint` and Keras: what they write the next `run` reads, and the other way round.

        Args:
          variable: a variable, a Keras variable or the name of one. Made eagerly it is the process's: itself.

        Raises, when the variable is used:
          FailedPreconditionError: reading it while it has no value in this Session.
          RuntimeError: once the Session is closed.
        """
        self._calls.check_open()
        return self._eager.of(variable)

    def export(
        self, directory: str, inputs: Any, outputs: Any = None, *, signature_name: str = "serving_default"
    ) -> None:
        """Save the part of the graph from `inputs` to `outputs`, with this Session's values, as a SavedModel.

        `tf.saved_model.load` and TensorFlow Serving run it without this package; the batch size stays as free as the
        inputs' shapes leave it. Variables and constant tables are saved with the values that they have now.

        Args:
          directory: where to write; new or empty.
          inputs: a dictionary of names and placeholders (or other tensors to feed); or a step that has an
            `input_signature` or was traced once: its arguments are the inputs, and what it returns the outputs.
          outputs: a dictionary of names and tensors.

        Raises:
          FileExistsError: where the directory has something in it.
          ValueError: where the outputs need a placeholder that is not among the inputs.
          FailedPreconditionError: for a variable or table that has no value in this Session.
          NotImplementedError: for what needs a queue, an iterator, a mutable table or this process's Python.
        """
        self._calls.check_open()
        exporting.export(self, directory, inputs, outputs, signature_name)

    # Steps, callables and partial runs.

    def function(self, fn: Any = None, *, name: str | None = None, input_signature: Any = None) -> Any:
        """As `tf1compat.function`: give a step a name, and perhaps a signature; calling it runs it in this Session."""
        if fn is None:
            return lambda fn: self.function(fn, name=name, input_signature=input_signature)
        return calling.Function(fn, name, input_signature, self)

    def make_callable(
        self, fetches: Any, feed_list: Sequence[Any] | None = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """A function of the fed values, in the order of `feed_list`, that runs `fetches`.

        With `accept_options` it also takes `options=` and `run_metadata=`.
        """
        keys = list(feed_list or [])
        self._calls.check_open()
        wanted, given = resolve(self._graph, fetches), feeds.resolve(self._graph, dict.fromkeys(keys))
        self._plans.function(wanted.elements, given.tensors)  # what cannot be run is told now

        def call(*values: Any, options: Any = None, run_metadata: Any = None) -> Any:
            if len(values) != len(keys):
                raise TypeError(f"The callable takes {len(keys)} values, but got {len(values)}.")
            return self._run_fetches(fetches, dict(zip(keys, values, strict=True)), options, run_metadata)

        if accept_options:
            return call
        return lambda *values: call(*values)

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> partial.PartialRun:  # noqa: A002
        """Begin a run in parts: `handle` for `partial_run`. All that will be fetched and fed is named here."""
        self._calls.check_open()
        return partial.PartialRun(self, fetches, feeds or [])

    def partial_run(self, handle: partial.PartialRun, fetches: Any, feed_dict: Any = None) -> Any:
        """Go on with a run: compute `fetches`, with more feeds; nothing that ran before runs again."""
        self._calls.check_open()
        return handle.run(fetches, feed_dict or {})


def _check_target(target: Any) -> str:
    if isinstance(target, bytes):
        target = target.decode()
    if not isinstance(target, str):
        raise TypeError(f"target must be a string, but got {type(target)}")
    return target


class _Device:
    def __init__(self, name: str, kind: str, memory: int) -> None:
        self.name, self.device_type, self.memory_limit_bytes, self.incarnation = name, kind, memory, 1

    def __repr__(self) -> str:
        return f"_DeviceAttributes({self.name}, {self.device_type}, {self.memory_limit_bytes})"


def _device(name: str) -> _Device:
    return _Device(name, tf.DeviceSpec.from_string(name).device_type, 0)


class InteractiveSession(Session):
    """A Session that is the default one from its making to its `close()`: for notebooks and shells."""

    def __init__(self, target: str = "", graph: Any = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._in_graph = None
        if graph is not None:
            self._in_graph = self._graph.as_default()
            self._in_graph.__enter__()
        # Not through `as_default()`: sessions of a notebook end in any order.
        _tf.default_session_stack.stack.append(self)

    def close(self) -> None:
        """Close the Session; it is the default one no more."""
        super().close()
        stack = _tf.default_session_stack.stack
        if self in stack:
            stack.remove(self)
        graphs = _tf.graph_stack()
        if self._in_graph is not None and graphs and graphs[-1] is self._graph:
            self._in_graph.__exit__(None, None, None)
            self._in_graph = None
