"""`tf1compat check`: what it tells of programs, through the command line."""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest

from tf1compat.cli import main


@pytest.fixture
def check(tmp_path, capsys):
    """Writes files, checks them, and gives the exit code and what `--json` says of them, by the files' names."""

    def check(files, *options):
        if isinstance(files, str):
            files = {"program.py": files}
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            content = textwrap.dedent(content) if isinstance(content, str) else content
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths = [str(tmp_path / name) for name in files] if len(files) == 1 else [str(tmp_path)]
        status = main(["check", *paths, "--json", *options])
        said = json.loads(capsys.readouterr().out)
        assert said["summary"]["exit_code"] == status
        return status, {one["path"][len(str(tmp_path)) + 1 :]: one for one in said["files"]}

    return check


def symbols(report):
    """{name: (kind, lines)}"""
    return {one["symbol"]: (one["kind"], [place["line"] for place in one["places"]]) for one in report["symbols"]}


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("import tensorflow as tf\ntf.nn.relu(1)", {"tf.nn.relu": ("tensorflow", [2])}),
        ("import tensorflow\ntensorflow.Session()", {"tf.Session": ("ours", [2])}),
        ("import tensorflow.compat.v1 as tf\ntf.Session()", {"tf.Session": ("ours", [2])}),
        ("from tensorflow.compat import v1 as tf\ntf.Session()", {"tf.Session": ("ours", [2])}),
        ("import tensorflow as tf\ntf.compat.v1.Session()", {"tf.Session": ("ours", [2])}),
        ("import tf1compat.v1 as tf\ntf.Session()", {"tf.Session": ("ours", [2])}),
        ("from tf1compat import v1\nv1.Session()", {"tf.Session": ("ours", [2])}),
        (
            "import tensorflow.contrib.slim as slim\nslim.conv2d(x)\nslim.losses.log_loss(x)",
            {"tf.contrib.slim.conv2d": ("ours", [2]), "tf.contrib.slim.losses.log_loss": ("ours", [3])},
        ),
        ("import tensorflow.contrib.slim\ntensorflow.contrib.slim.conv2d", {"tf.contrib.slim.conv2d": ("ours", [2])}),
        (
            "from tensorflow.python.ops import nn, rnn\nnn.relu(1)\nrnn.dynamic_rnn(1)",
            {
                "tensorflow.python.ops.nn.relu": ("tensorflow", [2]),
                "tensorflow.python.ops.rnn.dynamic_rnn": ("ours", [3]),
            },
        ),
        ("from tensorflow import keras\nkeras.layers.Dense(1)", {"tf.keras.layers.Dense": ("different", [2])}),
        (
            "from tensorflow.keras.layers import Dense as D\nD(1)",
            {"tf.keras.layers.Dense": ("different", [1, 2])},
        ),
        ("import tensorflow as tf\nslim = tf.contrib.slim\nslim.conv2d(1)", {"tf.contrib.slim.conv2d": ("ours", [3])}),
        ("import tensorflow as tf\nt, n = tf.train, tf.nn\nt.Saver(), n.elu", {"tf.train.Saver": ("ours", [3]), "tf.nn.elu": ("tensorflow", [3])}),  # noqa: E501
        ("def f():\n  import tensorflow as tf\n  tf.Session()\ntf.nn.relu", {"tf.Session": ("ours", [3])}),
        ("import tensorflow as tf\ntf.GraphKeys.LOSSES", {"tf.GraphKeys": ("tensorflow", [2])}),
        ("import tensorflow as tf\ngetattr(tf.nn, 'relu')(1)", {"tf.nn.relu": ("tensorflow", [2])}),
        ("tf = __import__('tensorflow')\ntf.Session()", {"tf.Session": ("ours", [2])}),
        ("import importlib\ntf = importlib.import_module('tensorflow.train')\ntf.Saver", {"tf.train.Saver": ("ours", [3])}),  # noqa: E501
        ("from tensorflow.nn import *\nrelu(print(x))", {"tf.nn.relu": ("tensorflow", [2])}),
        (
            "from tensorflow.examples.tutorials.mnist import input_data\ninput_data.read_data_sets('x')",
            {"tensorflow.examples.tutorials.mnist.input_data.read_data_sets": ("ours", [2])},
        ),
        ("import tensorflow as tf\nclass A(tf.train.Optimizer):\n  tf.nn", {"tf.train.Optimizer": ("ours", [2])}),
        ("import tensorflow as tf\n@tf.custom_gradient\ndef f(x=tf.int32): pass", {"tf.custom_gradient": ("tensorflow", [2]), "tf.int32": ("tensorflow", [3])}),  # noqa: E501
        ("import tensorflow as tf\ntf.model = 1\ntf.model.fit()", {}),
    ],
)  # fmt: skip
def test_names_are_followed_to_tensorflow(check, program, expected):
    status, said = check(program)
    assert symbols(said["program.py"]) == expected
    assert status == 0


@pytest.mark.parametrize(
    "program",
    [
        "import tensorflow as tf\nimport numpy as tf\ntf.mul",
        "import tensorflow as tf\ntf = 1\ntf.mul",
        "import tensorflow as tf\ndef f(tf): tf.mul",
        "import tensorflow as tf\ndef f():\n  tf = 1\n  tf.mul",
        "import tensorflow as tf\ndef f():\n  for tf in x: tf.mul",
        "import tensorflow as tf\n[tf.mul for tf in x]",
        "import tensorflow as tf\nf = lambda tf: tf.mul",
        "import tensorflow as tf\nwith x as tf: tf.mul",
        "import tensorflow as tf\ntry: pass\nexcept E as tf: tf.mul",
        "import tensorflow as tf\ndef tf(): pass\ntf.mul",
        "import tensorflow as tf\nclass tf: pass\ntf.mul",
        "import tensorflow as tf\ndel tf\ntf.mul",
        "import tensorflow as tf\nif (tf := 1): tf.mul",
        "import tensorflow as tf\ndef f():\n  global tf\n  tf = 1\nf()\ndef g(): tf.mul",
        "import tensorflow as tf\ndef f():\n  tf.mul\n  tf = 1",
        "def f():\n  import tensorflow as tf\ntf.mul",
        "class A:\n  import tensorflow as tf\n  def f(self): tf.mul",
        "import tensorflow_probability_of_mine as tf\ntf.mul",
        "from .tensorflow import mul\nmul(1)",
        "import tensorflow as tf\nmatch x:\n  case tf: tf.mul",
    ],
)
def test_a_name_that_was_bound_to_something_else_is_not_tensorflow(check, program):
    _, said = check(program)
    assert "tf.mul" not in symbols(said["program.py"])


def test_a_name_that_stands_for_either_of_two_modules_is_both(check):
    status, said = check("""
        try:
            from tensorflow.python.ops import no_such_module as cells
        except ImportError:
            from tensorflow.contrib import rnn as cells
        cells.BasicLSTMCell(3)
        """)
    assert symbols(said["program.py"]) == {
        "tensorflow.python.ops.no_such_module": ("unknown", [3, 6]),
        "tf.contrib.rnn.BasicLSTMCell": ("ours", [6]),
    }
    assert status == 0


def test_what_is_refused_is_told_with_what_to_write_instead(check):
    status, said = check("import tensorflow as tf\ntf.contrib.gan.gan_loss(tf.nn.relu)\n")
    (refused,) = [one for one in said["program.py"]["symbols"] if one["kind"] == "refused"]
    assert refused["symbol"] == "tf.contrib.gan.gan_loss"
    assert refused["why"] == "TensorFlow 2 has no tf.contrib"
    assert refused["instead"].startswith("two networks in two variable scopes")
    assert refused["places"] == [
        {"line": 2, "column": 1, "text": "tf.contrib.gan.gan_loss(tf.nn.relu)", "harmless": False, "sure": True}
    ]
    assert (said["program.py"]["outcome"], status) == ("will fail", 1)


def test_what_is_below_a_refused_namespace_is_named_down_to_the_class(check):
    _, said = check("""
        from tensorflow.contrib.boosted_trees.proto import learner_pb2 as learner
        learner.LearnerConfig.LAYER_BY_LAYER, learner.LearnerConfig(), learner.no.such_function.name
        """)
    assert symbols(said["program.py"]) == {
        "tf.contrib.boosted_trees.proto.learner_pb2": ("refused", [2]),
        "tf.contrib.boosted_trees.proto.learner_pb2.LearnerConfig": ("refused", [3, 3]),
        "tf.contrib.boosted_trees.proto.learner_pb2.no.such_function.name": ("refused", [3]),
    }


@pytest.mark.parametrize(
    "program",
    [
        "from tensorflow.contrib import gan\n",
        "from tensorflow.contrib.gan import gan_loss\n",
        "import tensorflow as tf\ntry:\n  tf.contrib.gan.gan_loss(1)\nexcept Exception: pass\n",
        "import tensorflow as tf\nif tf.__version__ < '1': tf.mul(1, 2)\n",
        "import tensorflow as tf\nif hasattr(tf, 'mul'): tf.mul(1, 2)\n",
        "import tensorflow as tf\ngetattr(tf, 'mul', None)\n",
        "try:\n  from tensorflow import mul\nexcept ImportError:\n  mul = None\n",
    ],
)  # fmt: skip
def test_what_is_only_imported_or_asked_for_first_does_no_harm(check, program):
    status, said = check(program)
    assert status == 0
    assert not any(one["fails"] for one in said["program.py"]["symbols"])


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("tf.mul(1, 2)", "will fail"),
        ("def main():\n  tf.mul(1, 2)\nif __name__ == '__main__':\n  main()", "will fail"),
        ("def main(_):\n  tf.mul(1, 2)\nif __name__ == '__main__':\n  tf.app.run()", "will fail"),
        ("def go(_):\n  tf.mul(1, 2)\ntf.app.run(main=go)", "will fail"),
        ("def go(_):\n  tf.mul(1, 2)\ntf.app.run(go)", "will fail"),
        ("class A(object):\n  def __init__(self): self.build()\n  def build(self): tf.mul(1, 2)\nA()", "will fail"),
        ("class A(tf.no_such_class): pass", "will fail"),
        ("def unused():\n  tf.mul(1, 2)", "may fail"),
        ("if x:\n  tf.mul(1, 2)", "may fail"),
        ("f = lambda: tf.mul(1, 2)", "may fail"),
        ("import no_such_module_of_anybodys", "will fail"),
        ("def f():\n  import no_such_module_of_anybodys", "may fail"),
        ("try:\n  import no_such_module_of_anybodys\nexcept ImportError:\n  pass", "runs"),
        ("tf.cond(a, b, c)", "runs, with differences"),
        ("tf.Session()", "runs"),
    ],
)
def test_the_outcome_is_as_sure_as_the_program_is_to_come_there(check, program, outcome):
    status, said = check(f"import tensorflow as tf\n{program}\n")
    assert said["program.py"]["outcome"] == outcome
    assert status == ("fail" in outcome)


@pytest.mark.parametrize(
    ("program", "why", "instead"),
    [
        ("tf.mul", "TensorFlow 1.15 did not have it either", "tf.multiply"),
        ("tf.nosuchname", "TensorFlow 1.15 did not have it either", ""),
        ("tf.optimizers.Adam", "TensorFlow 2 has it, TensorFlow 1.15 had not", "tf.keras.optimizers"),
        ("tf.summary.trace_on()", "TensorFlow 2 has it, TensorFlow 1.15 had not", "tf.compat.v2.summary.trace_on"),
        ("tf.python.ops.no_such_module.f", "has no such thing there", ""),
    ],
)
def test_what_is_unknown_is_told_why(check, program, why, instead):
    _, said = check(f"import tensorflow as tf\n{program}\n")
    (one,) = said["program.py"]["symbols"]
    assert one["kind"] == "unknown"
    assert why in one["why"] and one["instead"] == instead


def test_refused_arguments_are_told_where_the_program_writes_them_out(check):
    status, said = check("""
        import tensorflow as tf
        tf.estimator.RunConfig(train_distribute=tf.distribute.MirroredStrategy())
        tf.estimator.RunConfig(train_distribute=None, eval_distribute=strategy)
        tf.contrib.factorization.KMeans(x, 3, "kmc2")
        tf.contrib.factorization.KMeans(x, 3, "random")
        tf.contrib.layers.sparse_column_with_keys("a", ["b"], combiner="mean")
        tf.nn.softmax_cross_entropy_with_logits(logits, labels)
        tf.nn.softmax_cross_entropy_with_logits(None, labels, logits)
        tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        """)
    refused = {one["places"][0]["line"]: one for one in said["program.py"]["symbols"] if one["kind"] == "refused"}
    assert {line: one["symbol"].partition("(")[0] for line, one in refused.items()} == {
        3: "tf.estimator.RunConfig",
        5: "tf.contrib.factorization.KMeans",
        7: "tf.contrib.layers.sparse_column_with_keys",
        8: "tf.nn.softmax_cross_entropy_with_logits",
    }
    assert "initial_clusters='kmc2'" in refused[5]["symbol"]
    assert refused[5]["instead"] == "'kmeans_plus_plus'"
    assert status == 1


def test_python_2_is_read_with_its_own_lines(check):
    status, said = check("""\
        import tensorflow as tf, cPickle
        print "one", \\
            tf.nn.relu(1)
        try:
            exec "tf.mul"
        except Exception, tf2:
            raise ValueError, "no"
        print `tf.nn.elu`, 0777; tf.Session()
        """)
    report = said["program.py"]
    assert symbols(report) == {
        "tf.nn.relu": ("tensorflow", [3]),
        "tf.nn.elu": ("tensorflow", [8]),
        "tf.Session": ("ours", [8]),
    }
    (note,) = report["notes"]
    assert re.fullmatch(r"Python 2 \(line \d\): runs converted, in memory; 7 / 2 is 3", note["text"])
    assert status == 0


def test_columns_are_of_characters(check):
    _, said = check("import tensorflow as tf\nä = 'é'; tf.Session()\n")
    (place,) = said["program.py"]["symbols"][0]["places"]
    assert (place["line"], place["column"]) == (2, 10)


def test_modules_that_are_not_there_are_told_and_own_ones_are_not(check):
    status, said = check(
        {
            "train.py": "import numpy, gym, helper, package.inside, no_such_module.inside, os\n",
            "helper.py": "from . import x\nfrom package import inside\n",
            "package/inside.py": "import helper\nimport beside\n",
            "package/beside.py": "import __future__\n",
            "deep/down/other.py": "import sys; sys.path.append('../..')\nimport helper, elsewhere\n",
        }
    )
    assert status == 1
    assert [(note["text"], note["line"]) for note in said["train.py"]["notes"] if note["fails"]] == [
        ("no_such_module is not installed", 1)
    ]
    assert {name: one["outcome"] for name, one in said.items() if name != "train.py"} == dict.fromkeys(
        ("helper.py", "package/inside.py", "package/beside.py", "deep/down/other.py"), "runs"
    )
    assert "sys.path" in said["deep/down/other.py"]["notes"][0]["text"]


def notebook(*cells, **about):
    cells = [{"cell_type": "code", "source": cell} if isinstance(cell, (str, list)) else cell for cell in cells]
    return json.dumps({"cells": cells, "nbformat": 4, **about})


def test_notebooks_are_one_program_of_numbered_cells(check):
    status, said = check(
        {
            "book.ipynb": notebook(
                {"cell_type": "markdown", "source": "tf.mul"},
                ["%matplotlib inline\n", "!pip install x\n", "import tensorflow as tf\n", "files = !ls\n"],
                "%%bash\ntf.mul",
                "%%time\n\ntf.Session?\ntf.Session()",
                "def f():\n    %timeit tf.mul\n    return tf.nn.relu(1)\nx = '''\n%s\n''' % 1",
                "f(",
            )
        }
    )
    report = said["book.ipynb"]
    places = {one["symbol"]: [(place["cell"], place["line"]) for place in one["places"]] for one in report["symbols"]}
    assert places == {"tf.Session": [(4, 4)], "tf.nn.relu": [(5, 3)]}
    assert [(one["cell"], one["line"]) for one in report["unreadable"]] == [(6, 1)]
    assert (status, report["outcome"]) == (2, "could not be read")


def test_notebooks_of_python_2_and_of_format_3(check):
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "import tensorflow as tf\nprint tf.Session"}]}]}
    status, said = check({"old.ipynb": json.dumps(old)})
    assert symbols(said["old.ipynb"]) == {"tf.Session": ("ours", [2])}
    assert "Python 2" in said["old.ipynb"]["notes"][0]["text"]
    assert status == 0


@pytest.mark.parametrize(
    ("name", "content", "why", "line"),
    [
        ("bad.py", "import os\ndef f(:\n", "it is neither Python 3 nor Python 2: invalid syntax", 2),
        ("binary.py", b"\x7fELF\x00\x01\x02", "it is binary", None),
        ("wide.py", "import os\n".encode("utf-16"), "it is UTF-16, which Python does not read", None),
        ("latin.py", b"x = 1\ny = '\xe9'\n", "byte 0xe9 is no utf-8, and no other encoding is declared", 2),
        ("wrong.py", b"# coding: ascii\ny = '\xe9'\n", "byte 0xe9 is no ascii, the encoding that is declared", 2),
        ("strange.py", b"# coding: nonesuch\n", "unknown encoding: nonesuch", None),
        ("mixed.py", b"\xef\xbb\xbf# coding: latin-1\n", "encoding problem: utf-8", None),
        ("deep.py", "(" * 5000 + ")" * 5000, "too many nested parentheses", 1),
        ("long.py", "x" + ".f()" * 30_000, "nested too deeply", None),
        ("huge.py", b"#" * (9 << 20), "it has 9 MB, too many for a program", None),
        ("book.ipynb", "{", "it is no notebook", None),
        ("list.ipynb", "[1]", "it is no notebook: JSON of something else", None),
        ("r.ipynb", notebook("x", metadata={"kernelspec": {"language": "R"}}), "a notebook of r, not of Python", None),
        ("deep.ipynb", "[" * 100_000, "it is no notebook", None),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_and_the_rest_goes_on(check, name, content, why, line):
    status, said = check({name: content, "good.py": "import tensorflow as tf\ntf.Session()\n"})
    (error,) = said[name]["unreadable"]
    assert why in error["why"]
    assert error["line"] == line
    assert said[name]["outcome"] == "could not be read"
    assert symbols(said["good.py"]) == {"tf.Session": ("ours", [2])}
    assert status == 2


def test_control_characters_in_text_are_read(check):
    _, said = check({"program.py": b"import tensorflow as tf\nx = '\x01\x1b[1m'; tf.Session()\n"})
    assert symbols(said["program.py"]) == {"tf.Session": ("ours", [2])}


@pytest.mark.parametrize(
    ("coding", "word", "end"),
    [
        ("latin-1", "é", "\n"),
        ("cp1252", "€", "\r\n"),
        ("euc-jp", "日本", "\n"),
        ("utf-8", "é", "\r"),
        ("utf-8-sig", "é", "\r\n"),
    ],
)
def test_encodings_and_line_ends(check, coding, word, end):
    lines = [f"# -*- coding: {coding} -*-", f"x = '{word}'", "import tensorflow as tf", "tf.Session()", ""]
    _, said = check({"program.py": end.join(lines).encode(coding)})
    assert symbols(said["program.py"]) == {"tf.Session": ("ours", [4])}


def test_folders_are_searched_without_environments_and_hidden_ones(check, tmp_path):
    program = "import tensorflow as tf\n"
    places = """a.py deep/down/b.py notes.txt .git/c.py .ipynb_checkpoints/d.py env/lib/e.py node_modules/f.py
        lib/site-packages/g.py __pycache__/h.py""".split()
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "again.py").symlink_to(tmp_path / "a.py")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "round.py").symlink_to(tmp_path / "round.py")
    status, said = check(dict.fromkeys(places, program))
    assert set(said) == {"a.py", "deep/down/b.py", "gone.py", "round.py"}
    assert said["gone.py"]["unreadable"][0]["why"] == "no such file or directory"
    assert "symbolic links" in said["round.py"]["unreadable"][0]["why"]
    assert status == 2


def test_long_sums_are_read(check):
    status, said = check("import tensorflow as tf\nx = " + " + ".join(["tf.nn.relu(1)"] * 1500))
    assert len(said["program.py"]["symbols"][0]["places"]) == 1500
    assert status == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX's pipes and names of bytes")
def test_pipes_and_names_that_are_no_text(check, tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / os.fsdecode(b"\xff.py")).write_text("import tensorflow as tf\ntf.Session()\n")
    status, said = check({"a.py": "", "b.py": ""}, "--html", str(tmp_path / "page.html"))
    assert said["pipe.py"]["unreadable"][0]["why"] == "it is no plain file"
    assert symbols(said["\udcff.py"]) == {"tf.Session": ("ours", [2])}
    assert status == 2
    assert main(["check", str(tmp_path)]) == 2
    assert "\\udcff.py: runs" in capsys.readouterr().out


def test_nothing_to_read(tmp_path, capsys):
    assert main(["check", str(tmp_path)]) == 2
    assert "there is no Python file or notebook" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "nowhere")]) == 2
    assert "no such file or directory" in capsys.readouterr().out


def test_the_text_tells_each_name_once_and_brief_only_what_needs_a_look(tmp_path, capsys):
    path = tmp_path / "program.py"
    path.write_text("import tensorflow as tf\n" + "tf.nn.relu(1)\n" * 20 + "tf.mul(2, 3)\n")
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr().out
    assert said.startswith(f"{path}: will fail\n")
    assert re.search(r"^  tf\.mul +unknown +line 22\n +TensorFlow 1\.15 did not have it either\n +instead: tf\.multiply$", said, re.M)  # noqa: E501
    assert re.search(r"^  tf\.nn\.relu +TensorFlow's +line 2, 3, .*…$", said, re.M)
    assert "20 TensorFlow's, 1 unknown" in said
    assert main(["check", "--brief", str(path)]) == 1
    assert "tf.nn.relu" not in capsys.readouterr().out
    (tmp_path / "fine.py").write_text("import tensorflow as tf\ntf.Session()\n")
    assert main(["check", "--brief", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "fine.py" not in said
    assert said.endswith("what fails, and in how many files\n      1  tf.mul\n\n")


def test_the_page_holds_the_data_and_asks_for_nothing_else(tmp_path, capsys):
    path = tmp_path / "</script><b>.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("import tensorflow as tf\ntf.mul('</script><!--')\n")
    page = tmp_path / "report.html"
    assert main(["check", str(path), "--html", str(page)]) == 1
    text = page.read_text(encoding="utf-8")
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", text, re.S)
    assert len(scripts) == 2
    data = json.loads(scripts[0])
    capsys.readouterr()
    main(["check", str(path), "--json"])
    assert data == json.loads(capsys.readouterr().out)
    assert not re.search(r"https?://|src=|@import|url\(", text)


def test_a_page_that_cannot_be_written(tmp_path, capsys):
    (tmp_path / "a.py").write_text("")
    assert main(["check", str(tmp_path), "--html", str(tmp_path / "no" / "page.html")]) == 2
    assert "can't write" in capsys.readouterr().err


def test_without_tensorflow_nothing_can_be_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("tf1compat.checking.installed.is_there", lambda: False)
    assert main(["check", str(tmp_path)]) == 2
    assert "pip install tensorflow" in capsys.readouterr().err


def test_help_teaches_the_exit_codes(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["check", "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for word in ("exit code", "refused", "notebook", "--html", "different"):
        assert word in said
    with pytest.raises(SystemExit) as ended:
        main(["check"])
    assert ended.value.code == 2


def test_tensorflow_is_not_imported(tmp_path):
    (tmp_path / "program.py").write_text(
        "import tensorflow as tf, gym, cv2\nfrom tensorflow.python.ops import rnn\nrnn.dynamic_rnn\nprint `1`\n"
    )
    code = (
        "import sys; from tf1compat.cli import main; status = main(['check', 'program.py']); "
        "heavy = {'tensorflow', 'keras', 'numpy', 'libcst'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "tensorflow.python.ops.rnn.dynamic_rnn ours" in re.sub(" +", " ", ended.stdout)
