"""Programs about graphs: names, scopes, collections, devices, control inputs, shapes, tensors."""

# ruff: noqa: B023, C408, C416, E711 - each closure runs at once, and 2018 wrote so

import threading

import numpy as np
from goldens.session.observe import failing


def _names(graph):
    return [op.name for op in graph.get_operations()]


def unique_names(tf):
    for _ in range(3):
        tf.constant(1, name="c")
    tf.constant(1, name="C")
    tf.constant(1, name="c_1")
    tf.add(1, 2)
    tf.add(1, 2)
    return _names(tf.get_default_graph())


def name_scopes(tf):
    with tf.name_scope("a") as a:
        x = tf.constant(1, name="x")
        with tf.name_scope("b"):
            y = tf.constant(1, name="x")
        with tf.name_scope("b"):
            z = tf.constant(1, name="x")
        with tf.name_scope(None):
            top = tf.constant(1, name="x")
    with tf.name_scope(a):
        again = tf.constant(1, name="x")
    with tf.name_scope("a"):
        second = tf.constant(1, name="x")
    with tf.name_scope("d", "default", [x]) as d:
        pass
    with tf.name_scope(None, "default", [x]) as e:
        pass
    with tf.name_scope(""):
        f = tf.constant(1, name="y")
    return [t.name for t in (x, y, z, top, again, second, f)] + [a, d, e]


def variable_scope_names(tf):
    with tf.variable_scope("s"):
        v = tf.get_variable("v", [1])
        c = tf.constant(1, name="c")
        with tf.name_scope("n"):
            w = tf.get_variable("w", [1])
            u = tf.Variable(1, name="u")
    with tf.variable_scope("s", reuse=True) as scope:
        v2 = tf.get_variable("v", [1])
        c2 = tf.constant(1, name="c")
    with tf.variable_scope(scope):
        c3 = tf.constant(1, name="c")
    with tf.variable_scope(scope, auxiliary_name_scope=False):
        c4 = tf.constant(1, name="c")
    with tf.variable_scope(None, "unit"):
        with tf.variable_scope(None, default_name="unit"):
            q = tf.get_variable("q", [1])
    with tf.variable_scope(None, "unit"):
        r = tf.get_variable("q", [1])
    return [t.name for t in (v, c, w, u, v2, c2, c3, c4, q, r)] + [scope.name, scope.original_name_scope, v is v2]


def name_scope_errors(tf):
    return [failing(lambda: tf.constant(1, name=bad)) for bad in ("a b", "_x", "/x", "x:0", "é")] + [
        failing(lambda: tf.get_default_graph().name_scope("a b").__enter__()),
    ]


def by_name(tf):
    g = tf.get_default_graph()
    x = tf.constant(1, name="x")
    return [
        g.get_tensor_by_name("x:0") is x,
        g.get_operation_by_name("x") is x.op,
        g.as_graph_element("x") is x.op,
        g.as_graph_element("x:0") is x,
        g.as_graph_element(x) is x,
        failing(lambda: g.get_tensor_by_name("x")),
        failing(lambda: g.get_tensor_by_name("x:1")),
        failing(lambda: g.get_tensor_by_name("y:0")),
        failing(lambda: g.get_operation_by_name("y")),
        failing(lambda: g.get_operation_by_name("x:0")),
        failing(lambda: g.as_graph_element(3)),
        failing(lambda: g.as_graph_element("a:b:c")),
        failing(lambda: g.get_tensor_by_name(3)),
        failing(lambda: g.as_graph_element(x, allow_tensor=False)),
        failing(lambda: g.as_graph_element("x", allow_operation=False)),
    ]


def another_graphs_element(tf):
    x = tf.constant(1, name="x")
    with tf.Graph().as_default() as other:
        y = tf.constant(1, name="y")
        return [
            failing(lambda: other.as_graph_element(x)),
            failing(lambda: other.as_graph_element(x.op)),
            failing(lambda: tf.add(x, y)),
            failing(lambda: tf.group(x, y)),
            failing(lambda: tf.gradients(y, x)),
        ]


def collections(tf):
    g = tf.get_default_graph()
    with tf.name_scope("s"):
        a = tf.constant(1, name="a")
    b = tf.constant(1, name="b")
    tf.add_to_collection("k", a)
    tf.add_to_collections(["k", "l", "l"], b)
    g.add_to_collection("things", 3)
    copy = tf.get_collection("k")
    copy.append(1)
    tf.get_collection_ref("k").append(a)
    found = [
        [t.name for t in tf.get_collection("k")],
        [t.name for t in tf.get_collection("k", scope="s")],
        [t.name for t in tf.get_collection("k", "b")],
        [t.name for t in tf.get_collection("l")],
        tf.get_collection("things"),
        tf.get_collection("none"),
        g.get_collection("things", scope="x"),
        sorted(map(str, g.collections)),
        sorted(map(str, g.get_all_collection_keys())),
    ]
    g.clear_collection("k")
    return found + [tf.get_collection("k"), tf.get_collection_ref("new"), sorted(g.get_all_collection_keys())]


def collection_keys(tf):
    tf.Variable(1.0, name="a")
    tf.Variable(1.0, name="b", trainable=False)
    tf.Variable(1.0, name="c", collections=["mine"])
    tf.get_variable("d", [], collections=[tf.GraphKeys.LOCAL_VARIABLES])
    tf.Variable(1.0, name="e", collections=["mine", tf.GraphKeys.GLOBAL_VARIABLES], trainable=True)
    return [
        [v.name for v in tf.global_variables()],
        [v.name for v in tf.trainable_variables()],
        [v.name for v in tf.local_variables()],
        [v.name for v in tf.get_collection("mine")],
        [v.name for v in tf.all_variables()],
        [v.name for v in tf.trainable_variables("a")],
    ]


def default_graphs(tf):
    g = tf.get_default_graph()
    other = tf.Graph()
    seen = [tf.get_default_graph() is g]
    with other.as_default() as entered:
        seen += [entered is other, tf.get_default_graph() is other, tf.constant(1).graph is other]
        with g.as_default():
            seen.append(tf.get_default_graph() is g)
            with other.as_default():
                seen.append(tf.constant(2).graph is other)
        seen.append(tf.get_default_graph() is other)
        seen.append(failing(tf.reset_default_graph))
    return seen + [tf.get_default_graph() is g, len(other.get_operations())]


def finalize(tf):
    g = tf.get_default_graph()
    x = tf.placeholder(tf.float32, [], name="x")
    y = x + 1
    g.finalize()
    seen = [g.finalized, failing(lambda: tf.constant(1)), failing(lambda: x * 2)]
    with tf.Session() as sess:
        seen.append(sess.run(y, {x: 1}))
    g._unsafe_unfinalize()
    return seen + [g.finalized, (x * 2).name]


def seeds(tf):
    found = [list(tf.get_seed(None)), list(tf.get_seed(3))]
    tf.set_random_seed(7)
    found += [tf.get_default_graph().seed, list(tf.get_seed(3)), list(tf.get_seed(0))]
    tf.set_random_seed(0)
    return found + [list(tf.get_seed(0))]


def op_seeded_numbers(tf):
    tf.set_random_seed(1234)
    ops = [
        tf.random_uniform([3], seed=1),
        tf.random_normal([3], seed=1),
        tf.truncated_normal([3], seed=1),
        tf.random_uniform([3], 0, 100, tf.int32, seed=1),
        tf.random_shuffle(tf.range(5), seed=1),
        tf.multinomial([[0.1, 0.2, 0.7]], 5, seed=1),
        tf.random_gamma([2], 2.0, seed=1),
        tf.random_poisson(3.0, [3], seed=1),
    ]
    with tf.Session() as sess:
        return [sess.run(ops) for _ in range(2)]


def devices(tf):
    def of(**kwargs):
        return tf.constant(1).op.device

    def chooser(op):
        return "/gpu:1" if op.type == "Const" else "/cpu:0"

    seen = [of()]
    with tf.device("/gpu:0"):
        seen.append(of())
        with tf.device("/job:ps"):
            seen.append(of())
            with tf.device(None):
                seen.append(of())
        with tf.device("/cpu:*"):
            seen.append(of())
    with tf.device(chooser):
        seen.append(of())
        seen.append(tf.no_op().device)
    with tf.device("/job:worker/task:2"):
        with tf.device("/device:GPU:3"):
            seen.append(of())
    with tf.device(tf.train.replica_device_setter(ps_tasks=2)):
        v, w, c = tf.get_variable("v", [1]), tf.get_variable("w", [1]), tf.constant(1)
        seen += [v.device, w.device, c.device]
    return seen + [failing(lambda: tf.device("/nonsense:0").__enter__() and tf.constant(1))]


def control_inputs(tf):
    a, b, c = tf.no_op(name="a"), tf.constant(1, name="b"), tf.no_op(name="c")

    def names(op):
        return sorted(i.name for i in op.control_inputs)

    with tf.control_dependencies([a]):
        first = tf.no_op()
        with tf.control_dependencies([b, c]):
            second = tf.no_op()
            with tf.control_dependencies(None):
                third = tf.no_op()
            fourth = tf.no_op()
        dependent = tf.identity(second.outputs or b)
    v = tf.Variable(1.0, name="v")
    with tf.control_dependencies([v.initializer, a]):
        fifth = tf.no_op()
    return [names(op) for op in (first, second, third, fourth, fifth, dependent.op)] + [
        failing(lambda: tf.control_dependencies([3]).__enter__())
    ]


def tensors(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.placeholder(tf.int64, name="y")
    z = tf.constant([[1.0]], name="z")
    return [
        str(x),
        repr(x),
        str(y),
        repr(y),
        repr(z),
        repr(x.op),
        x.name,
        x.op.name,
        x.op.type,
        x.value_index,
        x.dtype.name,
        x.device,
        x.graph is tf.get_default_graph(),
        [c.name for c in z.consumers()],
        x == x,
        x == z,
        x != z,
        x in [z, x],
        len({x, x, z}),
        {x: 1}[x],
        failing(lambda: bool(x)),
        failing(lambda: next(iter(x))),
        failing(lambda: len(x)),
        failing(lambda: x + tf.constant(1)),
        failing(lambda: tf.matmul(x, z)),
    ]


def shapes(tf):
    x = tf.placeholder(tf.float32, [None, 3, 4])
    u = tf.placeholder(tf.float32)
    s = x.get_shape()
    n = tf.shape(x)[0]
    return [
        x.shape[0].value,
        x.shape[1].value,
        s[2].value,
        s.as_list(),
        str(s),
        repr(s),
        str(u.shape),
        repr(u.shape),
        len(s),
        s.ndims,
        u.shape.ndims,
        s.is_fully_defined(),
        s[1:].as_list(),
        int(s[1]),
        s[1] * 2 == 6,
        (s[1] * s[2]).value,
        (s[0] * 3).value,
        str(s[0]),
        repr(s[1]),
        repr(s[0]),
        s[1:].num_elements(),
        [d.value for d in s],
        s.dims[1].value,
        s[-1].value,
        (s[2] // 3).value,
        (s[2] - s[1]).value,
        s[1] == 3,
        s[0] == 3,
        s[1] == None,
        s.concatenate([5]).as_list(),
        s.merge_with([2, None, None]).as_list(),
        s.is_compatible_with([1, 3, 4]),
        s.with_rank(3).as_list(),
        tf.Dimension(3).value,
        tf.TensorShape([1, None]).as_list(),
        failing(lambda: s.with_rank(2)),
        failing(lambda: s.merge_with([1, 2, 4])),
        failing(lambda: u.shape.as_list()),
        failing(lambda: len(u.shape)),
        failing(lambda: int(s[0])),
        failing(lambda: s.assert_is_fully_defined()),
        failing(lambda: [d for d in u.shape]),
        u.shape[1].value,
        n.shape.as_list(),
        bool(s),
        bool(u.shape),
        (3 - s[1]).value,
        (10 // s[1]).value,
        s[1] < 4,
        s[1] >= 3,
        s[0] is None,
        max(s[1], s[2]).value,
        np.prod(s.as_list()[1:]),
        [int(d) for d in s[1:]],
        tf.zeros([s[1], s[2]]).shape.as_list(),
        tf.reshape(x, [-1, s[1] * s[2]]).shape.as_list(),
        tf.reshape(x, [-1, int(s[1] * s[2])]).shape.as_list(),
        tf.get_variable("w", [s[1], s[2]]).shape.as_list(),
        tf.zeros(s[1:]).shape.as_list(),
        s[1].value * 2.5,
        tf.TensorShape(None).ndims,
        s == [None, 3, 4],
        "%d" % s[1],
        "%s" % s[0],
        "{}".format(s),
        list(range(s[1])),
    ]


def set_shape(tf):
    x = tf.placeholder(tf.float32)
    x.set_shape([None, 2])
    y = tf.placeholder(tf.float32, [2, 3])
    return [x.shape.as_list(), failing(lambda: y.set_shape([3, 3])), failing(lambda: y.set_shape([1]))]


def operations(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    a, b = tf.split(x, 2, name="halves")
    op = a.op
    return [
        op.name,
        op.type,
        [t.name for t in op.inputs],
        [t.name for t in op.outputs],
        op.get_attr("num_split"),
        op.node_def.name,
        op.node_def.op,
        list(op.node_def.input),
        [t.name for t in op.values()],
        op.get_attr("T").name,
        failing(lambda: op.get_attr("nothing")),
        op.op_def.name,
        [o.name for o in x.op.outputs[0].consumers()],
        tf.get_default_graph().version > 2,
    ]


def graph_defs(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    tf.multiply(x, tf.constant(3.0, name="three"), name="y")
    definition = tf.get_default_graph().as_graph_def()
    found = [[n.name, n.op, list(n.input)] for n in definition.node]
    with tf.Graph().as_default() as g:
        z = tf.constant([5.0, 6.0])
        out, op = tf.import_graph_def(definition, {"x:0": z}, ["y:0", "y"], name="in")
        tf.import_graph_def(definition, name="")
        tf.import_graph_def(definition)
        names = _names(g)
        with tf.Session() as sess:
            value = sess.run(out)
        errors = [
            failing(lambda: tf.import_graph_def(definition, return_elements=["nothing:0"])),
            failing(lambda: tf.import_graph_def(definition, {"nothing:0": z})),
            failing(lambda: tf.import_graph_def("x")),
        ]
    return [found, names, value, op.name, errors]


def gradients(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    w = tf.Variable([3.0, 4.0], name="w")
    y = x * w + tf.stop_gradient(x * x)
    unconnected = tf.constant(1.0)
    table = tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2), name="table")
    (slices,) = tf.gradients(tf.gather(table, [0, 2, 0]), table)
    z = tf.reduce_sum(w * w * w)
    (second,) = tf.gradients(tf.gradients(z, w)[0], w)
    fetches = [
        tf.gradients(y, x),
        tf.gradients(y, [x, w]),
        tf.gradients([y, y], w),
        tf.gradients(y, w, grad_ys=[[1.0, 2.0]]),
        tf.gradients(y * y, x, stop_gradients=[w]),
        slices,
        second,
        tf.hessians(z, w),
        tf.gradients(y, w, aggregation_method=tf.AggregationMethod.EXPERIMENTAL_TREE),
        tf.gradients(unconnected, [x], unconnected_gradients=tf.UnconnectedGradients.ZERO),
    ]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        values = sess.run(fetches, {x: [1.0, 2.0]})
    return [
        values,
        tf.gradients(unconnected, x),
        type(slices).__name__,
        failing(lambda: tf.gradients(y, w, grad_ys=[1.0, 2.0])),
    ]


def gradient_override(tf):
    name = "TestOnlyGradient%d" % np.random.randint(1 << 30)

    @tf.RegisterGradient(name)
    def _double(op, grad):
        return grad * 20.0

    x = tf.constant([1.0, 2.0])
    with tf.get_default_graph().gradient_override_map({"Identity": name}):
        y = tf.identity(x)

    @tf.custom_gradient
    def clipped(a):
        return a * 3.0, lambda dy: dy * 7.0

    tf.NotDifferentiable("TestOnlyOp%d" % np.random.randint(1 << 30))
    with tf.Session() as sess:
        return sess.run([tf.gradients(y, x)[0], tf.gradients(clipped(x), x)[0]])


def py_functions(tf):
    calls = []

    def f(a, b):
        calls.append(a.dtype.name)
        return a + b, np.int64(len(calls))

    x = tf.placeholder(tf.float32, [None])
    y, n = tf.py_func(f, [x, tf.constant([1.0])], [tf.float32, tf.int64])
    single = tf.py_func(lambda a: a * 2, [x], tf.float32, stateful=False)
    nothing = tf.py_func(lambda a: calls.append("side"), [x], [])
    text = tf.py_func(lambda: b"text", [], tf.string)
    wrong = tf.py_func(lambda a: a.astype(np.float64), [x], tf.float32, name="wrong")

    def raising(kind):
        def function(a):
            raise kind("said so")

        return tf.py_func(function, [x], tf.float32, name="raising_" + kind.__name__)

    kinds = (ValueError, TypeError, KeyError, StopIteration, RuntimeError, NotImplementedError, MemoryError)
    with tf.Session() as sess:
        seen = [sess.run([y, n, single, text], {x: [1.0, 2.0]}), sess.run(n, {x: [0.0]}), sess.run(nothing, {x: [0.0]})]
        failures = [failing(lambda: sess.run(raising(kind), {x: [1.0]})) for kind in kinds]
        for failure in failures:
            failure["message"] = failure["message"].splitlines()[0]
        bad = failing(lambda: sess.run(wrong, {x: [1.0]}))
        bad["message"] = bad["message"].splitlines()[0]
        return seen + [calls, y.shape.ndims, failures, bad]


def print_and_assert(tf):
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.Print(x, [x, tf.shape(x)], "message: ", first_n=1)
    with tf.control_dependencies([tf.Assert(tf.reduce_all(x > 0), [x], name="positive")]):
        z = x * 2
    with tf.control_dependencies([tf.assert_positive(x, message="must be positive")]):
        w = x * 3
    with tf.Session() as sess:
        return [
            sess.run([y, z, w], {x: [1.0, 2.0]}),
            failing(lambda: sess.run(z, {x: [-1.0]})),
            failing(lambda: sess.run(w, {x: [-1.0]})),
            failing(lambda: tf.assert_equal(1, 2)),
        ]


def check_numerics(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.log(x, name="y")
    n = tf.constant([1, 2]) + 3
    check = tf.add_check_numerics_ops()
    with tf.Session() as sess:
        return [
            check.type,
            sess.run([y, n, check], {x: [1.0, 1.0]}),
            failing(lambda: sess.run(check, {x: [-1.0, 1.0]})),
            failing(lambda: sess.run(check, {x: [0.0, 1.0]})),
            failing(lambda: sess.run(tf.check_numerics(y, "checked y"), {x: [-1.0, 1.0]})),
        ]


def threads_building(tf):
    g = tf.get_default_graph()

    def build(i):
        with g.as_default(), tf.name_scope("t%d" % i):
            for _ in range(30):
                tf.identity(tf.constant(1.0) * 2.0)

    threads = [threading.Thread(target=build, args=(i,)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return [len(g.get_operations()), sorted(_names(g))[:5], len(set(_names(g)))]


def prevent(tf):
    g = tf.get_default_graph()
    x, y = tf.constant(1.0, name="x"), tf.constant(2.0, name="y")
    g.prevent_fetching(x.op)
    g.prevent_feeding(y)
    with tf.Session() as sess:
        return [
            g.is_fetchable(x),
            g.is_feedable(y),
            g.is_fetchable(y),
            g.is_feedable(x),
            failing(lambda: sess.run(x)),
            failing(lambda: sess.run(x.op)),
            failing(lambda: sess.run(y, {y: 1.0})),
        ]


def misc(tf):
    g = tf.get_default_graph()
    with tf.name_scope("s"):
        scope = g.get_name_scope()
        unique = [g.unique_name("n"), g.unique_name("n"), g.unique_name("n", mark_as_used=False), g.unique_name("n")]
    x = tf.constant(1.0, name="x")
    with tf.colocate_with(x):
        y = tf.constant(1.0)
    with tf.op_scope([x], None, "legacy") as legacy:
        pass
    with g.container("box"):
        q = tf.FIFOQueue(1, tf.float32, name="q")
    return [
        scope,
        unique,
        y.op.colocation_groups(),
        legacy,
        q.queue_ref.op.get_attr("container"),
        g.building_function,
        [v.name for v in (tf.identity(x), tf.identity_n([x, y])[1])],
    ]
