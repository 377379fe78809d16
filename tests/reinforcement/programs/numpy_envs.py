"""CartPole, Pendulum and a frozen lake in NumPy alone: the same episodes under every gym and Python."""
import gym
import numpy as np
from gym import spaces
from gym.envs.registration import register


class CartPole(gym.Env):
    def __init__(self):
        self.action_space = spaces.Discrete(2)
        self.observation_space = spaces.Box(low=-5.0, high=5.0, shape=(4,), dtype=np.float32)
        self.random = np.random.RandomState(1)

    def reset(self):
        self.state = self.random.uniform(-0.05, 0.05, 4)
        return self.state.copy()

    def step(self, action):
        x, x_dot, theta, theta_dot = self.state
        force = 10.0 if action == 1 else -10.0
        cos, sin = np.cos(theta), np.sin(theta)
        temp = (force + 0.05 * theta_dot ** 2 * sin) / 1.1
        acc = (9.8 * sin - cos * temp) / (0.5 * (4.0 / 3.0 - 0.1 * cos ** 2 / 1.1))
        x_acc = temp - 0.05 * acc * cos / 1.1
        self.state = self.state + 0.02 * np.array([x_dot, x_acc, theta_dot, acc])
        done = bool(abs(self.state[0]) > 2.4 or abs(self.state[2]) > 0.2095)
        return self.state.copy(), 1.0, done, {}


class Pendulum(gym.Env):
    def __init__(self):
        self.action_space = spaces.Box(low=-2.0, high=2.0, shape=(1,), dtype=np.float32)
        self.observation_space = spaces.Box(low=-8.0, high=8.0, shape=(3,), dtype=np.float32)
        self.random = np.random.RandomState(2)

    def _observe(self):
        return np.array([np.cos(self.angle), np.sin(self.angle), self.speed])

    def reset(self):
        self.angle, self.speed = self.random.uniform([-np.pi, -1.0], [np.pi, 1.0])
        return self._observe()

    def step(self, u):
        u = np.clip(u, -2.0, 2.0)[0]
        angle = (self.angle + np.pi) % (2 * np.pi) - np.pi
        cost = angle ** 2 + 0.1 * self.speed ** 2 + 0.001 * u ** 2
        self.speed = np.clip(self.speed + (15.0 * np.sin(self.angle) + 3.0 * u) * 0.05, -8.0, 8.0)
        self.angle += self.speed * 0.05
        return self._observe(), -cost, False, {}


class Lake(gym.Env):
    MAP = "SFFFFHFHFFFHHFFG"

    def __init__(self):
        self.action_space = spaces.Discrete(4)
        self.observation_space = spaces.Discrete(16)
        self.at = 0

    def reset(self):
        self.at = 0
        return self.at

    def step(self, action):
        row, column = divmod(self.at, 4)
        if action == 0:
            column = max(column - 1, 0)
        elif action == 1:
            row = min(row + 1, 3)
        elif action == 2:
            column = min(column + 1, 3)
        else:
            row = max(row - 1, 0)
        self.at = 4 * row + column
        return self.at, float(self.MAP[self.at] == "G"), self.MAP[self.at] in "HG", {}


register(id="NumpyCartPole-v0", entry_point=CartPole, max_episode_steps=200)
register(id="NumpyPendulum-v0", entry_point=Pendulum, max_episode_steps=200)
register(id="NumpyLake-v0", entry_point=Lake, max_episode_steps=100)
