"""What programs do with tf.layers besides calling it: other data formats, values, checkpoints, copies, other modes."""

import copy

import numpy as np
import pytest

import tf1compat
import tf1compat.v1 as tf
from tf1compat import layers


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def values(*shape):
    return np.random.RandomState(3).uniform(-1.0, 1.0, shape).astype(np.float32)


def channels_first(rank):
    return (0, rank + 1, *range(1, rank + 1))


FORMATS = {
    "conv1d": (1, {"filters": 3, "kernel_size": 2}),
    "conv1d causal": (1, {"filters": 3, "kernel_size": 2, "padding": "causal"}),
    "conv2d": (2, {"filters": 3, "kernel_size": 2, "strides": (1, 2)}),
    "conv2d dilated": (2, {"filters": 3, "kernel_size": 2, "dilation_rate": (1, 2), "padding": "same"}),
    "conv3d": (3, {"filters": 3, "kernel_size": 2}),
    "separable_conv1d": (1, {"filters": 3, "kernel_size": 2}),
    "separable_conv2d": (2, {"filters": 3, "kernel_size": 2, "depth_multiplier": 2}),
    "conv2d_transpose": (2, {"filters": 3, "kernel_size": (2, 3), "strides": 2}),
    "conv3d_transpose": (3, {"filters": 2, "kernel_size": 2, "padding": "same"}),
    "max_pooling1d": (1, {"pool_size": 2, "strides": 2}),
    "max_pooling2d": (2, {"pool_size": (2, 3), "strides": (2, 1)}),
    "average_pooling2d": (2, {"pool_size": 2, "strides": 1, "padding": "same"}),
    "max_pooling3d": (3, {"pool_size": 2, "strides": 1}),
}


@pytest.mark.parametrize("case", FORMATS)
def test_channels_first_gives_what_channels_last_gives(case):
    # TF 1.15.5 has the shapes, and for most of them no kernel on CPUs.
    rank, options = FORMATS[case]
    make = getattr(tf.layers, case.split()[0])
    last = tf.constant(values(2, *(6, 5, 4)[:rank], 2))
    first = tf.transpose(last, channels_first(rank))
    given = {}
    if "pooling" not in case:
        given = {"name": "one", "bias_initializer": tf.random_normal_initializer(seed=1)}
    wanted = make(last, **options, **given)
    if given:
        given["reuse"] = True
    found = make(first, data_format="channels_first", **options, **given)
    assert found.shape.as_list() == [wanted.shape.as_list()[i] for i in channels_first(rank)]
    gradients = tf.gradients(wanted**2, last) + tf.gradients(found**2, last)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        wanted, found, *gradients = session.run([wanted, found, *gradients])
    np.testing.assert_allclose(found, wanted.transpose(channels_first(rank)), 1e-5, 1e-6)
    np.testing.assert_allclose(gradients[1], gradients[0], 1e-5, 1e-6)


def test_channels_first_normalized():
    images = values(3, 4, 5, 2)
    last, first = tf.constant(images), tf.constant(images.transpose(0, 3, 1, 2))
    found = [tf.layers.batch_normalization(last, training=True), tf.layers.batch_normalization(first, 1, training=True)]
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        wanted, found = session.run(found)
        session.run(updates)
        moved = session.run(["batch_normalization/moving_variance:0", "batch_normalization_1/moving_variance:0"])
    np.testing.assert_allclose(found, wanted.transpose(0, 3, 1, 2), 1e-4, 1e-5)
    np.testing.assert_allclose(moved[1], moved[0], 1e-5)


def test_moving_averages_end_at_the_data():
    x = tf.placeholder(tf.float32, [None, 3])
    training = tf.placeholder(tf.bool, [])
    layer = tf.layers.BatchNormalization(momentum=0.5)
    y = layer(x, training=training)
    batch = values(64, 3) * 3 + 2
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for on in [True] * 30 + [False] * 3:
            session.run(layer.updates, {x: batch, training: on})
        np.testing.assert_allclose(session.run(layer.moving_mean), batch.mean(0), 1e-4)
        np.testing.assert_allclose(session.run(layer.moving_variance), batch.var(0), 1e-4)
        in_training, out = (session.run(y, {x: batch, training: on}) for on in (True, False))
    np.testing.assert_allclose(in_training, out, atol=1e-3)


def test_updates_run_only_where_they_are_asked_for():
    x = tf.placeholder(tf.float32, [None, 3])
    layer = tf.layers.BatchNormalization()
    y = layer(x, training=True)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        after = tf.identity(y)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(y, {x: values(4, 3)})
        assert not session.run(layer.moving_mean).any()
        session.run(after, {x: values(4, 3)})
        np.testing.assert_allclose(session.run(layer.moving_mean), values(4, 3).mean(0) * 0.01, 1e-4)


def test_a_penalty_from_a_branch_counts_outside_of_it():
    x = tf.placeholder(tf.float32, [None, 3])
    penalty = tf.contrib.layers.l2_regularizer(1.0)
    y = tf.cond(
        tf.placeholder_with_default(False, []),
        lambda: tf.layers.dense(x, 2, kernel_initializer="ones", kernel_regularizer=penalty),
        lambda: x[:, :2],
    )
    loss = tf.losses.get_regularization_loss() + 0.0 * tf.reduce_sum(y)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(loss, {x: values(1, 3)}) == 3.0


def test_values_are_read_and_set_in_the_default_session():
    layer = tf.layers.Dense(2)
    layer(tf.zeros([1, 3]))
    with pytest.raises(RuntimeError, match="layer 'dense_1'.*no default one"):
        layer.get_weights()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        layer.set_weights([np.full((3, 2), 2.0), np.ones(2)])
        kernel, bias = layer.get_weights()
        assert (kernel == 2.0).all() and (bias == 1.0).all()
        with pytest.raises(ValueError, match="'dense_1'.*length 1.*expecting 2"):
            layer.set_weights([kernel])
        with pytest.raises(ValueError, match=r"\(3, 2\) not compatible.*\(2, 2\).*dense/kernel"):
            layer.set_weights([np.ones((2, 2)), bias])


def test_values_given_to_a_new_layer():
    with tf.Session():
        layer = tf.layers.Dense(1, weights=[np.full((3, 1), 2.0), np.ones(1)])
        y = layer(tf.ones([1, 3]))
        assert y.eval() == [[7.0]]


def test_object_based_checkpoints_find_the_variables(tmp_path):
    layer = tf.layers.Dense(2, name="any", kernel_initializer="ones")
    layer(tf.zeros([1, 3]))
    checkpoint = tf.train.Checkpoint(layer=layer)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = checkpoint.save(str(tmp_path / "c"), session=session)
        session.run(layer.kernel.assign(tf.zeros([3, 2])))
        checkpoint.restore(path).assert_consumed().run_restore_ops(session)
        assert session.run(layer.kernel).all()
    assert "layer/kernel/.ATTRIBUTES/VARIABLE_VALUE" in dict(tf.train.list_variables(path))


def test_a_copy_shares_what_belongs_to_the_graph():
    layer = tf.layers.Dense(2, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1))
    x = tf.ones([1, 3])
    y = layer(x)
    twin = copy.deepcopy(layer)
    z = twin(x)
    assert twin.kernel is layer.kernel and twin.losses == layer.losses
    twin.units = 5
    assert layer.units == 2
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(*session.run([y, z]))


def test_losses_of_a_layer_make_no_new_ops(graph):
    layer = tf.layers.Dense(2, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1))
    layer(tf.ones([1, 3]))
    graph.finalize()
    assert layer.losses == layer.losses == tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)


def test_demands_written_with_kerass_class():
    layer = tf.layers.Layer(name="demanding")
    layer.input_spec = tf.keras.layers.InputSpec(ndim=2, axes={-1: 3})
    layer(tf.zeros([2, 3]))
    with pytest.raises(ValueError, match="Input 0 of layer demanding .*expected axis -1 .*value 3 .*\\[2, 4\\]"):
        layer(tf.zeros([2, 4]))


def test_keras_names_and_these_count_together():
    assert [tf.layers.Dense(1).name, tf.keras.layers.Dense(1).name, tf.layers.Dense(1).name] == [
        "dense_1",
        "dense_1",
        "dense_3",
    ]


def test_eager_layers_keep_their_own_variables():
    with tf1compat.eager():
        layer = layers.Dense(2, kernel_regularizer=lambda w: tf.reduce_sum(w * w))
        first, second = layer(np.ones((1, 3), np.float32)), layer(np.ones((1, 3), np.float32))
        np.testing.assert_array_equal(first, second)
        assert [v.name for v in layer.weights] == ["dense/kernel:0", "dense/bias:0"]
        np.testing.assert_allclose(layer.losses[0], np.sum(layer.get_weights()[0] ** 2), 1e-6)
        normalized = layers.BatchNormalization(momentum=0.5)
        normalized(np.ones((4, 3), np.float32), training=True)
        np.testing.assert_array_equal(normalized.moving_mean, [0.5] * 3)


REFUSED = {
    "dynamic": (lambda: tf.layers.Dense(2, dynamic=True), "dynamic=True.*tf.py_func"),
    "add_metric": (lambda: tf.layers.Dense(2).add_metric(1.0), "Dense.add_metric.*tf.metrics"),
    "get_config": (lambda: tf.layers.Dense(2).get_config(), "Dense.get_config.*Saver"),
    "compute_output_shape": (lambda: tf.layers.Layer().compute_output_shape([1]), "Layer.compute_output_shape"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name):
    make, message = REFUSED[name]
    with pytest.raises(NotImplementedError, match=message):
        make()


def test_errors_name_the_culprit():
    x = tf.zeros([2, 3])
    with pytest.raises(TypeError, match="dense.*missing.*'units'"):
        tf.layers.dense(x)
    with pytest.raises(TypeError, match="Dense: bar, foo"):
        tf.layers.Dense(2, foo=1, bar=2)
    with pytest.raises(ValueError, match="initializer identifier: 'nothing'"):
        tf.layers.dense(x, 2, kernel_initializer="nothing")
    with pytest.raises(ValueError, match="strides.*tuple of 2 integers.*\\(1, 2, 3\\)"):
        tf.layers.max_pooling2d(x, 2, (1, 2, 3))
    with pytest.raises(AttributeError, match="'tensorflow.layers' has no attribute 'foo'"):
        tf.layers.foo  # noqa: B018
