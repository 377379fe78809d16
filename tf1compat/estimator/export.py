"""`tf.estimator.export`: what an exported model takes and gives."""

from __future__ import annotations

from tf1compat import _tensorflow as _tf

from .exporting import (
    ServingInputReceiver,
    TensorServingInputReceiver,
    build_parsing_serving_input_receiver_fn,
    build_raw_serving_input_receiver_fn,
)

__all__ = [
    "ClassificationOutput",
    "ExportOutput",
    "PredictOutput",
    "RegressionOutput",
    "ServingInputReceiver",
    "TensorServingInputReceiver",
    "build_parsing_serving_input_receiver_fn",
    "build_raw_serving_input_receiver_fn",
]

ClassificationOutput = _tf.model_utils.ClassificationOutput
ExportOutput = _tf.model_utils.export_output.ExportOutput
PredictOutput = _tf.model_utils.PredictOutput
RegressionOutput = _tf.model_utils.RegressionOutput
