"""`tf.test.TestCase`: TensorFlow's, on our Session and our graphs."""

from __future__ import annotations

import unittest
from typing import Any

import tensorflow as tf
from google.protobuf import text_format  # type: ignore[import-untyped]

from tf1compat import _tensorflow as _tf
from tf1compat.graph import Session, begin_anew, enter_default_graph, get_default_session
from tf1compat.v1.testing import bodies

__all__ = ["TestCase"]

#: Names that Python's TestCase had when TF1 tests were written, and lost in 3.12.
_FORMER = {
    "assertEquals": "assertEqual",
    "assertNotEquals": "assertNotEqual",
    "assertAlmostEquals": "assertAlmostEqual",
    "assertNotAlmostEquals": "assertNotAlmostEqual",
    "assertRegexpMatches": "assertRegex",
    "assertNotRegexpMatches": "assertNotRegex",
    "assertRaisesRegexp": "assertRaisesRegex",
    "assert_": "assertTrue",
}


class TestCase(tf.compat.v1.test.TestCase):
    """A test that finds a new default graph, seeded, and makes Sessions on it.

    `session()` makes a Session for its block, `cached_session()` and `test_session()` one for the test;
    `evaluate(tensors)` runs them in the default Session. Where execution is eager, `evaluate` gives
    their values, and the sessions only stand for one, as in TF 1.15.
    """

    def setUp(self) -> None:  # noqa: N802
        """Begin a new default graph with TF1's seed for tests; eager tests keep the graph around them."""
        with _tf.graph_stack_kept():
            super().setUp()  # clears the stack of default graphs
        if not tf.executing_eagerly():
            begin_anew()
            tf.compat.v1.set_random_seed(_tf.DEFAULT_GRAPH_SEED)

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        """Run the test, and count its body where no decorator of `modes` does."""
        if bodies.is_counted(getattr(self, self._testMethodName, None)):
            return super().run(result)
        result = self.defaultTestResult() if result is None else result
        skipped = len(result.skipped)
        mode = "eager" if tf.executing_eagerly() else "graph"
        answer = super().run(result)
        if len(result.skipped) == skipped:
            bodies.count(mode)
        return answer

    def evaluate(self, tensors: Any) -> Any:
        """The values of a tensor or a nest of them, as arrays."""
        if tf.executing_eagerly():
            return super().evaluate(tensors)
        session = get_default_session()
        if session is not None:
            return session.run(tensors)
        with self.test_session() as session:
            return session.run(tensors)

    def checkedThread(self, target: Any, args: Any = None, kwargs: Any = None) -> Any:  # noqa: N802
        """A thread whose failure is the test's; like all of TF1's, of a test in graph mode, in graph mode itself."""
        if tf.executing_eagerly():
            return super().checkedThread(target, args, kwargs)

        def in_graph_mode(*args: Any, **kwargs: Any) -> None:
            enter_default_graph()
            target(*args, **kwargs)

        return super().checkedThread(in_graph_mode, args, kwargs)

    def assertProtoEquals(  # noqa: N802
        self, expected_message_maybe_ascii: Any, message: Any, msg: Any = None, relative_tolerance: Any = None
    ) -> None:
        """Fail where a protocol buffer is not the expected one, given as such or as text.

        TensorFlow's own comparison asks a field for a label that protobuf's fields have no more.
        """
        if relative_tolerance is not None:
            super().assertProtoEquals(expected_message_maybe_ascii, message, msg, relative_tolerance)
        expected = expected_message_maybe_ascii
        if isinstance(expected, (str, bytes)):
            expected = text_format.Parse(expected, type(message)(), descriptor_pool=message.DESCRIPTOR.file.pool)
        self.assertEqual(type(expected), type(message), msg)
        self.assertEqual(expected, message, msg)

    def _create_session(self, graph: Any, config: Any, force_gpu: bool) -> Any:
        return Session(graph=graph, config=_config(config, force_gpu))


def _config(given: Any, force_gpu: bool) -> Any:
    """The Session's settings: those given, without the graph optimizations that TF1's tests ran without."""
    config = tf.compat.v1.ConfigProto(allow_soft_placement=True)
    if given is not None:
        config.CopyFrom(given)
    config.allow_soft_placement &= not force_gpu
    config.graph_options.optimizer_options.opt_level = tf.compat.v1.OptimizerOptions.L0
    rewrites = config.graph_options.rewrite_options
    rewrites.constant_folding = rewrites.pin_to_host_optimization = type(rewrites).OFF
    return config


for _former, _now in _FORMER.items():
    if not hasattr(TestCase, _former):
        setattr(TestCase, _former, getattr(TestCase, _now))
