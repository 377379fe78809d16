"""Dense, Dropout and Flatten."""

from goldens.layers.building import built, error_of, given
from goldens.layers.observe import program


@program
def plain(tf):
    x, feeds = given(tf, 1, 4, 3)
    return built(tf.layers.dense(x, 5), feeds)


@program
def defaults(tf):
    x, feeds = given(tf, 1, 4, 3)
    with tf.variable_scope("a", initializer=tf.glorot_uniform_initializer(seed=7)):
        y = tf.layers.dense(x, 5)
    z = tf.layers.dense(y, 2, kernel_initializer=tf.truncated_normal_initializer(stddev=0.1, seed=8))
    return built(z, feeds, {"initial": True})


@program
def everything(tf):
    x, feeds = given(tf, 2, 4, 3)
    y = tf.layers.dense(
        x,
        5,
        activation=tf.nn.tanh,
        kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1),
        bias_regularizer=tf.contrib.layers.l1_regularizer(0.2),
        activity_regularizer=lambda out: 0.3 * tf.reduce_sum(out * out),
        kernel_constraint=lambda w: tf.clip_by_norm(w, 1.0),
        name="full",
    )
    steps = [tf.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(y))]
    return built(y, feeds, {"kept": [v.constraint is not None for v in tf.trainable_variables()]}, steps)


@program
def no_bias(tf):
    x, feeds = given(tf, 3, 4, 3)
    return built(tf.layers.dense(x, 5, tf.nn.relu, False), feeds)


@program
def high_rank(tf):
    x, feeds = given(tf, 4, 2, 3, 4)
    return built(tf.layers.dense(x, 5, name="deep"), feeds)


@program
def high_rank_unknown(tf):
    x, feeds = given(tf, 4, 2, 3, 4)
    x = tf.placeholder_with_default(x, [None, None, 4])
    return built(tf.layers.dense(x, 5, tf.nn.sigmoid), feeds)


@program
def double(tf):
    x, feeds = given(tf, 5, 4, 3, dtype=tf.float64)
    layer = tf.layers.Dense(2)
    before = layer.dtype
    y = layer(x)
    return built(y, feeds, {"dtypes": [before, layer.dtype]})


@program
def half(tf):
    x, feeds = given(tf, 5, 4, 3, dtype=tf.float16)
    return built(tf.layers.dense(x, 2), feeds)


@program
def other_dtype(tf):
    x, feeds = given(tf, 5, 4, 3)
    return built(tf.layers.Dense(2, dtype=tf.float64)(x), feeds)


@program
def named_strings(tf):
    x, feeds = given(tf, 6, 4, 3)
    outputs = [
        tf.layers.dense(x, 4, activation=name, kernel_initializer="ones", bias_initializer="zeros")
        for name in "linear softmax elu selu softplus softsign relu tanh sigmoid exponential hard_sigmoid".split()
    ]
    for name in ("l1", "l2", "l1_l2"):
        outputs.append(tf.layers.dense(x, 2, kernel_regularizer=name))
    constrained = []
    for name in ("max_norm", "non_neg", "unit_norm", "min_max_norm"):
        layer = tf.layers.Dense(2, kernel_constraint=name)
        layer(x)
        constrained.append(layer.kernel.constraint(layer.kernel))
    return built([tf.identity(y, name="y%d" % n) for n, y in enumerate(outputs + constrained)], feeds)


@program
def sparse(tf):
    x = tf.SparseTensor([[0, 1], [1, 0], [2, 2]], [1.0, 2.0, 3.0], [3, 3])
    return built(tf.layers.dense(x, 2))


@program
def number_inputs(tf):
    import numpy as np

    return built(tf.layers.dense(np.ones((2, 3), np.float32), 2))


@program
def properties(tf):
    layer = tf.layers.Dense(2, activation=tf.nn.relu, name="mine")
    facts = {
        "before": [layer.name, layer.units, layer.use_bias, layer.built, layer.dtype, layer.trainable],
        "not yet": [error_of(lambda: layer.scope_name), error_of(lambda: layer.count_params())],
    }
    x, feeds = given(tf, 7, 4, 3)
    y = layer(x)
    facts["after"] = [layer.name, layer.built, layer.dtype, layer.scope_name, layer.count_params(), layer.graph]
    facts["weights"] = [
        [v.name for v in weights]
        for weights in (layer.weights, layer.variables, layer.trainable_variables, layer.non_trainable_variables)
    ]
    facts["output shape"] = layer.compute_output_shape([None, 3]).as_list()
    facts["unconnected"] = [error_of(lambda: layer.input), error_of(lambda: layer.output_shape)]
    layer.trainable = False
    facts["frozen"] = [[v.name for v in layer.trainable_weights], [v.name for v in layer.weights]]
    return built(y, feeds, facts)


@program
def errors(tf):
    x, feeds = given(tf, 7, 4, 3)
    unknown = tf.placeholder(tf.float32, [4, None])
    facts = {
        "errors": [
            error_of(tf.layers.dense, unknown, 2),
            error_of(tf.layers.dense, tf.constant([1.0]), 2),
            error_of(tf.layers.dense, tf.constant([[1]]), 2),
            error_of(tf.layers.dense, x, 2, foo=1),
            error_of(tf.layers.dense, x),
            error_of(tf.layers.dense, x, 2, activation="nothing"),
            error_of(tf.layers.dense, x, 2, activation=3),
            error_of(tf.layers.dense, x, 2, kernel_initializer="nothing"),
            error_of(tf.layers.Dense(2, _reuse=True), x),
            error_of(tf.layers.Dense, 2, foo=2),
            error_of(tf.layers.flatten, tf.placeholder(tf.float32)),
        ]
    }
    layer = tf.layers.Dense(2)
    y = layer(x)
    facts["other inputs"] = error_of(layer, tf.zeros([4, 5]))
    return built(y, feeds, facts)


@program
def dropout(tf):
    x, feeds = given(tf, 8, 4, 6)
    on = tf.placeholder(tf.bool, [])
    feeds[on] = True
    outputs = [
        tf.layers.dropout(x, training=True, seed=3),
        tf.layers.dropout(x, 0.25, training=True, seed=3, noise_shape=[4, 1]),
        tf.layers.dropout(x, rate=0.3, noise_shape=[None, 1], training=1, seed=4),
        tf.layers.dropout(x),
        tf.layers.dropout(x, training=0),
        tf.layers.dropout(x, tf.constant(0.75), training=True, seed=5),
        tf.layers.Dropout(0.5, seed=6, name="drop")(x, training=True),
        tf.layers.dropout(x, training=tf.constant(True), seed=9),
    ]
    return built(outputs, feeds)


@program
def dropout_asked(tf):
    x, feeds = given(tf, 8, 4, 6)
    on = tf.placeholder(tf.bool, [])
    feeds[on] = True
    return built(tf.layers.dropout(x, training=on, seed=3) * 1.0, feeds)


@program
def flatten(tf):
    x, feeds = given(tf, 9, 2, 3, 4)
    unknown = tf.placeholder_with_default(x, [None, None, 4])
    known = tf.placeholder_with_default(x, [2, 3, 4])
    column = tf.constant([1.0, 2.0])
    outputs = [
        tf.layers.flatten(x),
        tf.layers.flatten(unknown),
        tf.layers.flatten(known),
        tf.layers.flatten(x, data_format="channels_first"),
        tf.layers.flatten(column, "flat"),
        tf.layers.Flatten()(x),
    ]
    return built(outputs, feeds, {"shape": tf.layers.Flatten().compute_output_shape([None, 3, 4]).as_list()})
