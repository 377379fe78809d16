# Indented by tabs and by spaces, as one editor and then another left it.
import tensorflow as tf

def fibonacci(n):
	a, b = 0L, 1L
        while n > 0:
	    a, b = b, a + b
            n -= 1
	return a

class Model(object):
	def __init__(self, size):
		self.size = size
	        self.w = tf.Variable(tf.random_normal([size, size / 2], seed=11), name = 'w')
                text = """a	tab
	stays"""
		self.text = text

	def loss(self, x):
	        y = tf.matmul(x, self.w)
		if self.size <> 4:
			return None
	        return tf.reduce_mean(y * y) / 2

print fibonacci(10), fibonacci(60)
m = Model(4)
print repr(m.text)
loss = m.loss(tf.ones([3, 4]))
train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
with tf.Session() as sess:
	sess.run(tf.initialize_all_variables())
        for i in xrange(5):
	    l, _ = sess.run([loss, train])
            print i, '%.5f' % l
