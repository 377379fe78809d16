# Batches pickled as CIFAR-10's are, by Python 2, and a configuration file.
import base64, os, tempfile, ConfigParser, cPickle, csv
from cStringIO import StringIO
import numpy as np
import tensorflow as tf

# What Python 2.7 wrote: {'data': uint8 array (2, 12), 'labels': [3, 8], 'filenames': ['caf\xe9.png', 'b.png']}
PICKLED = """
gAJ9cQEoVQZsYWJlbHNxAl1xAyhLA0sIZVUEZGF0YXEEY251bXB5LmNvcmUubXVsdGlhcnJheQpf
cmVjb25zdHJ1Y3QKcQVjbnVtcHkKbmRhcnJheQpxBksAhVUBYodScQcoSwFLAksMhmNudW1weQpk
dHlwZQpxCFUCdTFLAEsBh1JxCShLA1UBfE5OTkr/////Sv////9LAHRiiVUYAAECAwQFBgcICQoL
DA0ODxAREhMUFRYXdGJVCWZpbGVuYW1lc3EKXXELKFUIY2Fm6S5wbmdxDFUFYi5wbmdxDWV1Lg==
"""
folder = tempfile.mkdtemp()
path = os.path.join(folder, 'data_batch_1')
with open(path, 'wb') as out:
    out.write(base64.b64decode(PICKLED))

def unpickle(file):
    fo = open(file, 'rb')
    dict = cPickle.load(fo)
    fo.close()
    return dict

batch = unpickle(path)
print sorted(batch.keys()), batch['labels'], batch['data'].dtype, batch['filenames'][1], len(batch['filenames'][0])
images = batch['data'].reshape(2, 3, 2, 2).transpose(0, 2, 3, 1)
print images[0, 0, 0], images.mean() / 2, images[1].sum() / 5, (images / 4 * 4 == images).sum()

config = ConfigParser.SafeConfigParser()
config.readfp(StringIO("[net]\nunits = 9\nrate: 0.5\nname = deep\n"))
units = config.getint('net', 'units') / 2
print units, config.getfloat('net', 'rate'), config.get('net', 'name')

with open(os.path.join(folder, 'rows.csv'), 'wb') as f:
    rows = csv.writer(f)
    rows.writerow(['step', 'loss'])
    for i in xrange(3):
        rows.writerow([i, i / 2, i / 2.])
for row in csv.reader(open(os.path.join(folder, 'rows.csv'), 'rb')):
    print '|'.join(row)

w = tf.Variable(np.ones((12, units), 'f') / 12, name='w')
out = tf.matmul(tf.to_float(batch['data']), w)
count = tf.shape(out)[0] * 5 / 3
mean = tf.reduce_sum(tf.constant([3, 4, 4])) / 3
with tf.Session() as sess:
    sess.run(tf.initialize_all_variables())
    print sess.run(out), sess.run([count, mean])
    stored = cPickle.dumps(sess.run({'w': w}), cPickle.HIGHEST_PROTOCOL)
    print cPickle.loads(stored)['w'].shape, type(stored) == str or type(stored) == bytes
