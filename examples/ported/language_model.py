"""A language model of characters: an LSTM unrolled over a text, its gradients clipped by their global norm.

    python language_model.py [TEXT [STEPS]]

Without arguments it reads the Apache licence of this repository. At the end it writes some of its own.

Ported to a step that is a `tf.function`, on Keras's layers:
- one model serves training, testing and writing. The old program built it three times, because a graph has its batch
  size and its dropout built in, and shared the variables by `reuse`;
- the LSTM's state is an argument and a result of the step, where it was fed and fetched;
- `clip_by_global_norm` and the optimizer are TF1's, from `tf1compat.train`;
- the rate is a variable that the optimizer reads in each step, so `rate.assign` does what a placeholder and an op did.
"""

import collections
import pathlib
import sys

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from tf1compat import train

LICENSE = pathlib.Path(__file__).resolve().parent.parent.parent / "LICENSE"

INIT_SCALE = 0.1
LEARNING_RATE, LR_DECAY = 0.5, 0.8
MAX_EPOCH = 8  # epochs at the full rate
MAX_GRAD_NORM = 5
NUM_STEPS, BATCH = 30, 10
HIDDEN = 128
DROPPED = 0.3


def read_characters(path):
    """The text as numbers, nine tenths to train on and one to test, and the characters they stand for."""
    text = " ".join(pathlib.Path(path).read_text(encoding="utf-8").split())
    counts = collections.Counter(text)
    characters = sorted(counts, key=lambda c: (-counts[c], c))
    ids = {c: i for i, c in enumerate(characters)}
    data = np.array([ids[c] for c in text], dtype=np.int32)
    border = len(data) * 9 // 10
    return data[:border], data[border:], characters


def batches_of(data, batch_size):
    """Batches of NUM_STEPS characters and of those that follow; each row goes on where it ended."""
    rows = tf.reshape(data[: len(data) // batch_size * batch_size], [batch_size, -1])
    columns = tf.data.Dataset.from_tensor_slices(tf.transpose(rows))
    windows = columns.window(NUM_STEPS + 1, shift=NUM_STEPS, drop_remainder=True)
    windows = windows.flat_map(lambda window: window.batch(NUM_STEPS + 1))
    return windows.map(lambda window: (tf.transpose(window[:-1]), tf.transpose(window[1:]))).cache()


def uniform(seed):
    return keras.initializers.RandomUniform(-INIT_SCALE, INIT_SCALE, seed=seed)


class CharModel(keras.Model):
    """The logits of what follows each character, and the state after the last."""

    def __init__(self, vocab_size):
        super().__init__()
        self.embedding = keras.layers.Embedding(vocab_size, HIDDEN, embeddings_initializer=uniform(1))
        self.dropout = keras.layers.Dropout(DROPPED, seed=2)
        # Keras starts the forget gate's bias at 1, where TF1's cell added 1 each time: the same gate.
        self.lstm = keras.layers.LSTM(
            HIDDEN,
            return_sequences=True,
            return_state=True,
            kernel_initializer=uniform(3),
            recurrent_initializer=uniform(4),  # TF1's cell has one kernel for both
        )
        self.softmax = keras.layers.Dense(vocab_size, kernel_initializer=uniform(9))

    def call(self, ids, state, training=False):
        inputs = self.dropout(self.embedding(ids), training=training)
        outputs, *state = self.lstm(inputs, initial_state=state)
        return self.softmax(self.dropout(outputs, training=training)), state


def zero_state(batch_size):
    return [tf.zeros([batch_size, HIDDEN]), tf.zeros([batch_size, HIDDEN])]


def mean_loss(model, x, y, state, training):
    logits, state = model(x, state, training=training)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)), state


def make_train_step(model, rate):
    optimizer = train.GradientDescentOptimizer(rate)

    @tf.function
    def train_step(x, y, state):
        with tf.GradientTape() as tape:
            loss, state = mean_loss(model, x, y, state, training=True)
            cost = loss * NUM_STEPS  # a sum over the steps, as the old program's; the clip depends on it
        gradients, norm = train.clip_by_global_norm(tape.gradient(cost, model.trainable_variables), MAX_GRAD_NORM)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss, norm, state

    return train_step


def make_evaluate(model):
    @tf.function
    def loss_of(x, y, state):
        return mean_loss(model, x, y, state, training=False)

    def evaluate(batches):
        """The perplexity of the data."""
        state, losses = zero_state(1), []
        for x, y in batches:
            loss, state = loss_of(x, y, state)
            losses.append(loss)
        return float(np.exp(np.mean(losses)))

    return evaluate


def sample(model, characters, length):
    """A text of the model's own, character by character."""
    step = tf.function(model)
    state, random = zero_state(1), np.random.default_rng(1)
    last, text = characters.index(" "), ""
    for _ in range(length):
        logits, state = step(tf.constant([[last]]), state)
        probabilities = tf.nn.softmax(logits[0, 0]).numpy()
        last = np.searchsorted(np.cumsum(probabilities), random.uniform(0, 0.999))
        text += characters[last]
    return text


def plot(losses, perplexities):
    plt.switch_backend("Agg")
    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    axes.semilogy(np.exp(losses), label="training")
    axes.semilogy(*zip(*perplexities), marker="o", label="test")
    axes.set(xlabel="step", title="perplexity of a character")
    axes.legend()
    figure.savefig("language_model.png")


def main(path=LICENSE, steps=600):
    keras.utils.set_random_seed(1)
    train_data, test_data, characters = read_characters(path)
    print(f"{len(train_data) + len(test_data)} characters, {len(characters)} different")
    batches, test_batches = batches_of(train_data, BATCH), batches_of(test_data, 1)

    model = CharModel(len(characters))
    model(np.zeros([1, 1], np.int32), zero_state(1))  # makes the variables
    rate = tf.Variable(LEARNING_RATE)
    train_step, evaluate = make_train_step(model, rate), make_evaluate(model)

    losses, perplexities, epoch = [], [], 0
    with tqdm(total=steps) as bar:
        while len(losses) < steps:
            rate.assign(LEARNING_RATE * LR_DECAY ** max(epoch - MAX_EPOCH, 0))
            state = zero_state(BATCH)
            for x, y in batches.take(steps - len(losses)):
                loss, norm, state = train_step(x, y, state)
                losses.append(float(loss))
                bar.update()
                if len(losses) in (1, steps) or len(losses) % 100 == 0:
                    tqdm.write(f"step {len(losses)}: loss {loss:.5f}, gradient norm {norm:.5f}")
            perplexities.append((len(losses), evaluate(test_batches)))
            epoch += 1
    plot(losses, perplexities)
    print("it writes:", sample(model, characters, 300))
    print(f"test perplexity: {perplexities[-1][1]:.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
