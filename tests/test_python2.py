"""Which files `tf1compat run` takes for Python 2, and what they mean then."""

from __future__ import annotations

import ast
import random
import sysconfig
from pathlib import Path

import pytest
from fork_harness import run_all
from hypothesis import given, settings
from hypothesis import strategies as st
from run_harness import fast_run, write

from tf1compat.python2 import judge, syntax
from tf1compat.python2.judge import Verdict

PYTHON_2 = {
    "print statement": "print 'x'",
    "print to a file": "import sys\nprint >>sys.stderr, 'x'",
    "except with a comma": "try:\n    pass\nexcept ValueError, e:\n    pass",
    "backticks": "x = `1`",
    "octal": "x = 0777",
    "long": "x = 10L",
    "unequal": "x = 1 <> 2",
    "exec": "exec 'x = 1' in {}",
    "raise": "raise ValueError, 'x'",
    "tuple parameter": "def f((a, b)): return a",
    "mixed tabs": "if 1:\n\tx = 1\n        y = 2",
    "raw unicode": "x = ur'a'",
    "xrange": "for i in xrange(3): pass",
    "xrange in a called function": "def main():\n    for i in xrange(3): pass\nif __name__ == '__main__':\n    main()",
    "xrange in the app's main": "import tensorflow as tf\ndef main(_):\n    xrange(3)\ntf.app.run()",
    "xrange in a used class": "class A:\n    def go(self):\n        return xrange(3)\nA().go()",
    "raw_input": "x = raw_input()",
    "iteritems": "for k, v in {}.iteritems(): pass",
    "has_key": "assert {1: 2}.has_key(1)",
    "cPickle": "import cPickle",
    "urllib2": "from urllib2 import urlopen",
    "a star beside cPickle": "import cPickle\nfrom helper import *",
}
PYTHON_3 = {
    "plain": "print('x', 7 / 2)",
    "nothing": "",
    "xrange bound": "xrange = range\nfor i in xrange(3): pass",
    "xrange from six": "from six.moves import xrange\nfor i in xrange(3): pass",
    "xrange by try": "try:\n    xrange\nexcept NameError:\n    xrange = range\nxrange(3)",
    "tried modules": "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle",
    "asks for the version": "import sys\nif sys.version_info[0] < 3:\n    text = unicode\nelse:\n    text = str",
    "asks in an expression": "import six\ntext = unicode if six.PY2 else str",
    "own iteritems": "class A:\n    def iteritems(self): return []\nA().iteritems()",
    "pandas": "import pandas\npandas.Series().iteritems()",
    "parameter": "def f(file, long): return file(long)\nf(len, [])",
    "an f-string beside xrange": "print(f'{1}')\nxrange(3)",
    "print with a keyword": "print(1, end='')\nxrange(3)",
    "annotation": "def f(x: int): return xrange(x)\nf(1)",
    "syntax error of its own": "for in y:\n    pass",
    "Python 3 with a print statement": "async def f(): pass\nprint 'x'",
    "f-string and print statement": "print f'{x}'",
    "unclosed": "print('x'",
}
UNSURE = {
    "xrange that a star may bring": "from helper import *\nfor i in xrange(3): pass",
    "xrange in a function nobody calls": "def f():\n    for i in xrange(3): pass\nprint(7 / 2)",
    "behind a flag": "import sys\nif 'x' in sys.argv:\n    print(raw_input())",
}


def _verdict(text: str) -> Verdict:
    return judge.judge(text.encode(), "file.py", is_main=True).verdict


@pytest.mark.parametrize("case", PYTHON_2)
def test_python_2_is_found(case):
    assert _verdict(PYTHON_2[case]) is Verdict.PYTHON_2


@pytest.mark.parametrize("case", PYTHON_3)
def test_python_3_is_left_alone(case):
    assert _verdict(PYTHON_3[case]) is Verdict.PYTHON_3


@pytest.mark.parametrize("case", UNSURE)
def test_what_may_never_run_decides_nothing(case):
    assert _verdict(UNSURE[case]) is Verdict.NAMES


def test_the_standard_library_is_python_3():
    folder = Path(sysconfig.get_paths()["stdlib"])
    files = sorted(path for path in folder.glob("*.py")) + sorted(folder.glob("[a-z]*/*.py"))
    files = [path for path in files if "site-packages" not in path.parts and "lib2to3" not in path.parts]
    for path in random.Random(0).sample(files, 200):
        source = path.read_bytes()
        try:
            ast.parse(source)
        except (SyntaxError, ValueError):  # test files with errors on purpose
            continue
        assert judge.judge(source, str(path)).verdict is not Verdict.PYTHON_2, path


_LINES = st.lists(
    st.sampled_from(
        [
            "x = 7 / 2", "def f(a, *b): return a", "for i in range(3):\n    print(i)", "print('%s' % 1, 2)",
            "import os, pickle", "class A(object):\n    items = {}", "y = [i for i in range(3) if i]",
            "while False:\n    pass", "d = {}\nd.items()", "z = 0o777 if True else b'x'", "assert (1 != 2)",
            "with open('f') as f:\n    f.read()", "s = 'xrange raw_input'  # unicode", "lambda a: a",
        ]
    )
)  # fmt: skip


@given(_LINES)
@settings(max_examples=60, deadline=None)
def test_no_python_3_file_is_taken_for_python_2(lines):
    assert _verdict("\n".join(lines)) is Verdict.PYTHON_3


_OLD_LINES = ["print x", "x = 1", "def f((a, b)):\n    y = a", "s = '''a\n\nb'''", "", "# c", "if 1 <> 2:\n\tpass"]
_OLD_LINES += ["raise E, 'x'", "f(1,\n  `2`,\n  3)", "print >>f, 1,", "exec 'x'"]


@given(st.lists(st.sampled_from(_OLD_LINES), max_size=12))
@settings(max_examples=40, deadline=None)
def test_every_statement_keeps_its_line(lines):
    source = "\n".join(lines)
    tree = syntax.convert(source.encode(), "file.py")
    starts, at = [], 1
    for line in lines:
        starts += [at] if line and not line.startswith("#") else []
        at += line.count("\n") + 1
    assert [node.lineno for node in tree.body] == starts


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_judged(source):
    assert judge.judge(source, "file.py").verdict in Verdict


FILES = {
    "main.py": """
        import helper
        print "main", helper.half(7), 7 / 2
        """,
    "helper.py": "def half(n):\n    return n / 2\n",
    "plain.py": "import helper\nprint('plain', helper.half(7))\n",
    "caller.py": "import talker\nprint('caller', 7 / 2)\n",
    "talker.py": "print 'talker', 7 / 2\n",
    "modern.py": "def half(n: int):\n    return n / 2\n",
    "mixed.py": "import modern\nprint modern.half(7), 7 / 2\n",
    "future.py": """
        from __future__ import division, print_function
        import helper, cPickle
        print(7 / 2, helper.half(7))
        """,
    "unsure.py": """
        import sys
        if len(sys.argv) < 2:
            print(7 / 2, list(xrange(2)), sorted({1: 2}.iteritems()), unicode)
        """,
    "error.py": "def f():\n\n    print 'before'\n    return {}['missing']\nf()\n",
    "broken.py": "x = 1\nfor in y:\n    print 'x'\n",
    "pkg/__init__.py": "",
    "pkg/a.py": "from b import value\nprint('a', value / 2)\n",
    "pkg/b.py": "value = 7\n",
    "packaged.py": "import pkg.a\nprint('packaged', 7 / 2)\n",
    "ends.py": "print 1,",
    "dunder/__main__.py": "print 'in a folder', 7 / 2\n",
}
PRINTED = {
    "main.py": "main 3 3\n",
    "plain.py": "plain 3.5\n",
    "caller.py": "talker 3\ncaller 3\n".replace("caller 3", "('caller', 3)"),
    "mixed.py": "3.5 3\n",
    "future.py": "3.5 3\n",
    "unsure.py": "3.5 [0, 1] [(1, 2)] <class 'str'>\n",
    "packaged.py": "('a', 3)\n('packaged', 3)\n".replace("('packaged', 3)", "packaged 3.5"),
    "ends.py": "1\n",
    "dunder": "in a folder 3\n",
    "-m main": "main 3 3\n",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programs")
    write(folder, FILES)
    programs = [*PRINTED, "error.py", "broken.py"]
    results = run_all([{"command": program.split()} for program in programs], folder)
    assert not list(folder.rglob("talker*.pyc"))
    return dict(zip(programs, results, strict=True))


@pytest.mark.parametrize("program", PRINTED)
def test_programs(program, ran):
    assert ran[program]["stdout"] == PRINTED[program], ran[program]["stderr"]
    said = ran[program]["stderr"].count("is Python 2")
    assert said == (program not in ("plain.py", "unsure.py"))


def test_tracebacks_show_the_file(ran):
    error = ran["error.py"]["stderr"]
    assert ran["error.py"]["status"] == 1
    assert 'error.py", line 4, in f\n    return {}[\'missing\']\n' in error
    assert 'error.py", line 5, in <module>\n    f()\n' in error


def test_a_file_that_is_neither_has_its_own_error(ran):
    error = ran["broken.py"]["stderr"]
    assert 'broken.py", line 2' in error and "SyntaxError: invalid syntax" in error and "Python 2" not in error


def test_stdin_and_text(tmp_path):
    assert fast_run(tmp_path, "-c", "print 7 / 2").stdout == "3\n"
    assert fast_run(tmp_path, "-", stdin="print 7 / 2").stdout == "3\n"
