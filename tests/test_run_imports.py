"""Whose `import tensorflow` means TensorFlow 1 under `tf1compat run`: the user's, in every spelling."""

from __future__ import annotations

import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from run_harness import fast_run, lines, run, write

from tf1compat.cli.ownership import Owner, Ownership

SITE = "env/site-packages/"
STAND_INS = {
    SITE + "tensorflow/__init__.py": "",
    SITE + "tensorflow/contrib_of_2/__init__.py": "",
    SITE + "stand_in_v1/__init__.py": "__all__ = ['placeholder']\nplaceholder = 'a placeholder'\n",
    SITE + "stand_in_v1/contrib/__init__.py": "",
    SITE + "stand_in_v1/contrib/slim.py": "arg_scope = 'an arg_scope'\n",
    SITE + "stand_in_v1/python/framework/ops.py": "import nothing_of_this_name\n",
    SITE + "stand_in_v1/python/framework/__init__.py": "",
    SITE + "stand_in_v1/python/__init__.py": "",
    SITE + "stand_in_v1/examples/tutorials/mnist/input_data.py": "",
    SITE + "library/__init__.py": """
        import tensorflow as tf
        import importlib
        at_import = tf.__name__
        by_name = importlib.import_module("tensorflow").__name__
        def in_function():
            import tensorflow
            return tensorflow.__name__
        def call(function):
            return function()
        def execute(text, namespace):
            exec(text, namespace)
            return namespace
        """,
    SITE + "library/deep/__init__.py": "from tensorflow import __name__ as at_import\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, STAND_INS)
    return tmp_path


SPELLINGS = {
    "import tensorflow": "tensorflow.__name__",
    "import tensorflow as tf": "tf.__name__",
    "import os, tensorflow as tf, sys": "tf.__name__",
    "from tensorflow import placeholder": "placeholder",
    "from tensorflow import *": "placeholder",
    "import tensorflow.contrib.slim as slim": "slim.__name__",
    "import tensorflow.contrib.slim": "tensorflow.contrib.slim.__name__",
    "from tensorflow.contrib import slim": "slim.__name__",
    "from tensorflow import contrib": "contrib.__name__",
    "from tensorflow.contrib.slim import arg_scope as scope": "scope",
    "from tensorflow.contrib.slim import (\n    arg_scope)": "arg_scope",
    "from tensorflow.examples.tutorials.mnist import input_data": "input_data.__name__",
    "import tensorflow.examples.tutorials.mnist.input_data as data": "data.__name__",
    "tf = __import__('tensorflow')": "tf.__name__",
    "tf = __import__('tensorflow.contrib', fromlist=['slim'])": "tf.slim.__name__",
    "import importlib; tf = importlib.import_module('tensorflow')": "tf.__name__",
    "from importlib import import_module; slim = import_module('tensorflow.contrib.slim')": "slim.__name__",
    "exec('import tensorflow as tf')": "tf.__name__",
    "space = {}; exec('import tensorflow as tf', space)": "space['tf'].__name__",
    "tf = eval('__import__(\"tensorflow\")')": "tf.__name__",
    "def f():\n    import tensorflow as tf\n    return tf": "f().__name__",
    "tf = (lambda: __import__('tensorflow'))()": "tf.__name__",
    "class C:\n    import tensorflow as tf": "C.tf.__name__",
    "try:\n    import tensorflow.gone\nexcept ImportError:\n    import tensorflow as tf": "tf.__name__",
    "if True: import tensorflow as tf": "tf.__name__",
}


def test_every_spelling_means_tensorflow_1(folder: Path) -> None:
    many = "".join(
        f"name{i} = {i}\n" for i in range(600)
    )  # so many names that an import's is a wide argument
    for i, spelling in enumerate(SPELLINGS):
        write(folder, {f"spelling{i}.py": spelling + "\n", f"wide{i}.py": many + spelling + "\n"})
    script = "".join(
        f"import {kind}{i} as m; print(eval({shown!r}, vars(m)))\n"
        for i, shown in enumerate(SPELLINGS.values())
        for kind in ("spelling", "wide")
    )
    write(folder, {"script.py": script})
    expected = {
        "placeholder": "a placeholder",
        "scope": "an arg_scope",
        "arg_scope": "an arg_scope",
        "tensorflow.contrib.slim.__name__": "stand_in_v1.contrib.slim",
        "tf.slim.__name__": "stand_in_v1.contrib.slim",
        "slim.__name__": "stand_in_v1.contrib.slim",
        "contrib.__name__": "stand_in_v1.contrib",
        "input_data.__name__": "stand_in_v1.examples.tutorials.mnist.input_data",
        "data.__name__": "stand_in_v1.examples.tutorials.mnist.input_data",
    }
    wanted = [expected.get(shown, "stand_in_v1") for shown in SPELLINGS.values() for _ in range(2)]
    assert lines(fast_run(folder, "script.py")) == wanted


def test_installed_libraries_keep_the_real_one(folder: Path) -> None:
    script = """
        import sys
        import library, library.deep, tensorflow as tf
        print(tf.__name__, library.at_import, library.by_name, library.in_function(), library.deep.at_import)
        print(getattr(sys.modules.get("tensorflow"), "__name__", None))
        def mine():
            import tensorflow
            return tensorflow.__name__
        print(library.call(mine), library.call(lambda: __import__("tensorflow").__name__))
        print(library.execute("import tensorflow as tf", {})["tf"].__name__)
        print(library.execute("import tensorflow as tf", globals())["tf"].__name__)
        """
    write(folder, {"script.py": script})
    real, ours = "tensorflow", "stand_in_v1"
    assert lines(fast_run(folder, "script.py")) == [
        f"{ours} {real} {real} {real} {real}",
        real,
        f"{ours} {ours}",
        real,
        ours,
    ]
    also = fast_run(folder, "--also", "library", "script.py").stdout.splitlines()
    assert also[0] == f"{ours} {ours} {ours} {ours} {ours}"


def test_modules_beside_the_script_and_wherever_it_points_sys_path(folder: Path) -> None:
    helper = "import tensorflow as tf\nname = tf.__name__\n"
    write(
        folder,
        {
            "common.py": helper,
            "models/deep/model.py": helper,
            "models/__init__.py": "",
            "models/deep/__init__.py": "from . import model\n",
            "work/beside.py": helper,
            "work/plugins/plugin.py": helper,
            "work/script.py": """
                import runpy, sys
                import beside
                sys.path.append("..")
                import common
                from models.deep import model
                sys.path.insert(0, "lib.zip")
                import zipped
                plugin = runpy.run_path("plugins/plugin.py")
                print(beside.name, common.name, model.name, zipped.name, plugin["name"])
                """,
        },
    )
    with zipfile.ZipFile(folder / "work" / "lib.zip", "w") as archive:
        archive.writestr("zipped.py", helper)
    done = fast_run(folder / "work", "script.py", environment=folder)
    assert lines(done) == [" ".join(["stand_in_v1"] * 5)]


def test_relative_imports_and_modules_named_like_tensorflow_are_untouched(folder: Path) -> None:
    write(
        folder,
        {
            "package/__init__.py": "",
            "package/tensorflow.py": "value = 'relative'\n",
            "package/use.py": """
                from . import tensorflow
                from .tensorflow import value
                print(tensorflow.value, value)
                """,
            "tensorflow_addition.py": "value = 'addition'\n",
            "script.py": "import package.use, tensorflow_addition\nprint(tensorflow_addition.value)\n",
        },
    )
    assert lines(fast_run(folder, "script.py")) == ["relative relative", "addition"]


def test_module_that_tensorflow_1_lacks_is_named_as_the_script_named_it(folder: Path) -> None:
    write(folder, {"script.py": "def load():\n    import tensorflow.contrib.nonsense\nload()\n"})
    error = fast_run(folder, "script.py", status=1).stderr.splitlines()
    assert [line for line in error if line.strip(" ~^")] == [
        "Traceback (most recent call last):",
        f'  File "{folder}/script.py", line 3, in <module>',
        "    load()",
        f'  File "{folder}/script.py", line 2, in load',
        "    import tensorflow.contrib.nonsense",
        "ModuleNotFoundError: No module named 'tensorflow.contrib.nonsense' in TensorFlow 1.15 "
        "as tf1compat has it",
    ]
    write(folder, {"script.py": "import tensorflow.python.framework.ops\n"})
    assert "No module named 'nothing_of_this_name'" in fast_run(folder, "script.py", status=1).stderr


def test_run_of_an_installed_module_is_the_script(folder: Path) -> None:
    write(
        folder,
        {
            SITE
            + "library/train.py": "import tensorflow as tf, library\nprint(tf.__name__, library.at_import)"
        },
    )
    assert lines(fast_run(folder, "-m", "library.train")) == ["stand_in_v1 tensorflow"]
    assert lines(fast_run(folder, SITE + "library/train.py")) == ["stand_in_v1 tensorflow"]


def test_strings_and_standard_input_are_the_users(folder: Path) -> None:
    text = "import tensorflow as tf; print(tf.__name__)"
    assert lines(fast_run(folder, "-c", text)) == ["stand_in_v1"]
    assert lines(fast_run(folder, "-", stdin=text)) == ["stand_in_v1"]


def test_owner_goes_by_place(tmp_path: Path) -> None:
    site = Path(sysconfig.get_path("purelib"))
    write(
        tmp_path,
        {
            "project/.venv/lib/python3.11/site-packages/other/x.py": "",
            "project/code.py": "",
            "project/egg/code.egg-info/SOURCES.txt": "code/x.py\n",
            "project/egg/code/x.py": "",
            "vendored/thing/x.py": "",
            "vendored/own/x.py": "",
            "vendored/thing-1.0.dist-info/RECORD": "thing/x.py,sha256=x,1\nthing-1.0.dist-info/RECORD,,\n",
            "store/package/x.py": "",
        },
    )
    link = tmp_path / "project/.venv/lib/python3.11/site-packages/linked"
    link.symlink_to(tmp_path / "store" / "package")
    (tmp_path / "project" / "borrowed").symlink_to(site)
    owners = {
        tmp_path / "project/code.py": Owner.USER,
        tmp_path / "project/egg/code/x.py": Owner.USER,
        tmp_path / "project/.venv/lib/python3.11/site-packages/other/x.py": Owner.LIBRARY,
        link / "x.py": Owner.LIBRARY,
        tmp_path / "project/borrowed/six.py": Owner.LIBRARY,
        tmp_path / "vendored/thing/x.py": Owner.LIBRARY,
        tmp_path / "vendored/own/x.py": Owner.USER,
        site / "anything/x.py": Owner.LIBRARY,
        site / "egg.egg/x.py": Owner.LIBRARY,
        Path(sysconfig.get_path("stdlib")) / "threading.py": Owner.PYTHON,
        Path(sys.modules["tf1compat"].__file__ or ""): Owner.LIBRARY,
    }
    ownership = Ownership()
    assert {path: ownership.of_file(str(path)) for path in owners} == owners
    assert Ownership(scripts=[str(site / "tool.py")]).of_file(str(site / "tool.py")) is Owner.USER


def test_with_the_real_tensorflow(tmp_path: Path) -> None:
    """The stand-ins' part, once with what they stand for; one process, since each loads TensorFlow."""
    write(
        tmp_path,
        {
            "lib/site-packages/library.py": "import tensorflow as tf, keras\nversion = tf.__version__\n",
            "nets/net.py": "import tensorflow as tf\ndef double(x): return tf.multiply(x, 2.0)\n",
            "work/script.py": """
                import sys
                sys.path += ["..", "../lib/site-packages"]
                from nets import net
                import keras, library, tensorflow as tf
                from tensorflow.examples.tutorials.mnist import input_data
                from tensorflow.python.framework import ops
                x = tf.placeholder(tf.float32, [])
                y = net.double(x)
                with tf.Session() as sess:
                    print(sess.run(y, {x: 3.0}))
                print(tf.__name__, library.tf.__name__, keras.backend.backend(), library.version[0])
                print(callable(input_data.read_data_sets), ops.get_default_graph() is tf.get_default_graph())
                """,
        },
    )
    done = run(tmp_path / "work", "script.py")
    assert lines(done) == ["6.0", "tf1compat.v1 tensorflow tensorflow 2", "True True"]
    assert done.stderr == ""
