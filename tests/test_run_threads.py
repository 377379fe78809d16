"""Threads that the script starts begin in a TF1 graph under `tf1compat run`; a library's do not."""

from __future__ import annotations

from pathlib import Path

from run_harness import lines, run, write

LIBRARY = """
    import threading
    def in_a_thread(function):
        results = []
        thread = threading.Thread(target=lambda: results.append(function()))
        thread.start()
        thread.join()
        return results[0]
    """


def test_threads_of_the_script_and_of_a_library(tmp_path: Path) -> None:
    script = """
        import concurrent.futures, multiprocessing.pool, sys, threading, time, _thread
        sys.path.append("site-packages")
        import library

        early, go = [], threading.Event()
        def starts_before_tensorflow():
            go.wait()
            import tensorflow as tf
            early.append(mode())
        thread = threading.Thread(target=starts_before_tensorflow)
        thread.start()

        import tensorflow as tf
        here = tf.get_default_graph()

        def mode():
            import tensorflow  # in a library's thread this does not enter a graph either
            if real.executing_eagerly():
                return "eager"
            return "its own graph" if tf.get_default_graph() is not here else "the same graph"
        real = sys.modules["tensorflow"]

        go.set()
        thread.join()
        print("early", early[0])
        print("main", mode())

        results = []
        class Worker(threading.Thread):
            def run(self):
                results.append(mode())
                inner = threading.Thread(target=lambda: results.append(mode()))
                inner.start()
                inner.join()
        worker = Worker()
        worker.start()
        worker.join()
        print("subclass, and from within", *results)
        timed = []
        timer = threading.Timer(0, lambda: timed.append(mode()))
        timer.start()
        timer.join()
        print("timer", *timed)
        low, done = [], threading.Event()
        _thread.start_new_thread(lambda word: (low.append(word + mode()), done.set()), ("",))
        done.wait()
        print("low-level", *low)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            print("executor", pool.submit(mode).result())
        with multiprocessing.pool.ThreadPool(2) as pool:
            print("pool", pool.apply(mode))
        print("library", library.in_a_thread(mode))

        x = tf.placeholder(tf.float32, [])
        y = 2 * x
        sess = tf.Session()
        def use():
            with sess.graph.as_default():
                z = y + 1
            z_joins = y + 2
            assert z_joins.graph is here
            results.append(sess.run([y, z, z_joins], {x: 1.0}))
        results.clear()
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
        print("a Session shared", [float(v) for v in results[0]])
        """
    write(tmp_path, {"script.py": script, "site-packages/library.py": LIBRARY})
    done = run(tmp_path, "script.py")
    own = "its own graph"
    assert lines(done) == [
        f"early {own}",
        "main the same graph",
        f"subclass, and from within {own} {own}",
        f"timer {own}",
        f"low-level {own}",
        f"executor {own}",
        f"pool {own}",
        "library eager",
        "a Session shared [2.0, 3.0, 4.0]",
    ]
    assert done.stderr == ""


def test_keras_trains_eagerly_in_a_librarys_thread_while_the_script_is_in_a_graph(tmp_path: Path) -> None:
    script = """
        import sys
        sys.path.append("site-packages")
        import numpy as np
        import tensorflow as tf
        import keras, library

        class Batches(keras.utils.PyDataset):
            def __len__(self): return 4
            def __getitem__(self, i): return np.ones((2, 3), "float32"), np.ones((2, 1), "float32")

        def fit():
            model = keras.Sequential([keras.layers.Dense(1)])
            model.compile("sgd", "mse")
            history = model.fit(Batches(workers=2), epochs=2, verbose=0)
            return len(history.history["loss"])

        print(library.in_a_thread(fit))
        with tf.Session() as sess:
            print(sess.run(tf.constant(1) + 1))
        """
    write(tmp_path, {"script.py": script, "site-packages/library.py": LIBRARY})
    assert lines(run(tmp_path, "script.py")) == ["2", "2"]
