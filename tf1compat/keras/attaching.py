"""How a callback gets into the train step that Keras compiles: the one module that knows Keras's privates.

A callback's `on_train_begin` calls

    attach(self.model, self, Hooks(gradients=self.clipped), optimizer=self.optimizer)

and its `on_train_end` calls `detach(self.model, self)`. The hooks then run inside each step of that `fit`,
wherever Keras runs it: eagerly, in a `tf.function`, in the loop of `steps_per_execution`, under XLA, in each
replica of a MirroredStrategy. Under a graph they are Python that runs once, when the step is traced: what
they count or keep goes into variables that exist before, made outside of the trace (`tf.init_scope`).

* `before_step(optimizer)` and `after_step(optimizer, stepped)` are called around the `apply` of the optimizer
  that the model was compiled with (the outer one, a LossScaleOptimizer with mixed precision). `stepped` is True
  where this optimizer makes a step each time; otherwise a boolean scalar tensor: whether its `iterations`
  moved, which they do not in a step that loss scaling skips or that only accumulates gradients.
* `gradients(gradients)` is called in the inner optimizer with the list of gradients (dense tensors or
  `tf.IndexedSlices`; no Nones), after loss scaling is undone, averaged over accumulated batches, summed over
  replicas, and before the optimizer's own clipping; it returns the list to go on with. It runs only in steps
  that happen, so it may sit in a branch of a `tf.cond`: give nothing out of it but by variables.
* Hooks of several callbacks run in the order of their `rank`, those of one rank in the order of the
  callbacks: give a rank wherever the order would matter, so that it does not.

What is promised: the same callback twice is attached once. Nothing of the optimizer or model changes that
saving or `get_config` sees. A `fit` that was interrupted, and so never called `on_train_end`, leaves hooks
that do nothing outside of that `fit`'s train function, and the next `fit` or `train_on_batch` drops all of it,
whether it has callbacks or not. Combinations that Keras itself cannot run, or would get wrong, raise
NotImplementedError from `attach`, before the first step; a train step that never reaches the optimizer raises
RuntimeError while it is traced.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from .chosen import inner_optimizer, optimizer_of
from .overriding import override, restore
from .supported import check_supported

__all__ = ["Hooks", "attach", "check_attached", "detach", "inner_optimizer", "optimizer_of", "owners", "replica_count"]


@dataclasses.dataclass(frozen=True)
class Hooks:
    """What a callback does inside the compiled step; the module's docstring says when each is called."""

    before_step: Callable[[Any], None] | None = None
    gradients: Callable[[list[Any]], list[Any]] | None = None
    after_step: Callable[[Any, Any], None] | None = None
    rank: int = 0


def attach(model: Any, owner: Any, hooks: Hooks, optimizer: str | None = None) -> None:
    """Run `hooks` in each training step of a model from now on, until `detach` or the next `fit`.

    Args:
      model: A compiled `keras.Model`, built or not, trained before or not.
      owner: Whose hooks they are; those it attached before are replaced.
      hooks: What to do.
      optimizer: Which optimizer of the model; see `optimizer_of`.

    Raises:
      ValueError: from `optimizer_of`.
      NotImplementedError: for what Keras cannot run; see `supported.check_supported`.
    """
    outer = optimizer_of(model, optimizer)
    check_supported(model, outer, clips=hooks.gradients is not None)
    if optimizer is None and model.built and not outer.built and model.distribute_strategy is _default_strategy():
        # Keras would in the first trace, which an interrupt then leaves with variables that have no values. Under
        # another strategy Keras has built it by now.
        outer.build(model.trainable_variables)
    attached = model.__dict__.get(_RECORD)
    if attached is None:
        attached = model.__dict__[_RECORD] = _Attached(model)
    attached.add(owner, outer, hooks)


def detach(model: Any, owner: Any) -> None:
    """Undo `attach`; without effect where nothing of this owner is attached."""
    attached = model.__dict__.get(_RECORD)
    if attached is not None:
        attached.remove(owner)


def check_attached(model: Any, owner: Any) -> None:
    """Raise RuntimeError if something in the middle of a `fit` undid what `owner` had attached to its step.

    Only another `fit` or `train_on_batch` of the same model can; cheap enough for `on_train_batch_begin`.
    """
    if all(each is not owner for each in owners(model)):
        raise RuntimeError(
            f"{type(owner).__name__} is no longer attached to the train step of model {model.name!r}: another fit "
            f"or a train_on_batch of the same model ran within this fit. Run it before or after."
        )


def owners(model: Any) -> list[Any]:
    """The callbacks that have hooks in a model's train step."""
    attached = model.__dict__.get(_RECORD)
    return [] if attached is None else attached.owners()


def replica_count() -> int:
    """Among how many replicas the step that is running or being traced here is shared; 1 outside of them."""
    context = tf.distribute.get_replica_context()
    return 1 if context is None else context.num_replicas_in_sync


def _default_strategy() -> Any:
    return None if tf.distribute.has_strategy() else tf.distribute.get_strategy()


_RECORD = "_tf1compat_attached"


class _Step(threading.local):
    """The train step that is running, or being traced, in this thread."""

    attached: _Attached | None = None
    reached: set[str] = set()


_STEP = _Step()


class _Attached:
    """All that is attached to one model, kept in its `__dict__`, where Keras does not look.

    While it lasts, the instance's `make_train_function` is ours. Keras calls that at the start of each `fit`,
    before `on_train_begin`: if it finds us there, the `fit` before was interrupted.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._hooks: dict[int, tuple[Any, Any, Hooks]] = {}  # by id(owner); the outer optimizer beside
        self._overridden: list[tuple[Any, str]] = []
        self._before = model.train_function
        self._made: Any = None

    def owners(self) -> list[Any]:
        return [owner for owner, _, _ in self._hooks.values()]

    def add(self, owner: Any, outer: Any, hooks: Hooks) -> None:
        override(self._model, "make_train_function", lambda original: functools.partial(self._make, original))
        inner = inner_optimizer(outer)
        self._overridden += [(outer, "apply"), (inner, "_clip_gradients")]
        override(outer, "apply", lambda original: functools.partial(_apply, outer, original))
        override(inner, "_clip_gradients", lambda original: functools.partial(_clip, outer, original))
        self._hooks[id(owner)] = owner, outer, hooks
        self._model.make_train_function(force=True)

    def remove(self, owner: Any) -> None:
        self._hooks.pop(id(owner), None)
        if not self._hooks:
            self.undo()

    def undo(self) -> None:
        """Put everything back. Interrupted at any point, it can be called again."""
        model = self._model
        if model.train_function is not self._before:
            # None makes Keras build it again: it is another one where the model was compiled in between.
            model.train_function = self._before if model.train_function is self._made else None
        for optimizer, name in self._overridden:
            restore(optimizer, name)
        restore(model, "train_step")
        restore(model, "make_train_function")
        model.__dict__.pop(_RECORD, None)

    def _make(self, original: Callable[..., Any], force: bool = False) -> Any:
        if not force:
            self.undo()
            return original()
        reached: list[bool] = []
        override(self._model, "train_step", lambda step: functools.partial(self._train_step, step, reached))
        try:
            original(force=True)
        finally:
            restore(self._model, "train_step")
        function = self._model.train_function

        @functools.wraps(function)
        def train_function(*args: Any) -> Any:
            logs = function(*args)
            if not reached:
                raise RuntimeError(
                    f"The train function that {type(self._model).__name__}.make_train_function made does not call the "
                    f"train_step that the model had then, so no callback can take part in it."
                )
            return logs

        self._made = self._model.train_function = train_function

    def _train_step(self, original: Callable[[Any], Any], reached: list[bool], data: Any) -> Any:
        with self._running() as names:
            logs = original(data)
        reached.append(True)
        for owner, outer, hooks in self._hooks.values():
            place = "apply" if hooks.gradients is None else "_clip_gradients"
            if names.isdisjoint({f"{id(outer)}.{place}", f"{id(outer)}.skipped"}):
                raise RuntimeError(
                    f"{type(owner).__name__} has nothing to do: the train step of model {self._model.name!r} never "
                    f"came to `{place}` of its {type(outer).__name__} {outer.name!r}. Either nothing is trainable, or "
                    f"the model's own train_step uses another optimizer: name its attribute, optimizer='...'."
                )
        return logs

    @contextlib.contextmanager
    def _running(self) -> Iterator[set[str]]:
        outside = _STEP.attached, _STEP.reached
        _STEP.attached, _STEP.reached = self, set()
        try:
            yield _STEP.reached
        finally:
            _STEP.attached, _STEP.reached = outside

    def hooks_of(self, outer: Any) -> list[Hooks]:
        mine = [hooks for _, optimizer, hooks in self._hooks.values() if optimizer is outer]
        return sorted(mine, key=lambda hooks: hooks.rank)


def _hooks_here(outer: Any, place: str) -> list[Hooks]:
    """The hooks of an optimizer in the step of this thread: none in any other code that uses the optimizer."""
    if _STEP.attached is None:
        return []
    _STEP.reached.add(f"{id(outer)}.{place}")
    return _STEP.attached.hooks_of(outer)


def _apply(outer: Any, original: Callable[..., Any], grads: Any, trainable_variables: Any = None) -> Any:
    hooks = _hooks_here(outer, "apply") if len(grads) else []
    if not hooks:
        return original(grads, trainable_variables)
    for each in hooks:
        if each.before_step is not None:
            each.before_step(outer)
    always = _always_steps(outer)
    before = None if always else tf.identity(outer.iterations)
    result = original(grads, trainable_variables)
    stepped = True if always else tf.not_equal(tf.identity(outer.iterations), before)
    if tf.executing_eagerly() and not stepped:
        _STEP.reached.add(f"{id(outer)}.skipped")
    for each in hooks:
        if each.after_step is not None:
            each.after_step(outer, stepped)
    return result


def _always_steps(outer: Any) -> bool:
    """Whether each `apply` is a step: known of Keras's own, which then costs no condition."""
    own = type(outer).apply is keras.optimizers.Optimizer.apply
    return own and not getattr(outer, "gradient_accumulation_steps", None)


def _clip(outer: Any, original: Callable[..., Any], grads: Any) -> Any:
    hooks = [each.gradients for each in _hooks_here(outer, "_clip_gradients") if each.gradients is not None]
    if not hooks:
        return original(grads)
    grads, replicas = list(grads), replica_count()
    if replicas > 1:
        grads = tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, grads)
    for hook in hooks:
        grads = hook(grads)
    # The optimizer adds the replicas' gradients up after its own clipping, which so sees the whole, too.
    return [_divided(each, replicas) for each in original(grads)]


def _divided(gradient: Any, replicas: int) -> Any:
    if replicas == 1:
        return gradient
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(gradient.values / replicas, gradient.indices, gradient.dense_shape)
    return gradient / replicas
