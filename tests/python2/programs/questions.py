# raw_input and input, reading the standard input.
import tensorflow as tf

name = raw_input('name? ')
print 'hello', name
layers = input('layers? ')
rate = input('rate? ')
print layers, rate, len(layers)
x = tf.placeholder('float', [None, layers[0]])
net = x
for i, (n, m) in enumerate(zip(layers[:-1], layers[1:])):
    net = tf.nn.tanh(tf.matmul(net, tf.Variable(tf.fill([n, m], rate), name=name + `i`)))
with tf.Session() as sess:
    sess.run(tf.initialize_all_variables())
    while True:
        try:
            line = raw_input()
        except EOFError:
            print 'bye'
            break
        row = map(float, line.split())
        print ['%.4f' % v for v in sess.run(net, {x: [row]})[0]]
print ", ".join(v.name for v in tf.all_variables())
