"""Programs about what Session.run is given."""

# ruff: noqa: B023, C408, C416, E711 - each closure runs at once, and 2018 wrote so

import collections

import numpy as np
from goldens.session.observe import failing


def kinds_of_values(tf):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    y = x * 2
    with tf.Session() as sess:
        return [
            sess.run(y, {x: value})
            for value in (
                [[1, 2]],
                ((1, 2), (3, 4)),
                np.float64([[1, 2]]),
                np.int32([[1, 2]]),
                np.float16([[1, 2]]),
                [[True, False]],
                [np.float32([1, 2])],
                np.zeros((0, 2)),
                np.arange(8).reshape(2, 4)[:, ::2],
                np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]),
                [(1.5, 2), [3, 4]],
                np.array([[1, 2]], dtype=object),
                np.matrix([[1, 2]]),
                np.array([[1, 2]], dtype=">f4"),
            )
        ] + [sess.run(y, {"x:0": [[1, 2]]}), sess.run("mul:0", {x: [[0, 1]]}), sess.run(y, feed_dict={x: [[1, 2]]})]


def scalars_of_every_type(tf):
    found = []
    for dtype, values in (
        (tf.float32, (1, 1.5, True, np.float64(2), np.int8(3))),
        (tf.float64, (1, 2.5)),
        (tf.int32, (1, True, np.int64(5), 1.7, -3)),
        (tf.int64, (1 << 40, np.int32(5))),
        (tf.uint8, (255, 0)),
        (tf.int8, (-128,)),
        (tf.bool, (True, 1, 0, np.bool_(False))),
        (tf.string, ("text", b"bytes", "\u00e9", np.str_("s"))),
        (tf.complex64, (1 + 2j, 3)),
        (tf.float16, (1.5,)),
        (tf.uint16, (65535,)),
        (tf.float32, (0.0,)),
    ):
        x = tf.placeholder(dtype, [])
        with tf.Session() as sess:
            found.append([sess.run(x if dtype == tf.string else tf.identity(x), {x: value}) for value in values])
    return found


def overflow_and_wrong_types(tf):
    of = {
        t.name: tf.placeholder(t, name=t.name)
        for t in (tf.int8, tf.uint8, tf.int32, tf.int64, tf.float32, tf.float16, tf.string, tf.bool)
    }
    with tf.Session() as sess:

        def feed(name, value):
            return failing(lambda: sess.run(tf.identity(of[name]), {of[name]: value}))

        return [
            feed("int8", 300),
            feed("uint8", -1),
            feed("int32", 1 << 40),
            feed("int64", 1 << 70),
            feed("int8", [300]),
            feed("uint8", [-1]),
            feed("float32", "text"),
            feed("float32", "1.5"),
            feed("int32", "text"),
            feed("float32", None),
            feed("float32", [None]),
            feed("float32", {}),
            feed("float32", object()),
            feed("float32", [[1], [2, 3]]),
            feed("int32", 1 + 2j),
            feed("bool", "x"),
            feed("float32", tf.constant(1.0)),
            feed("float32", tf.Variable(1.0)),
            feed("string", 3),
            feed("string", [1, 2]),
            feed("int32", 1e20),
            feed("float32", 1 << 200),
            feed("float16", 1e6),
            feed("int32", [1.5]),
            feed("int32", float("nan")),
            feed("float32", b"x"),
        ]


def wrong_shapes(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    s = tf.placeholder(tf.float32, [], name="s")
    u = tf.placeholder(tf.float32, None, name="u")
    with tf.Session() as sess:

        def feed(p, value):
            return failing(lambda: sess.run(tf.identity(p), {p: value}))

        return [
            feed(x, [[1, 2]]),
            feed(x, [1, 2, 3]),
            feed(x, 1),
            feed(x, np.zeros((2, 3, 1))),
            feed(s, [1]),
            feed(u, [[1]]),
            feed(x, []),
            feed(x, np.zeros((0, 3))),
        ]


def strings(tf):
    x = tf.placeholder(tf.string, [None])
    y = tf.string_join([x, x], "-")
    with tf.Session() as sess:
        return [
            sess.run(y, {x: value})
            for value in (
                ["a", "b"],
                [b"\x00\xff", b"c"],
                np.array(["ab", "c"]),
                np.array([b"ab", b"c"], dtype=object),
                np.array(["x", b"y"], dtype=object),
                ["\u00e9"],
                [],
                [b"a\x00"],
            )
        ] + [sess.run(x, {x: ["q"]}), sess.run(x, {x: np.array(["ab", "c"])})]


def intermediates(tf):
    x = tf.placeholder(tf.float32, [], name="x")
    c = tf.constant(3.0, name="c")
    y = x + c
    z = y * 2
    a, b = tf.split(tf.constant([1.0, 2.0]), 2)
    total = a + b + tf.reduce_sum(a)
    with tf.Session() as sess:
        return [
            sess.run(z, {y: 10.0}),
            sess.run([y, z], {y: 10.0}),
            sess.run(z, {c: 1.0, x: 1.0}),
            sess.run(c, {c: 8.0}),
            sess.run(y, {y: 1.0, x: 2.0}),
            sess.run(total, {a: [5.0]}),
            sess.run([a, b], {b: [9.0]}),
            failing(lambda: sess.run([x, z], {y: 10.0})),
            sess.run(z.op, {y: 1.0}),
            failing(lambda: sess.run(z, {y: [10.0]})),
            sess.run(z, {z: 4.0}),
        ]


def with_default(tf):
    x = tf.placeholder_with_default([1.0, 2.0], [None], name="x")
    u = tf.placeholder_with_default(5, None)
    v = tf.Variable(2.0)
    w = tf.placeholder_with_default(v * 2, [])
    with tf.Session() as sess:
        sess.run(v.initializer)
        return [
            sess.run(x * 2),
            sess.run(x * 2, {x: [5.0]}),
            x.shape.as_list(),
            sess.run([u, w]),
            sess.run([u + 1, w + 1], {u: 7, w: 1.0}),
            failing(lambda: tf.placeholder_with_default([1.0, 2.0], [3])),
            x.op.type,
        ]


def sparse(tf):
    s = tf.sparse_placeholder(tf.float32, name="s")
    fixed = tf.sparse_placeholder(tf.float32, shape=[2, 3], name="fixed")
    partly = tf.sparse_placeholder(tf.float32, shape=[None, 3], name="partly")
    dense = tf.sparse_tensor_to_dense(s)
    indices, values, shape = np.int64([[0, 1], [1, 2]]), np.float32([5, 6]), np.int64([2, 3])
    value = tf.SparseTensorValue(indices, values, shape)
    const = tf.SparseTensor([[0, 0]], [1.0], [2, 2])
    sliced = tf.IndexedSlices(tf.placeholder(tf.float32), tf.placeholder(tf.int64), tf.placeholder(tf.int64))
    with tf.Session() as sess:
        return [
            sess.run(dense, {s: value}),
            sess.run(dense, {s: (indices, values, shape)}),
            sess.run(dense, {s: [indices, values, shape]}),
            sess.run(s, {s: value}),
            sess.run(s.values * 2, {s: value}),
            sess.run(tf.sparse_tensor_to_dense(fixed), {fixed: value}),
            sess.run(dense, {s.indices: indices, s.values: values, s.dense_shape: shape}),
            sess.run(const, {const.values: [9.0]}),
            sess.run(sliced, {sliced: ([[1.0]], [2], [3, 1])}),
            failing(lambda: sess.run(dense, {s: 3}))["error"],
            failing(lambda: sess.run(dense)),
            failing(lambda: sess.run(dense, {s: (indices, values)})),
            s.get_shape().ndims,
            fixed.get_shape().as_list(),
            partly.get_shape().as_list(),
            s.dtype.name,
            [t.name for t in (s.indices, s.values, s.dense_shape)],
        ]


def wrong_keys(tf):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.identity(x, name="y")
    with tf.Graph().as_default():
        other = tf.placeholder(tf.float32, [], name="other")
    with tf.Session() as sess:
        return [
            failing(lambda: sess.run(y, feed))
            for feed in (
                {},
                {"nothing:0": 1.0},
                {"x": 1.0},
                {x.op: 1.0},
                {3: 1.0},
                {None: 1.0},
                {other: 1.0},
                {"a:b:c": 1.0},
                {y: 1.0, "y:0": 2.0},
                [1],
                "x",
                3,
                {tf.constant(1.0).op: 3},
            )
        ]


def tuple_keys(tf):
    a, b, c = (tf.placeholder(tf.float32, [], name=n) for n in "abc")
    pair = collections.namedtuple("Pair", "left right")(a, b)
    total = a + 10 * b + 100 * c
    with tf.Session() as sess:
        return [
            sess.run(total, {(a, b): (1, 2), c: 3}),
            sess.run(total, {pair: (1, 2), c: 3}),
            sess.run(total, {(a, (b, c)): (1, (2, 3))}),
            sess.run(total, {pair: [1, 2], c: 3}),
            failing(lambda: sess.run(total, {(a, b): (1, 2, 3), c: 3}))["error"],
        ]


def callers_arrays_stay_the_callers(tf):
    x = tf.placeholder(tf.float32, [2])
    v = tf.Variable([0.0, 0.0])
    assign = tf.assign(v, x)
    queue = tf.FIFOQueue(3, tf.float32, [[2]])
    enqueue = queue.enqueue(x)
    with tf.Session() as sess:
        array = np.float32([1, 2])
        fetched = sess.run(tf.identity(x), {x: array})
        same = sess.run(x, {x: array})
        sess.run([assign.op, enqueue], {x: array})
        array[:] = 9
        after = sess.run(v)
        found = [fetched, same, sess.run(v), sess.run(queue.dequeue())]
        sess.run(v.assign_add([1.0, 1.0]))
        return found + [after]


def many_placeholders(tf):
    xs = [tf.placeholder(tf.float32, [], name="p%d" % i) for i in range(20)]
    total = tf.add_n([x * (i + 1) for i, x in enumerate(xs)])
    with tf.Session() as sess:
        return [
            sess.run(total, dict(zip(xs, range(20)))),
            failing(lambda: sess.run(total, dict(zip(xs[1:], range(20))))),
        ]


def feeding_ints_to_shapes(tf):
    n = tf.placeholder(tf.int32, [], name="n")
    m = tf.placeholder(tf.int32, name="m")
    made = tf.zeros([n, 2])
    with tf.Session() as sess:
        return [
            sess.run(made, {n: 3}),
            sess.run(tf.fill(m, 1.0), {m: [2, 1]}),
            sess.run(tf.range(n), {n: np.int64(3)}),
            made.shape.as_list(),
            sess.run(tf.shape(made), {n: 4}),
            failing(lambda: sess.run(made, {n: -1})),
        ]
