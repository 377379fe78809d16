"""`tf.test` and `tensorflow.python.framework.test_util` for programs that were written for TensorFlow 1.15.

TensorFlow's own test case and tools, with our Sessions, and with decorators that run a test in the
modes they name: a graph under a Session, and eagerly.
"""

from .bodies import bodies_run, main, main_eagerly
from .case import TestCase
from .modes import (
    also_run_as_tf_function,
    assert_no_new_pyobjects_executing_eagerly,
    build_as_function_and_v1_graph,
    deprecated_graph_mode_only,
    run_all_in_graph_and_eager_modes,
    run_in_graph_and_eager_modes,
    run_v1_only,
    run_v2_only,
)

__all__ = [
    "TestCase",
    "also_run_as_tf_function",
    "assert_no_new_pyobjects_executing_eagerly",
    "bodies_run",
    "build_as_function_and_v1_graph",
    "deprecated_graph_mode_only",
    "main",
    "main_eagerly",
    "run_all_in_graph_and_eager_modes",
    "run_in_graph_and_eager_modes",
    "run_v1_only",
    "run_v2_only",
]
