"""tf.nn.rnn_cell: each cell and wrapper over two steps."""

from goldens.rnn.running import steps


def _cell(make, **kwargs):
    return lambda tf: steps(tf, make(tf, tf.nn.rnn_cell), [3], **kwargs)


def _own(tf, rnn):
    class Own(rnn.RNNCell):
        """A cell such as scripts write: sizes, and `call` with `get_variable`."""

        @property
        def state_size(self):
            return 4

        @property
        def output_size(self):
            return 4

        def call(self, inputs, state):
            w = tf.get_variable("w", [inputs.get_shape()[1].value, 4])
            u = tf.get_variable("u", [4, 4], initializer=tf.constant_initializer(0.1), trainable=False)
            new = tf.tanh(tf.matmul(inputs, w) + tf.matmul(state, u))
            return new, new

    return Own()


def _overriding(tf, rnn):
    class Overriding(rnn.RNNCell):
        """Another such: no `__init__` of RNNCell, a `__call__` of its own, and other cells inside."""

        def __init__(self):
            self._inner = rnn.GRUCell(4)

        @property
        def state_size(self):
            return self._inner.state_size

        @property
        def output_size(self):
            return 5

        def __call__(self, inputs, state, scope=None):
            with tf.variable_scope(scope or type(self).__name__):
                output, state = self._inner(inputs, state)
                return tf.layers.dense(output, 5, name="out"), state

    return Overriding()


def _keep_half_of_pair(state):
    return (True, False) if isinstance(state, tuple) else True


CASES = {
    "basic rnn": _cell(lambda tf, rnn: rnn.BasicRNNCell(4)),
    "basic rnn, relu": _cell(lambda tf, rnn: rnn.BasicRNNCell(4, activation="relu", name="mine")),
    "basic rnn, hard sigmoid": _cell(lambda tf, rnn: rnn.BasicRNNCell(4, activation="hard_sigmoid")),
    "gru": _cell(lambda tf, rnn: rnn.GRUCell(4)),
    "gru, relu": _cell(lambda tf, rnn: rnn.GRUCell(4, activation=tf.nn.relu, bias_initializer=tf.zeros_initializer())),
    "basic lstm": _cell(lambda tf, rnn: rnn.BasicLSTMCell(4)),
    "basic lstm, forget bias": _cell(lambda tf, rnn: rnn.BasicLSTMCell(4, forget_bias=0.25, activation=tf.sigmoid)),
    "basic lstm, joined": _cell(lambda tf, rnn: rnn.BasicLSTMCell(4, state_is_tuple=False)),
    "lstm": _cell(lambda tf, rnn: rnn.LSTMCell(4)),
    "lstm, peepholes": _cell(lambda tf, rnn: rnn.LSTMCell(4, use_peepholes=True, activation="relu", forget_bias=0.5)),
    "lstm, clipped": _cell(lambda tf, rnn: rnn.LSTMCell(4, cell_clip=0.3)),
    "lstm, projected": _cell(lambda tf, rnn: rnn.LSTMCell(4, num_proj=2)),
    "lstm, all": _cell(
        lambda tf, rnn: rnn.LSTMCell(
            5, use_peepholes=True, cell_clip=0.4, num_proj=3, proj_clip=0.1, initializer=tf.ones_initializer()
        )
    ),
    "lstm, joined": _cell(lambda tf, rnn: rnn.LSTMCell(4, num_proj=3, state_is_tuple=False)),
    "lstm, shards": _cell(lambda tf, rnn: rnn.LSTMCell(4, num_unit_shards=2, num_proj=3, num_proj_shards=3)),
    "multi": _cell(lambda tf, rnn: rnn.MultiRNNCell([rnn.BasicLSTMCell(4), rnn.GRUCell(3), rnn.BasicRNNCell(2)])),
    "multi, joined": _cell(lambda tf, rnn: rnn.MultiRNNCell([rnn.GRUCell(4), rnn.GRUCell(3)], state_is_tuple=False)),
    "multi, the same twice": _cell(lambda tf, rnn: rnn.MultiRNNCell([rnn.GRUCell(3)] * 2)),
    "dropout of inputs": _cell(lambda tf, rnn: rnn.DropoutWrapper(rnn.GRUCell(4), input_keep_prob=0.5, seed=7)),
    "dropout of outputs": _cell(lambda tf, rnn: rnn.DropoutWrapper(rnn.GRUCell(4), output_keep_prob=0.4, seed=7)),
    "dropout of states": _cell(lambda tf, rnn: rnn.DropoutWrapper(rnn.LSTMCell(4), state_keep_prob=0.6, seed=5)),
    "dropout of all": _cell(
        lambda tf, rnn: rnn.DropoutWrapper(
            rnn.MultiRNNCell([rnn.LSTMCell(4), rnn.GRUCell(3)]), 0.5, tf.constant(0.4), 0.6, seed=11
        )
    ),
    "dropout, filtered": _cell(
        lambda tf, rnn: rnn.DropoutWrapper(
            rnn.LSTMCell(4), state_keep_prob=0.5, seed=3, dropout_state_filter_visitor=_keep_half_of_pair
        )
    ),
    "dropout, variational": _cell(
        lambda tf, rnn: rnn.DropoutWrapper(
            rnn.LSTMCell(4), 0.5, 0.6, 0.7, True, input_size=tf.TensorShape([3]), dtype=tf.float32, seed=2
        )
    ),
    "dropout, variational in layers": _cell(
        lambda tf, rnn: rnn.DropoutWrapper(
            rnn.MultiRNNCell([rnn.LSTMCell(4, num_proj=2), rnn.GRUCell(3)]),
            state_keep_prob=0.7,
            variational_recurrent=True,
            dtype=tf.float32,
            seed=2,
        )
    ),
    "residual": _cell(lambda tf, rnn: rnn.ResidualWrapper(rnn.GRUCell(3))),
    "residual, function": _cell(lambda tf, rnn: rnn.ResidualWrapper(rnn.GRUCell(3), lambda i, o: i * o)),
    "device": _cell(lambda tf, rnn: rnn.DeviceWrapper(rnn.LSTMCell(4), "/cpu:0")),
    "own cell": _cell(_own),
    "own cell in layers": _cell(lambda tf, rnn: rnn.MultiRNNCell([_own(tf, rnn), rnn.ResidualWrapper(_own(tf, rnn))])),
    "own cell, overriding": _cell(_overriding, weights=False),
}
