"""Shapes, slices, gathering, scattering, control flow and Python functions."""

import numpy as np

from . import each

X = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
IMAGE = np.arange(32, dtype=np.float32).reshape(1, 4, 4, 2)


def _while(tf, f):
    i, total = f(lambda i, t: i < 5, lambda i, t: (i + 1, t + tf.cast(i, tf.float32)), [0, 0.5])
    return [i, total]


def _tensor_array(tf, f):
    array = f(tf.float32, size=3, clear_after_read=False)
    for i in range(3):
        array = array.write(i, tf.constant([float(i), 2.0]))
    return [array.stack(), array.read(1), array.gather([2, 0]), array.size()]


def _print(tf, f):
    return f(tf.constant(X), [tf.constant("case tf.Print")], message="case: ", first_n=0)


def _custom_gradient(tf, f):
    @f
    def half_gradient(x):
        return x * 3.0, lambda dy: dy * 1.5

    x = tf.constant(X)
    y = half_gradient(x)
    return [y, tf.gradients(y, x)[0]]


def _recompute(tf, f):
    x = tf.constant(X)
    return f(lambda t: tf.tanh(t * 2.0))(x)


def _cond(tf, f):
    p = tf.placeholder(tf.bool, [])
    y = f(p, lambda: tf.constant(1.0), lambda: tf.constant(2.0))
    return lambda sess: [sess.run(y, {p: True}), sess.run(y, {p: False})]


def _case(tf, f):
    x = tf.placeholder(tf.int32, [])
    y = f(
        [(tf.less(x, 1), lambda: tf.constant("low")), (tf.greater(x, 5), lambda: tf.constant("high"))],
        default=lambda: tf.constant("middle"),
        exclusive=True,
    )
    return lambda sess: [sess.run(y, {x: n}) for n in (0, 3, 9)]


def _default(tf, f):
    x = f(tf.constant([1.0, 2.0]), [None])
    y = x * 2.0
    return lambda sess: [sess.run(y), sess.run(y, {x: [5.0]})]


def _placeholder(tf, f):
    x = f(tf.float32, [None, 2], name="x")
    y = tf.reduce_sum(x, 1)
    return lambda sess: [sess.run(y, {x: [[1, 2]]}), sess.run("x:0", {"x:0": [[3.0, 4.0]]})]


def _gradients(tf, f):
    x = tf.constant(X)
    y = tf.reduce_sum(tf.sin(x) * x)
    return f(y, [x]) + f([y, x], x, stop_gradients=[x], grad_ys=[None, tf.ones_like(x)])


def _tape(tf, f):
    x = tf.constant(X)
    with f() as tape:
        tape.watch(x)
        y = tf.square(x)
    return tape.gradient(y, x)


def _function(tf, f):
    @f
    def double(x):
        return x * 2.0

    return double(tf.constant(X))


CASES = {}
CASES.update(each("zeros ones", lambda tf, f: [f([2, 3]), f([], tf.int32)]))
CASES.update(
    each(
        "batch_to_space_nd",
        lambda tf, f: f(tf.reshape(tf.range(16), [4, 2, 2, 1]), [2, 2], [[0, 0], [0, 0]]),
    )
)
CASES.update(each("depth_to_space", lambda tf, f: f(tf.reshape(tf.range(16), [1, 2, 2, 4]), 2)))
CASES.update(each("space_to_depth", lambda tf, f: f(tf.constant(IMAGE), 2)))
CASES.update(
    each(
        "tensor_scatter_add tensor_scatter_sub tensor_scatter_update",
        lambda tf, f: f(tf.zeros([4]), [[1], [3]], [1.0, 2.0]),
    )
)
CASES.update(
    each("broadcast_dynamic_shape", lambda tf, f: f(tf.constant([2, 1, 3]), tf.constant([4, 1]))),
)
CASES.update(each("matrix_band_part", lambda tf, f: f(tf.ones([3, 4]), 1, 0)))
CASES.update(each("diag", lambda tf, f: f(tf.constant([1.0, 2.0]))))
CASES.update(each("diag_part", lambda tf, f: f(tf.eye(3) * 2.0)))
CASES.update(each("matrix_diag", lambda tf, f: f(tf.constant(X))))
CASES.update(each("matrix_diag_part", lambda tf, f: f(tf.constant(X))))
CASES.update(
    {
        "Print": _print,
        "TensorArray": _tensor_array,
        "argsort": lambda tf, f: f(tf.constant([3, 1, 2]), direction="DESCENDING"),
        "batch_gather": lambda tf, f: f(tf.constant(X), tf.constant([[2, 0], [1, 1]])),
        "batch_to_space": lambda tf, f: f(tf.reshape(tf.range(16), [4, 2, 2, 1]), [[0, 0], [0, 0]], 2),
        "boolean_mask": lambda tf, f: [
            f(tf.constant(X), [True, False]),
            f(tf.constant(X), tf.constant([True, False, True]), axis=1),
        ],
        "broadcast_static_shape": lambda tf, f: tf.constant(
            f(tf.TensorShape([2, 1]), tf.TensorShape([3])).as_list()
        ),
        "broadcast_to": lambda tf, f: f(tf.constant([1, 2, 3]), [2, 3]),
        "case": _case,
        "concat": lambda tf, f: [f([tf.constant(X), tf.constant(X)], 1), f(values=[X, X], axis=0)],
        "cond": _cond,
        "constant": lambda tf, f: [
            f(X),
            f(7, tf.int64, [2, 2]),
            f(["a", "bc"]),
            f(value=1, shape=[3], name="c"),
        ],
        "convert_to_tensor": lambda tf, f: [f(X), f(np.arange(3)), f([1, 2], tf.float64)],
        "convert_to_tensor_or_indexed_slices": lambda tf, f: f(X),
        "convert_to_tensor_or_sparse_tensor": lambda tf, f: f(X),
        "custom_gradient": _custom_gradient,
        "dimension_value": lambda tf, f: tf.constant([f(tf.Dimension(3)), f(4)]),
        "dimension_at_index": lambda tf, f: tf.constant(int(f(tf.TensorShape([4, 5]), 1))),
        "Dimension": lambda tf, f: tf.zeros([f(2), f(3) * 2]),
        "TensorShape": lambda tf, f: tf.zeros(f([2, 3])),
        "dynamic_partition": lambda tf, f: f(tf.constant(X), tf.constant([1, 0]), 2),
        "dynamic_stitch": lambda tf, f: f(
            [tf.constant([2, 0]), tf.constant([1])], [tf.constant(X), tf.constant([[7.0, 8.0, 9.0]])]
        ),
        "edit_distance": lambda tf, f: f(
            tf.SparseTensor([[0, 0], [0, 1]], ["a", "b"], [1, 2]), tf.SparseTensor([[0, 0]], ["a"], [1, 1])
        ),
        "ensure_shape": lambda tf, f: f(tf.constant(X), [None, 3]),
        "expand_dims": lambda tf, f: [f(tf.constant(X), 0), f(tf.constant(X), dim=1), f(X, axis=-1)],
        "extract_volume_patches": lambda tf, f: f(
            tf.reshape(tf.range(64.0), [1, 4, 4, 4, 1]), [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], "VALID"
        ),
        "eye": lambda tf, f: f(2, num_columns=3, batch_shape=[2]),
        "fill": lambda tf, f: f([2, 2], 9),
        "fingerprint": lambda tf, f: f(tf.constant(["a", "b"])),
        "foldl": lambda tf, f: f(lambda a, x: a * 2.0 + x, tf.constant([1.0, 2.0, 3.0])),
        "foldr": lambda tf, f: f(lambda a, x: a * 2.0 + x, tf.constant([1.0, 2.0, 3.0])),
        "function": _function,
        "gather": lambda tf, f: [f(tf.constant(X), [1, 0, 1]), f(tf.constant(X), [2], axis=1)],
        "gather_nd": lambda tf, f: f(tf.constant(X), [[0, 1], [1, 2]]),
        "get_static_value": lambda tf, f: tf.constant(f(tf.constant(X))),
        "gradients": _gradients,
        "GradientTape": _tape,
        "group": lambda tf, f: _group(tf, f),
        "hessians": lambda tf, f: _hessians(tf, f),
        "identity_n": lambda tf, f: f([tf.constant(X), tf.constant(3)]),
        "invert_permutation": lambda tf, f: f(tf.constant([2, 0, 1])),
        "linspace": lambda tf, f: f(0.0, 1.0, 5),
        "lin_space": lambda tf, f: f(0.0, 2.0, 3),
        "make_ndarray": lambda tf, f: tf.constant(f(tf.make_tensor_proto(X))),
        "make_tensor_proto": lambda tf, f: tf.constant(tf.make_ndarray(f(X, dtype=tf.float64))),
        "map_fn": lambda tf, f: f(lambda row: row * 2.0, tf.constant(X)),
        "matrix_set_diag": lambda tf, f: f(tf.zeros([2, 2]), tf.constant([1.0, 2.0])),
        "matrix_transpose": lambda tf, f: f(tf.constant([X, X])),
        "meshgrid": lambda tf, f: f([1, 2, 3], [4, 5], indexing="ij"),
        "no_op": lambda tf, f: _no_op(tf, f),
        "numpy_function": lambda tf, f: f(lambda x: np.cumsum(x, 1), [tf.constant(X)], tf.float32),
        "one_hot": lambda tf, f: [f([0, 2], 3), f([1], 3, on_value=5.0, off_value=-1.0, axis=0)],
        "pad": lambda tf, f: [f(tf.constant(X), [[1, 0], [0, 1]]), f(X, [[0, 1], [1, 1]], "REFLECT")],
        "parallel_stack": lambda tf, f: f([tf.constant([1, 2]), tf.constant([3, 4])]),
        "placeholder": _placeholder,
        "placeholder_with_default": _default,
        "print": lambda tf, f: _print_v2(tf, f),
        "py_func": lambda tf, f: f(lambda x, y: np.float32(x * y), [tf.constant(2.0), 3.0], tf.float32),
        "py_function": lambda tf, f: f(lambda x: tf.reduce_sum(x) * 2.0, [tf.constant(X)], tf.float32),
        "range": lambda tf, f: [f(5), f(2, 10, 3), f(1.0, 2.0, delta=0.25)],
        "recompute_grad": _recompute,
        "repeat": lambda tf, f: f(tf.constant([1, 2]), [2, 3]),
        "required_space_to_batch_paddings": lambda tf, f: f([5, 4], [2, 2]),
        "reshape": lambda tf, f: [f(tf.constant(X), [3, 2]), f(tf.constant(X), [-1])],
        "reverse": lambda tf, f: f(tf.constant(X), [1]),
        "reverse_sequence": lambda tf, f: [
            f(tf.constant(X), [2, 3], seq_axis=1, batch_axis=0),
            f(tf.constant(X), [2, 3], seq_dim=1, batch_dim=0),
        ],
        "roll": lambda tf, f: f(tf.constant(X), 1, 1),
        "scan": lambda tf, f: f(lambda a, x: a + x, tf.constant([1.0, 2.0, 3.0])),
        "scatter_nd": lambda tf, f: f([[1], [3]], [9, 8], [5], "scattered"),
        "searchsorted": lambda tf, f: f(tf.constant([[1, 3, 5]]), tf.constant([[0, 3, 6]]), side="right"),
        "sequence_mask": lambda tf, f: f([1, 3], 4, dtype=tf.int32),
        "setdiff1d": lambda tf, f: f(tf.constant([1, 2, 3, 4]), tf.constant([2, 4])),
        "shape_n": lambda tf, f: f([tf.constant(X), tf.constant([3.0])]),
        "slice": lambda tf, f: f(tf.constant(X), [0, 1], [2, 2]),
        "sort": lambda tf, f: f(tf.constant([3, 1, 2])),
        "space_to_batch": lambda tf, f: f(tf.constant(IMAGE), [[0, 0], [0, 0]], 2),
        "space_to_batch_nd": lambda tf, f: f(tf.constant(IMAGE), [2, 2], [[0, 0], [0, 0]]),
        "split": lambda tf, f: [f(tf.constant(X), 3, 1), f(tf.constant(X), [1, 2], axis=1)],
        "stack": lambda tf, f: f([tf.constant(X), tf.constant(X)], axis=1),
        "squeeze": lambda tf, f: [f(tf.constant([X])), f(tf.constant([X]), squeeze_dims=[0])],
        "strided_slice": lambda tf, f: f(tf.constant(X), [0, 0], [2, 3], [1, 2]),
        "switch_case": lambda tf, f: f(tf.constant(1), [lambda: tf.constant(5), lambda: tf.constant(6)]),
        "tile": lambda tf, f: f(tf.constant(X), [2, 1]),
        "transpose": lambda tf, f: [f(tf.constant(X)), f(tf.constant([X]), perm=[1, 2, 0])],
        "tuple": lambda tf, f: f([tf.constant(X), tf.constant(1)]),
        "unique": lambda tf, f: f(tf.constant([1, 1, 2, 4, 2])),
        "unique_with_counts": lambda tf, f: f(tf.constant([1, 1, 2, 4, 2])),
        "unravel_index": lambda tf, f: f(tf.constant([5, 2]), tf.constant([2, 3])),
        "where": lambda tf, f: [f(tf.constant([True, False, True])), f([True, False], X, [[0.0] * 3] * 2)],
        "where_v2": lambda tf, f: f(tf.constant([[True], [False]]), tf.constant(X), 0.0),
        "while_loop": _while,
        "wrap_function": lambda tf, f: f(lambda x: x * 2.0, [tf.TensorSpec([2], tf.float32)])(
            tf.constant([1.0, 2.0])
        ),
        "nest.map_structure": lambda tf, f: f(lambda x: x + 1, {"a": tf.constant(1), "b": (tf.constant(2),)}),
        "nest.flatten": lambda tf, f: f({"b": tf.constant(2), "a": [tf.constant(1)]}),
        "nest.pack_sequence_as": lambda tf, f: f([0, (1, 2)], [tf.constant(i) for i in range(3)]),
        "nest.is_nested": lambda tf, f: tf.constant([f([1]), f(1)]),
        "nest.assert_same_structure": lambda tf, f: [f([1, (2,)], [3, (4,)]), tf.constant(1)][1],
        "as_dtype": lambda tf, f: tf.zeros([2], f("int16")),
        "dtypes.DType": lambda tf, f: tf.constant(isinstance(tf.float32, f)),
        "unstack": lambda tf, f: [f(tf.constant(X)), f(tf.constant(X), axis=1)],
        "user_ops.my_fact": lambda tf, f: f(),
        "Tensor": lambda tf, f: tf.constant([isinstance(tf.constant(X), f), isinstance(X, f)]),
        "Operation": lambda tf, f: tf.constant([isinstance(tf.no_op(), f), isinstance(X, f)]),
        "IndexedSlices": lambda tf, f: tf.convert_to_tensor(f(tf.constant(X), tf.constant([3, 1]), [5, 3])),
        "is_tensor": lambda tf, f: tf.constant([f(tf.constant(X)), f(X)]),
    }
)


def _group(tf, f):
    a, b = tf.Variable(1, name="a"), tf.Variable(2, name="b")
    both = f(tf.assign(a, 5), tf.assign_add(b, 3))
    return lambda sess: (sess.run(tf.global_variables_initializer()), sess.run(both), sess.run([a, b]))


def _hessians(tf, f):
    x = tf.constant([1.0, 2.0])
    return f(tf.reduce_sum(x**3), x)


def _no_op(tf, f):
    nothing = f(name="nothing")
    return lambda sess: [sess.run(nothing), nothing.name]


def _print_v2(tf, f):
    with tf.control_dependencies([f("case tf.print", output_stream="file:///dev/null")]):
        return tf.constant(1)
