# -*- coding: latin-1 -*-
# Everything else of Python 2 in one file. The cookie is meant: café is written in Latin-1.
import sys, os, string, operator, itertools, time, StringIO, urllib2, HTMLParser, cookielib, __builtin__
import sets, md5, collections, types, random, UserDict
import tensorflow as tf
import numpy as np

def nested(self, (a, (b, c)), d=(1, 2), *args, **kw):
    "docstring"
    return a + b + c + d[0] + len(args) + len(kw)
print nested(None, (1, (2, 3)), (4, 5), 6, x=7), nested.func_name, nested.func_defaults, nested.func_code.co_argcount

class Meta(type):
    def __new__(cls, name, bases, namespace):
        namespace['made_by'] = cls.__name__
        return type.__new__(cls, name, bases, namespace)

class Vector(object):
    __metaclass__ = Meta
    def __init__(self, *values):
        self.values = list(values)
    def __div__(self, other):
        return Vector(*[v / other for v in self.values])
    def __rdiv__(self, other):
        return Vector(*[other / v for v in self.values])
    def __idiv__(self, other):
        self.values = [v / other for v in self.values]
        return self
    def __cmp__(self, other):
        return cmp(self.values, other.values)
    def __nonzero__(self):
        return any(self.values)
    def __str__(self):
        return '<' + ' '.join(map(str, self.values)) + '>'

v = Vector(7, 8, 9)
print v / 2, 100 / v, v.made_by, bool(Vector(0)), v > Vector(1), v == Vector(7, 8, 9), sorted([v, Vector(1)])[0]
v /= 2
print v, isinstance(v, Vector)
d = dict(a=7)
d['a'] /= 2
d['b'] = [9, 8, 7]
d['b'][1] /= 3
d['b'][0:1] = [1]
v.n = 9
v.n /= 2
print d['a'], d['b'], v.n, divmod(7, 2), 7 // 2, 7 / -2, 7 % -2, 2 ** -1, 10 / 4 / 2.
print len(d.keys()), sorted(d.values())[0] if False else d.get('a'), d.has_key('zz'), d.viewkeys() == set(['a', 'b'])
keys = d.keys(); keys.sort(); print keys, d.pop('a'), d.items()
print map(None, 'ab', 'c'), map(lambda a, b: (a, b), [1, 2], [3]), filter(str.isdigit, 'a1b2'), filter(None, (0, 1, 2))
print zip([1, 2], [3, 4])[0], range(5)[1:3], range(10, 0, -3), len(xrange(7)), xrange(5)[2], zip()
print reduce(operator.add, [1, 2, 3], 10), apply(max, (1, 5, 3)), cmp(1, 2), coerce(1, 2.0), intern('x'), callable(len)
print round(0.5), round(1.5), round(2.5), round(-2.5), round(1234.5678, 2), round(1234.5678, -2), round(5)
print 0xFF, 0777, 0o17, 0b11, 1e3, 1L, 0xFFL, oct(8), hex(255), unichr(97), ord(u'a'), long('12') + 1
print u'text', ur'a\b', r'a\b', 'a' 'b', "%s" % u'x', '%r' % 'x', '%5.2f|%-5s|%05d|%x' % (3.14159, 'ab', 42, 255)
print '%(a)s and %(b).2f' % {'a': 1 / 3., 'b': 2 / 3.}, '%s' % (1 / 3.,), '%s %s' % (1e20, 1e-7), '%s%%' % 50.0, '%*d' % (5, 3)
print '{0} {1} {0:.3f}'.format(1 / 3., 'x'), '{:>8}|'.format('ab'), '{a}'.format(a=2 / 3.)
print 1.0, 100000000000.0, 123456789012.0, 1234567890123.0, 1e12, 1e-5, 0.1 + 0.2, 3.0 * 1.1, float('inf'), -0.0
print [0.1 + 0.2], (1.1,), {'k': 1.1}, str(0.1 + 0.2), repr(0.1 + 0.2), str([1.1])
print string.join(['a', 'b'], '-'), string.upper('x'), string.split('a b'), string.digits, string.atoi('12'), string.zfill('7', 3)
print 'x'.encode('hex'), '78'.decode('hex'), 'abc'.translate(None, 'b'), 'a,b'.split(','), 'x'.decode('utf-8') == 'x'
print md5.new('abc').hexdigest() if False else md5.md5(b'abc').hexdigest(), sorted(sets.Set([2, 1])), operator.isCallable(len)
print os.path.basename(os.getcwdu()) != '', sys.maxint > 2 ** 31, isinstance(1, types.IntType), type(1L) in (int, long)
print list(itertools.izip('ab', [1, 2])), list(itertools.imap(abs, [-1])), list(itertools.ifilter(None, [0, 1])), list(itertools.izip_longest('a', 'bc'))
out = StringIO.StringIO()
print >>out, 'into', 'a file',
print >>out, 'again'
out.write('more')
print repr(out.getvalue()), StringIO.StringIO('a\nb\n').readlines(), [line for line in StringIO.StringIO('x\ny')]
try:
    try:
        {}['k']
    except KeyError, error:
        raise RuntimeError, 'second', sys.exc_info()[2]
except (RuntimeError, ValueError), error:
    print 'error', error, error.message, error.args
print error
try:
    raise ValueError
except ValueError:
    print 'bare', sys.exc_info()[0].__name__
def generator():
    got = yield 1
    print 'got', got
    yield 2
g = generator()
print g.next(),
print g.send('x')
exec 'a = 7 / 2; print a'
namespace = {}
exec "print 'inside', 5 / 2\nb = `3`" in namespace
print a, namespace['b'], eval('[x / 2 for x in range(4)]'), eval('n / 2', {'n': 9})
code = compile('1 / 2 + x', 'file', 'eval')
print eval(code, {'x': 1}) >= 1, __builtin__.len([1]), hasattr(__builtin__, 'xrange')
print 'a',; print 'b',
print
print 'tab\t',
print 'x\n',
print 'y'
print
print (1, 2), ('single'), ('t',)
print('paren'), ('and', 'more')
print "a" "b", \
    "continued"
if not 1 <> 1: print 'equal'; print 'two'
while True: print 'once'; break
assert isinstance('s', basestring) and isinstance(u's', unicode) and not isinstance(1, basestring)

x = np.array([1, 5, 9]); y = x / 2; x /= 4
print x, y, x.dtype, np.array([1., 3.]) / 2, np.int64(7) / 2, np.float32(7) / 2, 7 / np.array(2), np.array([7, -7]) / np.array([2, 2])
t = tf.constant([7, -7]); f = tf.constant([7., -7.]); p = tf.placeholder(tf.float32, [None, 9])
n = p.get_shape()[1] / 2
w = tf.Variable(tf.zeros([4]) + 6); i = tf.Variable([7, 9])
q = t
q /= 2
results = [t / 2, f / 2, 15 / t, 1 / f, q, tf.shape(p)[1] / 2, w / 4, i / 2, tf.reduce_sum(t * 5) / 3, f / [2, 4], tf.to_float(t) / 2]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for r in sess.run(results, {p: np.zeros((2, 9))}):
        print r,
    print
    print int(n), tf.zeros([n, p.get_shape().as_list()[1] / 2]).get_shape(), ' '.join(r.op.type for r in results[:4]), results[0].name
    data = tf.data.Dataset.from_tensor_slices([5, 6, 7]).map(lambda v: v / 2).make_one_shot_iterator().get_next()
    print [sess.run(data) for _ in xrange(3)], sess.run(tf.while_loop(lambda k: k > 1, lambda k: k / 2, [100]))
    print sess.run(tf.py_func(lambda a: a / 2, [tf.constant([5, 6])], tf.int64 if False else tf.int32))
