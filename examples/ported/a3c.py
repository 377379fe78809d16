"""A3C on gymnasium's CartPole: workers in threads; each pushes its gradients into the shared network and pulls the
shared weights into its own (Mnih et al., https://arxiv.org/abs/1602.01783).

    python a3c.py [EPISODES]

Ported to functions that threads call:
- TensorFlow 2's variables belong to the process, so there is no Session to share. A `tf.function` may be called from
  any thread, and leaves Python to the other threads while it runs;
- a push is the gradient of the worker's weights, applied to the shared ones: `zip` says which goes where, as it did;
- each worker's functions are traced before the threads start: tracing makes the optimizers' slots, which are shared.
  What `get_concrete_function` gives is also called in a third of the time, which shows where a step takes so little;
- the signature leaves the number of steps open, or each number would have a trace of its own;
- an executor hands on what a worker raises; that was the Coordinator's.
"""

import concurrent.futures
import sys
import threading

import gymnasium
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from tf1compat import train

N_WORKERS = 4
UPDATE_EVERY = 10  # steps of a worker from one push to the next
LONGEST = 200
GAMMA = 0.9
ENTROPY_BETA = 0.001
RATE_ACTOR, RATE_CRITIC = 0.001, 0.001
N_S, N_A = 4, 2


def dense(size, seed, activation=None):
    return keras.layers.Dense(size, activation, kernel_initializer=keras.initializers.RandomNormal(0, 0.1, seed))


class ACNet:
    def __init__(self):
        hidden = [dense(64, 1, "relu6"), dense(64, 3, "relu6")]
        self.actor = keras.Sequential([keras.Input([N_S]), hidden[0], dense(N_A, 2, "softmax")])
        self.critic = keras.Sequential([keras.Input([N_S]), hidden[1], dense(1, 4)])
        self.a_params, self.c_params = self.actor.trainable_variables, self.critic.trainable_variables

    def losses(self, states, actions, targets):
        td = targets - self.critic(states)
        prob = self.actor(states)
        log_prob = tf.reduce_sum(tf.math.log(prob + 1e-5) * tf.one_hot(actions, N_A), axis=1, keepdims=True)
        entropy = -tf.reduce_sum(prob * tf.math.log(prob + 1e-5), axis=1, keepdims=True)
        a_loss = tf.reduce_mean(-(log_prob * tf.stop_gradient(td) + ENTROPY_BETA * entropy))
        return a_loss, tf.reduce_mean(tf.square(td))


class Shared(ACNet):
    """The network that all push to, with the optimizers' state."""

    def __init__(self):
        super().__init__()
        self.opt_a, self.opt_c = train.RMSPropOptimizer(RATE_ACTOR), train.RMSPropOptimizer(RATE_CRITIC)


class Log:
    """What the workers share besides the network: how many episodes there have been, and how long."""

    def __init__(self, episodes):
        self.episodes, self.lengths, self.updates = episodes, [], [0] * N_WORKERS
        self.lock, self.bar = threading.Lock(), tqdm(total=episodes)
        self.failed = False

    def ended(self, length):
        with self.lock:
            self.lengths.append(length)
            self.bar.update()

    @property
    def full(self):
        return self.failed or len(self.lengths) >= self.episodes


class Worker:
    def __init__(self, number, shared):
        self.number, self.net = number, ACNet()
        self.env = gymnasium.make("CartPole-v1", max_episode_steps=LONGEST)
        self.random = np.random.default_rng(number)
        net = self.net

        @tf.function(jit_compile=True)
        def look(s):
            return net.actor(s[None])[0], net.critic(s[None])[0, 0]

        @tf.function
        def push_and_pull(states, actions, targets):
            a_loss, c_loss = net.losses(states, actions, targets)
            a_grads, c_grads = tf.gradients(a_loss, net.a_params), tf.gradients(c_loss, net.c_params)
            shared.opt_a.apply_gradients(zip(a_grads, shared.a_params))
            shared.opt_c.apply_gradients(zip(c_grads, shared.c_params))
            for mine, theirs in zip(net.a_params + net.c_params, shared.a_params + shared.c_params):
                mine.assign(theirs)

        self.look = look.get_concrete_function(tf.TensorSpec([N_S]))
        self.push_and_pull = push_and_pull.get_concrete_function(
            tf.TensorSpec([None, N_S]), tf.TensorSpec([None], tf.int32), tf.TensorSpec([None, 1])
        )

    def work(self, log):
        try:
            s, _ = self.env.reset(seed=self.number)
            while not log.full:
                log.ended(self.episode(s, log))
                s, _ = self.env.reset()
        except BaseException:
            log.failed = True  # ends the others
            raise

    def episode(self, s, log):
        """How many steps it takes."""
        rows, t, done, truncated = [], 0, False, False
        while not (done or truncated):
            prob, _ = self.look(s)
            a = int(self.random.uniform() > prob.numpy()[0])
            s_, r, done, truncated, _ = self.env.step(a)
            rows.append((s, a, -5.0 if done else r))
            s, t = s_, t + 1
            if done or t % UPDATE_EVERY == 0:
                self.learn(rows, 0.0 if done else self.look(s)[1].numpy())
                log.updates[self.number] += 1
                rows = []
        return t

    def learn(self, rows, v):
        targets = []
        for _, _, r in reversed(rows):
            v = r + GAMMA * v
            targets.append([v])
        states, actions, _ = zip(*rows)
        self.push_and_pull(np.stack(states), np.int32(actions), np.float32(targets[::-1]))


def plot(lengths):
    plt.switch_backend("Agg")
    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    axes.plot(lengths, ".", label="an episode")
    axes.plot(np.convolve(lengths, np.ones(20) / 20, "valid"), label="mean of 20")
    axes.set_title("how long the pole stood, steps")
    axes.legend()
    figure.savefig("a3c.png")


def main(episodes=600):
    log, shared = Log(episodes), Shared()
    workers = [Worker(number, shared) for number in range(N_WORKERS)]
    with concurrent.futures.ThreadPoolExecutor(N_WORKERS) as executor:
        for done in [executor.submit(worker.work, log) for worker in workers]:
            done.result()
    log.bar.close()
    plot(log.lengths)
    print(f"workers that took part: {sum(n > 0 for n in log.updates)} of {N_WORKERS}")
    print(f"mean length of the last 100 episodes: {np.mean(log.lengths[-100:]):.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
