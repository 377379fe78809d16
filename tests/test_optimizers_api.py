"""What TF1's optimizers take, return, name and refuse."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf1compat import train
from tf1compat.graph import Graph, Session

v1 = tf.compat.v1


@pytest.fixture
def graph():
    with Graph().as_default() as graph:
        yield graph


def two_variables():
    return v1.get_variable("a/w", initializer=[1.0, 2.0]), v1.get_variable("b", initializer=3.0)


def loss_of(first, second):
    return tf.reduce_sum(first * first) + second * second


def after(train_op, *fetches):
    with Session() as session:
        session.run(v1.global_variables_initializer())
        session.run(train_op)
        return session.run(fetches)


# Names, as TF 1.15.5 gives them.


def names(variables):
    return [v.name[:-2] for v in variables]


def test_two_optimizers_have_slots_of_their_own(graph):
    loss = loss_of(*two_variables())
    first, second = train.AdamOptimizer(), train.AdamOptimizer()
    assert first.minimize(loss).name == "Adam"
    assert second.minimize(loss).name == "Adam_1"
    assert names(first.variables()) == ["a/w/Adam", "a/w/Adam_1", "b/Adam", "b/Adam_1", "beta1_power", "beta2_power"]
    assert names(second.variables()) == [
        *("a/w/Adam_2", "a/w/Adam_3", "b/Adam_2", "b/Adam_3"),
        *("beta1_power_1", "beta2_power_1"),
    ]
    assert first.get_slot_names() == ["m", "v"]
    assert names(v1.global_variables())[:6] == ["a/w", "b", "beta1_power", "beta2_power", "a/w/Adam", "a/w/Adam_1"]
    assert [op.name for op in v1.get_collection(v1.GraphKeys.TRAIN_OP)] == ["Adam", "Adam_1"]
    assert names(v1.trainable_variables()) == ["a/w", "b"]


def test_one_optimizer_twice_shares_its_slots(graph):
    loss = loss_of(*two_variables())
    optimizer = train.AdamOptimizer()
    assert [optimizer.minimize(loss, name=name).name for name in (None, None, "train")] == ["Adam", "Adam_1", "train"]
    assert len(optimizer.variables()) == 6


def test_names_within_scopes(graph):
    loss = loss_of(*two_variables())
    with v1.variable_scope("vs"), v1.name_scope("ns"):
        step = v1.train.get_or_create_global_step()
        train_op = train.AdamOptimizer(name="X").minimize(loss, global_step=step)
    assert train_op.name == "vs/ns/X"
    assert names(v1.global_variables())[2:] == [
        *("vs/global_step", "vs/ns/beta1_power", "vs/ns/beta2_power"),
        *("vs/a/w/X", "vs/a/w/X_1", "vs/b/X", "vs/b/X_1"),
    ]


def test_ops_are_where_tf1_had_them(graph):
    weights = v1.get_variable("w", initializer=[1.0, 2.0])
    train.AdamOptimizer().minimize(tf.reduce_sum(weights))
    ops = {op.name: op for op in graph.get_operations()}
    assert {"w/Adam/Initializer/zeros", "Adam/learning_rate", "Adam/beta1", "Adam/epsilon"} <= set(ops)
    assert ops["Adam/update_w/ResourceApplyAdam"].colocation_groups() == [b"loc:@w"]


def test_slots_of_a_partitioned_variable_are_saved_as_one(graph, tmp_path):
    with v1.variable_scope("p", partitioner=v1.fixed_size_partitioner(2)):
        weights = v1.get_variable("w", [4, 2], initializer=v1.ones_initializer())
    optimizer = train.AdagradOptimizer(0.1)
    train_op = optimizer.minimize(tf.reduce_sum(tf.square(tf.convert_to_tensor(weights))))
    assert names(optimizer.variables()) == ["p/w/part_0/Adagrad", "p/w/part_1/Adagrad"]
    saver = v1.train.Saver()
    with Session() as session:
        session.run(v1.global_variables_initializer())
        session.run(train_op)
        path = saver.save(session, str(tmp_path / "model"))
    assert tf.train.list_variables(path) == [("p/w", [4, 2]), ("p/w/Adagrad", [4, 2])]


def test_names_of_ftrls_slots(graph):
    train.FtrlOptimizer(0.1, accum_name="acc", linear_name="lin").minimize(loss_of(*two_variables()))
    assert names(v1.global_variables()) == ["a/w", "b", "a/w/acc", "a/w/lin", "b/acc", "b/lin"]


# Gradients.


@pytest.mark.parametrize("gate", [train.Optimizer.GATE_NONE, train.Optimizer.GATE_OP, train.Optimizer.GATE_GRAPH])
def test_gating_does_not_change_gradients(graph, gate):
    first, second = two_variables()
    whole = v1.get_variable("i", initializer=3)
    pairs = train.AdamOptimizer().compute_gradients(loss_of(first, second), [first, whole, second], gate_gradients=gate)
    assert [v.name for _, v in pairs] == ["a/w:0", "i:0", "b:0"]
    assert pairs[1][0] is None
    found = after(tf.no_op(), pairs[0][0], pairs[2][0])
    np.testing.assert_array_equal(found[0], [2.0, 4.0])
    assert found[1] == 6.0
    together = pairs[0][0].op.node_def.op == "Identity" and bool(pairs[0][0].op.control_inputs)
    assert together == (gate == train.Optimizer.GATE_GRAPH)


def test_gradients_by_a_nest_of_variables_and_by_tensors(graph):
    first, second = two_variables()
    twice = first * 2
    optimizer = train.GradientDescentOptimizer(0.1)
    pairs = optimizer.compute_gradients(
        loss_of(twice, second), {"x": twice, "y": [second]}, grad_loss=tf.constant(10.0)
    )
    np.testing.assert_array_equal(after(tf.no_op(), pairs[0][0])[0], [40.0, 80.0])
    with pytest.raises(NotImplementedError, match="Trying to update a Tensor"):
        optimizer.apply_gradients(pairs)


def test_losses_in_a_function(eager):
    weights, other = tf.Variable([1.0, 2.0]), tf.Variable(1.0)
    optimizer = train.GradientDescentOptimizer(0.5)

    @tf.function
    def tensor():
        optimizer.minimize(tf.reduce_sum(weights * weights))

    @tf.function(jit_compile=True)
    def callable_():
        optimizer.minimize(lambda: tf.reduce_sum(weights) + other, var_list=[weights], grad_loss=tf.constant(3.0))

    tensor()
    np.testing.assert_array_equal(weights.numpy(), [0.0, 0.0])
    callable_()
    np.testing.assert_array_equal(weights.numpy(), [-1.5, -1.5])
    assert other.numpy() == 1


def test_losses_eagerly(eager):
    weights, whole, step = tf.Variable(2.0), tf.Variable(3), tf.Variable(0, dtype=tf.int64)
    frozen = tf.Variable(1.0, trainable=False)
    optimizer = train.GradientDescentOptimizer(0.5)
    assert optimizer.minimize(lambda: weights * frozen, step) is None
    optimizer.minimize(lambda: weights * frozen, step, var_list=[frozen, whole])
    assert (weights.numpy(), frozen.numpy(), whole.numpy(), step.numpy()) == (1.5, 0.25, 3, 2)
    with pytest.raises(RuntimeError, match="should be a function when eager execution is enabled"):
        optimizer.minimize(weights * 2)


def test_a_callable_loss_in_a_graph(graph):
    first, second = two_variables()
    found = after(train.GradientDescentOptimizer(0.5).minimize(lambda: loss_of(first, second)), first, second)
    np.testing.assert_array_equal(found[0], [0.0, 0.0])


# Errors, with TF 1.15.5's words where it has some.


@pytest.mark.parametrize(
    ("raises", "words", "call"),
    [
        (ValueError, "No gradients provided for any variable, check", lambda o, v: o.minimize(tf.constant(1.0))),
        (ValueError, "No gradients provided for any variable: .*a/w:0", lambda o, v: o.apply_gradients([(None, v)])),
        (ValueError, "No variables provided.", lambda o, v: o.apply_gradients([])),
        (ValueError, "No variables to optimize.", lambda o, v: o.minimize(v[0], var_list=[])),
        (ValueError, "gate_gradients must be one of: .* Not 7", lambda o, v: o.minimize(v[0], gate_gradients=7)),
        (ValueError, "Invalid type tf.int32 for .*:0, expected: ", lambda o, v: o.minimize(tf.constant(1))),
        (TypeError, "Gradient must be convertible", lambda o, v: o.apply_gradients([(object(), v)])),
        (TypeError, "global_step must be a variable", lambda o, v: o.minimize(v[0], global_step=tf.constant(1))),
        (NotImplementedError, "unsupported type", lambda o, v: o.apply_gradients([(tf.ones([2]), "w")])),
    ],
)
def test_errors(graph, raises, words, call):
    variable, _ = two_variables()
    with pytest.raises(raises, match=words):
        call(train.GradientDescentOptimizer(0.1), variable)


def test_hyperparameters_out_of_range():
    with pytest.raises(ValueError, match="Must specify the optimizer name"):
        train.GradientDescentOptimizer(0.1, name="")
    with pytest.raises(ValueError, match="initial_accumulator_value must be positive: 0.0"):
        train.AdagradOptimizer(0.1, 0.0)
    with pytest.raises(ValueError, match="initial_accumulator_value must be positive: -1"):
        train.ProximalAdagradOptimizer(0.1, -1)
    with pytest.raises(ValueError, match="initial_gradient_squared_accumulator_value must be positive"):
        train.AdagradDAOptimizer(0.1, 0, 0.0)
    with pytest.raises(ValueError, match="learning_rate_power 0.500000 needs to be negative or zero"):
        train.FtrlOptimizer(0.1, learning_rate_power=0.5)
    with pytest.raises(ValueError, match="l1_regularization_strength -1.000000 needs to be positive or zero"):
        train.FtrlOptimizer(0.1, l1_regularization_strength=-1)


def test_constraints(eager, graph):
    dense = v1.get_variable("d", initializer=[1.0, -2.0], constraint=tf.nn.relu)
    found = after(train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(dense)), dense)
    np.testing.assert_array_equal(found[0], [0.5, 0.0])
    with pytest.raises(RuntimeError, match="Cannot use a constraint function on a sparse variable."):
        train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(tf.gather(dense, [0])))


def test_constraints_of_keras_variables(eager):
    weights = keras.layers.Dense(1, kernel_constraint=keras.constraints.NonNeg(), kernel_initializer="zeros")
    weights.build((None, 2))
    gradients = tf.constant([[1.0], [-1.0]])
    train.GradientDescentOptimizer(0.5).apply_gradients([(gradients, weights.kernel)])
    np.testing.assert_array_equal(weights.kernel.numpy(), [[0.0], [0.5]])


# Hyperparameters.


def rates(optimizer, steps, **kwargs):
    """What each step of gradient descent took off."""
    weights = tf.Variable(0.0)
    found = []
    for _ in range(steps):
        before = float(weights.numpy())
        optimizer.apply_gradients([(tf.constant(1.0), weights)], **kwargs)
        found.append(round(before - float(weights.numpy()), 5))
    return found


def test_a_callable_and_a_variable_are_asked_at_each_step(eager):
    values = iter([1.0, 0.5, 0.25])
    assert rates(train.GradientDescentOptimizer(lambda: next(values)), 3) == [1, 0.5, 0.25]
    rate, weights = keras.Variable(0.5), tf.Variable(0.0)
    optimizer = train.GradientDescentOptimizer(rate)

    @tf.function
    def step():
        optimizer.apply_gradients([(tf.constant(1.0), weights)])

    step()
    rate.assign(2.0)
    step()
    assert weights.numpy() == -2.5


def test_a_schedule_counts_the_optimizers_own_steps(eager):
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([0, 1], [1.0, 0.5, 0.25])
    optimizer = train.GradientDescentOptimizer(schedule)
    assert rates(optimizer, 3) == [1, 0.5, 0.25]
    assert names(optimizer.variables()) == ["iterations"]
    with Graph().as_default():
        weights = v1.get_variable("w", initializer=0.0)
        train_op = optimizer.apply_gradients([(tf.constant(1.0), weights)])
        assert after(tf.no_op(), weights)[0] == 0
        with Session() as session:
            session.run(v1.global_variables_initializer())
            for _ in range(3):
                session.run(train_op)
            assert session.run(weights) == -1.75


def test_a_schedule_takes_the_global_step(eager):
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([0, 1], [1.0, 0.5, 0.25])
    optimizer = train.AdamOptimizer(schedule)
    step = tf.Variable(1)
    assert rates(optimizer, 2, global_step=step) == [0.5, 0.25]
    assert "iterations" not in names(optimizer.variables())


def test_a_tensor_of_the_graph_as_rate(graph):
    rate = v1.placeholder(tf.float32, [])
    weights = v1.get_variable("w", initializer=0.0)
    train_op = train.GradientDescentOptimizer(rate).apply_gradients([(tf.constant(1.0), weights)])
    with Session() as session:
        session.run(v1.global_variables_initializer())
        session.run(train_op, {rate: 0.5})
        session.run(train_op, {rate: 2.0})
        assert session.run(weights) == -2.5


# The order of things.


def test_the_global_step_follows_the_update(graph):
    weights = v1.get_variable("w", initializer=1.0)
    step = v1.train.get_or_create_global_step()
    train_op = train.MomentumOptimizer(0.1, 0.9).minimize(weights * weights, global_step=step)
    assert (train_op.name, train_op.type) == ("Momentum", "AssignAddVariableOp")
    waits_for = {before.name for tensor in train_op.inputs for before in tensor.op.control_inputs}
    assert waits_for == {"Momentum/update"}
    assert [op.name for op in graph.get_operation_by_name("Momentum/update").control_inputs] == [
        "Momentum/update_w/ResourceApplyMomentum"
    ]


def test_a_variable_of_unknown_shape_has_slots_like_its_value(graph):
    weights = v1.Variable(tf.ones([2, 3]), validate_shape=False, name="w")
    optimizer = train.RMSPropOptimizer(0.1, centered=True)
    train_op = optimizer.minimize(tf.reduce_sum(weights * weights))
    shapes = [value.shape for value in after(train_op, *optimizer.variables())]
    assert shapes == [(2, 3)] * 3
