"""What cells and loops say rather than compute: names, sizes, reuse, errors. A behaviour returns JSON or raises."""

import numpy as np


def _x(tf, *shape, **kwargs):
    return tf.zeros(shape or (2, 3), kwargs.get("dtype", tf.float32))


def _names(tf):
    return [v.op.name for v in tf.global_variables()]


def second_cell_in_the_same_scope(tf):
    with tf.variable_scope("s"):
        for _ in range(2):
            cell = tf.nn.rnn_cell.BasicLSTMCell(2, name="mine")
            cell(_x(tf), cell.zero_state(2, tf.float32))


def second_dynamic_rnn_without_reuse(tf):
    for _ in range(2):
        tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), _x(tf, 2, 4, 3), dtype=tf.float32)


def reuse_of_what_is_not_there(tf):
    cell = tf.nn.rnn_cell.GRUCell(2, reuse=True)
    cell(_x(tf), cell.zero_state(2, tf.float32))


def reuse_by_argument(tf):
    state = tf.zeros([2, 2])
    tf.nn.rnn_cell.GRUCell(2, name="mine")(_x(tf), state)
    tf.nn.rnn_cell.GRUCell(2, name="mine", reuse=True)(_x(tf), state)
    return _names(tf)


def reuse_automatic(tf):
    for _ in range(2):
        with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
            tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(2), _x(tf, 2, 4, 3), dtype=tf.float32)
    return _names(tf)


def one_cell_in_two_scopes(tf):
    cell, names = tf.nn.rnn_cell.GRUCell(2), []
    for scope in "ab":
        with tf.variable_scope(scope):
            cell(_x(tf), tf.zeros([2, 2]))
            names.append(cell.scope_name)
    return names, _names(tf)


def one_cell_on_other_inputs(tf):
    cell = tf.nn.rnn_cell.GRUCell(2)
    cell(_x(tf), tf.zeros([2, 2]))
    cell(_x(tf, 2, 5), tf.zeros([2, 2]))


def two_cells_uniquely_named(tf):
    for _ in range(2):
        tf.nn.rnn_cell.GRUCell(2)(_x(tf), tf.zeros([2, 2]))
    return _names(tf)


def scope_given_in_the_call(tf):
    cell = tf.nn.rnn_cell.BasicRNNCell(2)
    cell(_x(tf), tf.zeros([2, 2]), scope="there")
    cell(_x(tf), tf.zeros([2, 2]), scope="elsewhere")
    return _names(tf), cell.scope_name


def scope_object_given_in_the_call(tf):
    with tf.variable_scope("outer") as scope:
        pass
    cell = tf.nn.rnn_cell.BasicRNNCell(2)
    cell(_x(tf), tf.zeros([2, 2]), scope=scope)
    return _names(tf)


def names_of_cells(tf):
    rnn = tf.contrib.rnn
    return [cell.name for cell in (rnn.GRUCell(1), rnn.GRUCell(1), rnn.LSTMBlockCell(1), rnn.LSTMCell(1, name="x"))]


def integer_inputs(tf):
    tf.nn.rnn_cell.BasicRNNCell(2)(_x(tf, dtype=tf.int32), tf.zeros([2, 2], tf.int32))


def integer_dtype(tf):
    tf.nn.rnn_cell.LSTMCell(2, dtype=tf.int64)


def inputs_of_rank_3(tf):
    tf.nn.rnn_cell.GRUCell(2)(_x(tf, 2, 3, 4), tf.zeros([2, 2]))


def inputs_of_unknown_depth(tf):
    tf.nn.rnn_cell.GRUCell(2)(tf.placeholder(tf.float32, [2, None]), tf.zeros([2, 2]))


def no_dtype_and_no_state(tf):
    tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), _x(tf, 2, 4, 3))


def not_a_cell(tf):
    tf.nn.dynamic_rnn(tf.nn.relu, _x(tf, 2, 4, 3), dtype=tf.float32)


def wrapper_of_no_cell(tf):
    tf.nn.rnn_cell.DropoutWrapper("cell")


def inputs_not_a_list(tf):
    tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(2), _x(tf), dtype=tf.float32)


def inputs_empty(tf):
    tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(2), [], dtype=tf.float32)


def lengths_of_rank_2(tf):
    tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), _x(tf, 2, 4, 3), [[2, 2]], dtype=tf.float32)


def lengths_of_another_batch(tf):
    with tf.Session() as session:
        lengths = tf.placeholder_with_default([1, 2, 3], [None])
        out, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), _x(tf, 2, 4, 3), lengths, dtype=tf.float32)
        session.run(tf.global_variables_initializer())
        session.run(out)


def no_cells(tf):
    tf.nn.rnn_cell.MultiRNNCell([])


def cells_not_a_list(tf):
    tf.nn.rnn_cell.MultiRNNCell(tf.nn.rnn_cell.GRUCell(2))


def joined_tuples(tf):
    tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(2)], state_is_tuple=False)


def state_not_a_tuple(tf):
    tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(2)])(_x(tf), tf.zeros([2, 2]))


def probability_above_one(tf):
    tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(2), output_keep_prob=1.5)


def visitor_not_callable(tf):
    tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(2), dropout_state_filter_visitor=3)


def variational_without_dtype(tf):
    tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(2), variational_recurrent=True)


def variational_without_input_size(tf):
    tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(2), 0.5, variational_recurrent=True, dtype=tf.float32)


def residual_of_another_size(tf):
    cell = tf.nn.rnn_cell.ResidualWrapper(tf.nn.rnn_cell.GRUCell(2))
    cell(_x(tf), cell.zero_state(2, tf.float32))


def initial_state_of_another_batch(tf):
    tf.nn.rnn_cell.GRUCell(2).get_initial_state(_x(tf), batch_size=3)


def initial_state_of_nothing(tf):
    tf.nn.rnn_cell.GRUCell(2).get_initial_state()


def initial_states(tf):
    batch = tf.placeholder(tf.int32, [])
    cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(2), tf.nn.rnn_cell.GRUCell(3)])
    states = [cell.zero_state(4, tf.float64), cell.zero_state(batch, tf.float32), cell.get_initial_state(_x(tf))]
    return [[leaf.dtype.name, leaf.get_shape().as_list()] for leaf in tf.nest.flatten(states)]


def kinds_of_states(tf):
    cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(2), tf.nn.rnn_cell.BasicLSTMCell(3)])
    _, state = cell(_x(tf), cell.zero_state(2, tf.float32))
    return [type(state).__name__] + [type(s).__name__ + " " + " ".join(s._fields) for s in state]


def state_of_two_dtypes(tf):
    return str(tf.nn.rnn_cell.LSTMStateTuple(tf.zeros([1]), tf.zeros([1], tf.float64)).dtype)


def double_precision(tf):
    outputs, state = tf.nn.dynamic_rnn(
        tf.nn.rnn_cell.LSTMCell(2, use_peepholes=True), _x(tf, 2, 4, 3, dtype=tf.float64), dtype=tf.float64
    )
    found = [outputs, state.c, state.h] + tf.global_variables()
    return [each.dtype.base_dtype.name for each in found]


def half_precision(tf):
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), _x(tf, 2, 4, 3, dtype=tf.float16), dtype=tf.float16)
    return outputs.dtype.name, [v.dtype.base_dtype.name for v in tf.global_variables()]


def not_trainable(tf):
    cell = tf.nn.rnn_cell.GRUCell(2, trainable=False)
    cell(_x(tf), tf.zeros([2, 2]))
    return len(tf.trainable_variables()), len(cell.trainable_weights), len(cell.non_trainable_weights)


def static_shapes(tf):
    inputs = tf.placeholder(tf.float32, [None, None, 3])
    outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(4, num_proj=2), inputs, dtype=tf.float32)
    fixed, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), _x(tf, 2, 5, 3), dtype=tf.float32, scope="fixed")
    return [t.get_shape().as_list() for t in (outputs, state.c, state.h, fixed)]


def initial_values(tf):
    cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(4), tf.nn.rnn_cell.GRUCell(4)])
    with tf.variable_scope("net", initializer=tf.random_uniform_initializer(-0.1, 0.1, seed=3)):
        cell(_x(tf), cell.zero_state(2, tf.float32))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [[round(float(np.sum(v)), 4), list(v.shape)] for v in session.run(tf.global_variables())]


def names_in_object_checkpoints(tf):
    rnn = tf.nn.rnn_cell
    cell = rnn.MultiRNNCell([rnn.DropoutWrapper(rnn.LSTMCell(2, num_proj=2)), rnn.GRUCell(2)])
    cell(_x(tf), cell.zero_state(2, tf.float32))
    import tempfile

    with tempfile.TemporaryDirectory() as folder, tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = tf.train.Checkpoint(cell=cell).save(folder + "/model", session=session)
        return sorted(name for name, _ in tf.train.list_variables(path) if name.startswith("cell"))


def linear_of_lists(tf):
    try:
        from tensorflow.contrib.rnn.python.ops import core_rnn_cell
    except ImportError:
        from tf1compat.v1.contrib.rnn.python.ops import core_rnn_cell
    with tf.variable_scope("here"):
        out = core_rnn_cell._linear([_x(tf), _x(tf, 2, 4)], 5, True)
    return out.get_shape().as_list(), _names(tf)


def glstm_of_odd_groups(tf):
    tf.contrib.rnn.GLSTMCell(3, number_of_groups=2)


def intersection_of_other_size(tf):
    tf.contrib.rnn.IntersectionRNNCell(4)(_x(tf), tf.zeros([2, 4]))


def attention_of_no_length(tf):
    tf.contrib.rnn.AttentionCellWrapper(tf.contrib.rnn.GRUCell(2), 0)


def grid_without_blocks(tf):
    tf.contrib.rnn.GridLSTMCell(2)


def gru_block_without_size(tf):
    tf.contrib.rnn.GRUBlockCell()


def stacked_of_unequal_depth(tf):
    cells = [tf.contrib.rnn.GRUCell(2)]
    tf.contrib.rnn.stack_bidirectional_rnn(cells, cells * 2, [_x(tf)], dtype=tf.float32)


BEHAVIOURS = {name: each for name, each in list(globals().items()) if not name.startswith("_") and callable(each)}


def behaviour(tf, name):
    """JSON of what the behaviour returned, or the kind of error it raised."""
    with tf.Graph().as_default():
        try:
            found = BEHAVIOURS[name](tf)
        except Exception as error:  # which one is what is recorded
            return "raises " + type(error).__name__
    return found


