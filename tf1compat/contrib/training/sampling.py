"""Examples taken in with a probability, or as often as a rate says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import train

__all__ = ["rejection_sample", "resample_at_rate", "stratified_sample", "weighted_resample"]

v1 = tf.compat.v1


def resample_at_rate(
    inputs: Sequence[Any], rates: Any, scope: str | None = None, seed: int | None = None, back_prop: bool = False
) -> list[tf.Tensor]:
    """Each example of a batch as often as a Poisson variable of its rate says.

    Args:
      inputs: tensors [batch, ...].
      rates: [batch].
      back_prop: whether gradients go through the choice, which TF1 took and which has none.
    """
    with v1.name_scope(scope, "resample_at_rate", [*inputs, rates]):
        rates = tf.convert_to_tensor(rates, name="rates")
        counts = tf.cast(v1.random_poisson(rates, (), rates.dtype, seed=seed), tf.int32)
        places = tf.repeat(tf.range(tf.size(counts)), counts)
        places = places if back_prop else tf.stop_gradient(places)
        return [tf.gather(each, places) for each in inputs]


def weighted_resample(
    inputs: Sequence[Any],
    weights: Any,
    overall_rate: Any,
    scope: str | None = None,
    mean_decay: float = 0.999,
    seed: int | None = None,
) -> tuple[list[tf.Tensor], tf.Tensor]:
    """(inputs resampled in proportion to their weights, the rate of each): `overall_rate` of them on average.

    The mean of the weights is estimated by a moving average, a local variable.
    """
    with v1.name_scope(scope, "weighted_resample", inputs) as inside:
        with v1.variable_scope(scope, "estimate_mean", inputs):
            mean = v1.get_local_variable("estimated_mean", initializer=tf.cast(0, weights.dtype), dtype=weights.dtype)
            mean = train.assign_moving_average(mean, tf.reduce_mean(weights), mean_decay)
        rates = weights * overall_rate / mean
        rate, *results = resample_at_rate([rates, *inputs], rates, scope=inside, seed=seed)
        return results, rate


def _single(tensors: Sequence[Any], threads: int, capacity: int) -> list[tf.Tensor]:
    """The examples of batches, one by one."""
    batched = v1.train.batch(
        list(tensors), batch_size=1, num_threads=threads, capacity=capacity, enqueue_many=True
    )
    batched = batched if isinstance(batched, (list, tuple)) else [batched]
    return [tf.squeeze(each, [0]) for each in batched]


def rejection_sample(
    tensors: Sequence[Any],
    accept_prob_fn: Callable[[list[Any]], Any],
    batch_size: int,
    queue_threads: int = 1,
    enqueue_many: bool = False,
    prebatch_capacity: int = 16,
    prebatch_threads: int = 1,
    runtime_checks: bool = False,
    name: str | None = None,
) -> list[tf.Tensor]:
    """Batches of the examples that were accepted, each with the probability that `accept_prob_fn(tensors)` gives.

    Args:
      enqueue_many: whether tensors are batches of examples.
      runtime_checks: whether a probability below 0 or above 1 is an error.
    """
    with v1.variable_scope(name, "rejection_sample", tensors):
        examples = [tf.convert_to_tensor(each) for each in tensors]
        if enqueue_many:
            examples = _single(examples, prebatch_threads, prebatch_capacity)
        chance = accept_prob_fn(examples)
        if runtime_checks:
            checks = [v1.assert_less_equal(0.0, chance), v1.assert_less_equal(chance, 1.0)]
            with tf.control_dependencies(checks):
                chance = tf.identity(chance, name="prob_with_checks")
        batch = v1.train.maybe_batch(
            examples, keep_input=v1.random_uniform([]) < chance, batch_size=batch_size, num_threads=queue_threads
        )
        return list(batch) if isinstance(batch, (list, tuple)) else [batch]


def stratified_sample(
    tensors: Sequence[Any],
    labels: Any,
    target_probs: Any,
    batch_size: int,
    init_probs: Any = None,
    enqueue_many: bool = False,
    queue_capacity: int = 16,
    threads_per_queue: int = 1,
    name: str | None = None,
) -> tuple[list[tf.Tensor], tf.Tensor]:
    """(a batch, its labels) in which classes have the probabilities `target_probs`, [classes].

    Args:
      init_probs: the probabilities that they have; estimated from what comes, without.
      enqueue_many: whether tensors and labels are batches.
    """
    with v1.name_scope(name, "stratified_sample", [*tensors, labels]):
        examples, labels = [tf.convert_to_tensor(each) for each in tensors], tf.convert_to_tensor(labels)
        target = tf.convert_to_tensor(target_probs, dtype=tf.float32)
        if not enqueue_many:
            examples, labels = [each[None] for each in examples], labels[None]
        target.shape.assert_is_fully_defined()
        if init_probs is None:
            initial = _estimated(labels, target.shape.num_elements())
        else:
            initial = tf.convert_to_tensor(init_probs, dtype=tf.float32)
        checks = [
            check
            for probabilities in (initial, target)
            for check in (
                v1.assert_non_negative(probabilities),
                v1.assert_near(tf.reduce_sum(probabilities), 1.0, atol=1e-5, rtol=1e-5),
            )
        ]
        possible = tf.reduce_all(tf.not_equal(initial, 0) | tf.equal(target, 0))
        said = ["All classes with zero initial probability must also have zero target probability: ", initial, target]
        checks += [v1.Assert(possible, said), v1.assert_non_negative(labels)]
        checks.append(v1.assert_less(labels, tf.cast(target.shape.num_elements(), labels.dtype)))
        with tf.control_dependencies(checks):
            ratio = tf.math.divide_no_nan(target, initial)
            accepted = ratio / tf.reduce_max(ratio)
        *values, label = _single([*examples, labels], threads_per_queue, queue_capacity)
        *batch, batch_labels = v1.train.maybe_batch(
            [*values, label],
            keep_input=v1.random_uniform([]) < tf.gather(accepted, label),
            batch_size=batch_size,
            num_threads=threads_per_queue,
        )
        return batch, batch_labels


def _estimated(labels: Any, classes: int, smoothing: int = 10) -> tf.Tensor:
    """The share of each class in what has come, as if there had been `smoothing` of each before."""
    seen = v1.Variable([smoothing] * classes, trainable=False, name="class_count", dtype=tf.int64)
    seen = v1.assign_add(seen, tf.reduce_sum(tf.one_hot(labels, classes, dtype=tf.int64), 0)) + 0
    return tf.cast(tf.truediv(seen, tf.reduce_sum(seen)), tf.float32)
