"""Layers that programs write, and what they may ask of the base class."""

import copy

from goldens.layers.building import built, error_of, given
from goldens.layers.observe import program


def start(tf):
    return given(tf, 80, 4, 3)


def scale_class(tf):
    class Scale(tf.layers.Layer):
        def __init__(self, size=3, **kwargs):
            super(Scale, self).__init__(**kwargs)
            self.size = size

        def build(self, input_shape):
            self.factor = self.add_variable("factor", [self.size], initializer=tf.ones_initializer())
            self.shift = self.add_weight(
                "shift", shape=(), dtype=tf.float32, trainable=False, regularizer=lambda w: w * w
            )
            self.given_shape = input_shape
            super(Scale, self).build(input_shape)

        def call(self, inputs):
            return inputs * self.factor + self.shift

    return Scale


@program
def simple(tf):
    x, feeds = start(tf)
    layer = scale_class(tf)()
    y = layer(x)
    facts = {
        "shape": layer.given_shape.as_list(),
        "weights": [[v.name for v in layer.trainable_weights], [v.name for v in layer.non_trainable_weights]],
        "dtype": layer.dtype,
    }
    return built([y, layer(y)], feeds, facts)


@program
def defaults_of_add_weight(tf):
    class Many(tf.layers.Layer):
        def build(self, _):
            self.add_weight("a", [2, 3], initializer=tf.glorot_uniform_initializer(seed=4))
            self.add_weight("b", [2], dtype=tf.int32, trainable=False)
            self.add_weight("c", [], dtype=tf.bool, trainable=False)
            self.add_weight("d", [2], initializer="ones", trainable=False)
            self.add_weight("e", [2], synchronization=tf.VariableSynchronization.ON_READ, initializer="zeros")
            self.built = True

    x, feeds = start(tf)
    layer = Many()
    y = layer(x)
    facts = {
        "initial": False,
        "dtypes": [v.dtype.base_dtype.name for v in layer.weights],
        "weights": [v.name for v in layer.weights],
        "errors": [
            error_of(layer.add_weight, "f", [1], dtype=tf.string),
            error_of(layer.add_weight, "g", [1], foo=1),
            error_of(layer.add_weight, "h", [1], trainable=True, synchronization=tf.VariableSynchronization.ON_READ),
        ],
    }
    return built(y, feeds, facts)


@program
def losses(tf):
    class Lossy(tf.layers.Layer):
        def call(self, inputs):
            self.add_loss(tf.reduce_sum(inputs), inputs=inputs)
            self.add_loss([tf.constant(2.0, name="two"), None])
            self.add_loss(lambda: tf.constant(3.0, name="three"))
            return inputs * 2.0

    x, feeds = start(tf)
    y, more = given(tf, 81, 4, 3, name="y")
    feeds.update(more)
    layer = Lossy()
    outputs = [layer(x), layer(y)]
    facts = {
        "counts": [
            len(layer.losses),
            len(layer.get_losses_for(None)),
            len(layer.get_losses_for(x)),
            len(layer.get_losses_for([x, y])),
        ]
    }
    return built(outputs, feeds, facts)


@program
def updates(tf):
    class Counting(tf.layers.Layer):
        def build(self, _):
            self.count = self.add_weight("count", [], initializer=tf.zeros_initializer(), trainable=False)
            self.total = self.add_weight("total", [], initializer=tf.zeros_initializer(), trainable=False)
            self.built = True

        def call(self, inputs):
            self.add_update(self.count.assign_add(1.0, name="add_one").op)
            self.add_update([self.total.assign_add(tf.reduce_sum(inputs), name="add_all").op], inputs=True)
            return inputs * 1.0

    x, feeds = start(tf)
    layer = Counting()
    outputs = [layer(x)]
    facts = {
        "counts": [len(layer.updates), len(layer.get_updates_for(None)), len(layer.get_updates_for(x))],
    }
    outputs.append(layer(x))
    facts["then"] = [len(layer.updates), len(layer.get_updates_for(None)), len(layer.get_updates_for(x))]
    return built(outputs, feeds, facts)


@program
def many_inputs(tf):
    class Adding(tf.layers.Layer):
        def build(self, shapes):
            self.shapes = [shape.as_list() for shape in shapes]
            self.built = True

        def call(self, inputs, more=None, scope=None):
            self.seen = scope.name
            total = inputs[0] + inputs[1]
            return [total, total * more if more is not None else total]

    x, feeds = start(tf)
    y, more = given(tf, 81, 4, 3, name="y")
    feeds.update(more)
    layer = Adding(name="adding")
    outputs = layer([x, y], more=2.0) + layer([x, y])
    return built(outputs, feeds, {"shapes": layer.shapes, "seen": layer.seen})


@program
def input_specs(tf):
    def demanding(**options):
        layer = tf.layers.Layer()
        layer.input_spec = tf.layers.InputSpec(**options)
        return layer

    vector, matrix = tf.zeros([3]), tf.zeros([2, 3])
    x, feeds = start(tf)
    facts = {
        "errors": [
            error_of(demanding(ndim=2), vector),
            error_of(demanding(ndim=2), matrix),
            error_of(demanding(ndim=2), tf.placeholder(tf.float32)),
            error_of(demanding(min_ndim=2), vector),
            error_of(demanding(max_ndim=1), matrix),
            error_of(demanding(axes={-1: 2}), matrix),
            error_of(demanding(axes={-1: 3}), matrix),
            error_of(demanding(axes={-1: None}), matrix),
            error_of(demanding(shape=(None, 3)), matrix),
            error_of(demanding(shape=(None, 4)), matrix),
            error_of(demanding(dtype="float32"), matrix),
            error_of(demanding(dtype="int32"), matrix),
            error_of(demanding(ndim=2), [matrix, matrix]),
            error_of(tf.layers.InputSpec, axes={"a": 1}),
            error_of(tf.layers.InputSpec, ndim=2, axes={2: 1}),
            error_of(setattr, tf.layers.Layer(), "input_spec", 3),
        ],
        "repr": repr(tf.layers.InputSpec(ndim=2, axes={1: 3}, dtype=tf.float32)),
    }
    return built(x * 1.0, feeds, facts)


@program
def nested(tf):
    scale = scale_class(tf)

    class Block(tf.layers.Layer):
        def __init__(self, **kwargs):
            super(Block, self).__init__(**kwargs)
            self.dense = tf.layers.Dense(3)
            self.drop = tf.layers.Dropout(0.5, seed=2)
            self.scale = scale()

        def call(self, inputs, training=False):
            hidden = tf.layers.dense(inputs, 3, name="hidden")
            return self.scale(self.drop(self.dense(hidden)))

    x, feeds = start(tf)
    layer = Block(name="block")
    outputs = [layer(x, training=True), layer(x)]
    facts = {"weights": [v.name for v in layer.weights], "inner": [v.name for v in layer.dense.weights]}
    return built(outputs, feeds, facts)


@program
def without_output(tf):
    class Nothing(tf.layers.Layer):
        def call(self, inputs):
            return None

    x, feeds = start(tf)
    return built(x * 1.0, feeds, {"errors": [error_of(Nothing(), x), error_of(tf.layers.Layer, foo=1)]})


@program
def built_by_hand(tf):
    x, feeds = start(tf)
    layer = tf.layers.Dense(2, name="early")
    layer.build(tf.TensorShape([None, 3]))
    facts = {"built": layer.built, "dtype": layer.dtype, "params": layer.count_params()}
    return built([layer(x), layer(x)], feeds, facts)


@program
def deep_copy(tf):
    x, feeds = start(tf)
    layer = scale_class(tf)(name="first")
    layer.tensor = tf.constant(1.0, name="kept")
    early = copy.deepcopy(layer)
    y = layer(x)
    facts = {
        "same": [early.name, early.tensor is layer.tensor, early.built, early.size],
    }
    return built([y, early(x)], feeds, facts)
