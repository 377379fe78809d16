"""The functions with which TF1 programs chose between TF1's behaviour and TensorFlow 2's.

None of them changes the process here (`tf.compat.v1`'s do): eager execution is entered and left for
the calling thread, what a TF1 graph always does here is accepted, what it cannot do is refused.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import tensorflow as tf

from tf1compat import graph

__all__ = [
    "VERSION",
    "disable_control_flow_v2",
    "disable_eager_execution",
    "disable_resource_variables",
    "disable_tensor_equality",
    "disable_v2_behavior",
    "disable_v2_tensorshape",
    "enable_control_flow_v2",
    "enable_eager_execution",
    "enable_resource_variables",
    "enable_tensor_equality",
    "enable_v2_behavior",
    "enable_v2_tensorshape",
    "enabled",
]

#: The release whose programs run here. TensorFlow's own version is `tf.compat.v2.__version__`, and
#: `tf.GIT_VERSION` and `tf.COMPILER_VERSION` speak of the TensorFlow that computes.
VERSION = "1.15.5"

_thread = threading.local()


def enable_eager_execution(config: Any = None, device_policy: Any = None, execution_mode: Any = None) -> None:
    """Leave graph mode in the calling thread, for good or until `disable_eager_execution`.

    Raises:
        ValueError: the thread's default graph has operations already, as TF1.
        NotImplementedError: `config` or another argument was given: they configured TF1's own runtime.
    """
    if tf.executing_eagerly():
        return
    given = {"config": config, "device_policy": device_policy, "execution_mode": execution_mode}
    for name, value in given.items():
        if value is not None:
            raise NotImplementedError(
                f"tf.enable_eager_execution({name}=…) is not available: the runtime's settings are the "
                "process's. Instead: tf.config.threading and tf.config.experimental, before any computation."
            )
    if tf.compat.v1.get_default_graph().get_operations():
        raise ValueError("tf.enable_eager_execution must be called at program startup.")
    stack = contextlib.ExitStack()
    stack.enter_context(graph.eager())
    _thread.eager = stack


def run_eagerly(main: Any = None, argv: Any = None) -> None:
    """`enable_eager_execution()`, then `tf.app.run(main, argv)`: what tf.contrib.eager.run was."""
    enable_eager_execution()
    tf.compat.v1.app.run(main, argv)


def disable_eager_execution() -> None:
    """Back to graph mode in the calling thread, if `enable_eager_execution` left it."""
    stack = getattr(_thread, "eager", None)
    _thread.eager = None
    if stack is not None:
        stack.close()
    elif tf.executing_eagerly():
        graph.enter_default_graph()


def enable_v2_behavior() -> None:
    """`enable_eager_execution()`: the rest of TensorFlow 2's behaviour is on outside our graphs anyway."""
    enable_eager_execution()


def disable_v2_behavior() -> None:
    """`disable_eager_execution()`: our graphs behave as TF1's."""
    disable_eager_execution()


def enable_resource_variables() -> None:
    """Nothing to do: every variable of our graphs is a resource variable."""


def disable_resource_variables() -> None:
    """Nothing to do: `Session.run` promises one order of reads and writes for either kind."""


def enable_control_flow_v2() -> None:
    """Nothing to do: our graphs hold cond and while_loop as functions."""


def disable_control_flow_v2() -> None:
    """Nothing to do: cond and while_loop give the same values, as functions or not."""


def enable_v2_tensorshape() -> None:
    """Nothing to do: the dimensions of our shapes are ints, which know `.value` too."""


def disable_v2_tensorshape() -> None:
    """Nothing to do: the dimensions of our shapes know `.value`."""


def enable_tensor_equality() -> None:
    """Raises NotImplementedError in graph mode; eager tensors compare by value anyway."""
    if not tf.executing_eagerly():
        raise NotImplementedError(
            "tf.enable_tensor_equality() is not available: the tensors of a TF1 graph compare and hash by "
            "identity, which is what lets them be keys of a feed_dict. Instead: tf.equal(a, b)."
        )


def disable_tensor_equality() -> None:
    """Nothing to do in graph mode; raises NotImplementedError in eager mode, which is the process's."""
    if tf.executing_eagerly():
        raise NotImplementedError(
            "tf.disable_tensor_equality() is not available in eager mode: it would change every other "
            "user of TensorFlow in the process. Instead: `a is b`, and tensor.ref() as a dictionary's key."
        )


def enabled() -> bool:
    """What TF1's own code asked of `tensorflow.python.tf2`: TensorFlow 2's behaviour is not what a program gets."""
    return False
