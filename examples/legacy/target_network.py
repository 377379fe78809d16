"""A target network, as DDPG has it: the slow copy of a critic that its own targets are computed from.

The copy is the critic built once more, its variables read through an ExponentialMovingAverage.
"""
from __future__ import print_function

import numpy as np
import tensorflow as tf

TAU = 0.05
GAMMA = 0.9


def critic(state, getter=None):
    with tf.variable_scope('critic', reuse=True if getter else None, custom_getter=getter):
        w1 = tf.get_variable('w1', [3, 16], initializer=tf.random_normal_initializer(0., .3, seed=1))
        b1 = tf.get_variable('b1', [16], initializer=tf.constant_initializer(0.1))
        w2 = tf.get_variable('w2', [16, 1], initializer=tf.random_normal_initializer(0., .3, seed=2))
        return tf.matmul(tf.nn.relu(tf.matmul(state, w1) + b1), w2)


S = tf.placeholder(tf.float32, [None, 3], 's')
R = tf.placeholder(tf.float32, [None, 1], 'r')
S_ = tf.placeholder(tf.float32, [None, 3], 's_')

q = critic(S)
params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='critic')
ema = tf.train.ExponentialMovingAverage(decay=1 - TAU)


def ema_getter(getter, name, *args, **kwargs):
    return ema.average(getter(name, *args, **kwargs))


target_update = ema.apply(params)  # the averages start as the critic's initial values
q_ = critic(S_, getter=ema_getter)

td_error = tf.losses.mean_squared_error(labels=R + GAMMA * q_, predictions=q)
train_op = tf.train.GradientDescentOptimizer(0.05).minimize(td_error, var_list=params)
distance = tf.add_n([tf.nn.l2_loss(p - ema.average(p)) for p in params])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('distance at the start: %.6f' % sess.run(distance))
    rng = np.random.RandomState(0)
    for step in range(1, 301):
        s = rng.uniform(-1, 1, [32, 3])
        batch = {S: s, R: np.sum(s, axis=1, keepdims=True), S_: np.roll(s, 1, axis=1)}
        _, error = sess.run([train_op, td_error], batch)
        sess.run(target_update)
        if step % 100 == 0:
            print('step %d: td error %.6f, distance %.6f' % (step, error, sess.run(distance)))
    for _ in range(300):  # the critic stands still: the target arrives
        sess.run(target_update)
    print('distance at the end: %.6f' % sess.run(distance))
