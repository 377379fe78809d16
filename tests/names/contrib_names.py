"""Lists the names of tf.contrib in TensorFlow 1.15.5, for `contrib_names.txt.gz`: a line a namespace.

    cd tests && TF1_PYTHON -m names.contrib_names

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5 (`make goldens` runs this).
"""

import gzip
import os
import types

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "contrib_names.txt.gz")
#: What `from __future__` left in modules that list no names.
LEFT_OVER = ("absolute_import", "division", "print_function")


def load():
    """{namespace: names}"""
    with gzip.open(PATH, "rt") as lines:
        pairs = (line.rstrip("\n").split(": ") for line in lines)
        return {space: names.split() for space, names in pairs}


def walk(module, path, found, seen, deep=0):
    """The public names of a module, and of the modules of tf.contrib in it."""
    if deep > 3 or id(module) in seen:
        return
    seen.add(id(module))
    names = []
    for name in sorted(dir(module)):
        value = None if name.startswith("_") else getattr(module, name, None)
        if isinstance(value, types.ModuleType):
            if "tensorflow.contrib" in value.__name__.replace("tensorflow_core", "tensorflow") and name != "python":
                walk(value, path + "." + name, found, seen, deep + 1)
        elif not name.startswith("_") and name not in LEFT_OVER:
            names.append(name)
    if names:
        found[path] = names


def main():
    import tensorflow as tf

    assert tf.__version__ == "1.15.5"
    found, seen = {}, set()
    for name in sorted(dir(tf.contrib)):
        value = getattr(tf.contrib, name, None)
        if isinstance(value, types.ModuleType) and not name.startswith("_"):
            walk(value, "contrib." + name, found, seen)
    lines = "".join("{}: {}\n".format(space, " ".join(names)) for space, names in sorted(found.items()))
    with gzip.GzipFile(PATH, "wb", mtime=0) as file:
        file.write(lines.encode())
    print(len(found), "namespaces,", sum(map(len, found.values())), "names")


if __name__ == "__main__":
    main()
