"""Digits learned as TensorFlow 1 did it: placeholders, fed under a Session.

    python mnist_placeholders.py [FOLDER OF MNIST]
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
        gradients = tf.gradients(loss, weights)
        gradients, _ = tf.clip_by_global_norm(gradients, common.CLIP_NORM)
        train_step = optimizer.apply_gradients(zip(gradients, weights), global_step=step)
        with tf.control_dependencies([train_step]):
            train_step = ema.apply(weights)

        sess.run(tf.global_variables_initializer())
        test = {images: data.test_images, labels: data.test_labels}
        curves = common.Curves([], [], [], [])
        for number, batch in enumerate(common.progress(zip(data.images, data.labels)), 1):
            loss_now, _ = sess.run([loss, train_step], {images: batch[0], labels: batch[1]})
            curves.losses.append(loss_now)
            if number % common.EVERY == 0:
                curves.raw.append(sess.run(accuracy, test))
                with ema.swapped():
                    curves.averaged.append(sess.run(accuracy, test))
        curves.averages.extend(sess.run([ema.average(w) for w in weights]))
    return curves


if __name__ == "__main__":
    common.main(run)
