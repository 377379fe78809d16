"""Whatever a file holds: `migrate` says what is the matter, or makes a file that Python reads and that stays so."""

import ast
import codecs
import collections
import io
import json
import tokenize
import warnings

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tf1compat.migrating import make_plan
from tf1compat.migrating.plan import FAULT

SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

LINES = st.sampled_from(
    [
        "import tensorflow as tf",
        "import tensorflow.contrib.slim, os  # é",
        "from tensorflow.contrib import rnn",
        "from numpy import Inf, array",
        "import numpy as np, pandas, threading, gym",
        "x = np.float(3) / np.Inf; y = frame.ix[0]",
        "def f(a, b=tf.mul(1, 2)):",
        "class A(threading.Thread):",
        "    def run(self): pass",
        "    return x / y",
        "\tx /= 2",
        "print 'a', x / 2,",
        "print(x)",
        "if x <> 1: print `x`",
        "try: pass",
        "except E, e: print e.message",
        "'''a",
        "b'''",
        "x = (1,  # a",
        "  / 2)  # b",
        "from collections import (Mapping,  # c",
        "    OrderedDict)",
        "print 1  # d",
        "",
        "# comment \x0c",
        "\x0c",
        "x = 1 \\",
        "reload(sys); sys.setdefaultencoding('utf8')",
        "threading.Thread(target=f).start()",
        "from __future__ import division",
        "model.fit(x); keras = 1",
        "if __name__ == '__main__':",
        "    main()",
        "lambda (a, b), c: a",
        "async def g(): await x",
        "match x:",
        "    case 1: pass",
    ]
)
PROGRAMS = st.builds(
    lambda lines, end, last: end.join(lines) + last,
    st.lists(LINES, max_size=14),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n", "\r\n", "\n\n", " ", "\\"]),
)


def comments(data):
    """The comments of a file of Python 3, each as often as it stands there."""
    try:
        tokens = list(tokenize.tokenize(io.BytesIO(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).readline))
    except (tokenize.TokenError, SyntaxError):  # Python 2, say
        return collections.Counter()
    return collections.Counter(token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT)


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")

    def check(data, name="file.py"):
        path = folder / name
        path.write_bytes(data)
        (file,) = make_plan([str(path)], "v1").files
        assert path.read_bytes() == data == file.before
        if file.error is not None:
            assert FAULT not in file.error
            assert not file.changed and file.error and "\n" not in file.error
            return file
        for note in file.notes:
            assert 0 <= note.line <= data.count(b"\n") + data.count(b"\r") + 1
        if file.changed:
            if name.endswith(".py"):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    ast.parse(file.after)
                assert not comments(data) - comments(file.after)
            path.write_bytes(file.after)
            (again,) = make_plan([str(path)], "v1").files
            assert again.after == file.after and again.error is None
        return file

    return check


@SETTINGS
@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfei\x00")
@example(b"# coding: utf-16\nx")
@example(b"# coding: nonsense\nimport tensorflow")
@example(b"# coding: rot13\nimport tensorflow")
@example(b"# coding: utf-7\nimport tensorflow as tf\n# +AGE-")
@example(b"\x00")
def test_arbitrary_bytes(check, data):
    check(data)


@SETTINGS
@given(st.text(max_size=200))
@example("\U00013460")
def test_arbitrary_text(check, text):
    check(text.encode("utf-8", "surrogatepass"))


@SETTINGS
@given(PROGRAMS)
def test_arbitrary_programs(check, text):
    check(text.encode())


@SETTINGS
@given(st.lists(LINES, max_size=8), st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=8, max_size=8))
def test_mixed_line_ends(check, lines, ends):
    data = "".join(line + end for line, end in zip(lines, ends, strict=False)).encode()
    file = check(data)
    if file.changed:  # lines that nobody touched keep their ends
        old = data.splitlines(keepends=True)
        bare = [line.rstrip(b"\r\n") for line in old]
        for line in file.after.splitlines(keepends=True):
            text = line.rstrip(b"\r\n")
            assert bare.count(text) != 1 or not text.strip() or line in old


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "shift_jis", "koi8-r", "euc-kr"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_encodings(check, encoding, end, last):
    letters = {"cp1252": "€é", "latin-1": "é", "shift_jis": "日本", "koi8-r": "Привет", "euc-kr": "한"}
    cookie = f"# -*- coding: {encoding.replace('-sig', '')} -*-"
    lines = [cookie, "import tensorflow as tf", f"x = '{letters.get(encoding, 'é€日')}'", "y = 1"]
    text = end.join(lines) + (end if last else "")
    file = check(text.encode(encoding))
    assert file.error is None
    new = file.after.decode(encoding)
    assert new == text.replace("import tensorflow as tf", "import tf1compat.v1 as tf")
    assert file.after.startswith(codecs.BOM_UTF8) == (encoding == "utf-8-sig")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("import tensorflow\nx = 'é'".encode("latin-1"), "byte 0xe9"),
        ("import tensorflow".encode("utf-16"), "UTF-16"),
        ("import tensorflow".encode("utf-32"), "UTF-16 or UTF-32"),
        (b"import tensorflow\0", "binary"),
        (b"# coding: nonsense\nimport tensorflow", "unknown encoding"),
        (b"import tensorflow\nthis is no Python", "Python"),
        (b"import tensorflow\nprint 'a'\n  x = 1\n", "Python"),
    ],
)
def test_what_cannot_be_read_is_said(check, data, said):
    assert said in check(data).error


NESTED = {
    "parentheses": "(" * 5000 + ")" * 5000,
    "few brackets": "[" * 90 + "]" * 90,
    "sums": "1+" * 30000 + "1",
    "signs": "-" * 30000 + "1",
    "attributes": "a" + ".b" * 20000,
    "calls": "a" + "()" * 20000,
    "nots": "not " * 20000 + "x",
    "lambdas": "lambda: " * 5000 + "x",
    "ifs": "x if y else " * 5000 + "z",
    "blocks": "".join(f"\n{' ' * n}if x:" for n in range(99)) + " pass",
}


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
def test_deep_nesting(check, nested):
    check(f"import tensorflow as tf\nx = {nested}\n".encode())


def test_a_huge_file(check):
    text = "import tensorflow as tf\n" + "".join(f"x{n} = tf.nn.relu(x{n - 1}) + {n}  # {n}\n" for n in range(1, 2000))
    file = check(text.encode())
    assert file.after.decode() == text.replace("tensorflow", "tf1compat.v1", 1)


CELLS = st.lists(
    st.fixed_dictionaries(
        {"cell_type": st.sampled_from(["code", "markdown", "raw"])},
        optional={"source": st.one_of(PROGRAMS, st.lists(PROGRAMS), st.none(), st.integers()), "input": PROGRAMS},
    ),
    max_size=4,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@SETTINGS
@given(CELLS, JSON, st.sampled_from([None, 1, "\t"]))
def test_arbitrary_notebooks(check, cells, metadata, indent):
    notebook = {"cells": cells, "metadata": metadata}
    data = json.dumps(notebook, indent=indent).encode()
    file = check(data, "book.ipynb")
    if file.changed:
        new = json.loads(file.after)
        for old_cell, new_cell in zip(notebook["cells"], new["cells"], strict=True):
            for key, value in old_cell.items():
                assert key in ("source", "input") or new_cell[key] == value


@SETTINGS
@given(st.one_of(JSON.map(json.dumps).map(str.encode), st.binary(max_size=60)))
@example(b'{"cells": [{"cell_type": "code", "source": "\\ud800"}]}')
@example(b'{"cells": [1, {"cell_type": "code", "source": ["import tensorflow as tf", "\\n", "x"]}], "cells": 3}')
@example(b'{"cells": [{"cell_type": "code", "source": "import tensorflow", "source": "import gym"}]}')
def test_arbitrary_json(check, data):
    check(data, "book.ipynb")
