# DQN whose target network is an exponential moving average of the one that learns, read through a custom getter.
import sys

import gym
import numpy as np
import numpy_envs
import tensorflow as tf

env = gym.make(sys.argv[1] if len(sys.argv) > 1 else "CartPole-v1").unwrapped
np.random.seed(1)


class Agent(object):
    def __init__(self, n_features, n_actions):
        self.memory = np.zeros((400, n_features * 2 + 2))
        self.counter = 0
        self.n_features, self.n_actions = n_features, n_actions
        self.s = tf.placeholder(tf.float32, [None, n_features])
        self.s_ = tf.placeholder(tf.float32, [None, n_features])
        self.a = tf.placeholder(tf.int32, [None])
        self.r = tf.placeholder(tf.float32, [None])
        with tf.variable_scope("q"):
            self.q = self.net(self.s)
        params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="q")
        ema = tf.train.ExponentialMovingAverage(decay=0.95)
        self.update = ema.apply(params)

        def getter(getter, name, *args, **kwargs):
            return ema.average(getter(name, *args, **kwargs))

        with tf.variable_scope("q", reuse=True, custom_getter=getter):
            q_next = self.net(self.s_)
        target = tf.stop_gradient(self.r + 0.9 * tf.reduce_max(q_next, axis=1))
        chosen = tf.reduce_sum(self.q * tf.one_hot(self.a, n_actions), axis=1)
        self.loss = tf.losses.mean_squared_error(target, chosen)
        self.train = tf.train.AdamOptimizer(5e-3).minimize(self.loss, var_list=params)
        self.distance = tf.add_n([tf.reduce_sum(tf.abs(v - ema.average(v))) for v in params])
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())

    def net(self, x):
        h = tf.layers.dense(x, 20, tf.nn.tanh, kernel_initializer=tf.glorot_uniform_initializer(seed=4), name="h")
        return tf.layers.dense(h, self.n_actions, kernel_initializer=tf.glorot_uniform_initializer(seed=5), name="o")

    def store(self, s, a, r, s_):
        self.memory[self.counter % 400] = np.hstack((s, [a, r], s_))
        self.counter += 1

    def act(self, s):
        if np.random.rand() < 0.2:
            return np.random.randint(self.n_actions)
        return self.sess.run(self.q, {self.s: [s]}).argmax()

    def learn(self):
        rows = self.memory[np.random.choice(min(self.counter, 400), 32)]
        n = self.n_features
        feed = {self.s: rows[:, :n], self.a: rows[:, n], self.r: rows[:, n + 1], self.s_: rows[:, -n:]}
        cost = self.sess.run([self.loss, self.train], feed)[0]
        # In a run of its own: within one, TensorFlow 1 left it to chance which came first.
        self.sess.run(self.update)
        return cost


agent = Agent(env.observation_space.shape[0], env.action_space.n)
learned, observation, steps = 0, env.reset(), 0
while learned < 60:
    action = agent.act(observation)
    new, reward, done, info = env.step(action)
    agent.store(observation, action, -10.0 if done else reward, new)
    observation, steps = (env.reset(), 0) if done or steps > 80 else (new, steps + 1)
    if agent.counter > 40:
        cost = agent.learn()
        learned += 1
        if learned % 6 == 0:
            print("step %d loss %.6f behind %.6f" % (learned, cost, agent.sess.run(agent.distance)))
