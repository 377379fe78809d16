"""A3C on gym's CartPole: workers in threads share a Session; each pushes its gradients into the shared network and
pulls the shared weights into its own (Mnih et al., https://arxiv.org/abs/1602.01783).

    python a3c.py [EPISODES]
"""
from __future__ import print_function

import sys
import threading

import gym
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tqdm import tqdm

N_WORKERS = 4
UPDATE_EVERY = 10  # steps of a worker from one push to the next
LONGEST = 200
GAMMA = 0.9
ENTROPY_BETA = 0.001
RATE_ACTOR, RATE_CRITIC = 0.001, 0.001
N_S, N_A = 4, 2
GLOBAL_NET = 'Global_Net'


class ACNet(object):
    def __init__(self, scope, global_net=None):
        with tf.variable_scope(scope):
            self.s = tf.placeholder(tf.float32, [None, N_S], 'S')
            self.a_prob, self.v = self._build()
        self.a_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope=scope + '/actor')
        self.c_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope=scope + '/critic')
        if global_net is None:
            self.opt_a = tf.train.RMSPropOptimizer(RATE_ACTOR, name='RMSPropA')
            self.opt_c = tf.train.RMSPropOptimizer(RATE_CRITIC, name='RMSPropC')
            return

        with tf.name_scope(scope):
            self.a_his = tf.placeholder(tf.int32, [None], 'A')
            self.v_target = tf.placeholder(tf.float32, [None, 1], 'Vtarget')
            td = tf.subtract(self.v_target, self.v, name='TD_error')
            self.c_loss = tf.reduce_mean(tf.square(td))
            log_prob = tf.reduce_sum(tf.log(self.a_prob + 1e-5) * tf.one_hot(self.a_his, N_A), axis=1, keepdims=True)
            entropy = -tf.reduce_sum(self.a_prob * tf.log(self.a_prob + 1e-5), axis=1, keepdims=True)
            self.a_loss = tf.reduce_mean(-(log_prob * tf.stop_gradient(td) + ENTROPY_BETA * entropy))
            a_grads = tf.gradients(self.a_loss, self.a_params)
            c_grads = tf.gradients(self.c_loss, self.c_params)
            pairs = zip(self.a_params + self.c_params, global_net.a_params + global_net.c_params)
            self.pull_op = [mine.assign(shared) for mine, shared in pairs]
            self.push_op = [global_net.opt_a.apply_gradients(zip(a_grads, global_net.a_params)),
                            global_net.opt_c.apply_gradients(zip(c_grads, global_net.c_params))]

    def _build(self):
        def init(seed):
            return tf.random_normal_initializer(0., .1, seed=seed)

        with tf.variable_scope('actor'):
            l_a = tf.layers.dense(self.s, 64, tf.nn.relu6, kernel_initializer=init(1), name='la')
            a_prob = tf.layers.dense(l_a, N_A, tf.nn.softmax, kernel_initializer=init(2), name='ap')
        with tf.variable_scope('critic'):
            l_c = tf.layers.dense(self.s, 64, tf.nn.relu6, kernel_initializer=init(3), name='lc')
            v = tf.layers.dense(l_c, 1, kernel_initializer=init(4), name='v')
        return a_prob, v


class Log(object):
    """What the workers share besides the network: how many episodes there have been, and how long."""

    def __init__(self, episodes):
        self.episodes, self.lengths, self.updates = episodes, [], [0] * N_WORKERS
        self.lock, self.bar = threading.Lock(), tqdm(total=episodes)

    def ended(self, length):
        with self.lock:
            self.lengths.append(length)
            self.bar.update()

    @property
    def full(self):
        return len(self.lengths) >= self.episodes


class Worker(object):
    def __init__(self, number, global_net):
        self.number = number
        self.env = gym.make('CartPole-v0').unwrapped
        self.env.seed(number)
        self.random = np.random.RandomState(number)
        self.net = ACNet('W_%d' % number, global_net)

    def choose_action(self, sess, s):
        prob = sess.run(self.net.a_prob, {self.net.s: s[np.newaxis, :]})[0]
        return int(self.random.uniform() > prob[0])

    def work(self, sess, coord, log):
        with coord.stop_on_exception():
            while not coord.should_stop() and not log.full:
                s, rows = self.env.reset(), []
                for t in range(1, LONGEST + 1):
                    a = self.choose_action(sess, s)
                    s_, r, done, info = self.env.step(a)
                    rows.append((s, a, -5. if done else r))
                    s = s_
                    if done or t % UPDATE_EVERY == 0:
                        self.push_and_pull(sess, rows, s_, done)
                        log.updates[self.number] += 1
                        rows = []
                    if done:
                        break
                log.ended(t)

    def push_and_pull(self, sess, rows, s_, done):
        v = 0. if done else sess.run(self.net.v, {self.net.s: s_[np.newaxis, :]})[0, 0]
        targets = []
        for _, _, r in reversed(rows):
            v = r + GAMMA * v
            targets.append([v])
        states, actions, _ = zip(*rows)
        sess.run(self.net.push_op, {self.net.s: np.vstack(states), self.net.a_his: actions,
                                    self.net.v_target: targets[::-1]})
        sess.run(self.net.pull_op)


def plot(lengths):
    plt.switch_backend('Agg')
    plt.figure(figsize=(8, 4))
    plt.plot(lengths, '.', label='an episode')
    plt.plot(np.convolve(lengths, np.ones(20) / 20, 'valid'), label='mean of 20')
    plt.title('how long the pole stood, steps')
    plt.legend()
    plt.savefig('a3c.png')


def main():
    log = Log(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
    with tf.device('/cpu:0'):
        global_net = ACNet(GLOBAL_NET)
        workers = [Worker(i, global_net) for i in range(N_WORKERS)]

    with tf.Session() as sess:
        coord = tf.train.Coordinator()
        sess.run(tf.global_variables_initializer())
        threads = []
        for worker in workers:
            t = threading.Thread(target=worker.work, args=(sess, coord, log))
            t.start()
            threads.append(t)
        coord.join(threads)
    log.bar.close()
    plot(log.lengths)
    print('workers that took part: %d of %d' % (sum(n > 0 for n in log.updates), N_WORKERS))
    print('mean length of the last 100 episodes: %.1f' % np.mean(log.lengths[-100:]))


if __name__ == '__main__':
    main()
