"""Experiment: an Estimator with its inputs, to be trained and evaluated; `learn_runner` makes and runs one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tf1compat import estimator as core

from .estimator import Estimator

__all__ = ["Experiment"]


class Experiment:
    """An Estimator, of `tf.contrib.learn` or `tf.estimator`, with its inputs.

    Args:
      train_input_fn, train_steps, train_monitors: of the training; steps count from the model's first one.
      eval_input_fn, eval_steps, eval_metrics, eval_hooks: of the evaluation.
      saving_listeners: of checkpoints.
      others: refused; they are of clusters and exports.

    Raises:
      ValueError: for what is no Estimator, or metrics for one of `tf.estimator`, whose `model_fn` gives them.
    """

    def __init__(
        self,
        estimator: Any,
        train_input_fn: Callable[..., Any],
        eval_input_fn: Callable[..., Any],
        eval_metrics: Mapping[Any, Any] | None = None,
        train_steps: int | None = None,
        eval_steps: int | None = 100,
        train_monitors: Sequence[Any] | None = None,
        eval_hooks: Sequence[Any] | None = None,
        min_eval_frequency: int | None = None,
        export_strategies: Any = None,
        saving_listeners: Sequence[Any] | None = None,
        **others: Any,
    ) -> None:
        refused = {key: value for key, value in others.items() if value}
        if export_strategies:
            refused["export_strategies"] = export_strategies
        if refused:
            raise NotImplementedError(
                f"tf.contrib.learn.Experiment({', '.join(sorted(refused))}): not available. Use "
                "tf.estimator.train_and_evaluate, whose EvalSpec has exporters."
            )
        self._core = isinstance(estimator, core.Estimator)
        if not (self._core or isinstance(estimator, Estimator)):
            raise ValueError(f"`estimator` must be of tf.contrib.learn or tf.estimator, given: {estimator!r}")
        if self._core and eval_metrics is not None:
            raise ValueError(
                "`eval_metrics` must be `None` with `tf.estimator.Estimator`. Use `eval_metric_ops` in "
                "`tf.estimator.EstimatorSpec` instead."
            )
        if not self._core and saving_listeners is not None:
            raise ValueError("`saving_listeners` must be `None` with `tf.contrib.learn.Estimator`.")
        self.estimator, self.eval_metrics = estimator, eval_metrics
        self.train_steps, self.eval_steps = train_steps, eval_steps
        self._train_input_fn, self._eval_input_fn = train_input_fn, eval_input_fn
        self._monitors, self._hooks = list(train_monitors or ()), list(eval_hooks or ())
        self._listeners = saving_listeners

    def train(self, delay_secs: float | None = None) -> Any:
        """Train until `train_steps`. `delay_secs` staggered the workers of a cluster."""
        if self._core:
            return self.estimator.train(
                self._train_input_fn,
                hooks=self._monitors,
                max_steps=self.train_steps,
                saving_listeners=self._listeners,
            )
        return self.estimator.fit(input_fn=self._train_input_fn, max_steps=self.train_steps, monitors=self._monitors)

    def evaluate(self, delay_secs: float | None = None, name: str | None = None) -> dict[str, Any]:
        """{metric: value}."""
        if self._core:
            return self.estimator.evaluate(self._eval_input_fn, self.eval_steps, self._hooks, name=name)
        return self.estimator.evaluate(
            input_fn=self._eval_input_fn,
            steps=self.eval_steps,
            metrics=self.eval_metrics,
            name=name,
            hooks=self._hooks,
        )

    def train_and_evaluate(self) -> tuple[dict[str, Any], list[Any]]:
        """Train, then evaluate: (metrics, no exports)."""
        self.train()
        return self.evaluate(), []

    def test(self) -> tuple[dict[str, Any], list[Any]]:
        """Train for one step, and evaluate one batch."""
        steps = self.train_steps, self.eval_steps
        self.train_steps, self.eval_steps = 1, 1
        try:
            return self.train_and_evaluate()
        finally:
            self.train_steps, self.eval_steps = steps
