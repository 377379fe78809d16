"""`tf.train.Checkpoint` saves an optimizer's variables where TF1's object-based checkpoints had them."""

import numpy as np
import pytest
import tensorflow as tf

from tf1compat import train
from tf1compat.graph import Graph, Session

v1 = tf.compat.v1


def step(optimizer, weights):
    optimizer.minimize(lambda: tf.reduce_sum(weights * weights), var_list=[weights])


@pytest.fixture
def saved(eager, tmp_path):
    """A checkpoint after one step, and the weights after two."""
    weights, optimizer = tf.Variable([1.0, 2.0], name="w"), train.AdamOptimizer(0.1)
    step(optimizer, weights)
    path = tf.train.Checkpoint(weights=weights, optimizer=optimizer).save(str(tmp_path / "model"))
    step(optimizer, weights)
    return path, weights.numpy()


def test_what_is_saved(saved):
    value = ".ATTRIBUTES/VARIABLE_VALUE"
    found = {name for name, _ in tf.train.list_variables(saved[0])}
    assert {
        f"weights/{value}",
        f"optimizer/beta1_power/{value}",
        f"optimizer/beta2_power/{value}",
        f"weights/.OPTIMIZER_SLOT/optimizer/m/{value}",
        f"weights/.OPTIMIZER_SLOT/optimizer/v/{value}",
    } == found - {"_CHECKPOINTABLE_OBJECT_GRAPH", f"save_counter/{value}"}


@pytest.mark.parametrize("namespace", [train, v1.train], ids=["ours", "tensorflow"])
def test_restored_before_the_first_step(saved, namespace):
    path, expected = saved
    weights, optimizer = tf.Variable([0.0, 0.0]), namespace.AdamOptimizer(0.1)
    status = tf.train.Checkpoint(weights=weights, optimizer=optimizer).restore(path)
    assert optimizer.get_slot(weights, "m") is not None
    step(optimizer, weights)
    status.assert_consumed()
    np.testing.assert_array_equal(weights.numpy(), expected)


def test_restored_before_the_variable_is_known(saved):
    path, expected = saved
    weights, optimizer = tf.Variable([0.0, 0.0]), train.AdamOptimizer(0.1)
    checkpoint = tf.train.Checkpoint(optimizer=optimizer)
    status = checkpoint.restore(path)
    checkpoint.weights = weights

    @tf.function
    def train_step():
        step(optimizer, weights)

    train_step()
    status.assert_consumed()
    np.testing.assert_array_equal(weights.numpy(), expected)


def test_restored_after_steps(saved):
    path, expected = saved
    weights, optimizer = tf.Variable([5.0, 5.0]), train.AdamOptimizer(0.1)
    step(optimizer, weights)
    tf.train.Checkpoint(weights=weights, optimizer=optimizer).restore(path).assert_consumed()
    step(optimizer, weights)
    np.testing.assert_array_equal(weights.numpy(), expected)


def test_what_tensorflow_saved(eager, tmp_path):
    weights, theirs = tf.Variable([1.0, 2.0]), v1.train.MomentumOptimizer(0.1, 0.9)
    step(theirs, weights)
    path = tf.train.Checkpoint(w=weights, o=theirs).save(str(tmp_path / "model"))
    step(theirs, weights)
    mine, ours = tf.Variable([0.0, 0.0]), train.MomentumOptimizer(0.1, 0.9)
    tf.train.Checkpoint(w=mine, o=ours).restore(path).assert_consumed()
    step(ours, mine)
    np.testing.assert_array_equal(mine.numpy(), weights.numpy())


def test_a_graphs_slots_are_saved_by_name(tmp_path):
    with Graph().as_default():
        weights = v1.get_variable("w", initializer=[1.0, 2.0])
        train_op = train.AdamOptimizer(0.1).minimize(tf.reduce_sum(weights))
        saver = v1.train.Saver()
        with Session() as session:
            session.run(v1.global_variables_initializer())
            session.run(train_op)
            path = saver.save(session, str(tmp_path / "model"))
            session.run(train_op)
            expected = session.run(weights)
        assert [name for name, _ in tf.train.list_variables(path)] == [
            *("beta1_power", "beta2_power"),
            *("w", "w/Adam", "w/Adam_1"),
        ]
        with Session() as session:
            saver.restore(session, path)
            session.run(train_op)
            np.testing.assert_array_equal(session.run(weights), expected)
