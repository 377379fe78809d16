"""Models that learn the labels' mean and look at nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from ..estimator import Estimator
from ..heads import Head
from .common import SUM, checked_features, classifier_head, optimizer_of, regressor_head

__all__ = ["BaselineClassifier", "BaselineEstimator", "BaselineRegressor"]

v1 = tf.compat.v1
_LEARNING_RATE = 0.3


def _model_fn(head: Head, optimizer: Any, weight_column: Any = None) -> Callable[..., Any]:
    weights_key = getattr(weight_column, "key", weight_column)

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        sizes = [tf.shape(value)[0] for key, value in checked_features(features).items() if key != weights_key]
        if not sizes:
            raise ValueError("A baseline needs one feature at least, of which it takes the size of the batch.")
        same = [v1.assert_equal(sizes[0], size) for size in sizes[1:]]
        with tf.control_dependencies(same), v1.variable_scope("baseline"):
            bias = v1.get_variable("bias", [head.logits_dimension], initializer=v1.zeros_initializer())
            logits = bias * tf.ones([sizes[0], head.logits_dimension])

        def train_op_fn(loss: Any) -> Any:
            rule = optimizer_of(optimizer, _LEARNING_RATE)
            return rule.minimize(loss, global_step=v1.train.get_global_step())

        return head.create_estimator_spec(features, mode, logits, labels, train_op_fn=train_op_fn)

    return model_fn


class BaselineClassifier(Estimator):
    """Learns how frequent each class is.

    Args:
      optimizer: as of `LinearClassifier`; by name its learning rate is 0.3.
      n_classes, weight_column, label_vocabulary, loss_reduction: as of `LinearClassifier`.
      model_dir, config: as of `Estimator`.
    """

    def __init__(
        self,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        loss_reduction: str = SUM,
    ) -> None:
        head = classifier_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(_model_fn(head, optimizer, weight_column), model_dir, config)


class BaselineRegressor(Estimator):
    """Learns the mean of the labels; arguments as of `BaselineClassifier`."""

    def __init__(
        self,
        model_dir: Any = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        loss_reduction: str = SUM,
    ) -> None:
        head = regressor_head(label_dimension, weight_column, loss_reduction)
        super().__init__(_model_fn(head, optimizer, weight_column), model_dir, config)


class BaselineEstimator(Estimator):
    """A constant answer, with the head given."""

    def __init__(self, head: Head, model_dir: Any = None, optimizer: Any = "Ftrl", config: Any = None) -> None:
        super().__init__(_model_fn(head, optimizer), model_dir, config)
