"""Variables: reuse, initialisation, updates, names, dtypes, partitions, feeding, as under TF 1.15.5."""

import threading

import numpy as np
import pytest
from goldens.session import compare, observe, variables

import tf1compat.v1 as tf

_TENSORFLOWS_WORDS = "TensorFlow's own words, which have changed"
_RESOURCE = "variables are resource variables here, and their ops have other names"

#: Where -> why it differs from TF 1.15.5.
DEVIATIONS = {
    "reuse_modes[1].message": _TENSORFLOWS_WORDS,
    "reuse_modes[6].message": "the dtype has no _ref",
    "reuse_modes[20]": "a variable's name may be empty in TensorFlow 2",
    "assigning[8]": _RESOURCE,
    "assigning[13].message": _TENSORFLOWS_WORDS,
    "assigning[14].message": _TENSORFLOWS_WORDS,
    "names[12]": _RESOURCE,
    "arguments[6].message": _TENSORFLOWS_WORDS,
    "reprs[1]": "iterating a variable is iterating its value; either is a TypeError",
    "reprs[2].message": _RESOURCE,
    "reprs[3].message": _TENSORFLOWS_WORDS,
    "reprs[4].message": _RESOURCE,
}


@pytest.mark.parametrize("name", observe.programs_of(variables))
def test_as_under_tf_1_15(name):
    compare.check(tf, variables, name, DEVIATIONS)


def test_feeding_a_variable_replaces_its_plain_reads_but_not_reads_after_a_write():
    v = tf.Variable(1.0, name="v")
    with tf.control_dependencies([tf.assign_add(v, 10.0)]):
        after = tf.identity(v.read_value())
    with tf.Session() as sess:
        sess.run(v.initializer)
        assert sess.run([v * 2, v + 1, after], {v: 5.0}) == [10.0, 6.0, 11.0]
        assert sess.run(v * 2, {"v:0": 7.0}) == 14.0
        assert sess.run(v * 2, {"v/read:0": 8.0}) == 16.0


def test_feeding_a_variable_reaches_gathers_and_gradients():
    table = tf.get_variable("table", initializer=np.arange(6, dtype=np.float32).reshape(3, 2))
    looked = tf.nn.embedding_lookup(table, [2, 0])
    loss = tf.reduce_sum(tf.square(tf.gather_nd(table, [[1]])) + looked)
    grad = tf.convert_to_tensor(tf.gradients(tf.reduce_sum(table * table), table)[0])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        fed = np.float32([[1, 1], [2, 2], [3, 3]])
        values = sess.run([looked, loss, grad], {table: fed})
        np.testing.assert_array_equal(values[0], [[3, 3], [1, 1]])
        assert values[1] == 4 * 4 + 8
        np.testing.assert_array_equal(values[2], 2 * fed)
        np.testing.assert_array_equal(sess.run(table), np.arange(6).reshape(3, 2))


def test_a_variable_that_takes_values_of_any_shape():
    v = tf.Variable([1.0], validate_shape=False)
    p = tf.placeholder(tf.float32)
    grow = tf.assign(v, tf.concat([v, p], 0), validate_shape=False)
    with tf.Session() as sess:
        sess.run(v.initializer)
        np.testing.assert_array_equal(sess.run(grow, {p: [2.0, 3.0]}), [1, 2, 3])
        np.testing.assert_array_equal(sess.run(v), [1, 2, 3])


def test_variables_made_by_threads_into_one_scope():
    graph, made, failures = tf.get_default_graph(), [], []

    def work(number):
        try:
            with graph.as_default(), tf.variable_scope("s", reuse=tf.AUTO_REUSE):
                for i in range(5):
                    made.append(tf.get_variable(f"v{i}_{number}", [2]))
        except Exception as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(tf.global_variables()) == len({v.name for v in made}) == 20
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert len(sess.run(made)) == 20


def test_eval_and_load_need_a_session():
    v = tf.Variable(1.0)
    with pytest.raises(ValueError, match="(?i)session"):
        v.load(2.0)
    with pytest.raises(ValueError, match="(?i)session"):
        v.eval()


def test_an_initial_value_that_uses_a_gather_of_another_variable_says_what_is_missing():
    table = tf.get_variable("table", initializer=[[1.0], [2.0]])
    row = tf.Variable(tf.gather(table, [1]), name="row")
    with tf.Session() as sess:
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value table"):
            sess.run(row.initializer)
        sess.run(table.initializer)
        sess.run(row.initializer)
        assert sess.run(row) == [[2.0]]


def test_what_an_assignment_returns_is_evaluated_with_feeds():
    """In TF1 it was a tensor."""
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [])
        total = tf.get_variable("total", [], initializer=tf.zeros_initializer())
        add = tf.assign_add(total, x)
        sess.run(total.initializer)
        assert add.eval(feed_dict={x: 2.0}) == 2 and add.eval({x: 3.0}, sess) == 5 and add.eval({x: 1.0}) == 6
        assert total.eval() == total.eval(sess) == total.eval(session=sess) == 6
