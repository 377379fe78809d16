"""A classifier as people wrote them: nothing is seeded but the graph, and dropout draws in each step."""
import numpy as np
import tensorflow as tf

tf.set_random_seed(777)
x = tf.placeholder(tf.float32, [None, 6], name="x")
y = tf.placeholder(tf.int64, [None], name="y")
keep = tf.placeholder_with_default(1.0, [], name="keep")
w1 = tf.get_variable("w1", [6, 8])
b1 = tf.Variable(tf.zeros([8]), name="b1")
hidden = tf.nn.dropout(tf.nn.relu(tf.matmul(x, w1) + b1), keep)
hidden = tf.layers.dropout(hidden, 0.2, training=keep < 1.0)
w2 = tf.Variable(tf.truncated_normal([8, 3], stddev=0.3), name="w2")
logits = tf.matmul(hidden, w2, name="logits")
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits), name="loss")
step = tf.train.get_or_create_global_step()
train = tf.train.AdamOptimizer(0.05).minimize(loss, global_step=step)
guess = tf.argmax(logits, 1, name="guess")
noise = tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s + tf.random_uniform([])), [0, 0.0])[1]
seeded = tf.random_normal([4], seed=5, name="seeded")

centers = np.random.randn(3, 6)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(12):
        labels = np.random.randint(0, 3, 16)
        batch = centers[labels] + 0.5 * np.random.randn(16, 6)
        feed = {x: batch, y: labels, keep: 0.7}
        _, cost = sess.run([train, loss], feed)
        if i % 4 == 0:
            seen = sess.run({"guess": guess, "loss": loss, "step": step}, {x: batch, y: labels})
            print(i, cost, seen["step"], (seen["guess"] == labels).mean())
    print(sess.run([noise, seeded]))
    print(sess.run(tf.SparseTensor([[0, 1]], w2[0, :1], [2, 2])))
    _, b = sess.run([train, b1], feed)
