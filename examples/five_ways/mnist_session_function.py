"""Digits learned under a Session without placeholders: it runs Python functions, traced once into its graph.

    python mnist_session_function.py [FOLDER OF MNIST]
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
        for number, (images, labels) in enumerate(common.progress(zip(data.images, data.labels)), 1):
            loss, _ = sess.run(train_step, images, labels)
            curves.losses.append(loss)
            if number % common.EVERY == 0:
                curves.raw.append(sess.run(accuracy, data.test_images, data.test_labels))
                with ema.swapped():
                    curves.averaged.append(sess.run(accuracy, data.test_images, data.test_labels))
        curves.averages.extend(sess.run([ema.average(w) for w in tf.trainable_variables()]))
    return curves


if __name__ == "__main__":
    common.main(run)
