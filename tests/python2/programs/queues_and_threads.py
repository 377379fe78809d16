# Queue, thread-fed queues, itertools.izip, a generator's next(), exec, os.getcwdu and a sampled order.
import Queue, threading, itertools, os, random, thread, types, urllib, urlparse
import tensorflow as tf

random.seed(2016)
order = range(8)
random.shuffle(order)
print order, random.choice(order), random.randint(0, 99), random.sample(order, 3), '%.6f' % random.random()

work = Queue.Queue()
done = []
lock = thread.allocate_lock()

def worker():
    while True:
        try:
            item = work.get_nowait()
        except Queue.Empty, e:
            return
        with lock:
            done.append(item / 2)

for item in order:
    work.put(item)
threads = [threading.Thread(target=worker) for _ in range(3)]
map(lambda t: t.start(), threads)
map(lambda t: t.join(), threads)
print sorted(done), isinstance(os.getcwdu(), types.StringTypes)

def numbers():
    for i in itertools.count():
        yield i
generator = numbers()
print generator.next(), generator.next(), [a + b for a, b in itertools.izip(generator, 'xyz' and (1, 2, 3))]
exec 'total = sum(done) / 3'
print total, eval('total / 2'), urllib.quote('a b&c'), urlparse.urlparse('http://x.org/p?q=1').query

queue = tf.FIFOQueue(10, tf.float32, shapes=[[]])
enqueue = queue.enqueue_many([[float(i) for i in order]])
batch = queue.dequeue_many(4)
v = tf.Variable(0.)
update = tf.assign_add(v, tf.reduce_sum(batch) / 4)
sess = tf.Session()
sess.run(tf.initialize_all_variables())
t = threading.Thread(target=lambda: sess.run(enqueue))
t.start()
print sess.run(update), sess.run(update)
t.join()
