"""tf.contrib.losses."""

import numpy as np

R = np.random.RandomState(7)
PREDICTIONS = R.uniform(0.05, 0.95, (4, 3)).astype(np.float32)
LABELS = R.uniform(0.0, 1.0, (4, 3)).astype(np.float32)
CLASSES = np.eye(3, dtype=np.float32)[[0, 2, 1, 1]]
WEIGHTS = {
    "none": 1.0,
    "half": 0.5,
    "zero": 0.0,
    "batch": np.float32([1.0, 0.0, 2.0, 0.5]),
    "column": np.float32([[1.0], [0.0], [2.0], [0.5]]),
    "one": np.float32([2.0]),
    "all": R.uniform(0.0, 1.0, (4, 3)).astype(np.float32).round(),
}
#: Loss: its arguments before the weights.
PAIRS = {
    "absolute_difference": (PREDICTIONS, LABELS),
    "mean_squared_error": (PREDICTIONS, LABELS),
    "log_loss": (PREDICTIONS, CLASSES),
    "sigmoid_cross_entropy": (PREDICTIONS, CLASSES),
    "softmax_cross_entropy": (PREDICTIONS, CLASSES),
    "sparse_softmax_cross_entropy": (PREDICTIONS, np.int32([0, 2, 1, 1])),
    "mean_pairwise_squared_error": (PREDICTIONS, LABELS),
}
BY_EXAMPLE = ("softmax_cross_entropy", "sparse_softmax_cross_entropy", "mean_pairwise_squared_error")


def _pair(loss, weights):
    def case(tf):
        predictions = tf.constant(PAIRS[loss][0])
        value = getattr(tf.contrib.losses, loss)(predictions, tf.constant(PAIRS[loss][1]), weights=weights)
        return {"value": value, "slope": tf.gradients(value, predictions)[0]}

    return case


def hinge(tf):
    return {"value": tf.contrib.losses.hinge_loss(tf.constant(PREDICTIONS - 0.5), tf.constant(CLASSES))}


def cosine(tf):
    losses = tf.contrib.losses
    unit = [tf.nn.l2_normalize(tf.constant(array), 1) for array in (PREDICTIONS, LABELS)]
    return {"axis": losses.cosine_distance(*unit, axis=1), "dim": losses.cosine_distance(*unit, dim=1, weights=0.5)}


def smoothing(tf):
    losses = tf.contrib.losses
    given = tf.constant(PREDICTIONS), tf.constant(CLASSES)
    return {
        "sigmoid": losses.sigmoid_cross_entropy(*given, label_smoothing=0.2, scope="smooth"),
        "softmax": losses.softmax_cross_entropy(*given, label_smoothing=0.2),
    }


def collections(tf):
    losses = tf.contrib.losses
    w = tf.get_variable("w", [3], regularizer=tf.contrib.layers.l2_regularizer(0.1))
    losses.mean_squared_error(tf.constant(PREDICTIONS) * w, tf.constant(LABELS))
    losses.add_loss(tf.reduce_sum(w, name="mine"))
    losses.add_loss(tf.reduce_sum(w * 2.0, name="elsewhere"), loss_collection=None)
    assert len(losses.get_losses()) == 2 and len(losses.get_losses("mine")) == 1
    assert len(losses.get_regularization_losses()) == 1
    return {"loss": losses.get_total_loss(), "alone": losses.get_total_loss(False, name="alone")}


def weighted(tf):
    values = tf.constant(np.arange(24, dtype=np.float32).reshape(4, 3, 2))
    losses = tf.contrib.losses
    return {
        name: losses.compute_weighted_loss(values, tf.constant(weight))
        for name, weight in WEIGHTS.items()
        if name in ("none", "zero", "batch", "one", "all")
    }


CASES = {
    "%s, weights %s" % (loss, name): _pair(loss, weight)
    for loss in PAIRS
    for name, weight in WEIGHTS.items()
    if not (loss in BY_EXAMPLE and name in ("all", "column"))
}
CASES.update({f.__name__: f for f in (hinge, cosine, smoothing, collections, weighted)})
