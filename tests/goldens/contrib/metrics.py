"""tf.contrib.metrics: values and updates of each metric after a batch."""

import numpy as np

R = np.random.RandomState(5)
PREDICTIONS = R.uniform(0.0, 1.0, (2, 6)).astype(np.float32)
LABELS = R.uniform(0.0, 1.0, (2, 6)).astype(np.float32)
TRUE = R.uniform(0.0, 1.0, (2, 6)) > 0.5
WEIGHTS = R.uniform(0.0, 1.0, (2, 6)).astype(np.float32)
SCORES = R.uniform(0.0, 1.0, (2, 6, 4)).astype(np.float32)
CLASSES = R.randint(0, 4, (2, 6)).astype(np.int64)
CHOSEN = R.randint(0, 4, (2, 6)).astype(np.int64)


def streamed(tf, metric, *batches, **kwargs):
    """The update of one batch, for the value would be read before or after it; an update that is an operation goes
    without."""
    now = [tf.constant(batch[0]) for batch in batches]
    if "weights" in kwargs:
        kwargs["weights"] = tf.constant(kwargs["weights"][0])
    value, update = metric(*now, **kwargs)
    return {"value": value} if isinstance(update, tf.Operation) else {"update": tf.identity(update)}


def _case(name, *batches, **kwargs):
    def case(tf):
        return streamed(tf, getattr(tf.contrib.metrics, name), *batches, **kwargs)

    return case


PAIR = (PREDICTIONS, LABELS)
BINARY = (PREDICTIONS, TRUE)
AT = {"thresholds": [0.1, 0.5, 0.9]}
TABLE = {
    "streaming_true_positives": ((PREDICTIONS > 0.5, TRUE), {}),
    "streaming_true_negatives": ((PREDICTIONS > 0.5, TRUE), {}),
    "streaming_false_positives": ((PREDICTIONS > 0.5, TRUE), {}),
    "streaming_false_negatives": ((PREDICTIONS > 0.5, TRUE), {}),
    "streaming_mean": ((LABELS,), {}),
    "streaming_mean_tensor": ((LABELS,), {}),
    "streaming_accuracy": ((CHOSEN, CLASSES), {}),
    "streaming_precision": ((PREDICTIONS > 0.5, TRUE), {}),
    "streaming_recall": ((PREDICTIONS > 0.5, TRUE), {}),
    "streaming_false_positive_rate": ((PREDICTIONS > 0.5, TRUE), {}),
    "streaming_false_negative_rate": ((PREDICTIONS > 0.5, TRUE), {}),
    "streaming_true_positives_at_thresholds": (BINARY, AT),
    "streaming_true_negatives_at_thresholds": (BINARY, AT),
    "streaming_false_positives_at_thresholds": (BINARY, AT),
    "streaming_false_negatives_at_thresholds": (BINARY, AT),
    "streaming_false_positive_rate_at_thresholds": (BINARY, AT),
    "streaming_false_negative_rate_at_thresholds": (BINARY, AT),
    "streaming_precision_at_thresholds": (BINARY, AT),
    "streaming_recall_at_thresholds": (BINARY, AT),
    "streaming_auc": (BINARY, {"num_thresholds": 20}),
    "streaming_specificity_at_sensitivity": (BINARY, {"sensitivity": 0.5}),
    "streaming_sensitivity_at_specificity": (BINARY, {"specificity": 0.5}),
    "streaming_recall_at_k": ((SCORES, CLASSES), {"k": 2}),
    "streaming_sparse_recall_at_k": ((SCORES, CLASSES[..., None]), {"k": 2}),
    "streaming_sparse_precision_at_k": ((SCORES, CLASSES[..., None]), {"k": 2, "class_id": 1}),
    "streaming_sparse_precision_at_top_k": ((CHOSEN[..., None], CLASSES[..., None]), {}),
    "sparse_recall_at_top_k": ((CLASSES[..., None], CHOSEN[..., None]), {"class_id": 1}),
    "streaming_sparse_average_precision_at_k": ((SCORES, CLASSES[..., None]), {"k": 2}),
    "streaming_sparse_average_precision_at_top_k": ((CHOSEN[..., None], CLASSES[..., None]), {}),
    "streaming_mean_absolute_error": (PAIR, {}),
    "streaming_mean_relative_error": ((PREDICTIONS, LABELS, LABELS + 1.0), {}),
    "streaming_mean_squared_error": (PAIR, {}),
    "streaming_root_mean_squared_error": (PAIR, {}),
    "streaming_covariance": (PAIR, {}),
    "streaming_pearson_correlation": (PAIR, {}),
    "streaming_percentage_less": ((LABELS,), {"threshold": 0.5}),
    "streaming_mean_iou": ((CHOSEN, CLASSES), {"num_classes": 4}),
    "count": ((LABELS,), {}),
    "cohen_kappa": ((CLASSES, CHOSEN), {"num_classes": 4}),
    "f1_score": ((TRUE, PREDICTIONS), {"num_thresholds": 9}),
    "precision_at_recall": ((TRUE, PREDICTIONS), {"target_recall": 0.5}),
    "recall_at_precision": ((TRUE, PREDICTIONS), {"precision": 0.6, "num_thresholds": 20}),
    "streaming_curve_points": ((TRUE, PREDICTIONS), {"num_thresholds": 5}),
}
#: Metrics of which no op lets `weights` be.
UNWEIGHTED = ("streaming_sparse_precision_at_top_k", "sparse_recall_at_top_k", "streaming_mean_relative_error")
CASES = {name: _case(name, *batches, **kwargs) for name, (batches, kwargs) in TABLE.items()}
CASES.update(
    {
        name + ", weighted": _case(name, *batches, weights=WEIGHTS, **kwargs)
        for name, (batches, kwargs) in TABLE.items()
        if name not in UNWEIGHTED and "average_precision" not in name
    }
)
CASES["recall_at_precision, strict"] = _case(
    "recall_at_precision", TRUE, PREDICTIONS, precision=0.6, num_thresholds=20, strict_mode=True
)
CASES["streaming_curve_points, PR"] = _case("streaming_curve_points", TRUE, PREDICTIONS, num_thresholds=5, curve="PR")


def accuracies(tf):
    first = tf.constant(CHOSEN[0]), tf.constant(CLASSES[0])
    metrics = tf.contrib.metrics
    return {"plain": metrics.accuracy(*first), "weighted": metrics.accuracy(*first, weights=tf.constant(WEIGHTS[0]))}


def confusion(tf):
    return {"table": tf.contrib.metrics.confusion_matrix(tf.constant(CLASSES[0]), tf.constant(CHOSEN[0]), 4)}


def cosine(tf):
    unit = [tf.nn.l2_normalize(tf.constant(batch), 1) for batch in PAIR]
    value, update = tf.contrib.metrics.streaming_mean_cosine_distance(unit[0], unit[1], 1)
    return {"update": update}


def concatenated(tf):
    metrics = tf.contrib.metrics
    values = tf.constant(SCORES[0])
    outputs = {}
    for name, kwargs in (("rows", {}), ("few", {"max_size": 4}), ("columns", {"axis": 1})):
        outputs[name] = metrics.streaming_concat(values, name=name, **kwargs)[1]
    return outputs


def several(tf):
    metrics = tf.contrib.metrics
    values, updates = metrics.aggregate_metric_map(
        {
            "mean": metrics.streaming_mean(tf.constant(LABELS[0])),
            "less": metrics.streaming_percentage_less(tf.constant(LABELS[0]), 0.5),
        }
    )
    lists = metrics.aggregate_metrics(metrics.streaming_mean(tf.constant(LABELS[1]), name="other"))
    assert sorted(values) == sorted(updates) == ["less", "mean"] and [len(each) for each in lists] == [1, 1]
    return dict(updates, other=lists[1][0])


CASES.update({f.__name__: f for f in (accuracies, confusion, cosine, concatenated, several)})
