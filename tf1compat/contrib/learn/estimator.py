"""Estimator of `tf.contrib.learn`, and SKCompat, which has scikit-learn's methods."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from tf1compat import estimator as core
from tf1compat.contrib.layers.feature_columns import infer_real_valued_columns
from tf1compat.graph import Graph

from .feeding import input_fn_of
from .metric_spec import metric_ops_of
from .model_fn import ModeKeys, ModelFnOps
from .run_config import RunConfig

__all__ = [
    "Estimator",
    "NotFittedError",
    "SKCompat",
    "infer_real_valued_columns_from_input",
    "infer_real_valued_columns_from_input_fn",
]

v1 = tf.compat.v1


class NotFittedError(ValueError, AttributeError):
    """A model was used that has no checkpoint yet."""


class Estimator:
    """Trains and uses the model that `model_fn` builds.

    Args:
      model_fn: `model_fn(features, labels)`, which may take `mode`, `params`, `config` and `model_dir` as well. It
        gives `ModelFnOps`, or (predictions, loss, train_op).
      model_dir: the folder of checkpoints and summaries.
      config: a `RunConfig`.
      params: what `model_fn` gets as `params`.
      feature_engineering_fn: `(features, labels)` to what `model_fn` gets instead.

    Raises:
      ValueError: for `params` that `model_fn` does not take.
    """

    def __init__(
        self,
        model_fn: Callable[..., Any] | None = None,
        model_dir: Any = None,
        config: Any = None,
        params: Mapping[str, Any] | None = None,
        feature_engineering_fn: Callable[[Any, Any], tuple[Any, Any]] | None = None,
    ) -> None:
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        self._taken = frozenset(inspect.signature(model_fn).parameters)
        if params is not None and "params" not in self._taken:
            raise ValueError(
                f"Estimator's model_fn ({model_fn}) does not have a params argument, but params ({params}) were passed "
                "to the Estimator's constructor."
            )
        self._model_fn, self.params, self._engineer = model_fn, params, feature_engineering_fn
        self._metrics: Any = None
        self._labels: Any = None
        self._constant = False
        self._estimator = core.Estimator(self._spec, model_dir, config or RunConfig())

    @property
    def model_dir(self) -> str:
        """The folder of checkpoints and summaries."""
        return self._estimator.model_dir

    @property
    def config(self) -> Any:
        """A copy of the settings."""
        return self._estimator.config

    def get_variable_names(self) -> list[str]:
        """The names in the newest checkpoint."""
        return self._estimator.get_variable_names()

    def get_variable_value(self, name: str) -> Any:
        """A variable's value in the newest checkpoint."""
        return self._estimator.get_variable_value(name)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        input_fn: Callable[[], Any] | None = None,
        steps: int | None = None,
        batch_size: int | None = None,
        monitors: Sequence[Any] | None = None,
        max_steps: int | None = None,
    ) -> Estimator:
        """Train on arrays, shuffled, or what `input_fn` gives, for `steps` steps or until `max_steps`; `self`.

        Args:
          batch_size: of arrays; all examples in one where None.
          monitors: `tf.train.SessionRunHook`s.
        """
        monitors = list(monitors or ())
        for monitor in monitors:
            if not isinstance(monitor, v1.train.SessionRunHook):
                raise NotImplementedError(
                    f"Estimator.fit(monitors=[{monitor!r}]): TF1's monitors are not available. Write a "
                    "tf.train.SessionRunHook; tf.train.LoggingTensorHook prints, "
                    "tf.estimator.experimental.InMemoryEvaluatorHook evaluates."
                )
        given = _input_fn(x, y, input_fn, batch_size, shuffle=True, epochs=None)
        self._estimator.train(given, monitors, steps, max_steps)
        return self

    def partial_fit(
        self,
        x: Any = None,
        y: Any = None,
        input_fn: Callable[[], Any] | None = None,
        steps: int = 1,
        batch_size: int | None = None,
        monitors: Sequence[Any] | None = None,
    ) -> Estimator:
        """`fit` for one step unless told otherwise."""
        return self.fit(x, y, input_fn, steps, batch_size, monitors)

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        input_fn: Callable[[], Any] | None = None,
        feed_fn: Callable[[], Any] | None = None,
        batch_size: int | None = None,
        steps: int | None = None,
        metrics: Mapping[Any, Any] | None = None,
        name: str | None = None,
        checkpoint_path: str | None = None,
        hooks: Sequence[Any] | None = None,
        log_progress: bool = True,
    ) -> dict[str, Any]:
        """{metric: value}, with `loss` and `global_step`, of arrays, once, or of what `input_fn` gives.

        Args:
          feed_fn: gives what is fed in each run.
          metrics: {name: `MetricSpec`}, or functions of predictions and labels.
          log_progress: whether the log tells of the batches; it does so by hooks only.

        Raises:
          NotFittedError: where there is no checkpoint.
        """
        if metrics is not None and not isinstance(metrics, Mapping):
            raise ValueError(f"Metrics argument should be None or dict. Got {metrics}.")
        given = _input_fn(x, y, input_fn, batch_size, shuffle=False, epochs=1)
        self._check_fitted(checkpoint_path)
        self._metrics = metrics
        all_hooks = [*(hooks or ()), *([v1.train.FeedFnHook(feed_fn)] if feed_fn else [])]
        try:
            return self._estimator.evaluate(given, steps or None, all_hooks, checkpoint_path, name)
        finally:
            self._metrics = None

    def predict(
        self,
        x: Any = None,
        input_fn: Callable[[], Any] | None = None,
        batch_size: int | None = None,
        outputs: Sequence[str] | None = None,
        as_iterable: bool = True,
        iterate_batches: bool = False,
    ) -> Any:
        """The predictions, one example at a time; by batches, or all at once where `as_iterable` is False.

        Of an `input_fn` that gives constants there is one batch.

        Args:
          outputs: which of a dictionary of predictions.

        Raises:
          NotFittedError: where there is no checkpoint.
        """
        given = _input_fn(x, None, input_fn, batch_size, shuffle=False, epochs=1)
        self._check_fitted(None)
        batches = self._batches(given, outputs)
        if not as_iterable:
            # TF1 gave the first batch of an input_fn, and all of an array.
            return _together(list(batches) if x is not None else [next(batches)])
        return batches if iterate_batches else _examples(batches)

    def _batches(self, input_fn: Callable[[], Any], outputs: Any) -> Iterator[Any]:
        for batch in self._estimator.predict(input_fn, outputs, yield_single_examples=False):
            yield batch
            if self._constant:
                return

    def _check_fitted(self, checkpoint_path: str | None) -> None:
        if not (checkpoint_path or self._estimator.latest_checkpoint()):
            raise NotFittedError(f"Couldn't find trained model at {self.model_dir}.")

    def export_savedmodel(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: `tf.estimator.Estimator` exports."""
        raise NotImplementedError(
            "tf.contrib.learn.Estimator.export_savedmodel: its serving_input_fn and output alternatives are not "
            "available. Write a tf.estimator.Estimator with the same model_fn, and its export_saved_model."
        )

    def _spec(self, features: Any, labels: Any, mode: str, config: Any) -> core.EstimatorSpec:
        """What the inner Estimator takes of this one's `model_fn`."""
        if mode == ModeKeys.INFER:
            # Models build their loss here too: of labels like those of the training.
            labels = tf.nest.map_structure(lambda like: v1.placeholder(like.dtype, like.shape), self._labels)
            graph = v1.get_default_graph()
            self._constant = not (
                v1.get_collection(v1.GraphKeys.QUEUE_RUNNERS)
                or any(op.type == "IteratorGetNext" for op in graph.get_operations())
            )
        elif labels is not None:
            self._labels = tf.nest.map_structure(lambda label: tf.TensorSpec(label.shape, label.dtype), labels)
        if self._engineer:
            features, labels = self._engineer(features, labels)
        known = {"mode": mode, "params": self.params, "config": config, "model_dir": self.model_dir}
        found = self._model_fn(features, labels, **{key: known[key] for key in known if key in self._taken})
        if not isinstance(found, ModelFnOps):
            if not isinstance(found, (tuple, list)) or len(found) != 3:
                raise ValueError("Unrecognized value returned by model_fn, please return ModelFnOps.")
            found = ModelFnOps(mode, *found)
        if mode == ModeKeys.EVAL and self._metrics:
            found.eval_metric_ops.update(metric_ops_of(self._metrics, features, labels, found.predictions))
        return found.estimator_spec()


class SKCompat:
    """scikit-learn's methods over an Estimator of this module: `fit`, `score` and `predict` of arrays."""

    def __init__(self, estimator: Estimator) -> None:
        if not isinstance(estimator, Estimator):
            raise ValueError(f"SKCompat needs an Estimator of tf.contrib.learn, given: {estimator!r}")
        self._estimator = estimator

    def fit(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = 128,
        steps: int | None = None,
        max_steps: int | None = None,
        monitors: Sequence[Any] | None = None,
    ) -> SKCompat:
        """Train on shuffled batches; `self`."""
        self._estimator.fit(x, y, None, steps, batch_size, monitors, max_steps)
        return self

    def score(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = 128,
        steps: int | None = None,
        metrics: Mapping[Any, Any] | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """{metric: value}, with `loss` and `global_step`."""
        return Estimator.evaluate(self._estimator, x, y, batch_size=batch_size, steps=steps, metrics=metrics, name=name)

    def predict(self, x: Any, batch_size: int | None = 128, outputs: Sequence[str] | None = None) -> Any:
        """The predictions of all examples: an array, or a dictionary of them."""
        return Estimator.predict(self._estimator, x, None, batch_size, outputs, as_iterable=False)


def infer_real_valued_columns_from_input_fn(input_fn: Callable[[], Any]) -> list[Any]:
    """A real valued column for each feature that an input function gives, of the feature's width."""
    with Graph().as_default():
        features, _ = input_fn()
        return infer_real_valued_columns(features)


def infer_real_valued_columns_from_input(x: Any) -> list[Any]:
    """A real valued column for an array, called "", or for each of a dictionary of them."""
    return infer_real_valued_columns_from_input_fn(_input_fn(x, None, None, None, shuffle=False, epochs=1))


def _input_fn(
    x: Any, y: Any, input_fn: Callable[[], Any] | None, batch_size: int | None, shuffle: bool, epochs: int | None
) -> Callable[[], Any]:
    if input_fn is None:
        if x is None:
            raise ValueError("Either x or input_fn must be provided.")
        return input_fn_of(x, y, batch_size, shuffle, epochs)
    if x is not None or y is not None:
        raise ValueError("Can not provide both input_fn and x or y.")
    if batch_size is not None:
        raise ValueError("Can not provide both input_fn and batch_size.")
    return input_fn


def _examples(batches: Iterator[Any]) -> Iterator[Any]:
    for batch in batches:
        if isinstance(batch, Mapping):
            for place in range(len(next(iter(batch.values())))):
                yield {key: value[place] for key, value in batch.items()}
        else:
            yield from batch


def _together(batches: list[Any]) -> Any:
    if not isinstance(batches[0], Mapping):
        return np.concatenate(batches, 0)
    return {key: np.concatenate([batch[key] for batch in batches], 0) for key in batches[0]}
