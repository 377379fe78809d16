"""`tf1compat run --fidelity --xla --profile --summary`."""

import re

import pytest
from run_harness import run, write

PROGRAM = """
    import os
    import subprocess
    import sys
    import numpy as np
    import tensorflow as tf
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", [2, 1], initializer=tf.zeros_initializer())
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1), name="loss")
    train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    printed = tf.py_func(lambda value: value, [loss], tf.float32, name="printed")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(5):
            sess.run([train, loss], feed_dict={x: np.ones([4, 2], np.float)})
        print("loss %.5f" % sess.run(printed, {x: [[1.0, 1.0]]}))
    print("oneDNN", os.environ.get("TF_ENABLE_ONEDNN_OPTS"), "TF32", os.environ.get("NVIDIA_TF32_OVERRIDE"))
    """


def test_a_profile_and_a_summary(tmp_path):
    write(tmp_path, {"train.py": PROGRAM})
    done = run(tmp_path, "--profile", "traced", "--summary", "--fidelity", "train.py")
    assert "oneDNN 0 TF32 0" in done.stdout
    lines = done.stderr.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("Session.run of"))
    rows = {line.split("  ")[0]: line.split()[-4:] for line in lines[at + 1 : at + 4]}
    assert {name: row[0] for name, row in rows.items()} == {
        "init": "1", "Momentum, loss (fed x)": "5", "printed (fed x)": "1"
    }  # fmt: skip
    runs, total, mean, first = map(float, rows["Momentum, loss (fed x)"])
    assert total == pytest.approx((first + 4 * mean) / 1e3, abs=2e-3)
    assert "a trace of 5 runs is in traced" in done.stderr
    assert list((tmp_path / "traced").rglob("*.xplane.pb"))
    said = r"tf1compat run: 5 training steps in 7 runs of 3 signatures; .*; given back: numpy\.float$"
    assert re.search(said, lines[-1])


def test_xla_compiles_what_can_be_and_the_script_s_children_too(tmp_path):
    child = '    print(subprocess.run([sys.executable, "child.py"], capture_output=True, text=True).stderr)\n'
    program = PROGRAM.replace("    print(\"oneDNN\"", child + "    print(\"oneDNN\"")
    write(tmp_path, {"train.py": program, "child.py": PROGRAM})
    done = run(tmp_path, "--xla", "train.py")
    plain = run(tmp_path, "child.py")
    refused = "XLA cannot compile this run, it runs uncompiled: Detected unsupported operations"
    assert done.stderr.count(refused) == 1 and done.stdout.count(refused) == 1  # the child's stderr is printed
    assert refused not in plain.stderr
    assert plain.stdout.splitlines()[0] == done.stdout.splitlines()[0]
    assert "oneDNN None TF32 None" in plain.stdout
    assert "training steps" not in plain.stderr


def test_a_program_that_runs_nothing_or_dies_is_summed_up_too(tmp_path):
    write(tmp_path, {"nothing.py": "raise ValueError('early')"})
    done = run(tmp_path, "--summary", "--profile", "traced", "nothing.py", status=1)
    assert "ValueError: early" in done.stderr
    assert "no Session ran" in done.stderr
    assert "0 training steps in 0 runs of 0 signatures" in done.stderr


def test_a_profile_that_cannot_be_written_is_refused_before_the_program_runs(tmp_path):
    write(tmp_path, {"train.py": "print('ran')", "file": ""})
    done = run(tmp_path, "--profile", "file/traced", "train.py", status=2)
    assert "--profile file/traced: " in done.stderr and done.stdout == ""
