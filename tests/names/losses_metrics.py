"""tf.losses and tf.metrics, which keep their counts in local variables."""

from . import each

LABELS = [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]
GUESSES = [[0.8, 0.3, 0.4], [0.1, 0.9, 0.6]]
LOGITS = [[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]
TRUTH = [True, False, True, True]
CALLS = [True, True, False, True]


def _total(tf, loss):
    return [
        loss,
        tf.losses.get_total_loss(add_regularization_losses=False),
        len(tf.losses.get_losses()) * loss,
    ]


def _metric(*args, **kwargs):
    """A metric over two updates of the same batch: its value before, after one, after two."""

    def build(tf, f):
        given = [a(tf) if callable(a) else tf.constant(a) for a in args]
        value, update = f(*given, **kwargs)
        return lambda sess: [sess.run(update), sess.run(value), sess.run(update), sess.run(value)]

    return build


def _int64(values):
    return lambda tf: tf.constant(values, tf.int64)


def _constants(tf):
    return tf.constant(LABELS), tf.constant(GUESSES)


CASES = {}
CASES.update(
    each(
        """losses.absolute_difference losses.mean_squared_error losses.huber_loss losses.log_loss
        losses.mean_pairwise_squared_error losses.hinge_loss""",
        lambda tf, f: _total(tf, f(*_constants(tf))),
    )
)
CASES.update(
    each(
        "losses.sigmoid_cross_entropy losses.softmax_cross_entropy",
        lambda tf, f: _total(tf, f(tf.constant(LABELS), logits=tf.constant(LOGITS), weights=0.5)),
    )
)
CASES.update(
    {
        "losses.add_loss": lambda tf, f: [f(tf.constant(2.0)), tf.losses.get_total_loss()][1],
        "losses.compute_weighted_loss": lambda tf, f: [
            f(tf.constant(LOGITS), 2.0),
            f(tf.constant(LOGITS), [[1.0], [0.0]], reduction=tf.losses.Reduction.SUM),
        ],
        "losses.cosine_distance": lambda tf, f: [f(*_constants(tf), axis=1), f(*_constants(tf), dim=1)],
        "losses.get_losses": lambda tf, f: [tf.losses.mean_squared_error(LABELS, GUESSES), f()[0]],
        "losses.get_total_loss": lambda tf, f: [tf.losses.mean_squared_error(LABELS, GUESSES), f()],
        "losses.get_regularization_losses": lambda tf, f: [_regularized(tf), f()[0]],
        "losses.get_regularization_loss": lambda tf, f: [_regularized(tf), f()],
        "losses.sparse_softmax_cross_entropy": lambda tf, f: f(tf.constant([0, 2]), tf.constant(LOGITS)),
        "losses.Reduction": lambda tf, f: tf.losses.mean_squared_error(LABELS, GUESSES, reduction=f.NONE),
    }
)
CASES.update(
    each(
        """metrics.mean_absolute_error metrics.mean_squared_error metrics.root_mean_squared_error""",
        _metric(LABELS, GUESSES),
    )
)
CASES.update(
    each(
        """metrics.accuracy metrics.precision metrics.recall metrics.true_positives metrics.true_negatives
        metrics.false_positives metrics.false_negatives""",
        _metric(TRUTH, CALLS),
    )
)
CASES.update(
    each(
        """metrics.precision_at_thresholds metrics.recall_at_thresholds metrics.true_positives_at_thresholds
        metrics.true_negatives_at_thresholds metrics.false_positives_at_thresholds
        metrics.false_negatives_at_thresholds""",
        _metric(LABELS, GUESSES, thresholds=[0.2, 0.5]),
    )
)
CASES.update(each("metrics.mean metrics.mean_tensor", _metric(GUESSES)))
CASES.update(
    each(
        "metrics.sensitivity_at_specificity metrics.specificity_at_sensitivity",
        lambda tf, f: _metric(LABELS, GUESSES)(tf, lambda a, b: f(a, b, 0.5, num_thresholds=20)),
    )
)
CASES.update(
    each(
        "metrics.precision_at_k metrics.recall_at_k metrics.average_precision_at_k",
        lambda tf, f: _metric(_int64([[0], [1]]), LOGITS)(tf, lambda a, b: f(a, b, 2)),
    )
)
CASES.update(
    each(
        "metrics.precision_at_top_k metrics.recall_at_top_k",
        _metric(_int64([[0], [1]]), _int64([[0, 2], [1, 0]])),
    )
)
CASES.update(
    {
        "metrics.auc": _metric(LABELS, GUESSES, num_thresholds=20),
        "metrics.mean_cosine_distance": _metric(LABELS, GUESSES, dim=1),
        "metrics.mean_iou": _metric([0, 1, 1], [0, 1, 0], num_classes=2),
        "metrics.mean_per_class_accuracy": _metric([0, 1, 1], [0, 1, 0], num_classes=2),
        "metrics.mean_relative_error": _metric(LABELS, GUESSES, normalizer=[[1.0, 2.0, 4.0]] * 2),
        "metrics.percentage_below": _metric(GUESSES, threshold=0.5),
    }
)


def _regularized(tf):
    w = tf.get_variable("w", initializer=tf.constant(LOGITS), regularizer=lambda x: tf.nn.l2_loss(x) * 0.1)
    return w.initialized_value()
