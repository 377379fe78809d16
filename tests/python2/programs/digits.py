# A two layer network on made-up digits; shapes by integer division, dictionaries, a class with next().
import sys
import numpy as np
import tensorflow as tf

flags = tf.app.flags
FLAGS = flags.FLAGS
flags.DEFINE_integer('hidden', 33, 'units')
flags.DEFINE_integer('batch', 25, 'rows')


class Batches:
    def __init__(self, x, y, size):
        self.x, self.y, self.size, self.at = x, y, size, 0

    def __iter__(self):
        return self

    def next(self):
        if self.at >= len(self.x) / self.size:
            raise StopIteration
        rows = slice(self.at * self.size, (self.at + 1) * self.size)
        self.at += 1
        return self.x[rows], self.y[rows]


def main(_):
    r = np.random.RandomState(0)
    centres = r.rand(10, 64)
    labels = np.arange(260) % 10
    images = (centres[labels] + .3 * r.rand(260, 64)).astype('f')
    onehot = np.eye(10, dtype='f')[labels]
    side = images.shape[1] / 8
    x = tf.placeholder(tf.float32, [None, side * side])
    y_ = tf.placeholder(tf.float32, [None, 10])
    weights = {
        'h1': tf.Variable(tf.truncated_normal([64, FLAGS.hidden / 2], stddev=0.1, seed=1)),
        'out': tf.Variable(tf.truncated_normal([FLAGS.hidden / 2, 10], stddev=0.1, seed=2)),
    }
    for name, value in sorted(weights.iteritems()):
        print name, value.get_shape().as_list()
    hidden = tf.nn.relu(tf.matmul(x, weights['h1']))
    logits = tf.matmul(hidden, weights['out'])
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=y_))
    step = tf.train.AdamOptimizer(0.01).minimize(loss)
    correct = tf.equal(tf.argmax(logits, 1), tf.argmax(y_, 1))
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
    sess = tf.InteractiveSession()
    tf.global_variables_initializer().run()
    for epoch in range(4):
        total, count = 0, 0
        for bx, by in Batches(images, onehot, FLAGS.batch):
            _, l = sess.run([step, loss], {x: bx, y_: by})
            total += float(l)
            count += 1
        print 'epoch', epoch, 'batches', count, 'loss %.4f' % (total / count)
    print >>sys.stdout, 'accuracy %.3f' % accuracy.eval({x: images, y_: onehot})


if __name__ == '__main__':
    tf.app.run()
