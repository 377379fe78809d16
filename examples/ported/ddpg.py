"""DDPG on gymnasium's Pendulum, with target networks that are exponential moving averages of the actor and the critic
(Lillicrap et al., https://arxiv.org/abs/1509.02971).

    python ddpg.py [EPISODES]

Ported to Keras's layers and `tf.function`:
- a target network is the model called with the averages in its variables' place, `stateless_call`: what building it
  again under a `custom_getter` was for;
- learning is one function, where it was three runs: within a function, code runs in the order it is written;
- what `get_concrete_function` gives is called in a third of a `tf.function`'s time, which shows where a step takes so
  little;
- the critic is given the action that was done as an argument. The old program fed it in the place of the actor's;
- gymnasium's `reset` and `step` return more than gym's, and "truncated" says that the 200 steps are over.
"""

import sys

import gymnasium
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from tf1compat import train

RATE_ACTOR, RATE_CRITIC = 0.001, 0.002
GAMMA = 0.9
TAU = 0.01  # what the targets move by in a step
MEMORY, BATCH = 10000, 32
WARM_UP = 1000  # steps before learning begins
HIDDEN = 40


def dense(size, seed, activation=None):
    return keras.layers.Dense(size, activation, kernel_initializer=keras.initializers.GlorotUniform(seed))


class DDPG:
    def __init__(self, state_dim, action_dim, bound):
        self.memory = np.zeros((MEMORY, state_dim * 2 + action_dim + 1), dtype=np.float32)
        self.pointer = 0
        self.columns = np.cumsum([state_dim, action_dim, 1])

        action = [dense(HIDDEN, 1, "relu"), dense(action_dim, 2, "tanh"), keras.layers.Rescaling(bound)]
        self.actor = keras.Sequential([keras.Input([state_dim]), *action])
        self.critic = keras.Sequential([keras.Input([state_dim + action_dim]), dense(HIDDEN, 3, "relu"), dense(1, 4)])
        self.actor_optimizer = train.AdamOptimizer(RATE_ACTOR)
        self.critic_optimizer = train.AdamOptimizer(RATE_CRITIC)
        self.params = self.actor.trainable_variables + self.critic.trainable_variables
        self.ema = train.ExponentialMovingAverage(decay=1 - TAU)
        self.ema.build(self.params)  # the averages start as the initial values

        def arrays(*sizes):
            return [tf.TensorSpec([BATCH, size]) for size in sizes]

        act = tf.function(lambda s: self.actor(s[None])[0], jit_compile=True)
        self.choose_action = act.get_concrete_function(tf.TensorSpec([state_dim]))
        train_step = tf.function(self._train_step)
        self.train_step = train_step.get_concrete_function(*arrays(state_dim, action_dim, 1, state_dim))

    def target(self, model, x):
        """What the model's slow copy says."""
        averages = [self.ema.average(variable) for variable in model.trainable_variables]
        return model.stateless_call(averages, model.non_trainable_variables, x)[0]

    def _train_step(self, s, a, r, s_):
        q = self.critic(tf.concat([s, self.actor(s)], axis=1))
        a_loss = -tf.reduce_mean(q)  # the larger the critic's estimate, the better
        self.actor_optimizer.minimize(a_loss, var_list=self.actor.trainable_variables)

        a_ = self.target(self.actor, s_)
        q_ = self.target(self.critic, tf.concat([s_, a_], axis=1))
        q = self.critic(tf.concat([s, a], axis=1))
        td_error = tf.reduce_mean(tf.square(r + GAMMA * q_ - q))
        self.critic_optimizer.minimize(td_error, var_list=self.critic.trainable_variables)
        self.ema.apply(self.params)
        return td_error

    def store_transition(self, s, a, r, s_):
        self.memory[self.pointer % MEMORY] = np.hstack((s, a, [r], s_))
        self.pointer += 1

    def learn(self, random):
        rows = self.memory[random.choice(min(self.pointer, MEMORY), size=BATCH)]
        return float(self.train_step(*np.split(rows, self.columns, axis=1)))


def plot(rewards, errors):
    plt.switch_backend("Agg")
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(rewards)
    left.set_title("reward of an episode")
    right.semilogy(errors)
    right.set_title("error of the critic")
    figure.savefig("ddpg.png")


def main(episodes=100):
    env = gymnasium.make("Pendulum-v1")
    random = np.random.default_rng(1)
    agent = DDPG(env.observation_space.shape[0], env.action_space.shape[0], env.action_space.high)
    rewards, errors = [], []
    spread = 3.0  # of the noise that explores
    for episode in tqdm(range(1, episodes + 1)):
        s, _ = env.reset(seed=1 if episode == 1 else None)
        total, truncated = 0.0, False
        while not truncated:
            a = np.clip(random.normal(agent.choose_action(s).numpy(), spread), -2, 2)
            s_, r, _, truncated, _ = env.step(a)
            agent.store_transition(s, a, r / 10, s_)
            if agent.pointer > WARM_UP:
                spread *= 0.9995
                errors.append(agent.learn(random))
            s = s_
            total += r
        rewards.append(total)
        if episode % 10 == 0:
            tqdm.write(f"episode {episode}: reward {total:.1f}, of the last ten {np.mean(rewards[-10:]):.1f}")
    plot(rewards, errors)
    print(f"mean reward of the last 20 episodes: {np.mean(rewards[-20:]):.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
