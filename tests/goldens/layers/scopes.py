"""Names, scopes, reuse, uniqueness, partitions, getters, and layers in the bodies of control flow."""

from goldens.layers.building import built, error_of, given
from goldens.layers.observe import program


def start(tf, *shape):
    return given(tf, 70, *(shape or (4, 3)))


@program
def unique(tf):
    x, feeds = start(tf)
    layers = [tf.layers.Dense(3) for _ in range(3)]
    outputs = [layer(x) for layer in reversed(layers)]
    outputs.append(tf.layers.dense(x, 3))
    outputs.append(tf.layers.dropout(x))
    outputs.append(tf.layers.dropout(x))
    return built(outputs, feeds, {"names": [layer.name for layer in layers], "scopes": [x.scope_name for x in layers]})


@program
def names_of_classes(tf):
    made = [
        tf.layers.Dense(1),
        tf.layers.Conv1D(1, 1),
        tf.layers.Conv2D(1, 1),
        tf.layers.Conv2DTranspose(1, 1),
        tf.layers.SeparableConv2D(1, 1),
        tf.layers.BatchNormalization(),
        tf.layers.MaxPooling2D(1, 1),
        tf.layers.AveragePooling1D(1, 1),
        tf.layers.Flatten(),
        tf.layers.Dropout(),
        tf.layers.Layer(),
        type("MyOwnLayer", (tf.layers.Layer,), {})(),
        type("LSTMThing2D", (tf.layers.Layer,), {})(),
        type("_Hidden", (tf.layers.Layer,), {})(),
        tf.layers.Dense(1, name="given"),
        tf.layers.Dense(1),
    ]
    x, feeds = start(tf)
    return built(x * 1.0, feeds, {"names": [layer.name for layer in made]})


@program
def in_scopes(tf):
    x, feeds = start(tf)
    outputs = []
    with tf.variable_scope("a"):
        outputs.append(tf.layers.dense(x, 3))
        outputs.append(tf.layers.dense(x, 3))
        with tf.name_scope("n"):
            outputs.append(tf.layers.dense(x, 3))
            outputs.append(tf.layers.dense(x, 3, name="given"))
    with tf.name_scope("m"):
        outputs.append(tf.layers.dense(x, 3))
        with tf.variable_scope("b"):
            outputs.append(tf.layers.dense(x, 3, name="given"))
    outputs.append(tf.layers.dense(x, 3, name="a/deep"))
    return built(outputs, feeds)


@program
def same_scope_again(tf):
    x, feeds = start(tf)
    outputs = []
    with tf.variable_scope("a"):
        outputs.append(tf.layers.dense(x, 3))
    with tf.variable_scope("a"):
        outputs.append(tf.layers.dense(x, 3, name="dense_1"))
    with tf.variable_scope("a", reuse=True):
        outputs.append(tf.layers.dense(x, 3))
        outputs.append(tf.layers.dense(x, 3))
        outputs.append(tf.layers.dense(x, 3, name="dense"))
    with tf.variable_scope("a", reuse=tf.AUTO_REUSE):
        outputs.append(tf.layers.dense(x, 3, name="fresh"))
        outputs.append(tf.layers.dense(x, 3, name="fresh"))
    return built(outputs, feeds)


@program
def reuse_by_name(tf):
    x, feeds = start(tf)
    regularizer = tf.contrib.layers.l2_regularizer(0.5)
    outputs = [
        tf.layers.dense(x, 3, name="d", kernel_regularizer=regularizer),
        tf.layers.dense(x, 3, name="d", kernel_regularizer=regularizer, reuse=True),
        tf.layers.Dense(3, name="d", _reuse=True, _scope="d")(x),
        tf.layers.Dense(3, name="d", _reuse=True)(x),
    ]
    facts = {
        "errors": [
            error_of(tf.layers.dense, x, 3, name="d"),
            error_of(tf.layers.dense, x, 3, name="e", reuse=True),
            error_of(tf.layers.dense, x, 4, name="d", reuse=True),
        ]
    }
    outputs.append(tf.layers.dense(x, 3, name="f", reuse=tf.AUTO_REUSE))
    outputs.append(tf.layers.dense(x, 3, name="f", reuse=tf.AUTO_REUSE))
    return built(outputs, feeds, facts)


@program
def one_object(tf):
    x, feeds = start(tf)
    layer = tf.layers.Dense(3, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.5))
    outputs = [layer(x), layer(x)]
    with tf.variable_scope("elsewhere"), tf.name_scope("n"):
        outputs.append(layer(x))
        outputs.append(layer.apply(x))
    facts = {"losses of": [len(layer.losses), len(layer.get_losses_for(None)), len(layer.get_losses_for(x))]}
    return built(outputs, feeds, facts)


@program
def scope_given(tf):
    x, feeds = start(tf)
    with tf.variable_scope("made") as scope:
        pass
    outputs = [
        tf.layers.Dense(3, _scope=scope)(x),
        tf.layers.Dense(3, name=scope)(tf.zeros([1, 2])),
        tf.layers.Dense(3)(x, scope="called"),
        tf.layers.Dense(3, name="named", _scope="scoped")(x),
    ]
    return built(outputs, feeds, {"names": [tf.layers.Dense(3, name=scope).name]})


@program
def scope_defaults(tf):
    x, feeds = start(tf)
    regularizer = tf.contrib.layers.l2_regularizer(0.5)
    with tf.variable_scope("s", initializer=tf.constant_initializer(0.25), regularizer=regularizer, dtype=tf.float32):
        y = tf.layers.dense(x, 3)
        z = tf.layers.dense(y, 2, bias_initializer=None, kernel_regularizer=tf.contrib.layers.l1_regularizer(1.0))
    return built(z, feeds, {"initial": True})


@program
def getter(tf):
    x, feeds = start(tf)
    seen = []

    def custom(getter, name, *args, **kwargs):
        seen.append(name)
        if name.endswith("bias"):
            kwargs["trainable"] = False
        return getter(name, *args, **kwargs)

    with tf.variable_scope("g", custom_getter=custom):
        layer = tf.layers.Dense(3)
        y = layer(x)
    facts = {
        "seen": seen,
        "trainable weights": [v.name for v in layer.trainable_weights],
        "others": [v.name for v in layer.non_trainable_weights],
    }
    return built(y, feeds, facts)


@program
def getter_of_tensors(tf):
    x, feeds = start(tf)

    def doubled(getter, *args, **kwargs):
        return getter(*args, **kwargs) * 2.0

    with tf.variable_scope("g", custom_getter=doubled):
        layer = tf.layers.Dense(3)
        y = layer(x)
    return built(y, feeds, {"weights": [len(layer.trainable_weights), len(layer.non_trainable_weights)]})


@program
def partitioned(tf):
    x, feeds = start(tf, 4, 6)
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
        layer = tf.layers.Dense(4, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.5))
        y = layer(x)
        z = tf.layers.dense(tf.layers.flatten(tf.layers.conv1d(x[:, :, None], 2, 2)), 2)
    facts = {"weights": [[w.name for w in layer.trainable_weights], [w.name for w in layer.non_trainable_weights]]}
    return built([y, z], feeds, facts)


@program
def resources(tf):
    x, feeds = start(tf)
    with tf.variable_scope("r", use_resource=True):
        y = tf.layers.dense(x, 3, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.5))
        y = tf.layers.batch_normalization(y, training=True)
    return built(y, feeds)


@program
def untrainable(tf):
    x, feeds = start(tf)
    layer = tf.layers.Dense(3, trainable=False, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.5))
    y = layer(x)
    return built(y, feeds, {"weights": [len(layer.trainable_weights), len(layer.non_trainable_weights)]})


@program
def in_cond(tf):
    x, feeds = start(tf)
    which = tf.placeholder(tf.bool, [])
    feeds[which] = True
    layer = tf.layers.Dense(3, name="shared")
    layer(x)
    y = tf.cond(which, lambda: layer(x), lambda: tf.layers.dense(x, 3, name="other"))
    return built(y * 1.0, feeds)


@program
def in_while(tf):
    x, feeds = start(tf)
    layer = tf.layers.Dense(3, name="turn", activation=tf.tanh)
    y = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, layer(h)), [0, x])[1]
    return built(y * 1.0, feeds)


@program
def in_while_functional(tf):
    x, feeds = start(tf)

    def turn(i, h):
        with tf.variable_scope("turns", reuse=tf.AUTO_REUSE):
            return i + 1, tf.layers.dense(h, 3, tf.tanh, name="one")

    y = tf.while_loop(lambda i, h: i < 3, turn, [0, x])[1]
    return built(y * 1.0, feeds)


@program
def template(tf):
    x, feeds = start(tf)
    net = tf.make_template("net", lambda x: tf.layers.dense(tf.layers.dense(x, 3), 2))
    return built([net(x), net(x)], feeds)


@program
def keras_style(tf):
    x, feeds = start(tf)
    with tf.layers.experimental.keras_style_scope():
        layers = [tf.layers.Dense(3), tf.layers.Dense(3, name="mine")]
        facts = {
            "errors": [
                error_of(tf.layers.dense, x, 3, name="a"),
                error_of(tf.layers.Dense, 3, _reuse=True),
            ]
        }
    outputs = [layer(x) for layer in layers]
    outputs.append(layers[0](x))
    facts["scoped call"] = error_of(layers[0], x, scope="s")
    return built(outputs, feeds, facts)
