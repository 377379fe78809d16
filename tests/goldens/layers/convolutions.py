"""Convolutions, separable and transposed ones."""

from goldens.layers.building import built, error_of, given
from goldens.layers.observe import program

SIZES = [7, 6, 5]


def convolved(function, rank, *args, **options):
    def run(tf):
        x, feeds = given(tf, 30 + rank, 2, *(SIZES[:rank] + [2]))
        return built(getattr(tf.layers, function)(x, *args, **options), feeds)

    return program(run)


for _rank in (1, 2, 3):
    _name = "conv%dd" % _rank
    globals()["conv%d" % _rank] = convolved(_name, _rank, 3, 3)
    globals()["conv%d_same" % _rank] = convolved(_name, _rank, 3, 3, strides=2, padding="same", use_bias=False)
    globals()["conv%d_dilated" % _rank] = convolved(_name, _rank, 2, 2, dilation_rate=2)
    globals()["conv%d_dilated_same" % _rank] = convolved(_name, _rank, 2, 2, padding="same", dilation_rate=2)
conv1_causal = convolved("conv1d", 1, 3, 3, padding="causal")
conv1_causal_dilated = convolved("conv1d", 1, 3, 2, padding="causal", dilation_rate=2)
conv2_uneven = convolved("conv2d", 2, 3, (1, 2), (2, 1), name="mine")
conv2_dilated_uneven = convolved("conv2d", 2, 3, 2, dilation_rate=(1, 2), padding="same")
separable1 = convolved("separable_conv1d", 1, 3, 3)
separable1_strided = convolved("separable_conv1d", 1, 3, 3, strides=2, padding="same", depth_multiplier=2)
separable1_dilated = convolved("separable_conv1d", 1, 3, 2, dilation_rate=2)
separable1_causal = convolved("separable_conv1d", 1, 3, 2, padding="causal")
separable2 = convolved("separable_conv2d", 2, 3, 3, depth_multiplier=2)
separable2_strided = convolved("separable_conv2d", 2, 3, 3, strides=2, padding="same", use_bias=False)
separable2_dilated = convolved("separable_conv2d", 2, 3, 2, dilation_rate=2, padding="same")
transposed2 = convolved("conv2d_transpose", 2, 3, 3)
transposed2_strided = convolved("conv2d_transpose", 2, 3, (2, 3), strides=2, padding="same")
transposed2_uneven = convolved("conv2d_transpose", 2, 3, 2, strides=(1, 3), use_bias=False)
transposed3 = convolved("conv3d_transpose", 3, 2, 2)
transposed3_strided = convolved("conv3d_transpose", 3, 2, 2, strides=2, padding="same")


@program
def everything(tf):
    x, feeds = given(tf, 34, 2, 5, 5, 2)
    y = tf.layers.conv2d(
        x,
        3,
        [2, 2],
        activation=tf.nn.relu,
        kernel_regularizer=tf.contrib.layers.l2_regularizer(0.5),
        bias_regularizer=tf.contrib.layers.l1_regularizer(0.5),
        activity_regularizer=tf.reduce_sum,
        kernel_constraint=tf.abs,
    )
    y = tf.layers.separable_conv2d(
        y,
        2,
        2,
        depthwise_regularizer=tf.contrib.layers.l2_regularizer(0.5),
        pointwise_regularizer=tf.contrib.layers.l1_regularizer(0.5),
        bias_regularizer=tf.contrib.layers.l1_regularizer(0.2),
        pointwise_constraint=tf.abs,
    )
    y = tf.layers.conv2d_transpose(y, 2, 2, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.5))
    return built(y, feeds)


@program
def initial(tf):
    def seeded(seed):
        return tf.glorot_uniform_initializer(seed=seed)

    x, feeds = given(tf, 35, 1, 5, 5, 2)
    y = tf.layers.conv2d(x, 4, 3, kernel_initializer=seeded(1), bias_initializer=tf.constant_initializer(0.1))
    y = tf.layers.separable_conv2d(y, 4, 2, depthwise_initializer=seeded(2), pointwise_initializer=seeded(3))
    y = tf.layers.conv2d_transpose(y, 4, 2, kernel_initializer=tf.orthogonal_initializer(seed=5))
    return built(y, feeds, {"initial": True})


@program
def half(tf):
    x, feeds = given(tf, 34, 2, 5, 5, 2, dtype=tf.float64)
    return built(tf.layers.conv2d(x, 2, 2), feeds)


@program
def channels_first_static(tf):
    x, _ = given(tf, 36, 2, 2, 6, 5)
    line, _ = given(tf, 36, 2, 2, 6)
    box, _ = given(tf, 36, 2, 2, 6, 5, 4)
    first = {"data_format": "channels_first"}
    outputs = [
        tf.layers.conv2d(x, 3, 2, **first),
        tf.layers.conv1d(line, 3, 2, **first),
        tf.layers.conv3d(box, 3, 2, **first),
        tf.layers.separable_conv2d(x, 3, 2, **first),
        tf.layers.conv2d_transpose(x, 3, 2, **first),
        tf.layers.conv3d_transpose(box, 3, 2, **first),
        tf.layers.max_pooling2d(x, 2, 2, **first),
    ]
    # Which kernels TF1 took is no matter: it had none of them on CPUs.
    return built([tf.constant(0.0)], {}, {"static": [t.shape.as_list() for t in outputs], "kernels": None})


@program
def transposed2_first(tf):
    x, feeds = given(tf, 36, 2, 2, 4, 3)
    return built(tf.layers.conv2d_transpose(x, 3, 2, 2, data_format="channels_first", use_bias=False), feeds)


@program
def shapes(tf):
    x, feeds = given(tf, 37, 2, 5, 5, 2)
    unknown = tf.placeholder(tf.float32, [2, None, None, 2])
    facts = {
        "static": [
            tf.layers.conv2d(unknown, 3, 2).shape.as_list(),
            tf.layers.conv2d_transpose(unknown, 3, 2).shape.as_list(),
            tf.layers.separable_conv2d(unknown, 3, 2).shape.as_list(),
        ],
        "computed": [
            tf.layers.Conv2D(3, 2, 2).compute_output_shape([None, 5, 6, 2]).as_list(),
            tf.layers.Conv1D(3, 2, dilation_rate=2).compute_output_shape([None, 5, 2]).as_list(),
            tf.layers.Conv3D(3, 2, padding="same").compute_output_shape([None, 5, None, 4, 2]).as_list(),
            tf.layers.Conv2DTranspose(3, 3, 2).compute_output_shape([None, 5, 6, 2]).as_list(),
            tf.layers.Conv2DTranspose(3, 3, 2, "same").compute_output_shape([None, 5, None, 2]).as_list(),
            tf.layers.Conv3DTranspose(3, 3, 2).compute_output_shape([None, 5, 6, 7, 2]).as_list(),
            tf.layers.SeparableConv2D(3, 3, 2).compute_output_shape([None, 5, 6, 2]).as_list(),
        ],
        "errors": [
            error_of(tf.layers.conv2d, tf.zeros([2, 5, 5]), 2, 2),
            error_of(tf.layers.conv2d, tf.placeholder(tf.float32, [2, 5, 5, None]), 2, 2),
            error_of(tf.layers.conv2d, x, 2, (1, 2, 3)),
            error_of(tf.layers.conv2d, x, 2, 2, strides=None),
            error_of(tf.layers.conv2d, x, 2, 2, padding="full"),
            error_of(tf.layers.conv2d, x, 2, 2, data_format="last"),
            error_of(tf.layers.conv2d, x, 2, 2, strides=2, dilation_rate=2),
            error_of(tf.layers.conv3d_transpose, x, 2, 2),
        ],
    }
    return built(x * 1.0, feeds, facts)
