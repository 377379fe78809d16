"""The averages of a model's variables: kept on the model, saved and loaded with it, never among its weights."""

from __future__ import annotations

import concurrent.futures
import contextlib
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from ..train import replica, variables
from ..train.averaging import assign_moving_average, debiasing_variables, decay_at

__all__ = ["Averages", "scope_of"]


class _Average(NamedTuple):
    of: keras.Variable
    shadow: Any

    def state(self, zero_debias: bool) -> tuple[Any, ...]:
        return (self.shadow, *debiasing_variables(self.shadow)) if zero_debias else (self.shadow,)


class Averages:
    """The shadows of some of a model's variables, by one name.

    They are made where they are first needed, at their variables' values, and stay with the model from one
    `fit` to the next, whatever callback continues them.
    """

    @staticmethod
    def of(model: Any, name: str) -> Averages:
        """Those that a model has by a name; where it has none, new ones."""
        place = f"_tf1compat_averages_{name}"
        saved = model.__dict__.get(place)
        if saved is None:
            # Keras finds it there when it saves and loads, but does not count it as a layer of the model.
            saved = model.__dict__[place] = _Saved(Averages(model, name))
        return saved.averages

    def __init__(self, model: Any, name: str) -> None:
        self.name = name
        #: Counts the times that the shadows were exchanged for others: what was traced with them is void.
        self.version = 0
        #: Whether a file that was loaded last had them.
        self.loaded = False
        #: The `swapping.Swap` that was made of them last.
        self.swap: Any = None
        self._model: Callable[[], Any] = weakref.ref(model)
        self._averages: list[_Average] = []
        self._choose: Callable[[Any], Any] = lambda model: []
        self._zero_debias = False
        self._begin_again = True

    def configure(self, choose: Callable[[Any], Any], zero_debias: bool) -> None:
        """Say which variables have averages from the next `prepare` on, and how they begin.

        Args:
          choose: Called with the model, once it is built: a list of `keras.Variable`s.
          zero_debias: Whether the averages begin at 0 and are divided by what that makes them too small by.
        """
        self._choose = choose
        self._begin_again |= zero_debias != self._zero_debias
        self._zero_debias = zero_debias

    @property
    def started(self) -> bool:
        """Whether there are averages to evaluate with."""
        return bool(self._averages) and not self._begin_again

    def pairs(self) -> list[tuple[keras.Variable, Any]]:
        """The variables, each with the `tf.Variable` that holds its average."""
        return [(average.of, average.shadow) for average in self._averages]

    def begin_again(self) -> None:
        """Let the averages begin anew, at the values that the variables have at the next `prepare`."""
        self._begin_again = True

    @tf.autograph.experimental.do_not_convert
    def prepare(self) -> None:
        """Make what is missing: averages of variables that had none begin at their values.

        A model that builds itself from its first batch makes its variables while the step is traced, but they
        have no values before TensorFlow traces it a second time: call this in each trace, too.

        Raises:
          TypeError, ValueError: for variables that cannot have averages, or if there are none.
        """
        model = self._model()
        chosen = list(self._choose(model))
        if not chosen and not model.built:
            return
        same = [id(variable) for variable in chosen] == [id(average.of) for average in self._averages]
        if same and self.started:
            return
        if not tf.executing_eagerly():
            if _have_values(chosen):
                _outside_of_functions(self.prepare)
            return
        chosen = _checked(chosen, self.name)
        known = {id(average.of): average for average in self._averages}
        averages = []
        with scope_of(model.distribute_strategy):
            for variable in chosen:
                average = known.get(id(variable))
                if average is None:
                    average = _Average(variable, self._shadow_of(variable))
                elif self._begin_again:
                    self._reset(average)  # what is traced with it goes on using it
                averages.append(average)
        if [id(average.shadow) for average in averages] != [id(average.shadow) for average in self._averages]:
            self.version += 1
        self._averages = averages
        self._begin_again = False

    def _shadow_of(self, variable: keras.Variable) -> Any:
        whole = variables.unwrapped(variable)
        shadow = variables.make_slot(whole, variables.initial_value_of(whole), self.name)
        if self._zero_debias:
            debiasing_variables(shadow)
        return shadow

    def _reset(self, average: _Average) -> None:
        average.shadow.assign(variables.initial_value_of(variables.unwrapped(average.of)))
        for variable in average.state(self._zero_debias)[1:]:
            variable.assign(tf.zeros_like(variable))

    def update(self, decay: Any, num_updates: Any, stepped: Any) -> None:
        """Update all averages, in any mode, in a replica too.

        Args:
          decay: As `decay_at` takes it.
          num_updates: Likewise.
          stepped: True, or a boolean scalar tensor: False leaves all as it is.
        """
        if replica.is_distributed() and not tf.distribute.in_cross_replica_context():
            stepped = [] if stepped is True else [stepped]
            replica.merged(lambda strategy, *flags: self._update(decay, num_updates, *flags), *stepped)
        else:
            self._update(decay, num_updates, *([] if stepped is True else [stepped]))

    def _update(self, decay: Any, num_updates: Any, *flags: Any) -> None:
        def update() -> tf.Tensor:
            current = decay_at(decay, num_updates)
            for variable, shadow in self.pairs():
                assign_moving_average(shadow, variables.unwrapped(variable), current, self._zero_debias)
            return tf.constant(True)

        if not flags:
            update()
        else:
            # Replicas have the same answer: what one of them did not step, none did.
            stepped = tf.distribute.get_strategy().experimental_local_results(flags[0])[0]
            tf.cond(stepped, update, lambda: tf.constant(False))

    def into_variables(self) -> None:
        """Let the variables hold their averages from now on: all of them, whatever interrupts it, or none."""

        def assign() -> None:
            for variable, shadow in self.pairs():
                variables.unwrapped(variable).assign(shadow)

        with scope_of(self._model().distribute_strategy):
            tf.function(assign, autograph=False)()

    def save(self, store: Any) -> None:
        """Write all into a dict-like store of Keras; nothing if they have not begun."""
        if self.started:
            for number, average in enumerate(self._averages):
                for part, variable in zip(_PARTS, average.state(self._zero_debias), strict=False):
                    store[f"{part}_{number}"] = tf.convert_to_tensor(variable).numpy()

    def load(self, store: Any) -> None:
        """Read all from a store. From one of a model without averages, let them begin again from the weights.

        Raises:
          ValueError: for a store of other variables' averages.
        """
        saved = set(store.keys())
        self.loaded = bool(saved)
        if not saved:
            self.begin_again()
            return
        self.prepare()
        wanted = {
            f"{part}_{number}": variable
            for number, average in enumerate(self._averages)
            for part, variable in zip(_PARTS, average.state(self._zero_debias), strict=False)
        }
        shapes = {key: tuple(np.shape(store[key])) for key in saved}
        if shapes != {key: tuple(variable.shape) for key, variable in wanted.items()}:
            raise ValueError(
                f"The file holds averages {self.name!r} of other variables, or with another zero_debias, than this "
                f"callback keeps: {_summary(shapes)} in the file, {_summary(wanted)} here."
            )
        for key, variable in wanted.items():
            variable.assign(tf.cast(np.asarray(store[key]), variable.dtype))


#: What is saved of an average: `debiasing_variables` names the last two.
_PARTS = ("average", "biased", "local_step")


class _Saved(keras.Layer):
    """What Keras sees of averages on a model: something that has variables to save and to load."""

    def __init__(self, averages: Averages) -> None:
        super().__init__(name=averages.name, trainable=False)
        self.averages = averages

    def save_own_variables(self, store: Any) -> None:
        self.averages.save(store)

    def load_own_variables(self, store: Any) -> None:
        self.averages.load(store)


def _checked(chosen: Any, name: str) -> list[keras.Variable]:
    unique = {id(variable): variable for variable in chosen}
    for variable in unique.values():
        if not isinstance(variable, keras.Variable):
            raise TypeError(f"Averages are kept of a model's keras.Variables; `variables` has {variable!r}.")
        if not tf.as_dtype(variable.dtype).is_floating:
            raise TypeError(f"Averages are kept of floating point numbers; {variable.path} is {variable.dtype}.")
    if not unique:
        raise ValueError(f"There is nothing to average for {name!r}: the model has no such variables.")
    return list(unique.values())


def _have_values(chosen: list[keras.Variable]) -> bool:
    with tf.init_scope():
        return all(variables.unwrapped(variable).is_initialized() for variable in chosen)


def _outside_of_functions(call: Callable[[], None]) -> None:
    """Call it eagerly, although a function is being traced.

    In this thread even `tf.init_scope` leaves the making of variables to the function, which wants to make
    none any more.
    """
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        thread.submit(call).result()


@contextlib.contextmanager
def scope_of(strategy: Any) -> Iterator[None]:
    """A block under a strategy, entered where it is not in force already."""
    if strategy is tf.distribute.get_strategy():
        yield
    else:
        with strategy.scope():
            yield


def _summary(keyed: dict[str, Any]) -> str:
    count = sum(key.startswith(_PARTS[0]) for key in keyed)
    return f"{count} averages{' with' if len(keyed) > count else ' without'} what debiases them"
