"""tf.contrib.legacy_seq2seq."""

import numpy as np

R = np.random.RandomState(6)
BATCH, UNITS, SYMBOLS_IN, SYMBOLS_OUT = 3, 4, 5, 6
INPUTS = R.uniform(-1.0, 1.0, (3, BATCH, 2)).astype(np.float32)
TO_DECODE = R.uniform(-1.0, 1.0, (4, BATCH, 2)).astype(np.float32)
STATES = R.uniform(-1.0, 1.0, (BATCH, 5, 3)).astype(np.float32)
WORDS_IN = R.randint(0, SYMBOLS_IN, (4, BATCH)).astype(np.int32)
WORDS_OUT = R.randint(0, SYMBOLS_OUT, (5, BATCH)).astype(np.int32)
WEIGHTS = np.float32([[1, 1, 1], [1, 0.5, 1], [1, 0, 1], [1, 0, 0], [1, 0, 0]])


def constants(tf, arrays):
    return [tf.constant(array) for array in arrays]


def lstm(tf):
    return tf.nn.rnn_cell.BasicLSTMCell(UNITS)


def gru(tf):
    return tf.nn.rnn_cell.GRUCell(UNITS)


def named(tf, outputs, state, loss=True):
    found = {"output %d" % i: output for i, output in enumerate(outputs)}
    parts = tf.nest.flatten(state)
    found.update({"state %d" % i: part for i, part in enumerate(parts)})
    if loss:
        found["loss"] = tf.add_n([tf.reduce_sum(tf.square(output)) for output in outputs])
    return found


def plain(tf):
    cell = gru(tf)
    state = cell.zero_state(BATCH, tf.float32) + 0.5
    return named(tf, *tf.contrib.legacy_seq2seq.rnn_decoder(constants(tf, TO_DECODE), state, cell))


def looped(tf):
    def loop(previous, step):
        return previous[:, :2] * step

    cell = gru(tf)
    state = cell.zero_state(BATCH, tf.float32)
    return named(tf, *tf.contrib.legacy_seq2seq.rnn_decoder(constants(tf, TO_DECODE), state, cell, loop))


def basic(tf):
    decoder = tf.contrib.legacy_seq2seq.basic_rnn_seq2seq
    return named(tf, *decoder(constants(tf, INPUTS), constants(tf, TO_DECODE), lstm(tf)))


def tied(tf):
    decoder = tf.contrib.legacy_seq2seq.tied_rnn_seq2seq
    return named(tf, *decoder(constants(tf, INPUTS), constants(tf, TO_DECODE), lstm(tf), scope="mine"))


def projection(tf):
    weights = tf.get_variable("proj_w", [UNITS, SYMBOLS_OUT])
    return weights, tf.get_variable("proj_b", [SYMBOLS_OUT])


def embedding_decoder(feed_previous=False, update=True, project=False, loss=True):
    def case(tf):
        cell = gru(tf)
        if not project:
            cell = tf.contrib.rnn.OutputProjectionWrapper(cell, SYMBOLS_OUT)
        outputs, state = tf.contrib.legacy_seq2seq.embedding_rnn_decoder(
            constants(tf, WORDS_OUT),
            cell.zero_state(BATCH, tf.float32),
            cell,
            SYMBOLS_OUT,
            2,
            output_projection=projection(tf) if project else None,
            feed_previous=feed_previous,
            update_embedding_for_previous=update,
        )
        return named(tf, outputs, state, loss)

    return case


def embedding(name="embedding_rnn_seq2seq", cell=lstm, project=False, feed=False, loss=True, **options):
    def case(tf):
        symbols = [SYMBOLS_OUT] if "tied" in name else [SYMBOLS_IN, SYMBOLS_OUT]
        fed = tf.placeholder_with_default(feed == "yes", []) if isinstance(feed, str) else feed
        outputs, state = getattr(tf.contrib.legacy_seq2seq, name)(
            constants(tf, WORDS_IN),
            constants(tf, WORDS_OUT),
            cell(tf),
            *(symbols + [3]),
            output_projection=projection(tf) if project else None,
            feed_previous=fed,
            **options,
        )
        return named(tf, outputs, state, loss)

    return case


def attention(heads=1, cell=gru, loss=True, **options):
    def case(tf):
        made = cell(tf)
        state = made.zero_state(BATCH, tf.float32)
        decoder = tf.contrib.legacy_seq2seq.attention_decoder
        found = decoder(constants(tf, TO_DECODE), state, tf.constant(STATES), made, num_heads=heads, **options)
        return named(tf, found[0], found[1], loss)

    return case


def attention_looped(tf):
    return attention(2, lstm, output_size=2, loop_function=lambda previous, step: previous + step)(tf)


def embedding_attention_decoder(tf):
    cell = gru(tf)
    state = cell.zero_state(BATCH, tf.float32)
    decoder = tf.contrib.legacy_seq2seq.embedding_attention_decoder
    words = constants(tf, WORDS_OUT)
    return named(
        tf,
        *decoder(words, state, tf.constant(STATES), cell, SYMBOLS_OUT, 2, output_size=SYMBOLS_OUT, feed_previous=True),
    )


def one_to_many(feed=False):
    def case(tf):
        fed = tf.placeholder_with_default(feed == "yes", []) if isinstance(feed, str) else feed
        words = constants(tf, WORDS_OUT)
        outputs, states = tf.contrib.legacy_seq2seq.one2many_rnn_seq2seq(
            constants(tf, WORDS_IN),
            {"0": words, "1": words[:2]},
            lstm(tf),
            {"0": lstm(tf), "1": lstm(tf)},
            SYMBOLS_IN,
            {"0": SYMBOLS_OUT, "1": SYMBOLS_OUT + 1},
            3,
            feed_previous=fed,
        )
        return named(tf, outputs["0"] + outputs["1"], [states["0"], states["1"]], loss=bool(feed))

    return case


def losses(tf):
    s = tf.contrib.legacy_seq2seq
    logits = [tf.constant(R_LOGITS[i]) for i in range(3)]
    words, weights = constants(tf, WORDS_OUT[:3]), constants(tf, WEIGHTS[:3])

    def squares(labels, logits):
        return tf.reduce_sum(tf.square(logits), -1) + tf.cast(labels, tf.float32)

    found = {"own": s.sequence_loss(logits, words, weights, softmax_loss_function=squares)}
    for average in (False, True):
        found["by example %s" % average] = s.sequence_loss_by_example(logits, words, weights, average)
        found["sum %s" % average] = s.sequence_loss(logits, words, weights, average, not average)
    return found


R_LOGITS = R.uniform(-2.0, 2.0, (3, BATCH, SYMBOLS_OUT)).astype(np.float32)


def buckets(per_example):
    def case(tf):
        s = tf.contrib.legacy_seq2seq

        def model(encoder, decoder):
            return s.embedding_attention_seq2seq(encoder, decoder, gru(tf), SYMBOLS_IN, SYMBOLS_OUT, 3)

        words, weights = constants(tf, WORDS_OUT), constants(tf, WEIGHTS)
        outputs, losses = s.model_with_buckets(
            constants(tf, WORDS_IN), words, words, weights, [(2, 2), (4, 5)], model, per_example_loss=per_example
        )
        found = named(tf, outputs[0] + outputs[1], [], loss=False)
        found.update({"loss of %d" % i: loss for i, loss in enumerate(losses)})
        if not per_example:
            found["loss"] = tf.add_n(losses)
        return found

    return case


CASES = {
    "plain": plain,
    "looped": looped,
    "basic": basic,
    "tied": tied,
    "embedding_decoder": embedding_decoder(),
    "embedding_decoder_fed": embedding_decoder(True),
    "embedding_decoder_stopped": embedding_decoder(True, False),
    "embedding_decoder_projected": embedding_decoder(True, project=True, loss=False),
    "embedding": embedding(),
    "embedding_fed": embedding(feed=True, project=True, cell=gru, loss=False),
    "embedding_either_yes": embedding(feed="yes"),
    "embedding_either_no": embedding(feed="no", scope="mine", loss=False),
    "embedding_tied": embedding("embedding_tied_rnn_seq2seq"),
    "embedding_tied_fewer": embedding("embedding_tied_rnn_seq2seq", num_decoder_symbols=6, feed=True, loss=False),
    "embedding_tied_either": embedding("embedding_tied_rnn_seq2seq", feed="yes"),
    "embedding_attention": embedding("embedding_attention_seq2seq"),
    "embedding_attention_heads": embedding("embedding_attention_seq2seq", cell=gru, num_heads=2, feed=True, loss=False),
    "embedding_attention_initial": embedding("embedding_attention_seq2seq", initial_state_attention=True),
    "embedding_attention_either": embedding("embedding_attention_seq2seq", feed="yes"),
    "embedding_attention_projected": embedding("embedding_attention_seq2seq", project=True, feed="no", loss=False),
    "attention": attention(),
    "attention_heads": attention(2, lstm, loss=False, output_size=5),
    "attention_initial": attention(initial_state_attention=True),
    "attention_looped": attention_looped,
    "embedding_attention_decoder": embedding_attention_decoder,
    "one_to_many": one_to_many(),
    "one_to_many_either": one_to_many("yes"),
    "losses": losses,
    "buckets": buckets(False),
    "buckets_per_example": buckets(True),
}
