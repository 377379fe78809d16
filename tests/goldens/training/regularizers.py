"""Penalties: their values and gradients, and how variables collect them."""

import numpy as np
from goldens.training.cases import Case, numbers
from goldens.training.clips import outcome

DTYPES = ("float32", "float64", "float16", "bfloat16")

# Rule: function(rules, tensors of weights) -> penalty.
RULES = {
    "l1_regularizer": lambda r, w: r.l1_regularizer(0.1)(w),
    "l2_regularizer": lambda r, w: r.l2_regularizer(0.1)(w),
    "l1_l2_regularizer": lambda r, w: r.l1_l2_regularizer(0.1, 0.3)(w),
    "l1_l2_regularizer, defaults": lambda r, w: r.l1_l2_regularizer()(w),
    "l1_l2_regularizer, no l1": lambda r, w: r.l1_l2_regularizer(0.0, 0.3)(w),
    "l1_l2_regularizer, no l2": lambda r, w: r.l1_l2_regularizer(0.1, 0.0)(w),
    "sum_regularizer": lambda r, w: r.sum_regularizer(
        [r.l1_regularizer(0.1), None, r.l2_regularizer(0.2), r.l1_regularizer(0.0), r.l2_regularizer(0.5)]
    )(w),
    "apply_regularization": lambda r, w: r.apply_regularization(r.l2_regularizer(0.1), [w, w * 2, w[0]]),
    "apply_regularization, l1": lambda r, w: r.apply_regularization(r.l1_regularizer(0.1), [w, w * 2, w[0]]),
}


def inputs(dtype):
    """5×7 weights, a step each: ordinary, zeros, tiny, with an inf and with a NaN."""
    normal = numbers(41, [5, 7], dtype)
    infinite, nan = normal.copy(), normal.copy()
    infinite[1, 1], nan[1, 1] = -np.inf, np.nan
    return [(array,) for array in (normal, normal * 0, normal / 1024, infinite, nan)]


def penalty_case(rule, dtype):
    def begin(world):
        def step(weights):
            weights = world.tf.cast(weights, dtype)
            (penalty,), (gradient,) = world.gradients(lambda w: [RULES[rule](world.rules, w)], [weights])
            return {"penalty": penalty, "gradient": gradient}

        return step

    return Case(rule, begin, inputs(dtype), dtype=dtype)


CASES = {"%s; %s" % (rule, dtype): penalty_case(rule, dtype) for rule in RULES for dtype in DTYPES}


def observe(tf, rules, graph, new_session):
    """What a graph collects through get_variable(regularizer=…), and what is refused."""
    with graph.as_default():
        start = tf.constant_initializer([1.0, -2.0, 3.0])

        def weights(name, regularizer):
            return tf.get_variable(name, [3], initializer=start, regularizer=regularizer)

        weights("a", rules.l1_regularizer(0.1))
        b = weights("b", rules.l2_regularizer(0.1))
        with tf.variable_scope("scope", regularizer=rules.l1_l2_regularizer(0.1, 0.2)):
            weights("c", None)
            weights("d", rules.l1_regularizer(0.0))
        with tf.variable_scope("scope", reuse=True):
            tf.get_variable("c", [3])
        collected = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
        names = [tensor.op.name for tensor in collected]
        total = tf.losses.get_regularization_loss()
        in_scope = tf.losses.get_regularization_losses("scope")
        applied = rules.apply_regularization(rules.l2_regularizer(0.5), [b])
        with new_session(graph=graph) as session:
            session.run(tf.global_variables_initializer())
            values = [float(value) for value in session.run(collected + [total, applied])]
        return {
            "collected": names,
            "values": values,
            "in scope": len(in_scope),
            "after apply_regularization": len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)),
            "refused": refusals(rules),
            "disabled": [make(0.0)(b) is None for make in (rules.l1_regularizer, rules.l2_regularizer)],
            "sum of nothing": [rules.sum_regularizer(each) is None for each in ([], [None])],
            "sum of the disabled": rules.sum_regularizer([rules.l1_regularizer(0.0)])(b) is None,
        }


def refusals(rules):
    makers = {
        "l1": rules.l1_regularizer,
        "l2": rules.l2_regularizer,
        "l1_l2 l1": rules.l1_l2_regularizer,
        "l1_l2 l2": lambda scale: rules.l1_l2_regularizer(0.1, scale),
    }
    found = {"%s %r" % (name, s): outcome(lambda m=m, s=s: m(s)) for name, m in makers.items() for s in (-1.0, 1, 0)}
    l1 = rules.l1_regularizer(0.1)
    found["no weights"] = outcome(lambda: rules.apply_regularization(l1))
    return found
