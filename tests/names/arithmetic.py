"""Elementwise functions, reductions, segments."""

from . import each

P = [[0.1, 0.4, 0.25], [0.7, 0.9, 0.5]]  # in (0, 1), where every unary function is defined
Q = [[0.5, 0.3, 0.75], [0.2, 0.6, 0.35]]
S = [[1.5, -2.25, 0.0], [-0.5, 3.0, 2.5]]
I = [[7, 2, 5], [3, 9, 4]]  # noqa: E741
J = [[2, 3, 5], [4, 2, 3]]
B = [[True, False, True], [False, False, True]]
C = [[True, True, False], [False, True, True]]
IDS = [0, 0, 1]

COMPLEX = [[1 + 2j, -0.5j], [3 + 0j, 0.25 - 1j]]


def _unary(tf, f):
    x = tf.constant(P)
    y = f(x)
    return [y, tf.gradients(y, x)[0]] if y.dtype.is_floating else y


CASES = {}
CASES.update(
    each(
        """acos asin atan atanh cos cosh digamma erf erfc exp expm1 lgamma log log1p reciprocal rsqrt
        sin sinh sqrt tan math.log math.bessel_i0e math.bessel_i1e math.reciprocal_no_nan log_sigmoid
        math.bessel_i0 math.bessel_i1""",
        _unary,
    )
)
CASES.update(
    each(
        """abs asinh sigmoid sign square tanh negative nn.crelu nn.elu nn.leaky_relu nn.relu nn.relu6
        nn.selu nn.swish nn.softplus nn.softsign nn.sigmoid nn.tanh nn.softmax nn.log_softmax nn.l2_loss
        nn.zero_fraction math.l2_normalize nn.l2_normalize identity zeros_like ones_like stop_gradient
        ceil floor rint round is_finite is_inf is_nan to_double to_float to_int32 to_int64
        to_bfloat16 to_complex64 to_complex128 guarantee_const cumsum cumprod
        math.cumulative_logsumexp shape size rank""",
        lambda tf, f: f(tf.constant(S)),
    )
)
CASES.update(
    each(
        """add subtract multiply divide maximum minimum squared_difference realdiv truediv div floordiv
        floormod mod truncatemod math.xdivy math.xlogy math.multiply_no_nan div_no_nan
        pow atan2 igamma igammac zeta floor_div""",
        lambda tf, f: f(tf.constant(P), tf.constant(Q)),
    )
)
CASES.update(
    each(
        "truncatediv bitwise.bitwise_and bitwise.bitwise_or bitwise.bitwise_xor bitwise.left_shift "
        "bitwise.right_shift",
        lambda tf, f: f(tf.constant(I), tf.constant(J)),
    )
)
CASES.update(
    each(
        "equal not_equal less less_equal greater greater_equal",
        lambda tf, f: [f(tf.constant(I), tf.constant(J)), f(tf.constant(P), tf.constant(0.4))],
    )
)
CASES.update(each("logical_and logical_or logical_xor", lambda tf, f: f(tf.constant(B), tf.constant(C))))
CASES.update(
    each(
        "reduce_mean reduce_sum reduce_max reduce_min reduce_prod reduce_logsumexp math.reduce_std "
        "math.reduce_variance math.reduce_euclidean_norm count_nonzero",
        lambda tf, f: [f(tf.constant(S)), f(tf.constant(S), axis=1), f(tf.constant(S), 0)],
    )
)
CASES.update(
    each("reduce_all reduce_any", lambda tf, f: [f(tf.constant(B)), f(tf.constant(B), axis=0, keepdims=True)])
)
CASES.update(
    each("argmax argmin arg_max arg_min", lambda tf, f: [f(tf.constant(S), 1), f(tf.constant(S), 0)]),
)
CASES.update(
    each(
        "segment_max segment_mean segment_min segment_prod segment_sum",
        lambda tf, f: f(tf.constant(S + [[1.0, 2.0, -1.0]]), tf.constant(IDS)),
    )
)
CASES.update(
    each(
        "unsorted_segment_max unsorted_segment_mean unsorted_segment_min unsorted_segment_prod "
        "unsorted_segment_sqrt_n unsorted_segment_sum",
        lambda tf, f: f(tf.constant(S + [[1.0, 2.0, -1.0]]), tf.constant([1, 0, 1]), 2),
    )
)
CASES.update(
    each(
        "sparse_segment_sum sparse_segment_mean sparse_segment_sqrt_n",
        lambda tf, f: f(tf.constant(S), tf.constant([1, 0, 1]), tf.constant(IDS)),
    )
)
CASES.update(each("angle conj imag real", lambda tf, f: f(tf.constant(COMPLEX))))
CASES.update(each("add_n accumulate_n", lambda tf, f: f([tf.constant(P), tf.constant(Q), tf.constant(P)])))
CASES.update(
    {
        "acosh": lambda tf, f: f(tf.constant([1.0, 1.5, 20.0])),
        "betainc": lambda tf, f: f(tf.constant(P), tf.constant(Q), tf.constant(0.3)),
        "bincount": lambda tf, f: f(tf.constant([1, 1, 3, 2, 1])),
        "bitcast": lambda tf, f: f(tf.constant(P), tf.int32),
        "bitwise.invert": lambda tf, f: f(tf.constant(I)),
        "clip_by_average_norm": lambda tf, f: f(tf.constant(S), 0.2),
        "clip_by_global_norm": lambda tf, f: f([tf.constant(S), tf.constant(P)], 1.5),
        "clip_by_norm": lambda tf, f: [f(tf.constant(S), 1.5), f(tf.constant(S), 1.5, axes=[1])],
        "clip_by_value": lambda tf, f: f(tf.constant(S), -1.0, 2.0),
        "complex": lambda tf, f: f(tf.constant(P), tf.constant(Q)),
        "cross": lambda tf, f: f(tf.constant(P), tf.constant(Q)),
        "confusion_matrix": lambda tf, f: f([1, 2, 0], [1, 0, 0], num_classes=3),
        "global_norm": lambda tf, f: f([tf.constant(S), None, tf.constant(P)]),
        "grad_pass_through": lambda tf, f: f(tf.round)(tf.constant(S)),
        "histogram_fixed_width": lambda tf, f: f(tf.constant(S), [-2.0, 3.0], nbins=5),
        "histogram_fixed_width_bins": lambda tf, f: f(tf.constant(S), [-2.0, 3.0], nbins=5),
        "lbeta": lambda tf, f: f(tf.constant(P)),
        "logical_not": lambda tf, f: f(tf.constant(B)),
        "math.polyval": lambda tf, f: f([tf.constant(1.0), tf.constant(-2.0)], tf.constant(P)),
        "polygamma": lambda tf, f: f(tf.constant([[1.0, 2.0, 3.0]] * 2), tf.constant(P)),
        "reduce_join": lambda tf, f: f(tf.constant([["a", "b"], ["c", "d"]]), axis=1),
        "scalar_mul": lambda tf, f: f(2.5, tf.constant(S)),
        "math.in_top_k": lambda tf, f: f(tf.constant(S), tf.constant([0, 1]), 1),
        "nn.top_k": lambda tf, f: [f(tf.constant(S), 2), f(tf.constant(S), 2, True, "best")],
        "saturate_cast": lambda tf, f: f(tf.constant([300.0, -5.0, 7.0]), tf.uint8),
        "cast": lambda tf, f: [f(tf.constant(S), tf.int32), f(tf.constant(B), tf.float64)],
        "count_up_to": lambda tf, f: _count_up(tf, f),
        "norm": lambda tf, f: [f(tf.constant(S)), f(tf.constant(S), ord=1, axis=1)],
        "trace": lambda tf, f: f(tf.constant(P)),
        "tensordot": lambda tf, f: f(tf.constant(P), tf.constant(Q), [[1], [1]]),
        "einsum": lambda tf, f: f("ij,kj->ik", tf.constant(P), tf.constant(Q)),
        "math.nextafter": lambda tf, f: f(tf.constant(P), tf.constant(Q)),
        "matmul": lambda tf, f: [
            f(tf.constant(P), tf.constant(Q), transpose_b=True),
            f(tf.constant(P), tf.constant(Q), True),
        ],
        "sparse_matmul": lambda tf, f: f(tf.constant(P), tf.constant(Q), transpose_b=True),
        "math.is_non_decreasing": lambda tf, f: [f(tf.constant([1, 1, 2])), f(tf.constant([2, 1]))],
        "math.is_strictly_increasing": lambda tf, f: [f(tf.constant([1, 1, 2])), f(tf.constant([1, 2]))],
        "vectorized_map": lambda tf, f: f(lambda row: tf.reduce_sum(row) * 2.0, tf.constant(P)),
        "fake_quant_with_min_max_args": lambda tf, f: f(tf.constant(S), -1.0, 2.0, 4),
        "fake_quant_with_min_max_args_gradient": lambda tf, f: f(tf.constant(P), tf.constant(S), -1.0, 2.0),
        "fake_quant_with_min_max_vars": lambda tf, f: f(tf.constant(S), -1.0, 2.0),
        "fake_quant_with_min_max_vars_gradient": lambda tf, f: f(tf.constant(P), tf.constant(S), -1.0, 2.0),
        "fake_quant_with_min_max_vars_per_channel": lambda tf, f: f(
            tf.constant(S), tf.constant([-1.0, -2.0, 0.0]), tf.constant([1.0, 2.0, 3.0])
        ),
        "quantization.quantize_and_dequantize": lambda tf, f: f(tf.constant(S), -3.0, 3.0, num_bits=4),
        "quantize_v2": lambda tf, f: f(tf.constant(S), -3.0, 3.0, tf.quint8)[1:],
        "quantization.quantize": lambda tf, f: tf.cast(f(tf.constant(S), -3.0, 3.0, tf.quint8)[0], tf.int32),
        "dequantize": lambda tf, f: f(tf.quantize_v2(tf.constant(S), -3.0, 3.0, tf.quint8)[0], -3.0, 3.0),
    }
)


def _count_up(tf, f):
    v = tf.Variable(0, name="counter")
    count = f(v, 3)
    return lambda sess: (sess.run(tf.global_variables_initializer()), [sess.run(count) for _ in range(3)])[1]
