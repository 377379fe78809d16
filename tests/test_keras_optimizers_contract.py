"""TF1's optimizers for Keras: all that Keras's own optimizers do."""

import inspect
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

import tf1compat.keras
from tf1compat import train
from tf1compat.keras import optimizers

pytestmark = pytest.mark.usefixtures("eager")

#: By class: arguments other than its defaults.
ARGUMENTS = {
    "Adadelta": {"learning_rate": 0.5, "rho": 0.9, "epsilon": 1e-5},
    "Adagrad": {"learning_rate": 0.5, "initial_accumulator_value": 0.2},
    "AdagradDA": {
        "learning_rate": 0.5, "initial_gradient_squared_accumulator_value": 0.2, "l1_regularization_strength": 0.01
    },
    "Adam": {"learning_rate": 0.5, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.25},
    "Ftrl": {"learning_rate": 0.5, "learning_rate_power": -0.25, "l2_shrinkage_regularization_strength": 0.01},
    "GradientDescent": {"learning_rate": 0.5},
    "Momentum": {"learning_rate": 0.5, "momentum": 0.9, "use_nesterov": True},
    "ProximalAdagrad": {"learning_rate": 0.5, "l2_regularization_strength": 0.01},
    "ProximalGradientDescent": {"learning_rate": 0.5, "l1_regularization_strength": 0.01},
    "RMSProp": {"learning_rate": 0.5, "decay": 0.8, "momentum": 0.5, "epsilon": 0.01, "centered": True},
}
X = np.random.RandomState(0).randint(0, 20, [24, 4])
Y = np.random.RandomState(1).randn(24, 1).astype("float32")


def make(name, /, **kwargs):
    return getattr(optimizers, name)(**{**ARGUMENTS[name], **kwargs})


def word_model(optimizer, words=True, dtype=None, **kwargs):
    """A small model, with an embedding or without; the same weights each time."""
    keras.utils.set_random_seed(0)
    first = [keras.layers.Embedding(20, 3, dtype=dtype), keras.layers.Flatten(dtype=dtype)] if words else []
    model = keras.Sequential([keras.Input([4]), *first, keras.layers.Dense(1, dtype=dtype)])
    model.compile(optimizer, keras.losses.MeanSquaredError(), **{"jit_compile": False, **kwargs})
    return model


def fit(model, epochs=1, batch_size=8):
    model.fit(X, Y, epochs=epochs, batch_size=batch_size, shuffle=False, verbose=0)
    return model


def state(model):
    return [v.numpy() for v in (*model.variables, *model.optimizer.variables)]


def assert_same(found, expected, **near):
    compare = np.testing.assert_allclose if near else np.testing.assert_array_equal
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        compare(one, other, **near)


def test_all_classes_are_here():
    assert list(ARGUMENTS) == optimizers.__all__
    for name in optimizers.__all__:
        cls = getattr(optimizers, name)
        assert issubclass(cls, keras.optimizers.Optimizer)
        assert "learning_rate:" in cls.__doc__ and "=" in cls.__doc__
        assert next(iter(inspect.signature(cls).parameters)) == "learning_rate"


@pytest.mark.parametrize("name", optimizers.__all__)
def test_configs_round_trip(name):
    everywhere = {"weight_decay": 0.1, "clipnorm": 2.0, "use_ema": True, "ema_momentum": 0.5, "name": "mine"}
    optimizer = make(name, **everywhere)
    config = optimizer.get_config()
    assert config.items() >= {**ARGUMENTS[name], **everywhere}.items()
    serialized = json.loads(json.dumps(keras.optimizers.serialize(optimizer)))
    assert serialized["registered_name"] == f"tf1compat>{name}"
    again = [type(optimizer).from_config(json.loads(json.dumps(config)))]
    for read in (keras.optimizers.deserialize, keras.optimizers.get, keras.saving.deserialize_keras_object):
        again.append(read(json.loads(json.dumps(serialized))))
    for other in again:
        assert type(other) is type(optimizer)
        assert other.get_config() == config
        assert all(getattr(other, key) == value for key, value in ARGUMENTS[name].items() if key != "learning_rate")


@pytest.mark.parametrize("name", optimizers.__all__)
def test_saved_state_goes_on_as_if_never_saved(name):
    gradients = np.random.RandomState(2).randn(5, 2, 3).astype("float32")
    weights = keras.Variable(np.ones([2, 3], "float32"))
    optimizer = make(name)
    for gradient in gradients[:3]:
        optimizer.apply([gradient], [weights])
    store: dict = {}
    optimizer.save_own_variables(store)
    copy = keras.Variable(weights.numpy())
    again = type(optimizer).from_config(optimizer.get_config())
    again.build([copy])
    again.load_own_variables({key: np.array(value) for key, value in store.items()})
    for gradient in gradients[3:]:
        optimizer.apply([gradient], [weights])
        again.apply([gradient], [copy])
    assert_same([v.numpy() for v in (copy, *again.variables)], [v.numpy() for v in (weights, *optimizer.variables)])
    assert int(again.iterations) == 5


@pytest.mark.parametrize("name", ["Adam", "AdagradDA", "RMSProp"])
def test_a_loaded_model_goes_on_as_if_never_saved(name, tmp_path):
    path = tmp_path / "model.keras"
    rate = train.ExponentialDecay(0.5, 2, 0.5, staircase=True)
    model = fit(word_model(make(name, learning_rate=rate), run_eagerly=True))
    model.save(path)
    loaded = keras.models.load_model(path)
    assert type(loaded.optimizer) is type(model.optimizer)
    assert_same(state(loaded), state(model))
    start = state(model)
    assert_same(state(fit(loaded)), state(fit(model)))
    assert any((a != b).any() for a, b in zip(start, state(model), strict=True))


def test_checkpoints_hold_each_variable_once_and_restore_it(tmp_path):
    model = fit(word_model(make("Adam")))
    path = tf.train.Checkpoint(model=model, optimizer=model.optimizer).save(tmp_path / "checkpoint")
    kept = [name for name, _ in tf.train.list_variables(path) if name.startswith("optimizer/")]
    assert len([name for name in kept if "_trainable_variables" not in name]) == len(model.optimizer.variables)
    other = word_model(make("Adam"))
    other.optimizer.build(other.trainable_variables)
    restored = tf.train.Checkpoint(model=other, optimizer=other.optimizer).restore(path)
    restored.assert_existing_objects_matched()
    assert_same(state(fit(other)), state(fit(model)))


def test_build_makes_all_variables_and_only_once():
    weights = [keras.Variable(np.ones([2, 3], "float32"), name="a"), tf.Variable([1.0], name="b")]
    optimizer = make("RMSProp")
    optimizer.build(weights)
    names = [v.path for v in optimizer.variables]
    slots = [f"{owner}_{slot}" for owner in ("a", "b_0") for slot in ("rms", "mg", "momentum")]
    assert names == [f"RMSProp/{name}" for name in ("iteration", "learning_rate", *slots)]
    assert [v.numpy().ravel()[0] for v in optimizer.variables[2:]] == [1, 0, 0, 1, 0, 0]
    optimizer.build(weights)
    assert [v.path for v in optimizer.variables] == names
    with pytest.raises(ValueError, match="Unknown variable"):
        optimizer.apply([np.float32(1.0)], [keras.Variable(1.0)])


@pytest.mark.parametrize(("dtype", "jit"), [("float16", True), ("bfloat16", False), ("float64", False)])
def test_slots_have_the_weights_dtype(dtype, jit):
    model = fit(word_model(make("Momentum"), dtype=dtype, jit_compile=jit))
    assert {v.dtype for v in model.optimizer.variables[2:]} == {dtype}
    assert all(np.isfinite(value).all() for value in state(model))
    # The initial value is the dtype's own, not float32's.
    adagrad = optimizers.Adagrad(0.1)
    adagrad.build([keras.Variable(np.zeros([3]), dtype=dtype)])
    assert adagrad.variables[-1].numpy()[0] == tf.constant(0.1, dtype).numpy()


# An embedding's gradients are slices.


@pytest.mark.parametrize(("name", "jit"), [("Momentum", False), ("Ftrl", True), ("AdagradDA", False)])
def test_an_embedding_trains_by_the_sparse_rule(name, jit):
    model = word_model(make(name), jit_compile=jit)
    start = model.layers[0].embeddings.numpy()
    fit(model, epochs=2)

    by_hand = word_model("sgd")
    step = tf.Variable(0, dtype=tf.int64)
    arguments = {**ARGUMENTS[name], **({"global_step": step} if name == "AdagradDA" else {})}
    rule = getattr(train, name + "Optimizer")(**arguments)
    for first in 2 * list(range(0, len(X), 8)):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(by_hand(X[first : first + 8]) - Y[first : first + 8]))
        weights = by_hand.trainable_variables
        gradients = tape.gradient(loss, weights)
        assert isinstance(gradients[0], tf.IndexedSlices)
        rule.apply_gradients(zip(gradients, weights, strict=True), step)
    assert_same(model.get_weights(), by_hand.get_weights(), rtol=1e-5, atol=1e-6)

    never = np.setdiff1d(np.arange(20), X[:8])
    once = word_model(make(name), jit_compile=jit)
    once.fit(X[:8], Y[:8], batch_size=8, verbose=0)
    assert len(never)
    np.testing.assert_array_equal(once.layers[0].embeddings.numpy()[never], start[never])


# The arguments of Keras's base class.


@pytest.mark.parametrize(
    "arguments",
    [
        {"weight_decay": 0.1},
        {"clipnorm": 0.05},
        {"clipvalue": 0.01},
        {"global_clipnorm": 0.05},
        {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2},
        {"gradient_accumulation_steps": 2},
        {"gradient_accumulation_steps": 2, "use_ema": True},
        {"loss_scale_factor": 64.0},
        {"learning_rate": keras.optimizers.schedules.CosineDecay(0.2, 4)},
        {"learning_rate": train.PiecewiseConstantDecay([1, 3], [0.3, 0.2, 0.1])},
        {"learning_rate": lambda: 0.2},
    ],
    ids=lambda arguments: ",".join(arguments),
)
def test_base_arguments_do_what_they_do_for_keras_sgd(arguments):
    """SGD's rule is `GradientDescent`'s: what is around it must be the same."""
    arguments = {"learning_rate": 0.2, **arguments}
    ours = fit(word_model(optimizers.GradientDescent(**arguments), words=False), epochs=2)
    theirs = fit(word_model(keras.optimizers.SGD(**arguments), words=False), epochs=2)
    assert_same(state(ours), state(theirs), rtol=1e-5, atol=1e-6)


def test_loss_scale_factor_with_slices():
    """Keras's own optimizers fail there."""
    scaled = fit(word_model(make("Momentum", loss_scale_factor=64.0)))
    assert_same(state(scaled), state(fit(word_model(make("Momentum")))), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("name", "jit"), [("Momentum", False), ("Adam", True), ("AdagradDA", False)])
def test_two_accumulated_batches_are_one_of_twice_the_size(name, jit):
    halves = fit(word_model(make(name, gradient_accumulation_steps=2), False, jit_compile=jit), 2, batch_size=4)
    whole = fit(word_model(make(name), False, jit_compile=jit), 2)
    assert int(halves.optimizer.iterations) == int(whole.optimizer.iterations) == 6
    assert_same(halves.get_weights(), whole.get_weights(), rtol=1e-5, atol=1e-6)


def test_accumulated_slices_update_by_the_dense_rule():
    """Keras adds up what it accumulates into dense tensors, so that the rows without a gradient move on, too."""
    model = word_model(make("Momentum", gradient_accumulation_steps=2))
    fit(model, epochs=2)
    embeddings = model.layers[0].embeddings
    slot = next(v for v in model.optimizer.variables if v.path.endswith("embeddings_momentum"))
    before, speed = embeddings.numpy(), slot.numpy()
    model.fit(X[:1].repeat(2, 0), Y[:2], batch_size=1, shuffle=False, verbose=0)
    unnamed = np.setdiff1d(np.arange(20), X[0])
    # Nesterov's step, by the rule's formula with a gradient of zero.
    expected = before - 0.5 * 0.9 * 0.9 * speed
    np.testing.assert_allclose(embeddings.numpy()[unnamed], expected[unnamed], rtol=1e-5, atol=1e-6)
    assert (speed[unnamed] != 0).any()


@pytest.mark.parametrize(("name", "jit"), [("RMSProp", False), ("Adam", True), ("AdagradDA", False)])
def test_a_step_that_overflows_is_skipped(name, jit):
    x, y = np.ones([24, 4], "float32"), Y.copy()
    y[8:16] = np.inf  # the second step's loss
    model = word_model(keras.optimizers.LossScaleOptimizer(make(name)), words=False, jit_compile=jit)
    model.fit(x, y, batch_size=8, shuffle=False, verbose=0)
    plain = word_model(make(name), words=False, jit_compile=jit)
    for finite in (slice(0, 8), slice(16, 24)):
        plain.fit(x[finite], y[finite], batch_size=8, verbose=0)
    assert int(model.optimizer.iterations) == 2
    assert_same(model.get_weights(), plain.get_weights(), rtol=1e-5, atol=1e-6)
    inner = model.optimizer.inner_optimizer.variables
    assert_same([v.numpy() for v in inner], [v.numpy() for v in plain.optimizer.variables], rtol=1e-5, atol=1e-6)


def test_the_rate_may_be_set_between_steps():
    """And is outside of TF1's running sum: a rate of zero stands still at once."""
    model = fit(word_model(make("Momentum"), words=False))
    before = model.get_weights()
    model.optimizer.learning_rate = 0.0
    assert_same(fit(model).get_weights(), before)


def test_the_callbacks_do_what_they_do_for_keras_sgd():
    def with_callbacks(optimizer):
        callbacks = [
            tf1compat.keras.GradientClipping("global_norm", 0.05),
            tf1compat.keras.LearningRateDecay(train.ExponentialDecay(0.5, 2, 0.5)),
            tf1compat.keras.ExponentialMovingAverage(0.5, keep_average=True),
        ]
        model = word_model(optimizer, words=False)
        history = model.fit(X, Y, batch_size=8, epochs=2, shuffle=False, verbose=0, callbacks=callbacks)
        return state(model), history.history

    ours, our_logs = with_callbacks(optimizers.GradientDescent(0.5))
    theirs, their_logs = with_callbacks(keras.optimizers.SGD(0.5))
    assert_same(ours, theirs, rtol=1e-5, atol=1e-6)
    assert our_logs.keys() == their_logs.keys()
    for key, values in our_logs.items():
        np.testing.assert_allclose(values, their_logs[key], rtol=1e-5)


# Errors.


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "error", "says"),
    [
        ("Momentum", (0.1,), {}, TypeError, "missing a required argument: 'momentum'"),
        ("Momentum", (0.1, 1.5), {}, ValueError, "`momentum` must be a number, from 0 to 1. Received: momentum=1.5"),
        ("Momentum", (0.1, "a"), {}, ValueError, "momentum='a'"),
        ("Momentum", (0.1, True), {}, ValueError, "momentum=True"),
        ("Momentum", (0.1, float("nan")), {}, ValueError, "momentum=nan"),
        ("Momentum", ("fast", 0.9), {}, ValueError, "learning_rate='fast'"),
        ("Momentum", (float("inf"), 0.9), {}, ValueError, "learning_rate=inf"),
        ("Momentum", (0.1, 0.9, True), {}, TypeError, "too many positional arguments"),
        ("Momentum", (0.1, 0.9), {"use_nesterov": 1}, ValueError, "use_nesterov=1"),
        ("Momentum", (0.1, 0.9), {"use_locking": True}, TypeError, "no argument 'use_locking' (received True)"),
        ("Momentum", (0.1, 0.9), {"decay": 1e-6}, TypeError, "no argument 'decay' (received 1e-06)"),
        ("Momentum", (0.1, 0.9), {"clip": 1.0}, ValueError, "{'clip': 1.0}"),
        ("Momentum", (0.1, 0.9), {"clipnorm": 1.0, "clipvalue": 2.0}, ValueError, "clipvalue=2.0"),
        ("Momentum", (0.1, 0.9), {"gradient_accumulation_steps": 1}, ValueError, "gradient_accumulation_steps=1"),
        ("Adam", (0.1,), {"beta1": 1.0}, ValueError, "beta1=1.0"),
        ("Adam", (0.1,), {"epsilon": -1}, ValueError, "epsilon=-1"),
        ("Adagrad", (0.1, 0), {}, ValueError, "initial_accumulator_value must be positive: 0"),
        ("AdagradDA", (0.1,), {"global_step": 3}, TypeError, "no argument 'global_step' (received 3)"),
        ("AdagradDA", (0.1, 0.5), {}, TypeError, "too many positional arguments"),
        ("Ftrl", (0.1,), {"learning_rate_power": 0.5}, ValueError, "learning_rate_power 0.5"),
        ("Ftrl", (0.1,), {"initial_accumulator_value": -1.0}, ValueError, "initial_accumulator_value -1"),
        ("Ftrl", (0.1,), {"l2_shrinkage_regularization_strength": -1.0}, ValueError, "l2_shrinkage"),
        ("ProximalAdagrad", (0.1,), {"l1_regularization_strength": -1.0}, ValueError, "l1_regularization_strength=-1"),
    ],
)
def test_bad_arguments_are_named(name, args, kwargs, error, says):
    with pytest.raises(error) as raised:
        getattr(optimizers, name)(*args, **kwargs)
    assert says in str(raised.value)


def test_variables_and_tensors_are_no_hyperparameters():
    with pytest.raises(ValueError, match="`lambda: variable`"):
        optimizers.Adam(tf.Variable(0.1))
    with pytest.raises(ValueError, match="momentum=<tf.Tensor"):
        optimizers.Momentum(0.1, tf.constant(0.9))
    rate = tf.Variable(0.0)
    model = word_model(optimizers.GradientDescent(lambda: rate), words=False)
    before = model.get_weights()
    assert_same(fit(model).get_weights(), before)
    rate.assign(0.1)
    assert (fit(model).get_weights()[0] != before[0]).any()


def test_hyperparameters_are_what_they_were_made():
    optimizer = optimizers.Momentum(1, np.float32(0.5))
    assert optimizer.get_config().items() >= {"learning_rate": 1.0, "momentum": 0.5, "use_nesterov": False}.items()
    with pytest.raises(AttributeError):
        optimizer.momentum = 0.8


def test_a_keras_that_never_ends_a_step_is_refused(monkeypatch):
    monkeypatch.delattr(optimizers.Adam.__mro__[1], "_distributed_tf_update_step")
    with pytest.raises(NotImplementedError, match=f"Keras {keras.__version__}"):
        optimizers.Adam(0.1).apply([np.float32(1.0)], [keras.Variable(1.0)])
