"""Learning rate schedules in every mode, against rates that TF 1.15.5 computed; the Keras classes."""

import keras
import numpy as np
import pytest
import tensorflow as tf2

import tf1compat
import tf1compat.v1 as tf
from tf1compat.train import schedule_classes, schedules

STEPS = [0, 1, 5, 10, 25]

#: What TF 1.15.5 gave at STEPS: (function, class, arguments after the step, rates).
RATES = {
    "exponential": (
        "exponential_decay", "ExponentialDecay", (10, 0.5),
        [0.1, 0.093303300440311432, 0.070710681378841400, 0.05, 0.017677670344710350],
    ),
    "exponential stairs": (
        "exponential_decay", "ExponentialDecay", (10, 0.5, True), [0.1, 0.1, 0.1, 0.05, 0.025],
    ),
    "natural": (
        "natural_exp_decay", "NaturalExpDecay", (10, 0.5),
        [0.1, 0.0951229482889175, 0.07788007706403732, 0.06065306439995766, 0.028650477528572083],
    ),
    "inverse time stairs": (
        "inverse_time_decay", "InverseTimeDecay", (10, 0.5, True), [0.1, 0.1, 0.1, 0.06666667014360428, 0.05],
    ),
    "polynomial": (
        "polynomial_decay", "PolynomialDecay", (10, 0.01, 2.0), [0.1, 0.0829, 0.0325, 0.01, 0.01],
    ),
    "polynomial cycle": (
        "polynomial_decay", "PolynomialDecay", (10, 0.01, 2.0, True), [0.1, 0.0829, 0.0325, 0.01, 0.0125],
    ),
    "cosine": (
        "cosine_decay", "CosineDecay", (10, 0.1), [0.1, 0.09779754281044006, 0.055, 0.01, 0.01],
    ),
    "restarts": (
        "cosine_decay_restarts", "CosineDecayRestarts", (10, 2.0, 0.5, 0.1),
        [0.1, 0.09779754281044006, 0.055, 0.055, 0.016590097919106483],
    ),
    "equal restarts": (
        "cosine_decay_restarts", "CosineDecayRestarts", (10, 1.0, 0.5, 0.1),
        [0.1, 0.09779754281044006, 0.055, 0.055, 0.02125],
    ),
    "linear cosine": (
        "linear_cosine_decay", "LinearCosineDecay", (10,),
        [0.1001, 0.08789754658937454, 0.0251, 0.0001, 0.0001],
    ),
    "noisy, of no variance": (
        "noisy_linear_cosine_decay", "NoisyLinearCosineDecay", (10, 0.0),
        [0.1001, 0.08789754658937454, 0.0251, 0.0001, 0.0001],
    ),
}  # fmt: skip


def in_graph(schedule):
    step = tf.placeholder(tf.int32, [])
    rate = schedule(step)
    with tf.Session() as session:
        return [session.run(rate, {step: n}) for n in STEPS]


def in_eager(schedule):
    with tf1compat.eager():
        step = tf2.Variable(0)
        rate = schedule(step)
        return [(step.assign(n), rate().numpy())[1] for n in STEPS]


def in_function(schedule, **options):
    with tf1compat.eager():
        step = tf2.Variable(0, dtype=tf2.int64)
        compute = tf2.function(lambda: schedule(step)(), **options)
        return [(step.assign(n), compute().numpy())[1] for n in STEPS]


def in_xla(schedule):
    return in_function(schedule, jit_compile=True)


def under_strategy(schedule):
    with tf1compat.eager():
        cpu = tf2.config.list_logical_devices("CPU")[0].name
        strategy = tf2.distribute.MirroredStrategy([cpu])
        with strategy.scope():
            step = tf2.Variable(0, dtype=tf2.int64)
        run = tf2.function(lambda: strategy.run(lambda: schedule(step)()))
        return [(step.assign(n), strategy.experimental_local_results(run())[0].numpy())[1] for n in STEPS]


MODES = [in_graph, in_eager, in_function, in_xla, under_strategy]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", RATES)
def test_rates_are_those_of_1_15_5(case, mode):
    function, _, arguments, expected = RATES[case]
    rates = mode(lambda step: getattr(schedules, function)(0.1, step, *arguments))
    assert all(rate.dtype == np.float32 for rate in rates)
    exact = mode is not in_xla
    np.testing.assert_allclose(rates, np.float32(expected), rtol=2.5e-7 if exact else 1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_a_root_ends_at_the_end_rate(mode):
    rates = mode(lambda step: schedules.polynomial_decay(0.1, step, 25, 0.001, power=0.5))
    assert rates[-1] == np.float32(0.001)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_piecewise_constant_takes_its_boundaries_to_the_left(mode, dtype):
    levels = np.array([4, 2, 1], dtype).tolist()
    rates = mode(lambda step: schedules.piecewise_constant(step, [5, 10], levels))
    np.testing.assert_array_equal(rates, [4, 4, 4, 2, 1])
    assert rates[0].dtype == dtype


@pytest.mark.parametrize("case", RATES)
def test_keras_classes_give_the_same_rates_and_survive_serialization(case, eager):
    _, name, arguments, expected = RATES[case]
    schedule = getattr(schedule_classes, name)(0.1, *arguments)
    again = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(schedule))
    assert type(again) is type(schedule) and again.get_config() == schedule.get_config()
    assert isinstance(again, keras.optimizers.schedules.LearningRateSchedule)
    np.testing.assert_allclose([again(n).numpy() for n in STEPS], np.float32(expected), rtol=2.5e-7)


def test_the_piecewise_class_casts_its_boundaries_to_the_step(eager):
    schedule = schedule_classes.PiecewiseConstantDecay([5, 10], [1.0, 0.5, 0.1])
    again = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(schedule))
    assert [float(again(tf2.constant(n, dtype))) for n, dtype in [(5, "int64"), (5.5, "float32")]] == [1.0, 0.5]
    with pytest.raises(ValueError, match="1 less"):
        schedule_classes.PiecewiseConstantDecay([5], [1.0])


def test_a_keras_model_trains_with_a_schedule_and_is_saved_with_it(eager, tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(schedule_classes.ExponentialDecay(0.5, 2, 0.1, staircase=True)), "mse")
    model.fit(np.ones([6, 2]), np.ones([6, 1]), batch_size=2, epochs=1, verbose=0)
    assert float(model.optimizer.learning_rate) == np.float32(0.05)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(loaded.optimizer._learning_rate, schedule_classes.ExponentialDecay)
    assert float(loaded.optimizer.learning_rate) == np.float32(0.05)


def test_a_keras_optimizer_follows_the_callable(eager):
    step = tf2.Variable(0, dtype=tf2.int64)
    variable = keras.Variable([1.0])
    optimizer = keras.optimizers.SGD(schedules.exponential_decay(0.5, step, 1, 0.5))
    for expected in (0.5, 0.25, 0.125):
        optimizer.apply_gradients([(tf2.constant([1.0]), variable)])
        step.assign_add(1)
        assert variable.numpy() == [expected]


def test_keras_classes_are_tensors_of_the_step_in_a_graph():
    step = tf.placeholder(tf.int64, [])
    rate = schedule_classes.ExponentialDecay(0.1, 10, 0.5)(step)
    with tf.Session() as session:
        assert session.run(rate, {step: 10}) == np.float32(0.05)


def test_keras_classes_tell_their_arguments_and_refuse_others(eager):
    schedule = schedule_classes.CosineDecay(0.1, decay_steps=7)
    assert (schedule.initial_learning_rate, schedule.decay_steps, schedule.alpha) == (0.1, 7, 0.0)
    with pytest.raises(AttributeError, match="no attribute 't_mul'"):
        schedule.t_mul  # noqa: B018
    with pytest.raises(TypeError, match="t_mul"):
        schedule_classes.CosineDecay(0.1, 7, t_mul=2.0)
    with pytest.raises(TypeError, match="decay_steps"):
        schedule_classes.CosineDecay(0.1)


def test_the_graph_follows_a_variable_and_tensors_inside_a_branch():
    step = tf.train.get_or_create_global_step()
    rate = tf.cond(step > 100, lambda: tf.constant(0.0), lambda: schedules.exponential_decay(0.1, step, 1, 0.5))
    count = tf.assign_add(step, 1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(rate) == np.float32(0.1)
        session.run(count)
        assert session.run(rate) == np.float32(0.05)


@pytest.mark.parametrize(
    "function, arguments, name",
    [
        ("exponential_decay", (0.1, 1, 2, 0.5), "ExponentialDecay:0"),
        ("natural_exp_decay", (0.1, 1, 2, 0.5), "ExponentialDecay:0"),
        ("inverse_time_decay", (0.1, 1, 2, 0.5), "InverseTimeDecay:0"),
        ("polynomial_decay", (0.1, 1, 2), "PolynomialDecay:0"),
        ("cosine_decay", (0.1, 1, 2), "CosineDecay/Mul_3:0"),
        ("cosine_decay_restarts", (0.1, 1, 2), "SGDRDecay:0"),
        ("linear_cosine_decay", (0.1, 1, 2), "LinearCosineDecay:0"),
        ("noisy_linear_cosine_decay", (0.1, 1, 2), "NoisyLinearCosineDecay:0"),
    ],
)
def test_tensors_are_named_as_in_1_15_5(function, arguments, name):
    function = getattr(schedules, function)
    assert function(*arguments).name == name
    assert function(*arguments, name="rate").name == name.replace(name.rstrip(":0").split("/")[0], "rate")


@pytest.mark.parametrize("mode", [in_graph, in_eager, in_function])
def test_float64_rates_are_float64_where_they_were(mode):
    rates = mode(lambda step: schedules.exponential_decay(np.float64(0.1), step, 10, 0.5))
    assert rates[1] == float.fromhex("0x1.7e2b99a7955a8p-4") and rates[1].dtype == np.float64
    rates = mode(lambda step: schedules.natural_exp_decay(np.float64(0.1), step, 10, 0.5))
    assert rates[4] == float.fromhex("0x1.d568d328880a2p-6")
    rates = mode(lambda step: schedules.polynomial_decay(np.float64(0.1), step, 10, 0.01, 2.0))
    assert rates[1] == float.fromhex("0x1.538ef34a7ef9ep-4")


@pytest.mark.parametrize("function", [schedules.cosine_decay, schedules.linear_cosine_decay])
def test_cosines_refuse_float64_as_they_did(function):
    with pytest.raises(TypeError, match="float64"):
        function(np.float64(0.1), 1, 10)


def test_nothing_checks_decay_steps():
    step = tf.placeholder(tf.int32, [])
    rates = [
        schedules.exponential_decay(0.1, step, 0, 0.5),
        schedules.polynomial_decay(0.1, step, 0),
        schedules.cosine_decay(0.1, step, 0),
    ]
    with tf.Session() as session:
        assert np.isnan(session.run(rates, {step: 0})).all()
        assert session.run(rates[0], {step: 1}) == 0


@pytest.mark.parametrize("missing", range(4))
def test_none_is_refused(missing):
    arguments = [0.1, 1, 10, 0.5]
    arguments[missing] = None
    with pytest.raises(ValueError, match="None values not supported"):
        schedules.exponential_decay(*arguments)
    with tf1compat.eager(), pytest.raises(ValueError, match="None"):
        schedules.exponential_decay(*arguments)()


def test_piecewise_constant_refuses_what_does_not_go_together():
    step = tf.placeholder(tf.int32, [])
    with pytest.raises(ValueError, match=r"Boundaries \(<dtype: 'float32'>\) must have the same dtype as x"):
        schedules.piecewise_constant(step, [5.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="Values must have elements all with the same dtype"):
        schedules.piecewise_constant(step, [5], [1, 2.0])
    with pytest.raises(ValueError, match="1 less"):
        schedules.piecewise_constant(step, [5, 6], [1.0, 2.0])
    wrong_order = schedules.piecewise_constant(step, [10, 5], [1.0, 2.0, 3.0])
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="exclusive"):
        session.run(wrong_order, {step: 7})


def test_noise_has_the_variance_it_should():
    steps = 20 * np.arange(3)
    rates = [schedules.noisy_linear_cosine_decay(1.0, int(n), 100, 4.0, 0.5, num_periods=0.0, beta=0.0) for n in steps]
    with tf.Session() as session:
        drawn = np.array([session.run(rates) for _ in range(2000)])
    np.testing.assert_allclose(drawn.std(0), np.sqrt(4.0 / np.sqrt(1.0 + steps)), rtol=0.08)
    np.testing.assert_allclose(drawn.mean(0), 1 - steps / 100, atol=0.2)
