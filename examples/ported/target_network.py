"""A target network, as DDPG has it: the slow copy of a critic that its own targets are computed from.

Ported to a `tf.function`: a network is a function of its weights, so that the target is the same function of their
averages, and no variable scope needs a `custom_getter`. Every number is the old program's.
"""

import numpy as np
import tensorflow as tf

from tf1compat import train

TAU = 0.05
GAMMA = 0.9

w1 = tf.Variable(tf.random.normal([3, 16], 0.0, 0.3, seed=1))
b1 = tf.Variable(tf.fill([16], 0.1))
w2 = tf.Variable(tf.random.normal([16, 1], 0.0, 0.3, seed=2))
params = [w1, b1, w2]


def critic(state, weights):
    w1, b1, w2 = weights
    return tf.nn.relu(state @ w1 + b1) @ w2


ema = train.ExponentialMovingAverage(decay=1 - TAU)
ema.build(params)  # the averages start as the critic's initial values
averages = [ema.average(p) for p in params]
optimizer = train.GradientDescentOptimizer(0.05)


@tf.function
def train_step(s, r, s_):
    td_error = tf.reduce_mean(tf.square(r + GAMMA * critic(s_, averages) - critic(s, params)))
    optimizer.minimize(td_error, var_list=params)
    ema.apply(params)
    return td_error


def distance():
    return sum(train.l2_loss(p - average) for p, average in zip(params, averages))


print(f"distance at the start: {distance():.6f}")
rng = np.random.RandomState(0)  # as before: the old program's data
for step in range(1, 301):
    s = rng.uniform(-1, 1, [32, 3]).astype(np.float32)
    error = train_step(s, np.sum(s, axis=1, keepdims=True), np.roll(s, 1, axis=1))
    if step % 100 == 0:
        print(f"step {step}: td error {error:.6f}, distance {distance():.6f}")
for _ in range(300):  # the critic stands still: the target arrives
    ema.apply(params)
print(f"distance at the end: {distance():.6f}")
