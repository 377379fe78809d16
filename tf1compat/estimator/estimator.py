"""Estimator: trains, evaluates and predicts with the graphs that a `model_fn` builds, each in a Session of its own."""

from __future__ import annotations

import contextlib
import copy
import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat.graph import Graph
from tf1compat.train import latest_checkpoint

from . import checks, evaluating, exporting, feeding, looping, predicting, reporting
from .run_config import RunConfig
from .spec import EstimatorSpec, ModeKeys
from .warm_starting import settings_from

__all__ = ["Estimator"]

v1 = tf.compat.v1


class Estimator:
    """Trains and uses the model that `model_fn` builds.

    Args:
      model_fn: `model_fn(features, labels, mode, params, config)`, or with the first and some of the others. It gives
        an `EstimatorSpec`, and is called once for each `train`, `evaluate` and `predict`, in a new graph.
      model_dir: the folder of checkpoints and summaries. A model that is there is used, and trained further.
      config: a `RunConfig`.
      params: a dictionary that `model_fn` gets a copy of.
      warm_start_from: a checkpoint, a folder of them, or `tf.estimator.WarmStartSettings`: where variables start from,
        if `model_dir` has no checkpoint.

    Raises:
      ValueError: for a `model_fn` that does not take `features`, or takes what is none of these.
    """

    def __init__(
        self,
        model_fn: Callable[..., EstimatorSpec],
        model_dir: Any = None,
        config: RunConfig | None = None,
        params: Mapping[str, Any] | None = None,
        warm_start_from: Any = None,
    ) -> None:
        self._refuse_overriding()
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        self._config = checks.with_model_dir(config, model_dir)
        checks.check_arguments(model_fn, params)
        self._model_fn = model_fn
        self._params = copy.deepcopy(params or {})
        self._warm_start_settings = settings_from(warm_start_from)
        v1.logging.info("Using config: %s", self._config)

    def _refuse_overriding(self) -> None:
        own = {name for name in vars(Estimator) if not name.startswith("__")} - {"model_fn"}
        for kind in type(self).__mro__:
            if kind is Estimator:
                return
            changed = sorted(own & set(vars(kind)))
            if changed:
                raise ValueError(
                    f"Subclasses of Estimator cannot override members of Estimator. {kind} does: {changed}"
                )

    # --- what it is ------------------------------------------------------------------------------

    @property
    def model_dir(self) -> str:
        """The folder of checkpoints and summaries."""
        return self._config.model_dir

    @property
    def config(self) -> RunConfig:
        """A copy of the settings."""
        return copy.copy(self._config)

    @property
    def params(self) -> Any:
        """A copy of the parameters."""
        return copy.deepcopy(self._params)

    @property
    def model_fn(self) -> Callable[..., EstimatorSpec]:
        """`model_fn(features, labels, mode, config)`, whichever of them the given one takes."""
        return lambda features, labels, mode, config: self._call_model_fn(features, labels, mode, config)

    def latest_checkpoint(self) -> str | None:
        """The prefix of the newest checkpoint in `model_dir`, None if there is none."""
        return latest_checkpoint(self.model_dir)

    def get_variable_names(self) -> list[str]:
        """The names in the newest checkpoint; ValueError if there is none."""
        return [name for name, _ in tf.train.list_variables(self._needed_checkpoint())]

    def get_variable_value(self, name: str) -> Any:
        """A variable's value in the newest checkpoint, an array; ValueError if there is none."""
        return tf.train.load_variable(self._needed_checkpoint(), name)

    def eval_dir(self, name: str | None = None) -> str:
        """The folder of an evaluation's summaries: `eval`, or `eval_<name>`, in `model_dir`."""
        return os.path.join(self.model_dir, f"eval_{name}" if name else "eval")

    def _needed_checkpoint(self) -> str:
        path = self.latest_checkpoint()
        if not path:
            raise ValueError(f"Could not find trained model in model_dir: {self.model_dir}.")
        return path

    # --- train -----------------------------------------------------------------------------------

    def train(
        self,
        input_fn: Callable[..., Any],
        hooks: Sequence[Any] | None = None,
        steps: int | None = None,
        max_steps: int | None = None,
        saving_listeners: Sequence[Any] | None = None,
    ) -> Estimator:
        """Train until the input ends, or for `steps` steps, or until step `max_steps` in all; `self`.

        Args:
          input_fn: gives (features, labels): nests of tensors, or a `tf.data.Dataset` of them. It may take `mode`,
            `params` and `config`.
          hooks: `tf.train.SessionRunHook`s.
          saving_listeners: `tf.train.CheckpointSaverListener`s.

        Raises:
          ValueError: for both `steps` and `max_steps`, or one below 1.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        for name, count in (("steps", steps), ("max_steps", max_steps)):
            if count is not None and count <= 0:
                raise ValueError(f"Must specify {name} > 0, given: {count}")
        hooks = checks.checked_hooks(hooks)
        for listener in saving_listeners or ():
            if not isinstance(listener, v1.train.CheckpointSaverListener):
                raise TypeError(f"saving_listeners must be a list of CheckpointSaverListener, given: {listener}")
        if max_steps is not None and self._step_saved() >= max_steps:
            v1.logging.info("Skipping training since max_steps has already saved.")
            return self
        if steps is not None or max_steps is not None:
            hooks.append(v1.train.StopAtStepHook(steps, max_steps))
        with Graph().as_default():
            step = self._start_graph()
            features, labels, input_hooks = self._inputs(input_fn, ModeKeys.TRAIN)
            with tf.device(self._config.device_fn):
                spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self.config)
            if self._warm_start_settings:
                self._warm_start_settings.apply()
            loss = looping.run_training(self._config, spec, step, [*input_hooks, *hooks], saving_listeners or ())
        v1.logging.info("Loss for final step: %s.", loss)
        return self

    def _step_saved(self) -> int:
        path = self.latest_checkpoint()
        return int(tf.train.load_variable(path, v1.GraphKeys.GLOBAL_STEP)) if path else 0

    # --- evaluate --------------------------------------------------------------------------------

    def evaluate(
        self,
        input_fn: Callable[..., Any],
        steps: int | None = None,
        hooks: Sequence[Any] | None = None,
        checkpoint_path: str | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """{metric: value}, with `loss`, the mean over the batches, and `global_step`.

        Args:
          steps: how many batches; all that the input has where None.
          checkpoint_path: the newest checkpoint unless given; without any, the model as it is initialized.
          name: of the evaluation, for its folder of summaries.
        """
        hooks = evaluating.with_steps(checks.checked_hooks(hooks), steps)
        checkpoint_path = checkpoint_path or self._checkpoint_or_none("evaluate")
        with Graph().as_default():
            evaluation = self._build_evaluation(input_fn, hooks)
            self._warm_start_without(checkpoint_path)
            return self._run_evaluation(evaluation, checkpoint_path, name)

    def _build_evaluation(self, input_fn: Callable[..., Any], hooks: Sequence[Any]) -> evaluating.Evaluation:
        """What an evaluation runs, in the current graph."""
        step = self._start_graph()
        features, labels, input_hooks = self._inputs(input_fn, ModeKeys.EVAL)
        spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self.config)
        return evaluating.built(spec, step, [*input_hooks, *hooks])

    def _run_evaluation(self, evaluation: evaluating.Evaluation, checkpoint_path: str | None, name: Any) -> Any:
        results = evaluating.run(evaluation, checkpoint_path, self._config.session_config)
        reporting.write_evaluation(self.eval_dir(name), results, checkpoint_path)
        return results

    # --- predict ---------------------------------------------------------------------------------

    def predict(
        self,
        input_fn: Callable[..., Any],
        predict_keys: Sequence[str] | None = None,
        hooks: Sequence[Any] | None = None,
        checkpoint_path: str | None = None,
        yield_single_examples: bool = True,
    ) -> Iterator[Any]:
        """The predictions, one example at a time, or one batch where `yield_single_examples` is False.

        Args:
          input_fn: as of `train`; labels are left out.
          predict_keys: which of a dictionary of predictions.

        The graph is built, and the Session made, when the first is asked for, and the Session is closed when
        the generator is.
        """
        hooks = checks.checked_hooks(hooks)
        checkpoint_path = checkpoint_path or self._checkpoint_or_none("predict")
        graph = Graph()
        # The caller's graph is the current one again whenever the generator gives something out.
        with graph.as_default():
            self._start_graph()
            features, _, input_hooks = self._inputs(input_fn, ModeKeys.PREDICT)
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
            self._warm_start_without(checkpoint_path)
            predictions = predicting.chosen(spec.predictions, predict_keys)
            session = v1.train.MonitoredSession(
                session_creator=v1.train.ChiefSessionCreator(
                    checkpoint_filename_with_path=checkpoint_path,
                    scaffold=spec.scaffold,
                    config=self._config.session_config,
                ),
                hooks=[*input_hooks, *hooks, *spec.prediction_hooks],
            )
        with contextlib.closing(session):
            while not session.should_stop():
                with graph.as_default():
                    try:
                        values = session.run(predictions)
                    except tf.errors.OutOfRangeError:
                        return
                if yield_single_examples:
                    yield from predicting.examples(values)
                else:
                    yield values

    # --- export ----------------------------------------------------------------------------------

    def export_saved_model(
        self,
        export_dir_base: Any,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        experimental_mode: str = ModeKeys.PREDICT,
    ) -> bytes:
        """Write a SavedModel into a new folder, named by the time, below `export_dir_base`; its path.

        Args:
          serving_input_receiver_fn: gives a `tf.estimator.export.ServingInputReceiver`.
          assets_extra: {path below `assets.extra`: file to copy there}.
          as_text: whether the graph is written as text.
          checkpoint_path: the newest checkpoint unless given.
          experimental_mode: what the model is built for.
        """
        return exporting.export(
            self,
            export_dir_base,
            {experimental_mode: serving_input_receiver_fn},
            assets_extra,
            as_text,
            checkpoint_path,
            self._warm_start_settings,
        )

    def export_savedmodel(
        self,
        export_dir_base: Any,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        strip_default_attrs: bool = False,
    ) -> bytes:
        """`export_saved_model` as it was called before; `strip_default_attrs` is what that does anyway."""
        return self.export_saved_model(
            export_dir_base, serving_input_receiver_fn, assets_extra, as_text, checkpoint_path
        )

    def experimental_export_all_saved_models(
        self,
        export_dir_base: Any,
        input_receiver_fn_map: Mapping[str, Callable[[], Any]],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
    ) -> bytes:
        """`export_saved_model` for several modes, {mode: input receiver function}, into one SavedModel."""
        return exporting.export(
            self,
            export_dir_base,
            input_receiver_fn_map,
            assets_extra,
            as_text,
            checkpoint_path,
            self._warm_start_settings,
        )

    # --- graphs ----------------------------------------------------------------------------------

    @functools.cached_property
    def _model_arguments(self) -> frozenset[str]:
        return frozenset(checks.arguments(self._model_fn))

    def _start_graph(self) -> Any:
        """Give the current graph its seed and its global step; that."""
        v1.set_random_seed(self._config.tf_random_seed)
        return v1.train.create_global_step()

    def _inputs(self, input_fn: Callable[..., Any], mode: str) -> feeding.Inputs:
        return feeding.inputs_of(input_fn, mode, params=self.params, config=self.config)

    def _call_model_fn(self, features: Any, labels: Any, mode: str, config: RunConfig) -> EstimatorSpec:
        if "labels" not in self._model_arguments and labels is not None:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        known = {"labels": labels, "mode": mode, "params": self.params, "config": config}
        v1.logging.info("Calling model_fn.")
        given = {name: value for name, value in known.items() if name in self._model_arguments}
        spec = self._model_fn(features=features, **given)
        v1.logging.info("Done calling model_fn.")
        if not isinstance(spec, EstimatorSpec):
            raise ValueError(f"model_fn should return an EstimatorSpec, but returned {spec!r}.")
        return spec

    def _checkpoint_or_none(self, verb: str) -> str | None:
        path = self.latest_checkpoint()
        if not path:
            v1.logging.info(
                "Could not find trained model in model_dir: %s, running initialization to %s.", self.model_dir, verb
            )
        return path

    def _warm_start_without(self, checkpoint_path: str | None) -> None:
        if not checkpoint_path and self._warm_start_settings:
            self._warm_start_settings.apply()
