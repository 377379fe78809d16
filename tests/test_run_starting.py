"""`tf1compat run` starts without Keras, which a program gets when it asks for it."""

from __future__ import annotations

from pathlib import Path

from run_harness import lines, run, write

NETWORK = """
    import gc, sys
    import numpy as np
    import tensorflow as tf

    x = tf.placeholder(tf.float32, [None, 6, 2])
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(3), x, dtype=tf.float32)
    hidden = tf.layers.batch_normalization(tf.contrib.layers.fully_connected(outputs[:, -1], 4), training=True)
    loss = tf.reduce_mean(tf.square(tf.layers.dense(hidden, 2) - 1.0))
    rate = tf.train.exponential_decay(0.1, tf.train.get_or_create_global_step(), 10, 0.9)
    step = tf.train.AdamOptimizer(rate).minimize(loss)
    average = tf.train.ExponentialMovingAverage(0.9).apply(tf.trainable_variables())
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run([step, average], {x: np.ones((3, 6, 2))})
    print("keras" in sys.modules, gc.isenabled())
    """


def test_a_network_trains_and_keras_is_not_loaded(tmp_path: Path) -> None:
    write(tmp_path, {"script.py": NETWORK})
    assert lines(run(tmp_path, "script.py")) == ["False True"]


def test_keras_loads_at_its_first_use_into_a_graph_as_it_stands(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "script.py": """
            import sys
            import numpy as np
            import tensorflow as tf

            x = tf.placeholder(tf.float32, [2, 3])
            scale = tf.get_variable("scale", [], initializer=tf.ones_initializer())
            ops = tf.get_default_graph().get_operations()
            from tensorflow.keras.layers import Dense
            print("keras" in sys.modules, tf.get_default_graph().get_operations() == ops)
            y = Dense(4, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.5))(x) * scale
            step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(y))
            with tf.Session() as sess:
                sess.run(tf.global_variables_initializer())
                before = sess.run(tf.trainable_variables())
                sess.run(step, {x: np.ones((2, 3))})
                print([(a != b).all() for a, b in zip(before, sess.run(tf.trainable_variables()))])
            """
        },
    )
    assert lines(run(tmp_path, "script.py")) == ["True True", "[True, True, True]"]


def test_keras_imported_before_tensorflow(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "script.py": """
            import keras
            import tensorflow as tf

            print(keras.layers.Dense(2)(tf.placeholder(tf.float32, [5, 3])).shape, tf.get_default_graph() is not None)
            """
        },
    )
    assert lines(run(tmp_path, "script.py")) == ["(5, 2) True"]
