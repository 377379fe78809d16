"""Small nets that are trained for some steps, each from the same weights and on the same batches."""

from goldens.layers.building import built, given
from goldens.layers.observe import program

ROUNDS = 4


def trained(tf, loss, optimizer, feeds, outputs):
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = optimizer.minimize(loss)
    return built([loss] + outputs, feeds, {}, [step] * ROUNDS)


@program
def perceptron(tf):
    x, feeds = given(tf, 90, 8, 6)
    h = tf.layers.dense(x, 8, tf.nn.relu, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.01))
    logits = tf.layers.dense(h, 3, name="logits")
    labels = tf.constant([0, 1, 2, 0, 1, 2, 0, 1])
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits) + tf.losses.get_regularization_loss()
    return trained(tf, loss, tf.train.MomentumOptimizer(0.1, 0.9), feeds, [logits])


@program
def images(tf):
    x, feeds = given(tf, 91, 6, 8, 8, 1)
    h = tf.layers.conv2d(x, 4, 3, padding="same", use_bias=False)
    h = tf.nn.relu(tf.layers.batch_normalization(h, training=True))
    h = tf.layers.max_pooling2d(h, 2, 2)
    h = tf.layers.separable_conv2d(h, 4, 3, padding="same", activation=tf.nn.relu)
    h = tf.layers.batch_normalization(h, training=True, fused=False, momentum=0.9)
    h = tf.layers.conv2d_transpose(h, 3, 3, strides=2, padding="same", activation=tf.nn.tanh)
    h = tf.layers.average_pooling2d(h, 4, 4)
    logits = tf.layers.dense(tf.layers.flatten(h), 2)
    loss = tf.losses.softmax_cross_entropy([[0.0, 1.0]] * 6, logits)
    return trained(tf, loss, tf.train.GradientDescentOptimizer(0.1), feeds, [logits])


@program
def renormalized(tf):
    x, feeds = given(tf, 92, 6, 5)
    training = tf.placeholder(tf.bool, [])
    feeds[training] = True
    h = tf.layers.dense(x, 4, name="a")
    h = tf.nn.tanh(tf.layers.batch_normalization(h, training=training, renorm=True, renorm_clipping={"rmax": 3.0}))
    y = tf.layers.dense(h, 1, name="b")
    return trained(tf, tf.reduce_mean(tf.square(y)), tf.train.AdamOptimizer(0.01), feeds, [y])
