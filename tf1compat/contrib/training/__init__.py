"""`tf.contrib.training`: hyperparameters, training ops and their loop."""

from __future__ import annotations

from .bucketing import bucket, bucket_by_sequence_length
from .evaluation import SummaryAtEndHook, checkpoints_iterator, evaluate_repeatedly, wait_for_new_checkpoint
from .hparams import HParams, parse_values
from .placing import GreedyLoadBalancingStrategy, RandomStrategy, byte_size_load_fn
from .sampling import rejection_sample, resample_at_rate, stratified_sample, weighted_resample
from .training import (
    add_gradients_summaries,
    clip_gradient_norms,
    clip_gradient_norms_fn,
    create_train_op,
    multiply_gradients,
    train,
)

__all__ = [
    "GreedyLoadBalancingStrategy",
    "HParams",
    "RandomStrategy",
    "SummaryAtEndHook",
    "add_gradients_summaries",
    "bucket",
    "bucket_by_sequence_length",
    "byte_size_load_fn",
    "checkpoints_iterator",
    "clip_gradient_norms",
    "clip_gradient_norms_fn",
    "create_train_op",
    "evaluate_repeatedly",
    "multiply_gradients",
    "parse_values",
    "rejection_sample",
    "resample_at_rate",
    "stratified_sample",
    "train",
    "wait_for_new_checkpoint",
    "weighted_resample",
]
