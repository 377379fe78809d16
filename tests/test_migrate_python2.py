"""`tf1compat migrate --to v1` of Python 2: what it becomes, and that the programs in python2/programs run."""

import json
import re
import shutil

import numpy as np
import pytest
from fork_harness import Forks
from python2 import record

from tf1compat.migrating import make_plan

NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
# Those that print what only Python 2 prints (floats of twelve digits, strings of bytes), or hand Python 2 code to exec.
OWN_PRINTING = {"arguments.py", "language.py", "linear_regression.py", "queues_and_threads.py", "questions.py"}


def migrated(text, path):
    path.write_text(text, encoding="utf-8")
    (file,) = make_plan([str(path)], "v1").files
    assert file.error is None, file.error
    path.write_bytes(file.after)
    (again,) = make_plan([str(path)], "v1").files
    assert again.after == file.after
    return file.after.decode("utf-8")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("print 'a', b  # both\n", "print('a', b)  # both\n"),
        ("print 7 / 2, 7 / 2., len(x) / 2, float(x) / y\n", "print(7 // 2, 7 / 2., len(x) // 2, float(x) / y)\n"),
        ("print x / (y + 1)\n", "print(tf1compat.legacy.div(x, y + 1))\n"),
        ("print 1\ny = (x  # a\n    / z)\n", "print(1)\ny = (tf1compat.legacy.div(x  # a\n    , z))\n"),
        ("print 1,\nx /= 2\n", "print(1, end=' ')\nx = tf1compat.legacy.idiv(x, 2)\n"),
        ("print 1\nx[i] /= y\n", "print(1)\ntf1compat.legacy.idiv_item(x, i, y)\n"),
        ("print 1\nx /= 2.0\n", "print(1)\nx /= 2.0\n"),
        ("import cPickle, os\nprint 1\n", None),
        ("try: f()\nexcept E, e: print e.message\n", "try: f()\nexcept E as e: print(str(e))\n"),
        ("reload(sys)\nsys.setdefaultencoding('utf8')\nimport sys\nprint 1\n", "pass\npass\nimport sys\nprint(1)\n"),
        ("print round(x), sorted(x, cmp=f)\n", "print(tf1compat.legacy.round(x), tf1compat.legacy.sorted(x, cmp=f))\n"),
        ("print u'a', unicode(x), 0777, 10L, `x`\n", "print(u'a', str(x), 0o777, 10, repr(x))\n"),
        ("print x.has_key(1), x.keys()\n", "print(1 in x, list(x.keys()))\n"),
        ("if x <> 1:\n\tprint 1\n", "if x != 1:\n\tprint(1)\n"),
    ],
)
def test_what_it_becomes(tmp_path, before, after):
    new = migrated(before, tmp_path / "old.py")
    if after is None:
        pickle = "tf1compat.legacy.python2.libraries.cPickle"
        assert new == f"import {pickle} as cPickle, os\nprint(1)\n"
    else:
        assert new.replace("import tf1compat.legacy\n", "", 1) == after
        assert ("import tf1compat.legacy\n" in new) == ("legacy" in after)


def test_true_division_stays_where_the_file_asks_for_it(tmp_path):
    text = "from __future__ import division\nprint x / y\n"
    assert migrated(text, tmp_path / "old.py") == "from __future__ import division\nprint(x / y)\n"


def test_python_3_stays(tmp_path):
    text = "print(7 / 2, x.keys(), map(f, x))\n"
    assert migrated(text, tmp_path / "new.py") == text


def test_a_name_of_python_2_in_python_3(tmp_path):
    text = "import sys\ndef f():\n    return xrange(3), d.iteritems(), d.has_key(1), 7 / 2\nprint('é', sys.argv)\n"
    new = migrated(text, tmp_path / "new.py")
    assert new == text.replace("xrange", "range").replace("iteritems", "items").replace("d.has_key(1)", "(1 in d)")


def test_a_program_is_in_one_python(tmp_path):
    (tmp_path / "main.py").write_text("import helper\nprint helper.half(7)\n")
    (tmp_path / "helper.py").write_text("def half(x):\n    return x / 2\n")
    for paths in (["main.py", "helper.py"], ["helper.py", "main.py"]):
        plan = make_plan([str(tmp_path / name) for name in paths], "v1")
        assert any(b"tf1compat.legacy.div(x, 2)" in file.after for file in plan.files)
    # By itself, nothing says that the helper is Python 2; the main program says it of itself.
    assert not make_plan([str(tmp_path / "helper.py")], "v1").changed


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("python2")
    shutil.copytree(record.PROGRAMS, folder, dirs_exist_ok=True)
    for file in make_plan([str(path) for path in folder.rglob("*.py")], "v1").files:
        assert file.error is None
        with open(file.path, "wb") as new:
            new.write(file.after)
    forks = Forks(folder)
    try:
        yield {
            program: forks.run({"program": [program], "stdin": stdin, "limit": 100})
            for program, stdin in record.RUNS.items()
            if program not in OWN_PRINTING
        }
    finally:
        forks.close()


@pytest.mark.parametrize("program", sorted(set(record.RUNS) - OWN_PRINTING))
def test_prints_under_plain_python_3_what_python_2_printed(program, results):
    result = results[program]
    assert result["status"] == 0, result["stderr"]
    golden = json.loads(record.GOLDENS.read_text())[program]
    printed = result["stdout"].splitlines()
    assert [NUMBER.sub("#", line) for line in printed] == [NUMBER.sub("#", line) for line in golden]
    got, expected = ([float(n) for n in NUMBER.findall("\n".join(lines))] for lines in (printed, golden))
    np.testing.assert_allclose(got, expected, rtol=2e-4, atol=2e-5)
