"""DDPG on gym's Pendulum: the target networks are the actor and the critic built once more, their variables read
through exponential moving averages (Lillicrap et al., https://arxiv.org/abs/1509.02971).

    python ddpg.py [EPISODES]
"""
from __future__ import print_function

import sys

import gym
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tqdm import tqdm

EPISODE_STEPS = 200
RATE_ACTOR, RATE_CRITIC = 0.001, 0.002
GAMMA = 0.9
TAU = 0.01  # what the targets move by in a step
MEMORY, BATCH = 10000, 32
WARM_UP = 1000  # steps before learning begins
HIDDEN = 40


def dense(x, size, seed, name, activation=None):
    return tf.layers.dense(x, size, activation, name=name, kernel_initializer=tf.glorot_uniform_initializer(seed=seed))


class DDPG(object):
    def __init__(self, sess, state_dim, action_dim, bound):
        self.sess, self.bound = sess, bound
        self.memory = np.zeros((MEMORY, state_dim * 2 + action_dim + 1), dtype=np.float32)
        self.pointer = 0
        self.state_dim, self.action_dim = state_dim, action_dim
        self.S = tf.placeholder(tf.float32, [None, state_dim], 's')
        self.S_ = tf.placeholder(tf.float32, [None, state_dim], 's_')
        self.R = tf.placeholder(tf.float32, [None, 1], 'r')

        self.a = self._actor(self.S)
        q = self._critic(self.S, self.a)
        a_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='Actor')
        c_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='Critic')
        ema = tf.train.ExponentialMovingAverage(decay=1 - TAU)

        def ema_getter(getter, name, *args, **kwargs):
            return ema.average(getter(name, *args, **kwargs))

        self.target_update = [ema.apply(a_params), ema.apply(c_params)]
        a_ = self._actor(self.S_, reuse=True, getter=ema_getter)
        q_ = self._critic(self.S_, a_, reuse=True, getter=ema_getter)

        a_loss = -tf.reduce_mean(q)  # the larger the critic's estimate, the better
        self.atrain = tf.train.AdamOptimizer(RATE_ACTOR).minimize(a_loss, var_list=a_params)
        self.td_error = tf.losses.mean_squared_error(labels=self.R + GAMMA * q_, predictions=q)
        self.ctrain = tf.train.AdamOptimizer(RATE_CRITIC).minimize(self.td_error, var_list=c_params)
        sess.run(tf.global_variables_initializer())

    def _actor(self, s, reuse=None, getter=None):
        with tf.variable_scope('Actor', reuse=reuse, custom_getter=getter):
            net = dense(s, HIDDEN, 1, 'l1', tf.nn.relu)
            return tf.multiply(dense(net, self.action_dim, 2, 'a', tf.nn.tanh), self.bound, name='scaled_a')

    def _critic(self, s, a, reuse=None, getter=None):
        with tf.variable_scope('Critic', reuse=reuse, custom_getter=getter):
            net = dense(tf.concat([s, a], axis=1), HIDDEN, 3, 'l1', tf.nn.relu)
            return dense(net, 1, 4, 'q')

    def choose_action(self, s):
        return self.sess.run(self.a, {self.S: s[np.newaxis, :]})[0]

    def store_transition(self, s, a, r, s_):
        self.memory[self.pointer % MEMORY] = np.hstack((s, a, [r], s_))
        self.pointer += 1

    def learn(self, random):
        rows = self.memory[random.choice(min(self.pointer, MEMORY), size=BATCH)]
        bs, ba, br, bs_ = np.split(rows, np.cumsum([self.state_dim, self.action_dim, 1]), axis=1)
        self.sess.run(self.atrain, {self.S: bs})
        # The action is fed: what the actor would do now is not what was done then.
        _, error = self.sess.run([self.ctrain, self.td_error], {self.S: bs, self.a: ba, self.R: br, self.S_: bs_})
        self.sess.run(self.target_update)
        return error


def plot(rewards, errors):
    plt.switch_backend('Agg')
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    left.plot(rewards)
    left.set_title('reward of an episode')
    right.semilogy(errors)
    right.set_title('error of the critic')
    plt.savefig('ddpg.png')


def main():
    episodes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    env = gym.make('Pendulum-v0').unwrapped
    env.seed(1)
    random = np.random.RandomState(1)
    rewards, errors = [], []
    spread = 3.0  # of the noise that explores
    with tf.Session() as sess:
        agent = DDPG(sess, env.observation_space.shape[0], env.action_space.shape[0], env.action_space.high)
        for episode in tqdm(range(1, episodes + 1)):
            s, total = env.reset(), 0.
            for _ in range(EPISODE_STEPS):
                a = np.clip(random.normal(agent.choose_action(s), spread), -2, 2)
                s_, r, done, info = env.step(a)
                agent.store_transition(s, a, r / 10, s_)
                if agent.pointer > WARM_UP:
                    spread *= .9995
                    errors.append(agent.learn(random))
                s = s_
                total += r
            rewards.append(total)
            if episode % 10 == 0:
                tqdm.write('episode %d: reward %.1f, of the last ten %.1f' % (episode, total, np.mean(rewards[-10:])))
    plot(rewards, errors)
    print('mean reward of the last 20 episodes: %.1f' % np.mean(rewards[-20:]))


if __name__ == '__main__':
    main()
