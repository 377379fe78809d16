"""Programs about variables: reuse, initialisation, updates, names, dtypes, partitions, feeding."""

# ruff: noqa: B023, C408, C416, E711 - each closure runs at once, and 2018 wrote so

import threading

import numpy as np
from goldens.session.observe import failing


def _run(tf, fetches, feed=None, before=()):
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        for op in before:
            sess.run(op)
        return sess.run(fetches, feed)


def reuse_modes(tf):
    found = []
    with tf.variable_scope("a"):
        v = tf.get_variable("v", [2])
        found.append(failing(lambda: tf.get_variable("v", [2])))
        found.append(failing(lambda: tf.get_variable("u")))
    with tf.variable_scope("a", reuse=True):
        found.append(tf.get_variable("v", [2]) is v)
        found.append(tf.get_variable("v") is v)
        found.append(failing(lambda: tf.get_variable("w", [2])))
        found.append(failing(lambda: tf.get_variable("v", [3])))
        found.append(failing(lambda: tf.get_variable("v", [2], tf.int32)))
        with tf.variable_scope("inner"):
            found.append(tf.get_variable_scope().reuse)
            found.append(failing(lambda: tf.get_variable("x", [1])))
    with tf.variable_scope("a", reuse=tf.AUTO_REUSE):
        found += [tf.get_variable("v") is v, tf.get_variable("w", [1]).name, tf.get_variable("w").name]
    with tf.variable_scope("a") as scope:
        found.append(scope.reuse)
        scope.reuse_variables()
        found += [scope.reuse, tf.get_variable("v") is v]
    with tf.variable_scope("a"):
        found.append(tf.get_variable_scope().reuse)
    with tf.variable_scope(scope, reuse=True):
        found.append(tf.get_variable("w").name)
    with tf.variable_scope(tf.get_variable_scope(), reuse=tf.AUTO_REUSE):
        found += [tf.get_variable("top", [1]).name, tf.get_variable("top").name]
    found.append(failing(lambda: tf.variable_scope(None).__enter__()))
    found.append(failing(lambda: tf.get_variable("", [1])))
    found.append(failing(lambda: tf.get_variable("q", [None, 2])))
    found.append(failing(lambda: tf.get_variable("r", [2], initializer=tf.constant([1.0, 2.0]))))
    found.append(failing(lambda: tf.get_variable("s", initializer=tf.zeros_initializer())))
    return found


def templates(tf):
    def layer(x, size):
        return x * tf.get_variable("w", [size], initializer=tf.ones_initializer()) + tf.get_variable(
            "b", [], initializer=tf.zeros_initializer()
        )

    shared = tf.make_template("layer", layer, size=2)
    a, b = shared(tf.constant([1.0, 2.0])), shared(tf.constant([3.0, 4.0]))
    other = tf.make_template("layer", layer, size=2)
    c = other(tf.constant([1.0, 1.0]))
    unique = tf.make_template("unique", layer, create_scope_now_=True, size=2)
    unique(tf.constant([0.0, 0.0]))
    return [_run(tf, [a, b, c]), [v.name for v in tf.global_variables()], shared.name, shared.var_scope.name]


def initializers(tf):
    shape = [2, 3]
    made = [
        tf.zeros_initializer(),
        tf.ones_initializer(),
        tf.constant_initializer(3),
        tf.constant_initializer([[1, 2, 3], [4, 5, 6]]),
        tf.constant_initializer(np.arange(6)),
        tf.random_uniform_initializer(-1, 1, seed=1),
        tf.random_normal_initializer(seed=2),
        tf.truncated_normal_initializer(stddev=0.1, seed=3),
        tf.glorot_uniform_initializer(seed=4),
        tf.glorot_normal_initializer(seed=5),
        tf.uniform_unit_scaling_initializer(seed=6),
        tf.variance_scaling_initializer(seed=7),
        tf.variance_scaling_initializer(2.0, "fan_avg", "uniform", seed=8),
        tf.initializers.he_normal(seed=9),
        tf.initializers.lecun_uniform(seed=3),
        tf.ones_initializer(tf.float32),
    ]
    variables = [tf.get_variable("v%d" % i, shape, initializer=m) for i, m in enumerate(made)]
    variables += [
        tf.get_variable("identity", [3, 3], initializer=tf.initializers.identity(2.0)),
        tf.get_variable("orthogonal", [3, 2], initializer=tf.orthogonal_initializer(seed=10)),
        tf.get_variable("value", initializer=np.float32([1, 2])),
        tf.get_variable("tensor", initializer=tf.constant([1, 2])),
        tf.get_variable("function", initializer=lambda: tf.constant(3.0)),
        tf.get_variable("shaped", [2], initializer=lambda shape, dtype, partition_info: tf.fill(shape, 5.0)),
        tf.get_variable("ints", [2], tf.int32),
        tf.get_variable("truth", [2], tf.bool),
        tf.get_variable("one", (), initializer=tf.zeros_initializer),
        tf.get_variable("single", 3, initializer=tf.ones_initializer),
    ]
    with tf.variable_scope("s", initializer=tf.constant_initializer(7.0), dtype=tf.float16):
        variables.append(tf.get_variable("scoped", [1]))
    return [_run(tf, variables), [v.dtype.base_dtype.name for v in variables[-6:]]]


def default_initializer_is_glorot(tf):
    tf.set_random_seed(1)
    big = tf.get_variable("big", [300, 300])
    value = _run(tf, big)
    limit = np.sqrt(6.0 / 600)
    return [bool(np.abs(value).max() <= limit), bool(np.abs(value).max() > 0.95 * limit)]


def assigning(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    n = tf.Variable(0, name="n")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [
            sess.run(v.assign([3.0, 4.0])),
            sess.run(tf.assign(v, [5.0, 6.0])),
            sess.run(v.assign_add([1.0, 1.0])),
            sess.run(tf.assign_sub(v, [2.0, 2.0])),
            sess.run(tf.assign_add(v, [0.5, 0.5]).op),
            sess.run(v),
            sess.run(n.count_up_to(2)),
            sess.run(tf.count_up_to(n, 2)),
            failing(lambda: sess.run(n.count_up_to(2))),
            sess.run(n),
            sess.run(v.assign([0.0, 0.0]).op),
            v.eval(sess),
            v.eval(),
            failing(lambda: v.assign([1.0])),
            failing(lambda: v.assign([1, 2, 3])),
        ]
        v.load([8.0, 9.0], sess)
        found.append(sess.run(v))
        v.load([7.0, 7.0])
        found += [v.eval(), v.initialized_value().eval(), sess.run(v.initial_value)]
        sess.run(v.initializer)
        found.append(v.value().eval())
        found.append(v.read_value().eval())
        twice = v.assign(v + 1).eval()
        chained = sess.run(tf.assign(n, 10) + tf.constant(1))
    return found + [twice, chained]


def scatters(tf):
    def fresh(i):
        return tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="t%d" % i)

    indices, updates = [0, 2, 0], [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]
    ops = [
        f(fresh(i), indices, updates)
        for i, f in enumerate(
            (tf.scatter_add, tf.scatter_sub, tf.scatter_mul, tf.scatter_div, tf.scatter_min, tf.scatter_max)
        )
    ]
    ops.append(tf.scatter_update(fresh(6), [1], [[9.0, 9.0]]))
    ops.append(tf.scatter_nd_update(fresh(7), [[0, 1]], [7.0]))
    ops.append(tf.scatter_nd_add(fresh(8), [[0, 1], [2, 0]], [7.0, 1.0]))
    ops.append(tf.scatter_nd_sub(fresh(9), [[0, 1]], [7.0]))
    ops.append(fresh(10).scatter_sub(tf.IndexedSlices(tf.constant([[1.0, 1.0]]), tf.constant([1]))))
    ops.append(fresh(11).scatter_nd_add([[1]], [[1.0, 1.0]]))
    ops.append(tf.batch_scatter_update(tf.Variable([[1, 2], [3, 4]], name="b"), [[0], [1]], [[7], [8]]))
    sliced = fresh(12)
    ops.append(sliced[1, 0:1].assign([42.0]))
    return _run(tf, ops)


def names(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    with tf.name_scope("n"), tf.variable_scope("s"):
        g = tf.get_variable("g", [1], initializer=tf.zeros_initializer())
        w = tf.Variable(3.0)
    graph = tf.get_default_graph()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [
            v.name,
            v.op.name,
            g.name,
            w.name,
            sess.run("v:0"),
            sess.run("v/read:0"),
            sess.run(["s/g:0", "s/g/read:0"]),
            sess.run(graph.get_tensor_by_name("v:0")),
            sess.run(graph.get_tensor_by_name("v/read:0") * 2.0),
            sess.run("v/read:0", {"v:0": [8.0, 8.0]}),
            sess.run(v * 2, {"v/read:0": [8.0, 8.0]}),
            v.initializer.name,
            v.initial_value.name,
            v.dtype.base_dtype.name,
            v.shape.as_list(),
            v.get_shape().as_list(),
            v.graph is graph,
            v.device,
            v.trainable,
            graph.get_operation_by_name("v/Assign").name,
            sess.run("v/Assign"),
            sess.run("s/g/Assign"),
            v.op.type in ("VariableV2", "VarHandleOp"),
        ]


def feeding(tf):
    v = tf.Variable([1.0, 2.0, 3.0], name="v")
    table = tf.Variable([[1.0], [2.0], [3.0]], name="table")
    i = tf.placeholder(tf.int32, [None])
    fetches = [v * 2, v + v, tf.nn.embedding_lookup(table, i), tf.gather(table, [0]), table + 0, v + 0]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [
            sess.run(fetches, {v: [5.0, 5.0, 5.0], i: [2, 0]}),
            sess.run(fetches, {i: [2, 0], table: [[7.0], [8.0], [9.0]]}),
            sess.run(v, {v: [0.0, 0.0, 0.0]}),
            sess.run(fetches[0]),
            sess.run([v, v + 1], {"v:0": [1.0, 1.0, 1.0]})[0],
            failing(lambda: sess.run(v, {v: [1.0]})),
        ]


def uninitialized(tf):
    v, w = tf.Variable(1.0, name="v"), tf.get_variable("w", [2])
    tf.Variable(1, name="local", collections=[tf.GraphKeys.LOCAL_VARIABLES])
    with tf.Session() as sess:
        found = [sess.run(tf.report_uninitialized_variables()), sess.run(tf.is_variable_initialized(v))]
        sess.run(v.initializer)
        found += [
            sess.run(tf.report_uninitialized_variables()),
            sess.run(tf.is_variable_initialized(v)),
            sess.run(tf.report_uninitialized_variables([v])),
            sess.run(tf.is_variable_initialized(w)),
        ]
        sess.run(tf.variables_initializer([w]))
        sess.run(tf.local_variables_initializer())
        found.append(sess.run(tf.report_uninitialized_variables()))
        found.append(sess.run(tf.assert_variables_initialized()))
    return found


def older_initializer_names(tf):
    v = tf.Variable([1.0], name="v")
    tf.Variable([2.0], name="l", collections=[tf.GraphKeys.LOCAL_VARIABLES])
    found = []
    for op in (
        tf.initialize_all_variables,
        tf.initialize_local_variables,
        lambda: tf.initialize_variables([v]),
        tf.global_variables_initializer,
        tf.initializers.global_variables,
        lambda: tf.initializers.variables([v]),
        tf.local_variables_initializer,
        tf.initializers.local_variables,
    ):
        with tf.Session() as sess:
            made = op()
            sess.run(made)
            found.append([made.name, sess.run(tf.is_variable_initialized(v))])
    return found + [tf.variables_initializer([], name="empty").type]


def depending_initializers(tf):
    a = tf.Variable([1.0, 2.0], name="a")
    b = tf.Variable(a.initialized_value() * 2.0, name="b")
    c = tf.get_variable("c", initializer=b.initialized_value() + 1.0)
    d = tf.Variable(lambda: tf.constant([9.0]), name="d")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = sess.run([a, b, c, d])
        sess.run(a.assign([5.0, 5.0]))
        sess.run(b.initializer)
        found.append(sess.run(b))
    with tf.Session() as sess:  # a plain use of another variable is guarded too
        e = tf.Variable(a * 3.0, name="e")
        sess.run(tf.global_variables_initializer())
        return found + [sess.run(e)]


def dtypes(tf):
    made = {
        "float16": tf.Variable(np.float16([1.5])),
        "float64": tf.Variable(np.float64([1.5])),
        "int8": tf.Variable(np.int8([3])),
        "int32": tf.Variable([3]),
        "int64": tf.Variable(np.int64([3])),
        "uint8": tf.Variable(np.uint8([3])),
        "bool": tf.Variable([True, False]),
        "string": tf.Variable(["a", "b"]),
        "complex64": tf.Variable(np.complex64([1 + 2j])),
        "complex128": tf.Variable(np.complex128([1 + 2j])),
        "cast": tf.Variable([1, 2], dtype=tf.float32),
        "double": tf.get_variable("d", [1], tf.float64, initializer=tf.ones_initializer()),
    }
    keys = sorted(made)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [sess.run([made[k] for k in keys]), [made[k].dtype.base_dtype.name for k in keys]]
        found.append(sess.run(made["bool"].assign([False, False])))
        found.append(sess.run(made["string"].assign(["c", "d"])))
        found.append(sess.run(made["complex64"].assign_add([1j])))
        found.append(sess.run(made["float16"].assign_sub([0.25])))
    return found


def operators(tf):
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="v")
    n = tf.Variable(7, name="n")
    return _run(
        tf,
        [
            v + 1,
            1 + v,
            v - 1,
            1 - v,
            v * 2,
            v / 2,
            2 / v,
            -v,
            abs(-v),
            v**2,
            2**v,
            tf.matmul(v, v),
            v[0],
            v[:, 1],
            v[0, 1],
            v > 2,
            v <= 2,
            n // 2,
            n % 4,
            n / 2,
            tf.cast(n, tf.float32),
            v[..., tf.newaxis],
            tf.transpose(v),
            tf.shape(v),
            tf.size(v),
            tf.rank(v),
            tf.reduce_sum(v),
            tf.concat([v, v], 0),
            tf.stack([v, v]),
            tf.convert_to_tensor(v),
            tf.identity(v),
            tf.zeros_like(v),
            tf.add_n([v, v]),
            tf.tuple([v, n]),
            v[::-1],
        ],
    )


def variables_as_keys(tf):
    v, w = tf.Variable(1.0), tf.Variable(1.0)
    found = {}

    def other_thread():
        found.update({v: "v", w: "w"})
        found["contains"] = v in found and (v == v) and not (v == w)

    thread = threading.Thread(target=other_thread)
    thread.start()
    thread.join()
    return [
        len(found),
        found[v],
        found[w],
        found["contains"],
        v in [w, v],
        [w, v].index(v),
        len({v, w, v}),
        v == v,
        v == w,
        v != w,
        v == 1,
    ]


def partitions(tf):
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(3)):
        v = tf.get_variable("v", [7, 2], initializer=tf.constant_initializer(5.0))
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(3), reuse=True):
        again = tf.get_variable("v", [7, 2])
    w = tf.get_variable(
        "w", [4, 4], initializer=tf.ones_initializer(), partitioner=tf.fixed_size_partitioner(2, axis=1)
    )
    sized = tf.get_variable(
        "sized", [16], initializer=tf.zeros_initializer(), partitioner=tf.variable_axis_size_partitioner(16)
    )
    least = tf.get_variable(
        "least",
        [16],
        initializer=tf.zeros_initializer(),
        partitioner=tf.min_max_variable_partitioner(4, min_slice_size=16),
    )
    grads = tf.gradients(tf.reduce_sum(tf.nn.embedding_lookup(v, [0, 6, 3]) * 2.0), list(v))
    found = _run(
        tf,
        [
            v.as_tensor(),
            tf.convert_to_tensor(w) + 1.0,
            tf.nn.embedding_lookup(v, [0, 6, 3]),
            tf.nn.embedding_lookup(list(v), [0, 6, 3], "mod"),
            list(v),
            tf.reduce_sum(v),
            [g.values if hasattr(g, "values") else g for g in grads],
            tf.nn.embedding_lookup(v, [1], "div"),
        ],
    )
    return found + [
        [p.name for p in v],
        len(v),
        v.name,
        v.get_shape().as_list(),
        [p.shape.as_list() for p in w],
        [p.name for p in sized],
        len(list(least)),
        [x.name for x in tf.global_variables()],
        [a is b for a, b in zip(again, v)],
        type(v).__name__,
    ]


def custom_getters(tf):
    seen = []

    def doubled(getter, name, *args, **kwargs):
        seen.append(name)
        return getter(name, *args, **kwargs) * 2.0

    def outer(getter, name, *args, **kwargs):
        seen.append("outer " + name)
        return getter(name, *args, **kwargs) + 100.0

    with tf.variable_scope("o", custom_getter=outer):
        with tf.variable_scope("s", custom_getter=doubled):
            a = tf.get_variable("a", initializer=[1.0, 2.0])
    b = tf.get_variable("b", initializer=3.0, custom_getter=doubled)

    def creator(next_creator, **kwargs):
        seen.append("created")
        return next_creator(**kwargs)

    with tf.variable_creator_scope(creator):
        tf.Variable(1.0)
        tf.get_variable("c", [1])
    return [_run(tf, [a, b]), seen, [v.name for v in tf.global_variables()]]


def arguments(tf):
    kwargs = dict(initializer=1.0, trainable=False)
    v = tf.get_variable("v", use_resource=False, **kwargs)
    w = tf.get_variable("w", use_resource=True, **kwargs)
    constrained = tf.get_variable("c", initializer=[3.0, -3.0], constraint=lambda x: tf.clip_by_value(x, -1.0, 1.0))
    cached = tf.get_variable("cached", initializer=1.0, caching_device="/cpu:0")
    with tf.variable_scope("s", regularizer=lambda x: 0.5 * tf.reduce_sum(x * x), use_resource=False):
        r = tf.get_variable("r", initializer=[3.0, 4.0])
        nothing = tf.get_variable("n", initializer=[1.0], regularizer=tf.no_regularizer)
        loose = tf.Variable([1.0])
    reg = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    unshaped = tf.Variable([1.0], validate_shape=False, name="unshaped")
    shapes = [unshaped.shape.ndims, v.shape.as_list()]
    step = tf.train.GradientDescentOptimizer(1.0).minimize(tf.reduce_sum(constrained * 5.0), var_list=[constrained])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        values = sess.run([v, w, cached + 1, r, nothing, loose, unshaped] + reg) + [sess.run(cached)]
        values += [
            sess.run(v.assign(2.0)),
            sess.run(w.assign(2.0)),
            sess.run(tf.assign(unshaped, [1.0, 2.0], validate_shape=False)),
        ]
        sess.run(step)
        values.append(sess.run(constrained))
    return [
        values,
        shapes,
        [x.name for x in reg],
        constrained.constraint is not None,
        [x.name for x in tf.trainable_variables()],
        failing(lambda: tf.Variable(lambda: None)),
        failing(lambda: tf.Variable(None)),
        failing(lambda: tf.Variable([1.0], expected_shape=[2])),
        failing(lambda: tf.Variable(1.0, trainable=True, collections="x")),
    ]


def control_and_reads(tf):
    v = tf.Variable(1.0, name="v")
    with tf.control_dependencies([tf.assign(v, 5.0)]):
        after = tf.identity(v)
        read = v.read_value()
    with tf.control_dependencies([tf.assign_add(v, 1.0)]):
        twice = tf.identity(v.read_value() * 2.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        return [sess.run(read), sess.run(v), sess.run(twice), sess.run(v)] + [after.name]


def variable_scopes(tf):
    found = []
    with tf.variable_scope("a", initializer=tf.ones_initializer(), dtype=tf.float64) as a:
        with tf.variable_scope("b", initializer=tf.zeros_initializer()):
            x = tf.get_variable("x", [1])
        y = tf.get_variable("y", [1])
        found += [a.name, a.dtype.name, tf.get_variable_scope().name]
    with tf.variable_scope("c"):
        with tf.variable_scope(a):
            z = tf.get_variable("z", [1])
    with tf.variable_op_scope([x], None, "legacy") as scope:
        found.append(scope.name)
    with tf.variable_scope("a") as again:
        again.set_initializer(tf.constant_initializer(4.0))
        again.set_dtype(tf.float32)
        w = tf.get_variable("w", [1])
    return found + [
        [v.name for v in (x, y, z, w)],
        _run(tf, [x, y, z, w]),
        [v.name for v in tf.global_variables("a")],
        [v.name for v in tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, "a/b")],
        [v.name for v in a.global_variables()],
        [v.name for v in a.trainable_variables()],
        tf.get_local_variable("l", [1]).name,
        [v.name for v in tf.local_variables()],
    ]


def two_sessions(tf):
    v = tf.Variable(0.0)
    up = tf.assign_add(v, 1.0)
    first, second = tf.Session(), tf.Session()
    first.run(v.initializer)
    found = [first.run(up), failing(lambda: second.run(up))["error"]]
    second.run(v.initializer)
    found += [second.run(up), first.run(up), first.run(up), second.run(v), first.run(v)]
    first.close()
    return found + [second.run(v), failing(lambda: first.run(v))]


def moving_average_variables(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    step = tf.train.get_or_create_global_step()
    ema = tf.train.ExponentialMovingAverage(0.9, num_updates=step)
    apply = ema.apply([v])
    with tf.control_dependencies([apply]):  # after it: what nothing orders was a race in TF1
        late = tf.assign_add(step, 1).op
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = []
        for k in range(3):
            sess.run(v.assign([k * 1.0, 5.0]))
            sess.run([apply, late])
            found.append(sess.run(ema.average(v)))
        return found + [ema.average_name(v), ema.average(v).op.name, sess.run(step), tf.train.global_step(sess, step)]


def slots_and_optimizers(tf):
    x = tf.Variable([1.0, 2.0], name="x")
    loss = tf.reduce_sum(x * x)
    made = [tf.train.GradientDescentOptimizer(0.1), tf.train.MomentumOptimizer(0.1, 0.9), tf.train.AdamOptimizer(0.1)]
    steps = [o.minimize(loss) for o in made]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = []
        for step in steps * 2:
            sess.run(step)
            found.append(sess.run(x))
    return [found, [v.name for v in tf.global_variables()], made[1].get_slot_names(), [s.name for s in steps]]


def protos(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    proto = v.to_proto()
    copy = tf.Variable.from_proto(proto) if hasattr(tf.Variable, "from_proto") else tf.Variable(variable_def=proto)
    found = [proto.variable_name, copy.name]
    with tf.Session() as sess:
        sess.run(v.initializer)
        return found + [sess.run(copy)]


def load_and_strings(tf):
    v = tf.Variable("text", name="v")
    w = tf.Variable([b"a", b"bc"], name="w")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = [sess.run([v, w]), sess.run(v + "!"), sess.run(tf.string_join([w, w]))]
        w.load(["x", "y"], sess)
        return found + [sess.run(w), w.eval()]


def shapes_of_variables(tf):
    v = tf.Variable(tf.zeros([3, 4]), name="v")
    u = tf.get_variable("u", [v.shape[1], v.get_shape()[0]])
    return [
        v.shape[0].value,
        v.get_shape()[1].value,
        (v.shape[0] * 2).value,
        u.shape.as_list(),
        int(u.shape[0]),
        str(v.shape),
        v.get_shape().num_elements(),
        v.shape.ndims,
        repr(v.get_shape()),
        v.shape[1] // 2 == 2,
        tf.reshape(v, [v.shape[1], -1]).shape.as_list(),
        [d.value for d in v.shape],
        v.shape == [3, 4],
    ]


def reprs(tf):
    v = tf.Variable(1.0, name="v")
    return [
        failing(lambda: bool(v)),
        failing(lambda: iter(v)),
        failing(lambda: v.__setitem__(0, 1)),
        failing(lambda: v.set_shape([2])),
        failing(lambda: len(v)),
        failing(lambda: v.eval()),
        failing(lambda: v.initializer.run()),
    ]
