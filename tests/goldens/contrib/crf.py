"""tf.contrib.crf."""

import numpy as np

R = np.random.RandomState(11)
INPUTS = R.uniform(-2.0, 2.0, (4, 5, 3)).astype(np.float32)
TAGS = R.randint(0, 3, (4, 5)).astype(np.int32)
LENGTHS = np.int32([5, 3, 1, 0])
TRANSITIONS = R.uniform(-1.0, 1.0, (3, 3)).astype(np.float32)
BITMAP = R.uniform(size=(4, 5, 3)) < 0.6
BITMAP[:, :, 0] |= ~BITMAP.any(-1)


def scores(tf):
    crf = tf.contrib.crf
    transitions = tf.constant(TRANSITIONS)
    return {
        "sequence": crf.crf_sequence_score(tf.constant(INPUTS), tf.constant(TAGS), tf.constant(LENGTHS), transitions),
        "norm": crf.crf_log_norm(tf.constant(INPUTS), tf.constant(LENGTHS), transitions),
        "unary": crf.crf_unary_score(tf.constant(TAGS), LENGTHS, tf.constant(INPUTS)),
        "binary": crf.crf_binary_score(TAGS, LENGTHS, transitions),
        "several tags": crf.crf_multitag_sequence_score(
            tf.constant(INPUTS), tf.constant(BITMAP), tf.constant(LENGTHS), transitions
        ),
    }


def training(tf):
    w = tf.get_variable("w", [3, 3])
    inputs = tf.reshape(tf.matmul(tf.reshape(tf.constant(INPUTS), [-1, 3]), w), [4, 5, 3])
    likelihood, transitions = tf.contrib.crf.crf_log_likelihood(inputs, tf.constant(TAGS), tf.constant(LENGTHS))
    return {"loss": -tf.reduce_mean(likelihood), "likelihood": likelihood, "transitions": tf.identity(transitions)}


def decoding(tf):
    tags, score = tf.contrib.crf.crf_decode(tf.constant(INPUTS), tf.constant(TRANSITIONS), tf.constant(LENGTHS))
    return {"tags": tags, "score": score}


def one_step(tf):
    """Sequences of one step, statically known or not."""
    crf = tf.contrib.crf
    inputs, tags, lengths = INPUTS[:3, :1], TAGS[:3, :1], np.int32([1, 1, 1])
    unknown = tf.placeholder_with_default(inputs, [None, None, 3])
    found = {}
    for name, given in (("known", tf.constant(inputs)), ("unknown", unknown)):
        tags_found, score = crf.crf_decode(given, tf.constant(TRANSITIONS), tf.constant(lengths))
        found[name + " tags"], found[name + " score"] = tags_found, score
        likelihood, _ = crf.crf_log_likelihood(given, tf.constant(tags), tf.constant(lengths), tf.constant(TRANSITIONS))
        found[name + " likelihood"] = likelihood
    return found


def on_arrays(tf):
    tags, score = tf.contrib.crf.viterbi_decode(INPUTS[0], TRANSITIONS)
    return {"tags": tf.constant(np.int64(tags)), "score": tf.constant(score)}


CASES = {f.__name__: f for f in (scores, training, decoding, one_step, on_arrays)}
