# PPO with the clipped ratio, a normal distribution over Pendulum's torque, old and new policy in one graph.
import sys

import gym
import numpy as np
import numpy_envs
import tensorflow as tf

env = gym.make(sys.argv[1] if len(sys.argv) > 1 else "Pendulum-v0").unwrapped
np.random.seed(5)
tfs = tf.placeholder(tf.float32, [None, 3], "state")
tfa = tf.placeholder(tf.float32, [None, 1], "action")
tfadv = tf.placeholder(tf.float32, [None, 1], "advantage")
tfdc_r = tf.placeholder(tf.float32, [None, 1], "discounted_r")


def dense(x, units, activation, seed, **kwargs):
    return tf.layers.dense(x, units, activation, kernel_initializer=tf.glorot_uniform_initializer(seed=seed), **kwargs)


with tf.variable_scope("critic"):
    v = dense(dense(tfs, 40, tf.nn.relu, 1), 1, None, 2)
    advantage = tfdc_r - v
    closs = tf.reduce_mean(tf.square(advantage))
    ctrain = tf.train.AdamOptimizer(0.002).minimize(closs)


def build_anet(name, trainable):
    with tf.variable_scope(name):
        l1 = dense(tfs, 40, tf.nn.relu, 3, trainable=trainable)
        mu = 2 * dense(l1, 1, tf.nn.tanh, 4, trainable=trainable)
        sigma = dense(l1, 1, tf.nn.softplus, 5, trainable=trainable) + 0.1
        norm = tf.distributions.Normal(loc=mu, scale=sigma)
    return norm, mu, sigma, tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope=name)


pi, mu, sigma, pi_params = build_anet("pi", trainable=True)
oldpi, _, _, oldpi_params = build_anet("oldpi", trainable=False)
update_oldpi = [oldp.assign(p) for p, oldp in zip(pi_params, oldpi_params)]
ratio = pi.prob(tfa) / (oldpi.prob(tfa) + 1e-5)
surrogate = ratio * tfadv
aloss = -tf.reduce_mean(tf.minimum(surrogate, tf.clip_by_value(ratio, 0.8, 1.2) * tfadv))
kl = tf.reduce_mean(tf.distributions.kl_divergence(oldpi, pi))
atrain = tf.train.AdamOptimizer(0.001).minimize(aloss, var_list=pi_params)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
s = env.reset()
for epoch in range(6):
    states, actions, rewards = [], [], []
    for t in range(24):
        m, d = sess.run([mu, sigma], {tfs: s[np.newaxis, :]})
        a = np.clip(m[0] + d[0] * np.random.randn(1), -2, 2)
        s_, r, done, _ = env.step(a)
        states.append(s)
        actions.append(a)
        rewards.append((r + 8) / 8)
        s = s_
    value = sess.run(v, {tfs: s[np.newaxis, :]})[0, 0]
    targets = []
    for r in rewards[::-1]:
        value = r + 0.9 * value
        targets.append(value)
    bs, ba, br = np.vstack(states), np.vstack(actions), np.array(targets[::-1])[:, np.newaxis]
    sess.run(update_oldpi)
    adv = sess.run(advantage, {tfs: bs, tfdc_r: br})
    for _ in range(5):
        _, al, k = sess.run([atrain, aloss, kl], {tfs: bs, tfa: ba, tfadv: adv})
        _, cl = sess.run([ctrain, closs], {tfs: bs, tfdc_r: br})
    print("epoch %d actor %.6f critic %.6f kl %.6f" % (epoch, al, cl, k))
