"""Variables, scopes, collections, graphs, Sessions, assertions of state, switches."""

import numpy as np

from . import each


def then(tf, *steps):
    """The values of the steps, run one after another in one Session."""
    return lambda sess: (sess.run(tf.global_variables_initializer()), [sess.run(step) for step in steps])[1]


def _variable(tf, values=(1.0, 2.0, 3.0, 4.0), name="v"):
    return tf.Variable(list(values), name=name)


def _assign(tf, f):
    v = _variable(tf)
    return then(tf, f(v, [4.0, 3.0, 2.0, 1.0]), v, f(ref=v, value=[1.0] * 4), v)


def _scatter(tf, f):
    v = _variable(tf)
    return then(tf, f(v, [0, 2], [2.0, 5.0]), v)


def _scatter_nd(tf, f):
    v = _variable(tf)
    return then(tf, f(v, [[0], [2]], [2.0, 5.0]), v)


def _initialize_all(tf, f):
    v = _variable(tf)
    start, change = f(), tf.assign(v, tf.zeros([4]))
    return lambda sess: (sess.run(start), sess.run(change), sess.run(start), sess.run(v))[3]


def _initialize_some(tf, f):
    v, _ = _variable(tf), _variable(tf, name="left")
    return then(tf, f([v]), v)


def _initialize_local(tf, f):
    v = tf.get_local_variable("local", initializer=3.0)
    start = f()
    return lambda sess: (sess.run(start), sess.run(v))[1]


def _listing(collection):
    def build(tf, f):
        tf.Variable(1.0, name="a", collections=collection and [getattr(tf.GraphKeys, collection)])
        return tf.constant([v.name for v in f()])

    return build


def _get_variable(tf, f):
    with tf.variable_scope("s"):
        a = f("w", [2], initializer=tf.constant_initializer(2.0))
    with tf.variable_scope("s", reuse=True):
        b = f("w", [2])
    return [a, b, tf.constant([a.name, str(a is b)])]


def _variable_scope(tf, f):
    with f("outer", initializer=tf.constant_initializer(3.0)) as scope:
        a = tf.get_variable("w", [2])
        with f(scope, reuse=True):
            b = tf.get_variable("w", [2])
        with f("inner", reuse=tf.AUTO_REUSE):
            c = tf.get_variable("w", [1]) + 1.0
    with f("outer", auxiliary_name_scope=False):
        name = tf.constant(0).name
    return [a, b, c, tf.constant([a.name, c.name, name])]


def _template(tf, f):
    shared = f("t", lambda x: x * tf.get_variable("w", [], initializer=tf.constant_initializer(2.0)))
    return [shared(tf.constant(1.0)), shared(tf.constant(3.0)), tf.constant(len(tf.global_variables()))]


def _control(tf, f):
    v = tf.Variable(1.0)
    with f([tf.assign_add(v, 1.0)]):
        after = v.read_value() if hasattr(v, "read_value") else tf.identity(v)
    return then(tf, after, v)


def _name_scope(tf, f):
    with f("outer"):
        a = tf.constant(1, name="a")
        with f("inner", "default", [a]):
            b = a + 1
    return [b, tf.constant([a.name, b.op.name.split("/")[0]])]


def _device(tf, f):
    with f("/cpu:0"):
        a = tf.constant(1)
    return [a, tf.constant(a.device)]


def _graph(tf, f):
    other = f()
    with other.as_default():
        x = tf.constant(3, name="x")
    with tf.Session(graph=other) as sess:
        value = sess.run(x)
    return tf.constant([value, len(other.get_operations())])


def _session(tf, f):
    """A Session of the case's own, on a graph of its own."""
    with tf.Graph().as_default():
        v = tf.Variable(2.0)
        double = v * 2.0
        sess = f()
        sess.run(tf.global_variables_initializer())
        value = sess.run(double)
        sess.close()
    return tf.constant(value)


def _default_session(tf, f):
    x = tf.constant(2.0)

    def run(sess):
        with sess.as_default():
            return [f() is sess, x.eval()]

    return run


def _partitioned(tf, f):
    parts = f([4, 2], [2, 1], tf.constant(np.arange(8, dtype=np.float32).reshape(4, 2)))
    return [p.read_value() if hasattr(p, "read_value") else p for p in parts]


def _partitioner(*args, **kwargs):
    def build(tf, f):
        return tf.constant(f(*args, **kwargs)(shape=tf.TensorShape([8, 4]), dtype=tf.float32))

    return build


def _import(tf, f):
    with tf.Graph().as_default() as other:
        x = tf.placeholder(tf.float32, [], name="x")
        tf.multiply(x, 3.0, name="y")
    (y,) = f(other.as_graph_def(), input_map={"x:0": tf.constant(2.0)}, return_elements=["y:0"], name="in")
    return [y, tf.constant(y.name)]


def _creator(tf, f):
    with f(lambda make, **kwargs: make(**dict(kwargs, initial_value=9.0))):
        v = tf.Variable(1.0)
    return then(tf, v)


def _critical(tf, f):
    v = tf.Variable(1.0)
    section = f(name="section")
    done = section.execute(lambda: tf.constant(2.0) * 3.0)
    return then(tf, done, v)


def _collection(tf, f):
    f("things", tf.constant(4.0))
    return tf.get_collection("things")


def _check_numerics(tf, f):
    y = tf.log(tf.constant([1.0, 2.0]))
    with tf.control_dependencies([f()]):
        return tf.identity(y)


def _uninitialized(tf, f):
    a = tf.Variable(1.0, name="a")
    tf.Variable(2.0, name="b")
    names = f()

    def run(sess):
        with tf.Graph().as_default():
            pass
        sess.run(a.initializer)
        return sess.run(names)

    return run


def _table(tf, f):
    table = tf.lookup.StaticHashTable(f(["a", "b"], tf.constant([1, 2], tf.int64)), -1)
    return table.lookup(tf.constant(["b", "z"]))


def _dense_table(tf, f):
    table = f(tf.string, tf.int64, -1, "empty", "deleted")
    insert = table.insert(["a"], tf.constant([7], tf.int64))
    return then(tf, insert, table.lookup(tf.constant(["a", "b"])), table.size())


CASES = {}
CASES.update(each("assign assign_add assign_sub", _assign))
CASES.update(
    each("scatter_add scatter_sub scatter_mul scatter_div scatter_max scatter_min scatter_update", _scatter)
)
CASES.update(each("scatter_nd_add scatter_nd_sub scatter_nd_update", _scatter_nd))
CASES.update(each("global_variables_initializer initialize_all_variables", _initialize_all))
CASES.update(each("local_variables_initializer initialize_local_variables", _initialize_local))
CASES.update(each("variables_initializer initialize_variables", _initialize_some))
CASES.update(each("all_variables global_variables trainable_variables", _listing(None)))
CASES.update(each("local_variables", _listing("LOCAL_VARIABLES")))
CASES.update(each("model_variables", _listing("MODEL_VARIABLES")))
CASES.update(each("moving_average_variables", _listing("MOVING_AVERAGE_VARIABLES")))
CASES.update(
    each(
        """GraphKeys.TRAINABLE_VARIABLES GraphKeys.UPDATE_OPS GraphKeys.GLOBAL_VARIABLES
        GraphKeys.SUMMARIES""",
        lambda tf, f: _key(tf, f),
    )
)
CASES.update(
    each(
        "bool double float16 float32 float64 half int8 int16 int32 int64 uint8 uint16 complex64 complex128",
        lambda tf, f: tf.cast(tf.constant([0, 1, 2]), f),
    )
)
CASES.update(
    {
        "AUTO_REUSE": lambda tf, f: _auto_reuse(tf, f),
        "GraphKeys": lambda tf, f: tf.constant([f.LOSSES, f.QUEUE_RUNNERS, f.REGULARIZATION_LOSSES]),
        "string": lambda tf, f: tf.constant(["a"], f),
        "resource": lambda tf, f: tf.constant(f.name),
        "Variable": lambda tf, f: [
            f([1.0, 2.0], name="a"),
            f(initial_value=lambda: tf.constant(3), trainable=False, dtype=tf.int32),
            tf.constant(isinstance(tf.get_variable("g", []), f)),
        ],
        "VariableAggregation": lambda tf, f: tf.get_variable("a", initializer=1.0, aggregation=f.SUM),
        "VariableSynchronization": lambda tf, f: tf.get_variable(
            "a", initializer=1.0, synchronization=f.AUTO
        ),
        "VariableScope": lambda tf, f: tf.constant([isinstance(tf.get_variable_scope(), f)]),
        "get_variable": _get_variable,
        "get_local_variable": lambda tf, f: [f("l", initializer=2.0), tf.constant(len(tf.local_variables()))],
        "get_variable_scope": lambda tf, f: tf.constant([f().name, str(f().reuse)]),
        "variable_scope": _variable_scope,
        "make_template": _template,
        "control_dependencies": _control,
        "name_scope": _name_scope,
        "device": _device,
        "Graph": _graph,
        "Session": _session,
        "InteractiveSession": _session,
        "get_default_session": _default_session,
        "get_default_graph": lambda tf, f: tf.constant(f() is tf.constant(1).graph),
        "add_to_collection": _collection,
        "add_to_collections": lambda tf, f: [f(["a", "b"], tf.constant(2)), tf.get_collection("b")][1],
        "get_collection": lambda tf, f: [
            _variable(tf),
            tf.constant([v.name for v in f(tf.GraphKeys.GLOBAL_VARIABLES, scope="v")]),
        ],
        "get_collection_ref": lambda tf, f: [f("things").append(tf.constant(1)), tf.get_collection("things")][
            1
        ],
        "add_check_numerics_ops": _check_numerics,
        "batch_scatter_update": lambda tf, f: _batch_scatter(tf, f),
        "colocate_with": lambda tf, f: _colocate(tf, f),
        "container": lambda tf, f: _container(tf, f),
        "create_partitioned_variables": _partitioned,
        "fixed_size_partitioner": _partitioner(2),
        "min_max_variable_partitioner": _partitioner(4, min_slice_size=16),
        "variable_axis_size_partitioner": _partitioner(64),
        "variable_creator_scope": _creator,
        "import_graph_def": _import,
        "init_scope": lambda tf, f: _init_scope(tf, f),
        "CriticalSection": _critical,
        "is_variable_initialized": lambda tf, f: f(_variable(tf)),
        "report_uninitialized_variables": _uninitialized,
        "assert_variables_initialized": lambda tf, f: [_variable(tf), tf.constant(f() is not None)][1],
        "tables_initializer": lambda tf, f: [
            f(),
            _table(tf, tf.lookup.KeyValueTensorInitializer),
        ],
        "lookup.KeyValueTensorInitializer": _table,
        "lookup.StaticHashTable": lambda tf, f: f(
            tf.lookup.KeyValueTensorInitializer(["a"], tf.constant([5], tf.int64)), 0
        ).lookup(tf.constant(["a", "b"])),
        "lookup.StaticVocabularyTable": lambda tf, f: f(
            tf.lookup.KeyValueTensorInitializer(["a"], tf.constant([0], tf.int64)), 2
        ).lookup(tf.constant(["a", "b"])),
        "lookup.experimental.DenseHashTable": _dense_table,
        "no_regularizer": lambda tf, f: tf.constant(f(tf.constant(1.0)) is None),
        "executing_eagerly": lambda tf, f: tf.constant(f()),
        "resource_variables_enabled": lambda tf, f: tf.constant(f() in (True, False)),
        "reset_default_graph": lambda tf, f: tf.constant(callable(f)),
        "distribute.get_replica_context": lambda tf, f: tf.constant(f().replica_id_in_sync_group),
        "distribute.get_strategy": lambda tf, f: tf.constant(f().num_replicas_in_sync),
        "distribute.has_strategy": lambda tf, f: tf.constant(f()),
        "distribute.in_cross_replica_context": lambda tf, f: tf.constant(f()),
        "Module": lambda tf, f: _module(tf, f),
        "RegisterGradient": lambda tf, f: _register_gradient(tf, f),
    }
)


def _key(tf, f):
    """A collection of that key holds what is added to it."""
    with tf.Graph().as_default() as other:
        before = len(other.get_collection(f))
        tf.add_to_collection(f, tf.constant(1))
    return tf.constant([f, str(len(other.get_collection(f)) - before)])


def _auto_reuse(tf, f):
    with tf.variable_scope("s", reuse=f):
        a = tf.get_variable("w", initializer=2.0)
    with tf.variable_scope("s", reuse=f):
        return [a, tf.constant(tf.get_variable("w", []) is a)]


def _batch_scatter(tf, f):
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    return then(tf, f(v, [[1], [0]], [[9.0], [8.0]]), v)


def _colocate(tf, f):
    a = tf.constant(1, name="a")
    with f(a):
        b = tf.constant(2)
    return [b, tf.constant(b.op.colocation_groups())]


def _container(tf, f):
    with f("mine"):
        v = tf.Variable(4.0)
    return then(tf, v)


def _init_scope(tf, f):
    with f():
        return tf.constant(3.0) * 2.0


def _module(tf, f):
    class Line(f):
        def __init__(self):
            super().__init__(name="line")
            with self.name_scope:
                self.w = tf.Variable(2.0, name="w")

    return [Line().w, tf.constant(len(Line().trainable_variables))]


_registered = []


def _register_gradient(tf, f):
    name = "CaseGradient%d" % len(_registered)  # noqa: UP031
    _registered.append(name)
    f(name)(lambda op, grad: grad * 7.0)
    x = tf.constant(2.0)
    with tf.get_default_graph().gradient_override_map({"Square": name}):
        return tf.gradients(tf.square(x), x)
