"""tf.contrib.layers."""

import numpy as np

R = np.random.RandomState(23)
ROWS = R.uniform(-1.0, 1.0, (5, 6)).astype(np.float32)
SEQUENCES = R.uniform(-1.0, 1.0, (3, 7, 4)).astype(np.float32)
IMAGES = R.uniform(-1.0, 1.0, (2, 6, 5, 4)).astype(np.float32)
VOLUMES = R.uniform(-1.0, 1.0, (2, 4, 4, 3, 2)).astype(np.float32)
TARGETS = R.uniform(size=(5, 3)).astype(np.float32)


def _square(tf, outputs):
    return {"loss": tf.reduce_sum(tf.square(outputs)), "outputs": outputs}


def connected(tf):
    layers = tf.contrib.layers
    net = layers.fully_connected(tf.constant(ROWS), 4)
    net = layers.fully_connected(net, 5, activation_fn=None, scope="named")
    net = layers.fully_connected(net, 5, biases_initializer=None)
    net = layers.linear(net, 3)
    net = layers.relu(net, 3)
    net = layers.elu(layers.relu6(net, 3), 2)
    return _square(tf, net)


def connected_higher(tf):
    net = tf.contrib.layers.fully_connected(
        tf.constant(SEQUENCES),
        3,
        activation_fn=tf.tanh,
        weights_regularizer=tf.contrib.layers.l2_regularizer(0.5),
        biases_regularizer=tf.contrib.layers.l1_regularizer(0.1),
        outputs_collections="ends",
    )
    (end,) = tf.get_collection("ends")
    assert end is net and end.aliases == ["fully_connected"]
    return dict(_square(tf, net), penalty=tf.add_n(tf.get_collection("regularization_losses")))


def reuse(tf):
    layers = tf.contrib.layers
    first = layers.fully_connected(tf.constant(ROWS), 4, scope="shared")
    second = layers.fully_connected(tf.constant(ROWS * 2), 4, scope="shared", reuse=True)
    with tf.variable_scope("outer"):
        third = layers.fully_connected(second, 4)
    with tf.variable_scope("outer", reuse=True):
        fourth = layers.fully_connected(third, 4, scope="fully_connected")
    return _square(tf, first + fourth)


def collections(tf):
    tf.contrib.layers.fully_connected(
        tf.constant(ROWS),
        4,
        variables_collections={"weights": ["w"], "biases": ["b", "activations"]},
        outputs_collections=["losses", "ends"],
    )
    tf.contrib.layers.convolution2d(tf.constant(IMAGES), 3, 3, variables_collections=["w"], trainable=False)
    return {"both": tf.constant([len(tf.get_collection("w")), len(tf.get_collection("b"))])}


def arg_scope(tf):
    layers, framework = tf.contrib.layers, tf.contrib.framework
    with framework.arg_scope(
        [layers.conv2d, layers.fully_connected], activation_fn=tf.sigmoid, biases_initializer=None
    ):
        with framework.arg_scope([layers.conv2d], padding="VALID", stride=2) as kept:
            net = layers.conv2d(tf.constant(IMAGES), 3, [3, 2])
        net = layers.fully_connected(layers.flatten(net), 3)
    with framework.arg_scope(kept):
        net = net + tf.reduce_sum(layers.convolution2d(tf.constant(IMAGES), 2, 2, scope="kept"))
    return _square(tf, net)


def normalized(tf):
    layers = tf.contrib.layers
    params = {"is_training": True, "decay": 0.9, "scale": True}
    net = layers.fully_connected(tf.constant(ROWS), 4, normalizer_fn=layers.batch_norm, normalizer_params=params)
    net = layers.fully_connected(net, 4, normalizer_fn=layers.layer_norm)
    images = layers.conv2d(tf.constant(IMAGES), 3, 3, normalizer_fn=layers.batch_norm, normalizer_params=params)
    return _square(tf, tf.reduce_sum(net) + images)


def _convolution(data, **arguments):
    def case(tf):
        return _square(tf, tf.contrib.layers.convolution(tf.constant(data), 3, **arguments))

    return case


def transposed(tf):
    layers = tf.contrib.layers
    images = layers.conv2d_transpose(tf.constant(IMAGES), 3, [3, 2], stride=2)
    images = layers.conv2d_transpose(images, 2, 3, padding="VALID", activation_fn=None, normalizer_fn=layers.layer_norm)
    volumes = layers.conv3d_transpose(tf.constant(VOLUMES), 2, 2, stride=2)
    return dict(_square(tf, images), volumes=volumes)


def separable(tf):
    layers = tf.contrib.layers
    net = layers.separable_conv2d(tf.constant(IMAGES), 5, [3, 3], 2)
    net = layers.separable_conv2d(net, None, 2, 2, stride=2, padding="VALID")
    net = layers.separable_conv2d(net, 3, 2, 1, rate=1, normalizer_fn=layers.batch_norm, activation_fn=None)
    net = layers.conv2d_in_plane(net, 2)
    return _square(tf, net)


def bias(tf):
    return _square(tf, tf.contrib.layers.bias_add(tf.constant(IMAGES), activation_fn=tf.nn.relu))


def legacy(tf):
    layers = tf.contrib.layers
    net = layers.legacy_fully_connected(tf.constant(SEQUENCES), 3, activation_fn=tf.tanh)
    net = layers.legacy_linear(net, 2, name="named", bias_init=None)
    return _square(tf, layers.legacy_relu(net, 2))


def pools(tf):
    layers = tf.contrib.layers
    images, volumes = tf.constant(IMAGES), tf.constant(VOLUMES)
    return {
        "max": layers.max_pool2d(images, 2),
        "max stride": layers.max_pool2d(images, [3, 2], stride=[1, 2], padding="SAME", scope="mine"),
        "avg": layers.avg_pool2d(images, 2),
        "max 3": layers.max_pool3d(volumes, 2),
        "avg 3": layers.avg_pool3d(volumes, [2, 1, 2], stride=1),
        "pool": tf.contrib.slim.pool(images, 2, "AVG", dilation_rate=2),
        "pool max": tf.contrib.slim.pool(tf.constant(SEQUENCES), [3], "MAX", padding="SAME", stride=2),
    }


def _batch_norm(data, **arguments):
    def case(tf):
        given = dict(arguments)
        if "is_training" in given and given["is_training"] not in (True, False):
            given["is_training"] = tf.placeholder_with_default(given["is_training"] == "true", [])
        net = tf.contrib.layers.batch_norm(tf.constant(data), **given)
        return _square(tf, net * tf.constant(np.cos(np.arange(net.shape[-1].value, dtype=np.float32))))

    return case


def batch_norm_initializers(tf):
    layers = tf.contrib.layers
    net = layers.batch_norm(
        tf.constant(IMAGES),
        scale=True,
        param_initializers={"gamma": tf.constant_initializer(2.0), "moving_mean": tf.constant_initializer(0.5)},
        param_regularizers={"beta": layers.l2_regularizer(0.1)},
        is_training=False,
        activation_fn=tf.nn.relu,
        variables_collections=["w"],
    )
    return dict(_square(tf, net), count=tf.constant(len(tf.get_collection("w"))))


batch_norm_initializers.keeps_initial_values = True


def layer_norm(tf):
    layers = tf.contrib.layers
    net = layers.layer_norm(tf.constant(SEQUENCES))
    net = layers.layer_norm(net, begin_norm_axis=2, begin_params_axis=1, center=False, scope="inner")
    return _square(tf, layers.layer_norm(net, scale=False, activation_fn=tf.tanh))


def instance_norm(tf):
    layers = tf.contrib.layers
    net = layers.instance_norm(tf.constant(IMAGES))
    return _square(tf, layers.instance_norm(net, data_format="NCHW", epsilon=0.1, center=False))


def group_norm(tf):
    layers = tf.contrib.layers
    net = layers.group_norm(tf.constant(IMAGES), groups=2)
    other = layers.group_norm(tf.constant(IMAGES), groups=3, channels_axis=1, reduction_axes=[-2, -1], scale=False)
    near = {"mean_close_to_zero": True, "activation_fn": tf.tanh}
    return _square(tf, net + other * layers.group_norm(tf.constant(IMAGES), 2, reduction_axes=[1, 2], **near))


def unit_norm(tf):
    images = tf.constant(IMAGES)
    return {"last": tf.contrib.layers.unit_norm(images, 3), "first": tf.contrib.layers.unit_norm(images, 0)}


def dropout(tf):
    layers = tf.contrib.layers
    rows = tf.constant(ROWS)
    return {
        "kept": layers.dropout(rows, 0.7, seed=3),
        "not training": layers.dropout(rows, 0.7, is_training=False),
        "noise": layers.dropout(rows, 0.5, noise_shape=[5, 1], seed=4, scope="rows"),
    }


def shapes(tf):
    layers = tf.contrib.layers
    images = tf.constant(IMAGES)
    sparse = layers.dense_to_sparse(tf.constant([[1, 0, 2], [0, 0, 3]]))
    return {
        "flat": layers.flatten(images),
        "one hot": layers.one_hot_encoding(tf.constant([0, 2, 1]), 4, on_value=2.0, off_value=-1.0),
        "softmax": layers.softmax(tf.constant(SEQUENCES)),
        "maxout": layers.maxout(images, 2),
        "maxout axis": layers.maxout(images, 3, axis=1),
        "sequence": layers.images_to_sequence(images),
        "images": layers.sequence_to_images(layers.images_to_sequence(images), 6),
        "sparse": sparse.values,
        "sparse at": sparse.indices,
    }


def spatial(tf):
    layers = tf.contrib.layers
    places = layers.spatial_softmax(tf.constant(IMAGES[:, :5]))
    return _square(tf, places + layers.spatial_softmax(tf.constant(IMAGES[:, :5]), temperature=0.5, trainable=False))


def in_a_row(tf):
    layers = tf.contrib.layers
    net = layers.stack(tf.constant(ROWS), layers.fully_connected, [5, 4, 3])
    net = layers.repeat(net, 2, layers.linear, 3)
    net = layers.repeat(net, 2, layers.fully_connected, 4, scope="again", activation_fn=tf.tanh)
    images = layers.stack(tf.constant(IMAGES), layers.conv2d, [(3, [3, 3]), (2, [1, 1])], scope="convolutions")
    return _square(tf, tf.reduce_sum(images) + net)


def embeddings(tf):
    layers = tf.contrib.layers
    ids = tf.constant([[1, 2, 0], [2, 2, 3]])
    net = layers.embed_sequence(ids, 5, 3, scope="words")
    again = layers.embed_sequence(ids, 5, 3, unique=True, scope="words", reuse=True)
    bag = layers.bow_encoder(ids, 5, 3)
    dense = layers.bow_encoder(ids, 5, 3, sparse_lookup=False, scope="dense")
    return dict(_square(tf, net + again), bag=bag, dense=dense)


def initializers(tf):
    layers = tf.contrib.layers
    kinds = {
        "xavier": layers.xavier_initializer(seed=1),
        "normal": layers.xavier_initializer(uniform=False, seed=2),
        "he": layers.variance_scaling_initializer(seed=3),
        "out": layers.variance_scaling_initializer(1.5, "FAN_OUT", uniform=True, seed=4),
        "conv": layers.xavier_initializer_conv2d(seed=5),
    }
    shapes = {"matrix": [4, 3], "vector": [5], "kernel": [3, 3, 2, 4], "scalar": []}
    return {
        kind + " " + name: tf.identity(tf.get_variable(kind + "_" + name, shape, initializer=initializer))
        for kind, initializer in sorted(kinds.items())
        for name, shape in sorted(shapes.items())
    }


initializers.keeps_initial_values = True


def _optimize(**arguments):
    def case(tf):
        step = tf.train.get_or_create_global_step()
        w = tf.get_variable("w", [6, 3], initializer=tf.constant_initializer(0.5))
        b = tf.get_variable("b", [3], initializer=tf.zeros_initializer())
        error = tf.reduce_mean(tf.square(tf.matmul(tf.constant(ROWS), w) + b - tf.constant(TARGETS)))
        given = {key: value(tf) if callable(value) else value for key, value in arguments.items()}
        rate = given.pop("learning_rate", 0.1)
        trained = tf.contrib.layers.optimize_loss(error, step, rate, given.pop("optimizer", "SGD"), **given)
        with tf.control_dependencies([trained]):
            after = {"w": w.read_value(), "b": b.read_value(), "step": step.read_value()}
        summaries = sorted(t.op.name for t in tf.get_collection("summaries"))
        return dict(after, trained=trained, summaries=tf.constant(summaries))

    case.keeps_initial_values = True
    return case


def summaries(tf):
    layers = tf.contrib.layers
    active = tf.nn.relu(tf.constant(ROWS), name="active")
    six = tf.nn.relu6(tf.constant(ROWS * 10), name="six")
    tf.get_variable("v", [3])
    tf.add_to_collection("activations", active)
    layers.summarize_activations()
    layers.summarize_activation(six)
    layers.summarize_tensors([tf.reduce_sum(active, name="sum"), tf.constant("text")])
    layers.summarize_collection("variables", name_filter="v")
    return {"names": tf.constant(sorted(t.op.name for t in tf.get_collection("summaries")))}


CASES = {
    f.__name__: f
    for f in (
        connected,
        connected_higher,
        reuse,
        collections,
        arg_scope,
        normalized,
        transposed,
        separable,
        bias,
        legacy,
        pools,
        batch_norm_initializers,
        layer_norm,
        instance_norm,
        group_norm,
        unit_norm,
        dropout,
        shapes,
        spatial,
        in_a_row,
        embeddings,
        initializers,
        summaries,
    )
}
CASES.update(
    {
        "convolution of sequences": _convolution(SEQUENCES, kernel_size=3),
        "convolution of images": _convolution(IMAGES, kernel_size=[3, 2], stride=2),
        "convolution of volumes": _convolution(VOLUMES, kernel_size=2, padding="VALID"),
        "dilated convolution": _convolution(IMAGES, kernel_size=3, rate=2, activation_fn=None),
        "batch norm of rows": _batch_norm(ROWS),
        "batch norm of images": _batch_norm(IMAGES, decay=0.9, scale=True),
        "batch norm not fused": _batch_norm(IMAGES, fused=False, scale=True),
        "batch norm of sequences": _batch_norm(SEQUENCES),
        "batch norm not training": _batch_norm(ROWS, is_training=False, scale=True),
        "batch norm training by tensor": _batch_norm(ROWS, is_training="true"),
        "batch norm not training by tensor": _batch_norm(IMAGES, is_training="false"),
        "batch norm in place": _batch_norm(ROWS, updates_collections=None, decay=0.5),
        "batch norm of images in place": _batch_norm(IMAGES, updates_collections=None, is_training="true"),
        "batch norm not fused in place": _batch_norm(SEQUENCES, updates_collections=None, decay=0.5),
        "batch norm, other collection": _batch_norm(SEQUENCES, updates_collections="losses"),
        "batch norm zero debias": _batch_norm(ROWS, zero_debias_moving_mean=True, decay=0.9),
        "batch norm weights": _batch_norm(ROWS, batch_weights=np.float32([1, 0, 2, 1, 1]), scale=True),
        "batch norm renorm": _batch_norm(IMAGES, renorm=True, decay=0.9),
        "optimize": _optimize(),
        "optimize adam": _optimize(optimizer="Adam", clip_gradients=0.1),
        "optimize momentum": _optimize(optimizer="Momentum", summaries=["loss", "gradients", "gradient_norm"]),
        "optimize decayed": _optimize(
            learning_rate_decay_fn=lambda tf: lambda rate, step: tf.train.exponential_decay(rate, step, 1, 0.5)
        ),
        "optimize given": _optimize(
            optimizer=lambda tf: tf.train.AdagradOptimizer(0.1), learning_rate=None, increment_global_step=False
        ),
        "optimize multiplied": _optimize(gradient_multipliers={"w:0": 2.0}, name="named"),
        "optimize adaptive": _optimize(clip_gradients=lambda tf: tf.contrib.slim.adaptive_clipping_fn()),
    }
)
