"""Estimator: trains, evaluates and predicts with the graphs that a `model_fn` builds, each in a Session of its own."""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf
from tf1compat.graph import Graph
from tf1compat.train import Saver, latest_checkpoint

from . import exporting, reporting
from .run_config import RunConfig
from .spec import LOSS_METRIC_KEY, EstimatorSpec, ModeKeys
from .warm_starting import settings_from

__all__ = ["Estimator"]

v1 = tf.compat.v1
_ARGUMENTS = frozenset({"features", "labels", "mode", "params", "self", "config"})


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
        self._config = _with_model_dir(config, model_dir)
        _check_arguments(model_fn, params)
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
        hooks = _checked_hooks(hooks)
        for listener in saving_listeners or ():
            if not isinstance(listener, v1.train.CheckpointSaverListener):
                raise TypeError(f"saving_listeners must be a list of CheckpointSaverListener, given: {listener}")
        if max_steps is not None and self._step_saved() >= max_steps:
            v1.logging.info("Skipping training since max_steps has already saved.")
            return self
        if steps is not None or max_steps is not None:
            hooks.append(v1.train.StopAtStepHook(steps, max_steps))
        with self._new_graph() as step:
            features, labels, input_hooks = self._inputs(input_fn, ModeKeys.TRAIN)
            with tf.device(self._config.device_fn):
                spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self.config)
            if self._warm_start_settings:
                self._warm_start_settings.apply()
            loss = self._run_training(spec, step, input_hooks, hooks, saving_listeners or ())
        v1.logging.info("Loss for final step: %s.", loss)
        return self

    def _step_saved(self) -> int:
        path = self.latest_checkpoint()
        return int(tf.train.load_variable(path, v1.GraphKeys.GLOBAL_STEP)) if path else 0

    def _run_training(
        self, spec: EstimatorSpec, step: Any, input_hooks: list[Any], hooks: list[Any], listeners: Sequence[Any]
    ) -> Any:
        config = self._config
        if not any(summary.op.name == "loss" for summary in v1.get_collection(v1.GraphKeys.SUMMARIES)):
            v1.summary.scalar("loss", spec.loss)
        v1.add_to_collection(v1.GraphKeys.LOSSES, spec.loss)
        all_hooks = [*input_hooks, *hooks, v1.train.NanTensorHook(spec.loss)]
        if config.log_step_count_steps is not None:
            watched = {"loss": spec.loss, "step": step}
            all_hooks.append(v1.train.LoggingTensorHook(watched, every_n_iter=config.log_step_count_steps))
        all_hooks += spec.training_hooks
        if not (spec.scaffold.saver or v1.get_collection(v1.GraphKeys.SAVERS)):
            saver = Saver(
                sharded=True,
                max_to_keep=config.keep_checkpoint_max,
                keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
                defer_build=True,
                save_relative_paths=True,
            )
            v1.add_to_collection(v1.GraphKeys.SAVERS, saver)
        chief_hooks = list(spec.training_chief_hooks)
        saving = [h for h in [*all_hooks, *chief_hooks] if isinstance(h, v1.train.CheckpointSaverHook)]
        if not saving and (config.save_checkpoints_secs or config.save_checkpoints_steps):
            own = v1.train.CheckpointSaverHook(
                self.model_dir,
                save_secs=config.save_checkpoints_secs,
                save_steps=config.save_checkpoints_steps,
                scaffold=spec.scaffold,
            )
            chief_hooks.insert(0, own)
            saving = [own]
        if listeners and not saving:
            raise ValueError(
                "There should be a CheckpointSaverHook to use saving_listeners. Please set one of the "
                "RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
            )
        for listener in listeners:
            if listener not in saving[0]._listeners:
                saving[0]._listeners.append(listener)
        loss = None
        with v1.train.MonitoredTrainingSession(
            checkpoint_dir=self.model_dir,
            scaffold=spec.scaffold,
            hooks=all_hooks,
            chief_only_hooks=chief_hooks,
            save_checkpoint_secs=0,  # a hook does
            save_summaries_steps=config.save_summary_steps,
            config=config.session_config,
            max_wait_secs=config.session_creation_timeout_secs,
            log_step_count_steps=config.log_step_count_steps,
        ) as session:
            while not session.should_stop():
                _, loss = session.run([spec.train_op, spec.loss])
        if loss is None:
            v1.logging.warning("Training with estimator made no steps. Perhaps input is empty or misspecified.")
        return loss

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
        hooks = _checked_hooks(hooks)
        if steps is not None:
            if steps <= 0:
                raise ValueError(f"Must specify steps > 0, given: {steps}")
            hooks.append(_tf.stop_after_n_evals_hook(num_evals=steps))
        checkpoint_path = checkpoint_path or self._checkpoint_or_none("evaluate")
        with self._new_graph() as step:
            features, labels, input_hooks = self._inputs(input_fn, ModeKeys.EVAL)
            spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self.config)
            self._warm_start_without(checkpoint_path)
            metrics = dict(spec.eval_metric_ops)
            for taken in (LOSS_METRIC_KEY, v1.GraphKeys.GLOBAL_STEP):
                if taken in metrics:
                    raise ValueError(
                        f'Metric with name "{taken}" is not allowed, because Estimator already defines a default '
                        "metric with the same name."
                    )
            metrics[LOSS_METRIC_KEY] = v1.metrics.mean(spec.loss)
            updates = tf.group(*(metrics[key][1] for key in sorted(metrics)))
            values = {key: value for key, (value, _) in sorted(metrics.items())}
            values[v1.GraphKeys.GLOBAL_STEP] = step
            scaffold = spec.scaffold
            if scaffold and scaffold.local_init_op is not None:
                _tf.get_or_create_eval_step()
                both = tf.group(scaffold.local_init_op, v1.train.Scaffold.default_local_init_op())
                scaffold = v1.train.Scaffold(local_init_op=both, copy_from_scaffold=scaffold)
            results = _tf.evaluate_once(
                checkpoint_path=checkpoint_path,
                scaffold=scaffold,
                eval_ops=updates,
                final_ops=values,
                hooks=[*input_hooks, *hooks, *spec.evaluation_hooks],
                config=self._config.session_config,
            )
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
        hooks = _checked_hooks(hooks)
        checkpoint_path = checkpoint_path or self._checkpoint_or_none("predict")
        graph = Graph()
        # The caller's graph is the current one again whenever the generator gives something out.
        with graph.as_default():
            v1.set_random_seed(self._config.tf_random_seed)
            v1.train.create_global_step()
            features, _, input_hooks = self._inputs(input_fn, ModeKeys.PREDICT)
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
            self._warm_start_without(checkpoint_path)
            predictions = _chosen(spec.predictions, predict_keys)
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
                    yield from _examples(values)
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
        return frozenset(_arguments(self._model_fn))

    def _new_graph(self) -> Any:
        return _new_graph(self._config.tf_random_seed)

    def _inputs(self, input_fn: Callable[..., Any], mode: str) -> tuple[Any, Any, list[Any]]:
        """(features, labels, hooks) of what an input function gives."""
        known = {"mode": mode, "params": self.params, "config": self.config}
        taken = _arguments(input_fn)
        with tf.device("/cpu:0"):
            found = input_fn(**{name: value for name, value in known.items() if name in taken})
            if isinstance(found, tf.data.Dataset):
                iterator = v1.data.make_initializable_iterator(found)
                v1.add_to_collection(v1.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
                found = iterator.get_next()
        if isinstance(found, (list, tuple)):
            if len(found) != 2:
                raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
            return found[0], None if mode == ModeKeys.PREDICT else found[1], []
        return found, None, []

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


@contextlib.contextmanager
def _new_graph(seed: int | None) -> Iterator[Any]:
    """A new graph for the length of the block, which gets its global step."""
    with Graph().as_default():
        v1.set_random_seed(seed)
        yield v1.train.create_global_step()


def _with_model_dir(config: Any, model_dir: Any) -> RunConfig:
    """The settings, with the folder given, or a new one where there is none, and a configuration for the Session."""
    if config is None:
        config = RunConfig()
    if not isinstance(config, RunConfig):
        raise ValueError(f"config must be an instance of `RunConfig`, but provided {config}.")
    if config.session_config is None:
        config = config.replace(session_config=v1.ConfigProto(allow_soft_placement=True))
    if model_dir is not None:
        model_dir = os.fspath(model_dir)
        if config.model_dir not in (None, model_dir):
            raise ValueError(
                "`model_dir` are set both in constructor and `RunConfig`, but with different values. In constructor: "
                f"'{model_dir}', in `RunConfig`: '{config.model_dir}' "
            )
    if not (model_dir or config.model_dir):
        model_dir = tempfile.mkdtemp()
        v1.logging.warning("Using temporary folder as model directory: %s", model_dir)
    return config.replace(model_dir=model_dir) if model_dir else config


def _arguments(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def _check_arguments(model_fn: Callable[..., Any], params: Any) -> None:
    taken = set(_arguments(model_fn))
    if "features" not in taken:
        raise ValueError(f"model_fn ({model_fn}) must include features argument.")
    if params is not None and "params" not in taken:
        raise ValueError(
            f"model_fn ({model_fn}) does not include params argument, but params ({params}) is passed to Estimator."
        )
    if taken - _ARGUMENTS:
        raise ValueError(f"model_fn ({model_fn}) has following not expected args: {sorted(taken - _ARGUMENTS)}")


def _checked_hooks(hooks: Sequence[Any] | None) -> list[Any]:
    for hook in hooks or ():
        if not isinstance(hook, v1.train.SessionRunHook):
            raise TypeError(f"Hooks must be a SessionRunHook, given: {hook}")
    return list(hooks or ())


def _chosen(predictions: Any, keys: Sequence[str] | None) -> Any:
    if not keys:
        return predictions
    if not isinstance(predictions, Mapping):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    chosen = {key: value for key, value in predictions.items() if key in keys}
    if not chosen:
        raise ValueError(f"Expected to run at least one output from {list(predictions)}, provided {keys}.")
    return chosen


def _examples(values: Any) -> Iterator[Any]:
    if not isinstance(values, Mapping):
        yield from values
        return
    lengths = {key: value.shape[0] for key, value in values.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"Batch length of predictions should be same, but they are {lengths}.")
    for place in range(next(iter(lengths.values()), 0)):
        yield {key: value[place] for key, value in values.items()}
