"""SyncReplicasOptimizer with the workers that one process can have: its own threads."""

import threading

import numpy as np
import pytest
import tensorflow as tf

from tf1compat import train
from tf1compat.graph import Graph

v1 = tf.compat.v1


def momentum(**kwargs):
    return train.SyncReplicasOptimizer(train.MomentumOptimizer(0.1, 0.9), **kwargs)


def test_one_worker_takes_the_steps_of_the_optimizer_inside():
    with Graph().as_default():
        weights = v1.get_variable("w", initializer=[1.0, 2.0])
        rows = v1.get_variable("rows", initializer=[[1.0], [2.0]])
        step = v1.train.get_or_create_global_step()
        optimizer = momentum(replicas_to_aggregate=1)
        loss = tf.reduce_sum(weights * weights) + tf.reduce_sum(tf.gather(rows, [1, 1]))
        train_op = optimizer.minimize(loss, global_step=step)
        assert optimizer.get_slot(weights, "momentum").name == "w/Momentum:0"
        assert optimizer.get_slot_names() == ["momentum"]
        assert len(optimizer.variables()) == 2
        # No token to begin with: each step waits until its own gradients are applied.
        hook = optimizer.make_session_run_hook(is_chief=True, num_tokens=0)
        with v1.train.MonitoredTrainingSession(hooks=[hook], stop_grace_period_secs=1) as session:
            assert [int(session.run(train_op)) for _ in range(3)] == [1, 2, 3]
            found = session.run([weights, rows])
    value, total = np.array([1.0, 2.0], "float32"), 0
    for _ in range(3):
        total = np.float32(0.9) * total + 2 * value
        value = value - np.float32(0.1) * total
    np.testing.assert_allclose(found[0], value, rtol=1e-6)
    np.testing.assert_allclose(found[1][:, 0], [1.0, 2.0 - 0.1 * 2 * (1 + 1.9 + 2.71)], rtol=1e-6)


def test_two_workers_share_each_update():
    with Graph().as_default():
        weights = v1.get_variable("w", initializer=0.0)
        step = v1.train.get_or_create_global_step()
        gradient = v1.placeholder(tf.float32, [])
        inner = train.GradientDescentOptimizer(1.0)
        optimizer = train.SyncReplicasOptimizer(inner, replicas_to_aggregate=2)
        train_op = optimizer.apply_gradients([(gradient, weights)], global_step=step)
        hook = optimizer.make_session_run_hook(is_chief=True, num_tokens=0)
        with v1.train.MonitoredTrainingSession(hooks=[hook], stop_grace_period_secs=1) as session:
            workers = [threading.Thread(target=session.run, args=(train_op, {gradient: value})) for value in (1.0, 3.0)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join(60)
            assert session.run([weights, step]) == [-2.0, 1]


def test_errors(eager):
    optimizer = momentum(replicas_to_aggregate=2, total_num_replicas=1)
    for early in (optimizer.get_chief_queue_runner, optimizer.get_init_tokens_op):
        with pytest.raises(ValueError, match=r"hould be called after apply_gradients\(\)"):
            early()
    with pytest.raises(ValueError, match="Must supply at least one variable"):
        optimizer.apply_gradients([], tf.Variable(0))
    pairs = [(tf.constant(1.0), tf.Variable(1.0))]
    with pytest.raises(ValueError, match="Global step is required to check staleness"):
        optimizer.apply_gradients(pairs)
    with pytest.raises(NotImplementedError, match="tf.distribute.MirroredStrategy"):
        optimizer.apply_gradients(pairs, tf.Variable(0))
    with Graph().as_default():
        weights = v1.get_variable("w", initializer=0.0)
        optimizer.minimize(weights * weights, global_step=v1.train.get_or_create_global_step())
        with pytest.raises(ValueError, match=r"Too few tokens to finish the first step: 0 \(given\) vs 1 \(needed\)"):
            optimizer.get_init_tokens_op(0)
