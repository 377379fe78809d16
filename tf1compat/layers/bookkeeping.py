"""What a layer keeps account of: its weights, losses and update ops."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import tensorflow as tf

from . import calling
from .reachability import reachable

__all__ = ["Bookkeeping", "add_to_collection"]


class Bookkeeping(tf.Module):
    """The books of one layer.

    Losses and updates know whether they depend on the inputs of a call: `get_losses_for(None)` and
    `get_updates_for(None)` are those that do not, such as penalties on weights.
    """

    #: Whether the layer's updates run though it is not trainable.
    stateful = False
    _trainable = True
    _name = ""
    built = False

    def _open_books(self) -> None:
        # A subclass may have made weights before it called `Layer.__init__`.
        self.__dict__.setdefault("_trainable_weights", [])
        self.__dict__.setdefault("_non_trainable_weights", [])
        self._losses: list[Any] = []
        self._weight_losses: list[Callable[[], Any]] = []
        self._eager_losses: list[Any] = []
        self._unconditional_losses: list[Any] = []
        self._updates: list[Any] = []
        self._update_inputs: list[Sequence[Any]] = []

    # Weights.

    @property
    def trainable(self) -> bool:
        """Whether the layer's weights are to be trained and its updates to be run."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = value

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables to be trained; none if the layer is not `trainable`."""
        return list(self._trainable_weights) if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The other variables."""
        if self.trainable:
            return list(self._non_trainable_weights)
        return self._trainable_weights + self._non_trainable_weights

    @property
    def weights(self) -> list[Any]:
        """All variables, those to be trained first."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def variables(self) -> list[Any]:
        """The same as `weights`."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Any]:
        """The same as `trainable_weights`."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The same as `non_trainable_weights`."""
        return self.non_trainable_weights

    def count_params(self) -> int:
        """How many numbers the weights hold; ValueError before the layer has any."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self._name}, but the layer isn't built. "
                f"You can build it manually via: `{self._name}.build(batch_input_shape)`."
            )
        return sum(math.prod(weight.shape.as_list()) for weight in self.weights)

    def get_weights(self) -> list[Any]:
        """The values of the weights, as numpy arrays; in a graph, those in the default session."""
        if tf.executing_eagerly():
            return [weight.numpy() for weight in self.weights]
        return self._session().run(self.weights)

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Give the weights these values, numpy arrays in the order of `weights`; in a graph, in the default session.

        Raises:
          ValueError: if there are more or fewer than weights, or one is of another shape.
          RuntimeError: in a graph without a default session.
        """
        variables = self.weights
        if len(variables) != len(weights):
            raise ValueError(
                f"You called `set_weights(weights)` on layer {self._name!r} with a weight list of length "
                f"{len(weights)}, but the layer was expecting {len(variables)} weights."
            )
        for variable, value in zip(variables, weights, strict=True):
            if not variable.shape.is_compatible_with(value.shape):
                raise ValueError(
                    f"Layer weight shape {variable.shape} not compatible with provided weight shape {value.shape} "
                    f"({variable.name})"
                )
        for variable, value in zip(variables, weights, strict=True):
            if tf.executing_eagerly():
                variable.assign(value)
            else:
                self._session().run(variable.initializer, {variable.initializer.inputs[1]: value})

    def _session(self) -> Any:
        session = tf.compat.v1.get_default_session()
        if session is None:
            raise RuntimeError(
                f"The weights of layer {self._name!r} have values in a session, and there is no default one. "
                "Call this in `with session.as_default():`."
            )
        return session

    # Losses.

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Add a loss or several to those of the layer, and to the collection REGULARIZATION_LOSSES.

        Args:
          losses: A tensor, a function without arguments that returns one, or a list of these. None is left out.
          inputs: None for losses that do not depend on the inputs of a call; anything else otherwise.
        """
        losses = [loss for loss in tf.nest.flatten(losses) if loss is not None]
        if not calling.in_graph():
            self._add_eager_losses(losses)
            return
        made = []
        for loss in losses:
            if not callable(loss):
                made.append(tf.convert_to_tensor(loss))
                self._losses.append(made[-1])
                continue
            value = loss()
            if value is not None:
                made.append(tf.convert_to_tensor(value))
                self._weight_losses.append(functools.partial(_same, made[-1]))
        if inputs is None:
            self._unconditional_losses += made
        add_to_collection(tf.compat.v1.GraphKeys.REGULARIZATION_LOSSES, made)

    def _add_eager_losses(self, losses: Iterable[Any]) -> None:
        for loss in losses:
            if callable(loss):
                self._weight_losses.append(loss)
            elif calling.current() is None:
                raise ValueError(
                    "Outside of a call, a loss that is computed eagerly must be a function without arguments: "
                    "`layer.add_loss(lambda: …)`."
                )
            else:
                self._eager_losses.append(loss)

    @property
    def losses(self) -> list[Any]:
        """The losses of all calls (eagerly, of the last one), then those of the weights."""
        of_weights = [loss() for loss in self._weight_losses]
        return [*(self._eager_losses or self._losses), *(loss for loss in of_weights if loss is not None)]

    def get_losses_for(self, inputs: Any) -> list[Any]:
        """The losses that depend on these tensors; with None, those that depend on no input."""
        losses = self.losses
        known = {id(loss) for loss in self._unconditional_losses}
        if inputs is None:
            return [loss for loss in losses if id(loss) in known]
        conditional = [loss for loss in losses if id(loss) not in known]
        found = reachable(tf.nest.flatten(inputs), conditional)
        return [loss for loss in conditional if id(loss) in found]

    # Updates.

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Add ops that update weights, which `UPDATE_OPS` holds after the call; eagerly, make them run.

        Args:
          updates: An op, a tensor, a function without arguments that returns one, or a list of these.
          inputs: Has no meaning any more: it is found out which inputs an update depends on.
        """
        del inputs
        call = calling.current()
        flat = list(updates) if isinstance(updates, (list, tuple)) else [updates]
        if not calling.in_graph():
            if call is None or not call.frozen:
                for update in flat:
                    if callable(update):
                        update()
            return
        for update in flat:
            value = update() if callable(update) else update
            self._updates.append(_update_op(value))
            self._update_inputs.append(call.inputs if call else ())

    @property
    def updates(self) -> list[Any]:
        """The update ops of all calls; none if the layer is neither `trainable` nor `stateful`."""
        return list(self._updates) if self.trainable or self.stateful else []

    def get_updates_for(self, inputs: Any) -> list[Any]:
        """The update ops that depend on these tensors; with None, those that depend on no input."""
        updates = self.updates
        conditional = [
            update
            for update, given in zip(updates, self._update_inputs, strict=False)
            if id(update) in reachable(given, [update])
        ]
        if inputs is None:
            known = {id(update) for update in conditional}
            return [update for update in updates if id(update) not in known]
        found = reachable(tf.nest.flatten(inputs), conditional)
        return [update for update in conditional if id(update) in found]


def _same(value: Any) -> Any:
    return value


def _update_op(value: Any) -> Any:
    if isinstance(value, tf.Operation):
        return value
    return value.op if hasattr(value, "op") else tf.convert_to_tensor(value)


def add_to_collection(name: str, elements: Iterable[Any]) -> None:
    """Add to a collection of the default graph what it does not hold yet."""
    elements = list(elements)
    if not elements:
        return
    collection = tf.compat.v1.get_collection_ref(name)
    known = {id(element) for element in collection}
    collection += [element for element in elements if id(element) not in known]
