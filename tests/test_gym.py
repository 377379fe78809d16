"""`import gym` under `tf1compat run`: the interface of gym 0.17 over gymnasium."""

from __future__ import annotations

import json
import sys

import pytest
from run_harness import fast_run, write

pytest.importorskip("gymnasium")

PROGRAM = """
    import glob, json, sys
    import gym
    import numpy as np
    from gym import spaces, wrappers
    from gym.envs.registration import register
    from gym.envs.classic_control import CartPoleEnv
    import gym.spaces

    out = {}
    env = gym.make("CartPole-v0")
    assert env.seed(3) == [3]
    first = env.reset()
    out["observation"] = [type(first).__name__, first.shape]
    env.seed(3)
    out["seeded"] = bool((env.reset() == first).all())
    results = []
    while True:
        results.append(env.step(0))
        if results[-1][2]:
            break
    out["step"] = [len(results[0]), type(results[-1][2]).__name__, sum(r[1] for r in results) == len(results)]
    out["spaces"] = [env.action_space.n, env.observation_space.shape[0], type(env.action_space.n).__name__]
    out["spec"] = [env.spec.id, env.spec.max_episode_steps, env.spec.timestep_limit, env._max_episode_steps]
    env._max_episode_steps = 3
    env.reset()
    steps = [env.step(i % 2) for i in range(3)]
    out["limit"] = [steps[1][2], steps[2][2], steps[2][3]]
    out["unwrapped"] = [env.unwrapped.x_threshold, env.unwrapped is env.env, len(env.unwrapped.reset())]
    env.unwrapped.state = np.array([0.1, 0.2, 0.0, 0.0])
    out["state"] = [float(v) for v in env.unwrapped.inner.state[:2]]
    env.render()
    env.close()

    env = gym.make("Pendulum-v0")
    env.reset()
    out["pendulum"] = [env.spec.id, env.step(np.array([0.5]))[0].shape, float(env.action_space.high[0])]

    register(id="FrozenLake-v3", entry_point="gym.envs.toy_text:FrozenLakeEnv",
             kwargs={"map_name": "4x4", "is_slippery": False}, max_episode_steps=50)
    env = gym.make("FrozenLake-v3")
    path = [env.reset()] + [env.step(a)[0] for a in (1, 1, 2, 1, 2)]
    out["lake"] = [int(s) for s in path] + [env.step(2)[1], env.nS]
    env.render()
    out["slippery"] = gym.make("FrozenLake-v0", is_slippery=False).unwrapped.P[0][1][0][:2]

    class Own(gym.Env):
        observation_space = spaces.Box(low=-1, high=1, shape=(2,), dtype=np.float32)
        action_space = spaces.Discrete(2)
        def __init__(self, bonus=0): self.bonus = bonus
        def _reset(self): return np.zeros(2)
        def step(self, action): return np.ones(2), action + self.bonus, False, {}

    register("Own-v0", entry_point=lambda **k: Own(**k), kwargs={"bonus": 2}, max_episode_steps=4)
    class Twice(gym.RewardWrapper):
        def reward(self, reward): return 2 * reward
    env = wrappers.Monitor(Twice(gym.make("Own-v0")), "films", force=True)
    env.reset()
    while not env.step(1)[2]:
        pass
    env.close()
    out["monitor"] = [env.get_episode_rewards(), env.get_episode_lengths()]
    stats = json.load(open(glob.glob("films/openaigym*.stats.json")[0]))
    out["stats"] = [stats["episode_rewards"], stats["episode_lengths"]]
    for bad, text in ((lambda: gym.make("Nothing-v0"), "Nothing"), (lambda: gym.make("Nothing"), "malformed")):
        try:
            bad()
        except gym.error.Error as error:
            assert text in str(error), error
        else:
            raise AssertionError(text)
    try:
        gym.wrappers.Video
    except NotImplementedError as error:
        out["refused"] = str(error)[:18]
    out["classes"] = CartPoleEnv().reset().shape
    print(json.dumps(out))
    """

EXPECTED = {
    "observation": ["ndarray", [4]],
    "seeded": True,
    "step": [4, "bool", True],
    "spaces": [2, 4, "int"],
    "spec": ["CartPole-v0", 200, 200, 200],
    "limit": [False, True, {"TimeLimit.truncated": True}],
    "unwrapped": [2.4, True, 4],
    "state": [0.1, 0.2],
    "pendulum": ["Pendulum-v0", [3], 2.0],
    "lake": [0, 4, 8, 9, 13, 14, 1.0, 16],
    "slippery": [1.0, 4],
    "monitor": [[24.0], [4]],
    "stats": [[24.0], [4]],
    "refused": "gym.wrappers.Video",
    "classes": [4],
}


def test_the_old_interface(tmp_path):
    write(tmp_path, {"program.py": PROGRAM})
    done = fast_run(tmp_path, "program.py")
    assert json.loads(done.stdout.splitlines()[-1]) == EXPECTED
    assert "FFHF" not in done.stderr and "SFFF" in done.stdout  # the lake is printed
    assert done.stderr.count("old interface, over gymnasium") == 1
    assert "gym.make('Pendulum-v0'): gymnasium" in done.stderr and "films none" in done.stderr


def test_without_gymnasium(tmp_path):
    hide = "import sys\nsys.modules['gymnasium'] = None\n"
    tried = "try:\n    import gym\nexcept ImportError as error:\n    print(error.name)\n"
    write(tmp_path, {"program.py": hide + tried})
    done = fast_run(tmp_path, "program.py")
    assert done.stdout == "gym\n" and "pip install gymnasium" in done.stderr


def test_installed_code_gets_none(tmp_path):
    library = "try:\n    import gym\nexcept ImportError:\n    gym = None\n"
    files = {"env/site-packages/library.py": library, "program.py": "import library\nprint(library.gym)\n"}
    write(tmp_path, files)
    assert fast_run(tmp_path, "program.py").stdout == "None\n"


def test_a_real_gym_with_the_old_interface_is_used(tmp_path):
    write(tmp_path, {"env/site-packages/gym.py": "mine = 1\n", "program.py": "import gym\nprint(gym.mine)\n"})
    assert fast_run(tmp_path, "program.py").stdout == "1\n"
    assert "gym" not in sys.modules
