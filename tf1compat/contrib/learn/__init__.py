"""`tf.contrib.learn`: the first Estimators, which take arrays as well as input functions, and small data sets."""

from __future__ import annotations

from tf1compat.estimator import NanLossDuringTrainingError

from .canned import DNNClassifier, DNNRegressor, LinearClassifier, LinearRegressor
from .estimator import (
    Estimator,
    NotFittedError,
    SKCompat,
    infer_real_valued_columns_from_input,
    infer_real_valued_columns_from_input_fn,
)
from .experiment import Experiment
from .io import numpy_input_fn, pandas_input_fn
from .metric_spec import MetricSpec
from .model_fn import ModeKeys, ModelFnOps
from .run_config import RunConfig

__all__ = [
    "DNNClassifier",
    "DNNRegressor",
    "Estimator",
    "Experiment",
    "LinearClassifier",
    "LinearRegressor",
    "MetricSpec",
    "ModeKeys",
    "ModelFnOps",
    "NanLossDuringTrainingError",
    "NotFittedError",
    "RunConfig",
    "SKCompat",
    "infer_real_valued_columns_from_input",
    "infer_real_valued_columns_from_input_fn",
    "numpy_input_fn",
    "pandas_input_fn",
]
