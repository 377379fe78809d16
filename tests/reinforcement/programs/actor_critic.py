# Actor-critic: the TD error of one network is the other's reward, a step at a time.
import sys

import gym
import numpy as np
import numpy_envs
import tensorflow as tf

env = gym.make(sys.argv[1] if len(sys.argv) > 1 else "CartPole-v0").unwrapped
np.random.seed(3)
GAMMA = 0.9


def hidden(x, seed):
    return tf.layers.dense(x, 20, tf.nn.relu, kernel_initializer=tf.random_normal_initializer(0.0, 0.1, seed=seed),
                           bias_initializer=tf.constant_initializer(0.1), name="l1")


class Actor(object):
    def __init__(self, sess, n_features, n_actions, lr=0.001):
        self.sess = sess
        self.s = tf.placeholder(tf.float32, [1, n_features], "state")
        self.a = tf.placeholder(tf.int32, None, "act")
        self.td_error = tf.placeholder(tf.float32, None, "td_error")
        with tf.variable_scope("Actor"):
            self.acts_prob = tf.layers.dense(hidden(self.s, 1), n_actions, tf.nn.softmax, name="acts_prob",
                                             kernel_initializer=tf.random_normal_initializer(0.0, 0.1, seed=2))
        with tf.variable_scope("exp_v"):
            self.exp_v = tf.reduce_mean(tf.log(self.acts_prob[0, self.a]) * self.td_error)
        with tf.variable_scope("train"):
            self.train_op = tf.train.AdamOptimizer(lr).minimize(-self.exp_v)

    def learn(self, s, a, td):
        return self.sess.run([self.train_op, self.exp_v], {self.s: s[np.newaxis, :], self.a: a, self.td_error: td})[1]

    def choose_action(self, s):
        probs = self.sess.run(self.acts_prob, {self.s: s[np.newaxis, :]}).ravel().astype("float64")
        return np.random.choice(np.arange(probs.shape[0]), p=probs / probs.sum())


class Critic(object):
    def __init__(self, sess, n_features, lr=0.01):
        self.sess = sess
        self.s = tf.placeholder(tf.float32, [1, n_features], "state")
        self.v_ = tf.placeholder(tf.float32, [1, 1], "v_next")
        self.r = tf.placeholder(tf.float32, None, "r")
        with tf.variable_scope("Critic"):
            self.v = tf.layers.dense(hidden(self.s, 5), 1, name="V",
                                     kernel_initializer=tf.random_normal_initializer(0.0, 0.1, seed=6))
        with tf.variable_scope("squared_TD_error"):
            self.td_error = self.r + GAMMA * self.v_ - self.v
            self.loss = tf.square(self.td_error)
        with tf.variable_scope("train"):
            self.train_op = tf.train.AdamOptimizer(lr).minimize(self.loss)

    def learn(self, s, r, s_):
        v_ = self.sess.run(self.v, {self.s: s_[np.newaxis, :]})
        return self.sess.run([self.td_error, self.train_op], {self.s: s[np.newaxis, :], self.v_: v_, self.r: r})[0]


sess = tf.Session()
actor = Actor(sess, env.observation_space.shape[0], env.action_space.n)
critic = Critic(sess, env.observation_space.shape[0])
sess.run(tf.global_variables_initializer())
total = 0
while total < 150:
    s, t = env.reset(), 0
    while t < 60:
        a = actor.choose_action(s)
        s_, r, done, info = env.step(a)
        td_error = critic.learn(s, -20 if done else r, s_)
        value = actor.learn(s, a, td_error)
        s, t, total = s_, t + 1, total + 1
        if total % 15 == 0:
            print("step %d td %.6f value %.6f" % (total, td_error[0, 0], value))
        if done:
            break
