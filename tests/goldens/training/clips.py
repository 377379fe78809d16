"""Clipping and norms, over ordinary numbers and the awkward ones; results and gradients."""

import numpy as np
from goldens.training.cases import Case, numbers

DTYPES = ("float32", "float64", "float16", "bfloat16")


def inputs(dtype):
    """3×18 arrays, a step each, and rows that slices of them name (one of them twice)."""
    normal, other = numbers(31, [3, 18], dtype) * 2, numbers(32, [3, 18], dtype)
    arrays = [normal, other, normal / 64, np.zeros_like(normal)]
    for value in (np.inf, -np.inf, np.nan, 2.0 ** 14, 2.0 ** -14):
        array = normal.copy()
        array[1, 0] = value
        arrays.append(array)
    both = normal.copy()
    both[0, 1], both[2, 0] = np.inf, np.nan
    only_zeros_in_a_row = normal.copy()
    only_zeros_in_a_row[1] = 0
    return [(array, np.array([0, 3, 0], "int64")) for array in arrays + [both, only_zeros_in_a_row]]


def sliced(tf, x, rows):
    return tf.IndexedSlices(x, rows, dense_shape=tf.constant([5, 18], tf.int64))


def flat(values):
    """The tensors in a result: slices' values, nothing for None."""
    values = values if isinstance(values, (list, tuple)) else [values]
    return [getattr(value, "values", value) for value in values if value is not None]


# Rule: function(world, x, rows) -> result. x is 3×18; rows are the rows of slices made from it.
RULES = {
    "clip_by_value": lambda w, x, rows: w.rules.clip_by_value(x, -0.5, 0.75),
    "clip_by_value, bounds by column": lambda w, x, rows: w.rules.clip_by_value(
        x, w.tf.cast(w.tf.constant([-0.5, 0.0] * 9), x.dtype), w.tf.cast(w.tf.constant([0.25, 1.0] * 9), x.dtype)
    ),
    "clip_by_value, slices": lambda w, x, rows: w.rules.clip_by_value(sliced(w.tf, x, rows), -0.5, 0.75),
    "clip_by_norm": lambda w, x, rows: w.rules.clip_by_norm(x, 1.0),
    # Three norms, not eighteen: the square root of 1.15.5's vector code, for four and more, takes inf to NaN.
    "clip_by_norm, axes=0": lambda w, x, rows: w.rules.clip_by_norm(w.tf.transpose(x), 0.75, axes=[0]),
    "clip_by_norm, axes=1": lambda w, x, rows: w.rules.clip_by_norm(x, 0.75, axes=[1]),
    "clip_by_norm, axes=0 and 1": lambda w, x, rows: w.rules.clip_by_norm(x, 0.75, axes=[0, 1]),
    "clip_by_norm, slices": lambda w, x, rows: w.rules.clip_by_norm(sliced(w.tf, x, rows), 1.0),
    "clip_by_average_norm": lambda w, x, rows: w.rules.clip_by_average_norm(x, 0.25),
    "global_norm": lambda w, x, rows: w.rules.global_norm([x, x * 2]),
    "global_norm, None": lambda w, x, rows: w.rules.global_norm([None, x, None]),
    "global_norm, slices": lambda w, x, rows: w.rules.global_norm([sliced(w.tf, x, rows), x]),
    "clip_by_global_norm": lambda w, x, rows: with_norm(w.rules.clip_by_global_norm([x, x * 2], 1.0)),
    "clip_by_global_norm, none needed": lambda w, x, rows: with_norm(w.rules.clip_by_global_norm([x], 64.0)),
    "clip_by_global_norm, None and slices": lambda w, x, rows: with_norm(
        w.rules.clip_by_global_norm([None, sliced(w.tf, x, rows), x / 2, None], 1.0)
    ),
    "clip_by_global_norm, use_norm": lambda w, x, rows: with_norm(
        w.rules.clip_by_global_norm([x, x * 2], 1.0, use_norm=w.tf.cast(w.tf.constant(4.0), x.dtype))
    ),
    "l2_loss": lambda w, x, rows: w.tf.nn.l2_loss(x),
}


def with_norm(clipped_and_norm):
    clipped, norm = clipped_and_norm
    return list(clipped) + [norm]


def clip_case(rule, dtype):
    def begin(world):
        def step(x, rows):
            x = world.tf.cast(x, dtype)
            results, (gradient,) = world.gradients(lambda x: flat(RULES[rule](world, x, rows)), [x])
            found = dict(enumerate(results), gradient=gradient)
            # A scalar is kept whole, of the others every second column.
            return {str(name): v[:, ::2] if v.shape.ndims else v for name, v in found.items()}

        return step

    return Case(rule, begin, inputs(dtype), dtype=dtype)


CASES = {"%s; %s" % (rule, dtype): clip_case(rule, dtype) for rule in RULES for dtype in DTYPES}


def facts(tf, rules):
    """What the functions do with lists of None, with wrong arguments, and with structure."""
    x = tf.constant([3.0, 4.0])
    return {
        "no norm of None alone": outcome(lambda: rules.global_norm([None])),
        "None alone": outcome(lambda: rules.clip_by_global_norm([None], 1.0)),
        "no list": outcome(lambda: rules.clip_by_global_norm(x, 1.0)),
        "no list of norms": outcome(lambda: rules.global_norm(x)),
        "empty list": outcome(lambda: rules.clip_by_global_norm([], 1.0)),
        "None stays": [value is None for value in rules.clip_by_global_norm([None, x, None], 1.0)[0]],
        "a tuple is a list": type(rules.clip_by_global_norm((x,), 1.0)[0]).__name__,
        "bounds of another dtype": outcome(lambda: rules.clip_by_value(x, tf.constant(0), tf.constant(1))),
        "an int tensor": outcome(lambda: rules.clip_by_value(tf.constant([1, 9]), 2, 5)),
        "bounds that do not broadcast": outcome(lambda: rules.clip_by_value(x, [0.0] * 3, [1.0] * 3)),
        "bounds that make it larger": outcome(lambda: rules.clip_by_value(x, 0.0, [[1.0], [2.0]])),
    }


def outcome(function):
    """The kind of error, or of what is returned."""
    try:
        result = function()
    except Exception as error:
        return type(error).__name__
    return "None" if result is None else "a result"


def observe(tf, rules, graph, new_session):
    with graph.as_default():
        return facts(tf, rules)
