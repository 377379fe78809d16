"""Rule 7 for random numbers: a seeded op draws one stream per Session, in TF 1.15.5's numbers."""

import json
import pathlib
import sys
import threading

import numpy as np
import pytest
import tensorflow as tf2
from google.protobuf import text_format

import tf1compat
import tf1compat.v1 as tf

sys.path.insert(0, str(pathlib.Path(__file__).parent / "goldens" / "random"))
import streams  # noqa: E402 - a recorder of goldens, no package

GOLDENS = json.loads(pathlib.Path(streams.GOLDENS).read_text())


def drawn_of(seen):
    return [drawn for session in seen for run in session for drawn in run]


@pytest.mark.parametrize("case", streams.CASES)
def test_two_sessions_with_alternating_fetches_draw_what_tf1_drew(case):
    assert drawn_of(streams.observe(tf, streams.CASES[case])) == drawn_of(GOLDENS[case])


def test_loops_and_conds_of_an_imported_tf1_graph_draw_what_tf1_drew():
    exported = json.loads(pathlib.Path(streams.LOOPS).read_text())
    definition = text_format.Parse(exported["graph"], tf.GraphDef())

    def build(tf):
        names = exported["tensors"]
        found = tf.import_graph_def(definition, return_elements=list(names.values()), name="")
        return dict(zip(names, found, strict=True))

    assert drawn_of(streams.observe(tf, build)) == drawn_of(GOLDENS["control flow"])


def test_every_case_was_recorded():
    assert set(streams.CASES) == set(GOLDENS)


def test_a_stream_goes_on_in_other_fetches_feeds_and_callables():
    x = tf.placeholder(tf.float32)
    r = tf.random_uniform([], seed=1)
    both = r + x * 0
    with tf.Session() as session:
        expected = [session.run(r) for _ in range(5)]
    with tf.Session() as session:
        call = session.make_callable(r)
        mixed = [
            session.run(r),
            session.run([r, x], {x: 1})[0],
            session.run(both, {x: 2}),
            call(),
            session.run({"r": r, "again": r})["r"],
        ]
    assert mixed == expected


def test_a_fed_random_tensor_does_not_draw():
    r = tf.random_uniform([], seed=1)
    other = tf.identity(r)
    with tf.Session() as session:
        first = session.run(r)
        assert session.run(other, {r: 5.0}) == 5.0
        second = session.run(r)
    with tf.Session() as session:
        assert [session.run(r), session.run(r)] == [first, second]


def test_streams_survive_what_clears_tensorflows_kernels():
    r, s = tf.random_normal([], seed=1), tf.random_shuffle(tf.range(50), seed=2)
    with tf.Session() as session:
        expected = [np.append(session.run(s), session.run(r)) for _ in range(3)]
    with tf.Session() as session:
        seen = []
        for seed in range(3):
            seen.append(np.append(session.run(s), session.run(r)))
            with tf1compat.eager():
                tf2.random.set_seed(seed)
    np.testing.assert_array_equal(seen, expected)


def _unseeded():
    return {
        "uniform": tf.random_uniform([8]),
        "normal": tf.random_normal([8]),
        "shuffle": tf.random_shuffle(tf.range(100)),
        "multinomial": tf.multinomial(tf.zeros([1, 1000]), 20),
        "gamma": tf.random_gamma([8], 2.0),
        "in a cond": tf.cond(tf.constant(True), lambda: tf.random_uniform([8]), lambda: tf.zeros([8])),
        "in a loop": tf.map_fn(lambda x: x + tf.random_uniform([]), tf.zeros([4])),
        "dropout": tf.nn.dropout(tf.ones([100]), rate=0.5),
        "candidates": tf.nn.uniform_candidate_sampler(tf.constant([[1]], tf.int64), 1, 50, False, 10**6)[0],
    }


@pytest.mark.parametrize("kind", sorted(_unseeded()))
def test_unseeded_ops_draw_anew_in_every_run_signature_and_session(kind):
    r = _unseeded()[kind]
    other = tf.constant(1)
    with tf.Session() as one, tf.Session() as two:
        seen = [one.run(r), one.run(r), one.run([r, other])[0], two.run(r), two.run([r, other])[0]]
    assert len({value.tobytes() for value in seen}) == len(seen)


def test_a_graph_seed_gives_every_session_the_same_streams_and_ops_different_ones():
    def draw():
        with tf.Graph().as_default():
            tf.set_random_seed(1234)
            ops = [tf.random_uniform([4]), tf.random_uniform([4]), tf.random_shuffle(tf.range(30))]
            sessions = tf.Session(), tf.Session()
            runs = [[session.run(op).tobytes() for _ in range(2) for op in ops] for session in sessions]
            for session in sessions:
                session.close()
            return runs

    (a, b), (c, _) = draw(), draw()
    assert a == b == c
    assert len(set(a)) == len(a)


def test_called_functions_draw_a_stream_for_each_call():
    @tf2.function
    def noisy(x):
        return x + tf2.raw_ops.RandomUniform(shape=[2], dtype=tf.float32, seed=11)

    a, b = noisy(tf.zeros([2])), noisy(tf.zeros([2]))
    plain = tf.raw_ops.RandomUniform(shape=[2], dtype=tf.float32, seed=11)
    with tf.Session() as session:
        expected = [session.run(plain) for _ in range(3)]
        np.testing.assert_array_equal([session.run(a), session.run([a, b])[0], session.run(a)], expected)
        np.testing.assert_array_equal([session.run(b), session.run([b, a])[0]], expected[1:])
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(a), expected[0])


def test_a_dataset_draws_anew_from_the_beginning_with_each_iterator():
    # As TF 1.15.5: its numbers for this program.
    expected = np.float32([0.48394096, 0.6571301, 0.2652017])
    data = tf.data.Dataset.range(3).map(lambda i: tf.random_uniform([], seed=7))
    iterator = tf.data.make_initializable_iterator(data)
    following, once = iterator.get_next(), tf.data.make_one_shot_iterator(data).get_next()
    for _ in range(2):
        with tf.Session() as session:
            for _ in range(2):
                session.run(iterator.initializer)
                np.testing.assert_array_equal([session.run(following) for _ in range(3)], expected)
            np.testing.assert_array_equal([session.run(once) for _ in range(3)], expected)


def test_threads_share_one_stream_and_lose_no_number():
    r = tf.random_uniform([], seed=3)
    s = tf.random_shuffle(tf.range(1000), seed=4)
    with tf.Session() as session:
        expected = [(session.run(r), tuple(session.run(s))) for _ in range(40)]
    with tf.Session() as session:
        numbers, orders = [], []

        def work():
            for _ in range(10):
                numbers.append(session.run(r))
                orders.append(tuple(session.run(s)))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(numbers) == sorted(number for number, _ in expected)
    assert sorted(orders) == sorted(order for _, order in expected)


def test_gradients_flow_through_seeded_ops():
    alpha = tf.constant([1.5, 2.5])
    gamma = tf.random_gamma([], alpha, seed=1)
    x = tf.ones([1000])
    dropped = tf.nn.dropout(x, rate=0.5, seed=2)
    slopes = tf.gradients(gamma, alpha)[0], tf.gradients(dropped, x)[0]
    with tf.Session() as session:
        by_alpha, by_x, value = session.run([*slopes, dropped])
    assert (by_alpha > 0).all()
    np.testing.assert_array_equal(by_x, value)


def test_a_learned_sampler_learns_across_signatures_and_forgets_with_its_session():
    true = tf.constant([[7]], tf.int64)
    sampled, expected_true, _ = tf.nn.learned_unigram_candidate_sampler(true, 1, 1, False, 10)
    with tf.Session() as session:
        for _ in range(200):
            session.run(sampled)
        assert session.run([sampled, expected_true])[1] > 0.5  # 7 became likely in another signature
    with tf.Session() as session:
        assert session.run(expected_true) < 0.5
