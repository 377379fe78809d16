# Batches of characters, as char-rnn made them, and an LSTM over them.
import codecs
import os
import collections
import cPickle
import tempfile
import numpy as np
import tensorflow as tf

class TextLoader():
    def __init__(self, data_dir, batch_size, seq_length):
        self.data_dir = data_dir
        self.batch_size = batch_size
        self.seq_length = seq_length
        input_file = os.path.join(data_dir, "input.txt")
        vocab_file = os.path.join(data_dir, "vocab.pkl")
        tensor_file = os.path.join(data_dir, "data.npy")
        if not (os.path.exists(vocab_file) and os.path.exists(tensor_file)):
            print "reading text file"
            self.preprocess(input_file, vocab_file, tensor_file)
        else:
            print "loading preprocessed files"
            self.load_preprocessed(vocab_file, tensor_file)
        self.create_batches()

    def preprocess(self, input_file, vocab_file, tensor_file):
        with open(input_file, "r") as f:
            data = f.read()
        counter = collections.Counter(data)
        count_pairs = sorted(counter.items(), key=lambda x: (-x[1], x[0]))
        self.chars, _ = list(zip(*count_pairs))
        self.vocab_size = len(self.chars)
        self.vocab = dict(zip(self.chars, range(len(self.chars))))
        with open(vocab_file, 'w') as f:
            cPickle.dump(self.chars, f)
        self.tensor = np.array(map(self.vocab.get, data))
        np.save(tensor_file, self.tensor)

    def load_preprocessed(self, vocab_file, tensor_file):
        with open(vocab_file) as f:
            self.chars = cPickle.load(f)
        self.vocab_size = len(self.chars)
        self.vocab = dict(zip(self.chars, range(len(self.chars))))
        self.tensor = np.load(tensor_file)

    def create_batches(self):
        self.num_batches = self.tensor.size / (self.batch_size * self.seq_length)
        self.tensor = self.tensor[:self.num_batches * self.batch_size * self.seq_length]
        xdata = self.tensor
        ydata = np.copy(self.tensor)
        ydata[:-1] = xdata[1:]
        ydata[-1] = xdata[0]
        self.x_batches = np.split(xdata.reshape(self.batch_size, -1), self.num_batches, 1)
        self.y_batches = np.split(ydata.reshape(self.batch_size, -1), self.num_batches, 1)

folder = tempfile.mkdtemp()
f = open(os.path.join(folder, "input.txt"), "w")
print >>f, "to be or not to be, that is the question:\n" * 12,
f.close()
loader = TextLoader(folder, 4, 9)
loader = TextLoader(folder, 4, 9)
print loader.vocab_size, loader.num_batches, repr("".join(loader.chars))
size = 24 / 3
x = tf.placeholder(tf.int32, [4, 9])
y = tf.placeholder(tf.int32, [4, 9])
with tf.variable_scope("rnn", initializer=tf.random_uniform_initializer(-.3, .3, seed=5)):
    cell = tf.nn.rnn_cell.BasicLSTMCell(size, state_is_tuple=True)
    embedding = tf.get_variable("embedding", [loader.vocab_size, size])
    outputs, last = tf.nn.dynamic_rnn(cell, tf.nn.embedding_lookup(embedding, x), dtype=tf.float32)
    w = tf.get_variable("softmax_w", [size, loader.vocab_size])
logits = tf.reshape(tf.matmul(tf.reshape(outputs, [-1, size]), w), [4, 9, loader.vocab_size])
cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=y))
tvars = tf.trainable_variables()
grads, _ = tf.clip_by_global_norm(tf.gradients(cost, tvars), 5.)
train_op = tf.train.GradientDescentOptimizer(1.).apply_gradients(zip(grads, tvars))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for e in xrange(3):
        for b in xrange(loader.num_batches):
            loss, _ = sess.run([cost, train_op], {x: loader.x_batches[b], y: loader.y_batches[b]})
        print "epoch {}, loss {:.3f}".format(e, loss)
for v in tvars:
    print v.name, v.get_shape()
