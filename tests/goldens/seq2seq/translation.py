"""Learns to reverse short sentences: encoder, attention, training, greedy and beam decoding."""

import numpy as np

VOCABULARY, EMBEDDING, UNITS, BEAMS = 12, 8, 16, 3
GO, END = 1, 2


def batches(count, size=16):
    random = np.random.RandomState(0)
    for _ in range(count):
        lengths = random.randint(2, 6, size)
        source = np.zeros((size, lengths.max()), np.int32)
        target = np.zeros((size, lengths.max() + 1), np.int32)
        for row, length in enumerate(lengths):
            words = random.randint(3, VOCABULARY, length)
            source[row, :length] = words
            target[row, : length + 1] = list(words[::-1]) + [END]
        yield source, lengths, target


class Model:
    def __init__(self, tf):
        self.tf = tf
        self.source = tf.placeholder(tf.int32, [None, None], name="source")
        self.source_lengths = tf.placeholder(tf.int32, [None], name="source_lengths")
        self.target = tf.placeholder(tf.int32, [None, None], name="target")
        self.batch = tf.shape(self.source)[0]
        self.embedding = tf.get_variable("embedding", [VOCABULARY, EMBEDDING])
        self.project = tf.layers.Dense(VOCABULARY, use_bias=False, name="output_projection")
        with tf.variable_scope("encoder"):
            forward, backward = (tf.nn.rnn_cell.LSTMCell(UNITS // 2) for _ in range(2))
            outputs, states = tf.nn.bidirectional_dynamic_rnn(
                forward,
                backward,
                tf.nn.embedding_lookup(self.embedding, self.source),
                self.source_lengths,
                dtype=tf.float32,
            )
            self.memory = tf.concat(outputs, -1)
            self.state = tf.nn.rnn_cell.LSTMStateTuple(
                tf.concat([s.c for s in states], -1), tf.concat([s.h for s in states], -1)
            )

    def cell(self, beams=1):
        seq2seq = self.tf.contrib.seq2seq
        memory, lengths, state = (
            seq2seq.tile_batch(each, beams) if beams > 1 else each
            for each in (self.memory, self.source_lengths, self.state)
        )
        attention = seq2seq.LuongAttention(UNITS, memory, lengths, scale=True)
        cell = seq2seq.AttentionWrapper(self.tf.nn.rnn_cell.LSTMCell(UNITS), attention, UNITS, name="attention")
        return cell, cell.zero_state(self.batch * beams, self.tf.float32).clone(cell_state=state)

    def decode(self, how):
        tf, seq2seq = self.tf, self.tf.contrib.seq2seq
        starts = tf.fill([self.batch], GO)
        with tf.variable_scope("decoder", reuse=how != "train"):
            cell, state = self.cell(BEAMS if how == "beams" else 1)
            if how == "beams":
                decoder = seq2seq.BeamSearchDecoder(
                    cell, self.embedding, starts, END, state, BEAMS, self.project, length_penalty_weight=1.0
                )
            else:
                if how == "train":
                    inputs = tf.concat([starts[:, None], self.target[:, :-1]], 1)
                    embedded = tf.nn.embedding_lookup(self.embedding, inputs)
                    helper = seq2seq.TrainingHelper(embedded, self.source_lengths + 1)
                else:
                    helper = seq2seq.GreedyEmbeddingHelper(self.embedding, starts, END)
                decoder = seq2seq.BasicDecoder(cell, helper, state, self.project)
            return seq2seq.dynamic_decode(decoder, maximum_iterations=None if how == "train" else 8)[0]


def main(tf):
    tf.get_variable_scope().set_initializer(Waves(tf))
    model = Model(tf)
    logits = model.decode("train").rnn_output
    weights = tf.sequence_mask(model.source_lengths + 1, dtype=tf.float32)
    loss = tf.contrib.seq2seq.sequence_loss(logits, model.target, weights)
    optimizer = tf.train.AdamOptimizer(0.02)
    gradients, variables = zip(*optimizer.compute_gradients(loss))
    clipped, _ = tf.clip_by_global_norm(gradients, 5.0)
    step = optimizer.apply_gradients(zip(clipped, variables))
    greedy = model.decode("greedy").sample_id
    beams = model.decode("beams").predicted_ids
    losses = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for source, lengths, target in batches(20):
            feed = {model.source: source, model.source_lengths: lengths, model.target: target}
            losses.append(float(session.run([loss, step], feed)[0]))
        some = {placeholder: value[:4] for placeholder, value in feed.items()}
        found = session.run([greedy, beams], some)
    return {
        "losses": losses,
        "greedy": found[0].tolist(),
        "beams": found[1].tolist(),
        "variables": sorted(v.name for v in tf.trainable_variables()),
    }


class Waves:
    """Initial values that depend on nothing but the shape."""

    def __init__(self, tf):
        self.tf = tf

    def __call__(self, shape, dtype=None, partition_info=None):
        shape = [int(size) for size in shape]
        values = 0.3 * np.sin(1.7 * np.arange(1, 1 + int(np.prod(shape)), dtype=np.float64))
        return self.tf.constant(values.reshape(shape).astype(np.float32))
