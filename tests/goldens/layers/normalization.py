"""Batch normalization."""

from goldens.layers.building import built, error_of, given
from goldens.layers.observe import program


def normalized(shape, training, **options):
    def run(tf):
        x, feeds = given(tf, 50, *shape)
        asked = training
        if training == "asked on" or training == "asked off":
            asked = tf.placeholder(tf.bool, [], name="training")
            feeds[asked] = training == "asked on"
        return built(tf.layers.batch_normalization(x, training=asked, **options), feeds)

    return program(run)


IMAGES, ROWS = (3, 4, 4, 2), (5, 3)
for _shape, _label in ((IMAGES, "images"), (ROWS, "rows")):
    globals()["%s_training" % _label] = normalized(_shape, True)
    globals()["%s_inference" % _label] = normalized(_shape, False)
    globals()["%s_asked_on" % _label] = normalized(_shape, "asked on")
    globals()["%s_asked_off" % _label] = normalized(_shape, "asked off")
    globals()["%s_renorm" % _label] = normalized(_shape, True, renorm=True)
    globals()["%s_renorm_asked_on" % _label] = normalized(_shape, "asked on", renorm=True)
    globals()["%s_renorm_asked_off" % _label] = normalized(_shape, "asked off", renorm=True)
not_fused = normalized(IMAGES, True, fused=False)
not_fused_inference = normalized(IMAGES, False, fused=False)
not_fused_asked = normalized(IMAGES, "asked on", fused=False)
options = normalized(IMAGES, True, momentum=0.5, epsilon=0.1, name="mine")
tiny_epsilon = normalized(IMAGES, True, epsilon=1e-7)
no_scale = normalized(IMAGES, True, scale=False)
no_center = normalized(IMAGES, True, center=False)
no_scale_rows = normalized(ROWS, True, scale=False, center=False)
axis_1 = normalized(IMAGES, True, axis=1, fused=False)
axis_2 = normalized(IMAGES, True, axis=2)
axis_negative = normalized(IMAGES, True, axis=-2)
two_axes = normalized(IMAGES, True, axis=[1, 3])
two_axes_asked = normalized(IMAGES, "asked on", axis=[1, 2])
boxes = normalized((2, 3, 3, 2, 2), True)
lines = normalized((3, 4, 2), True)
clipped = normalized(
    ROWS, True, renorm=True, renorm_clipping={"rmax": 1.1, "rmin": 0.9, "dmax": 0.1}, renorm_momentum=0.8
)
virtual = normalized((6, 3), True, virtual_batch_size=2)
virtual_images = normalized((4, 3, 3, 2), True, virtual_batch_size=2)
virtual_inference = normalized((6, 3), False, virtual_batch_size=2)
virtual_renorm = normalized((6, 3), True, virtual_batch_size=3, renorm=True)
regularized = normalized(
    ROWS, True, gamma_regularizer=lambda w: 0.5 * w[0] * w[0], beta_regularizer=lambda w: 0.1 * w[1]
)
untrainable = normalized(ROWS, True, trainable=False)
untrainable_images = normalized(IMAGES, "asked on", trainable=False)
one = normalized(ROWS, 1)


@program
def adjusted(tf):
    x, feeds = given(tf, 51, *ROWS)

    def adjustment(shape):
        return tf.fill([shape[0], 1], 1.5), tf.fill([shape[0], 1], 0.25)

    y = tf.layers.batch_normalization(x, training=True, adjustment=adjustment)
    return built(y, feeds)


@program
def initial(tf):
    x, feeds = given(tf, 51, *IMAGES)
    with tf.variable_scope("outer", initializer=tf.constant_initializer(9.0)):
        y = tf.layers.batch_normalization(
            x,
            training=True,
            gamma_initializer=tf.random_uniform_initializer(seed=3),
            moving_variance_initializer=tf.constant_initializer(4.0),
            renorm=True,
        )
    return built(y, feeds, {"initial": True})


@program
def half(tf):
    x, feeds = given(tf, 52, *IMAGES, dtype=tf.float16)
    return built(tf.layers.batch_normalization(x, training=True), feeds)


@program
def half_rows(tf):
    x, feeds = given(tf, 52, *ROWS, dtype=tf.float16)
    return built(tf.layers.batch_normalization(x, training=False), feeds)


@program
def double(tf):
    x, feeds = given(tf, 52, *IMAGES, dtype=tf.float64)
    layer = tf.layers.BatchNormalization(fused=False)
    return built(layer(x, training=True), feeds, {"dtype": layer.dtype})


@program
def called_twice(tf):
    x, feeds = given(tf, 53, *IMAGES)
    y, more = given(tf, 54, *IMAGES, name="y")
    feeds.update(more)
    layer = tf.layers.BatchNormalization()
    outputs = [layer(x, training=True), layer(y, training=True)]
    facts = {
        "for x": [u.name for u in layer.get_updates_for(x)],
        "for y": [u.name for u in layer.get_updates_for(y)],
        "for none": [u.name for u in layer.get_updates_for(None)],
        "all": [u.name for u in layer.updates],
    }
    return built(outputs, feeds, facts)


@program
def in_training_and_out(tf):
    x, feeds = given(tf, 53, *ROWS)
    layer = tf.layers.BatchNormalization()
    outputs = [layer(x, training=True), layer(x, training=False), layer(x)]
    facts = {"fused": layer.fused, "axis": layer.axis, "name": layer.name}
    layer.trainable = False
    facts["updates"] = [u.name for u in layer.updates]
    return built(outputs, feeds, facts)


@program
def reused(tf):
    x, feeds = given(tf, 53, *ROWS)
    outputs = [
        tf.layers.batch_normalization(x, training=True, name="bn"),
        tf.layers.batch_normalization(x, training=False, name="bn", reuse=True),
    ]
    return built(outputs, feeds)


@program
def partitioned(tf):
    x, feeds = given(tf, 55, 4, 6)
    with tf.variable_scope("parts", partitioner=tf.fixed_size_partitioner(2)):
        layer = tf.layers.BatchNormalization()
        y = layer(x, training=True)
    return built(y, feeds, {"scope": layer.scope_name})


@program
def errors(tf):
    x, feeds = given(tf, 55, *ROWS)
    images = tf.zeros([2, 4, 4, 2])
    unknown = tf.placeholder(tf.float32, [None, None])
    bn = tf.layers.batch_normalization
    facts = {
        "errors": [
            error_of(bn, unknown),
            error_of(bn, tf.placeholder(tf.float32)),
            error_of(bn, x, axis=2),
            error_of(bn, x, axis=[1, 1]),
            error_of(bn, x, axis=(1,)),
            error_of(bn, x, axis="1"),
            error_of(bn, x, renorm=True, renorm_clipping={"max": 1}),
            error_of(bn, x, virtual_batch_size=0),
            error_of(bn, images, virtual_batch_size=2, axis=0),
            error_of(bn, images, virtual_batch_size=2, adjustment=lambda shape: (1, 2)),
            error_of(bn, images, fused=True, renorm=True),
            error_of(bn, x, fused=True),
            error_of(bn, x, foo=1),
        ]
    }
    return built(x * 1.0, feeds, facts)
