"""Digits learned by TF1's rules in a step that is TensorFlow 2's: one function, compiled by XLA.

    python mnist_tf_function.py [FOLDER OF MNIST]
"""

import common
import tensorflow as tf

from tf1compat import train


def run(data):
    weights = [tf.Variable(value) for value in common.first_weights(data.images.shape[-1])]
    step = tf.Variable(0, dtype=tf.int64)
    rate = train.exponential_decay(common.RATE, step, common.DECAY_STEPS, common.DECAY_RATE)
    optimizer = train.MomentumOptimizer(rate, common.MOMENTUM)
    ema = train.ExponentialMovingAverage(common.AVERAGE_DECAY, num_updates=step)
    ema.build(weights)

    def logits_of(images):
        w1, b1, w2, b2 = weights
        return tf.tanh(images @ w1 + b1) @ w2 + b2

    @tf.function(jit_compile=True)
    def train_step(images, labels):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits_of(images))
        loss = tf.reduce_mean(losses)
        gradients = tf.gradients(loss, weights)
        gradients, _ = train.clip_by_global_norm(gradients, common.CLIP_NORM)
        optimizer.apply_gradients(zip(gradients, weights), global_step=step)
        ema.apply()
        return loss

    @tf.function
    def accuracy():
        right = tf.equal(tf.argmax(logits_of(data.test_images), 1), data.test_labels)
        return tf.reduce_mean(tf.cast(right, tf.float32))

    curves = common.Curves([], [], [], [])
    for number, batch in enumerate(common.progress(zip(data.images, data.labels)), 1):
        curves.losses.append(train_step(*batch).numpy())
        if number % common.EVERY == 0:
            curves.raw.append(accuracy().numpy())
            with ema.swapped():
                curves.averaged.append(accuracy().numpy())
    curves.averages.extend(ema.average(w).numpy() for w in weights)
    return curves


if __name__ == "__main__":
    common.main(run)
