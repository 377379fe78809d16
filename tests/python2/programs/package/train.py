import tensorflow as tf
import settings
import data
from data import batch, halves


def train(n):
    x = tf.constant(batch(n))
    w = tf.Variable(tf.zeros([settings.SIZE, 1]), name=settings.NAME)
    loss = tf.nn.l2_loss(tf.matmul(x, w) - 1)
    step = tf.train.AdagradOptimizer(.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.initialize_all_variables())
        losses = []
        for _ in xrange(n):
            sess.run(step)
            losses.append(round(float(sess.run(loss)), 3))
    print data.halves(halves([9, 10]))
    return losses
