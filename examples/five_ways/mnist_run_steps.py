"""Digits learned under a Session that takes many steps of a function in one call, a loop inside its runtime.

    python mnist_run_steps.py [FOLDER OF MNIST]
"""

import common

import tf1compat.v1 as tf


def run(data):
    first = common.first_weights(data.images.shape[-1])
    ema = tf.train.ExponentialMovingAverage(common.AVERAGE_DECAY, num_updates=tf.train.get_or_create_global_step)

    def logits_of(images):
        with tf.variable_scope("network", reuse=tf.AUTO_REUSE):
            w1, b1, w2, b2 = (tf.get_variable(f"weight{n}", initializer=value) for n, value in enumerate(first))
        return tf.matmul(tf.tanh(tf.matmul(images, w1) + b1), w2) + b2

    def train_step(images, labels):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits_of(images))
        loss, step = tf.reduce_mean(losses), tf.train.get_or_create_global_step()
        rate = tf.train.exponential_decay(common.RATE, step, common.DECAY_STEPS, common.DECAY_RATE)
        optimizer = tf.train.MomentumOptimizer(rate, common.MOMENTUM)
        gradients, weights = zip(*optimizer.compute_gradients(loss))
        gradients, _ = tf.clip_by_global_norm(gradients, common.CLIP_NORM)
        with tf.control_dependencies([optimizer.apply_gradients(zip(gradients, weights), global_step=step)]):
            return loss, ema.apply(weights)

    def accuracy(images, labels):
        return tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits_of(images), 1), labels), tf.float32))

    curves = common.Curves([], [], [], [])
    with tf.Graph().as_default(), tf.Session() as sess:
        for begin in range(0, common.STEPS, common.EVERY):
            part = slice(begin, begin + common.EVERY)  # of axis 0, which counts steps
            (losses, _), _ = sess.run_steps(train_step, (data.images[part], data.labels[part]), keep="all")
            curves.losses.extend(losses)
            curves.raw.append(sess.run(accuracy, data.test_images, data.test_labels))
            with ema.swapped():
                curves.averaged.append(sess.run(accuracy, data.test_images, data.test_labels))
        curves.averages.extend(sess.run([ema.average(w) for w in tf.trainable_variables()]))
    return curves


if __name__ == "__main__":
    common.main(run)
