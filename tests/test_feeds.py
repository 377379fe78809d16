"""What Session.run may be given, as under TF 1.15.5, and what hypothesis makes of it."""

import hypothesis.extra.numpy as made
import numpy as np
import pytest
from goldens.session import compare, feeds, observe
from hypothesis import given, settings
from hypothesis import strategies as st

import tf1compat
import tf1compat.v1 as tf

_SCALAR = "a fed scalar that is fetched comes back as a NumPy scalar, not an array of rank 0"
_NUMPYS_WORDS = "NumPy's words, which have changed, and the tensor's name before them"
_LOUD = "TF 1.15.5 took it, and meant something else by it"

#: Where -> why it differs from TF 1.15.5.
DEVIATIONS = {
    "scalars_of_every_type[7][*]": "a fed string that is fetched comes back as the bytes that the graph would hold",
    "overflow_and_wrong_types[3]": "TF 1.15.5 let NumPy's OverflowError through",
    "overflow_and_wrong_types[4]": _LOUD,
    "overflow_and_wrong_types[5]": _LOUD,
    "overflow_and_wrong_types[*].message": _NUMPYS_WORDS,
    "overflow_and_wrong_types[17].error": "a variable is refused as a tensor is",
    "overflow_and_wrong_types[19].error": "TF 1.15.5 raised an InternalError",
    "intermediates[1][0]": _SCALAR,
    "intermediates[3]": _SCALAR,
    "intermediates[4]": _SCALAR,
    "intermediates[10]": _SCALAR,
    "with_default[5].message": "TensorFlow's own words, which have changed",
    "sparse[10]": "of two placeholders that are not fed, the other one is named",
    "sparse[11]": "the sparse tensor that is fed with too few parts is named",
    "sparse[14][1]": "TensorFlow 2 knows the dimensions of a partly known sparse shape",
    "wrong_keys[8]": "two keys that mean one tensor: TF 1.15.5 took the last",
    "wrong_keys[*].message": "the message says what was given",
    "callers_arrays_stay_the_callers[1]": "TF 1.15.5 gave back an array that shared the caller's memory",
}


@pytest.mark.parametrize("name", observe.programs_of(feeds))
@pytest.mark.filterwarnings("ignore:.*cast.*:RuntimeWarning", "ignore:.*cast.*:DeprecationWarning")
def test_as_under_tf_1_15(name):
    compare.check(tf, feeds, name, DEVIATIONS)


_DTYPES = [
    np.float16,
    np.float32,
    np.float64,
    np.int8,
    np.int16,
    np.int32,
    np.int64,
    np.uint8,
    np.uint16,
    np.bool_,
    np.complex64,
]
_ARRAYS = st.sampled_from(_DTYPES).flatmap(
    lambda dtype: made.arrays(dtype, made.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)


@settings(max_examples=150, deadline=None)
@given(_ARRAYS)
def test_any_array_goes_in_and_comes_out(array):
    with tf.Graph().as_default(), tf.Session() as sess:
        exact = tf.placeholder(array.dtype, array.shape)
        loose = tf.placeholder(array.dtype)
        for x in (exact, loose):
            value = sess.run(tf.identity(x), {x: array})
            assert value.dtype == array.dtype and value.shape == array.shape
            np.testing.assert_array_equal(value, array)


@settings(max_examples=100, deadline=None)
@given(_ARRAYS, st.sampled_from(["list", "eager", "strided", "fortran", "nested"]))
def test_the_same_value_in_other_clothes(array, clothes):
    """A list, an eager tensor, a view: the graph sees the same numbers as TensorFlow's Session does."""
    with tf.Graph().as_default():
        x = tf.placeholder(array.dtype, [None] * array.ndim)
        y = tf.identity(x)
        if clothes == "list":
            value = array.tolist()
        elif clothes == "eager":
            import tensorflow

            with tf1compat.eager():
                value = tensorflow.constant(array)
        elif clothes == "strided":
            value = np.repeat(array[None], 2, axis=0)[1] if array.ndim else array
        elif clothes == "fortran":
            value = np.array(array, order="F")
        else:
            value = list(array) if array.ndim else array[()]
        with tf.Session() as sess:
            if 0 in array.shape and clothes in ("list", "nested"):
                return  # a list cannot say the sizes behind an empty one
            np.testing.assert_array_equal(sess.run(y, {x: value}), array)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=3),
    made.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
def test_shapes_are_checked_as_tensorflows_session_checks_them(static, given_shape):
    """Wrong shapes are refused, right ones pass, and the message is TF1's."""
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, static, name="x")
        y = tf.shape(x)
        value = np.zeros(given_shape, np.float32)
        fits = len(static) == len(given_shape) and all(s in (None, g) for s, g in zip(static, given_shape, strict=True))
        with tf.Session() as ours, tf.compat.v1.Session() as theirs:
            if fits:
                np.testing.assert_array_equal(ours.run(y, {x: value}), theirs.run(y, {x: value}))
                return
            with pytest.raises(ValueError) as mine:
                ours.run(y, {x: value})
            with pytest.raises(ValueError) as its:
                theirs.run(y, {x: value})
            assert str(mine.value) == str(its.value)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(_DTYPES),
    st.one_of(
        st.integers(-(1 << 70), 1 << 70), st.integers(-300, 300), st.floats(allow_nan=False, width=16), st.booleans()
    ),
)
def test_python_numbers_are_taken_or_refused_as_tensorflows_session_does(dtype, number):
    with tf.Graph().as_default():
        x = tf.placeholder(dtype, [])
        y = tf.identity(x)

        def outcome(sess):
            try:
                with np.errstate(all="ignore"):
                    return "value", np.asarray(sess.run(y, {x: number})).tolist()
            except (TypeError, ValueError, OverflowError):
                return "refused", None

        with tf.Session() as ours, tf.compat.v1.Session() as theirs:
            assert outcome(ours) == outcome(theirs)


def test_the_shape_message_names_a_variable_as_the_user_does():
    v = tf.Variable([1.0, 2.0], name="v")
    with tf.Session() as sess, pytest.raises(ValueError, match=r"Cannot feed value of shape \(1,\) for Tensor 'v:0'"):
        sess.run(v + 1.0, {v: [1.0]})


def test_arrays_stay_the_callers():
    """What a run keeps (a variable, a queue) does not change when the caller's array does."""
    x = tf.placeholder(tf.float32, [3])
    v = tf.Variable(tf.zeros([3]))
    queue = tf.FIFOQueue(2, tf.float32, [[3]])
    keep = [tf.assign(v, tf.identity(x)).op, queue.enqueue(x)]
    with tf.Session() as sess:
        sess.run(v.initializer)
        array = np.float32([1, 2, 3])
        sess.run(keep, {x: array})
        array[:] = 0
        np.testing.assert_array_equal(sess.run(v), [1, 2, 3])
        sess.run(tf.assign_add(v, [1.0, 1.0, 1.0]))
        np.testing.assert_array_equal(sess.run(queue.dequeue()), [1, 2, 3])
        np.testing.assert_array_equal(array, [0, 0, 0])


def test_ragged_values_are_fed_whole():
    r = tf.ragged.placeholder(tf.float32, 1, name="r")
    value = tf.ragged.constant_value([[1.0], [2.0, 3.0]], dtype=np.float32)
    with tf.Session() as sess:
        np.testing.assert_array_equal(sess.run(tf.reduce_sum(r, axis=1), {r: value}), [1.0, 5.0])


def test_feed_keys_by_name_made_anew_each_run_do_not_grow_the_cache():
    x = tf.placeholder(tf.float32, [], name="x")
    y = x + 1.0
    with tf.Session() as sess:
        for i in range(2000):
            assert sess.run(y, {"".join(["x", ":", "0"]): i}) == i + 1
        assert len(sess._plans._plans) <= 512 and len(sess._plans._functions) == 1
