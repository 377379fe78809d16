"""The first run of a large training graph, and the peak memory, in fresh processes that take turns.

    python benchmarks/first_run.py            measures both sides
    python benchmarks/first_run.py ours       one side, as JSON
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def one(side: str) -> dict[str, float]:
    import numpy as np
    import tensorflow as tf

    import tf1compat

    v1 = tf.compat.v1
    graph = tf1compat.Graph() if side == "ours" else tf.Graph()
    with graph.as_default():
        x = v1.placeholder(tf.float32, [None, 64])
        hidden = x
        for layer in range(92):
            w = v1.get_variable(f"w{layer}", [64, 64], use_resource=True)
            b = v1.get_variable(f"b{layer}", [64], use_resource=True)
            hidden = tf.nn.relu(tf.matmul(hidden, w) + b)
            if layer % 3 == 0:
                scale = v1.get_variable(f"s{layer}", [64], initializer=v1.ones_initializer(), use_resource=True)
                hidden = hidden * scale + 0.1
        loss = tf.reduce_mean(tf.square(hidden))
        step = v1.train.AdamOptimizer(1e-3).minimize(loss)
        init = v1.global_variables_initializer()
    ops = len(graph.get_operations())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sess = (tf1compat.Session if side == "ours" else v1.Session)(graph=graph)
    start = time.perf_counter()
    sess.run(init)
    initialized = time.perf_counter()
    sess.run([step, loss], {x: np.ones((8, 64), np.float32)})
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "ops": ops,
        "init": initialized - start,
        "step": end - initialized,
        "seconds": end - start,
        "built_mb": before / 1024,
        "peak_mb": peak / 1024,
    }


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(one(sys.argv[1])))
        return
    from measure import in_processes, report

    median = in_processes(__file__, ["ours", "theirs"], rounds=7)
    ours, theirs = median["ours"], median["theirs"]
    print(f"{ours['ops']:.0f} ops")
    report("first run: initialise, one step", ours["seconds"], theirs["seconds"], "s", 1.0, 1.3)
    report("  of which initialise", ours["init"], theirs["init"], "s", 1.0, 1.3)
    report("  of which the step", ours["step"], theirs["step"], "s", 1.0, 1.3)
    report("peak memory", ours["peak_mb"], theirs["peak_mb"], "MB", 1.0, 1.2)


if __name__ == "__main__":
    main()
