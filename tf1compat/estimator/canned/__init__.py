"""Ready-made models: networks and linear models over feature columns, and baselines."""

from __future__ import annotations

from .baseline import BaselineClassifier, BaselineEstimator, BaselineRegressor
from .combined import DNNLinearCombinedClassifier, DNNLinearCombinedEstimator, DNNLinearCombinedRegressor
from .dnn import DNNClassifier, DNNEstimator, DNNRegressor
from .linear import LinearClassifier, LinearEstimator, LinearRegressor

__all__ = [
    "BaselineClassifier",
    "BaselineEstimator",
    "BaselineRegressor",
    "DNNClassifier",
    "DNNEstimator",
    "DNNLinearCombinedClassifier",
    "DNNLinearCombinedEstimator",
    "DNNLinearCombinedRegressor",
    "DNNRegressor",
    "LinearClassifier",
    "LinearEstimator",
    "LinearRegressor",
]
