"""Programs about what Session.run is asked for, and about Sessions."""

# ruff: noqa: B023, C408, C416, E711 - each closure runs at once, and 2018 wrote so

import collections

import numpy as np
from goldens.session.observe import failing

Point = collections.namedtuple("Point", "x y")


def nests(tf):
    a, b = tf.constant(1.0, name="a"), tf.constant([2, 3], name="b")
    op = tf.no_op(name="op")
    with tf.Session() as sess:
        return [
            sess.run(f)
            for f in (
                a,
                [a],
                (a,),
                [],
                (),
                {},
                [a, b],
                (a, b),
                [a, [b, (a,)]],
                {"a": a, "b": [b]},
                collections.OrderedDict([("z", a), ("y", b)]),
                Point(a, b),
                Point(x=[a, a], y={"k": b}),
                [a, a, a],
                op,
                [op],
                [op, a],
                {"op": op, "a": a},
                "a:0",
                "a",
                "op",
                ["a:0"],
                {1: a, (2, 3): b},
                [[[]]],
                [[], a],
                a.op,
                collections.defaultdict(list, {"k": a}),
            )
        ]


def composites(tf):
    s = tf.SparseTensor([[0, 1]], [5.0], [2, 3])
    i = tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([2]), tf.constant([3, 1]))
    j = tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([2]))
    r = tf.ragged.constant([[1, 2], [], [3]])
    rr = tf.ragged.constant([[[1], [2, 3]], []])
    v = tf.Variable([1.0])
    with tf.Session() as sess:
        sess.run(v.initializer)
        return [
            sess.run([s, i, j]),
            sess.run({"r": r, "v": v}),
            sess.run(rr),
            sess.run(tf.sparse_add(s, s)),
            type(sess.run(s)).__name__,
            type(sess.run(i)).__name__,
        ]


def types_of_results(tf):
    fetches = [
        tf.constant(1),
        tf.constant(1.0),
        tf.constant(True),
        tf.constant("s"),
        tf.constant([1]),
        tf.constant(["a", "b"]),
        tf.constant(np.int8(3)),
        tf.constant([], tf.float32),
        tf.constant(1 + 2j),
        tf.zeros([2, 0, 3]),
        tf.constant([b"x"] * 2),
        tf.constant(2.0, tf.float64),
        tf.cast(1, tf.uint8),
        tf.cast(1.5, tf.float16),
    ]
    with tf.Session() as sess:
        values = sess.run(fetches)
        return [
            values,
            [type(v).__name__.replace("str_", "str") for v in values],
            [bool(getattr(v, "flags", None) is None or v.flags.writeable or v.ndim == 0) for v in values],
        ]


def unfetchable(tf):
    x = tf.constant(1.0, name="x")
    with tf.Graph().as_default():
        other, variable = tf.constant(1.0, name="other"), tf.Variable(1.0, name="w")
    with tf.Session() as sess:
        return [
            failing(lambda: sess.run(f))
            for f in (
                None,
                3,
                1.5,
                [None],
                {"k": None},
                [x, 3],
                "nothing",
                "nothing:0",
                "x:1",
                "a:b:c",
                other,
                other.op,
                [other],
            )
        ] + [
            failing(lambda: sess.run(object()))["error"],
            failing(lambda: sess.run(np.float32(3)))["error"],
            failing(lambda: sess.run(variable))["error"],
            failing(lambda: sess.run())["error"],
        ]


def callables(tf):
    x, y = tf.placeholder(tf.float32, [], name="x"), tf.placeholder(tf.float32, [], name="y")
    v = tf.Variable(0.0)
    up = tf.assign_add(v, x)
    with tf.Session() as sess:
        sess.run(v.initializer)
        f = sess.make_callable([x + y, x * y], [x, y])
        g = sess.make_callable({"s": x - y}, feed_list=[y, x])
        h = sess.make_callable(up.op, [x])
        n = sess.make_callable(v)
        t = sess.make_callable(x + 1, ["x:0"])
        o = sess.make_callable(x + 1, [x], accept_options=True)
        return [
            f(2, 3),
            f(np.float32(4), 5),
            g(1, 10),
            h(3),
            n(),
            h(4),
            n(),
            t(1),
            o(1, options=tf.RunOptions()),
            failing(lambda: f(1)),
            failing(lambda: f(1, 2, 3)),
            failing(lambda: sess.make_callable(x + 1, [3])),
            failing(lambda: sess.make_callable(None)),
            failing(lambda: sess.make_callable("q:0")),
            failing(lambda: sess.make_callable(x + 1)()),
        ]


def partial_runs(tf):
    a, b, c = (tf.placeholder(tf.float32, [], name=n) for n in "abc")
    r1 = a + b
    r2 = r1 * c
    v = tf.Variable(0.0)
    up = tf.assign_add(v, r1)
    with tf.Session() as sess:
        sess.run(v.initializer)
        h = sess.partial_run_setup([r1, r2, up], [a, b, c])
        found = [
            sess.partial_run(h, r1, {a: 1, b: 2}),
            sess.partial_run(h, up),
            sess.partial_run(h, r2, {c: 10}),
            sess.run(v),
        ]
        h = sess.partial_run_setup([r1, r2], [a, b, c])
        sess.partial_run(h, r1, {a: 1, b: 2})
        found += [
            failing(lambda: sess.partial_run(h, r1)),
            failing(lambda: sess.partial_run(h, up)),
            failing(lambda: sess.partial_run(h, r2, {a: 1})),
        ]
        found.append(failing(lambda: sess.partial_run_setup([], [])))
        h = sess.partial_run_setup([r1], [a])
        found += [failing(lambda: sess.partial_run(h, r1, {b: 1})), failing(lambda: sess.partial_run(h, r1, {a: 1}))]
        h = sess.partial_run_setup([r2], [a, b, c])
        found.append(sess.partial_run(h, {"k": [r2]}, {a: 1, b: 2, c: 3}))
        return found


def sessions(tf):
    x = tf.constant(2.0, name="x")
    op = tf.no_op()
    g = tf.get_default_graph()
    found = [tf.get_default_session() is None, failing(lambda: x.eval()), failing(lambda: op.run())]
    sess = tf.Session()
    with sess.as_default() as entered:
        found += [entered is sess, tf.get_default_session() is sess, x.eval(), op.run(), x.eval(feed_dict={x: 3.0})]
        with tf.Session() as inner:
            found += [tf.get_default_session() is inner, x.eval(session=sess)]
        found.append(failing(lambda: inner.run(x)))
    found += [
        tf.get_default_session() is None,
        sess.run(x),
        sess.graph is g,
        sess.graph_def.node[0].name,
        sess.sess_str,
    ]
    with sess:
        found.append(failing(lambda: sess.__enter__()))
        found.append(tf.get_default_graph() is sess.graph)
    found += [failing(lambda: sess.run(x)), failing(lambda: sess.list_devices()), sess.close()]
    with tf.Graph().as_default() as other:
        y = tf.constant(5.0)
    with tf.Session(graph=other) as sess:
        found += [
            sess.run(y),
            tf.get_default_graph() is other,
            y.eval(),
            failing(lambda: sess.run(x)),
            failing(lambda: x.eval()),
        ]
    found += [
        failing(lambda: tf.Session(graph=3)),
        failing(lambda: tf.Session(config=3)),
        failing(lambda: tf.Session(3)),
    ]
    with tf.Session() as sess:
        try:
            with sess.as_default():
                raise KeyError("mine")
        except KeyError as error:
            found.append(str(error))
    return found


def closed_twice_and_with_twice(tf):
    x = tf.constant(1.0)
    sess = tf.Session()
    with sess:
        sess.run(x)
    sess.close()

    def again():
        with sess:
            sess.run(x)

    return [failing(again), tf.get_default_session() is sess]


def interactive(tf):
    sess = tf.InteractiveSession()
    x = tf.constant(3.0)
    v = tf.Variable(2.0)
    v.initializer.run()
    found = [
        x.eval(),
        tf.get_default_session() is sess,
        v.eval(),
        (x * v).eval(),
        tf.global_variables_initializer().run(),
    ]
    sess.close()
    return found + [tf.get_default_session() is None, failing(lambda: x.eval())]


def devices_of_a_session(tf):
    with tf.Session() as sess:
        return [[d.name, d.device_type] for d in sess.list_devices() if d.device_type == "CPU"]


def sequences(tf):
    """Runs of alternating fetches, feeds and Sessions."""
    tf.set_random_seed(5)
    x = tf.placeholder_with_default(1.0, [], name="x")
    v = tf.Variable(0.0, name="v")
    up = tf.assign_add(v, x, name="up")
    r = tf.random_uniform([], seed=3, name="r")
    n = tf.random_normal([2], seed=4, name="n")
    y = v * 10
    found = []
    sessions = [tf.Session() for _ in range(2)]
    for sess in sessions:
        sess.run(v.initializer)
    order = np.random.RandomState(0)
    for _ in range(60):
        sess = sessions[order.randint(2)]
        which = order.randint(7)
        fetches = (up, r, [r, n], [y, r], n, {"v": v, "r": r}, [up.op, n])[which]
        feed = {x: float(order.randint(5))} if order.rand() < 0.5 else None
        found.append(sess.run(fetches, feed))
    return found


def options(tf):
    x = tf.placeholder(tf.float32, [2, 2], name="x")
    y = tf.matmul(x, x, name="product")
    feed = {x: [[1.0, 2.0], [3.0, 4.0]]}
    with tf.Session() as sess:
        found = []
        for _ in range(2):
            metadata = tf.RunMetadata()
            sess.run(y, feed, options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), run_metadata=metadata)
            stats = [
                node
                for device in metadata.step_stats.dev_stats
                for node in device.node_stats
                if node.node_name == "product"
            ]
            found.append(
                [
                    stats[0].timeline_label.split("]")[-1].split("(")[0].strip(),
                    stats[0].all_start_micros > 1e15,
                    stats[0].all_end_rel_micros >= 0,
                ]
            )
        empty = tf.RunMetadata()
        sess.run(y, feed, run_metadata=empty)
        queue = tf.FIFOQueue(1, tf.float32, name="empty")
        late = failing(lambda: sess.run(queue.dequeue(), options=tf.RunOptions(timeout_in_ms=50)))
        return [
            found,
            len(empty.step_stats.dev_stats),
            late["error"],
            sess.run(y, feed, options=tf.RunOptions(timeout_in_ms=10000)),
        ]
