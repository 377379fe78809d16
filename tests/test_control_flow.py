"""Conds, loops, and what their bodies leave behind, as under TF 1.15.5."""

import pytest
from goldens.session import compare, control_flow, observe

import tf1compat.v1 as tf

_TENSORFLOWS_WORDS = "TensorFlow's own words, which have changed"
_STRUCTURE = "TensorFlow 2's loops give back the structure of the loop variables, not of what the body returned"
_INSIDE = "the op is the cond or loop; the message and node_def name what failed inside"

#: Where -> why it differs from TF 1.15.5.
DEVIATIONS = {
    "conds[8].message": _TENSORFLOWS_WORDS,
    "conds[9]": "TensorFlow 2's cond raises a TypeError for branches of two types",
    "conds[10]": "TensorFlow 2's cond raises an AssertionError for branches of two structures",
    "conds[11].message": _TENSORFLOWS_WORDS,
    "whiles[0][2]": _STRUCTURE,
    "whiles[0][3]": _STRUCTURE,
    "whiles[*].message": _TENSORFLOWS_WORDS,
    "queue_in_loops[1]": _STRUCTURE,
    "collected_in_a_loop[*].message": "the message says what it depends on, and what to do",
    "errors_inside[0].op": _INSIDE,
    "errors_inside[1].op": _INSIDE,
    "errors_inside[2]": "the op named is the read inside the loop, not the one at its door",
}


@pytest.mark.parametrize("name", observe.programs_of(control_flow))
def test_as_under_tf_1_15(name):
    compare.check(tf, control_flow, name, DEVIATIONS)


def _collected(make):
    """What `make(x)` builds in a cond's taken branch, found in a collection; and x, and the cond's predicate."""
    p, x = tf.placeholder_with_default(True, []), tf.placeholder_with_default(3.0, [], name="x")

    def taken():
        value = make(x)
        tf.add_to_collection("made", value)
        return value

    tf.cond(p, taken, lambda: tf.constant(0.0), name="branch")
    return tf.get_collection("made")[0], x, p


def test_what_a_branch_made_is_computed_again_outside():
    made, x, p = _collected(lambda x: tf.exp(x) * 2.0)
    total = made + 1.0
    with tf.Session() as sess:
        assert sess.run(total) == pytest.approx(2 * 20.0855369 + 1)
        assert sess.run(total, {p: False}) == sess.run(total)
        assert sess.run(tf.gradients(total, x)[0]) == pytest.approx(2 * 20.0855369)


def test_it_is_computed_once():
    made, _, _ = _collected(tf.exp)
    before = len(tf.get_default_graph().get_operations())
    tf.identity(made)
    between = len(tf.get_default_graph().get_operations())
    tf.identity(made)
    assert between - before > 1 and len(tf.get_default_graph().get_operations()) - between == 1


def test_it_may_be_a_variable_that_the_branch_read():
    v = tf.get_variable("v", initializer=2.0)
    made, _, _ = _collected(lambda x: v * v)
    step = tf.train.GradientDescentOptimizer(0.25).minimize(made + 0.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run(step)
        assert sess.run(v) == 1.0


@pytest.mark.parametrize(
    ("make", "culprit"),
    [
        (lambda x: tf.random_uniform([]) + x, "branch/random_uniform"),
        (lambda x: tf.py_func(lambda value: value, [x], tf.float32, name="call"), "branch/call"),
    ],
    ids=["random", "python"],
)
def test_what_acts_when_the_branch_runs_is_refused_by_name(make, culprit):
    made, _, _ = _collected(make)
    with pytest.raises(ValueError, match=f"{culprit}.*\\. Let the body return it"):
        tf.identity(made)
    with pytest.raises(ValueError, match="outside of the loop, cond or function that made it"):
        tf.add_n([made, 1.0])


def test_what_a_loop_made_from_its_variables_is_refused_and_from_elsewhere_is_not():
    x = tf.placeholder_with_default(3.0, [])

    def body(i):
        tf.add_to_collection("turn", i * 2)
        tf.add_to_collection("same", x * 2.0)
        return i + 1

    tf.while_loop(lambda i: i < 3, body, [0], name="loop")
    turn, same = tf.get_collection("turn")[0], tf.get_collection("same")[0]
    with pytest.raises(ValueError, match="Cannot use 'loop/mul' outside"):
        _ = turn + 1
    with tf.Session() as sess:
        assert sess.run(same + 0.0) == 6.0
        with pytest.raises(ValueError, match="'loop/mul' has been marked as not fetchable"):
            sess.run(turn)


def test_nested_bodies():
    x = tf.placeholder_with_default(3.0, [])

    def body(i):
        def taken():
            tf.add_to_collection("deep", tf.square(x) + 1.0)
            return i + 1

        return tf.cond(x > 0, taken, lambda: i + 2)

    count = tf.while_loop(lambda i: i < 4, body, [0])
    deep = tf.get_collection("deep")[0] * 10.0
    with tf.Session() as sess:
        assert sess.run([count, deep]) == [4, 100.0]


def test_losses_and_summaries_of_a_branch_can_be_merged():
    p, x = tf.placeholder_with_default(True, []), tf.placeholder_with_default([1.0, 3.0], [2])

    def model():
        with tf.variable_scope("model", regularizer=lambda w: 0.5 * tf.reduce_sum(w * w)):
            w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
        loss = tf.losses.mean_squared_error([0.0, 0.0], x * w)
        tf.summary.scalar("loss", loss)
        return loss

    loss = tf.cond(p, model, lambda: 0.0)
    total = tf.losses.get_total_loss()
    merged = tf.summary.merge_all()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run([loss, total]) == [5.0, 6.0]
        assert tf.Summary.FromString(sess.run(merged)).value[0].simple_value == 5.0
