"""`tf.contrib.estimator`: heads by functions, Estimators out of others, hooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import estimator as core
from tf1compat.estimator import add_metrics, export
from tf1compat.estimator.early_stopping import read_eval_metrics
from tf1compat.estimator.experimental import (
    InMemoryEvaluatorHook,
    build_raw_supervised_input_receiver_fn,
    call_logit_fn,
    dnn_logit_fn_builder,
    linear_logit_fn_builder,
    make_early_stopping_hook,
    make_stop_at_checkpoint_step_hook,
    stop_if_higher_hook,
    stop_if_lower_hook,
    stop_if_no_decrease_hook,
    stop_if_no_increase_hook,
)
from tf1compat.train import Optimizer, clip_by_global_norm

__all__ = [
    "InMemoryEvaluatorHook",
    "add_metrics",
    "binary_classification_head",
    "build_raw_supervised_input_receiver_fn",
    "call_logit_fn",
    "clip_gradients_by_norm",
    "dnn_logit_fn_builder",
    "export_all_saved_models",
    "export_saved_model_for_mode",
    "forward_features",
    "linear_logit_fn_builder",
    "logistic_regression_head",
    "make_early_stopping_hook",
    "make_stop_at_checkpoint_step_hook",
    "multi_class_head",
    "multi_head",
    "multi_label_head",
    "poisson_regression_head",
    "read_eval_metrics",
    "regression_head",
    "stop_if_higher_hook",
    "stop_if_lower_hook",
    "stop_if_no_decrease_hook",
    "stop_if_no_increase_hook",
]

v1 = tf.compat.v1
_MEAN = v1.losses.Reduction.SUM_OVER_BATCH_SIZE


def binary_classification_head(
    weight_column: Any = None,
    thresholds: Any = None,
    label_vocabulary: Sequence[str] | None = None,
    loss_reduction: str = _MEAN,
    loss_fn: Any = None,
    name: str | None = None,
) -> core.Head:
    """`tf.estimator.BinaryClassHead` of `tf.losses.Reduction`."""
    return core.BinaryClassHead(weight_column, thresholds, label_vocabulary, loss_reduction, loss_fn, name)


def multi_class_head(
    n_classes: int,
    weight_column: Any = None,
    label_vocabulary: Sequence[str] | None = None,
    loss_reduction: str = _MEAN,
    loss_fn: Any = None,
    name: str | None = None,
) -> core.Head:
    """`tf.estimator.MultiClassHead` of `tf.losses.Reduction`."""
    return core.MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction, loss_fn, name)


def multi_label_head(
    n_classes: int,
    weight_column: Any = None,
    thresholds: Any = None,
    label_vocabulary: Sequence[str] | None = None,
    loss_reduction: str = _MEAN,
    loss_fn: Any = None,
    classes_for_class_based_metrics: Sequence[Any] | None = None,
    name: str | None = None,
) -> core.Head:
    """`tf.estimator.MultiLabelHead` of `tf.losses.Reduction`."""
    return core.MultiLabelHead(
        n_classes,
        weight_column,
        thresholds,
        label_vocabulary,
        loss_reduction,
        loss_fn,
        classes_for_class_based_metrics,
        name,
    )


def regression_head(
    weight_column: Any = None,
    label_dimension: int = 1,
    loss_reduction: str = _MEAN,
    loss_fn: Any = None,
    inverse_link_fn: Any = None,
    name: str | None = None,
) -> core.Head:
    """`tf.estimator.RegressionHead` of `tf.losses.Reduction`."""
    return core.RegressionHead(label_dimension, weight_column, loss_reduction, loss_fn, inverse_link_fn, name)


def poisson_regression_head(
    weight_column: Any = None,
    label_dimension: int = 1,
    loss_reduction: str = _MEAN,
    compute_full_loss: bool = True,
    name: str | None = None,
) -> core.Head:
    """`tf.estimator.PoissonRegressionHead` of `tf.losses.Reduction`."""
    return core.PoissonRegressionHead(label_dimension, weight_column, loss_reduction, compute_full_loss, name)


def logistic_regression_head(
    weight_column: Any = None, loss_reduction: str = _MEAN, name: str | None = None
) -> core.Head:
    """`tf.estimator.LogisticRegressionHead` of `tf.losses.Reduction`."""
    return core.LogisticRegressionHead(weight_column, loss_reduction, name)


def multi_head(heads: Sequence[core.Head], head_weights: Sequence[float] | None = None) -> core.Head:
    """`tf.estimator.MultiHead`."""
    return core.MultiHead(heads, head_weights)


class _Clipping(Optimizer):
    """Another optimizer, on gradients that are cut to a norm together."""

    def __init__(self, optimizer: Any, clip_norm: float) -> None:
        super().__init__(False, f"ClipByNorm{optimizer.get_name()}")
        self._optimizer, self._clip_norm = optimizer, clip_norm

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(  # type: ignore[override]
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        gradients, variables = zip(*grads_and_vars, strict=True)
        clipped, _ = clip_by_global_norm(gradients, self._clip_norm)
        return self._optimizer.apply_gradients(list(zip(clipped, variables, strict=True)), global_step, name)

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        return self._optimizer.get_slot(*args, **kwargs)

    def get_slot_names(self) -> list[str]:
        return self._optimizer.get_slot_names()


def clip_gradients_by_norm(optimizer: Any, clip_norm: float) -> Any:
    """An optimizer that first cuts the gradients, all together, to the norm `clip_norm`."""
    return _Clipping(optimizer, clip_norm)


def forward_features(
    estimator: core.Estimator, keys: Any = None, sparse_default_values: Mapping[str, Any] | None = None
) -> core.Estimator:
    """An Estimator whose predictions have features in them, too.

    Args:
      keys: which, one or several; all where None.
      sparse_default_values: {key: what stands where a sparse feature, made dense, has nothing}.

    Raises:
      TypeError: for keys that are no strings.
      ValueError: for one that is no feature, is a prediction already, or is sparse and has no default value.
    """
    keys = [keys] if isinstance(keys, str) else keys
    if keys is not None and not (isinstance(keys, (list, tuple)) and all(isinstance(key, str) for key in keys)):
        raise TypeError(f"keys should be either a string or a list of strings. Given: {keys!r}")

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        spec = estimator.model_fn(features, labels, mode, config)
        if not isinstance(spec.predictions, Mapping):
            raise ValueError(
                f"Predictions should be a dict to be able to forward features. Given: {type(spec.predictions)}"
            )
        forwarded = {}
        for key in features if keys is None else keys:
            if key not in features:
                raise ValueError(f'keys should be exist in features. Key "{key}" is not in: {sorted(features)}.')
            if key in spec.predictions:
                raise ValueError(
                    f"Cannot forward feature key ({key}). Since it does exist in predictions: "
                    f"{sorted(spec.predictions)}."
                )
            forwarded[key] = _dense(key, features[key], sparse_default_values or {})
        exports = spec.export_outputs
        for name in ("predict", "serving_default"):
            if isinstance((exports or {}).get(name), export.PredictOutput):
                output = export.PredictOutput({**exports[name].outputs, **forwarded})
                exports = {**exports, name: output}
        return spec._replace(predictions={**spec.predictions, **forwarded}, export_outputs=exports)

    return core.Estimator(model_fn, estimator.model_dir, estimator.config)


def _dense(key: str, feature: Any, defaults: Mapping[str, Any]) -> Any:
    if not isinstance(feature, tf.SparseTensor):
        if key in defaults:
            raise ValueError(f"Feature ({key}) is expected to be a `SparseTensor`.")
        return tf.convert_to_tensor(feature)
    if key not in defaults:
        raise ValueError(
            f"Feature ({key}) should be a Tensor. Please use `keys` argument of forward_features to filter unwanted "
            "features, or add key to argument `sparse_default_values`."
        )
    return tf.sparse.to_dense(feature, default_value=defaults[key])


def export_saved_model_for_mode(
    estimator: core.Estimator,
    export_dir_base: Any,
    input_receiver_fn: Callable[[], Any],
    assets_extra: Mapping[str, str] | None = None,
    as_text: bool = False,
    checkpoint_path: str | None = None,
    strip_default_attrs: bool = True,
    mode: str = core.ModeKeys.PREDICT,
) -> bytes:
    """`estimator.export_saved_model` for a mode."""
    return estimator.export_saved_model(
        export_dir_base, input_receiver_fn, assets_extra, as_text, checkpoint_path, experimental_mode=mode
    )


def export_all_saved_models(
    estimator: core.Estimator,
    export_dir_base: Any,
    input_receiver_fn_map: Mapping[str, Callable[[], Any]],
    assets_extra: Mapping[str, str] | None = None,
    as_text: bool = False,
    checkpoint_path: str | None = None,
    strip_default_attrs: bool = True,
) -> bytes:
    """`estimator.experimental_export_all_saved_models`."""
    return estimator.experimental_export_all_saved_models(
        export_dir_base, input_receiver_fn_map, assets_extra, as_text, checkpoint_path
    )
