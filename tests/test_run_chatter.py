"""`tf1compat run` keeps TensorFlow's chatter off the screen, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from run_harness import lines, run, write

from tf1compat.cli import stderr_filter
from tf1compat.cli.stderr_filter import chatters

SCRIPT = """
    import logging, os, sys, warnings
    print("before", file=sys.stderr)
    import tensorflow as tf
    x = tf.placeholder(tf.float32, [])
    y = tf.nn.dropout(x, keep_prob=0.5)  # TensorFlow logs that keep_prob is deprecated
    with tf.Session() as sess:
        sess.run(y, {x: 1.0})
    tensorflow = sys.modules["tensorflow"]
    function = tensorflow.function(lambda x: x)
    with __import__("tf1compat").eager():
        for i in range(8):
            function(i)  # TensorFlow logs that this traces anew each time
    warnings.warn("the script's warning")
    logging.getLogger("script").warning("the script's log")
    logging.getLogger("tensorflow").warning("the script's word on TensorFlow's log")
    os.write(2, b"the script's own bytes\\n")
    print("after", file=sys.stderr)
    print(os.environ.get("TF_CPP_MIN_LOG_LEVEL"))
    """


def test_only_the_scripts_own_lines_show(tmp_path: Path) -> None:
    write(tmp_path, {"script.py": SCRIPT})
    done = run(tmp_path, "script.py")
    shown = [line for line in done.stderr.splitlines() if not line.startswith("  ")]
    assert shown[0] == "before"
    assert shown[-1] == "after"
    assert "the script's own bytes" in shown
    rest = [line for line in shown[1:-1] if line != "the script's own bytes"]
    assert [line.rpartition(":")[2].strip() for line in rest if "TensorFlow's log" not in line] == [
        "the script's warning",
        "the script's log",
    ]
    assert any("the script's word on TensorFlow's log" in line for line in rest)


def test_level_0_shows_all_and_a_level_set_by_the_user_stays(tmp_path: Path) -> None:
    write(tmp_path, {"script.py": SCRIPT})
    done = run(tmp_path, "script.py", environ={"TF_CPP_MIN_LOG_LEVEL": "0"})
    for chatter in ("oneDNN custom operations are on", "is deprecated and will be removed", "retracing"):
        assert chatter in done.stderr
    assert lines(done) == ["0"]
    write(tmp_path, {"script.py": "import os; print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"})
    assert lines(run(tmp_path, "script.py", environ={"TF_CPP_MIN_LOG_LEVEL": "1"})) == ["1"]


def test_errors_of_tensorflow_stay(tmp_path: Path) -> None:
    script = """
        import tensorflow as tf
        with tf.Session() as sess:
            sess.run(tf.check_numerics(tf.log(tf.constant(-1.0)), "not a number"))
        """
    write(tmp_path, {"script.py": script})
    error = run(tmp_path, "script.py", status=1).stderr.splitlines()
    assert error[0] == "Traceback (most recent call last):"
    assert "InvalidArgumentError" in "".join(error) and "not a number" in "".join(error)


OLD, NEW = b"2026-01-31 12:00:00.123456: ", b"0000 00:00:1795152179.829959    7865 "
LINES = [
    (OLD + b"I tensorflow/core/util/port.cc:113] oneDNN custom operations are on", True),
    (b"I" + NEW + b"port.cc:153] oneDNN custom operations are on", True),
    (OLD + b"W tensorflow/compiler/tf2tensorrt/utils/py_utils.cc:38] TF-TRT Warning: Could not find", True),
    (OLD + b"E external/local_xla/xla/cuda_dnn.cc:10575] Unable to register cuDNN factory: Attempting", True),
    (b"E" + NEW + b"cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error", True),
    (b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR", True),
    (b"To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow", True),
    (OLD + b"E tensorflow/core/x.cc:1] something that went wrong", False),
    (b"E" + NEW + b"gpu.cc:3] out of memory", False),
    (OLD + b"F tensorflow/core/platform/cpu_feature_guard.cc:38] compiled to use AVX instructions", False),
    (b"I like trains: they are file.cc:12] long", False),
    (b"INFO: 12] of them", False),
    (b"Warning: 3:14] is pi", False),
    (b"", False),
]


@pytest.mark.parametrize("line,dropped", LINES)
def test_which_lines_are_chatter(line: bytes, dropped: bool) -> None:
    assert chatters(line, 2) == dropped


def test_level_1_lets_warnings_pass() -> None:
    warning = OLD + b"W tensorflow/core/x.cc:1] text"
    assert not chatters(warning, 1) and chatters(warning, 2)


def test_filter_process_passes_what_a_crash_leaves_behind() -> None:
    """No end mark, no last newline: the writer died."""
    info = b"I" + NEW + b"port.cc:153] chatter\n"
    text = b"first\n" + info + b"F" + NEW + b"fatal.cc:1] the last words"
    command = [sys.executable, "-I", "-S", stderr_filter.__file__, "2"]
    done = subprocess.run(command, input=text, capture_output=True, timeout=60)
    assert done.stdout == b"first\nF" + NEW + b"fatal.cc:1] the last words"
    marked = subprocess.run(
        command, input=text + stderr_filter.END + b"later", capture_output=True, timeout=60
    )
    assert marked.stdout == done.stdout
