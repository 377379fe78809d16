"""What every test module may rely on: an empty default graph for each test, and a way back to eager mode."""

import signal
import sys

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background: what the tests start would not hear Ctrl-C either.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _empty_default_graph():
    """Each test begins with an empty default graph, if any module has entered TF1 by importing tf1compat.v1.

    That import puts the main thread into graph mode for all that follows: tests of eager code use `eager`,
    and tests of what importing does start a process.
    """
    if "tf1compat.v1" in sys.modules:
        from tf1compat.graph import reset_default_graph

        reset_default_graph()


@pytest.fixture
def eager():
    """The test runs in eager mode, whatever its module or another one imported."""
    import tf1compat

    with tf1compat.eager():
        yield
