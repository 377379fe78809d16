"""Records guide.json: what TensorFlow 1.15.5 prints for each program on the pages whose fence says "python tf1"; and
guide_recordings: what `tf1compat compare` records of the programs that the pages compare.

    python goldens/guide.py [--new]

in tests/, under a Python 3.7 that has it; with --new only programs that are not recorded yet. test_docs.py holds the
pages against the record.
"""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import pages  # noqa: E402

GOLDENS = os.path.join(HERE, "guide.json")
RECORDINGS = os.path.join(HERE, "guide_recordings")
RECORDER = os.path.join(HERE, "..", "..", "tf1compat", "comparing", "recorder.py")


def from_recording(words):
    """The arguments of `tf1compat` that compare with the recording, for those that compare with the oracle."""
    place = words.index("--oracle")
    recording = os.path.join(RECORDINGS, _name(words, _block_of(words)))
    return words[:place] + ["--recording", recording] + words[place + 2 :]


def _block_of(words):
    """The program that a command compares."""
    return next(block for block in pages.BLOCKS if block.title == words[1] and block.page.name == "porting_tools.md")


def _name(words, block):
    return "%s_%s_%s" % (words[1].replace(".py", ""), words[words.index("--steps") + 1], key(block.body))


def key(body):
    """What a program is recorded under."""
    return hashlib.sha256(body.encode("utf-8")).hexdigest()[:16]


def main():
    import tensorflow as tf

    assert tf.__version__ == "1.15.5"
    recorded = {}
    if "--new" in sys.argv:
        with open(GOLDENS) as file:
            recorded = json.load(file)
    else:
        shutil.rmtree(RECORDINGS)
        os.mkdir(RECORDINGS)
    found = {}
    for block in pages.BLOCKS:
        if block.kind != "python tf1" or not pages.runs_alone(block):
            continue
        name = key(block.body)
        if name in recorded:
            found[name] = recorded[name]
            continue
        print(block.place)
        with tempfile.TemporaryDirectory() as folder:
            script = os.path.join(folder, "script.py")
            with open(script, "w") as file:
                file.write(block.body)
            printed = subprocess.check_output([sys.executable, "-W", "ignore", script], cwd=folder)
        found[name] = printed.decode("utf-8")
    with open(GOLDENS, "w") as file:
        json.dump(found, file, indent=1, sort_keys=True)
        file.write("\n")
    record_compared()


def record_compared():
    wanted = set()
    for block in pages.BLOCKS:
        for line in block.body.splitlines() if block.kind == "sh" and block.printed is not None else ():
            words = shlex.split(line, comments=True)[3:]
            if "--oracle" not in words:
                continue
            program = _block_of(words)
            name = _name(words, program)
            wanted.add(name)
            recording = os.path.join(RECORDINGS, name)
            if os.path.exists(recording):
                continue
            print(block.place)
            steps = int(words[words.index("--steps") + 1])
            settings = {"folder": recording, "steps": steps, "runs": 1000, "bytes": 1 << 30, "seed": 0}
            settings["compress"] = True
            os.makedirs(recording)
            with tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, words[1]), "w") as file:
                    file.write(program.body)
                subprocess.check_call([sys.executable, RECORDER, json.dumps(settings), words[1]], cwd=folder)
    for name in os.listdir(RECORDINGS):
        if name not in wanted:
            shutil.rmtree(os.path.join(RECORDINGS, name))


if __name__ == "__main__":
    main()
