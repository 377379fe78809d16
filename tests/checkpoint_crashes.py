"""The process that `test_checkpoint_crashes` kills: it saves again and again, and says each step that is saved.

    python checkpoint_crashes.py FOLDER one|numbered ours|tensorflow

It loads TensorFlow once. For each line on its input it forks a process, which prints "pid <its id>", restores
what is there, prints "ready <step>" and then "saved <step>" after each save, until it is killed; then it prints
"dead". Every variable of a checkpoint holds its step.
"""

from __future__ import annotations

import os
import sys
import traceback

import tensorflow as tf2

import tf1compat.v1 as tf

SIZE = 400_000


def save_until_killed(folder: str, numbered: bool, ours: bool) -> None:
    variables = [tf.get_variable(f"v{n}", [SIZE], initializer=tf.zeros_initializer()) for n in range(3)]
    step = tf.train.get_or_create_global_step()
    increments = [tf.assign_add(v, tf.ones([SIZE])) for v in variables] + [tf.assign_add(step, 1)]
    saver = tf.train.Saver(max_to_keep=3)
    save = saver.save if ours else lambda *args: tf2.compat.v1.train.Saver.save.of_tensorflow(saver, *args)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        latest = tf.train.latest_checkpoint(folder)
        if latest is not None:
            saver.restore(sess, latest)
            saver.recover_last_checkpoints(tf.train.get_checkpoint_state(folder).all_model_checkpoint_paths)
        print("ready", sess.run(step), flush=True)
        while True:
            sess.run(increments)
            save(sess, os.path.join(folder, "model"), *([step] if numbered else []))
            print("saved", sess.run(step), flush=True)


if __name__ == "__main__":
    folder, names, whose = sys.argv[1:]
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            try:
                save_until_killed(folder, names == "numbered", whose == "ours")
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        print("pid", child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)
