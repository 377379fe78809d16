"""Record what the programs in programs/ print under TensorFlow 1.15.5 with gym 0.17: `python3 record.py [PYTHON3.7]`.

The episodes come from numpy_envs, which are the same everywhere, and every weight's first value from a seed of its
own operation. What is printed then depends on TensorFlow alone.
"""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"
GOLDENS = HERE / "printed.json"

RUNS = [
    "a3c_threads.py NumpyCartPole-v0 1",
    "a3c_threads.py NumpyCartPole-v0 4",
    "actor_critic.py NumpyCartPole-v0",
    "ddpg_ema.py NumpyPendulum-v0",
    "double_dqn.py NumpyCartPole-v0",
    "dqn_copies.py NumpyCartPole-v0",
    "dqn_ema.py NumpyCartPole-v0",
    "policy_contrib.py NumpyCartPole-v0",
    "ppo_clip.py NumpyPendulum-v0",
    "q_table.py NumpyLake-v0",
    "reinforce.py NumpyCartPole-v0",
]


def record(python):
    env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONDONTWRITEBYTECODE="1", CUDA_VISIBLE_DEVICES="")
    printed = {}
    for run in RUNS:
        done = subprocess.run(
            [python, "-W", "ignore"] + run.split(), cwd=str(PROGRAMS), env=env, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, universal_newlines=True,
        )
        if done.returncode:
            sys.exit("{}: exit {}\n{}".format(run, done.returncode, done.stderr))
        printed[run] = done.stdout.splitlines()
    GOLDENS.write_text(json.dumps(printed, indent=1) + "\n")


if __name__ == "__main__":
    record(sys.argv[1] if len(sys.argv) > 1 else sys.executable)
