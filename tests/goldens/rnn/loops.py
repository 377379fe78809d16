"""The loops: what they compute, the names of the variables, and how sequence lengths are kept."""

from goldens.rnn.running import BATCH, initial_state, judged, values

TIME = 4


def _inputs(tf, time_major=False, depth=3):
    return tf.constant(values(4, *((TIME, BATCH) if time_major else (BATCH, TIME)), depth))


def _dynamic(make, time_major=False, given_state=False, **kwargs):
    def case(tf):
        cell = make(tf, tf.nn.rnn_cell)
        inputs = _inputs(tf, time_major)
        if given_state:
            kwargs["initial_state"] = initial_state(tf, cell)
        else:
            kwargs["dtype"] = tf.float32
        outputs, state = tf.nn.dynamic_rnn(cell, inputs, time_major=time_major, **kwargs)
        return judged(tf, outputs, state, [inputs])

    return case


def _dynamic_unknown(tf):
    """Placeholders of unknown batch and time."""
    inputs = tf.placeholder_with_default(values(4, BATCH, TIME, 3), [None, None, 3])
    lengths = tf.placeholder_with_default([2, 4], [None])
    cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(4), tf.nn.rnn_cell.GRUCell(2)])
    outputs, state = tf.nn.dynamic_rnn(cell, inputs, lengths, dtype=tf.float32)
    return judged(tf, outputs, state, [inputs])


def _dropout(tf, rnn):
    return rnn.DropoutWrapper(rnn.GRUCell(4), 0.5, 0.5, seed=4)


def _variational(tf, rnn):
    return rnn.DropoutWrapper(
        rnn.LSTMCell(4), 0.5, 0.5, 0.5, True, input_size=tf.TensorShape([3]), dtype=tf.float32, seed=4
    )


def _static(lengths=None):
    def case(tf):
        inputs = tf.unstack(_inputs(tf, time_major=True))
        cell = tf.nn.rnn_cell.BasicLSTMCell(4)
        lengths_ = None if lengths is None else tf.constant(lengths)
        outputs, state = tf.nn.static_rnn(cell, inputs, sequence_length=lengths_, dtype=tf.float32)
        return judged(tf, outputs, state, inputs)

    return case


def _bidirectional(tf):
    inputs = _inputs(tf)
    cells = [tf.nn.rnn_cell.LSTMCell(4), tf.nn.rnn_cell.LSTMCell(2)]
    outputs, states = tf.nn.bidirectional_dynamic_rnn(*cells, inputs=inputs, sequence_length=[2, 4], dtype=tf.float32)
    return judged(tf, outputs, states, [inputs])


def _static_bidirectional(tf):
    inputs = tf.unstack(_inputs(tf, time_major=True))
    cells = [tf.nn.rnn_cell.GRUCell(4), tf.nn.rnn_cell.GRUCell(2)]
    outputs, *states = tf.nn.static_bidirectional_rnn(
        *cells, inputs=inputs, dtype=tf.float32, sequence_length=tf.constant([3, 4])
    )
    return judged(tf, outputs, states, inputs)


def _raw(tf):
    """The documentation's example: dynamic_rnn by hand, emitting something of another size."""
    inputs = tf.TensorArray(tf.float32, TIME, clear_after_read=False).unstack(_inputs(tf, time_major=True))
    lengths = tf.constant([2, 4])
    cell = tf.nn.rnn_cell.LSTMCell(4)

    def loop_fn(time, output, state, loop_state):
        finished = time >= lengths
        if output is None:
            state, emit, loop_state = cell.zero_state(BATCH, tf.float32), None, tf.constant(0)
        else:
            emit, loop_state = output, loop_state + 1
        following = tf.cond(
            tf.reduce_all(finished), lambda: tf.zeros([BATCH, 3]), lambda: inputs.read(tf.minimum(time, TIME - 1))
        )
        following.set_shape([BATCH, 3])
        return finished, following, state, emit, loop_state

    outputs, state, loop_state = tf.nn.raw_rnn(cell, loop_fn)
    found = judged(tf, outputs.stack(), state)
    found["loop state"] = loop_state
    return found


class _Saver(object):
    """What a queue of stored states gives `static_state_saving_rnn`."""

    def __init__(self, tf, sizes):
        self._tf, self.saved = tf, {}
        self._states = {name: tf.constant(values(n, BATCH, size)) for n, (name, size) in enumerate(sizes)}

    def state(self, name):
        return self._states[name]

    def save_state(self, name, state):
        self.saved[name] = state
        return self._tf.identity(state)

    @property
    def batch_size(self):
        return self._tf.constant(BATCH)


def _state_saving(tf):
    saver = _Saver(tf, [("c", 4), ("h", 4)])
    inputs = tf.unstack(_inputs(tf, time_major=True))
    outputs, state = tf.nn.static_state_saving_rnn(tf.nn.rnn_cell.LSTMCell(4), inputs, saver, ("c", "h"))
    return judged(tf, outputs, (state, saver.saved["c"], saver.saved["h"]), inputs)


def _scopes(tf):
    """Two networks in scopes of their own, and the first once more on other inputs."""
    cell = tf.nn.rnn_cell.BasicLSTMCell(2)
    with tf.variable_scope("encoder"):
        first, state = tf.nn.dynamic_rnn(cell, _inputs(tf), dtype=tf.float32)
    with tf.variable_scope("decoder"):
        second, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(2), first, initial_state=state)
    with tf.variable_scope("encoder", reuse=True):
        again, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(2), -_inputs(tf), dtype=tf.float32)
    same, _ = tf.nn.dynamic_rnn(cell, 2.0 * _inputs(tf), dtype=tf.float32, scope="elsewhere")
    return judged(tf, [first, second, again, same], [])


def _unrolled(tf):
    """The PTB example's way: cells called in a Python loop under reuse_variables."""
    rnn = tf.contrib.rnn
    cell = rnn.MultiRNNCell(
        [rnn.DropoutWrapper(rnn.BasicLSTMCell(4, forget_bias=0.0), output_keep_prob=0.5, seed=1) for _ in range(2)]
    )
    state = cell.zero_state(BATCH, tf.float32)
    inputs, outputs = _inputs(tf), []
    with tf.variable_scope("RNN", initializer=tf.random_uniform_initializer(-0.1, 0.1, seed=6)):
        for t in range(TIME):
            if t > 0:
                tf.get_variable_scope().reuse_variables()
            output, state = cell(inputs[:, t, :], state)
            outputs.append(output)
    return judged(tf, outputs, state, [inputs])


def _regularized(tf):
    """A scope's regularizer, initializer and custom getter reach the cell's variables."""

    def getter(getter, *args, **kwargs):
        variable = getter(*args, **kwargs)
        return tf.tanh(variable) if kwargs["name"].endswith("kernel") else variable

    with tf.variable_scope("net", regularizer=tf.nn.l2_loss, initializer=tf.ones_initializer()):
        with tf.variable_scope("inner", custom_getter=getter):
            outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), _inputs(tf), dtype=tf.float32)
    found = judged(tf, outputs, state)
    found["penalties"] = tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
    return found


CASES = {
    "dynamic": _dynamic(lambda tf, rnn: rnn.BasicLSTMCell(4)),
    "dynamic, basic rnn": _dynamic(lambda tf, rnn: rnn.BasicRNNCell(4)),
    "dynamic, layers": _dynamic(
        lambda tf, rnn: rnn.MultiRNNCell([rnn.LSTMCell(4, use_peepholes=True), rnn.GRUCell(2)])
    ),
    "dynamic, lengths": _dynamic(lambda tf, rnn: rnn.LSTMCell(4), sequence_length=[2, 4]),
    "dynamic, no length": _dynamic(lambda tf, rnn: rnn.GRUCell(4), sequence_length=[0, 3], given_state=True),
    "dynamic, time major": _dynamic(lambda tf, rnn: rnn.GRUCell(4), time_major=True, sequence_length=[4, 1]),
    "dynamic, state": _dynamic(lambda tf, rnn: rnn.LSTMCell(4, num_proj=2), given_state=True, scope="mine"),
    "dynamic, swapped": _dynamic(lambda tf, rnn: rnn.GRUCell(4), swap_memory=True, parallel_iterations=2),
    "dynamic, dropout": _dynamic(_dropout, parallel_iterations=1),
    "dynamic, variational": _dynamic(_variational),
    "dynamic, unknown sizes": _dynamic_unknown,
    "static": _static(),
    "static, lengths": _static([2, 4]),
    "bidirectional": _bidirectional,
    "static bidirectional": _static_bidirectional,
    "raw": _raw,
    "state saving": _state_saving,
    "scopes": _scopes,
    "unrolled": _unrolled,
    "regularized": _regularized,
}
