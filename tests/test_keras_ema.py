"""The Keras callback ExponentialMovingAverage in real training, against its recurrence in float64."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras_averages import (
    BATCH,
    STEPS,
    Record,
    X,
    Y,
    assert_close,
    assert_same,
    averages,
    compiled,
    convolutional,
    dense,
    fit,
    recurrence,
    unbuilt,
    values,
)

from tf1compat.keras import ExponentialMovingAverage

pytestmark = pytest.mark.usefixtures("eager")

SGD = keras.optimizers.SGD


def scaled(optimizer, initial_scale):
    return keras.optimizers.LossScaleOptimizer(optimizer, initial_scale=initial_scale, dynamic_growth_steps=3)


#: Name -> how the model is made and compiled, how many steps 12 batches make, the callback's arguments.
SITUATIONS = {
    "plain": ({}, 12, {}),
    "warm-up": ({}, 12, {"num_updates": True}),
    "zero_debias": ({}, 12, {"zero_debias": True}),
    "under XLA": ({"jit_compile": True}, 12, {"num_updates": True}),
    "eager": ({"run_eagerly": True}, 12, {"num_updates": True}),
    "unbuilt": ({"make": unbuilt}, 12, {"num_updates": True}),
    "unbuilt, under XLA": ({"make": unbuilt, "jit_compile": True}, 12, {"zero_debias": True}),
    "accumulation": ({"optimizer": lambda: SGD(0.3, gradient_accumulation_steps=2)}, 6, {"num_updates": True}),
    "accumulation, with a rest": (
        {"optimizer": lambda: SGD(0.3, gradient_accumulation_steps=5), "jit_compile": True},
        2,
        {"num_updates": True, "zero_debias": True},
    ),
    # 2**127 overflows, and is halved until it does not.
    "steps skipped": ({"optimizer": lambda: scaled(SGD(0.3), 2.0**127)}, range(3, 12), {"num_updates": True}),
    "steps skipped, under XLA": (
        {"optimizer": lambda: scaled(SGD(0.3), 2.0**127), "jit_compile": True},
        range(3, 12),
        {"num_updates": True, "zero_debias": True},
    ),
    "skipped and accumulated": (
        {"optimizer": lambda: scaled(SGD(0.3, gradient_accumulation_steps=2), 2.0**126)},
        range(2, 6),
        {"num_updates": True},
    ),
    "batch normalization": ({"make": convolutional}, 12, {"variables": "all", "num_updates": True}),
    "constraint and clipping of its own": (
        {
            "make": lambda: dense(kernel_constraint=keras.constraints.MaxNorm(0.5)),
            "optimizer": lambda: SGD(0.3, global_clipnorm=0.1),
        },
        12,
        {},
    ),
    "an average of Keras's own, which overwrites": (
        {"optimizer": lambda: SGD(0.3, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=4)},
        12,
        {},
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_averages_follow_the_steps_that_happened(name):
    options, steps, arguments = SITUATIONS[name]
    options = dict(options)
    make, optimizer = options.pop("make", dense), options.pop("optimizer", lambda: None)
    model = compiled(make, optimizer(), **options)
    record, average = Record(), ExponentialMovingAverage(0.9, **arguments)
    if make is unbuilt:
        twin = compiled(make)
        twin.build(X.shape)
        record.trajectory, record.iterations = [values(twin.weights)], [0]
    fit(model, average, record)
    trajectory = record.steps()
    assert len(trajectory) - 1 in (steps if isinstance(steps, range) else [steps])
    arguments = {**arguments, "num_updates": (lambda step: step) if "num_updates" in arguments else None}
    arguments.pop("variables", None)
    wanted = recurrence(trajectory, 0.9, **arguments)
    averaged = [average.average(variable) is not None for variable in model.weights]
    assert averaged == [v.trainable or "all" in SITUATIONS[name][2].values() for v in model.weights]
    pairs = [(variable, value) for variable, value in zip(model.weights, wanted, strict=True) if
             average.average(variable) is not None]  # fmt: skip
    assert_close(averages(average, [variable for variable, _ in pairs]), [value for _, value in pairs])


@pytest.mark.parametrize("all_at_once", [False, True])
def test_steps_per_execution_with_a_tail(all_at_once):
    make, optimizer, options = dense, lambda: None, {"jit_compile": False}
    if all_at_once:
        make, options = convolutional, {"jit_compile": True}
        optimizer = lambda: scaled(SGD(0.3, gradient_accumulation_steps=2), 2.0**126)  # noqa: E731
    record = Record()
    plain = compiled(make, optimizer(), **options)
    fit(plain, record)
    model = compiled(make, optimizer(), steps_per_execution=4, **options)  # 4 and 2 of the 6 steps of an epoch
    average = ExponentialMovingAverage(0.9, num_updates=True, variables="all")
    fit(model, average)
    assert len(record.steps()) - 1 in (range(2, 6) if all_at_once else [12])
    assert_close(values(model.weights), values(plain.weights), 1e-6)
    assert_close(averages(average, model.weights), recurrence(record.steps(), 0.9, lambda n: n), 1e-6)


def test_mixed_precision_averages_the_float32_variables():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = compiled(jit_compile=False)
    finally:
        keras.config.set_dtype_policy("float32")
    assert isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
    model.optimizer.initial_scale = 2.0**24  # overflows float16
    record, average = Record(), ExponentialMovingAverage(0.9, num_updates=True)
    history = fit(model, average, record, validation_data=(X, Y))
    assert 2 < len(record.steps()) - 1 < 12
    assert_close(averages(average, model.weights), recurrence(record.steps(), 0.9, lambda n: n))
    assert average.average(model.weights[0]).dtype == tf.float32
    with average.swapped():
        assert model.evaluate(X, Y, BATCH, verbose=0)[0] == history.history["val_loss"][-1]


def test_training_is_the_same_with_and_without():
    plain, model = compiled(), compiled()
    fit(plain)
    fit(model, ExponentialMovingAverage(0.9, num_updates=True), validation_data=(X, Y))
    assert_same(values(model.weights), values(plain.weights))


def test_num_updates_as_a_variable_and_decay_as_a_callable():
    count = tf.Variable(40)

    class Counting(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            count.assign_add(7)

    model, record = compiled(), Record()
    average = ExponentialMovingAverage(lambda: tf.constant(0.95), num_updates=count)
    fit(model, average, record, Counting())
    wanted = recurrence(record.steps(), 0.95, lambda step: 40 + 7 * (step - 1))
    assert_close(averages(average, model.weights), wanted)


def test_a_model_trained_before_and_the_next_fit():
    model, average, record = compiled(), ExponentialMovingAverage(0.9), Record()
    fit(model, epochs=1)  # its train function is built
    fit(model, average, record, epochs=1)
    fit(model, average, record, epochs=1)  # the averages go on
    assert len(record.trajectory) == 13
    assert_close(averages(average, model.weights), recurrence(record.trajectory, 0.9))
    before = averages(average, model.weights)
    fit(model, epochs=1)
    assert_same(averages(average, model.weights), before)
    average.reset()  # they begin anew where the weights are
    record = Record()
    fit(model, average, record, epochs=1)
    assert_close(averages(average, model.weights), recurrence(record.trajectory, 0.9))


def test_layers_frozen_between_fits_have_no_average():
    model, average = compiled(), ExponentialMovingAverage(0.9)
    first, second = model.layers
    fit(model, average, epochs=1, validation_data=(X, Y))
    first.trainable = False
    model.compile(SGD(0.3), model.loss)
    record = Record("trainable_weights")
    old = averages(average, second.weights)
    history = fit(model, average, record, epochs=1, validation_data=(X, Y))
    assert average.average(first.kernel) is None
    record.trajectory[0] = old
    assert_close(averages(average, second.weights), recurrence(record.trajectory, 0.9))
    with average.swapped():
        assert model.evaluate(X, Y, BATCH, verbose=0)[0] == history.history["val_loss"][-1]
    first.trainable = True
    model.compile(SGD(0.0), model.loss)
    fit(model, average, epochs=1)
    assert_same(averages(average, first.weights), values(first.weights))  # it began where the weights are


def test_two_averages_of_one_model():
    model, record = compiled(), Record()
    slow = ExponentialMovingAverage(0.99, name="slow")
    fast = ExponentialMovingAverage(0.5, name="fast", evaluate_with_average=False, zero_debias=True)
    fit(model, fast, slow, record, fast)  # one of them twice: it counts once
    assert_close(averages(slow, model.weights), recurrence(record.trajectory, 0.99))
    assert_close(averages(fast, model.weights), recurrence(record.trajectory, 0.5, zero_debias=True))


def test_variables_chosen_by_a_list_and_by_a_callable():
    for choose in (lambda model: [model.layers[-1].kernel], None):
        model, record = compiled(), Record()
        chosen = choose or [model.layers[-1].kernel]
        average = ExponentialMovingAverage(0.9, variables=chosen)
        fit(model, average, record, epochs=1)
        kernel = model.layers[-1].kernel
        assert [average.average(variable) is not None for variable in model.weights] == [False, False, True, False]
        assert_close(averages(average, [kernel]), recurrence([[step[2]] for step in record.trajectory], 0.9))


class Adversaries(keras.Model):
    """Two nets, each with an optimizer, as people write GANs for Keras."""

    def __init__(self):
        super().__init__()
        self.critic, self.actor = dense(), dense()

    def compile(self, critic_optimizer, actor_optimizer):
        super().compile(jit_compile=False)
        self.critic_optimizer, self.actor_optimizer = critic_optimizer, actor_optimizer

    def train_step(self, data):
        x, y = data
        with tf.GradientTape(persistent=True) as tape:
            critic = tf.reduce_mean(tf.square(self.critic(x) - tf.stop_gradient(self.actor(x))))
            actor = tf.reduce_mean(self.critic(x) * self.actor(x))
        for net, optimizer, loss in (
            (self.critic, self.critic_optimizer, critic),
            (self.actor, self.actor_optimizer, actor),
        ):
            weights = net.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return {"loss": critic}

    def call(self, x):
        return self.actor(x)


def test_two_optimizers():
    model = Adversaries()
    model.compile(SGD(0.1, gradient_accumulation_steps=4), SGD(0.01))
    with pytest.raises(ValueError, match="more than one optimizer .*actor_optimizer, critic_optimizer.*optimizer="):
        fit(model, ExponentialMovingAverage(0.9))
    assert int(model.actor_optimizer.iterations) == 0
    with pytest.raises(RuntimeError, match="never came to `apply` of its RMSprop"):
        fit(model, ExponentialMovingAverage(0.9, optimizer="optimizer"))
    model = Adversaries()
    model.compile(SGD(0.1, gradient_accumulation_steps=4), SGD(0.01))

    class Nets(Record):
        def on_train_begin(self, logs=None):
            self.note()

        def note(self):
            self.trajectory.append([values(self.model.actor.weights), values(self.model.critic.weights)])
            self.iterations.append(int(self.model.critic_optimizer.iterations))

    actor, critic = (
        ExponentialMovingAverage(
            0.9,
            True,
            variables=lambda model, net=net: getattr(model, net).trainable_variables,
            optimizer=f"{net}_optimizer",
            name=net,
            evaluate_with_average=False,
        )
        for net in ("actor", "critic")
    )
    record = Nets()
    fit(model, actor, critic, record)
    own = [pair[0] for pair in record.trajectory]
    assert_close(averages(actor, model.actor.weights), recurrence(own, 0.9, lambda n: n))
    own = [pair[1] for pair in record.steps()]
    assert len(own) == 4
    assert_close(averages(critic, model.critic.weights), recurrence(own, 0.9, lambda n: n))


def test_arguments_that_cannot_be():
    for arguments, message in [
        ({"decay": 1.0}, "below 1"),
        ({"decay": -0.1}, "at least 0"),
        ({"decay": 0.9, "num_updates": 5}, "never change"),
        ({"decay": 0.9, "variables": "weights"}, "'trainable' or 'all'"),
        ({"decay": 0.9, "name": "a b"}, "word"),
    ]:
        with pytest.raises(ValueError, match=message):
            ExponentialMovingAverage(**arguments)
    for arguments in ({"decay": "0.9"}, {"decay": None}, {"decay": 0.9, "num_updates": "step"}):
        with pytest.raises(TypeError, match="should be a number, a variable, or a callable"):
            ExponentialMovingAverage(**arguments)


@pytest.mark.parametrize(
    "callbacks, error, message",
    [
        (lambda: [ExponentialMovingAverage(0.9), ExponentialMovingAverage(0.8)], ValueError, "another name="),
        (
            lambda: [ExponentialMovingAverage(0.9), ExponentialMovingAverage(0.8, name="other")],
            ValueError,
            "evaluate_with_average=False",
        ),
        (lambda: [ExponentialMovingAverage(0.9, variables=[])], ValueError, "nothing to average"),
        (lambda: [ExponentialMovingAverage(0.9, variables=[tf.Variable(1.0)])], TypeError, "keras.Variables"),
        (
            lambda: [ExponentialMovingAverage(0.9, variables=lambda model: [model.optimizer.iterations])],
            TypeError,
            "floating",
        ),
        (lambda: [ExponentialMovingAverage(0.9, optimizer="loss")], TypeError, "no Keras optimizer"),
    ],
)
def test_errors_come_before_the_first_step_and_leave_nothing(callbacks, error, message):
    model = compiled()
    before = values(model.weights)
    with pytest.raises(error, match=message):
        fit(model, *callbacks())
    assert_same(values(model.weights), before)
    fit(model, epochs=1)
    plain = compiled()
    fit(plain, epochs=1)
    assert_same(values(model.weights), values(plain.weights))


def test_a_model_that_is_not_compiled_or_has_nothing_to_train():
    average = ExponentialMovingAverage(0.9)
    model = dense()
    average.set_model(model)
    with pytest.raises(ValueError, match="compile"):
        average.on_train_begin()
    model = compiled()
    model.trainable = False
    with pytest.raises(ValueError, match="nothing to average"):
        fit(model, average)


def test_config_round_trip():
    arguments = {"decay": 0.99, "num_updates": True, "zero_debias": True, "variables": "all", "keep_average": True,
                 "evaluate_with_average": False, "optimizer": "optimizer", "name": "slow"}  # fmt: skip
    average = ExponentialMovingAverage(**arguments)
    assert average.get_config() == arguments
    assert ExponentialMovingAverage.from_config(average.get_config()).get_config() == arguments
    with pytest.raises(ValueError, match="num_updates=.* cannot be part of a config"):
        ExponentialMovingAverage(0.9, num_updates=tf.Variable(3)).get_config()


def test_keras_sees_neither_hooks_nor_averages():
    model = compiled()
    before = model.optimizer.get_config(), model.get_config(), len(model.weights), len(model.optimizer.variables)
    seen = []

    class Looks(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            optimizer = self.model.optimizer
            seen.append(
                (optimizer.get_config(), self.model.get_config(), len(self.model.weights), len(optimizer.variables))
            )

    model.optimizer.build(model.trainable_variables)
    before = (*before[:3], len(model.optimizer.variables))
    fit(model, ExponentialMovingAverage(0.9), Looks(), epochs=1)
    assert seen == [before] * STEPS
    assert type(model.optimizer) is SGD
    assert not {"apply", "_clip_gradients"} & set(vars(model.optimizer))
    assert not {"train_step", "make_train_function", "test_step", "make_test_function"} & set(vars(model))


def test_another_fit_inside_of_fit_is_an_error():
    class Meddles(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.train_on_batch(X[:BATCH], Y[:BATCH])

    with pytest.raises(RuntimeError, match="no longer attached .* train_on_batch"):
        fit(compiled(), ExponentialMovingAverage(0.9), Meddles())
    assert np.isfinite(fit(compiled(), ExponentialMovingAverage(0.9)).history["loss"]).all()
