"""Graphs: names, scopes, collections, devices, shapes, tensors, as under TF 1.15.5."""

import threading

import numpy as np
import pytest
from goldens.session import compare, graphs, observe

import tf1compat.v1 as tf

_TENSORFLOWS_WORDS = "TensorFlow's own words, which have changed"

#: Where -> why it differs from TF 1.15.5.
DEVIATIONS = {
    "name_scope_errors[*].message": _TENSORFLOWS_WORDS,
    "by_name[13].message": _TENSORFLOWS_WORDS,
    "another_graphs_element[*].message": _TENSORFLOWS_WORDS,
    "devices[11].message": _TENSORFLOWS_WORDS,
    "tensors[20].message": _TENSORFLOWS_WORDS,
    "tensors[21].message": _TENSORFLOWS_WORDS,
    "tensors[22].message": _TENSORFLOWS_WORDS,
    "tensors[24].message": _TENSORFLOWS_WORDS,
    "graph_defs[4][2].message": _TENSORFLOWS_WORDS,
    "gradients[3].message": _TENSORFLOWS_WORDS,
    "print_and_assert[2].message": _TENSORFLOWS_WORDS,
    "shapes[28]": "a known dimension == None is False, not None: it is an int",
    "shapes[61]": "a shape with an unknown dimension equals itself",
    "py_functions[6].message": "the message has the token of the Python function, which is a number",
    "print_and_assert[*].op": "the op is the cond around the assertion; the message and node_def name the latter",
    "prevent[*].message": "TF 1.15.5 forgot a space",
}


@pytest.mark.parametrize("name", observe.programs_of(graphs))
def test_as_under_tf_1_15(name):
    compare.check(tf, graphs, name, DEVIATIONS)


def test_a_new_graph_starts_empty_inside_another():
    tf.add_to_collection("k", 1)
    with tf.Graph().as_default() as graph:
        assert tf.get_collection("k") == [] and graph.get_operations() == []


def test_reset_default_graph_makes_a_new_one():
    old = tf.get_default_graph()
    tf.constant(1, name="x")
    tf.reset_default_graph()
    assert tf.get_default_graph() is not old
    assert tf.constant(1, name="x").name == "x:0"


def test_each_thread_has_its_own_default_graph():
    mine, found = tf.get_default_graph(), []

    def work():
        with mine.as_default():
            found.append(tf.constant(1).graph is mine)
        with tf.Graph().as_default() as own:
            found.append(tf.constant(1).graph is own)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [True, True]


def test_threads_build_into_one_graph_while_another_runs_it():
    """Names stay unique, every op arrives, and runs meanwhile are right."""
    graph = tf.get_default_graph()
    x = tf.placeholder(tf.float32, [], name="x")
    ends, failures = [], []
    sess = tf.Session()

    def build(number):
        try:
            with graph.as_default():
                value = x
                for _ in range(40):
                    value = value + 1.0
                    if number == 0:
                        assert sess.run(value, {x: 1.0}) > 1
                ends.append(value)
        except Exception as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=build, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    names = [op.name for op in graph.get_operations()]
    assert len(names) == len(set(names))
    assert sess.run(ends, {x: 2.0}) == [42.0] * 4


def test_eager_values_become_constants():
    import tf1compat

    with tf1compat.eager():
        import tensorflow

        eager = tensorflow.constant([1.0, 2.0])
    with tf.Session() as sess:
        np.testing.assert_array_equal(sess.run(eager + tf.constant(1.0)), [2.0, 3.0])


def test_ops_on_another_graphs_tensors_join_that_graph():
    x = tf.constant(1.0)
    mine = tf.get_default_graph()
    with tf.Graph().as_default() as other:
        assert (x + 1.0).graph is mine
        assert other.get_operations() == []
