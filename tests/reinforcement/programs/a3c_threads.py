# Workers in threads, A3C's way: each pushes its gradients to the shared network and pulls its weights, one Session.
import sys
import threading

import gym
import numpy as np
import numpy_envs
import tensorflow as tf

NAME = sys.argv[1] if len(sys.argv) > 1 else "CartPole-v0"
WORKERS = int(sys.argv[2]) if len(sys.argv) > 2 else 4
env = gym.make(NAME)
N_S, N_A = env.observation_space.shape[0], env.action_space.n
OPT_A = tf.train.RMSPropOptimizer(0.001, name="RMSPropA")
OPT_C = tf.train.RMSPropOptimizer(0.001, name="RMSPropC")


class ACNet(object):
    def __init__(self, scope, shared=None):
        self.scope = scope
        with tf.variable_scope(scope):
            self.s = tf.placeholder(tf.float32, [None, N_S], "S")
            self.prob, self.v, self.a_params, self.c_params = self.build(scope)
            if shared is None:
                return
            self.a = tf.placeholder(tf.int32, [None], "A")
            self.target = tf.placeholder(tf.float32, [None, 1], "Vtarget")
            td = tf.subtract(self.target, self.v, name="TD_error")
            with tf.name_scope("c_loss"):
                self.c_loss = tf.reduce_mean(tf.square(td))
            with tf.name_scope("a_loss"):
                log_prob = tf.reduce_sum(tf.log(self.prob + 1e-5) * tf.one_hot(self.a, N_A), axis=1, keep_dims=True)
                entropy = -tf.reduce_sum(self.prob * tf.log(self.prob + 1e-5), axis=1, keep_dims=True)
                self.a_loss = tf.reduce_mean(-(log_prob * tf.stop_gradient(td) + 0.001 * entropy))
            a_grads = tf.gradients(self.a_loss, self.a_params)
            c_grads = tf.gradients(self.c_loss, self.c_params)
            with tf.name_scope("pull"):
                pairs = zip(self.a_params + self.c_params, shared.a_params + shared.c_params)
                self.pull = [l.assign(g) for l, g in pairs]
            with tf.name_scope("push"):
                self.push = [OPT_A.apply_gradients(zip(a_grads, shared.a_params)),
                             OPT_C.apply_gradients(zip(c_grads, shared.c_params))]

    def build(self, scope):
        w_init = [tf.random_normal_initializer(0.0, 0.1, seed=i) for i in range(4)]
        with tf.variable_scope("actor"):
            l_a = tf.layers.dense(self.s, 32, tf.nn.relu6, kernel_initializer=w_init[0], name="la")
            prob = tf.layers.dense(l_a, N_A, tf.nn.softmax, kernel_initializer=w_init[1], name="ap")
        with tf.variable_scope("critic"):
            l_c = tf.layers.dense(self.s, 20, tf.nn.relu6, kernel_initializer=w_init[2], name="lc")
            v = tf.layers.dense(l_c, 1, kernel_initializer=w_init[3], name="v")
        find = lambda part: tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope=scope + "/" + part)
        return prob, v, find("actor"), find("critic")


class Worker(object):
    def __init__(self, number, shared):
        self.env = gym.make(NAME).unwrapped
        self.env.seed(number)
        self.random = np.random.RandomState(number)
        self.net = ACNet("W_%i" % number, shared)
        self.updates, self.losses = 0, []

    def work(self):
        while not coord.should_stop() and self.updates < 12:
            s, rows = self.env.reset(), []
            for t in range(40):
                p = sess.run(self.net.prob, {self.net.s: s[np.newaxis, :]})[0].astype("float64")
                a = self.random.choice(N_A, p=p / p.sum())
                s_, r, done, _ = self.env.step(a)
                rows.append((s, a, -5.0 if done else r))
                s = s_
                if (t + 1) % 10 == 0 or done:
                    self.update(rows, s_, done)
                    rows = []
                if done:
                    break

    def update(self, rows, s_, done):
        v = 0.0 if done else sess.run(self.net.v, {self.net.s: s_[np.newaxis, :]})[0, 0]
        targets = []
        for _, _, r in reversed(rows):
            v = r + 0.9 * v
            targets.insert(0, [v])
        feed = {self.net.s: np.vstack([row[0] for row in rows]), self.net.a: [row[1] for row in rows],
                self.net.target: targets}
        self.losses.append(sess.run([self.net.c_loss] + self.net.push, feed)[0])
        sess.run(self.net.pull)
        self.updates += 1


with tf.device("/cpu:0"):
    shared = ACNet("Global_Net")
    workers = [Worker(i, shared) for i in range(WORKERS)]
coord = tf.train.Coordinator()
sess = tf.Session()
sess.run(tf.global_variables_initializer())
before = sess.run(shared.a_params + shared.c_params)
threads = []
for worker in workers:
    thread = threading.Thread(target=lambda w=worker: w.work())
    thread.start()
    threads.append(thread)
coord.join(threads)
after = sess.run(shared.a_params + shared.c_params)
print("updates", [worker.updates >= 12 for worker in workers])
print("finite", bool(np.all(np.isfinite(sum([w.losses for w in workers], [])))))
print("changed", [bool((a != b).any()) for a, b in zip(after, before)])
print("near %s" % bool(max(np.abs(a - b).max() for a, b in zip(after, before)) < 1.0))
if WORKERS == 1:
    print("losses", " ".join("%.6f" % loss for loss in workers[0].losses[:12]))
