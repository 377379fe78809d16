"""A pipeline from files: MNIST as TFRecords, read by queues and threads, distorted, trained on by a network.

    python tfrecords.py [FOLDER OF MNIST [STEPS]]
"""
from __future__ import print_function

import os
import sys
import tempfile

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data
from tqdm import tqdm

BATCH = 50
SHARDS = 4
EVERY = 50  # steps from one look at the test images to the next


def write(data_set, names):
    """A file for each name, the images dealt out to them in turn."""
    images = np.round(data_set.images * 255).astype(np.uint8)
    for shard, name in enumerate(names):
        with tf.python_io.TFRecordWriter(name) as writer:
            for image, label in list(zip(images, data_set.labels))[shard::len(names)]:
                example = tf.train.Example(features=tf.train.Features(feature={
                    'image': tf.train.Feature(bytes_list=tf.train.BytesList(value=[image.tostring()])),
                    'label': tf.train.Feature(int64_list=tf.train.Int64List(value=[label]))}))
                writer.write(example.SerializeToString())


def parse(serialized):
    features = tf.parse_single_example(serialized, features={
        'image': tf.FixedLenFeature([], tf.string),
        'label': tf.FixedLenFeature([], tf.int64)})
    image = tf.reshape(tf.decode_raw(features['image'], tf.uint8), [28, 28, 1])
    return tf.cast(image, tf.float32) / 255., features['label']


def distort(image):
    """The image moved by up to two pixels, a little brighter or darker."""
    image = tf.image.resize_image_with_crop_or_pad(image, 32, 32)
    image = tf.random_crop(image, [28, 28, 1], seed=1)
    return tf.image.random_brightness(image, 0.1, seed=2)


def training_batches(names):
    """Endless shuffled batches: two readers fill the queue that they come from."""
    filename_queue = tf.train.string_input_producer(names, shuffle=True, seed=3)
    examples = []
    for _ in range(2):
        _, serialized = tf.TFRecordReader().read(filename_queue)
        image, label = parse(serialized)
        examples.append([distort(image), label])
    return tf.train.shuffle_batch_join(examples, BATCH, capacity=1000, min_after_dequeue=500, seed=4)


def test_batches(names):
    """An iterator over the test images, once from each initialization."""
    dataset = tf.data.TFRecordDataset(names).map(parse, num_parallel_calls=2).batch(100).prefetch(1)
    return dataset.make_initializable_iterator()


def network(images, reuse=None):
    def glorot(seed):
        return tf.glorot_uniform_initializer(seed=seed)

    with tf.variable_scope('network', reuse=reuse):
        net = tf.layers.conv2d(images, 16, 5, strides=2, activation=tf.nn.relu, kernel_initializer=glorot(5))
        net = tf.layers.conv2d(net, 32, 3, strides=2, activation=tf.nn.relu, kernel_initializer=glorot(6))
        net = tf.layers.flatten(net)
        net = tf.layers.dense(net, 64, activation=tf.nn.relu, kernel_initializer=glorot(7))
        return tf.layers.dense(net, 10, kernel_initializer=glorot(8))


def plot(batch, losses, accuracies):
    plt.switch_backend('Agg')
    _, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4))
    left.imshow(np.vstack([np.hstack(list(row)) for row in batch[:50, :, :, 0].reshape([5, 10, 28, 28])]), cmap='gray')
    left.set_title('a batch, distorted')
    middle.plot(losses)
    middle.set_title('loss')
    right.plot(*zip(*accuracies), marker='o')
    right.set_title('test accuracy')
    plt.savefig('tfrecords.png')


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else 'MNIST_data'
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    mnist = input_data.read_data_sets(folder, validation_size=0)
    records = tempfile.mkdtemp()
    train_names = [os.path.join(records, 'train-%d.tfrecords' % shard) for shard in range(SHARDS)]
    test_names = [os.path.join(records, 'test-0.tfrecords')]
    write(mnist.train, train_names)
    write(mnist.test, test_names)
    print('records: %d to train on, %d to test' % tuple(
        sum(1 for name in names for _ in tf.python_io.tf_record_iterator(name)) for names in (train_names, test_names)))

    images, labels = training_batches(train_names)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, network(images))
    train_op = tf.train.AdamOptimizer(0.002).minimize(loss)

    iterator = test_batches(test_names)
    test_images, test_labels = iterator.get_next()
    predictions = tf.argmax(network(test_images, reuse=True), 1)
    accuracy, update_accuracy = tf.metrics.accuracy(test_labels, predictions, name='accuracy')
    reset_accuracy = tf.variables_initializer(tf.get_collection(tf.GraphKeys.METRIC_VARIABLES, 'accuracy'))

    losses, accuracies = [], []
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess=sess, coord=coord)
        for step in tqdm(range(1, steps + 1)):
            _, value = sess.run([train_op, loss])
            losses.append(value)
            if step % EVERY == 0 or step == steps:
                sess.run([iterator.initializer, reset_accuracy])
                while True:
                    try:
                        sess.run(update_accuracy)
                    except tf.errors.OutOfRangeError:
                        break
                accuracies.append((step, sess.run(accuracy)))
                tqdm.write('step %d: loss %.4f, test accuracy %.4f' % (step, value, accuracies[-1][1]))
        batch = sess.run(images)
        coord.request_stop()
        coord.join(threads)
    plot(batch, losses, accuracies)
    print('test accuracy: %.4f' % accuracies[-1][1])


if __name__ == '__main__':
    main()
