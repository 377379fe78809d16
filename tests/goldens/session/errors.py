"""Programs that go wrong: class, message, op of the error."""

# ruff: noqa: B023, C408, C416, E711 - each closure runs at once, and 2018 wrote so

import numpy as np
from goldens.session.observe import failing


def unfed(tf):
    a = tf.placeholder(tf.float32, name="a")
    b = tf.placeholder(tf.float32, [None, 3], name="b")
    c = tf.placeholder(tf.int64, [], name="c")
    d = tf.placeholder(tf.string, [2], name="d")
    e = tf.placeholder(tf.bool, [1], name="e")
    f = tf.placeholder(tf.float64, [1], name="f")
    g = tf.placeholder(tf.complex64, [1], name="g")
    h = tf.placeholder(tf.float16, [1], name="h")
    with tf.Session() as sess:
        return [
            failing(lambda: sess.run(t))
            for t in (a + 1, b + 1, c + 1, d + "x", tf.logical_not(e), f + 1, g + 1, h + 1, a)
        ]


def uninitialized(tf):
    v, w = tf.Variable(1.0, name="v"), tf.get_variable("s/w", [2])
    table = tf.Variable([[1.0]], name="table")
    opt = tf.train.AdamOptimizer(0.1).minimize(v * 2.0)
    with tf.Session() as sess:
        found = [
            failing(lambda: sess.run(t))
            for t in (
                v,
                v + 1.0,
                w * 2.0,
                tf.assign_add(v, 1.0),
                tf.nn.embedding_lookup(table, [0]),
                tf.scatter_update(table, [0], [[1.0]]),
            )
        ]
        return found + [
            failing(lambda: sess.run(opt))["error"],
            failing(lambda: sess.run(tf.count_up_to(tf.Variable(0, name="n"), 3))),
        ]


def kernels(tf):
    x = tf.placeholder(tf.float32, [None], name="x")
    i = tf.placeholder(tf.int32, [None], name="i")
    m = tf.placeholder(tf.float32, [None, None], name="m")
    cases = [
        (tf.gather(x, i, name="gathered"), {x: [1.0], i: [3]}),
        (tf.matmul(m, m, name="product"), {m: [[1.0, 2.0]]}),
        (tf.reshape(x, [3, -1], name="shaped"), {x: [1.0, 2.0]}),
        (tf.check_numerics(x, "checked", name="numerics"), {x: [np.nan]}),
        (tf.add(x, [1.0, 2.0], name="added"), {x: [1.0, 2.0, 3.0]}),
        (tf.concat([m, m[:, :1]], 0, name="joined"), {m: [[1.0, 2.0]]}),
        (tf.one_hot(i, 3, name="hot"), {i: [5]}),
        (tf.strided_slice(x, [5], [6], name="sliced"), {x: [1.0]}),
        (x[5], {x: [1.0]}),
        (tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=m, name="xent"), {i: [9], m: [[1.0, 2.0]]}),
        (tf.cholesky(m, name="chol"), {m: [[-1.0]]}),
        (tf.string_to_number(tf.as_string(x) + "z", name="number"), {x: [1.0]}),
        (tf.floordiv(i, 0, name="divided"), {i: [1]}),
        (tf.unstack(tf.reshape(x, [2]))[0], {x: [1.0]}),
        (tf.decode_raw(tf.constant("abc"), tf.int32, name="raw"), {}),
        (tf.squeeze(m, 0, name="squeezed"), {m: [[1.0], [2.0]]}),
        (tf.segment_sum(x, i, name="segments"), {x: [1.0, 2.0], i: [1, 0]}),
        (tf.read_file("/nonexistent/file", name="file"), {}),
        (tf.image.decode_png(tf.constant("no png"), name="png"), {}),
        (tf.matrix_inverse(m, name="inverse"), {m: [[0.0]]}),
        (tf.nn.embedding_lookup(tf.constant([[1.0]]), i), {i: [4]}),
        (tf.boolean_mask(x, tf.constant([True, False])), {x: [1.0]}),
        (tf.tile(x, i, name="tiled"), {x: [1.0], i: [1, 2]}),
        (tf.fill(i, 1.0, name="filled"), {i: [-1]}),
        (tf.linspace(0.0, 1.0, i[0], name="spaced"), {i: [0]}),
    ]
    with tf.Session() as sess:
        found = []
        for fetch, feed in cases:
            failure = failing(lambda: sess.run(fetch, feed))
            if isinstance(failure, dict):
                failure["message"] = failure["message"].splitlines()
            found.append(failure)
        return found


def building(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    return [
        failing(f)
        for f in (
            lambda: tf.matmul(x, x, name="m"),
            lambda: x + tf.constant([1.0, 2.0]),
            lambda: tf.reshape(x, [4, 2]),
            lambda: tf.concat([x, tf.zeros([3, 2])], 0),
            lambda: tf.placeholder("nonsense"),
            lambda: tf.constant([[1], [2, 3]]),
            lambda: tf.constant("x", tf.float32),
            lambda: tf.constant(1.5, tf.int32),
            lambda: tf.convert_to_tensor(object()),
            lambda: tf.add(x, "text"),
            lambda: tf.constant(None),
            lambda: tf.split(x, 4, 1),
            lambda: tf.transpose(x, [0]),
            lambda: tf.zeros([-1]),
            lambda: tf.constant(300, tf.uint8),
            lambda: tf.argmax(x, 5),
        )
    ]


def queues(tf):
    queue = tf.FIFOQueue(2, tf.float32, [[]], name="q")
    take, close = queue.dequeue(name="take"), queue.close()
    put = queue.enqueue(1.0, name="put")
    many = queue.dequeue_many(5, name="many")
    with tf.Session() as sess:
        sess.run(put)
        sess.run(close)
        return [
            failing(lambda: sess.run(put)),
            sess.run(take),
            failing(lambda: sess.run(take)),
            failing(lambda: sess.run(many)),
        ]


def iterators(tf):
    data = tf.data.Dataset.from_tensor_slices([1, 2])
    once = data.make_one_shot_iterator().get_next(name="next")
    again = data.make_initializable_iterator()
    value = again.get_next(name="value")
    with tf.Session() as sess:
        found = [
            sess.run(once),
            sess.run(once),
            failing(lambda: sess.run(once))["error"],
            failing(lambda: sess.run(value))["error"],
        ]
        sess.run(again.initializer)
        found.append(sess.run(value))
        bad = (
            tf.data.Dataset.from_tensor_slices([1.0, -1.0])
            .map(lambda t: tf.check_numerics(tf.log(t), "in the map"))
            .make_one_shot_iterator()
            .get_next()
        )
        sess.run(bad)
        failure = failing(lambda: sess.run(bad))
        return found + [failure["error"], failure["message"].splitlines()[0].split(" :")[0]]


def tables(tf):
    table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [1]), -1)
    found = table.lookup(tf.constant(["a", "b"]))
    with tf.Session() as sess:
        seen = [failing(lambda: sess.run(found))["error"]]
        sess.run(tf.tables_initializer())
        return seen + [sess.run(found)]


def state_after_a_failed_run(tf):
    x = tf.placeholder(tf.float32, [], name="x")
    v = tf.Variable(0.0, name="v")
    with tf.control_dependencies([tf.assign_add(v, 1.0)]):
        bad = tf.check_numerics(tf.identity(x), "bad", name="bad")
    with tf.Session() as sess:
        sess.run(v.initializer)
        return [failing(lambda: sess.run(bad, {x: np.inf})), sess.run(v), sess.run(bad, {x: 1.0}), sess.run(v)]


def _placed(tf, device):
    with tf.device(device):
        value = tf.add(1.0, 2.0, name="here")
    found = []
    for soft in (True, False):
        with tf.Session(config=tf.ConfigProto(allow_soft_placement=soft)) as sess:
            failure = failing(lambda: sess.run(value))
            found.append(failure if isinstance(failure, str) else [failure["error"], failure["message"][:41]])
    return found


def missing_gpu(tf):
    return _placed(tf, "/device:GPU:7")


def missing_job(tf):
    return _placed(tf, "/job:ps/task:0")


def present_devices(tf):
    return [
        _placed(tf, device)
        for device in (
            "/cpu:0",
            "/device:CPU:0",
            "/job:localhost/replica:0/task:0/device:CPU:0",
            "/job:localhost",
            "/task:0",
        )
    ]
