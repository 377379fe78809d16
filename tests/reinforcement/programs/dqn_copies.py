# DQN on CartPole; the target network is a copy, made by assignments every few steps.
import collections
import random
import sys

import gym
import numpy as np
import numpy_envs
import tensorflow as tf

env = gym.make(sys.argv[1] if len(sys.argv) > 1 else "CartPole-v0")
random.seed(0)
np.random.seed(0)
state_size, action_size = env.observation_space.shape[0], env.action_space.n


def network(x, scope):
    with tf.variable_scope(scope):
        w1 = tf.get_variable("w1", [state_size, 24], initializer=tf.random_normal_initializer(0, 0.3, seed=1))
        b1 = tf.get_variable("b1", [24], initializer=tf.constant_initializer(0.1))
        w2 = tf.get_variable("w2", [24, action_size], initializer=tf.random_normal_initializer(0, 0.3, seed=2))
        return tf.matmul(tf.nn.relu(tf.matmul(x, w1) + b1), w2)


s = tf.placeholder(tf.float32, [None, state_size], name="s")
s_ = tf.placeholder(tf.float32, [None, state_size], name="s_")
q_target = tf.placeholder(tf.float32, [None, action_size], name="q_target")
q_eval, q_next = network(s, "eval_net"), network(s_, "target_net")
loss = tf.reduce_mean(tf.squared_difference(q_target, q_eval))
t_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="target_net")
e_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="eval_net")
train = tf.train.RMSPropOptimizer(0.01).minimize(loss, var_list=e_params)
replace = [tf.assign(t, e) for t, e in zip(t_params, e_params)]

memory = collections.deque(maxlen=500)
learned = 0
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for episode in range(12):
        state, steps = env.reset(), 0
        while True:
            if np.random.uniform() < 0.8:
                action = int(np.argmax(sess.run(q_eval, {s: state[np.newaxis, :]})))
            else:
                action = np.random.randint(0, action_size)
            new, reward, done, _ = env.step(action)
            memory.append((state, action, reward if not done else -1.0, new))
            state, steps = new, steps + 1
            if len(memory) >= 32 and steps % 2 == 0:
                if learned % 20 == 0:
                    sess.run(replace)
                batch = [memory[i] for i in np.random.choice(len(memory), 16)]
                before, after = np.array([b[0] for b in batch]), np.array([b[3] for b in batch])
                now, later = sess.run([q_eval, q_next], {s: before, s_: after})
                wanted = now.copy()
                for i, (_, a, r, _) in enumerate(batch):
                    wanted[i, a] = r + 0.9 * later[i].max()
                _, cost = sess.run([train, loss], {s: before, q_target: wanted})
                learned += 1
                if learned % 5 == 0 and learned <= 40:
                    print("step %d loss %.6f" % (learned, cost))
            if done or steps >= 60:
                break
        if learned >= 60:
            break
