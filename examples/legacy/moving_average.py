"""The shadow of a moving average whose decay grows with num_updates: min(decay, (1 + n) / (10 + n))."""
from __future__ import print_function

import tensorflow as tf

value = tf.Variable(0., dtype=tf.float32, name='value')
step = tf.Variable(0, trainable=False, name='step')
ema = tf.train.ExponentialMovingAverage(0.99, num_updates=step)
maintain = ema.apply([value])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('at first: value %g, shadow %g' % tuple(sess.run([value, ema.average(value)])))
    sess.run(tf.assign(value, 5.))
    for n in [0, 1, 10, 100, 1000, 10000]:
        sess.run(tf.assign(step, n))
        sess.run(maintain)
        print('num_updates %d: shadow %.6f' % (n, sess.run(ema.average(value))))
    sess.run(tf.assign(value, 10.))
    for n in range(3):
        sess.run(maintain)
        print('again, %d: shadow %.6f' % (n + 1, sess.run(ema.average(value))))
    print(ema.average_name(value))
