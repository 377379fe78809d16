"""Differential: the same graphs, run in the same sequences by this Session and by TensorFlow's.

`tf.compat.v1.Session` can run our graphs too. Sequences alternate fetches, feeds and Sessions; a run reads, or it
writes, for TensorFlow leaves the order of both in one run to a race.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tf1compat.v1 as tf


class Program:
    """A random graph: `values` to fetch, `writes` to run, `inputs` to feed, in the order they were built."""

    def __init__(self, draw):
        pick = lambda options: draw(st.sampled_from(options))  # noqa: E731
        self.inputs = [tf.placeholder_with_default(np.float32([1.0, -2.0, 0.5]), [3], name=f"x{i}") for i in range(2)]
        self.variables = [tf.get_variable(f"v{i}", initializer=np.float32([i, 1.0, -i])) for i in range(2)]
        self.values = [*self.inputs, *(v + 0.0 for v in self.variables), tf.random_uniform([3], seed=7)]
        self.writes = []
        for _ in range(draw(st.integers(3, 10))):
            kind = pick(
                [
                    "binary",
                    "unary",
                    "reduce",
                    "cond",
                    "while",
                    "gather",
                    "grad",
                    "write",
                    "random",
                    "sum",
                    "where",
                    "scan",
                ]
            )
            a, b = pick(self.values), pick(self.values)
            v = pick(self.variables)
            if kind == "write":
                update = pick([tf.assign, tf.assign_add, tf.assign_sub])
                self.writes.append(update(v, tf.tanh(a + b)).op)
            else:
                self.values.append(self._value(kind, a, b, v, pick))

    @staticmethod
    def _value(kind, a, b, v, pick):
        if kind == "binary":
            return pick([tf.add, tf.subtract, tf.multiply, tf.maximum, tf.atan2])(a, b)
        if kind == "unary":
            return pick(
                [tf.tanh, tf.nn.relu, tf.sigmoid, tf.square, tf.negative, tf.nn.softmax, tf.identity, tf.stop_gradient]
            )(a)
        if kind == "reduce":
            return a - pick([tf.reduce_mean, tf.reduce_max, tf.reduce_sum])(b)
        if kind == "cond":
            return tf.cond(
                tf.reduce_sum(a) > 0.0, lambda: a + v, lambda: tf.cond(b[0] > 0.5, lambda: b * 2.0, lambda: v - 1.0)
            )
        if kind == "while":
            return tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, tf.tanh(s + b) * v), [0, a])[1]
        if kind == "gather":
            return tf.gather(a, [2, 0, 1]) + tf.nn.embedding_lookup(v, [0, 0, 2])
        if kind == "grad":
            try:
                grad = tf.gradients(tf.reduce_sum(tf.tanh(a) * b), [a])[0]
            except TypeError:  # some second gradients of gathers TensorFlow cannot build, 1.15 neither
                grad = None
            return tf.zeros_like(a) if grad is None else tf.convert_to_tensor(grad)
        if kind == "random":
            return a + tf.random_normal([3], seed=11) * 0.1
        if kind == "sum":
            return tf.add_n([a, b, a])
        if kind == "where":
            return tf.where(a > b, a, b * 0.5)
        return tf.scan(lambda s, e: s * 0.5 + e, a)


@st.composite
def runs(draw, program):
    """A sequence of (which Session, what to fetch, what to feed)."""
    sequence = []
    for _ in range(draw(st.integers(3, 12))):
        which = draw(st.integers(0, 1))
        fed = {}
        for tensor in draw(st.lists(st.sampled_from(program.values), max_size=2, unique_by=id)):
            fed[tensor] = np.float32(draw(st.lists(st.integers(-3, 3), min_size=3, max_size=3)))
        for variable in draw(st.lists(st.sampled_from(program.variables), max_size=1)) if draw(st.booleans()) else ():
            fed[variable] = np.float32([2.0, 0.0, 1.0])
        if program.writes and draw(st.booleans()):
            sequence.append((which, [draw(st.sampled_from(program.writes))], fed))
        else:
            sequence.append((which, draw(st.lists(st.sampled_from(program.values), min_size=1, max_size=4)), fed))
    return sequence


def _feeds_for(sess, fed):
    """TensorFlow's Session feeds a variable by its one read; ours takes all reads, so feed each of them there."""
    if isinstance(sess, tf.Session):
        return fed
    plain = {}
    for key, value in fed.items():
        if isinstance(key, tf.Variable):
            graph = tf.get_default_graph()
            reads = [op for op in graph.get_operations() if op.type == "ReadVariableOp" and op.inputs[0] is key.handle]
            plain.update((op.outputs[0], value) for op in reads if not op.control_inputs)
        else:
            plain[key] = value
    return plain


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_sequences_of_runs(data):
    with tf.Graph().as_default():
        tf.set_random_seed(3)
        program = Program(data.draw)
        initializer = tf.global_variables_initializer()
        sequence = data.draw(runs(program))
        pairs = [(tf.Session(), tf.compat.v1.Session()) for _ in range(2)]
        for pair in pairs:
            for sess in pair:
                sess.run(initializer)
        for step, (which, fetches, fed) in enumerate(sequence):
            if any(isinstance(key, tf.Variable) for key in fed) and _touches_outside_reads(fetches):
                continue
            ours, theirs = (sess.run(fetches, _feeds_for(sess, fed)) for sess in pairs[which])
            for mine, its in zip(ours, theirs, strict=True):
                if its is None:
                    assert mine is None
                else:
                    np.testing.assert_allclose(mine, its, rtol=1e-5, atol=1e-6, err_msg=f"run {step}")
        for ours, theirs in pairs:
            for mine, its in zip(ours.run(program.variables), theirs.run(program.variables), strict=True):
                np.testing.assert_allclose(mine, its, rtol=1e-5, atol=1e-6)
            ours.close()
            theirs.close()


def _touches_outside_reads(fetches):
    """Whether a fetch reads a variable by more than plain reads: a gather, or inside a body."""
    seen, stack = set(), [f if isinstance(f, tf.Operation) else f.op for f in fetches]
    while stack:
        op = stack.pop()
        if op not in seen:
            seen.add(op)
            if op.type != "ReadVariableOp" and any(t.dtype == tf.resource for t in op.inputs):
                return True
            stack.extend(t.op for t in op.inputs)
    return False


# Whole programs, step by step.


def _softmax_regression():
    x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int64, [None])
    w, b = tf.get_variable("w", [4, 3], initializer=tf.glorot_uniform_initializer(seed=1)), tf.Variable(tf.zeros([3]))
    logits = tf.matmul(x, w) + b
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    return {x: (6, 4), y: ("labels", 6, 3)}, step, [loss, w, b, tf.argmax(logits, 1)]


def _convolutions_with_dropout():
    x = tf.placeholder(tf.float32, [None, 8, 8, 1])
    kernel = tf.get_variable("k", [3, 3, 1, 2], initializer=tf.truncated_normal_initializer(stddev=0.1, seed=2))
    h = tf.nn.max_pool(tf.nn.relu(tf.nn.conv2d(x, kernel, [1, 1, 1, 1], "SAME")), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    h = tf.nn.dropout(h, rate=0.5, seed=4)
    w = tf.get_variable("w", [32, 1], initializer=tf.random_normal_initializer(seed=3))
    loss = tf.reduce_mean(tf.square(tf.matmul(tf.reshape(h, [-1, 32]), w)))
    step = tf.train.AdamOptimizer(0.01).minimize(loss, global_step=tf.train.get_or_create_global_step())
    return {x: (3, 8, 8, 1)}, step, [loss, kernel, w, tf.train.get_global_step()]


def _recurrence_in_a_while_loop():
    x = tf.placeholder(tf.float32, [5, None, 3])
    w = tf.get_variable("w", [6, 3], initializer=tf.glorot_normal_initializer(seed=5))
    outputs = tf.TensorArray(tf.float32, 5)
    steps = tf.TensorArray(tf.float32, 5).unstack(x)

    def body(t, h, out):
        h = tf.tanh(tf.matmul(tf.concat([steps.read(t), h], 1), w))
        return t + 1, h, out.write(t, h)

    _, last, outputs = tf.while_loop(lambda t, *_: t < 5, body, [0, tf.zeros_like(x[0]), outputs])
    loss = tf.reduce_sum(tf.square(outputs.stack())) + tf.reduce_sum(last)
    optimizer = tf.train.RMSPropOptimizer(0.01)
    grads, norm = tf.clip_by_global_norm(tf.gradients(loss, [w]), 1.0)
    return {x: (5, 2, 3)}, optimizer.apply_gradients(zip(grads, [w], strict=True)), [loss, norm, w]


def _embeddings_and_a_moving_average():
    ids = tf.placeholder(tf.int64, [None])
    table = tf.get_variable("table", [7, 3], initializer=tf.random_uniform_initializer(-1, 1, seed=6))
    loss = tf.reduce_sum(tf.square(tf.nn.embedding_lookup(table, ids)))
    step = tf.train.AdagradOptimizer(0.1).minimize(loss)
    ema = tf.train.ExponentialMovingAverage(0.9)
    with tf.control_dependencies([step]):
        train = ema.apply([table])
    return {ids: ("labels", 4, 7)}, train, [loss, table, ema.average(table)]


def _a_cond_between_two_losses():
    x, which = tf.placeholder(tf.float32, [None, 2]), tf.placeholder_with_default(True, [])
    w = tf.get_variable("w", [2, 2], initializer=tf.orthogonal_initializer(seed=7))
    y = tf.matmul(x, w)
    loss = tf.cond(which, lambda: tf.reduce_mean(tf.square(y)), lambda: tf.reduce_mean(tf.abs(y)) + tf.nn.l2_loss(w))
    step = tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.01).minimize(loss)
    return {x: (4, 2), which: ("bool",)}, step, [loss, w, tf.gradients(loss, x)[0]]


def _two_optimizers_in_turns():
    z = tf.placeholder(tf.float32, [None, 2])
    with tf.variable_scope("g"):
        g = tf.matmul(z, tf.get_variable("w", [2, 2], initializer=tf.glorot_uniform_initializer(seed=8)))
    with tf.variable_scope("d"):
        d = tf.reduce_mean(
            tf.sigmoid(tf.matmul(g, tf.get_variable("w", [2, 1], initializer=tf.glorot_uniform_initializer(seed=9))))
        )
    train_d = tf.train.AdamOptimizer(0.01).minimize(d, var_list=tf.trainable_variables("d"))
    with tf.control_dependencies([train_d]):
        train_g = tf.train.GradientDescentOptimizer(0.1).minimize(-d, var_list=tf.trainable_variables("g"))
    return {z: (4, 2)}, train_g, [*tf.trainable_variables()]


def _value(spec, random):
    if spec[0] == "labels":
        return random.randint(spec[2], size=spec[1])
    if spec[0] == "bool":
        return bool(random.randint(2))
    return random.randn(*spec).astype(np.float32)


@pytest.mark.parametrize(
    "program",
    [
        _softmax_regression, _convolutions_with_dropout, _recurrence_in_a_while_loop, _embeddings_and_a_moving_average,
        _a_cond_between_two_losses, _two_optimizers_in_turns,
    ],
    ids=lambda program: program.__name__.strip("_"),
)  # fmt: skip
def test_training_is_the_same_to_the_last_step(program):
    """Two Sessions of each kind, trained in turns on different data: their losses and weights agree throughout."""
    specs, step, fetches = program()
    initializer = tf.global_variables_initializer()
    pairs = [(tf.Session(), tf.compat.v1.Session()) for _ in range(2)]
    random = np.random.RandomState(0)
    for pair in pairs:
        for sess in pair:
            sess.run(initializer)
    for turn in range(12):
        feed = {key: _value(spec, random) for key, spec in specs.items()}
        ours, theirs = pairs[turn % 3 == 0]
        for sess in (ours, theirs):
            sess.run(step, feed)
        for mine, its in zip(ours.run(fetches, feed), theirs.run(fetches, feed), strict=True):
            np.testing.assert_allclose(mine, its, rtol=2e-5, atol=1e-6, err_msg=f"turn {turn}")


def test_pipelines_of_queues_and_data_sets():
    """What comes out of queues and iterators, run by run, in two Sessions of each kind."""
    queue = tf.RandomShuffleQueue(50, 3, tf.int32, [[]], seed=5)
    fill, take = queue.enqueue_many([tf.range(20)]), queue.dequeue_many(4)
    data = tf.data.Dataset.range(20).shuffle(20, seed=6).map(lambda x: x * 2).batch(3)
    iterator = data.make_initializable_iterator()
    batch = iterator.get_next()
    table = tf.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer([0, 2, 4], ["zero", "two", "four"], tf.int64, tf.string), "?"
    )
    words = table.lookup(batch)
    seen = []
    for kind in (tf.Session, tf.Session, tf.compat.v1.Session, tf.compat.v1.Session):
        with kind() as sess:
            sess.run([iterator.initializer, tf.tables_initializer()])
            sess.run(fill)
            seen.append([sess.run(take).tolist() for _ in range(3)])
            seen[-1] += [sess.run(words).tolist(), sess.run(batch).tolist(), sess.run(queue.size())]
    assert seen[0] == seen[1] == seen[2] == seen[3]
