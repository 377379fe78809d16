# DDPG on Pendulum: the target networks are exponential moving averages of the actor and the critic.
import sys

import gym
import numpy as np
import numpy_envs
import tensorflow as tf

env = gym.make(sys.argv[1] if len(sys.argv) > 1 else "Pendulum-v0").unwrapped
env.seed(1)
np.random.seed(4)
S_DIM, A_DIM, BOUND = env.observation_space.shape[0], env.action_space.shape[0], env.action_space.high


class DDPG(object):
    def __init__(self):
        self.memory = np.zeros((300, S_DIM * 2 + A_DIM + 1), dtype=np.float32)
        self.pointer = 0
        self.sess = tf.Session()
        self.S = tf.placeholder(tf.float32, [None, S_DIM], "s")
        self.S_ = tf.placeholder(tf.float32, [None, S_DIM], "s_")
        self.R = tf.placeholder(tf.float32, [None, 1], "r")
        self.a = self._build_a(self.S)
        q = self._build_c(self.S, self.a)
        a_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="Actor")
        c_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="Critic")
        ema = tf.train.ExponentialMovingAverage(decay=1 - 0.01)

        def ema_getter(getter, name, *args, **kwargs):
            return ema.average(getter(name, *args, **kwargs))

        self.target_update = [ema.apply(a_params), ema.apply(c_params)]
        a_ = self._build_a(self.S_, reuse=True, custom_getter=ema_getter)
        q_ = self._build_c(self.S_, a_, reuse=True, custom_getter=ema_getter)
        self.a_loss = -tf.reduce_mean(q)
        self.atrain = tf.train.AdamOptimizer(0.001).minimize(self.a_loss, var_list=a_params)
        q_target = self.R + 0.9 * q_
        self.td_error = tf.losses.mean_squared_error(labels=q_target, predictions=q)
        self.ctrain = tf.train.AdamOptimizer(0.002).minimize(self.td_error, var_list=c_params)
        self.sess.run(tf.global_variables_initializer())

    def choose_action(self, s):
        return self.sess.run(self.a, {self.S: s[np.newaxis, :]})[0]

    def learn(self):
        rows = self.memory[np.random.choice(min(self.pointer, 300), size=16)]
        bs, ba, br, bs_ = rows[:, :S_DIM], rows[:, S_DIM:S_DIM + A_DIM], rows[:, -S_DIM - 1:-S_DIM], rows[:, -S_DIM:]
        _, a_loss = self.sess.run([self.atrain, self.a_loss], {self.S: bs})
        _, td = self.sess.run([self.ctrain, self.td_error], {self.S: bs, self.a: ba, self.R: br, self.S_: bs_})
        # In a run of its own: within one, TensorFlow 1 left it to chance which came first.
        self.sess.run(self.target_update)
        return a_loss, td

    def store(self, s, a, r, s_):
        self.memory[self.pointer % 300] = np.hstack((s, a, [r], s_))
        self.pointer += 1

    def _build_a(self, s, reuse=None, custom_getter=None):
        trainable = True if reuse is None else False
        with tf.variable_scope("Actor", reuse=reuse, custom_getter=custom_getter):
            net = tf.layers.dense(s, 30, activation=tf.nn.relu, name="l1", trainable=trainable,
                                  kernel_initializer=tf.glorot_uniform_initializer(seed=1))
            a = tf.layers.dense(net, A_DIM, activation=tf.nn.tanh, name="a", trainable=trainable,
                                kernel_initializer=tf.glorot_uniform_initializer(seed=2))
            return tf.multiply(a, BOUND, name="scaled_a")

    def _build_c(self, s, a, reuse=None, custom_getter=None):
        trainable = True if reuse is None else False
        with tf.variable_scope("Critic", reuse=reuse, custom_getter=custom_getter):
            init = [tf.glorot_uniform_initializer(seed=i) for i in (3, 4, 5)]
            w1_s = tf.get_variable("w1_s", [S_DIM, 30], initializer=init[0], trainable=trainable)
            w1_a = tf.get_variable("w1_a", [A_DIM, 30], initializer=init[1], trainable=trainable)
            b1 = tf.get_variable("b1", [1, 30], initializer=tf.zeros_initializer(), trainable=trainable)
            net = tf.nn.relu(tf.matmul(s, w1_s) + tf.matmul(a, w1_a) + b1)
            return tf.layers.dense(net, 1, trainable=trainable, kernel_initializer=init[2])


ddpg, s, var = DDPG(), env.reset(), 3.0
for step in range(110):
    a = np.clip(np.random.normal(ddpg.choose_action(s), var), -2, 2)
    s_, r, done, info = env.step(a)
    ddpg.store(s, a, r / 10, s_)
    s = s_
    if ddpg.pointer > 50:
        var *= 0.9995
        a_loss, td = ddpg.learn()
        if ddpg.pointer % 6 == 0:
            print("step %d actor %.6f critic %.6f" % (ddpg.pointer, a_loss, td))
