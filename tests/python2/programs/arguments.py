#!/usr/bin/env python2
# argparse, and errors caught the old way.
import argparse, sys
import tensorflow as tf

def build(args):
    if args.layers < 1:
        raise ValueError, 'no layers'
    net = tf.ones([2, args.units])
    for i in xrange(args.layers):
        net = tf.layers.dense(net, args.units / (i + 1), kernel_initializer=tf.constant_initializer(.1), name='d%d' % i)
    return net

def main(argv):
    parser = argparse.ArgumentParser()
    parser.add_argument('--units', type=int, default=07 + 010)
    parser.add_argument('--layers', type=int, default=3)
    parser.add_argument('--lr', type=float, default=1e-3)
    args = parser.parse_args(argv)
    print `args.units`, args.lr, vars(args).has_key('lr')
    net = build(args)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        print net.get_shape(), sess.run(net)[0]
    try:
        build(argparse.Namespace(layers=0))
    except (ValueError, TypeError), e:
        print 'caught:', e
    print 'after:', e.message, e.args
    try:
        tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))
    except ValueError, e:
        print 'shapes:', e.__class__.__name__
    print '%s of %s is %s, %5.1f%%' % (1, 3, 1 / 3., 100 / 3)
    print 1 / 3., str(2 / 3.), [1 / 3.], 1e16, 1e15, 123456789.123456789, 5 / 2 * 2.0, -7 / 2, 7 % -3
    print 'no newline yet',
    sys.stdout.write('!\n')
    for i in range(3):
        print i,
    print

if __name__ == '__main__':
    main(['--units', '21'] + sys.argv[1:])
