"""Rule 6: Session.run is deterministic. Programs that hypothesis writes, run against a model of the rule.

The rule, as the model below has it. Of all that a program built, a run does what the fetches need, along
data and control edges. A plain read has the variable's value from the start of the run. All else that
touches a variable (writes, reads under control dependencies, conds and loops whose bodies touch it) goes
in the order in which it was built.
"""

import itertools
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tf1compat.v1 as tf


class Step(NamedTuple):
    """One statement of a program: `kind` on `variable`, with a constant, an earlier value, control inputs."""

    kind: str
    variable: int
    constant: int
    source: int | None
    after: tuple[int, ...]


KINDS = ("read", "assign", "add", "copy", "cond", "cond read", "while", "gather", "compute")


@st.composite
def programs(draw):
    steps = []
    for at in range(draw(st.integers(2, 9))):
        earlier = st.integers(0, at - 1) if at else st.none()
        steps.append(
            Step(
                draw(st.sampled_from(KINDS)),
                draw(st.integers(0, 1)),
                draw(st.integers(1, 9)),
                draw(earlier),
                tuple(draw(st.lists(earlier, max_size=2, unique=True))) if at and draw(st.booleans()) else (),
            )
        )
    fetches = draw(st.permutations(range(len(steps))))[: draw(st.integers(1, len(steps)))]
    return steps, fetches


def _value_of(step, values):
    return 0.0 if step.source is None else values[step.source]


def model(steps, fetches, state, flag):
    """The values of the fetches, and the variables after the run."""
    needed, stack = set(), list(fetches)
    while stack:
        at = stack.pop()
        if at not in needed:
            needed.add(at)
            stack.extend(steps[at].after)
            if steps[at].kind in ("copy", "compute", "add") and steps[at].source is not None:
                stack.append(steps[at].source)
    start, now, values = list(state), list(state), {}
    for at in sorted(needed):
        step = steps[at]
        v, c = step.variable, step.constant
        if step.kind in ("read", "gather"):
            values[at] = (now if step.after else start)[v] + c
        elif step.kind == "assign":
            now[v] = float(c)
            values[at] = now[v]
        elif step.kind == "add":
            now[v] += c + _value_of(step, values)
            values[at] = now[v]
        elif step.kind == "copy":
            now[v] = _value_of(step, values)
            values[at] = now[v]
        elif step.kind == "cond":
            now[v] = now[v] * 2 if flag else now[v] - c
            values[at] = now[v]
        elif step.kind == "cond read":
            values[at] = now[v] if flag else float(c)
        elif step.kind == "while":
            for _ in range(3):
                now[v] += c
            values[at] = now[v]
        else:
            values[at] = _value_of(step, values) + start[v] if not step.after else _value_of(step, values) + now[v]
    return [values[at] for at in fetches], now


def build(steps, a, b, flag):
    built = []
    for step in steps:
        v, c = (a, b)[step.variable], float(step.constant)
        source = 0.0 if step.source is None else built[step.source]
        with tf.control_dependencies([built[at] for at in step.after]):
            built.append(_statement(step.kind, v, c, source, flag))
    return built


def _statement(kind, v, c, source, flag):
    if kind == "read":
        return v + c
    if kind == "gather":
        return tf.gather(tf.reshape(v, [1]), 0) + c
    if kind == "assign":
        return tf.convert_to_tensor(tf.assign(v, c))
    if kind == "add":
        return tf.convert_to_tensor(tf.assign_add(v, c + source))
    if kind == "copy":
        return tf.convert_to_tensor(tf.assign(v, tf.identity(source)))
    if kind == "cond":
        return tf.cond(flag, lambda: tf.assign(v, v * 2.0) + 0.0, lambda: tf.assign_sub(v, c) + 0.0)
    if kind == "cond read":
        return tf.cond(flag, lambda: v + 0.0, lambda: tf.constant(c))
    if kind == "while":

        def body(i, _):
            with tf.control_dependencies([tf.assign_add(v, c)]):
                return i + 1, v.read_value()

        return tf.while_loop(lambda i, _: i < 3, body, [0, 0.0])[1]
    return source + v


@settings(max_examples=120, deadline=None)
@given(programs(), st.lists(st.booleans(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_runs_follow_the_model_whatever_the_order_of_the_fetches(program, flags, random):
    steps, fetches = program
    with tf.Graph().as_default():
        a, b = tf.Variable(2.0, name="a"), tf.Variable(3.0, name="b")
        flag = tf.placeholder(tf.bool, [])
        built = build(steps, a, b, flag)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            state = [2.0, 3.0]
            for given_flag in flags:
                wanted, state = model(steps, fetches, state, given_flag)
                order = list(range(len(fetches)))
                random.shuffle(order)
                values = sess.run([built[fetches[i]] for i in order], {flag: given_flag})
                np.testing.assert_allclose(values, [wanted[i] for i in order], rtol=1e-6)
                np.testing.assert_allclose(sess.run([a, b]), state, rtol=1e-6)


@pytest.fixture
def variable():
    v = tf.Variable(1.0, name="v")
    with tf.Session() as sess:
        sess.run(v.initializer)
        yield v, sess


def test_every_order_of_the_fetches_gives_the_same(variable):
    v, sess = variable
    plain = v * 10.0
    first = tf.assign_add(v, 1.0)
    second = tf.assign(v, v * 3.0)
    with tf.control_dependencies([second]):
        late = v.read_value() + 0.0
    fetches = {"plain": plain, "first": first.op, "late": late, "second": second.op}
    for order in itertools.permutations(fetches):
        sess.run(v.initializer)
        values = sess.run({key: fetches[key] for key in order})
        assert (values["plain"], values["late"]) == (10.0, 3.0)
        assert sess.run(v) == 3.0


def test_a_plain_read_sees_the_start_though_it_is_built_last(variable):
    v, sess = variable
    write = tf.assign(v, 7.0)
    read = v + 0.0
    assert sess.run([write.op, read]) == [None, 1.0]
    assert sess.run(read) == 7.0


def test_a_gather_whose_indices_hang_on_a_write_comes_after_it():
    """Under `control_dependencies` the indices carry the dependency, and the gather has no control input itself."""
    v = tf.get_variable("rows", [3], initializer=tf.zeros_initializer())
    done = tf.no_op()
    for _ in range(3):
        with tf.control_dependencies([done]):
            done = tf.raw_ops.ResourceScatterAdd(resource=v.handle, indices=[1], updates=tf.gather(v, [1]) + 1.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run(done)
        assert sess.run(v).tolist() == [0.0, 7.0, 0.0]


def test_a_path_orders_against_the_order_of_building(variable):
    """A write that needs a later-built controlled read's value comes after it."""
    v, sess = variable
    w = tf.Variable(0.0)
    sess.run(w.initializer)
    with tf.control_dependencies([tf.assign(v, 5.0)]):
        read = v.read_value()
    write = tf.assign(w, read)
    again = tf.assign_add(v, 1.0)
    assert sess.run([again, write.op]) == [6.0, None]
    assert sess.run([v, w]) == [6.0, 5.0]


def test_what_assign_returned_is_the_value_after_it(variable):
    v, sess = variable
    assert sess.run(tf.assign(v, 4.0)) == 4.0
    assert sess.run([tf.assign_add(v, 1.0), v]) == [5.0, 4.0]
    step = tf.assign_add(v, 1.0) * 2.0
    assert [sess.run(step), sess.run(v)] == [12.0, 6.0]


def test_a_train_step_and_its_loss():
    """The loss that is fetched with the step is the one before it, whichever is asked first."""
    w = tf.Variable(3.0)
    loss = w * w
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(w.initializer)
        assert sess.run([step, loss])[1] == pytest.approx(9.0)
        assert sess.run([loss, step])[0] == pytest.approx(2.4**2)


def test_two_variables_swap():
    a, b = tf.Variable(1.0), tf.Variable(2.0)
    swap = tf.group(tf.assign(a, b + 0.0), tf.assign(b, a + 0.0))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(swap)
        assert sess.run([a, b]) == [2.0, 1.0]
        sess.run(swap)
        assert sess.run([b, a]) == [2.0, 1.0]


def test_many_writers_in_one_run_go_as_built():
    v = tf.Variable([0.0, 0.0])
    writes = []
    for i in range(20):
        writes.append(tf.assign(v, v * 0 + [float(i), 1.0]) if i % 3 else tf.scatter_add(v, [1], [float(i)]))
    with tf.Session() as sess:
        for order in (writes, writes[::-1], writes[1::2] + writes[::2]):
            sess.run(v.initializer)
            sess.run([write.op for write in order])
            np.testing.assert_array_equal(sess.run(v), [19.0, 1.0])


def test_a_slot_and_its_variable_move_together():
    """An optimizer's reads of its slots are of the start of the run; an average taken after sees the step."""
    w = tf.Variable(1.0, name="w")
    ema = tf.train.ExponentialMovingAverage(0.5)
    step = tf.train.GradientDescentOptimizer(0.5).minimize(w * 2.0)
    with tf.control_dependencies([step]):
        train = tf.group(ema.apply([w]))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        assert sess.run([w, ema.average(w)]) == [0.0, 0.5]
        sess.run([train, w])
        assert sess.run([w, ema.average(w)]) == [-1.0, -0.25]


def test_state_in_a_cond_that_is_not_taken_stays(variable):
    v, sess = variable
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: tf.assign_add(v, 1.0) + 0.0, lambda: tf.constant(-1.0))
    after = tf.assign(v, v * 1.0)
    assert sess.run([y, after.op], {p: False})[0] == -1.0
    assert sess.run(v) == 1.0
    sess.run(y, {p: True})
    assert sess.run(v) == 2.0


def test_reads_and_writes_in_a_body_go_as_built(variable):
    """Nothing orders them but the order in which the body built them; TF1 raced."""
    v, sess = variable

    def body(i, seen):
        before = v + 0.0
        written = tf.assign_add(v, 10.0) + 0.0
        after = v + 0.0
        return i + 1, seen + before + 1000.0 * written + 1000000.0 * after

    y = tf.while_loop(lambda i, _: i < 2, body, [0, 0.0])[1]
    z = tf.cond(tf.constant(True), lambda: (v + 0.0, tf.assign(v, 0.0) + 0.0, v + 5.0), lambda: (0.0, 0.0, 0.0))
    for _ in range(20):
        sess.run(v.initializer)
        assert sess.run(y) == 12.0 + 32000.0 + 32000000.0
        assert sess.run(z) == (21.0, 0.0, 5.0)


def test_what_a_body_does_not_need_is_not_brought_back(variable):
    """TF1 left out a write that nothing in the body depends on; putting reads in order does not run it."""
    v, sess = variable

    def body(i):
        tf.assign_add(v, 10.0)
        return i + v

    y = tf.while_loop(lambda i: i < 3.0, body, [0.0])
    assert sess.run(y) == 3.0
    assert sess.run(v) == 1.0


def test_nested_bodies_go_as_built(variable):
    v, sess = variable

    def inner(i):
        with tf.control_dependencies([tf.assign(v, v * 2.0)]):
            return i + 1

    def outer(i, total):
        start = v + 0.0
        turns = tf.while_loop(lambda k: k < 2, inner, [0])
        with tf.control_dependencies([turns]):
            end = v.read_value()
        return i + 1, total + start + 100.0 * end

    y = tf.while_loop(lambda i, _: i < 2, outer, [0, 0.0])[1]
    for _ in range(10):
        sess.run(v.initializer)
        assert sess.run(y) == (1 + 400) + (4 + 1600)
        assert sess.run(v) == 16.0
