# Q-learning on the frozen lake, the table a variable and its updates scatters; then as a network of one layer.
import sys

import gym
import numpy as np
import numpy_envs
import tensorflow as tf

if len(sys.argv) > 1:
    env = gym.make(sys.argv[1])
else:
    from gym.envs.registration import register
    register(id="FrozenLake-v3", entry_point="gym.envs.toy_text:FrozenLakeEnv",
             kwargs={"map_name": "4x4", "is_slippery": False})
    env = gym.make("FrozenLake-v3")
n_s, n_a = env.observation_space.n, env.action_space.n
np.random.seed(6)

table = tf.Variable(tf.zeros([n_s, n_a]), name="table")
state, action, new = (tf.placeholder(tf.int32, []) for _ in range(3))
reward = tf.placeholder(tf.float32, [])
best = reward + 0.95 * tf.reduce_max(tf.gather(table, new))
change = 0.5 * (best - table[state, action])
update = tf.scatter_nd_add(table, [[state, action]], [change])

onehot = tf.placeholder(tf.float32, [1, n_s])
target = tf.placeholder(tf.float32, [1, n_a])
W = tf.Variable(tf.random_uniform([n_s, n_a], 0, 0.01, seed=7))
q = tf.matmul(onehot, W)
loss = tf.reduce_sum(tf.square(target - q))
train = tf.train.GradientDescentOptimizer(learning_rate=0.1).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    wins, costs = 0, []
    for episode in range(60):
        s = env.reset()
        for t in range(30):
            values = sess.run(table)[s] + np.random.randn(n_a) / (episode + 1)
            a = int(np.argmax(values))
            s_, r, done, _ = env.step(a)
            sess.run(update, {state: s, action: a, new: s_, reward: r})
            now = sess.run(q, {onehot: np.identity(n_s)[s:s + 1]})
            now[0, a] = r if done else r + 0.9 * sess.run(q, {onehot: np.identity(n_s)[s_:s_ + 1]}).max()
            costs.append(sess.run([loss, train], {onehot: np.identity(n_s)[s:s + 1], target: now})[0])
            s = s_
            if done:
                break
        wins += r
        if episode % 10 == 9:
            print("episode %d wins %d sum %.6f loss %.6f" % (episode, wins, sess.run(table).sum(), np.sum(costs)))
