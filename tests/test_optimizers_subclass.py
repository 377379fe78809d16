"""Optimizers that a user writes on TF1's base class, or on one of its rules."""

import numpy as np
import pytest
import tensorflow as tf

from tf1compat import train
from tf1compat.graph import Graph, Session

v1 = tf.compat.v1


class ForReferences(train.Optimizer):
    """Written for TF1's reference variables, as most scripts' own are."""

    def __init__(self, rate, name="Mine"):
        super().__init__(False, name)
        self._rate = rate

    def _create_slots(self, var_list):
        for v in var_list:
            self._zeros_slot(v, "sum", self._name)
            self._get_or_make_slot(v, tf.ones([2]), "given", self._name)
            self._get_or_make_slot_with_initializer(
                v, v1.constant_initializer(3.0), v.get_shape(), v.dtype.base_dtype, "made", self._name
            )
        self._create_non_slot_variable(initial_value=2.0, name="power", colocate_with=var_list[0])

    def _prepare(self):
        self._rate_t = tf.convert_to_tensor(self._call_if_callable(self._rate), name="rate")

    def _apply_dense(self, grad, var):
        total = self.get_slot(var, "sum")
        added = v1.assign_add(total, grad)
        power = self._get_non_slot_variable("power", graph=v1.get_default_graph())
        return tf.group(v1.assign_sub(var, tf.cast(self._rate_t, var.dtype.base_dtype) * power * added))

    def _apply_sparse(self, grad, var):
        return v1.scatter_sub(var, grad.indices, grad.values * self._rate_t)

    def _finish(self, update_ops, name_scope):
        with tf.control_dependencies([op for op in update_ops if op is not None]):
            doubled = v1.assign(self._get_non_slot_variable("power"), 4.0)
        return tf.group(*update_ops, doubled, name=name_scope)


class ForResources(train.Optimizer):
    def __init__(self):
        super().__init__(True, "Mine")

    def _resource_apply_dense(self, grad, var):
        return var.assign_sub(grad, read_value=False)

    def _resource_apply_sparse(self, grad, var, indices):
        # As it comes: every index once, and the rows added up.
        return tf.raw_ops.ResourceScatterUpdate(resource=var.handle, indices=indices, updates=grad)

    def _valid_dtypes(self):
        return {tf.float32, tf.complex64}


class DecayFirst(train.AdamOptimizer):
    """Derived from a rule, and written for reference variables: it must not be passed over."""

    def _apply_dense(self, grad, var):
        with tf.control_dependencies([v1.assign(var, var * 0.5)]):
            return super()._apply_dense(grad, var)

    def _apply_sparse(self, grad, var):
        return super()._apply_sparse(tf.IndexedSlices(grad.values * 2, grad.indices), var)


def taken(make, loss, start, steps=2):
    """The variable after some steps in a graph, eagerly and in tf.function, and the optimizers."""
    values, optimizers = [], []
    with Graph().as_default():
        optimizer = make()
        weights = v1.get_variable("w", initializer=start)
        train_op = optimizer.minimize(loss(weights))
        with Session() as session:
            session.run(v1.global_variables_initializer())
            for _ in range(steps):
                session.run(train_op)
            values.append(session.run(weights))
        optimizers.append(optimizer)
    for compiled in (False, True):
        weights, optimizer = tf.Variable(start, name="w"), make()

        def step(weights=weights, optimizer=optimizer):
            optimizer.minimize(lambda: loss(weights), var_list=[weights])

        for _ in range(steps):
            (tf.function(step) if compiled else step)()
        values.append(weights.numpy())
        optimizers.append(optimizer)
    return values, optimizers


START = np.array([1.0, 2.0], "float32")


def test_an_optimizer_for_references(eager):
    values, optimizers = taken(lambda: ForReferences(lambda: 0.1), lambda w: tf.reduce_sum(3 * w), START)
    for value in values:
        # 0.1 * 2 * 3, then the power is 4 and the sum 6
        np.testing.assert_allclose(value, START - 0.1 * 2 * 3 - 0.1 * 4 * 6, rtol=1e-5)
    for optimizer in optimizers[1:]:
        assert [v.name for v in optimizer.variables()] == ["power:0", "w/Mine:0", "w/Mine_1:0", "w/Mine_2:0"]
        assert optimizer.get_slot_names() == ["given", "made", "sum"]


def test_its_sparse_gradients(eager):
    values, _ = taken(lambda: ForReferences(0.1), lambda w: tf.reduce_sum(tf.gather(w, [1, 1])), START, steps=1)
    for value in values:
        np.testing.assert_allclose(value, [1.0, 1.8], rtol=1e-6)


def test_an_optimizer_for_resources(eager):
    values, _ = taken(ForResources, lambda w: tf.reduce_sum(w * w) / 4, START, steps=1)
    for value in values:
        np.testing.assert_array_equal(value, START / 2)
    values, _ = taken(ForResources, lambda w: tf.reduce_sum(tf.gather(w, [1, 1, 0])), START, steps=1)
    for value in values:
        np.testing.assert_array_equal(value, [1.0, 2.0])


def test_the_dtypes_that_it_allows():
    with Graph().as_default():
        weights = v1.get_variable("w", initializer=np.array([1j], "complex64"))
        loss = tf.math.real(tf.reduce_sum(weights))
        with pytest.raises(ValueError, match="Invalid type tf.complex64 for .*, expected"):
            train.GradientDescentOptimizer(0.1).minimize(loss)
        assert ForResources().minimize(loss).name == "Mine"


def test_what_is_derived_from_a_rule_is_asked_first(eager):
    values, _ = taken(lambda: DecayFirst(0.1), lambda w: tf.reduce_sum(w * w), START, steps=1)
    for value in values:
        np.testing.assert_allclose(value, START * 0.5 - 0.1, rtol=1e-5)
    _, optimizers = taken(lambda: DecayFirst(0.1), lambda w: tf.reduce_sum(tf.gather(w, [1, 1])), START, steps=1)
    for optimizer in optimizers[1:]:
        first_moment = optimizer.variables()[2]
        np.testing.assert_allclose(first_moment.numpy(), [0.0, 0.4], rtol=1e-6)


def test_without_a_rule(eager):
    optimizer, weights = train.Optimizer(False, "None"), tf.Variable([1.0])
    with pytest.raises(NotImplementedError, match="Optimizer has no rule for dense gradients"):
        optimizer.apply_gradients([(tf.constant([1.0]), weights)])
    with pytest.raises(NotImplementedError, match="Optimizer has no rule for sparse gradients"):
        optimizer.apply_gradients([(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0])), weights)])
