"""tf.contrib.rnn: each cell and wrapper over two steps."""

from goldens.rnn.running import BATCH, judged, steps, values


def _cell(make, *shapes):
    shapes = tuple(list(shape) for shape in shapes or ((3,),))
    return lambda tf: steps(tf, make(tf, tf.contrib.rnn), shapes if len(shapes) > 1 else shapes[0])


def _time_freq(**kwargs):
    def case(tf):
        """State for every frequency; `state_size` counts one, so no loop can make it."""
        cell = tf.contrib.rnn.TimeFreqLSTMCell(2, feature_size=2, frequency_skip=2, **kwargs)
        state = tf.constant(values(5, BATCH, 2 * 2 * 3))
        outputs = []
        for t in range(2):
            output, state = cell(tf.constant(values(t, BATCH, 6)), state)
            outputs.append(output)
        return judged(tf, outputs, state)

    return case


def _fused(make, **kwargs):
    def case(tf):
        inputs = tf.constant(values(3, 4, BATCH, 3))
        outputs, state = make(tf, tf.contrib.rnn)(inputs, dtype=tf.float32, **kwargs)
        return judged(tf, outputs, state, [inputs])

    return case


def _integers(make):
    def case(tf):
        cell = make(tf, tf.contrib.rnn)
        inputs = [tf.constant([t % 3, (2 * t + 1) % 5]) for t in range(3)]
        outputs, state = tf.nn.static_rnn(cell, inputs, dtype=tf.float32)
        return judged(tf, outputs, state)

    return case


def _stacked(dynamic):
    def case(tf):
        rnn = tf.contrib.rnn
        cells = [[rnn.GRUCell(2), rnn.GRUCell(3)] for _ in range(2)]
        inputs = tf.constant(values(3, BATCH, 4, 3))
        if dynamic:
            found = rnn.stack_bidirectional_dynamic_rnn(*cells, inputs=inputs, dtype=tf.float32, sequence_length=[3, 4])
        else:
            found = rnn.stack_bidirectional_rnn(*cells, inputs=tf.unstack(inputs, axis=1), dtype=tf.float32)
        return judged(tf, found[0], found[1:], [inputs])

    return case


_GRID = {"feature_size": 2, "frequency_skip": 2, "num_frequency_blocks": [3]}
_BLOCKS = {
    "feature_size": 2,
    "frequency_skip": 1,
    "num_frequency_blocks": [2, 3],
    "start_freqindex_list": [0, 2],
    "end_freqindex_list": [3, 6],
}

CASES = {
    "layer norm basic lstm": _cell(lambda tf, rnn: rnn.LayerNormBasicLSTMCell(4, norm_gain=0.9, norm_shift=0.1)),
    "layer norm basic lstm, dropout": _cell(
        lambda tf, rnn: rnn.LayerNormBasicLSTMCell(4, dropout_keep_prob=0.5, dropout_prob_seed=8)
    ),
    "layer norm basic lstm, not normed": _cell(lambda tf, rnn: rnn.LayerNormBasicLSTMCell(4, layer_norm=False)),
    "coupled": _cell(lambda tf, rnn: rnn.CoupledInputForgetGateLSTMCell(4)),
    "coupled, all": _cell(
        lambda tf, rnn: rnn.CoupledInputForgetGateLSTMCell(
            4, True, num_proj=3, proj_clip=0.2, num_unit_shards=2, num_proj_shards=3, forget_bias=0.5
        )
    ),
    "coupled, layer norm": _cell(lambda tf, rnn: rnn.CoupledInputForgetGateLSTMCell(4, layer_norm=True)),
    "coupled, joined": _cell(lambda tf, rnn: rnn.CoupledInputForgetGateLSTMCell(4, state_is_tuple=False)),
    "time freq": _time_freq(),
    "time freq, all": _time_freq(use_peepholes=True, cell_clip=0.3, num_unit_shards=2),
    "grid": _cell(lambda tf, rnn: rnn.GridLSTMCell(2, **_GRID), (6,)),
    "grid, peepholes": _cell(lambda tf, rnn: rnn.GridLSTMCell(2, use_peepholes=True, cell_clip=0.5, **_GRID), (6,)),
    "grid, shared": _cell(
        lambda tf, rnn: rnn.GridLSTMCell(2, use_peepholes=True, share_time_frequency_weights=True, **_GRID), (6,)
    ),
    "grid, coupled": _cell(
        lambda tf, rnn: rnn.GridLSTMCell(2, use_peepholes=True, couple_input_forget_gates=True, **_GRID), (6,)
    ),
    "grid, blocks": _cell(lambda tf, rnn: rnn.GridLSTMCell(2, **_BLOCKS), (6,)),
    "grid, joined": _cell(lambda tf, rnn: rnn.GridLSTMCell(2, state_is_tuple=False, **_GRID), (6,)),
    "bidirectional grid": _cell(lambda tf, rnn: rnn.BidirectionalGridLSTMCell(2, **_GRID), (6,)),
    "bidirectional grid, moved": _cell(
        lambda tf, rnn: rnn.BidirectionalGridLSTMCell(2, backward_slice_offset=1, **_BLOCKS), (6,)
    ),
    "nas": _cell(lambda tf, rnn: rnn.NASCell(4)),
    "nas, all": _cell(lambda tf, rnn: rnn.NASCell(4, num_proj=3, use_bias=True)),
    "ugrnn": _cell(lambda tf, rnn: rnn.UGRNNCell(4)),
    "intersection": _cell(lambda tf, rnn: rnn.IntersectionRNNCell(4, num_in_proj=4)),
    "intersection, same size": _cell(lambda tf, rnn: rnn.IntersectionRNNCell(3, y_activation=tf.tanh)),
    "phased": _cell(lambda tf, rnn: rnn.PhasedLSTMCell(4, ratio_on=0.3), (1,), (3,)),
    "phased, peepholes": _cell(
        lambda tf, rnn: rnn.PhasedLSTMCell(4, use_peepholes=True, trainable_ratio_on=False), (1,), (3,)
    ),
    "conv 1d": _cell(
        lambda tf, rnn: rnn.Conv1DLSTMCell(input_shape=[4, 2], output_channels=2, kernel_shape=[3]), (4, 2)
    ),
    "conv 2d": _cell(
        lambda tf, rnn: rnn.Conv2DLSTMCell(
            input_shape=[3, 2, 2], output_channels=2, kernel_shape=[2, 3], use_bias=False
        ),
        (3, 2, 2),
    ),
    "conv 3d": _cell(
        lambda tf, rnn: rnn.Conv3DLSTMCell(input_shape=[2, 2, 2, 1], output_channels=2, kernel_shape=[2, 2, 1]),
        (2, 2, 2, 1),
    ),
    "conv": _cell(lambda tf, rnn: rnn.ConvLSTMCell(1, [4, 2], 2, [3], forget_bias=0.5), (4, 2)),
    "glstm": _cell(lambda tf, rnn: rnn.GLSTMCell(4, number_of_groups=2), (4,)),
    "glstm, projected": _cell(lambda tf, rnn: rnn.GLSTMCell(4, num_proj=2, number_of_groups=2), (4,)),
    "sru": _cell(lambda tf, rnn: rnn.SRUCell(4)),
    "indrnn": _cell(lambda tf, rnn: rnn.IndRNNCell(4)),
    "indy gru": _cell(lambda tf, rnn: rnn.IndyGRUCell(4)),
    "indy lstm": _cell(lambda tf, rnn: rnn.IndyLSTMCell(4, forget_bias=0.5)),
    "lstm block": _cell(lambda tf, rnn: rnn.LSTMBlockCell(4)),
    "lstm block, all": _cell(lambda tf, rnn: rnn.LSTMBlockCell(4, 0.5, cell_clip=0.3, use_peephole=True)),
    "gru block": _cell(lambda tf, rnn: rnn.GRUBlockCell(4)),
    "gru block, 2": _cell(lambda tf, rnn: rnn.GRUBlockCellV2(4)),
    "attention": _cell(lambda tf, rnn: rnn.AttentionCellWrapper(rnn.GRUCell(3), 3)),
    "attention, lstm": _cell(
        lambda tf, rnn: rnn.AttentionCellWrapper(rnn.BasicLSTMCell(3), 2, attn_size=4, attn_vec_size=5, input_size=2)
    ),
    "attention, joined": _cell(lambda tf, rnn: rnn.AttentionCellWrapper(rnn.GRUCell(3), 3, state_is_tuple=False)),
    "input projection": _cell(lambda tf, rnn: rnn.InputProjectionWrapper(rnn.GRUCell(3), 5, tf.nn.relu)),
    "output projection": _cell(lambda tf, rnn: rnn.OutputProjectionWrapper(rnn.GRUCell(3), 5, tf.nn.relu)),
    "embedding": _integers(lambda tf, rnn: rnn.EmbeddingWrapper(rnn.GRUCell(3), 5, 4)),
    "cudnn compatible gru": _cell(lambda tf, rnn: tf.contrib.cudnn_rnn.CudnnCompatibleGRUCell(4)),
    "cudnn compatible lstm": _cell(lambda tf, rnn: tf.contrib.cudnn_rnn.CudnnCompatibleLSTMCell(4)),
    "fused lstm": _fused(lambda tf, rnn: rnn.LSTMBlockFusedCell(4)),
    "fused lstm, all": _fused(
        lambda tf, rnn: rnn.LSTMBlockFusedCell(4, 0.5, cell_clip=0.3, use_peephole=True), sequence_length=[2, 4]
    ),
    "fused adaptor": _fused(lambda tf, rnn: rnn.FusedRNNCellAdaptor(rnn.LSTMCell(4)), sequence_length=[2, 4]),
    "fused adaptor, dynamic": _fused(lambda tf, rnn: rnn.FusedRNNCellAdaptor(rnn.GRUCell(4), use_dynamic_rnn=True)),
    "fused, reversed": _fused(
        lambda tf, rnn: rnn.TimeReversedFusedRNN(rnn.LSTMBlockFusedCell(4)), sequence_length=[2, 4]
    ),
    "stacked, static": _stacked(dynamic=False),
    "stacked, dynamic": _stacked(dynamic=True),
}


def _around(wrapper, **kwargs):
    """A wrapper that TF1 gave no name and no weights of its own: its sizes and results alone."""

    def case(tf):
        cell = getattr(tf.contrib.rnn, wrapper)(tf.contrib.rnn.GRUCell(3), **kwargs)
        inputs = [tf.constant(values(t, BATCH, 3)) for t in range(3)]
        return judged(tf, *tf.nn.static_rnn(cell, inputs, dtype=tf.float32), inputs=inputs)

    return case


CASES["highway"] = _around("HighwayWrapper")
CASES["highway, not coupled"] = _around("HighwayWrapper", couple_carry_transform_gates=False, carry_bias_init=0.5)
CASES["compiled"] = _around("CompiledWrapper")
