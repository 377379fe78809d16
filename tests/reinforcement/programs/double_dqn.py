# Double DQN with tf.layers: one network chooses the next action, the other says what it is worth.
import sys

import gym
import numpy as np
import numpy_envs
import tensorflow as tf

env = gym.make(sys.argv[1] if len(sys.argv) > 1 else "MountainCar-v0")
np.random.seed(7)
n_s, n_a = env.observation_space.shape[0], env.action_space.n
regularizer = tf.contrib.layers.l2_regularizer(1e-3)


def q_net(x, scope, reuse=False):
    with tf.variable_scope(scope, reuse=reuse):
        x = tf.layers.dense(x, 16, activation=tf.nn.elu, kernel_initializer=tf.variance_scaling_initializer(seed=1),
                            kernel_regularizer=regularizer)
        x = tf.layers.dense(x, 16, activation=tf.nn.elu, kernel_initializer=tf.variance_scaling_initializer(seed=2),
                            kernel_regularizer=regularizer)
        return tf.layers.dense(x, n_a, kernel_initializer=tf.variance_scaling_initializer(seed=3))


s, s_ = tf.placeholder(tf.float32, [None, n_s]), tf.placeholder(tf.float32, [None, n_s])
a, r, over = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
online = q_net(s, "online")
online_next = q_net(s_, "online", reuse=True)
target_next = q_net(s_, "target")
index = tf.stack([tf.range(tf.shape(s)[0]), tf.cast(tf.argmax(online_next, 1), tf.int32)], axis=1)
wanted = r + 0.9 * (1 - over) * tf.gather_nd(target_next, index)
chosen = tf.gather_nd(online, tf.stack([tf.range(tf.shape(s)[0]), a], axis=1))
loss = tf.losses.huber_loss(tf.stop_gradient(wanted), chosen) + tf.losses.get_regularization_loss("online")
global_step = tf.train.get_or_create_global_step()
rate = tf.train.exponential_decay(0.05, global_step, 20, 0.9, staircase=True)
optimizer = tf.train.MomentumOptimizer(rate, 0.9)
grads = optimizer.compute_gradients(loss, tf.trainable_variables("online"))
train = optimizer.apply_gradients([(tf.clip_by_norm(g, 1.0), v) for g, v in grads], global_step=global_step)
copy = tf.group(*[t.assign(0.5 * t + 0.5 * o) for t, o in
                  zip(tf.trainable_variables("target"), tf.trainable_variables("online"))])

memory = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    state = env.reset()
    for step in range(130):
        if np.random.rand() < 0.3:
            action = np.random.randint(n_a)
        else:
            action = int(sess.run(online, {s: [state]})[0].argmax())
        new, reward, done, _ = env.step(action)
        memory.append((state, action, reward, new, float(done)))
        state = env.reset() if done else new
        if step >= 30:
            batch = [memory[i] for i in np.random.randint(len(memory), size=16)]
            feed = dict(zip([s, a, r, s_, over], map(np.array, zip(*batch))))
            cost, _, now = sess.run([loss, train, global_step], feed)
            if step % 10 == 0:
                sess.run(copy)
                print("step %d loss %.6f rate %.6f" % (step, cost, sess.run(rate)))
