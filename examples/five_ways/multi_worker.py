"""Digits learned by processes that share each batch, the same as by one process that has it all.

    python launch_workers.py 2 multi_worker.py    two workers on this machine
    python multi_worker.py                        one process: prints the same figures

Options: --mnist FOLDER of MNIST's four files; --save FOLDER for each worker's losses and averages,
worker0.npz and so on.
On a cluster, start it on each machine with TF_CONFIG set as TensorFlow documents.
"""

import argparse
import os
import pathlib

import common
import numpy as np
import tensorflow as tf

import tf1compat
from tf1compat import train


def run(data, strategy, progress=common.progress):
    replicas = strategy.num_replicas_in_sync
    with strategy.scope():
        weights = [tf.Variable(value) for value in common.first_weights(data.images.shape[-1])]
        step = tf.Variable(0, dtype=tf.int64)
    rate = train.exponential_decay(common.RATE, step, common.DECAY_STEPS, common.DECAY_RATE)
    optimizer = train.MomentumOptimizer(rate, common.MOMENTUM)
    ema = train.ExponentialMovingAverage(common.AVERAGE_DECAY, num_updates=step)
    ema.build(weights)

    def logits_of(images):
        w1, b1, w2, b2 = weights
        return tf.tanh(images @ w1 + b1) @ w2 + b2

    def replica_step(images, labels):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits_of(images))
        loss = tf.reduce_mean(losses) / replicas  # the replicas' losses add up to the whole batch's mean
        gradients = train.reduce_gradients(tf.gradients(loss, weights))  # the sum first, and then clip it
        gradients, _ = train.clip_by_global_norm(gradients, common.CLIP_NORM)
        optimizer.apply_gradients(zip(gradients, weights), global_step=step, reduced=True)
        ema.apply()
        return loss

    @tf.function
    def train_step(images, labels):
        losses = strategy.run(replica_step, (images, labels))
        return strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)

    @tf.function
    def accuracy():
        right = tf.equal(tf.argmax(logits_of(data.test_images), 1), data.test_labels)
        return tf.reduce_mean(tf.cast(right, tf.float32))

    def shares(values):
        parts = np.split(values, replicas)
        return strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(parts[context.replica_id_in_sync_group])
        )

    curves = common.Curves([], [], [], [])
    for number, (images, labels) in enumerate(progress(zip(data.images, data.labels)), 1):
        curves.losses.append(train_step(shares(images), shares(labels)).numpy())
        if number % common.EVERY == 0:
            curves.raw.append(accuracy().numpy())
            with ema.swapped():
                curves.averaged.append(accuracy().numpy())
    curves.averages.extend(ema.average(w).numpy() for w in weights)
    return curves


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", metavar="FOLDER")
    parser.add_argument("--save", metavar="FOLDER", type=pathlib.Path)
    options = parser.parse_args()
    strategy, worker = tf.distribute.get_strategy(), 0
    if "TF_CONFIG" in os.environ:
        strategy = tf.distribute.MultiWorkerMirroredStrategy()  # before anything else that TensorFlow does
        worker = strategy.cluster_resolver.task_id
    if common.BATCH % strategy.num_replicas_in_sync:
        parser.error(f"{strategy.num_replicas_in_sync} replicas cannot share batches of {common.BATCH} equally")
    curves = run(common.load(options.mnist), strategy, common.progress if worker == 0 else iter)
    if worker == 0:
        common.show(curves)
    if options.save:
        arrays = {"losses": curves.losses, **{f"average{n}": value for n, value in enumerate(curves.averages)}}
        np.savez(options.save / f"worker{worker}.npz", **arrays)


if __name__ == "__main__":
    with tf1compat.eager():
        main()
