"""TF1's regularizers in every mode, against penalties of TF 1.15.5; collected by get_variable; in Keras layers."""

import keras
import numpy as np
import pytest
import tensorflow as tf2

import tf1compat
import tf1compat.v1 as tf
from tf1compat.train import regularizers as reg

NAN, INF = float("nan"), float("inf")
W = np.linspace(-1, 2, 7, dtype=np.float32).reshape(7, 1)

#: What TF 1.15.5 made of W: (regularizer, the name of its penalty, the penalty).
PENALTIES = {
    "l1": (lambda: reg.l1_regularizer(0.3), "l1_regularizer", "0x1.f33334p+0"),
    "l2": (lambda: reg.l2_regularizer(0.3), "l2_regularizer", "0x1.5p+0"),
    "both": (lambda: reg.l1_l2_regularizer(0.3, 0.2), "l1_l2_regularizer", "0x1.69999ap+1"),
    "both at 1": (lambda: reg.l1_l2_regularizer(), "l1_l2_regularizer", "0x1.5cp+3"),
    "only l2": (lambda: reg.l1_l2_regularizer(0.0, 0.2), "l1_l2_regularizer", "0x1.cp-1"),
    "only l1": (lambda: reg.l1_l2_regularizer(0.2, 0.0), "l1_l2_regularizer", "0x1.4cccce0p+0"),
    "sum": (
        lambda: reg.sum_regularizer([reg.l1_regularizer(0.3), None, reg.l2_regularizer(0.2), reg.l1_regularizer(0.0)]),
        "sum_regularizer", "0x1.69999ap+1",
    ),
    "sum, named": (
        lambda: reg.sum_regularizer([reg.l1_regularizer(0.3)] * 2, "mine"), "mine", "0x1.f33334p+1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PENALTIES)
def test_penalties_in_a_graph(case):
    make, name, expected = PENALTIES[case]
    penalty = make()(tf.constant(W))
    assert penalty.name == f"{name}:0" and penalty.shape == []
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(penalty), float.fromhex(expected), rtol=1.3e-7)


@pytest.mark.parametrize("jit", [None, False, True])
@pytest.mark.parametrize("case", PENALTIES)
@pytest.mark.parametrize("kind", [tf2.Variable, keras.Variable, tf2.constant])
def test_penalties_of_tensorflow_2(case, jit, kind, eager):
    make, _, expected = PENALTIES[case]
    weights, regularizer = kind(W), make()
    penalty = regularizer(weights) if jit is None else tf2.function(lambda: regularizer(weights), jit_compile=jit)()
    np.testing.assert_allclose(penalty, float.fromhex(expected), rtol=1e-6 if jit else 1.3e-7)


@pytest.mark.parametrize("jit", [None, False, True])
def test_gradients(jit, eager):
    """NaN as in TF 1.15.5, whose sign of it was 0."""
    weights = tf2.constant([-2.0, 0.0, 3.0, NAN, -INF])

    def gradient():
        with tf2.GradientTape() as tape:
            tape.watch(weights)
            penalty = reg.l1_l2_regularizer(0.5, 0.25)(weights) + reg.l1_regularizer(0.5)(weights)
        return penalty, tape.gradient(penalty, weights)

    penalty, found = gradient() if jit is None else tf2.function(gradient, jit_compile=jit)()
    assert np.isnan(penalty)
    np.testing.assert_array_equal(found, [-1.5, 0.0, 1.75, NAN, -INF])


def test_under_a_strategy(eager):
    strategy = tf2.distribute.MirroredStrategy([tf2.config.list_logical_devices("CPU")[0].name])
    with strategy.scope():
        weights = tf2.Variable(W)
    penalty = tf2.function(lambda: strategy.run(lambda: reg.l2_regularizer(0.3)(weights)))()
    assert penalty.numpy() == float.fromhex("0x1.5p+0")


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_penalties_have_the_dtype_of_the_weights(dtype, eager):
    for make, _, expected in PENALTIES.values():
        penalty = make()(tf2.constant(W, dtype))
        assert penalty.dtype == dtype
        np.testing.assert_allclose(penalty, float.fromhex(expected), rtol=2e-3)


def test_a_scale_may_be_a_tensor():
    scale = tf.placeholder(tf.float32, [])
    regularizer = reg.l2_regularizer(scale)
    penalty = regularizer(tf.constant(W))
    with tf.Session() as session:
        assert session.run(penalty, {scale: 0.6}) == float.fromhex("0x1.5p+1")
    with pytest.raises(ValueError, match="cannot be saved"):
        regularizer.get_config()


def test_get_variable_collects_penalties_once():
    with tf.variable_scope("net", regularizer=reg.l2_regularizer(0.3)):
        weights = tf.get_variable("w", initializer=W)
        tf.get_variable("b", initializer=W, regularizer=reg.l1_regularizer(0.3))
        tf.get_variable("free", initializer=W, regularizer=reg.l1_regularizer(0.0))
    with tf.variable_scope("net", regularizer=reg.l2_regularizer(0.3), reuse=True):
        assert tf.get_variable("w") is weights
    collected = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    assert [loss.name for loss in collected] == [
        "net/w/Regularizer/l2_regularizer:0",
        "net/b/Regularizer/l1_regularizer:0",
    ]
    assert tf.losses.get_regularization_losses() == collected
    total = tf.losses.get_regularization_loss()
    train = tf.train.GradientDescentOptimizer(1.0).minimize(total, var_list=[weights])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        np.testing.assert_allclose(session.run(total), float.fromhex("0x1.5p+0") + 1.95, rtol=1e-6)
        session.run(train)
        np.testing.assert_allclose(session.run(weights), W - np.float32(0.3) * W, rtol=1e-6)


def test_a_scale_of_0_makes_a_function_of_none():
    assert reg.l1_regularizer(0.0)(tf.constant(W)) is None
    assert reg.l2_regularizer(0.0)(None) is None
    assert reg.l1_l2_regularizer(0.0, 0.0)(None) is None
    assert reg.sum_regularizer([reg.l1_regularizer(0.0)])(tf.constant(W)) is None
    assert reg.sum_regularizer([None]) is None
    assert not tf.get_default_graph().get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: reg.l1_regularizer(0), "scale cannot be an integer: 0"),
        (lambda: reg.l2_regularizer(True), "scale cannot be an integer: True"),
        (lambda: reg.l1_regularizer(-0.5), "Setting a scale less than 0 on a regularizer: -0.5"),
        (lambda: reg.l1_l2_regularizer(1, 0.5), "scale_l1 cannot be an integer: 1"),
        (lambda: reg.l1_l2_regularizer(0.5, 0), "scale_l2 cannot be an integer: 0"),
        (lambda: reg.l1_l2_regularizer(-1.0, 0.5), "Setting a scale less than 0 on a regularizer: -1"),
    ],
)
def test_other_scales_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_apply_regularization_adds_up_and_collects():
    l2 = reg.l2_regularizer(0.3)
    with pytest.raises(ValueError, match="No weights to regularize"):
        reg.apply_regularization(l2)
    tf.add_to_collection(tf.GraphKeys.WEIGHTS, tf.constant(W))
    totals = [
        reg.apply_regularization(l2),
        reg.apply_regularization(l2, [tf.constant(W), tf.Variable(W)]),
        reg.apply_regularization(reg.l2_regularizer(0.0), [tf.constant(W)]),
    ]
    assert totals[0].name == "get_regularization_penalty:0"
    assert tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES) == totals
    with pytest.raises(ValueError, match="must return a scalar Tensor instead of a Tensor with rank 2"):
        reg.apply_regularization(lambda weights: weights, [tf.constant(W)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(totals) == [float.fromhex("0x1.5p+0"), float.fromhex("0x1.5p+1"), 0]


def test_apply_regularization_eagerly(eager):
    total = reg.apply_regularization(reg.l2_regularizer(0.3), [tf2.Variable(W), keras.Variable(W)])
    assert total.numpy() == float.fromhex("0x1.5p+1")


def test_tf1s_l2_is_half_of_keras(eager):
    ours, theirs = reg.l2_regularizer(0.25)(tf2.constant(W)), keras.regularizers.L2(0.25)(tf2.constant(W))
    assert ours.numpy() == 0.125 * np.sum(W**2) and theirs.numpy() == 0.25 * np.sum(W**2)
    ours, theirs = reg.l1_regularizer(0.25)(tf2.constant(W)), keras.regularizers.L1(0.25)(tf2.constant(W))
    assert ours.numpy() == theirs.numpy()


@pytest.mark.parametrize("case", PENALTIES)
def test_keras_reads_back_what_it_wrote(case, eager):
    regularizer = PENALTIES[case][0]()
    again = keras.regularizers.deserialize(keras.regularizers.serialize(regularizer))
    assert type(again) is type(regularizer) and again.get_config() == regularizer.get_config()
    assert again(tf2.constant(W)).numpy() == regularizer(tf2.constant(W)).numpy()


def test_keras_layers_take_them_and_are_saved_with_them(eager, tmp_path):
    model = keras.Sequential([
        keras.Input((7,)),
        keras.layers.Dense(1, kernel_regularizer=reg.l1_l2_regularizer(0.3, 0.2)),
        keras.layers.Dense(1, kernel_regularizer=reg.l2_regularizer(0.0)),
    ])  # fmt: skip
    model.layers[0].kernel.assign(W)
    np.testing.assert_allclose(sum(model.losses), float.fromhex("0x1.69999ap+1"), rtol=1.3e-7)
    model.compile(keras.optimizers.SGD(0.0), "mse")
    loss = model.train_on_batch(np.zeros([2, 7]), np.zeros([2, 1]))
    np.testing.assert_allclose(loss, float.fromhex("0x1.69999ap+1"), rtol=1e-6)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(loaded.layers[0].kernel_regularizer, reg.SumRegularizer)
    np.testing.assert_allclose(sum(loaded.losses), float.fromhex("0x1.69999ap+1"), rtol=1.3e-7)


def test_keras_layers_in_a_graph_take_them():
    layer = keras.layers.Dense(1, kernel_regularizer=reg.l2_regularizer(0.3))
    layer(tf.zeros([1, 7]))
    (loss,) = layer.losses
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        kernel = session.run(layer.kernel)
        np.testing.assert_allclose(session.run(loss), 0.15 * np.sum(kernel**2), rtol=1e-6)


def test_the_functions_are_pure_of_the_mode_they_were_made_in():
    regularizer = reg.l2_regularizer(0.3)
    with tf1compat.eager():
        assert regularizer(tf2.constant(W)).numpy() == float.fromhex("0x1.5p+0")
    with tf.Session() as session:
        assert session.run(regularizer(tf.constant(W))) == float.fromhex("0x1.5p+0")


def test_losses_in_the_collection_are_tensors():
    import tf1compat.v1 as tf

    with tf.Graph().as_default() as graph:
        regularizer = tf.contrib.layers.l2_regularizer(0.5)
        with tf.variable_scope("layer", regularizer=regularizer):
            kernel = tf.get_variable("kernel", [2], initializer=tf.ones_initializer())
        (loss,) = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
        assert isinstance(loss, tf.Tensor) and loss.name == "layer/kernel/Regularizer/l2_regularizer:0"
        assert loss in set(tf.losses.get_regularization_losses())
        operations = len(graph.get_operations())
        slope = tf.gradients(tf.losses.get_regularization_loss(), kernel)[0]
        assert graph.get_operations()[operations].type != "ReadVariableOp"  # the loss is not made again
        with tf.Session() as sess:
            sess.run(kernel.initializer)
            assert sess.run([loss, slope])[0] == 0.5
