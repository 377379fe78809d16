import tensorflow as tf
import numpy
rng = numpy.random.RandomState(7)

learning_rate = 0.01
training_epochs = 60
display_step = 20

train_X = numpy.asarray([3.3,4.4,5.5,6.71,6.93,4.168,9.779,6.182,7.59,2.167])
train_Y = numpy.asarray([1.7,2.76,2.09,3.19,1.694,1.573,3.366,2.596,2.53,1.221])
n_samples = train_X.shape[0]

X = tf.placeholder("float")
Y = tf.placeholder("float")
W = tf.Variable(rng.randn(), name="weight")
b = tf.Variable(rng.randn(), name="bias")
pred = tf.add(tf.mul(X, W) if hasattr(tf, 'mul') else tf.multiply(X, W), b)
cost = tf.reduce_sum(tf.pow(pred - Y, 2))/(2*n_samples)
optimizer = tf.train.GradientDescentOptimizer(learning_rate).minimize(cost)
half = tf.constant([7, -7]) / 2

with tf.Session() as sess:
    sess.run(tf.initialize_all_variables())
    for epoch in xrange(training_epochs):
        for (x, y) in zip(train_X, train_Y):
            sess.run(optimizer, feed_dict={X: x, Y: y})
        if (epoch+1) % display_step == 0:
            c = sess.run(cost, feed_dict={X: train_X, Y:train_Y})
            print "Epoch:", '%04d' % (epoch+1), "cost=", "{:.6f}".format(c), \
                "W=", "%.4f" % sess.run(W), "b=", "%.4f" % sess.run(b)
    print "Optimization Finished!"
    print "half", sess.run(half), half.op.type, n_samples/3, n_samples/4.
    print sess.run(tf.constant('Hello, TensorFlow!'))
