# A policy of tf.contrib.layers; gradients are gathered over episodes in placeholders and applied every fifth.
import sys

import gym
import numpy as np
import numpy_envs
import tensorflow as tf
import tensorflow.contrib.slim as slim

env = gym.make(sys.argv[1] if len(sys.argv) > 1 else "CartPole-v0")
np.random.seed(8)


class Agent():
    def __init__(self, lr, s_size, a_size, h_size):
        self.state_in = tf.placeholder(shape=[None, s_size], dtype=tf.float32)
        hidden = tf.contrib.layers.fully_connected(
            self.state_in, h_size, biases_initializer=None, activation_fn=tf.nn.relu,
            weights_initializer=tf.contrib.layers.xavier_initializer(seed=1))
        self.output = slim.fully_connected(hidden, a_size, activation_fn=tf.nn.softmax, biases_initializer=None,
                                           weights_initializer=tf.contrib.layers.xavier_initializer(seed=2))
        self.reward_holder = tf.placeholder(shape=[None], dtype=tf.float32)
        self.action_holder = tf.placeholder(shape=[None], dtype=tf.int32)
        self.indexes = tf.range(0, tf.shape(self.output)[0]) * tf.shape(self.output)[1] + self.action_holder
        self.responsible_outputs = tf.gather(tf.reshape(self.output, [-1]), self.indexes)
        self.loss = -tf.reduce_mean(tf.log(self.responsible_outputs) * self.reward_holder)
        tvars = tf.trainable_variables()
        self.gradient_holders = []
        for idx, var in enumerate(tvars):
            placeholder = tf.placeholder(tf.float32, name=str(idx) + "_holder")
            self.gradient_holders.append(placeholder)
        self.gradients = tf.gradients(self.loss, tvars)
        optimizer = tf.train.AdamOptimizer(learning_rate=lr)
        self.update_batch = optimizer.apply_gradients(zip(self.gradient_holders, tvars))


tf.reset_default_graph()
agent = Agent(lr=1e-2, s_size=env.observation_space.shape[0], a_size=env.action_space.n, h_size=8)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    buffer = sess.run(tf.trainable_variables())
    for ix, grad in enumerate(buffer):
        buffer[ix] = grad * 0
    for i in range(20):
        s, history = env.reset(), []
        for j in range(40):
            a_dist = sess.run(agent.output, feed_dict={agent.state_in: [s]})[0].astype("float64")
            a = np.random.choice(len(a_dist), p=a_dist / a_dist.sum())
            s1, r, d, _ = env.step(a)
            history.append([s, a, r])
            s = s1
            if d:
                break
        rewards = np.cumsum([h[2] for h in history][::-1])[::-1]
        feed = {agent.reward_holder: rewards, agent.action_holder: [h[1] for h in history],
                agent.state_in: np.vstack([h[0] for h in history])}
        grads, cost = sess.run([agent.gradients, agent.loss], feed_dict=feed)
        for idx, grad in enumerate(grads):
            buffer[idx] += grad
        if i % 5 == 4:
            sess.run(agent.update_batch, feed_dict=dict(zip(agent.gradient_holders, buffer)))
            for ix, grad in enumerate(buffer):
                buffer[ix] = grad * 0
        if i % 2 == 1:
            print("episode %d steps %d loss %.6f" % (i, len(history), cost))
