"""Input from a queue that threads fill."""
import tensorflow as tf

numbers = tf.train.input_producer([1.0, 2.0, 3.0, 4.0], shuffle=True)
batch = tf.train.batch([numbers.dequeue()], batch_size=2)
w = tf.get_variable("w", [], initializer=tf.constant_initializer(0.5))
loss = tf.reduce_mean(tf.square(batch * w - 2.0 * batch), name="loss")
train = tf.train.GradientDescentOptimizer(0.02).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
coordinator = tf.train.Coordinator()
threads = tf.train.start_queue_runners(sess, coordinator)
for _ in range(50):
    sess.run([train, loss])
coordinator.request_stop()
coordinator.join(threads)
