"""Digits learned under a Session that takes many steps in one call: a loop inside TensorFlow's runtime.

    python mnist_run_steps.py [FOLDER OF MNIST]
"""

import common

import tf1compat.v1 as tf


def run(data):
    with tf.Graph().as_default(), tf.Session() as sess:
        pixels = data.images.shape[-1]
        images = tf.placeholder(tf.float32, [None, pixels])
        labels = tf.placeholder(tf.int64, [None])
        w1, b1, w2, b2 = weights = [tf.Variable(value) for value in common.first_weights(pixels)]
        logits = tf.matmul(tf.tanh(tf.matmul(images, w1) + b1), w2) + b2
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
        accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), labels), tf.float32))

        step = tf.train.get_or_create_global_step()
        rate = tf.train.exponential_decay(common.RATE, step, common.DECAY_STEPS, common.DECAY_RATE)
        optimizer = tf.train.MomentumOptimizer(rate, common.MOMENTUM)
        ema = tf.train.ExponentialMovingAverage(common.AVERAGE_DECAY, num_updates=step)
        gradients, _ = tf.clip_by_global_norm(tf.gradients(loss, weights), common.CLIP_NORM)
        train_step = optimizer.apply_gradients(zip(gradients, weights), global_step=step)
        with tf.control_dependencies([train_step]):
            train_step = ema.apply(weights)

        sess.run(tf.global_variables_initializer())
        test = {images: data.test_images, labels: data.test_labels}
        curves = common.Curves([], [], [], [])
        for begin in range(0, common.STEPS, common.EVERY):
            part = slice(begin, begin + common.EVERY)
            batches = {images: data.images[part], labels: data.labels[part]}  # a step for each of axis 0
            (losses, _), _ = sess.run_steps([loss, train_step], batches, keep="all")
            curves.losses.extend(losses)
            curves.raw.append(sess.run(accuracy, test))
            with ema.swapped():
                curves.averaged.append(sess.run(accuracy, test))
        curves.averages.extend(sess.run([ema.average(w) for w in weights]))
    return curves


if __name__ == "__main__":
    common.main(run)
