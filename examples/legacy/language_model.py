"""A language model of characters: an LSTM unrolled over a text, its gradients clipped by their global norm.

    python language_model.py [TEXT [STEPS]]

Without arguments it reads the Apache licence of this repository. At the end it writes some of its own.
"""
from __future__ import print_function

import collections
import io
import os
import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tqdm import tqdm

LICENSE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'LICENSE')


class Config(object):
    init_scale = 0.1
    learning_rate = 0.5
    max_grad_norm = 5
    num_layers = 1
    num_steps = 30
    hidden_size = 128
    keep_prob = 0.7
    lr_decay = 0.8
    max_epoch = 8  # epochs at the full rate
    batch_size = 10


def read_characters(path):
    """The text as numbers, nine tenths to train on and one to test, and the characters they stand for."""
    with io.open(path, encoding='utf-8') as f:
        text = ' '.join(f.read().split())
    counts = collections.Counter(text)
    characters = sorted(counts, key=lambda c: (-counts[c], c))
    ids = {c: i for i, c in enumerate(characters)}
    data = np.array([ids[c] for c in text], dtype=np.int32)
    border = len(data) * 9 // 10
    return data[:border], data[border:], characters


def producer(data, batch_size, num_steps):
    """Batches of num_steps characters and of those that follow; each row goes on where it ended."""
    rows = len(data) // batch_size
    data = data[:batch_size * rows].reshape([batch_size, rows])
    for begin in range(0, rows - num_steps, num_steps):
        yield data[:, begin:begin + num_steps], data[:, begin + 1:begin + num_steps + 1]


class CharModel(object):
    def __init__(self, is_training, config, vocab_size, batch_size, num_steps):
        self.batch_size, self.num_steps = batch_size, num_steps
        self.input = tf.placeholder(tf.int32, [batch_size, num_steps])
        self.targets = tf.placeholder(tf.int32, [batch_size, num_steps])

        embedding = tf.get_variable('embedding', [vocab_size, config.hidden_size], initializer=uniform(config, 1))
        inputs = tf.nn.embedding_lookup(embedding, self.input)
        if is_training:
            inputs = tf.nn.dropout(inputs, config.keep_prob, seed=2)
        cell = tf.nn.rnn_cell.MultiRNNCell([
            tf.nn.rnn_cell.LSTMCell(config.hidden_size, initializer=uniform(config, 3 + layer))
            for layer in range(config.num_layers)])
        self.initial_state = cell.zero_state(batch_size, tf.float32)
        outputs, self.final_state = tf.nn.dynamic_rnn(cell, inputs, initial_state=self.initial_state)

        if is_training:
            outputs = tf.nn.dropout(outputs, config.keep_prob, seed=8)
        output = tf.reshape(outputs, [-1, config.hidden_size])
        softmax_w = tf.get_variable('softmax_w', [config.hidden_size, vocab_size], initializer=uniform(config, 9))
        softmax_b = tf.get_variable('softmax_b', [vocab_size], initializer=tf.zeros_initializer())
        logits = tf.reshape(tf.nn.xw_plus_b(output, softmax_w, softmax_b), [batch_size, num_steps, vocab_size])
        self.probabilities = tf.nn.softmax(logits)
        loss = tf.contrib.seq2seq.sequence_loss(
            logits, self.targets, tf.ones([batch_size, num_steps]),
            average_across_timesteps=False, average_across_batch=True)
        self.cost = tf.reduce_sum(loss)  # over the steps: the gradients are num_steps times a mean's
        if not is_training:
            return

        self.lr = tf.Variable(0.0, trainable=False)
        tvars = tf.trainable_variables()
        grads, self.norm = tf.clip_by_global_norm(tf.gradients(self.cost, tvars), config.max_grad_norm)
        self.train_op = tf.train.GradientDescentOptimizer(self.lr).apply_gradients(zip(grads, tvars))
        self.new_lr = tf.placeholder(tf.float32, shape=[])
        self.lr_update = tf.assign(self.lr, self.new_lr)


def uniform(config, seed):
    return tf.random_uniform_initializer(-config.init_scale, config.init_scale, seed=seed)


def evaluate(session, model, data):
    """The perplexity of the data."""
    state, costs = session.run(model.initial_state), []
    for x, y in producer(data, model.batch_size, model.num_steps):
        cost, state = session.run([model.cost, model.final_state],
                                  {model.input: x, model.targets: y, model.initial_state: state})
        costs.append(cost)
    return np.exp(np.mean(costs) / model.num_steps)


def sample(session, model, characters, length):
    """A text of the model's own, character by character."""
    state, random = session.run(model.initial_state), np.random.RandomState(1)
    last, text = characters.index(' '), ''
    for _ in range(length):
        probabilities, state = session.run([model.probabilities, model.final_state],
                                           {model.input: [[last]], model.initial_state: state})
        last = np.searchsorted(np.cumsum(probabilities[0, 0]), random.uniform(0, 0.999))
        text += characters[last]
    return text


def plot(losses, perplexities):
    plt.switch_backend('Agg')
    plt.figure(figsize=(8, 4))
    plt.semilogy(np.exp(losses), label='training')
    plt.semilogy(*zip(*perplexities), marker='o', label='test')
    plt.xlabel('step')
    plt.title('perplexity of a character')
    plt.legend()
    plt.savefig('language_model.png')


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else LICENSE
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    config = Config()
    train_data, test_data, characters = read_characters(path)
    print('%d characters, %d different' % (len(train_data) + len(test_data), len(characters)))

    with tf.variable_scope('Model'):
        model = CharModel(True, config, len(characters), config.batch_size, config.num_steps)
    with tf.variable_scope('Model', reuse=True):
        test_model = CharModel(False, config, len(characters), 1, config.num_steps)
    with tf.variable_scope('Model', reuse=True):
        writer = CharModel(False, config, len(characters), 1, 1)

    losses, perplexities = [], []
    with tf.Session() as session, tqdm(total=steps) as bar:
        session.run(tf.global_variables_initializer())
        epoch = 0
        while len(losses) < steps:
            rate = config.learning_rate * config.lr_decay ** max(epoch - config.max_epoch, 0)
            session.run(model.lr_update, {model.new_lr: rate})
            state = session.run(model.initial_state)
            for x, y in producer(train_data, config.batch_size, config.num_steps):
                feed_dict = {model.input: x, model.targets: y}
                for i, (c, h) in enumerate(model.initial_state):
                    feed_dict[c], feed_dict[h] = state[i].c, state[i].h
                cost, norm, state, _ = session.run(
                    [model.cost, model.norm, model.final_state, model.train_op], feed_dict)
                losses.append(cost / config.num_steps)
                bar.update()
                if len(losses) in (1, steps) or len(losses) % 100 == 0:
                    tqdm.write('step %d: loss %.5f, gradient norm %.5f' % (len(losses), losses[-1], norm))
                if len(losses) == steps:
                    break
            perplexities.append((len(losses), evaluate(session, test_model, test_data)))
            epoch += 1
        plot(losses, perplexities)
        print('it writes:', sample(session, writer, characters, 300))
    print('test perplexity: %.4f' % perplexities[-1][1])


if __name__ == '__main__':
    main()
