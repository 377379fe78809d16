"""Fuzzes `tf1compat migrate --to v1`, guided by coverage: `make fuzz`, or `python tests/fuzz/migrate.py [libFuzzer's
options]`.

Whatever is in a file: it stays as it is without --write; with it, it becomes what Python reads, and what stays as it is
when it is migrated again; or the command says in a line why not, and the file keeps every byte.
"""

import ast
import contextlib
import io
import os
import sys
import tempfile
import warnings

import atheris

with atheris.instrument_imports(include=["tf1compat"]):
    import tf1compat.migrating.v1
    from tf1compat.cli import main
    from tf1compat.migrating import make_plan
    from tf1compat.migrating.plan import FAULT

#: What programs are put together from, so that the fuzzer need not find Python's grammar first.
PIECES = """import tensorflow as tf|from tensorflow.contrib import slim|import tensorflow.contrib.layers, os|
from tensorflow import *|import gym, numpy as np|import pandas as pd|from scipy.misc import imread, comb|import time|
from collections import Mapping, OrderedDict|from __future__ import division|import threading, cPickle|
tf.mul(a, b)|tf.train.SummaryWriter(|np.float|np.Inf|frame.ix[0]|x = x.append(y)|t.isAlive()|time.clock()|
threading.Thread(target=f)|class A(threading.Thread):|def run(self):|def f(np, *a, **k):|
lambda (a, b), c: |x / y|x /= 2|x[i] /= y|7 / 2|round(x)|sorted(x, f)|x.decode('utf8')|
.fit(x)|keras|if __name__ == '__main__':|if |else:|try:|
except E, e: |except E as e: |print e.message|finally:|with f() as x:|for x in |while |return |yield |async |match x:|
print 'x'|print >>f, x,|exec 'x'|`x`|0777|u'x'|ur'x'|raise E, x|x <> y|reload(sys)|sys.setdefaultencoding('x')|
__import__('tensorflow')|import_module("tensorflow.nn")|@|\t|    |        |\n|\r\n|\r|\x0c|\\|#|\ufeff|'|\"|'''|f'{x}'|
# -*- coding: latin-1 -*-|(|)|[|]|{|}|:|,|;|=|*|.|é|x|1.|%matplotlib inline|!ls|%%bash|x = !ls"""
PIECES = PIECES.replace("|\n", "|").split("|")

folder = tempfile.mkdtemp(prefix="fuzz_migrate_", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)


def program(data):
    """A program's text, of pieces and of whatever."""
    parts = []
    while data.remaining_bytes() and len(parts) < 200:
        way = data.ConsumeIntInRange(0, 9)
        if way < 6:
            parts.append(PIECES[data.ConsumeIntInRange(0, len(PIECES) - 1)])
        elif way < 9:
            parts.append("\n")
        else:
            parts.append(data.ConsumeUnicode(4))
    return "".join(parts)


def notebook(data):
    """A notebook's bytes, whole or not."""
    import json

    sources = [program(data).splitlines(keepends=True), program(data), None]
    cells = [{"cell_type": data.PickValueInList(["code", "code", "markdown", 1]), "source": one} for one in sources]
    made = data.PickValueInList([{"cells": cells}, {"worksheets": [{"cells": cells}]}, cells, {"cells": {}}])
    text = json.dumps(made, indent=data.PickValueInList([None, 1])).encode()
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
    (planned,) = make_plan([path], "v1").files
    assert planned.before == content and FAULT not in (planned.error or ""), planned.error
    said = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        status = main(["migrate", path, "--to", "v1", "--write"])
    with open(path, "rb") as file:
        written = file.read()
    assert (status == 4) == (planned.error is not None) and status in (0, 3, 4), (status, said.getvalue())
    assert written == planned.after
    if planned.changed:
        os.unlink(f"{path}.orig")
        if name.endswith(".py"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(written)
        (again,) = make_plan([path], "v1").files
        assert again.after == written and again.error is None, again.error
    assert not [other for other in os.listdir(folder) if other != name and not other.endswith((".py", ".ipynb"))]


if __name__ == "__main__":
    assert tf1compat.migrating.v1
    # Long inputs from the start: short ones are no programs.
    atheris.Setup([sys.argv[0], "-len_control=0", "-max_len=800", *sys.argv[1:]], test_one_input)
    atheris.Fuzz()
