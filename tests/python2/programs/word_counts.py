# The vocabulary of word2vec_basic, with collections, cmp and string.
import collections, string, re
import tensorflow as tf

text = """The quick brown fox jumps over the lazy dog. The dog sleeps; the fox runs,
and the quick dog barks at the brown fox. \tA fox is no dog, and no dog is a fox!"""

words = string.split(text.translate(string.maketrans(string.uppercase, string.lowercase), string.punctuation))
print 'Data size', len(words)
vocabulary_size = 12

def build_dataset(words):
    count = [['UNK', -1]]
    counter = collections.Counter(words)
    common = counter.items()
    common.sort(lambda (a, n), (b, m): cmp(m, n) or cmp(a, b))
    count.extend(map(list, common[:vocabulary_size - 1]))
    dictionary = dict()
    for word, _ in count:
        dictionary[word] = len(dictionary)
    data = map(lambda w: dictionary[w] if dictionary.has_key(w) else 0, words)
    count[0][1] = len(filter(lambda i: i == 0, data))
    reverse_dictionary = dict(zip(dictionary.values(), dictionary.keys()))
    return data, count, dictionary, reverse_dictionary

data, count, dictionary, reverse_dictionary = build_dataset(words)
del words
print 'Most common words (+UNK)', count[:5]
print 'Sample data', data[:10]
print ' '.join([reverse_dictionary[i] for i in data[:8]])

embeddings = tf.Variable(tf.random_uniform([vocabulary_size, 4], -1.0, 1.0, seed=3))
inputs = tf.placeholder(tf.int32, shape=[None])
embed = tf.nn.embedding_lookup(embeddings, inputs)
norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keep_dims=True))
similarity = tf.matmul(embed / norm[:1], embeddings / norm, transpose_b=True)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    sim = session.run(similarity, {inputs: data[:2]})
    for i in xrange(2):
        nearest = (-sim[i, :]).argsort()[1:4]
        log_str = "Nearest to %s:" % reverse_dictionary[data[i]]
        for k in nearest:
            log_str = "%s %s," % (log_str, reverse_dictionary[k])
        print log_str
