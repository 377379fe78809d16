"""Records this folder's programs for the tests of `tf1compat compare`. Run by a Python that has TensorFlow 1.15.5."""

import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
RECORDER = os.path.join(HERE, "..", "..", "..", "tf1compat", "comparing", "recorder.py")
STEPS = {"classifier": 100, "queue": 6}

for name, steps in sorted(STEPS.items()):
    folder = os.path.join(HERE, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    settings = {"folder": folder, "steps": steps, "runs": 1000, "bytes": 1 << 30, "seed": 0, "compress": True}
    os.chdir(os.path.join(HERE, "programs"))
    command = [sys.executable, "-W", "ignore", RECORDER, json.dumps(settings), name + ".py"]
    subprocess.check_call(command, env=dict(os.environ, PYTHONHASHSEED="0"))
