"""tf.data, queues, and the input pipelines of queue runners."""

import os

from . import each
from .strings_files import folder, record_file, text_file


def drain(tf, dataset, limit=20):
    """All elements of a dataset through a one-shot iterator."""
    element = tf.data.make_one_shot_iterator(dataset).get_next()

    def run(sess):
        found = []
        for _ in range(limit):
            try:
                found.append(sess.run(element))
            except tf.errors.OutOfRangeError:
                break
        return found

    return run


def through_queue(tf, queue, sort=False):
    fill = queue.enqueue_many([[5, 1, 3]])
    one, size, close = queue.dequeue(), queue.size(), queue.close()

    def run(sess):
        sess.run(fill)
        before, values = sess.run(size), [sess.run(one) for _ in range(3)]
        sess.run(close)
        return [before, sorted(values) if sort else values]

    return run


def with_runners(tf, tensors, count=1):
    """`count` runs of what queue runners feed; whole batches, so threads' order within them may count."""

    def run(sess):
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess=sess, coord=coordinator)
        found = [sess.run(tensors) for _ in range(count)]
        coordinator.request_stop()
        coordinator.join(threads, stop_grace_period_secs=10, ignore_live_threads=True)
        return found

    return run


def _initializable(tf, f):
    n = tf.placeholder(tf.int64, [])
    iterator = f(tf.data.Dataset.range(n))
    total = iterator.get_next()
    return lambda sess: [
        (sess.run(iterator.initializer, {n: count}), [sess.run(total) for _ in range(count)])[1]
        for count in (2, 3)
    ]


def _reinitializable(tf, f):
    iterator = f.from_structure(tf.int64, tf.TensorShape([]))
    first = iterator.make_initializer(tf.data.Dataset.range(2))
    second = iterator.make_initializer(tf.data.Dataset.range(5, 7))
    element = iterator.get_next()
    return lambda sess: [
        (sess.run(start), sess.run(element), sess.run(element))[1:] for start in (first, second)
    ]


def _generator(tf, f):
    return drain(tf, f(lambda: iter([[1, 2], [3, 4]]), tf.int32, tf.TensorShape([2])))


def _csv(tf, f):
    return drain(tf, f(text_file(), [tf.int32, tf.string]))


def _runner(tf, f):
    queue = tf.FIFOQueue(4, tf.int32, shapes=[[]])
    tf.train.add_queue_runner(f(queue, [queue.enqueue(7)]))
    return with_runners(tf, queue.dequeue_many(2))


def _add_runner(tf, f):
    queue = tf.FIFOQueue(4, tf.int32, shapes=[[]])
    f(tf.train.QueueRunner(queue, [queue.enqueue(8)]))
    return with_runners(tf, queue.dequeue_many(2))


def _coordinator(tf, f):
    coordinator = f()
    coordinator.request_stop()
    return tf.constant([coordinator.should_stop(), coordinator.wait_for_stop(0.1)])


def _batch(tf, f):
    return with_runners(tf, f([tf.constant(3), tf.constant([1.0, 2.0])], batch_size=4))


def _shuffle_batch(tf, f):
    one = tf.train.range_input_producer(8, shuffle=False).dequeue()
    batch = f([one], batch_size=8, capacity=16, min_after_dequeue=0, seed=5)
    return with_runners(tf, tf.shape(batch))


def _names(tf, f):
    names = f(["a", "b", "c"], shuffle=False)
    return with_runners(tf, names.dequeue_many(4))


def _slices(tf, f):
    pair = f([tf.constant([1, 2, 3]), tf.constant(["a", "b", "c"])], shuffle=False)
    return with_runners(tf, pair, 4)


def _limit(tf, f):
    twice = f(tf.constant([1, 2]), num_epochs=2)

    def run(sess):
        found = []
        try:
            for _ in range(5):
                found.append(sess.run(twice))
        except tf.errors.OutOfRangeError:
            found.append(-1)
        return found

    return run


def _transformation(*args, **kwargs):
    """A dataset function that goes into `Dataset.apply`, on the numbers 0 to 5."""

    def build(tf, f):
        given = [a(tf) if callable(a) and getattr(a, "of_tf", False) else a for a in args]
        return drain(tf, tf.data.Dataset.range(6).apply(f(*given, **kwargs)))

    return build


def _accumulator(tf, f):
    sums = f(tf.float32, shape=[2])
    add = sums.apply_grad(tf.constant([1.0, 3.0]))
    taken, count = sums.take_grad(2), sums.num_accumulated()
    return lambda sess: (sess.run(add), sess.run(add), [sess.run(count), sess.run(taken)])[2]


CASES = {}
CASES.update(
    {
        "data.Dataset": lambda tf, f: drain(
            tf, f.range(6).map(lambda n: n * n).filter(lambda n: n < 20).shuffle(4, seed=3).batch(2).repeat(2)
        ),
        "data.Dataset.from_tensor_slices": lambda tf, f: drain(tf, f(([1, 2, 3], ["a", "b", "c"])).batch(2)),
        "data.Dataset.from_generator": _generator,
        "data.Dataset.zip": lambda tf, f: drain(
            tf, f((tf.data.Dataset.range(3), tf.data.Dataset.range(5, 9)))
        ),
        "data.Dataset.from_tensors": lambda tf, f: drain(tf, f({"a": [1, 2]}).repeat(2)),
        "data.Dataset.list_files": lambda tf, f: drain(
            tf, f(text_file(), shuffle=False).map(lambda name: tf.strings.regex_replace(name, ".*/", ""))
        ),
        "data.Iterator": _reinitializable,
        "data.make_initializable_iterator": _initializable,
        "data.make_one_shot_iterator": lambda tf, f: f(tf.data.Dataset.range(3)).get_next(),
        "data.TFRecordDataset": lambda tf, f: drain(tf, f(record_file(tf))),
        "data.TextLineDataset": lambda tf, f: drain(tf, f([text_file()]).skip(1)),
        "data.FixedLengthRecordDataset": lambda tf, f: drain(tf, f(text_file(), 4)),
        "data.Options": lambda tf, f: drain(tf, tf.data.Dataset.range(2).with_options(f())),
        "data.get_output_types": lambda tf, f: tf.zeros([2], f(tf.data.Dataset.range(3))),
        "data.get_output_shapes": lambda tf, f: tf.zeros(f(tf.data.Dataset.range(3))),
        "data.get_output_classes": lambda tf, f: tf.constant(f(tf.data.Dataset.range(3)).__name__),
        "data.experimental.Counter": lambda tf, f: drain(tf, f(3, 2).take(3)),
        "data.experimental.CsvDataset": _csv,
        "data.experimental.RandomDataset": lambda tf, f: drain(tf, f(seed=4).take(2).map(lambda n: n >= 0)),
        "data.experimental.cardinality": lambda tf, f: f(tf.data.Dataset.range(7)),
        "data.experimental.choose_from_datasets": lambda tf, f: drain(
            tf,
            f(
                [tf.data.Dataset.range(3), tf.data.Dataset.range(10, 13)],
                tf.data.Dataset.from_tensor_slices(tf.constant([1, 0, 1], tf.int64)),
            ),
        ),
        "data.experimental.enumerate_dataset": _transformation(5),
        "data.experimental.ignore_errors": lambda tf, f: drain(
            tf,
            tf.data.Dataset.from_tensor_slices([1.0, 0.0, 2.0])
            .map(lambda x: tf.check_numerics(1.0 / x, "division"))
            .apply(f()),
        ),
        "data.experimental.map_and_batch": _transformation(lambda n: n + 1, 4),
        "data.experimental.parallel_interleave": lambda tf, f: drain(
            tf, tf.data.Dataset.range(2).apply(f(lambda n: tf.data.Dataset.from_tensors(n).repeat(2), 1))
        ),
        "data.experimental.scan": lambda tf, f: drain(
            tf, tf.data.Dataset.range(4).apply(f(tf.constant(0, tf.int64), lambda s, n: (s + n, s + n)))
        ),
        "data.experimental.shuffle_and_repeat": _transformation(3, 2, seed=6),
        "data.experimental.take_while": _transformation(lambda n: n < 4),
        "data.experimental.unbatch": lambda tf, f: drain(tf, tf.data.Dataset.range(4).batch(2).apply(f())),
        "data.experimental.unique": lambda tf, f: drain(
            tf, tf.data.Dataset.from_tensor_slices([1, 1, 2]).apply(f())
        ),
        "data.experimental.group_by_window": lambda tf, f: drain(
            tf, tf.data.Dataset.range(6).apply(f(lambda n: n % 2, lambda key, part: part.batch(3), 3))
        ),
        "data.experimental.bucket_by_sequence_length": lambda tf, f: drain(
            tf,
            tf.data.Dataset.from_generator(lambda: iter([[1], [1, 2, 3], [4]]), tf.int32, [None]).apply(
                f(lambda row: tf.shape(row)[0], [2], [2, 1])
            ),
        ),
        "data.experimental.dense_to_sparse_batch": lambda tf, f: drain(
            tf, tf.data.Dataset.range(1, 4).map(lambda n: tf.range(n)).apply(f(3, [4]))
        ),
        "data.experimental.sample_from_datasets": lambda tf, f: drain(
            tf, f([tf.data.Dataset.range(2), tf.data.Dataset.range(5, 7)], seed=3)
        ),
        "data.experimental.rejection_resample": lambda tf, f: drain(
            tf,
            tf.data.Dataset.range(6).apply(
                f(lambda n: tf.cast(n % 2, tf.int32), [0.5, 0.5], [0.5, 0.5], seed=3)
            ),
        ),
        "data.experimental.get_single_element": lambda tf, f: f(tf.data.Dataset.range(7, 8)),
        "data.experimental.get_next_as_optional": lambda tf, f: f(
            tf.data.make_one_shot_iterator(tf.data.Dataset.range(3))
        ).get_value(),
        "data.experimental.group_by_reducer": lambda tf, f: drain(
            tf,
            tf.data.Dataset.range(6).apply(
                f(
                    lambda n: n % 2,
                    tf.data.experimental.Reducer(
                        lambda _: tf.constant(0, tf.int64), lambda s, n: s + n, lambda s: s
                    ),
                )
            ),
        ),
        "data.experimental.make_csv_dataset": lambda tf, f: drain(
            tf,
            f(text_file("k,v\n1,a\n2,b\n"), 2, label_name="k", num_epochs=1, shuffle=False),
        ),
        "data.experimental.TFRecordWriter": lambda tf, f: _write_records(tf, f),
        "FIFOQueue": lambda tf, f: through_queue(tf, f(5, tf.int32)),
        "PaddingFIFOQueue": lambda tf, f: through_queue(tf, f(5, [tf.int32], [[]])),
        "PriorityQueue": lambda tf, f: _priority(tf, f),
        "RandomShuffleQueue": lambda tf, f: through_queue(tf, f(5, 0, tf.int32, seed=3), sort=True),
        "QueueBase": lambda tf, f: tf.constant(isinstance(tf.FIFOQueue(1, tf.int32), f)),
        "ConditionalAccumulator": _accumulator,
        "train.Coordinator": _coordinator,
        "train.QueueRunner": _runner,
        "train.add_queue_runner": _add_runner,
        "train.start_queue_runners": lambda tf, f: _names(tf, tf.train.string_input_producer),
        "train.batch": _batch,
        "train.batch_join": lambda tf, f: with_runners(tf, f([[tf.constant(3)]], batch_size=4)),
        "train.maybe_batch": lambda tf, f: with_runners(tf, f([tf.constant(3)], True, batch_size=4)),
        "train.shuffle_batch": _shuffle_batch,
        "train.shuffle_batch_join": lambda tf, f: with_runners(
            tf, f([[tf.constant(3)]], batch_size=4, capacity=16, min_after_dequeue=0)
        ),
        "train.string_input_producer": _names,
        "train.input_producer": lambda tf, f: with_runners(
            tf, f(tf.constant([4, 5]), shuffle=False).dequeue_many(3)
        ),
        "train.range_input_producer": lambda tf, f: with_runners(tf, f(3, shuffle=False).dequeue_many(5)),
        "train.slice_input_producer": _slices,
        "train.limit_epochs": _limit,
    }
)
CASES.update(each("train.LooperThread", lambda tf, f: _looper(tf, f)))


def _looper(tf, f):
    coordinator, seen = tf.train.Coordinator(), []

    def step():
        seen.append(len(seen))
        if len(seen) == 3:
            coordinator.request_stop()

    thread = f(coordinator, None, target=step)
    thread.start()
    coordinator.join([thread])
    return tf.constant(seen)


def _priority(tf, f):
    queue = f(5, [tf.string], [[]])
    fill = queue.enqueue_many([tf.constant([5, 1, 3], tf.int64), ["c", "a", "b"]])
    one = queue.dequeue()
    return lambda sess: (sess.run(fill), [sess.run(one) for _ in range(3)])[1]


def _write_records(tf, f):
    path = os.path.join(folder(), "out")
    write = f(path).write(tf.data.Dataset.from_tensor_slices(["a", "b"]))
    return lambda sess: (sess.run(write), [r.decode() for r in tf.python_io.tf_record_iterator(path)])[1]
