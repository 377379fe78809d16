# REINFORCE: the log probability of what was done, times what came of it.
import sys

import gym
import numpy as np
import numpy_envs
import tensorflow as tf

env = gym.make(sys.argv[1] if len(sys.argv) > 1 else "CartPole-v0")
env.seed(1)
np.random.seed(2)
tf.set_random_seed(1)

observations = tf.placeholder(tf.float32, [None, env.observation_space.shape[0]], name="observations")
actions = tf.placeholder(tf.int32, [None], name="actions")
values = tf.placeholder(tf.float32, [None], name="values")
layer = tf.layers.dense(
    observations,
    10,
    activation=tf.nn.tanh,
    kernel_initializer=tf.random_normal_initializer(mean=0, stddev=0.3, seed=3),
    bias_initializer=tf.constant_initializer(0.1),
    name="fc1",
)
logits = tf.layers.dense(
    layer, env.action_space.n, kernel_initializer=tf.random_normal_initializer(mean=0, stddev=0.3, seed=4), name="fc2"
)
probabilities = tf.nn.softmax(logits)
neg_log_prob = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=actions)
loss = tf.reduce_mean(neg_log_prob * values)
train = tf.train.AdamOptimizer(0.02).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for episode in range(15):
    seen, done_actions, rewards = [], [], []
    observation = env.reset()
    while True:
        p = sess.run(probabilities, {observations: observation[np.newaxis, :]})
        action = np.random.choice(range(p.shape[1]), p=p.ravel().astype(np.float64) / p.astype(np.float64).sum())
        seen.append(observation)
        done_actions.append(action)
        observation, reward, done, info = env.step(action)
        rewards.append(reward)
        if done or len(rewards) >= 50:
            break
    discounted, running = np.zeros_like(rewards), 0.0
    for t in reversed(range(len(rewards))):
        running = running * 0.95 + rewards[t]
        discounted[t] = running
    discounted = (discounted - discounted.mean()) / discounted.std()
    cost, _ = sess.run([loss, train], {observations: np.vstack(seen), actions: done_actions, values: discounted})
    print("episode %d steps %d loss %.6f" % (episode, len(rewards), cost))
