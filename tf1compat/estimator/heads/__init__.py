"""Heads: what makes predictions, a loss, metrics and a training op of a model's logits."""

from __future__ import annotations

from .base import Head
from .binary import BinaryClassHead
from .multi import MultiHead
from .multi_class import MultiClassHead
from .multi_label import MultiLabelHead
from .regression import LogisticRegressionHead, PoissonRegressionHead, RegressionHead

__all__ = [
    "BinaryClassHead",
    "Head",
    "LogisticRegressionHead",
    "MultiClassHead",
    "MultiHead",
    "MultiLabelHead",
    "PoissonRegressionHead",
    "RegressionHead",
]
