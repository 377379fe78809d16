"""TF1's optimizers compute the same in a graph, eagerly, in `tf.function` and compiled by XLA."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from optimizer_rules import DENSE, INDICES, ROWS, RULES, START, STEPS

from tf1compat import train
from tf1compat.graph import Graph, Session

v1 = tf.compat.v1
both_kinds = pytest.mark.parametrize("kind", ["dense", "sparse"])
every_rule = pytest.mark.parametrize("rule", list(RULES))


def gradient(kind, values, indices):
    return values if kind == "dense" else tf.IndexedSlices(values, indices)


def fed(kind, step):
    return (DENSE if kind == "dense" else ROWS)[step], INDICES[step]


def in_graph(namespace, rule, kind):
    """The variable and the optimizer's own variables after some steps in a Session."""
    with Graph().as_default():
        weights = v1.get_variable("w", initializer=START)
        step = v1.train.get_or_create_global_step()
        values = v1.placeholder(tf.float32, [None, 2])
        indices = v1.placeholder(tf.int64, [None])
        optimizer = RULES[rule](namespace, step)
        update = optimizer.apply_gradients([(gradient(kind, values, indices), weights)], step)
        names = [v.name for v in v1.global_variables()]
        with Session() as session:
            session.run(v1.global_variables_initializer())
            for number in range(STEPS):
                session.run(update, dict(zip((values, indices), fed(kind, number), strict=True)))
            assert session.run(step) == STEPS
            return session.run([weights, *optimizer.variables()]), names


def in_tf2(rule, kind, mode, make_variable=tf.Variable):
    weights = make_variable(START, name="w")
    step = tf.Variable(0, dtype=tf.int64)
    optimizer = RULES[rule](train, step)

    def update(values, indices):
        optimizer.apply_gradients([(gradient(kind, values, indices), weights)], step)

    if mode != "eager":
        update = tf.function(update, jit_compile=mode == "xla")
    for number in range(STEPS):
        update(*map(tf.constant, fed(kind, number)))
    assert step.numpy() == STEPS
    return [v.numpy() for v in (weights, *optimizer.variables())], [v.name for v in optimizer.variables()]


@both_kinds
@every_rule
def test_in_a_graph_numbers_and_names_are_those_of_tensorflows_optimizers(rule, kind):
    ours, names = in_graph(train, rule, kind)
    theirs, their_names = in_graph(v1.train, rule, kind)
    assert names == their_names
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("mode", ["eager", "tf.function", "xla"])
@both_kinds
@every_rule
def test_every_mode_computes_what_the_graph_computes(eager, rule, kind, mode):
    expected, names = in_graph(train, rule, kind)
    found, own_names = in_tf2(rule, kind, mode)
    assert own_names == sorted(names[2:])  # after w and global_step
    # XLA fuses multiplications and additions. Adam's are separate operations where the gradient is sparse.
    exact = mode != "xla" and (rule, kind) != ("adam", "sparse")
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, other, rtol=0 if exact else 2e-5, atol=0 if exact else 1e-6)


@pytest.mark.parametrize("mode", ["eager", "xla"])
@both_kinds
def test_keras_variables_are_updated_like_tensorflows(eager, kind, mode):
    ours, _ = in_tf2("adam", kind, mode, lambda value, name: keras.Variable(value, name=name))
    theirs, _ = in_tf2("adam", kind, mode)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, other)


def test_python_numbers_pass_through_float32_as_in_tf1(eager):
    weights = tf.Variable([0.0, 0.0], dtype=tf.float64)
    optimizer = train.GradientDescentOptimizer(0.1)
    optimizer.apply_gradients([(tf.constant([1.0, 0.0], tf.float64), weights)])
    slices = tf.IndexedSlices(tf.constant([1.0], tf.float64), tf.constant([1]))
    optimizer.apply_gradients([(slices, weights)])
    assert weights.numpy().tolist() == [-float(np.float32(0.1))] * 2


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16, tf.float64])
@both_kinds
def test_other_floating_types(eager, kind, dtype):
    for rule in ("gradient descent", "momentum", "adagrad", "adadelta", "ftrl"):  # Adam's epsilon is 0 in float16
        weights = tf.Variable(tf.cast(START, dtype))
        optimizer = RULES[rule](train, None)
        for number in range(STEPS):
            values, indices = fed(kind, number)
            optimizer.apply_gradients([(gradient(kind, tf.cast(values, dtype), indices), weights)])
        expected, _ = in_tf2(rule, kind, "eager")
        tolerance = {tf.float16: 0.02, tf.bfloat16: 0.15, tf.float64: 1e-6}[dtype]
        found = tf.cast(weights, tf.float32).numpy()
        np.testing.assert_allclose(found, expected[0], rtol=tolerance, atol=tolerance, err_msg=rule)


def test_a_loop_and_branches_of_a_function_train(eager):
    weights = tf.Variable(1.0)
    optimizer = train.MomentumOptimizer(0.1, 0.5)

    @tf.function
    def steps(x):
        if x > 0:
            optimizer.minimize(lambda: weights * x)
        else:
            optimizer.minimize(lambda: weights * -2.0)
        for _ in tf.range(2):
            optimizer.minimize(lambda: weights * x)

    steps(tf.constant(1.0))
    # accumulators 1, 1.5, 1.75
    np.testing.assert_allclose(weights.numpy(), 1 - 0.1 * (1 + 1.5 + 1.75), rtol=1e-6)
    steps(tf.constant(-1.0))
    assert len(optimizer.variables()) == 1


def test_in_a_branch_of_a_graph():
    with Graph().as_default():
        weights = v1.get_variable("w", initializer=1.0)
        chosen = v1.placeholder(tf.bool, [])
        optimizer = train.AdamOptimizer(0.1)
        pairs = optimizer.compute_gradients(weights * weights)
        train_op = tf.cond(chosen, lambda: tf.group(optimizer.apply_gradients(pairs)), tf.no_op)
        with Session() as session:
            session.run(v1.global_variables_initializer())
            session.run(train_op, {chosen: False})
            assert session.run(weights) == 1
            session.run(train_op, {chosen: True})
            np.testing.assert_allclose(session.run(weights), 0.9, rtol=1e-6)


def test_eager_and_keras_variables_in_a_graph(eager):
    layer = keras.layers.Dense(1, kernel_initializer="ones")
    layer.build((None, 2))
    factor = tf.Variable(2.0)
    with Graph().as_default():
        x = v1.placeholder(tf.float32, [None, 2])
        loss = tf.reduce_sum(layer(x)) * factor
        optimizer = train.MomentumOptimizer(0.5, 0.9)
        by_default = optimizer.minimize(loss)
        listed = optimizer.minimize(loss, var_list=[layer.kernel, factor])
        with Session() as session:
            session.run(v1.global_variables_initializer())
            session.run(by_default, {x: [[1.0, 2.0]]})
            session.run(listed, {x: [[0.0, 0.0]]})
            assert session.run(optimizer.get_slot(layer.kernel, "momentum")).shape == (2, 1)
        names = [v.name.rpartition("/")[2] for v in optimizer.variables()]
        assert names == ["Momentum:0"] * 3
    # one step of 2 * [1, 2] and its momentum
    np.testing.assert_allclose(layer.kernel.numpy(), 1 - 0.5 * 1.9 * np.array([[2.0], [4.0]]), rtol=1e-6)


def test_one_optimizer_serves_several_graphs_and_tf2(eager):
    optimizer = train.AdamOptimizer(0.1)
    eagerly = tf.Variable(1.0)
    optimizer.minimize(lambda: eagerly * eagerly)
    for _ in range(2):
        with Graph().as_default():
            weights = v1.get_variable("w", initializer=1.0)
            train_op = optimizer.minimize(weights * weights)
            assert [v.name for v in optimizer.variables()] == [
                "beta1_power:0",
                "beta2_power:0",
                "w/Adam:0",
                "w/Adam_1:0",
            ]
            with Session() as session:
                session.run(v1.global_variables_initializer())
                session.run(train_op)
                assert session.run(weights) == eagerly.numpy()
    assert len(optimizer.variables()) == 4
