"""Records this folder's programs for the tests of `tf1compat compare`. Run by a Python that has TensorFlow 1.15.5."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
RECORDERS = os.path.join(HERE, "..", "..", "..", "tf1compat", "comparing")
STEPS = {"classifier": 100, "queue": 6}
#: Of which run the inside is recorded too.
INSIDE = {"classifier": 1}

sys.path.insert(0, RECORDERS)
import recorder  # noqa: E402


def run(file, program, settings):
    settings = dict(settings, seed=0)
    command = [sys.executable, "-W", "ignore", os.path.join(RECORDERS, file), json.dumps(settings), program + ".py"]
    subprocess.check_call(command, env=dict(os.environ, PYTHONHASHSEED="0"), cwd=os.path.join(HERE, "programs"))


def empty(*name):
    folder = os.path.join(HERE, *name)
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    return folder


def write_wanted(recording, number, folder):
    """What `comparing.comparing` writes for a run."""
    variables = {}
    with open(os.path.join(recording, "runs.jsonl")) as lines:
        for at, line in enumerate(map(json.loads, lines)):
            arrays = np.load(os.path.join(recording, "%06d.npz" % at))
            for name, place in line["before"] + (line["after"] if at < number else []):
                variables[name] = arrays["arr_%d" % place]
            if at == number:
                break
        feeds = [[name, arrays["arr_%d" % place]] for name, place in line["feeds"] + line["drawn"]]
    store = recorder.Store(folder, True)
    parts = {"variables": sorted(variables.items()), "feeds": feeds}
    told = {kind: [[name, store.put(value)] for name, value in pairs] for kind, pairs in parts.items()}
    store.line(dict(told, session=line["session"], fetches=line["fetches"]))


for name, steps in sorted(STEPS.items()):
    folder = empty(name)
    run("recorder.py", name, {"folder": folder, "steps": steps, "runs": 1000, "bytes": 1 << 30, "compress": True})
for name, number in INSIDE.items():
    wanted, inside = empty(name + "_wanted"), empty(name + "_inside")
    write_wanted(os.path.join(HERE, name), number, wanted)
    run("inner_recorder.py", name, {"wanted": wanted, "folder": inside})
    shutil.rmtree(wanted)
