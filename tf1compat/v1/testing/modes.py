"""The decorators of TF1's tests: each runs the body in every mode it names, and the bodies are counted.

TF1's behaviour is what runs here (`run_v1_only` runs, `run_v2_only` skips), as under TF 1.15.
"""

from __future__ import annotations

import contextlib
import functools
import unittest
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf
from tf1compat import graph
from tf1compat.v1.testing.bodies import counted

__all__ = [
    "also_run_as_tf_function",
    "assert_no_new_pyobjects_executing_eagerly",
    "build_as_function_and_v1_graph",
    "deprecated_graph_mode_only",
    "run_all_in_graph_and_eager_modes",
    "run_in_graph_and_eager_modes",
    "run_v1_only",
    "run_v2_only",
]

_Test = Callable[..., Any]


def _optional(decorate: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that may be written with or without brackets: `@d`, `@d()`, `@d(option=1)`."""

    @functools.wraps(decorate)
    def decorator(func: Any = None, **options: Any) -> Any:
        if func is None:
            return lambda function: decorate(function, **options)
        return decorate(func, **options)

    return decorator


def _wrapper(body: _Test, run: _Test) -> _Test:
    """`run` in place of the test `body`: its name and documentation, and the mark that bodies are counted."""
    functools.update_wrapper(run, body)
    run.bodies_are_counted = True  # type: ignore[attr-defined]
    return run


def _tests_of(cls: type) -> dict[str, _Test]:
    """The test methods of a class, its bases' too."""
    prefix = unittest.TestLoader.testMethodPrefix
    names = [name for name in dir(cls) if name.startswith(prefix) and name != "test_session"]
    return {name: value for name in names if callable(value := getattr(cls, name))}


@contextlib.contextmanager
def _on(use_gpu: bool) -> Any:
    with contextlib.nullcontext() if use_gpu else tf.device("/device:CPU:0"):
        yield


@_optional
def run_in_graph_and_eager_modes(
    body: _Test,
    config: Any = None,
    use_gpu: bool = True,
    reset_test: bool = True,
    assert_no_eager_garbage: bool = False,
) -> _Test:
    """Run a test in a graph, under `self.test_session()`, then eagerly.

    Args:
      body: the test method.
      config: a `tf.ConfigProto` for the Session.
      use_gpu: False keeps both runs on the CPU.
      reset_test: whether the test is torn down and set up again between the two.
      assert_no_eager_garbage: whether the eager run may leave no reference cycles and no tensors behind.
    """
    if isinstance(body, type):
        raise ValueError(
            "`run_in_graph_and_eager_modes` only supports test methods. "
            "Did you mean to use `run_all_in_graph_and_eager_modes`?"
        )
    body = counted(body)

    def both(self: Any, *args: Any, **kwargs: Any) -> None:
        inner = contextlib.ExitStack()
        with contextlib.suppress(unittest.SkipTest), inner:
            if tf.executing_eagerly():
                inner.enter_context(graph.Graph().as_default())
            inner.enter_context(self.test_session(use_gpu=use_gpu, config=config))
            body(self, *args, **kwargs)

        def eagerly(self: Any) -> None:
            with _on(use_gpu):
                body(self, *args, **kwargs)

        run = _tf.asserting_no_garbage(eagerly) if assert_no_eager_garbage else eagerly
        if reset_test:
            self.tearDown()
            self._tempdir = None
        with graph.eager():
            if reset_test:
                self.setUp()
            run(self)

    return _wrapper(body, both)


def run_all_in_graph_and_eager_modes(cls: type) -> type:
    """Class decorator: `run_in_graph_and_eager_modes` on every test but those named `testSkipEager…`."""
    for name, test in _tests_of(cls).items():
        if not name.startswith(("testSkipEager", "test_skip_eager")):
            setattr(cls, name, run_in_graph_and_eager_modes(test))
    return cls


@_optional
def deprecated_graph_mode_only(body: Any) -> Any:
    """Run a test, or every test that a class itself defines, in a graph."""
    if isinstance(body, type):
        for name in {"setUp", *_tests_of(body)} & set(vars(body)):
            setattr(body, name, deprecated_graph_mode_only(getattr(body, name)))
        return body
    body = body if body.__name__ == "setUp" else counted(body)

    def in_graph(*args: Any, **kwargs: Any) -> Any:
        with graph.Graph().as_default() if tf.executing_eagerly() else contextlib.nullcontext():
            return body(*args, **kwargs)

    return _wrapper(body, in_graph)


def run_v1_only(reason: str, func: Any = None) -> Any:
    """Mark a test, or a class of tests, as one of TF1's behaviour: it runs.

    Raises:
      ValueError: `reason` is no string.
    """
    if not isinstance(reason, str):
        raise ValueError(f"'reason' should be string, got {type(reason)}")
    if func is None:
        return lambda function: run_v1_only(reason, function)
    return func if isinstance(func, type) else counted(func)


@_optional
def run_v2_only(body: _Test) -> _Test:
    """Skip a test: it is one of TensorFlow 2's behaviour, which a TF1 graph has not."""
    if isinstance(body, type):
        raise ValueError("`run_v2_only` only supports test methods.")

    def skip(self: Any, *args: Any, **kwargs: Any) -> None:
        self.skipTest("Test is only compatible with v2")

    return _wrapper(body, skip)


@_optional
def build_as_function_and_v1_graph(body: _Test) -> Any:
    """Make two tests of one, for a class of absl's `parameterized.TestCase`: in a graph, in a `tf.function`."""
    from absl.testing import parameterized

    if isinstance(body, type):
        raise ValueError("`run_in_graph_mode_and_function` only supports test methods.")
    body = counted(body)

    def build(self: Any, run_mode: str, *args: Any, **kwargs: Any) -> None:
        if run_mode == "v1_graph":
            with graph.Graph().as_default():
                body(self, *args, **kwargs)
            return
        with graph.eager():
            tf.function(lambda: body(self, *args, **kwargs), autograph=False)()

    named = parameterized.named_parameters(("_v1_graph", "v1_graph"), ("_function", "function"))
    return named(_wrapper(body, build))


def also_run_as_tf_function(body: _Test) -> _Test:
    """Run a test eagerly, then inside a `tf.function`."""
    body = counted(body)

    def both(*args: Any, **kwargs: Any) -> None:
        def bound() -> None:
            body(*args, **kwargs)

        with graph.eager():
            bound()
            tf.function(bound, autograph=False)()

    return _wrapper(body, both)


def assert_no_new_pyobjects_executing_eagerly(body: _Test) -> _Test:
    """Run a test eagerly several times; fail if Python objects or graph state are left behind each time."""
    run = _tf.asserting_no_new_objects(counted(body))

    def several_times(self: Any, *args: Any, **kwargs: Any) -> None:
        with graph.eager():
            run(self, *args, **kwargs)

    return _wrapper(body, several_times)
