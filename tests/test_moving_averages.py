"""ExponentialMovingAverage in every mode, with numbers of TF 1.15.5; its names, errors, checkpoints and swaps."""

import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest
import tensorflow as tf2

import tf1compat
import tf1compat.v1 as tf
from tf1compat.train.averaging import assign_moving_average, weighted_moving_average
from tf1compat.train.moving_averages import ExponentialMovingAverage

#: The average of a variable that is 1, then 1.5, 2, 2.5, 3, 3.5 when updates 0 to 4 see it, and of its
#: square with and without debiasing: as TF 1.15.5 gave them, for a decay of 0.9.
PLAIN = ["0x1.0ccccc0p+0", "0x1.251eb8p+0", "0x1.47cedap+0", "0x1.73d3c4p+0", "0x1.a83e98p+0"]


def hexes(values):
    return np.array([float.fromhex(value) if isinstance(value, str) else value for value in values])


def recurrence(values, decay, start=1.0, debias=False):
    """The averages in float64, from the documented recurrence."""
    shadow, result = start, []
    for n, value in enumerate(values):
        d = decay(n) if callable(decay) else decay
        shadow -= (shadow - value) * (1 - d)
        result.append(shadow / (1 - d ** (n + 1)) if debias else shadow)
    return result


VALUES = [1.5, 2.0, 2.5, 3.0, 3.5]


def in_graph(num_updates, **options):
    variable, step = tf.Variable(1.0, name="v"), tf.Variable(0, name="step", trainable=False)
    ema = ExponentialMovingAverage(0.9, num_updates and num_updates(step), **options)
    with tf.control_dependencies([variable.assign_add(0.5)]):
        update = ema.apply([variable])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(ema.average(variable)) == 1.0
        results = []
        for _ in VALUES:
            session.run(update)
            results.append(session.run(ema.average(variable)))
            session.run(step.assign_add(1))
        return results


def in_tf2(num_updates, make=tf2.Variable, function=None, **options):
    with tf1compat.eager():
        variable, step = make(1.0), tf2.Variable(0)
        ema = ExponentialMovingAverage(0.9, num_updates and num_updates(step), **options)
        ema.build([variable])

        def update():
            ema.apply([variable])

        if function is not None:
            update = tf2.function(update, **function)
        results = []
        for value in VALUES:
            variable.assign(value)
            update()
            results.append(ema.average(variable).numpy())
            step.assign_add(1)
        return results


MODES = {
    "graph": in_graph,
    "eager": in_tf2,
    "eager, Keras": lambda n, **options: in_tf2(n, keras.Variable, **options),
    "function": lambda n, **options: in_tf2(n, function={}, **options),
    "XLA": lambda n, **options: in_tf2(n, function={"jit_compile": True}, **options),
    "XLA, Keras": lambda n, **options: in_tf2(n, keras.Variable, {"jit_compile": True}, **options),
}

NUM_UPDATES = {
    "none": (None, 0.9),
    "number": (lambda step: 3, 4 / 13),
    "variable": (lambda step: step, lambda n: min(0.9, (1 + n) / (10 + n))),
    "callable": (lambda step: lambda: step, lambda n: min(0.9, (1 + n) / (10 + n))),
}


@pytest.mark.parametrize("kind", NUM_UPDATES)
@pytest.mark.parametrize("mode", MODES)
def test_averages_of_variables(mode, kind):
    num_updates, decay = NUM_UPDATES[kind]
    results = MODES[mode](num_updates)
    np.testing.assert_allclose(results, recurrence(VALUES, decay), rtol=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_averages_are_bit_for_bit_those_of_1_15_5(mode):
    for options in ({}, {"zero_debias": True}):  # which acts on tensors only
        results = MODES[mode](None, **options)
        np.testing.assert_allclose(results, hexes(PLAIN), rtol=0 if "XLA" not in mode else 2e-7)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64"])
def test_the_decay_is_float32s_for_every_dtype(dtype):
    variable = tf.Variable(1.0, dtype=dtype)
    ema = ExponentialMovingAverage(0.9)
    update = ema.apply([variable])
    with tf.Session() as session:
        session.run([variable.initializer, ema.average(variable).initializer])
        session.run(variable.assign(tf.constant(2.0, dtype)))
        session.run(update)
        average = session.run(ema.average(variable))
    assert average.dtype == dtype
    step = (np.float32(1) - np.float32(0.9)).astype(average.dtype)
    assert average == np.ones([], average.dtype) + step


# Tensors.


@pytest.mark.parametrize("debias", [False, True])
def test_averages_of_tensors_in_a_graph(debias):
    fed = tf.placeholder(tf.float32, [2], "fed")
    ema = ExponentialMovingAverage(0.9, zero_debias=debias)
    update = ema.apply([fed])
    assert ema.average(fed).name == "fed/ExponentialMovingAverage:0"
    assert not tf.moving_average_variables() and not tf.trainable_variables()
    own = [v.op.name.partition("Average")[2] for v in tf.global_variables()]
    assert own == ["", "/biased", "/local_step"] if debias else [""]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(ema.average(fed)).tolist() == [0, 0]
        for value, expected in zip(VALUES, recurrence(VALUES, 0.9, 0.0, debias), strict=True):
            session.run(update, {fed: [value, 2 * value]})
            np.testing.assert_allclose(session.run(ema.average(fed)), [expected, 2 * expected], rtol=1e-6)


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("debias", [False, True])
def test_averages_of_tensors_in_a_function_go_on_when_it_is_traced_again(debias, jit, eager):
    ema = ExponentialMovingAverage(0.9, zero_debias=debias)
    traces = []

    @tf2.function(jit_compile=jit)
    def step(x):
        traces.append(1)
        mean = tf2.reduce_mean(x)
        ema.apply([mean])
        return tf2.identity(ema.average(mean))

    expected = recurrence(VALUES, 0.9, 0.0, debias)
    for n, value in enumerate(VALUES):
        np.testing.assert_allclose(step(tf2.fill([1 + n // 2], value)), expected[n], rtol=1e-6)
    assert len(traces) >= 3
    assert len(ema.variables()) == (3 if debias else 1)


def test_averages_of_tensors_with_unknown_shapes():
    fed = tf.placeholder(tf.float32, [None])
    ema = ExponentialMovingAverage(0.5)
    update = ema.apply([fed])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer(), {fed: [1.0, 2.0]})
        session.run(update, {fed: [3.0, 4.0]})
        assert session.run(ema.average(fed)).tolist() == [1.5, 2]
    with tf1compat.eager():
        function = tf2.function(lambda x: ExponentialMovingAverage(0.5).apply([x]))
        with pytest.raises(ValueError, match="needs its shape"):
            function.get_concrete_function(tf2.TensorSpec([None], tf2.float32))


def test_eager_tensors_have_no_average(eager):
    ema = ExponentialMovingAverage(0.5)
    with pytest.raises(TypeError, match="does not support non-Variable tensors when eager execution"):
        ema.apply([tf2.constant(1.0)])
    assert ema.average(tf2.constant(1.0)) is None


# Where shadows begin.


def test_a_shadow_begins_at_the_initial_value_in_a_graph():
    variable = tf.Variable(tf.random_normal([3]), name="v")
    with tf.control_dependencies([variable.assign_add(tf.ones([3]))]):
        ema = ExponentialMovingAverage(0.5)
        ema.apply([variable])
    shadow = ema.average(variable)
    assert shadow.initializer.control_inputs == [] and shadow.value().op.control_inputs == []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        first, began = session.run([variable, shadow])
        np.testing.assert_array_equal(first, began)
        session.run(variable.assign([1.0, 2.0, 3.0]))
        session.run(shadow.initializer)
        assert session.run(shadow).tolist() == [1, 2, 3]


def test_a_shadow_begins_where_build_found_the_variable(eager):
    built, late = ExponentialMovingAverage(0.5), ExponentialMovingAverage(0.5)
    variable = tf2.Variable(1.0)
    built.build([variable])
    variable.assign(2.0)
    built.apply()
    late.apply([variable])
    assert (built.average(variable).numpy(), late.average(variable).numpy()) == (1.5, 2.0)
    built.build([variable])  # changes nothing
    assert built.average(variable).numpy() == 1.5


def test_shadows_are_made_inside_a_function(eager):
    variable, ema = tf2.Variable([1.0, 2.0]), ExponentialMovingAverage(0.5)

    @tf2.function
    def function():
        ema.apply([variable])

    variable.assign([3.0, 4.0])
    function()
    assert ema.average(variable).numpy().tolist() == [3, 4]
    variable.assign([5.0, 4.0])
    function()
    assert ema.average(variable).numpy().tolist() == [4, 4]


def test_a_keras_model_in_tensorflow_2(eager, tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="out")])
    ema = ExponentialMovingAverage(0.75)
    ema.build(model.trainable_variables)
    began = [v.numpy() for v in model.trainable_variables]
    for variable in model.trainable_variables:
        variable.assign_add(np.ones(variable.shape))
    ema.apply()
    for variable, before in zip(model.trainable_variables, began, strict=True):
        np.testing.assert_allclose(ema.average(variable), before + 0.25, rtol=1e-6)
    with ema.swapped():
        np.testing.assert_allclose(model.layers[-1].bias, began[1] + 0.25, rtol=1e-6)
        model.save_weights(tmp_path / "averaged.weights.h5")
    np.testing.assert_allclose(model.layers[-1].bias, began[1] + 1, rtol=1e-6)
    model.load_weights(tmp_path / "averaged.weights.h5")
    np.testing.assert_allclose(model.layers[-1].kernel, began[0] + 0.25, rtol=1e-6)
    names = [f"{v.path}/ExponentialMovingAverage" for v in model.trainable_variables]
    assert [ema.average_name(v) for v in model.trainable_variables] == names
    assert list(ema.variables_to_restore()) == names and "out/kernel" in names[0]


def test_a_keras_layer_in_a_graph():
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    loss = tf.reduce_sum(layer(tf.ones([1, 2])))
    step = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
    ema = ExponentialMovingAverage(0.75)
    with tf.control_dependencies([step]):
        update = ema.apply()
    assert ema.average(layer.kernel) is ema.average(tf.trainable_variables()[0])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(update)
        assert session.run([layer.kernel, ema.average(layer.kernel)])[1].tolist() == [[0.75], [0.75]]


def test_an_eager_variable_in_a_graph():
    with tf1compat.eager():
        variable = tf2.Variable([1.0], name="shared")
    ema = ExponentialMovingAverage(0.5)
    update = ema.apply([variable])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with tf1compat.eager():
            variable.assign([2.0])
        session.run(update)
        assert session.run(ema.average(variable)).tolist() == [1.5]
        assert ema.average_name(variable) == "shared/ExponentialMovingAverage"


def test_two_graphs_have_averages_of_their_own():
    ema, averages = ExponentialMovingAverage(0.5), []
    for _ in range(2):
        with tf.Graph().as_default():
            ema.apply([tf.get_variable("v", [])])
            averages.append(ema.average(tf.global_variables()[0]))
            assert ema.variables() == [averages[-1]]
    assert averages[0].graph is not averages[1].graph


# Names, collections and errors.


def test_names_are_those_of_1_15_5():
    ema = ExponentialMovingAverage(0.25, name="foo", zero_debias=True)
    with tf.variable_scope("scope1"):
        v0, v2 = tf.Variable(10.0, name="v0"), tf.Variable(20.0, name="v2", trainable=False)
        tensor = tf.add(v0, 1.0, name="add")
    with tf.variable_scope("scope2"):
        names = ["scope2/scope1/v0/foo", "scope2/scope1/add/foo"]
        assert [ema.average_name(each) for each in (v0, tensor)] == names
        update = ema.apply([v0, tensor])
        assert [ema.average_name(each) for each in (v0, tensor)] == names
        assert ema.average(v0).op.name == names[0] and update.name == "scope2/foo"
        again = ExponentialMovingAverage(0.25, name="foo")
        assert again.average_name(v0) == "scope2/scope1/v0/foo_1"
    names = ema.variables_to_restore()
    assert names == {
        "scope2/scope1/v0/foo": v0,
        "scope1/v2": v2,
        "scope2/scope1/add/foo": ema.average(tensor),
        "scope2/scope2/scope1/add/foo/biased": tf.global_variables()[-2],
        "scope2/scope2/scope1/add/foo/local_step": tf.global_variables()[-1],
    }
    assert set(ema.variables_to_restore([v2])) >= {"scope1/v2/foo", "scope1/v0"}
    assert tf.moving_average_variables() == [v0] and tf.trainable_variables() == [v0]


def test_apply_takes_the_trainable_variables_and_may_be_called_again():
    variable = tf.Variable([1.0])
    tf.Variable([1.0], trainable=False)
    ema = ExponentialMovingAverage(0.5)
    updates = [ema.apply(), ema.apply([variable])]
    assert [update.name for update in updates] == ["ExponentialMovingAverage", "ExponentialMovingAverage_1"]
    assert len(tf.global_variables()) == 3 and tf.moving_average_variables() == [variable]


def test_what_has_no_average_is_refused():
    ema = ExponentialMovingAverage(0.5)
    assert ema.average(tf.Variable(1.0)) is None and ema.average(tf.constant(1.0)) is None
    for wrong in (tf.constant([1]), tf.Variable(1), tf.constant(1j)):
        with pytest.raises(TypeError, match="must be half, float, or double: (Const|Variable)"):
            ema.apply([wrong])
    with pytest.raises(TypeError, match="not of 3.0"):
        ema.apply([3.0])
    with pytest.raises(TypeError, match="build takes variables"):
        ema.build([tf.constant(1.0)])
    with tf1compat.eager(), pytest.raises(ValueError, match="no averages to update yet"):
        ema.apply()


def test_checkpoints_hold_averages_under_tf1_names(tmp_path):
    variable = tf.Variable([1.0], name="v")
    ema = ExponentialMovingAverage(0.5)
    update = ema.apply()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(variable.assign([2.0]))
        session.run(update)
        path = tf.train.Saver().save(session, str(tmp_path / "model"))
    assert dict(tf.train.list_variables(path)) == {"v": [1], "v/ExponentialMovingAverage": [1]}
    with tf.Graph().as_default(), tf.Session() as session:
        restored = tf.Variable([0.0], name="v")
        tf.train.Saver(ExponentialMovingAverage(0.5).variables_to_restore()).restore(session, path)
        assert session.run(restored).tolist() == [1.5]


def test_checkpoints_of_tensorflow_2_hold_them(eager, tmp_path):
    def make():
        variable, ema = tf2.Variable([1.0]), ExponentialMovingAverage(0.5)
        ema.build([variable])
        return variable, ema, tf2.train.Checkpoint(variable=variable, averages=ema.variables())

    variable, ema, checkpoint = make()
    variable.assign([2.0])
    ema.apply()
    path = checkpoint.save(tmp_path / "model")
    again, restored, checkpoint = make()
    checkpoint.restore(path).assert_consumed()
    assert restored.average(again).numpy() == [1.5]


# Swapping.


def test_swapping_is_undone_when_the_block_raises(eager):
    variables = [tf2.Variable(1.0), keras.Variable(1.0)]
    ema = ExponentialMovingAverage(0.5)
    ema.build(variables)
    for variable in variables:
        variable.assign(3.0)
    with pytest.raises(KeyError), ema.swapped():
        assert [float(v.numpy()) for v in variables] == [1, 1]
        with ema.swapped():
            pass
        assert [float(v.numpy()) for v in variables] == [1, 1]
        raise KeyError
    assert [float(v.numpy()) for v in variables] == [3, 3]
    assert [ema.average(v).numpy() for v in variables] == [1, 1]


@pytest.mark.parametrize("jit", [False, True])
def test_swapping_inside_a_function(jit, eager):
    variable, ema = tf2.Variable(1.0), ExponentialMovingAverage(0.5)
    ema.build([variable])

    @tf2.function(jit_compile=jit)
    def evaluate():
        with ema.swapped():
            inside = variable * 10.0
        return inside, variable * 10.0

    variable.assign(3.0)
    assert [float(each) for each in evaluate()] == [10, 30]
    assert variable.numpy() == 3


def test_swapping_in_a_session():
    variable, ema = tf.Variable([1.0]), ExponentialMovingAverage(0.5)
    ema.apply()
    with pytest.raises(RuntimeError, match="variables_to_restore"), ema.swapped():
        pass
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(variable.assign([3.0]))
        operations = None
        for _ in range(2):
            with pytest.raises(KeyError), ema.swapped():
                assert session.run(variable) == [1]
                raise KeyError
            assert session.run([variable, ema.average(variable)]) == [3, 1]
            assert operations in (None, len(session.graph.get_operations()))
            operations = len(session.graph.get_operations())


# The functions.


def test_assign_moving_average_in_a_graph_makes_variables_of_its_own():
    with tf.variable_scope("s1"):
        with tf.variable_scope("s2"):
            variable = tf.get_variable("foo", [])
        updates = [assign_moving_average(variable, value, decay) for value, decay in ((2.0, 0.9), (3.0, 0.5))]
        plain = assign_moving_average(variable, 5.0, 0.5, zero_debias=False)
    assert [v.op.name for v in tf.global_variables()] == ["s1/s2/foo"] + [
        f"s1/s1/s2/foo/{name}" for name in ("biased", "local_step", "biased_1", "local_step_1")
    ]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        expected = hexes(["0x1.fffff8p+0", "0x1.fffff6p+0", "0x1.fffff4p+0"]).tolist()
        assert [session.run(updates[0]) for _ in expected] == expected
        assert session.run(updates[1]) == 3.0 and session.run(plain) == 4.0 == session.run(variable)


@pytest.mark.parametrize("function", [None, {}, {"jit_compile": True}])
def test_assign_moving_average_keeps_its_variables_with_the_variable(function, eager):
    variables = [tf2.Variable(0.0), keras.Variable(0.0)]

    def update(value):
        for variable in variables:
            assign_moving_average(variable, value, 0.9)

    update = update if function is None else tf2.function(update, **function)
    for value, expected in zip(VALUES, recurrence(VALUES, 0.9, 0.0, True), strict=True):
        update(tf2.constant(value))
        np.testing.assert_allclose([float(v.numpy()) for v in variables], expected, rtol=1e-6)


def test_weighted_moving_average_in_a_graph():
    value, weight = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.float32, [])
    with tf.variable_scope("s1"):
        average = weighted_moving_average(value, 0.5, weight)
    assert [v.op.name for v in tf.global_variables()] == [
        "s1/WeightedMovingAvg/value_x_weight", "s1/WeightedMovingAvg/weight",
    ]  # fmt: skip
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(average, {value: [3.0, 1.0], weight: 4.0}).tolist() == [3, 1]
        later = session.run(average, {value: [11.0, 1.0], weight: 22.0})
    np.testing.assert_allclose(later, [(3 * 4 / 4 + 11 * 22 / 2) / (4 / 4 + 22 / 2), 1], rtol=1e-6)


@pytest.mark.parametrize("function", [None, {}, {"jit_compile": True}])
def test_weighted_moving_average_of_tensorflow_2_is_given_its_variables(function, eager):
    kept = (tf2.Variable(0.0), tf2.Variable(0.0))

    def update(value, weight):
        return weighted_moving_average(value, 0.5, weight, averages=kept)

    update = update if function is None else tf2.function(update, **function)
    assert update(tf2.constant(3.0), tf2.constant(4.0)).numpy() == 3
    np.testing.assert_allclose(update(tf2.constant(11.0), tf2.constant(22.0)), (3 + 121) / 12, rtol=1e-6)
    with pytest.raises(ValueError, match="averages="):
        weighted_moving_average(tf2.constant(3.0), 0.5, tf2.constant(4.0))


def test_replicas_of_a_strategy():
    script = """
    import numpy as np, tensorflow as tf
    from tf1compat.train.averaging import assign_moving_average
    from tf1compat.train.moving_averages import ExponentialMovingAverage
    import keras
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    for make in (tf.Variable, keras.Variable):
        for wrap in (tf.function, lambda f: f):
            with strategy.scope():
                built, late = make(1.0), make(1.0)
                plain = tf.Variable(0.0)
                step = tf.Variable(0, dtype=tf.int64)
            ema = ExponentialMovingAverage(0.5, num_updates=lambda: step + 1000, zero_debias=True)
            ema.build([built])  # outside of the strategy's scope
            built.assign(3.0), late.assign(3.0)

            def body():
                replica = tf.distribute.get_replica_context().replica_id_in_sync_group
                mine = tf.cast(replica, tf.float32) * 2 + 1  # 1 and 3: their mean is 2
                variables = [built, late] if wrap is not tf.function else [built, late, mine]
                ema.apply(variables)
                assign_moving_average(plain, mine, 0.5)
                assert variables[-1] is not mine or ema.average(mine) is not None
                return tf.identity(ema.average(mine)) if variables[-1] is mine else tf.constant(2.0)

            run = wrap(lambda: strategy.run(body))
            for n in range(2):
                mean = strategy.experimental_local_results(run())
                assert [float(each) for each in mean] == [2, 2], mean
            def parts(v):
                return [float(each) for each in strategy.experimental_local_results(v)]
            assert parts(ema.average(built)) == [2.5, 2.5], parts(ema.average(built))
            assert parts(ema.average(late)) == [3, 3]
            assert parts(plain) == [2, 2]
            value = getattr(built, "_value", built)
            value = value if isinstance(value, tf.distribute.DistributedValues) else built
            with ema.swapped():
                assert parts(value) == [2.5, 2.5]
            assert parts(value) == [3, 3]
            ema.apply([built])  # across the replicas
            assert parts(ema.average(built)) == [2.75, 2.75]
    print("ok")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stdout.strip().endswith("ok"), done.stdout + done.stderr[-3000:]
