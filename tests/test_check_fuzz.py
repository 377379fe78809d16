"""`tf1compat check` on whatever may be in a file: an answer, never an exception. `make fuzz` goes on from here."""

import contextlib
import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tf1compat.cli import main

FEW = settings(max_examples=40, deadline=None)

PIECES = st.sampled_from(
    """import tensorflow as tf;from tensorflow.contrib import slim;from tensorflow.python.ops import nn as tf;tf.;
    from tensorflow import *;tf.contrib.gan.gan_loss(;slim.conv2d(;tf.mul;layers.;getattr(tf, 'nn');tf = ;def f(tf):;
    class A(tf.train.Optimizer):;lambda tf: ;[tf for tf in x];if x:;else:;try:;except E as tf:;with tf as tf:;
    for tf in ;global tf;nonlocal tf;del tf;return ;yield ;print 'x';print >>f, x;exec 'x';`x`;0777;raise E, x;x <> y;
    (tf := 1);\t;        ;\\;#;# coding: latin-1;\ufeff;';\";''';f'{tf.nn}';(;);[;];{;};:;,;=;*;**;@;é;\x00;\x0c;\r;!ls;
    %matplotlib;match tf:;case tf:;import a.b as tf;from . import tf;async def f():;await tf;...""".replace(
        ";\n    ", ";"
    ).split(";")
    + ["\n"] * 20
    + ["\n    "] * 8
)
KEYS = st.sampled_from("cells worksheets metadata cell_type source language_info".split())
PROGRAMS = st.lists(PIECES, max_size=40).map("".join)


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    """The exit code for a file of that name and content, once it is sure that the answer is whole."""
    folder = tmp_path_factory.mktemp("check")

    def check(name, content):
        path = folder / name
        path.write_bytes(content)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = main(["check", str(path), "--json"])
        said = json.loads(out.getvalue())
        (file,) = said["files"]
        assert file["path"] == str(path)
        assert status == said["summary"]["exit_code"]
        assert (status == 2) == bool(file["unreadable"])
        with contextlib.redirect_stdout(io.StringIO()):
            assert main(["check", str(path)]) == status
        return status

    return check


@FEW
@given(content=st.binary(max_size=300))
@example(content=b"# coding: utf-8\n\xff")
@example(content=b"# coding: utf-16\nx")
@example(content=b"# coding: rot13\nx")
@example(content=b"# coding: idna\nx = '\xe9'")
@example(content=b"\xef\xbb\xbf\n")
@example(content=b"\xff\xfei\x00m\x00")
@example(content=b"\x0c\n\x1a")
def test_bytes(check, content):
    check("bytes.py", content)


@FEW
@given(text=st.text(max_size=200))
@example(text="\ud800")
@example(text="tf = '\\N{no such}'")
@example(text="'\\ud800'")
@example(text="import tensorflow as tf\ntf.ﬁ()")
def test_text(check, text):
    check("text.py", text.encode("utf-8", "surrogatepass"))


@FEW
@given(program=PROGRAMS, coding=st.sampled_from(["utf-8", "latin-1", "utf-16", "utf-7", "cp037", "nonesuch"]))
def test_broken_programs(check, program, coding):
    try:
        written = program.encode(coding, "replace")
    except LookupError:
        written = program.encode()
    check("program.py", program.encode("utf-8", "surrogatepass"))
    check("program.py", f"# coding: {coding}\n".encode() + written)


@FEW
@given(
    cells=st.lists(
        st.fixed_dictionaries(
            {"cell_type": st.sampled_from(["code", "code", "raw", None, 1])},
            optional={"source": PROGRAMS | st.lists(PROGRAMS | st.none(), max_size=3) | st.none() | st.integers()},
        )
        | st.none(),
        max_size=4,
    ),
    cut=st.floats(0, 2),
)
def test_broken_notebooks(check, cells, cut):
    text = json.dumps({"cells": cells, "metadata": {"kernelspec": None}}).encode()
    check("book.ipynb", text[: int(len(text) * cut)])


@FEW
@given(
    value=st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    )
)
def test_json_that_is_no_notebook(check, value):
    check("any.ipynb", json.dumps(value).encode())


@pytest.mark.parametrize(
    "program",
    [
        "x = 1\n" * 20_000,
        "tf.nn." * 20_000 + "x",
        "import tensorflow as tf\n" + "tf" + ".nn" * 5000,
        "import tensorflow as tf\n" + "tf.add(" * 150 + "1" + ")" * 150,
        "-" * 50_000 + "1",
        "not " * 50_000 + "x",
        "lambda: " * 20_000 + "1",
        "if x:\n" + "".join(" " * n + "if x:\n" for n in range(1, 90)) + " " * 90 + "tf",
        "print 'x'\n" * 1_000,
        "print " + "(" * 1000 + ")" * 1000,
        "'" * 100_000,
        "\\\n" * 50_000,
        "x = [" + "'a', " * 20_000 + "]",
        "x" * 1_000_000,
        "import tensorflow as tf\ndef f():\n" + " try:\n  tf.mul\n finally: pass\n" * 500,
        "9" * 10_000,
    ],
    ids=lambda program: f"{program[:10]!r}x{len(program)}",
)
def test_large_and_deep_programs(check, program):
    assert check("large.py", program.encode()) in (0, 1, 2)
