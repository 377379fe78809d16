"""The translation model of 2016: attention unrolled in buckets, one step for each, and greedy answers."""

import numpy as np
from goldens.seq2seq.translation import Waves

SYMBOLS, UNITS = 10, 12
GO, PAD = 1, 0
BUCKETS = [(2, 3), (3, 4)]


def batch(random, bucket, size=8):
    """Encoder inputs (reversed), decoder inputs, weights, by time."""
    longest_in, longest_out = bucket
    encoder, decoder, weights = [], [], []
    for _ in range(size):
        words = list(random.randint(2, SYMBOLS, random.randint(1, longest_in + 1)))
        encoder.append((words + [PAD] * (longest_in - len(words)))[::-1])
        decoder.append(([GO] + words + [PAD] * longest_out)[:longest_out])
        weights.append([1.0] * len(words) + [0.0] * (longest_out - len(words)))
    return (np.transpose(each) for each in (encoder, decoder, weights))


def main(tf):
    tf.get_variable_scope().set_initializer(Waves(tf))
    encoder_inputs = [tf.placeholder(tf.int32, [None], name="encoder%d" % i) for i in range(BUCKETS[-1][0])]
    decoder_inputs = [tf.placeholder(tf.int32, [None], name="decoder%d" % i) for i in range(BUCKETS[-1][1] + 1)]
    weights = [tf.placeholder(tf.float32, [None], name="weight%d" % i) for i in range(BUCKETS[-1][1])]
    targets = decoder_inputs[1:]
    forward_only = tf.placeholder_with_default(False, [], name="forward_only")

    def seq2seq(encoder, decoder):
        cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(UNITS) for _ in range(2)])
        return tf.contrib.legacy_seq2seq.embedding_attention_seq2seq(
            encoder, decoder, cell, SYMBOLS, SYMBOLS, UNITS, feed_previous=forward_only
        )

    outputs, losses = tf.contrib.legacy_seq2seq.model_with_buckets(
        encoder_inputs, decoder_inputs, targets, weights, BUCKETS, seq2seq
    )
    variables = tf.trainable_variables()
    steps = []
    for loss in losses:
        clipped, _ = tf.clip_by_global_norm(tf.gradients(loss, variables), 5.0)
        steps.append(tf.train.GradientDescentOptimizer(0.5).apply_gradients(zip(clipped, variables)))

    random = np.random.RandomState(3)
    seen = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for number in range(20):
            chosen = number % len(BUCKETS)
            encoder, decoder, weight = batch(random, BUCKETS[chosen])
            feed = dict(zip(encoder_inputs, encoder))
            feed.update(zip(decoder_inputs, decoder))
            feed.update(zip(weights, weight))
            feed[decoder_inputs[len(decoder)]] = np.zeros(8, np.int32)
            seen.append(float(session.run([losses[chosen], steps[chosen]], feed)[0]))
        feed[forward_only] = True
        answers = [o.argmax(-1).tolist() for o in session.run(outputs[chosen], feed)]
    return {"losses": seen, "answers": answers, "variables": sorted(v.name for v in variables)}
