"""Records guide.json: what TensorFlow 1.15.5 prints for each program on the pages whose fence says "python tf1".

    python goldens/guide.py [PAGE...]

in tests/, under a Python 3.7 that has it; programs that are recorded are not run again. test_docs.py holds the pages
against the record.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import pages  # noqa: E402

GOLDENS = os.path.join(HERE, "guide.json")


def key(body):
    """What a program is recorded under."""
    return hashlib.sha256(body.encode("utf-8")).hexdigest()[:16]


def main():
    import tensorflow as tf

    assert tf.__version__ == "1.15.5"
    with open(GOLDENS) as file:
        recorded = json.load(file)
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


if __name__ == "__main__":
    main()
