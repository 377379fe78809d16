"""A hook that evaluates a model while it trains, without checkpoints in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from tf1compat.graph import Graph

from . import evaluating
from .checks import checked_hooks
from .estimator import Estimator

__all__ = ["InMemoryEvaluatorHook"]

v1 = tf.compat.v1


class InMemoryEvaluatorHook(tf.compat.v1.train.SessionRunHook):
    """Evaluates at the start, every `every_n_iter` steps and at the end, with the variables as they are then.

    Args:
      estimator: the Estimator that is trained with this hook.
      input_fn, steps, hooks, name: as of `Estimator.evaluate`.

    Raises:
      ValueError: for `every_n_iter` below 1, or a model whose Scaffold has a saver or an `init_fn` of its own.
    """

    def __init__(
        self,
        estimator: Estimator,
        input_fn: Callable[..., Any],
        steps: int | None = None,
        hooks: Sequence[Any] | None = None,
        name: str | None = None,
        every_n_iter: int = 100,
    ) -> None:
        if every_n_iter is None or every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        self._estimator, self._input_fn, self._name = estimator, input_fn, name
        self._hooks = evaluating.with_steps(checked_hooks(hooks), steps)
        self._timer = v1.train.SecondOrStepTimer(every_steps=every_n_iter)

    def begin(self) -> None:
        self._timer.reset()
        self._count = 0
        self._graph = Graph()
        with self._graph.as_default():
            self._evaluation = self._estimator._build_evaluation(self._input_fn, self._hooks)
            scaffold = self._evaluation.scaffold
            if scaffold.saver is not None or scaffold.init_fn is not None:
                raise ValueError("InMemoryEvaluator does not support a custom saver or init_fn of the Scaffold.")
            variables = v1.global_variables()
            self._fed = {v.name: v1.placeholder(v.dtype.base_dtype, v.shape) for v in variables}
            self._assign = {v.name: v1.assign(v, self._fed[v.name]).op for v in variables}

    def after_create_session(self, session: Any, coord: Any) -> None:
        self._trained = {v.name: v for v in v1.global_variables() if v.name in self._fed}
        self._evaluate(session)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        self._count += 1
        if self._timer.should_trigger_for_step(self._count):
            self._evaluate(run_context.session)

    def end(self, session: Any) -> None:
        self._evaluate(session)

    def _evaluate(self, session: Any) -> None:
        values = session.run(self._trained)
        feeds = {self._fed[name]: value for name, value in values.items()}
        assigns = [self._assign[name] for name in values]

        def init_fn(_: Any, evaluating_session: Any) -> None:
            evaluating_session.run(assigns, feeds)

        with self._graph.as_default():
            scaffold = v1.train.Scaffold(init_fn=init_fn, copy_from_scaffold=self._evaluation.scaffold)
            self._estimator._run_evaluation(self._evaluation._replace(scaffold=scaffold), None, self._name)
        self._timer.update_last_triggered_step(self._count)
