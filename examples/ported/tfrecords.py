"""A pipeline from files: MNIST as TFRecords, read, distorted, trained on by a network.

    python tfrecords.py [FOLDER OF MNIST [STEPS]]

Ported to tf.data and Keras's `fit`:
- `string_input_producer`, the readers and `shuffle_batch_join` are one Dataset: `interleave` reads two files at a time,
  `shuffle` is the queue's min_after_dequeue, `batch`, and `prefetch` is what the threads were for;
- there is no Coordinator, no queue runner to start or to stop, and no local variable to initialize;
- the metric's update op, its reset and the loop until OutOfRangeError are `validation_data`;
- `tf.parse_single_example`, `tf.decode_raw` and `tf.random_crop` have moved into tf.io and tf.image.
"""

import pathlib
import sys
import tempfile

import keras
import matplotlib.pyplot as plt
import mnist
import numpy as np
import tensorflow as tf

from tf1compat.keras import optimizers

BATCH = 50
SHARDS = 4
EVERY = 50  # steps from one look at the test images to the next


def write(images, labels, names):
    """A file for each name, the images dealt out to them in turn."""
    images = np.round(images * 255).astype(np.uint8)
    for shard, name in enumerate(names):
        with tf.io.TFRecordWriter(name) as writer:
            for image, label in list(zip(images, labels))[shard :: len(names)]:
                feature = {
                    "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image.tobytes()])),
                    "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[label])),
                }
                writer.write(tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString())


def parse(serialized):
    features = {"image": tf.io.FixedLenFeature([], tf.string), "label": tf.io.FixedLenFeature([], tf.int64)}
    example = tf.io.parse_single_example(serialized, features)
    image = tf.reshape(tf.io.decode_raw(example["image"], tf.uint8), [28, 28, 1])
    return tf.cast(image, tf.float32) / 255.0, example["label"]


def distort(image, label):
    """The image moved by up to two pixels, a little brighter or darker."""
    image = tf.image.resize_with_crop_or_pad(image, 32, 32)
    image = tf.image.random_crop(image, [28, 28, 1], seed=1)
    return tf.image.random_brightness(image, 0.1, seed=2), label


def training_batches(names):
    """Endless shuffled batches."""
    files = tf.data.Dataset.from_tensor_slices(names).shuffle(len(names), seed=3).repeat()
    records = files.interleave(tf.data.TFRecordDataset, cycle_length=2)
    examples = records.map(parse, tf.data.AUTOTUNE).map(distort, tf.data.AUTOTUNE)
    return examples.shuffle(500, seed=4).batch(BATCH).prefetch(tf.data.AUTOTUNE)


def test_batches(names, count):
    """Each record once. Files of records do not say how many they hold: `count` does, or Keras warns at their end."""
    records = tf.data.TFRecordDataset(names).apply(tf.data.experimental.assert_cardinality(count))
    return records.map(parse, tf.data.AUTOTUNE).batch(100).prefetch(1)


def network():
    def glorot(seed):
        return keras.initializers.GlorotUniform(seed)

    return keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            keras.layers.Conv2D(16, 5, strides=2, activation="relu", kernel_initializer=glorot(5)),
            keras.layers.Conv2D(32, 3, strides=2, activation="relu", kernel_initializer=glorot(6)),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu", kernel_initializer=glorot(7)),
            keras.layers.Dense(10, kernel_initializer=glorot(8)),
        ]
    )


def plot(batch, history, every):
    plt.switch_backend("Agg")
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4), layout="constrained")
    left.imshow(np.vstack([np.hstack(list(row)) for row in batch.reshape([5, 10, 28, 28])]), cmap="gray")
    left.set_title("a batch, distorted")
    steps = range(every, every * len(history["loss"]) + 1, every)
    middle.plot(steps, history["loss"])
    middle.set_title(f"loss, mean of {every} steps")
    right.plot(steps, history["val_accuracy"], marker="o")
    right.set_title("test accuracy")
    figure.savefig("tfrecords.png")


def main(folder="MNIST_data", steps=600):
    keras.utils.set_random_seed(1)
    train, test = mnist.load(folder)
    with tempfile.TemporaryDirectory() as records:
        train_names = [str(pathlib.Path(records) / f"train-{shard}.tfrecords") for shard in range(SHARDS)]
        test_names = [str(pathlib.Path(records) / "test-0.tfrecords")]
        write(*train, train_names)
        write(*test, test_names)
        counts = [sum(1 for _ in tf.data.TFRecordDataset(names)) for names in (train_names, test_names)]
        print("records: {} to train on, {} to test".format(*counts))

        model = network()
        model.compile(
            optimizers.Adam(0.002),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        )
        batches, epoch = training_batches(train_names), min(EVERY, steps)
        history = model.fit(
            batches,
            steps_per_epoch=epoch,
            epochs=steps // epoch,
            shuffle=False,  # by Keras; the dataset does it
            validation_data=test_batches(test_names, counts[1]),
        ).history
        plot(next(iter(batches))[0].numpy(), history, epoch)
    print(f"test accuracy: {history['val_accuracy'][-1]:.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
