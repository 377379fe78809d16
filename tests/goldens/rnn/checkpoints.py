"""A recurrent network that TensorFlow 1.15.5 trained and saved, and what it gave after that."""

import os

import numpy as np
from goldens.rnn.running import values

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "checkpoint")
PREFIX = os.path.join(FOLDER, "model")


def network(tf):
    """{what: tensor or op} of two encoders and a decoder under Adam; no initial value is left to chance."""
    rnn = tf.contrib.rnn
    inputs = tf.constant(values(1, 2, 4, 3))
    layers = [rnn.DropoutWrapper(rnn.BasicLSTMCell(4)), rnn.LSTMCell(4, use_peepholes=True, num_proj=3)]
    with tf.variable_scope("model", initializer=tf.random_uniform_initializer(-0.5, 0.5, seed=5)):
        encoded, state = tf.nn.dynamic_rnn(rnn.MultiRNNCell(layers), inputs, [3, 4], dtype=tf.float32)
        both, _ = tf.nn.bidirectional_dynamic_rnn(rnn.GRUCell(2), rnn.GRUCell(2), encoded, dtype=tf.float32)
        cell = rnn.AttentionCellWrapper(rnn.LayerNormBasicLSTMCell(3), 2)
        decoded, _ = tf.nn.static_rnn(cell, tf.unstack(tf.concat(both, 2), axis=1), dtype=tf.float32)
    loss = tf.reduce_mean(tf.square(tf.stack(decoded) - 0.3)) + tf.reduce_mean(tf.square(state[1].h))
    step = tf.train.get_or_create_global_step()
    train = tf.train.AdamOptimizer(0.05).minimize(loss, global_step=step)
    return {"loss": loss, "decoded": tf.stack(decoded), "train": train}


def record(tf):
    """Trains three steps, saves, and returns the losses of three more; JSON."""
    if not os.path.isdir(FOLDER):
        os.makedirs(FOLDER)
    with tf.Graph().as_default(), tf.Session() as session:
        made = network(tf)
        session.run(tf.global_variables_initializer())
        for _ in range(3):
            session.run(made["train"])
        tf.train.Saver().save(session, PREFIX, write_meta_graph=False, write_state=False)
        return follow(session, made)


def restored(tf):
    """The same losses from the checkpoint; JSON."""
    with tf.Graph().as_default(), tf.Session() as session:
        made = network(tf)
        tf.train.Saver().restore(session, PREFIX)
        return follow(session, made)


def follow(session, made):
    decoded = session.run(made["decoded"])
    losses = [float(session.run((made["loss"], made["train"]))[0]) for _ in range(3)]
    return {"decoded": np.round(decoded, 6).astype(float).ravel().tolist(), "losses": losses}
