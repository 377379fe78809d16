"""tf.contrib.seq2seq."""

import functools

import numpy as np

R = np.random.RandomState(5)
BATCH, STEPS, DEPTH, UNITS, SYMBOLS, MEMORY = 4, 5, 3, 6, 7, 6
INPUTS = R.uniform(-1.0, 1.0, (BATCH, STEPS, DEPTH)).astype(np.float32)
LENGTHS = np.int32([5, 3, 1, 4])
TARGETS = R.randint(0, SYMBOLS, (BATCH, STEPS)).astype(np.int32)
EMBEDDING = R.uniform(-2.0, 2.0, (SYMBOLS, DEPTH)).astype(np.float32)
ENCODED = R.uniform(-1.0, 1.0, (BATCH, MEMORY, 4)).astype(np.float32)
LOGITS = R.uniform(-3.0, 3.0, (3, 4, 5)).astype(np.float32)
LOGITS_TARGETS = R.randint(0, 5, (3, 4)).astype(np.int32)
TREE_IDS = R.randint(0, 6, (8, 10, 5)).astype(np.int32)
TREE_PARENTS = R.randint(0, 5, (8, 10, 5)).astype(np.int32)
ENCODED_LENGTHS = np.int32([6, 2, 4, 5])


# --- decoding ------------------------------------------------------------------------------------


def gru(tf, units=UNITS):
    return tf.nn.rnn_cell.GRUCell(units)


def decoded(tf, helper, cell=None, layer=True, state=None, loss=False, dtype=None, **options):
    cell = cell or gru(tf)
    dtype = dtype or tf.float32
    state = cell.zero_state(BATCH, dtype) if state is None else state
    layer = tf.layers.Dense(SYMBOLS, use_bias=False) if layer else None
    decoder = tf.contrib.seq2seq.BasicDecoder(cell, helper, state, layer)
    # TensorFlow 1.15 drew random numbers for steps in any order when it ran several at once.
    options.setdefault("parallel_iterations", 1)
    outputs, state, lengths = tf.contrib.seq2seq.dynamic_decode(decoder, **options)
    found = {"outputs": outputs.rnn_output, "samples": outputs.sample_id, "lengths": lengths}
    found.update(states(tf, state))
    if loss:
        steps = tf.shape(outputs.rnn_output)[1]
        weights = tf.sequence_mask(LENGTHS, steps, tf.float32)
        found["loss"] = tf.contrib.seq2seq.sequence_loss(outputs.rnn_output, tf.constant(TARGETS)[:, :steps], weights)
    return found


def states(tf, state):
    """Every tensor and array in a nest."""
    found = {}

    def visit(name, value):
        if isinstance(value, (tuple, list)):
            keys = getattr(value, "_fields", range(len(value)))
            for key, each in zip(keys, value):
                visit("%s.%s" % (name, key), each)
        else:
            found[name] = value.stack() if hasattr(value, "stack") else value

    visit("state", state)
    return found


def training(tf, time_major=False, inputs=INPUTS, **options):
    inputs = tf.constant(np.transpose(inputs, [1, 0, 2]) if time_major else inputs)
    return decoded(tf, tf.contrib.seq2seq.TrainingHelper(inputs, LENGTHS, time_major), **options)


def training_loss(tf):
    return training(tf, loss=True)


def training_lstm_imputed(tf):
    return training(tf, cell=tf.nn.rnn_cell.LSTMCell(UNITS), impute_finished=True)


def training_time_major(tf):
    return training(tf, time_major=True, layer=False, output_time_major=True, maximum_iterations=3)


def training_no_steps(tf):
    return training(tf, maximum_iterations=0)


def training_double(tf):
    return training(tf, inputs=INPUTS.astype(np.float64), dtype=tf.float64, scope="other")


def unknown_sizes(tf):
    """A batch, a time and a limit that are known when it is run."""
    inputs = tf.placeholder_with_default(INPUTS, [None, None, DEPTH])
    lengths = tf.placeholder_with_default(LENGTHS, [None])
    limit = tf.placeholder_with_default(np.int32(4), [])
    cell = gru(tf)
    helper = tf.contrib.seq2seq.TrainingHelper(inputs, lengths)
    state = cell.zero_state(tf.shape(inputs)[0], tf.float32)
    return decoded(tf, helper, cell, state=state, maximum_iterations=limit, impute_finished=True)


def greedy(tf):
    helper = tf.contrib.seq2seq.GreedyEmbeddingHelper(tf.constant(EMBEDDING), [1, 2, 3, 4], 5)
    return decoded(tf, helper, maximum_iterations=8)


def greedy_embedding_function(tf):
    table = tf.get_variable("table", [SYMBOLS, DEPTH])
    helper = tf.contrib.seq2seq.GreedyEmbeddingHelper(lambda ids: tf.nn.embedding_lookup(table, ids), [0] * BATCH, 1)
    found = decoded(tf, helper, maximum_iterations=6, impute_finished=True)
    found["loss"] = tf.reduce_sum(tf.square(found["outputs"]))
    return found


def sampled(tf, temperature=None):
    helper = tf.contrib.seq2seq.SampleEmbeddingHelper(tf.constant(EMBEDDING), [1, 2, 3, 4], 5, temperature, seed=11)
    return decoded(tf, helper, maximum_iterations=8)


def sampled_hot(tf):
    return sampled(tf, 3.0)


def inference(tf):
    helper = tf.contrib.seq2seq.InferenceHelper(
        lambda outputs: outputs[:, :DEPTH],
        [DEPTH],
        tf.float32,
        tf.constant(INPUTS[:, 0]),
        lambda samples: samples[:, 0] > 0.1,
        lambda samples: samples * 2,
    )
    return decoded(tf, helper, maximum_iterations=4)


def custom(tf):
    helper = tf.contrib.seq2seq.CustomHelper(
        lambda: (tf.fill([BATCH], False), tf.constant(INPUTS[:, 0])),
        lambda time, outputs, state: tf.cast(tf.argmax(outputs, -1), tf.int32) + time,
        lambda time, outputs, state, sample_ids: (sample_ids > 7, outputs[:, :DEPTH], state),
    )
    return decoded(tf, helper, maximum_iterations=6)


def scheduled_embedding(tf):
    helper = tf.contrib.seq2seq.ScheduledEmbeddingTrainingHelper(
        tf.constant(INPUTS), LENGTHS, tf.constant(EMBEDDING), 0.6, seed=3, scheduling_seed=4
    )
    return decoded(tf, helper, loss=True)


def scheduled_output(tf, probability=0.6, next_inputs=None, auxiliary=None, depth=DEPTH):
    helper = tf.contrib.seq2seq.ScheduledOutputTrainingHelper(
        tf.constant(INPUTS), LENGTHS, probability, seed=9, next_inputs_fn=next_inputs, auxiliary_inputs=auxiliary
    )
    return decoded(tf, helper, cell=gru(tf, depth), layer=False)


def scheduled_output_always(tf):
    return scheduled_output(tf, 1.0)


def scheduled_output_mapped(tf):
    return scheduled_output(tf, next_inputs=lambda x: tf.concat([x, x[:, :1]], 1), depth=2)


def scheduled_output_auxiliary(tf):
    return scheduled_output(tf, auxiliary=INPUTS[:, :, :2] * 3)


def scheduled_output_mapped_auxiliary(tf):
    return scheduled_output(tf, next_inputs=lambda x: -x, auxiliary=INPUTS[:, :, :2] * 3)


# --- attention -----------------------------------------------------------------------------------


def attending(tf, mechanism, cell=None, state_is=None, loss=True, **options):
    made = mechanism if isinstance(mechanism, list) else [mechanism]
    made = [each(tf) for each in made]
    cell = tf.contrib.seq2seq.AttentionWrapper(
        cell or tf.nn.rnn_cell.BasicLSTMCell(UNITS), made if isinstance(mechanism, list) else made[0], **options
    )
    state = cell.zero_state(BATCH, tf.float32)
    if state_is:
        state = state.clone(cell_state=state_is(tf))
    helper = tf.contrib.seq2seq.TrainingHelper(tf.constant(INPUTS), LENGTHS)
    return decoded(tf, helper, cell, state=state, loss=loss)


def mechanism(name, lengths=ENCODED_LENGTHS, units=UNITS, **options):
    def make(tf):
        return getattr(tf.contrib.seq2seq, name)(units, tf.constant(ENCODED), lengths, **options)

    return make


def attention(*args, **options):
    def case(tf):
        return attending(tf, *args, **options)

    return case


def layers_of_yours(tf):
    return attending(
        tf, mechanism("LuongAttention"), attention_layer=tf.layers.Dense(5, activation=tf.tanh, name="own"), loss=False
    )


def cells_state(tf):
    state = tf.nn.rnn_cell.LSTMStateTuple(tf.ones([BATCH, UNITS]) * 0.5, tf.ones([BATCH, UNITS]) * -0.25)
    return attending(tf, mechanism("BahdanauAttention"), initial_cell_state=state, loss=False)


def hard_weights(tf):
    make = mechanism("LuongAttention", lengths=None, probability_fn=tf.contrib.seq2seq.hardmax)
    return attending(tf, make, alignment_history=True, loss=False)


def keys_of_yours(tf):
    make = mechanism("LuongAttention", custom_key_value_fn=lambda keys, values: (keys * 2, values - 1))
    return attending(tf, make, loss=False)


def function_of_yours(tf):
    def attend(each, output, state, layer):
        alignments, state = each(output, state=state)
        context = tf.reduce_sum(tf.expand_dims(alignments, -1) * each.values, 1)
        return layer(context), alignments, state

    return attending(tf, mechanism("LuongAttention"), attention_layer_size=3, attention_fn=attend, loss=False)


def alone(tf):
    """Mechanisms called by themselves, twice."""
    found = {}
    for name in ("BahdanauAttention", "LuongMonotonicAttention"):
        made = mechanism(name)(tf)
        state = made.initial_state(BATCH, tf.float32)
        for step in range(2):
            alignments, state = made(tf.constant(INPUTS[:, :2].reshape(BATCH, UNITS)), state)
            found["%s %d" % (name, step)] = alignments
        found[name + " keys"], found[name + " values"] = made.keys, made.values
    return found


# --- beam search ---------------------------------------------------------------------------------


def beams(tf, width=3, attention=False, unknown=False, steps=7, layer=True, state=None, **options):
    cell = tf.nn.rnn_cell.LSTMCell(UNITS)
    if attention:
        encoded = tf.placeholder_with_default(ENCODED, [None, None, 4]) if unknown else tf.constant(ENCODED)
        tiled = tf.contrib.seq2seq.tile_batch(encoded, width)
        lengths = tf.contrib.seq2seq.tile_batch(ENCODED_LENGTHS, width)
        made = tf.contrib.seq2seq.BahdanauAttention(UNITS, tiled, lengths)
        cell = tf.contrib.seq2seq.AttentionWrapper(cell, made, 5, alignment_history=True)
    state = cell.zero_state(BATCH * width, tf.float32)
    layer = tf.layers.Dense(SYMBOLS, kernel_initializer=None) if layer else None
    decoder = tf.contrib.seq2seq.BeamSearchDecoder(
        cell, tf.constant(EMBEDDING), [1, 2, 3, 4], 5, state, width, layer, **options
    )
    outputs, state, lengths = tf.contrib.seq2seq.dynamic_decode(decoder, maximum_iterations=steps)
    found = {"ids": outputs.predicted_ids, "lengths": lengths}
    found.update(states(tf, outputs.beam_search_decoder_output))
    found = {key.replace("state", "output"): value for key, value in found.items()}
    found.update(states(tf, state))
    return found


def beams_penalty(tf):
    return beams(tf, width=4, length_penalty_weight=0.8, layer=False)


def beams_attention(tf):
    return beams(tf, attention=True)


def beams_coverage(tf):
    return beams(tf, attention=True, coverage_penalty_weight=0.4, length_penalty_weight=0.5)


def beams_as_they_are(tf):
    return beams(tf, attention=True, unknown=True, reorder_tensor_arrays=False, width=2)


def beams_in_order(tf):
    """Histories of unknown shapes are put in the order of the final beams, those of known shapes are not."""
    return beams(tf, attention=True, unknown=True)


def trees(tf):
    lengths = np.int32([0, 1, 2, 4, 7, 8, 9, 10, 11, 0])
    return {"all": tf.contrib.seq2seq.gather_tree(TREE_IDS, TREE_PARENTS, lengths, 5)}


# --- functions -----------------------------------------------------------------------------------


def losses(tf):
    logits = tf.constant(LOGITS)
    targets = tf.constant(LOGITS_TARGETS)
    weights = tf.constant(np.float32([[1, 0.5, 0, 0], [0, 0, 0, 0], [1, 1, 2, 0.25]]))
    loss = functools.partial(tf.contrib.seq2seq.sequence_loss, logits, targets, weights)

    def squares(labels, logits):
        return tf.reduce_sum(tf.square(logits), -1) + tf.cast(labels, tf.float32)

    found = {"own": loss(softmax_loss_function=squares, name="own")}
    for averages in ((False, False), (True, False), (False, True), (True, True)):
        found["average %s %s" % averages] = loss(*averages)
        found["sum %s %s" % averages] = loss(False, False, *averages)
    return found


def functions(tf):
    s = tf.contrib.seq2seq
    p = np.float32([[0.2, 0.9, 0.0, 1.0], [0.5, 1e-30, 0.3, 0.7]])
    last = np.float32([[1, 0, 0, 0], [0.25, 0.25, 0.5, 0]])
    found = {"hardmax": s.hardmax(tf.constant(p)), "cumprod": s.safe_cumprod(tf.constant(p), axis=1, exclusive=True)}
    for mode in ("recursive", "parallel"):
        found["monotonic " + mode] = s.monotonic_attention(p, last, mode)
    found["monotonic hard"] = s.monotonic_attention(
        np.float32(p > 0.4), np.float32([[0, 0, 1, 0], [1, 0, 0, 0]]), "hard"
    )
    tiled = s.tile_batch({"a": tf.constant(p), "b": (tf.constant([3, 4]),)}, 3)
    found.update(tiled_a=tiled["a"], tiled_b=tiled["b"][0])
    return found


CASES = {
    f.__name__: f
    for f in (
        training_loss,
        training_lstm_imputed,
        training_time_major,
        training_no_steps,
        training_double,
        unknown_sizes,
        greedy,
        greedy_embedding_function,
        sampled,
        sampled_hot,
        inference,
        custom,
        scheduled_embedding,
        scheduled_output,
        scheduled_output_always,
        scheduled_output_mapped,
        scheduled_output_auxiliary,
        scheduled_output_mapped_auxiliary,
        layers_of_yours,
        cells_state,
        hard_weights,
        keys_of_yours,
        function_of_yours,
        alone,
        beams,
        beams_penalty,
        beams_attention,
        beams_coverage,
        beams_as_they_are,
        beams_in_order,
        trees,
        losses,
        functions,
    )
}
CASES.update(
    {
        "luong": attention(mechanism("LuongAttention"), attention_layer_size=5, alignment_history=True),
        "luong_scaled": attention(mechanism("LuongAttention", scale=True), output_attention=False),
        "luong_mask": attention(mechanism("LuongAttention", score_mask_value=-1.0), loss=False),
        "bahdanau": attention(mechanism("BahdanauAttention"), attention_layer_size=5),
        "bahdanau_normed": attention(mechanism("BahdanauAttention", normalize=True, lengths=None), name="wrapped"),
        "bahdanau_input": attention(
            mechanism("BahdanauAttention"), loss=False, cell_input_fn=lambda i, a: i + a[:, :DEPTH]
        ),
        "luong_monotonic": attention(mechanism("LuongMonotonicAttention", score_bias_init=-0.5, scale=True)),
        "bahdanau_monotonic": attention(
            mechanism("BahdanauMonotonicAttention", mode="recursive", normalize=True), attention_layer_size=2
        ),
        "monotonic_noise": attention(
            mechanism("LuongMonotonicAttention", sigmoid_noise=1.0, sigmoid_noise_seed=7), alignment_history=True
        ),
        "monotonic_hard": attention(mechanism("BahdanauMonotonicAttention", mode="hard"), loss=False),
        "several": attention(
            [mechanism("LuongAttention"), mechanism("BahdanauAttention"), mechanism("LuongMonotonicAttention")],
            attention_layer_size=[4, 3, 2],
            alignment_history=True,
        ),
        "several_contexts": attention(
            [mechanism("BahdanauAttention"), mechanism("BahdanauAttention", units=2)], loss=False
        ),
    }
)
