"""Clipping in every mode, on every kind of input, against values and gradients of TF 1.15.5."""

import keras
import numpy as np
import pytest
import tensorflow as tf2

import tf1compat
import tf1compat.v1 as tf
from tf1compat.train import clipping

NAN, INF = float("nan"), float("inf")
NORMAL = [[3.0, -4.0, 0.5], [1.0, 2.0, -7.0]]

#: (function of a tensor, input, what TF 1.15.5 gave, its gradient for output gradients 1, 2, 3…).
CASES = {
    "value": (
        lambda t: clipping.clip_by_value(t, -2.0, 1.0), NORMAL,
        [1.0, -2.0, 0.5, 1.0, 1.0, -2.0], [0.0, 0.0, 3.0, 4.0, 0.0, 0.0],
    ),
    "value, infinite": (
        lambda t: clipping.clip_by_value(t, -2.0, 1.0), [[1.0, INF, -2.0]], [1.0, 1.0, -2.0], [1.0, 0.0, 3.0],
    ),
    "value, NaN": (
        lambda t: clipping.clip_by_value(t, -2.0, 2.0), [[1.0, NAN, 2.0]], [1.0, NAN, 2.0], [1.0, 0.0, 3.0],
    ),
    "norm": (
        lambda t: clipping.clip_by_norm(t, 2.0), NORMAL,
        ["0x1.5914dap-1", "-0x1.cc1bccp-1", "0x1.cc1bccp-4", "0x1.cc1bccp-3", "0x1.cc1bccp-2", "-0x1.929852p+0"],
        ["0x1.f860b2p-2", "0x1.796040p-4", "0x1.6ff116p-1", "0x1.f9d444p-1", "0x1.4d49d8p+0", "0x1.721e6ep-1"],
    ),
    "norm of rows": (
        lambda t: clipping.clip_by_norm(t, 2.0, axes=[1]), [[0.0, 0.0], [3.0, 4.0]],
        [0.0, 0.0, "0x1.333334p+0", "0x1.99999ap+0"], [1.0, 2.0, 0.0, 0.0],
    ),
    "norm small enough": (lambda t: clipping.clip_by_norm(t, 2.0), [[1.0, -1.0]], [1.0, -1.0], [1.0, 2.0]),
    "norm 0": (lambda t: clipping.clip_by_norm(t, 2.0), [[0.0, 0.0, 0.0]], [0.0, 0.0, 0.0], [1.0, 2.0, 3.0]),
    "norm infinite": (lambda t: clipping.clip_by_norm(t, 2.0), [[1.0, INF, -2.0]], [0.0, NAN, 0.0], [NAN] * 3),
    "norm NaN": (lambda t: clipping.clip_by_norm(t, 2.0), [[1.0, NAN, 2.0]], [NAN] * 3, [NAN] * 3),
    "norm clipped to less than 0": (
        lambda t: clipping.clip_by_norm(t, -2.0), [[0.0, 0.0], [3.0, 4.0]],
        [0.0, 0.0, "-0x1.333334p+0", "-0x1.99999ap+0"], ["-0x1.99999ap-2", "-0x1.99999ap-1", 0.0, 0.0],
    ),
    "average norm": (
        lambda t: clipping.clip_by_average_norm(t, 0.3), NORMAL,
        ["0x1.3692c4p-1", "-0x1.9e1904p-1", "0x1.9e1904p-4", "0x1.9e1904p-3", "0x1.9e1904p-2", "-0x1.6a55e4p+0"],
        ["0x1.c5f0a2p-2", "0x1.53a368p-4", "0x1.4b25c8p-1", "0x1.c73f08p-1", "0x1.2bf5a6p+0", "0x1.4d1b64p-1"],
    ),
    "average norm 0": (lambda t: clipping.clip_by_average_norm(t, 0.3), [[0.0, 0.0]], [0.0, 0.0], [1.0, 2.0]),
    "global norm": (
        lambda t: clipping.clip_by_global_norm([None, t, tf2.constant([1.0, 2.0])], 2.0)[0][1], [[0.0, 0.0, 0.0]],
        [0.0, 0.0, 0.0], ["0x1.c9f25cp-1", "0x1.c9f25cp+0", "0x1.5775c4p+1"],
    ),
    "global norm infinite": (
        lambda t: clipping.clip_by_global_norm([t], 2.0)[0][0], [[1.0, INF, -2.0]], [NAN] * 3, [NAN] * 3,
    ),
    "global norm given": (
        lambda t: clipping.clip_by_global_norm([t], 2.0, use_norm=tf2.constant(5.0))[0][0], [[3.0, 4.0]],
        ["0x1.333334p+0", "0x1.99999ap+0"], ["0x1.99999ap-2", "0x1.99999ap-1"],
    ),
    "global norm given as infinite": (
        lambda t: clipping.clip_by_global_norm([t], 2.0, use_norm=tf2.constant(INF))[0][0], [[3.0, 4.0]],
        [NAN, NAN], [NAN, NAN],
    ),
    "l2_loss": (clipping.l2_loss, [[3.0, 4.0]], 12.5, [3.0, 4.0]),
}  # fmt: skip


def numbers(values):
    values = values if isinstance(values, list) else [values]
    return np.array([float.fromhex(value) if isinstance(value, str) else value for value in values], np.float32)


def in_graph(function, value):
    t = tf.placeholder(tf.float32, np.shape(value))
    clipped = function(t)
    gradient = tf.gradients(clipped, t, grad_ys=_counting(clipped))
    with tf.Session() as session:
        return session.run([clipped, gradient[0]], {t: value})


def _taped(function, t):
    with tf2.GradientTape() as tape:
        tape.watch(t)
        clipped = function(t)
    return clipped, tape.gradient(clipped, t, output_gradients=_counting(clipped))


def in_eager(function, value):
    with tf1compat.eager():
        return [result.numpy() for result in _taped(function, tf2.constant(value))]


def in_function(function, value, **options):
    with tf1compat.eager():
        return [r.numpy() for r in tf2.function(lambda t: _taped(function, t), **options)(tf2.constant(value))]


def in_xla(function, value):
    return in_function(function, value, jit_compile=True)


def _counting(clipped):
    return tf2.reshape(tf2.cast(tf2.range(1, tf2.size(clipped) + 1), clipped.dtype), clipped.shape)


def xla_keeps_nan():
    limited = tf2.function(lambda x: tf2.maximum(tf2.minimum(x, 2.0), -2.0), jit_compile=True)
    with tf1compat.eager():
        return np.isnan(limited(tf2.constant([1.0, NAN, 2.0]))[1])


@pytest.mark.parametrize("mode", [in_graph, in_eager, in_function, in_xla])
@pytest.mark.parametrize("case", CASES)
def test_values_and_gradients_are_those_of_1_15_5(case, mode):
    function, value, expected, gradient = CASES[case]
    if mode is in_xla and case == "value, NaN" and not xla_keeps_nan():
        pytest.skip("XLA's tf.minimum and tf.maximum lose NaN in this version of TensorFlow")
    rtol = 1e-6 if mode is in_xla else 1.3e-7
    got, got_gradient = mode(function, value)
    np.testing.assert_allclose(np.ravel(got), numbers(expected), rtol=rtol)
    np.testing.assert_allclose(np.ravel(got_gradient), numbers(gradient), rtol=10 * rtol, atol=1e-6)


def test_a_list_of_nothing_has_norm_0(eager):
    clipped, norm = clipping.clip_by_global_norm([None, None], 1.0)
    assert clipped == [None, None] and norm.numpy() == 0


def test_lists_keep_none_and_their_order(eager):
    first, second = np.float32([3.0, 0.0]), tf2.Variable([4.0])
    clipped, norm = clipping.clip_by_global_norm((first, None, second), 1.0)
    assert norm.numpy() == 5 and clipped[1] is None
    np.testing.assert_allclose(clipped[0], [0.6, 0.0], rtol=1e-6)
    np.testing.assert_allclose(clipped[2], [0.8], rtol=1e-6)
    same, _ = clipping.clip_by_global_norm((first, None, second), 5.5)
    np.testing.assert_allclose(same[0], first, rtol=2e-7)


@pytest.mark.parametrize("jit", [False, True])
def test_keras_variables_are_clipped_in_a_function(eager, jit):
    variable = keras.Variable(np.float32([3.0, 4.0]))
    functions = [
        lambda: clipping.clip_by_value(variable, -3.5, 3.5),
        lambda: clipping.clip_by_norm(variable, 1.0),
        lambda: clipping.clip_by_average_norm(variable, 0.5),
        lambda: clipping.clip_by_global_norm([variable], 1.0)[0][0],
        lambda: clipping.global_norm([variable]),
        lambda: clipping.l2_loss(variable),
    ]
    expected = [[3.0, 3.5], [0.6, 0.8], [0.6, 0.8], [0.6, 0.8], 5.0, 12.5]
    for function, wanted in zip(functions, expected, strict=True):
        np.testing.assert_allclose(tf2.function(function, jit_compile=jit)(), wanted, rtol=1e-6)
        np.testing.assert_allclose(function(), wanted, rtol=1e-6)


def test_slices_are_clipped_as_they_stand_and_stay_slices():
    slices = tf.IndexedSlices(tf.constant([[3.0], [4.0]]), tf.constant([1, 1]), tf.constant([3, 1]))
    by_value = clipping.clip_by_value(slices, 0.0, 3.5)
    by_norm = clipping.clip_by_norm(slices, 1.0)
    by_rows = clipping.clip_by_norm(slices, 2.0, axes=[1])
    (by_all, _), norm = clipping.clip_by_global_norm([slices, tf.constant([12.0])], 1.3)
    results = [by_value, by_norm, by_rows, by_all]
    assert all(isinstance(result, tf.IndexedSlices) for result in results)
    with tf.Session() as session:
        values = session.run(results)
        assert session.run(norm) == 13
    for result, wanted in zip(values, [[3.0, 3.5], [0.6, 0.8], [2.0, 2.0], [0.3, 0.4]], strict=True):
        np.testing.assert_allclose(result.values.ravel(), wanted, rtol=1e-6)
        assert result.indices.tolist() == [1, 1] and result.dense_shape.tolist() == [3, 1]


def test_under_a_strategy_each_replica_clips_its_own(eager):
    cpu = tf2.config.list_logical_devices("CPU")[0].name
    strategy = tf2.distribute.MirroredStrategy([cpu])
    step = tf2.function(lambda: strategy.run(lambda: clipping.clip_by_global_norm([tf2.constant([3.0, 4.0])], 1.0)))
    (clipped,), norm = step()
    np.testing.assert_allclose(clipped, [0.6, 0.8], rtol=1e-6)
    assert norm.numpy() == 5


def test_results_are_named_as_in_1_15_5():
    t = tf.constant([3.0, 4.0])
    assert clipping.clip_by_value(t, 0.0, 1.0).name == "clip_by_value:0"
    assert clipping.clip_by_norm(t, 1.0).name == "clip_by_norm:0"
    assert clipping.clip_by_norm(t, 1.0, name="mine").name == "mine:0"
    assert clipping.clip_by_average_norm(t, 1.0).name == "clip_by_average_norm:0"
    assert clipping.global_norm([t]).name == "global_norm/global_norm:0"
    clipped, norm = clipping.clip_by_global_norm([t, t], 1.0)
    assert [c.name for c in clipped] == [f"clip_by_global_norm/clip_by_global_norm/_{n}:0" for n in (0, 1)]
    assert norm.name == "global_norm_1/global_norm:0"


def test_what_cannot_be_clipped_is_refused():
    t = tf.constant([[3.0, 4.0]])
    for no_list in ("abc", t, iter([t])):
        with pytest.raises(TypeError, match="t_list should be a sequence"):
            clipping.clip_by_global_norm(no_list, 1.0)
    assert clipping.clip_by_global_norm([None], 1.0, use_norm=tf.constant(1.0))[0] == [None]
    with pytest.raises(TypeError, match="float16"):
        clipping.clip_by_global_norm([tf.constant([1.0], tf.float16)], 1.0, use_norm=tf.constant(1.0))
    with pytest.raises(TypeError, match="int32"):
        clipping.clip_by_norm(t, tf.constant(1))
    with pytest.raises(TypeError):
        clipping.clip_by_value(tf.constant([1, 2]), -1.0, 1.0)
    with pytest.raises(TypeError, match="float64"):
        clipping.clip_by_average_norm(tf.constant([1.0], tf.float64), 1.0)
    with pytest.raises(ValueError, match="Shapes"):
        clipping.clip_by_value(t, 0.0, [[[1.0]], [[2.0]]])
    with pytest.raises(ValueError, match="Shapes"):
        clipping.clip_by_norm(t, [[[1.0]], [[2.0]]])
