"""Programs with cond, case, while_loop, map_fn, scan, TensorArray, and what is collected in their bodies."""

# ruff: noqa: B023, C408, C416, E711 - each closure runs at once, and 2018 wrote so

import numpy as np
from goldens.session.observe import failing


def conds(tf):
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [], name="x")
    v = tf.Variable(1.0)
    y = tf.cond(p, lambda: x * 2, lambda: x - 1)
    pair = tf.cond(p, lambda: (x, [x + 1]), lambda: (x + 2, [x + 3]))
    nested = tf.cond(p, lambda: tf.cond(x > 1, lambda: 1, lambda: 2), lambda: 3)
    writes = tf.cond(p, lambda: tf.assign_add(v, 10.0), lambda: tf.identity(v))
    ops = tf.cond(p, lambda: tf.group(tf.assign(v, 5.0)), lambda: tf.no_op())
    grad = tf.gradients(y, x)[0]
    strict = tf.cond(p, lambda: [x], lambda: [x + 1], strict=True)
    names = tf.cond(p, true_fn=lambda: x, false_fn=lambda: x + 1, name="named")
    switch = tf.case([(x < 0, lambda: -1), (x > 10, lambda: 10)], default=lambda: 0)
    exclusive = tf.case({x < 0: lambda: -1.0, x >= 0: lambda: 1.0}, exclusive=True)
    with tf.Session() as sess:
        sess.run(v.initializer)
        found = [
            sess.run([y, pair, nested, grad, strict, names, switch, exclusive], {p: t, x: f})
            for t, f in ((True, 3.0), (False, -3.0))
        ]
        found += [
            sess.run(writes, {p: True}),
            sess.run(v),
            sess.run(writes, {p: False}),
            sess.run(ops, {p: True}),
            sess.run(v),
        ]
    return found + [
        type(strict).__name__,
        failing(lambda: tf.cond(True, lambda: 1.0, lambda: 2.0)),
        failing(lambda: tf.cond(p, lambda: 1, lambda: 1.0)),
        failing(lambda: tf.cond(p, lambda: (1, 2), lambda: 1)),
        failing(lambda: tf.cond(p, 3, lambda: 1)),
    ]


def work_outside_a_cond_always_runs(tf):
    p = tf.placeholder(tf.bool, [])
    v, w = tf.Variable(0), tf.Variable(0)
    outside = tf.assign_add(v, 1)
    y = tf.cond(p, lambda: outside + 0, lambda: tf.constant(-1))

    def inside():
        with tf.control_dependencies([tf.assign_add(w, 1)]):
            return tf.constant(1)

    z = tf.cond(p, inside, lambda: tf.constant(0))

    def after():
        with tf.control_dependencies([outside]):
            return tf.constant(1)

    q = tf.cond(p, after, lambda: tf.constant(0))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [
            sess.run(y, {p: False}),
            sess.run(v),
            sess.run(y, {p: True}),
            sess.run(v),
            sess.run(z, {p: False}),
            sess.run(w),
            sess.run(z, {p: True}),
            sess.run(w),
            sess.run(q, {p: False}),
            sess.run(v),
        ]
    return found


def whiles(tf):
    n = tf.placeholder_with_default(5, [])
    x = tf.placeholder_with_default(2.0, [])
    i, total = tf.while_loop(lambda i, t: i < n, lambda i, t: (i + 1, t + tf.cast(i, tf.float32) * x), [0, 0.0])
    inner = tf.while_loop(
        lambda i, s: i < 3, lambda i, s: (i + 1, s + tf.while_loop(lambda j: j < i, lambda j: j + 1, [0])), [0, 0]
    )
    grown = tf.while_loop(
        lambda i, a: i < 3,
        lambda i, a: (i + 1, tf.concat([a, a], 0)),
        [0, tf.constant([1])],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
    )
    limited = tf.while_loop(lambda i: True, lambda i: i + 1, [0], maximum_iterations=4)
    single = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0])
    wrapped = tf.while_loop(lambda i: i < 3, lambda i: [i + 1], [0], return_same_structure=True)
    nested = tf.while_loop(
        lambda i, d: i < 2, lambda i, d: (i + 1, {"a": d["a"] * 2, "b": (d["b"][0] + 1,)}), (0, {"a": 1, "b": (2,)})
    )
    grads = tf.gradients(total, x)
    product = tf.while_loop(
        lambda i, p: i < 4, lambda i, p: (i + 1, p * x), [0, 1.0], parallel_iterations=1, swap_memory=True
    )[1]
    flat = tf.while_loop(lambda i, p: i < 4, lambda i, p: (i + 1, p * x), [0, 1.0], back_prop=False)[1]
    with tf.Session() as sess:
        return [
            sess.run([i, total, inner, grown, limited, single, wrapped, nested, grads, product, flat]),
            sess.run([i, total], {n: 0, x: 1.0}),
            sess.run([total, grads], {n: 2}),
            grown[1].shape.as_list(),
            failing(lambda: tf.while_loop(lambda i: i < 3, lambda i: (i, i), [0])),
            failing(
                lambda: tf.while_loop(
                    lambda i, a: i < 3, lambda i, a: (i + 1, tf.concat([a, a], 0)), [0, tf.constant([1])]
                )
            ),
            failing(lambda: tf.while_loop(lambda: True, lambda: None, [])),
            failing(lambda: tf.while_loop(3, lambda i: i, [0])),
        ]


def loops_with_variables(tf):
    v = tf.Variable(1.0, name="v")
    i, _ = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, tf.assign_add(v, 2.0)), [0, 0.0])
    y = tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s * v), [0, 1.0])[1]
    g = tf.gradients(y, v)[0]
    w = tf.get_variable("w", initializer=[1.0, 2.0])
    table = tf.get_variable("table", initializer=np.arange(8, dtype=np.float32).reshape(4, 2))
    looked = tf.while_loop(
        lambda i, s: i < 4, lambda i, s: (i + 1, s + tf.nn.embedding_lookup(table, i) * w), [0, tf.zeros([2])]
    )[1]
    gt, gw = tf.gradients(looked, [table, w])
    step = tf.train.GradientDescentOptimizer(0.1).minimize(y)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [sess.run(i), sess.run(v), sess.run([y, g]), sess.run([looked, tf.convert_to_tensor(gt), gw])]
        sess.run(step)
        return found + [sess.run(v)]


def tensor_arrays(tf):
    x = tf.constant([1.0, 2.0, 3.0])
    array = tf.TensorArray(tf.float32, size=3, clear_after_read=False)
    loop = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a.write(i, x[i] * 2)), [0, array])[1]
    dynamic = tf.TensorArray(tf.int32, size=0, dynamic_size=True)
    for k in range(3):
        dynamic = dynamic.write(k, k * k)
    unstacked = tf.TensorArray(tf.float32, 3).unstack(x)
    parts = tf.TensorArray(tf.float32, 2, infer_shape=False, clear_after_read=False).split(
        tf.constant([1.0, 2.0, 3.0]), [1, 2]
    )
    y = tf.reduce_sum(loop.stack() * x)
    with tf.Session() as sess:
        return sess.run(
            [
                loop.stack(),
                dynamic.stack(),
                dynamic.size(),
                unstacked.read(1),
                unstacked.gather([0, 2]),
                parts.concat(),
                parts.read(1),
                tf.gradients(y, x)[0],
                loop.read(2),
            ]
        )


def higher_order(tf):
    x = tf.constant([1.0, 2.0, 3.0])
    fetches = [
        tf.map_fn(lambda e: e * 2, x),
        tf.map_fn(lambda e: (e[0] + e[1], e[0]), (x, x), dtype=(tf.float32, tf.float32)),
        tf.foldl(lambda a, e: a - e, x),
        tf.foldr(lambda a, e: a - e, x),
        tf.scan(lambda a, e: a + e, x),
        tf.scan(lambda a, e: a * e, x, initializer=2.0, reverse=True),
        tf.gradients(tf.scan(lambda a, e: a * e, x), x),
        tf.gradients(tf.map_fn(lambda e: e * e, x), x),
        tf.map_fn(lambda e: tf.cast(e, tf.int32), x, dtype=tf.int32),
        tf.vectorized_map(lambda e: e + 1, x),
    ]
    with tf.Session() as sess:
        return sess.run(fetches)


def regularizers_in_bodies(tf):
    regularizer = lambda w: tf.reduce_sum(w * w)  # noqa: E731

    def body(i, s):
        w = _w(tf, regularizer)
        return i + 1, s + tf.reduce_sum(w)

    _, s = tf.while_loop(lambda i, s: i < 3, body, [0, 0.0])
    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    total = tf.losses.get_regularization_loss()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [len(losses), sess.run([s, total]), [v.name for v in tf.trainable_variables()]]


def _w(tf, regularizer):
    with tf.variable_scope("scope", reuse=tf.AUTO_REUSE):
        return tf.get_variable("w", [2], initializer=tf.constant_initializer(3.0), regularizer=regularizer)


def regularizers_in_conds(tf):
    regularizer = lambda w: tf.reduce_sum(w * w)  # noqa: E731
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: tf.reduce_sum(_w(tf, regularizer)), lambda: tf.constant(0.0))
    total = tf.losses.get_regularization_loss()
    g = tf.gradients(y + total, tf.trainable_variables())
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [
            len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)),
            sess.run([y, total, g], {p: True}),
            sess.run([y, total], {p: False}),
        ]


def collected_in_a_cond(tf):
    """TF1 let what a taken branch made be used outside."""
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [], name="x")

    def taken():
        z = x * 3.0
        tf.add_to_collection("made", z)
        tf.losses.add_loss(z + 1.0)
        tf.summary.scalar("z", z)
        return z

    y = tf.cond(p, taken, lambda: x)
    made = tf.get_collection("made")[0]
    outside = made + 1.0
    total = tf.losses.get_total_loss()
    merged = tf.summary.merge_all()
    with tf.Session() as sess:
        values = sess.run([y, outside, total], {p: True, x: 2.0})
        summary = tf.Summary.FromString(sess.run(merged, {p: True, x: 2.0}))
        return [
            values,
            [[v.tag, v.simple_value] for v in summary.value],
            len(tf.get_collection(tf.GraphKeys.SUMMARIES)),
        ]


def collected_in_a_loop(tf):
    """TF1 refused to use outside what a loop's body made."""

    def body(i):
        j = i + 1
        tf.add_to_collection("made", j)
        tf.summary.scalar("j", j)
        return j

    tf.while_loop(lambda i: i < 3, body, [0])
    made = tf.get_collection("made")[0]
    with tf.Session() as sess:
        return [failing(lambda: made + 1), failing(lambda: tf.summary.merge_all()), failing(lambda: sess.run(made))]


def variables_made_in_bodies(tf):
    def body(i):
        v = tf.get_variable("v", initializer=lambda: tf.constant(2))
        return i + v

    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        y = tf.while_loop(lambda i: i < 5, body, [0])
    p = tf.placeholder(tf.bool, [])
    z = tf.cond(p, lambda: tf.get_variable("u", initializer=lambda: tf.constant(3)) + 0, lambda: tf.constant(0))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [
            sess.run([y, z], {p: True}),
            [v.name for v in tf.global_variables()],
            [v.name for v in tf.trainable_variables()],
        ]


def errors_inside(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    p = tf.placeholder_with_default(True, [])
    y = tf.while_loop(
        lambda i: i < 3,
        lambda i: i + tf.cast(tf.check_numerics(tf.log(x), "bad", name="inner")[0], tf.int32),
        [0],
        name="outer",
    )
    z = tf.cond(p, lambda: tf.check_numerics(tf.log(x), "worse", name="inner"), lambda: x, name="branch")
    v = tf.Variable(1.0, name="v")
    w = tf.while_loop(lambda i: i < 3.0, lambda i: i + v, [0.0], name="reads")
    with tf.Session() as sess:
        return [
            failing(lambda: sess.run(y, {x: [-1.0, 1.0]})),
            failing(lambda: sess.run(z, {x: [-1.0, 1.0]})),
            failing(lambda: sess.run(w)),
        ]


def prints_and_py_func_in_loops(tf):
    seen = []
    y = tf.while_loop(
        lambda i: i < 3,
        lambda i: i + tf.reshape(tf.py_func(lambda k: (seen.append(int(k)), np.int32(1))[1], [i], tf.int32), []),
        [0],
    )
    with tf.Session() as sess:
        return [sess.run(y), seen]


def random_in_loops(tf):
    r = tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s + tf.random_uniform([], seed=5)), [0, 0.0])[1]
    with tf.Session() as sess:
        return [sess.run(r), sess.run(r)]


def queue_in_loops(tf):
    queue = tf.FIFOQueue(10, tf.int32, [[]])
    fill = tf.while_loop(lambda i: i < 4, lambda i: _then(tf, queue.enqueue(i), i + 1), [0])
    drain = tf.while_loop(lambda i, s: i < 4, lambda i, s: (i + 1, s + queue.dequeue()), [0, 0])
    with tf.Session() as sess:
        return [sess.run(fill), sess.run(drain), sess.run(queue.size())]


def _then(tf, op, value):
    with tf.control_dependencies([op]):
        return tf.identity(value)


def defuns(tf):
    @tf.function
    def f(x, n=3):
        total = tf.zeros([])
        for _ in range(n):
            total += x
        return total

    x = tf.placeholder(tf.float32, [])
    y = f(x)
    with tf.Session() as sess:
        return [sess.run([y, f(x, 2)], {x: 2.0}), sess.run(tf.gradients(y, x)[0], {x: 2.0})]
