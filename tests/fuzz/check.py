"""Fuzzes `tf1compat check`, guided by coverage: `make fuzz`, or `python tests/fuzz/check.py [libFuzzer's options]`.

Whatever is in a file, the command must end with one of its exit codes and JSON that names the file; any exception is
a find, and so is reading that takes over ten seconds (libFuzzer's -timeout).
"""

import contextlib
import io
import json
import os
import sys
import tempfile

import atheris

with atheris.instrument_imports(include=["tf1compat"]):
    from tf1compat.checking import notebooks, report, scopes, sources, symbols, verdicts  # noqa: F401
    from tf1compat.cli import main
    from tf1compat.python2 import judge, signs, syntax  # noqa: F401

#: What programs are put together from, so that the fuzzer need not find Python's grammar first.
PIECES = """import tensorflow as tf|from tensorflow.contrib import slim|from tensorflow.python.ops import nn as tf|
import tensorflow.contrib.layers as layers|from tensorflow import *|import cv2, gym|import tf1compat.v1 as tf|
tf.|tf.contrib.gan.gan_loss(|tf.nn.relu|slim.conv2d(|tf.mul|.python.ops.|tf.Session|layers.|getattr(tf, 'nn')|
__import__('tensorflow')|tf = |def f(tf, *a, **k):|class A(tf.train.Optimizer):|lambda tf: |[tf for tf in x]|if |
else:|try:|except ImportError as tf:|finally:|with tf.Session() as tf:|for tf in |while |global tf|nonlocal tf|del tf|
return |yield |async |await |match tf:|case tf:|print 'x'|print >>f, x|exec 'x'|`x`|0777|u'x'|raise E, x|x <> y|
(tf := 1)|\t|    |        |\n|\r\n|\r|\x0c|\\|#|# -*- coding: latin-1 -*-|\ufeff|'|\"|
'''|f'{tf.nn}'|(|)|[|]|{|}|:|,|;|=|*|@|
\x00|é|%matplotlib inline|!ls|%%bash|%%time|tf?""".replace("|\n", "|").split("|")

folder = tempfile.mkdtemp(prefix="fuzz_check_", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)


def program(data):
    """A program's text, of pieces and of whatever."""
    parts = []
    while data.remaining_bytes() and len(parts) < 400:
        way = data.ConsumeIntInRange(0, 9)
        if way < 6:
            parts.append(PIECES[data.ConsumeIntInRange(0, len(PIECES) - 1)])
        elif way < 8:
            parts.append("\n")
        else:
            parts.append(data.ConsumeUnicode(4))
    return "".join(parts)


def notebook(data):
    """A notebook's bytes, whole or not."""
    cells = [
        {"cell_type": data.PickValueInList(["code", "code", "markdown", None, 1]), "source": one}
        for one in [program(data).split("\n"), program(data), None]
    ]
    made = data.PickValueInList([{"cells": cells}, {"worksheets": [{"cells": cells}]}, cells, {"cells": {}}, None])
    text = json.dumps(made).encode()
    return text[: data.ConsumeIntInRange(0, len(text))] if data.ConsumeBool() else text


def test_one_input(given):
    data = atheris.FuzzedDataProvider(given)
    kind = data.ConsumeIntInRange(0, 3)
    if kind == 0:
        name, content = "raw.py", data.ConsumeBytes(data.remaining_bytes())
    elif kind == 1:
        name, content = "book.ipynb", notebook(data)
    else:
        name, content = "program.py", program(data).encode("utf-8", "surrogatepass")
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main(["check", path, "--json"])
    said = json.loads(out.getvalue())
    assert status in (0, 1, 2), status
    assert [one["path"] for one in said["files"]] == [path], said
    assert said["summary"]["exit_code"] == status
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["check", path]) == status


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
