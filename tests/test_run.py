"""`tf1compat run` runs a program as plain Python would: each is run both ways, and all it shows compared."""

from __future__ import annotations

import os
import signal
import sys
import zipfile
from pathlib import Path

import pytest
from run_harness import lines, python, run, write

from tf1compat.cli import main

PROGRAMS = {
    "names": """
        import os, sys
        print(sys.argv, __file__, __name__, __package__, __spec__, __doc__, type(__loader__).__name__)
        print(os.path.abspath(sys.path[0]), sys.modules["__main__"].__dict__ is globals(), sorted(globals()))
        print(__builtins__)
        """,
    "exit 3": "import sys; sys.exit(3)",
    "exit None": "import sys; sys.exit()",
    "exit with a message": "raise SystemExit('enough')",
    "exception": """
        def inner():
            return {}["missing"]
        inner()
        """,
    "chained exceptions": """
        def first():
            raise KeyError("first")
        try:
            first()
        except KeyError as error:
            try:
                raise ValueError("second")
            except ValueError:
                raise RuntimeError("third") from error
        """,
    "syntax error": "x = 1\nfor in y:\n    pass\n",
    "exception in an imported module": "import broken",
    "missing module": "from nowhere.at_all import nothing",
    "missing name": "from helper import nothing",
    "exception hook": """
        import sys, traceback
        def hook(kind, error, trace):
            print("hook:", kind.__name__, error, [entry.name for entry in traceback.extract_tb(trace)])
        sys.excepthook = hook
        raise ValueError("x")
        """,
    "exception hook that fails": """
        import sys
        def hook(kind, error, trace):
            raise TypeError("in hook")
        sys.excepthook = hook
        raise ValueError("x")
        """,
    "a warning, a log, an exit handler": """
        import atexit, logging, warnings
        atexit.register(print, "at exit")
        warnings.warn("mine")
        logging.warning("logged")
        1 / 0
        """,
    "warning that an import raises": """
        import warnings
        warnings.simplefilter("always")
        import warning_helper
        """,
    "interrupt": "import atexit; atexit.register(print, 'at exit')\nraise KeyboardInterrupt",
    "thread that dies": """
        import threading
        def work():
            raise ValueError("in a thread")
        thread = threading.Thread(target=work, name="worker")
        thread.start()
        thread.join()
        """,
    "non-daemon thread outlives the script": """
        import threading, time
        threading.Thread(target=lambda: (time.sleep(0.2), print("thread ends"))).start()
        print("script ends")
        """,
    "pickle": """
        import pickle
        class Thing:
            def __init__(self, x): self.x = x
        print(pickle.loads(pickle.dumps(Thing(3))).x, Thing.__module__)
        """,
    "source": """
        import inspect
        def function():
            return 1  # this line
        class Class:
            attribute = 2
        print(inspect.getsource(function), inspect.getsource(Class), inspect.getsourcefile(function))
        """,
    "import of the main module": "import __main__\nx = 5\nprint(__main__.x)",
    "future": "from __future__ import annotations\ndef f(x: undefined): pass\nprint(f.__annotations__)",
    "no future leaks": "def f(x: int): pass\nprint(f.__annotations__)",
    "import hooks still look like functions": """
        import builtins, importlib
        print(callable(builtins.__import__), __import__.__name__, __import__("os.path").__name__)
        print(importlib.import_module("json").__name__, importlib.import_module(".decoder", "json").__name__)
        """,
    "standard input": "print(input(), input())",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {
            "broken.py": "def f():\n    raise OSError('broken')\nf()\n",
            "helper.py": "value = 1\n",
            "warning_helper.py": "import warnings\nwarnings.warn('look above', stacklevel=2)\n",
        },
    )
    return tmp_path


def same(folder: Path, *command: str, python_command: tuple[str, ...] = (), **options: object) -> None:
    plain = python(folder, *(python_command or command), status=None, **options)  # type: ignore[arg-type]
    ours = run(folder, *command, status=None, **options)  # type: ignore[arg-type]
    assert ours.stdout == plain.stdout
    assert ours.stderr == plain.stderr
    assert ours.returncode == plain.returncode


@pytest.mark.parametrize("program", PROGRAMS)
def test_program_shows_the_same_as_under_plain_python(program: str, folder: Path) -> None:
    write(folder, {"script.py": PROGRAMS[program]})
    same(folder, "script.py", "--also", "-m", "x y", stdin="one\ntwo\n")


def test_script_by_another_path(folder: Path) -> None:
    write(folder, {"sub/script.py": PROGRAMS["names"], "elsewhere/readme": ""})
    (folder / "elsewhere" / "link.py").symlink_to(folder / "sub" / "script.py")
    same(folder, "sub/../sub/script.py")
    same(folder, "elsewhere/link.py", "argument")
    same(folder, str(folder / "sub" / "script.py"))


def test_folder_zip_and_bytecode(folder: Path) -> None:
    source = "import sys; print(sys.argv, __name__, __package__, __file__, __spec__.name, sys.path[0])"
    write(folder, {"app/__main__.py": source, "app/part.py": "", "code.py": "print(__file__); 1 / 0"})
    same(folder, "app", "x")
    with zipfile.ZipFile(folder / "app.zip", "w") as archive:
        archive.writestr("__main__.py", source)
    same(folder, "app.zip", "x")
    python(folder, "-c", "import py_compile; py_compile.compile('code.py', 'code.pyc')")
    same(folder, "code.pyc")


def test_string_and_standard_input(folder: Path) -> None:
    source = "import sys; print(sys.argv, sys.path[0] == '', __name__, '__file__' in globals()); 1 / 0"
    same(folder, "-c", source, "-x", "y")
    same(folder, "-", "-x", "y", stdin=source)


def test_module(folder: Path) -> None:
    source = """
        import os, sys
        from . import sibling
        print(sys.argv, __name__, __package__, __spec__.name, __file__, os.path.abspath(sys.path[0]), sibling)
        """
    write(
        folder,
        {
            "package/__init__.py": "print('package')",
            "package/sibling.py": "",
            "package/train.py": source,
            "whole/__init__.py": "",
            "whole/__main__.py": "import sys; print(sys.argv, __package__)",
        },
    )
    same(folder, "-m", "package.train", "--rate", "0.1", "-m")
    same(folder, "-m", "whole")


def test_module_that_fails_shows_its_own_frames_only(folder: Path) -> None:
    write(folder, {"fails.py": "def f():\n    1 / 0\nf()\n"})
    error = run(folder, "-m", "fails", status=1).stderr.splitlines()
    assert error[0] == "Traceback (most recent call last):"
    assert error[1] == f'  File "{folder}/fails.py", line 3, in <module>'
    assert error[-1] == "ZeroDivisionError: division by zero"


def test_interrupt_ends_by_the_signal(folder: Path) -> None:
    write(folder, {"script.py": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass\n"})
    same(folder, "script.py")
    assert run(folder, "script.py", status=None).returncode in (-signal.SIGINT, 128 + signal.SIGINT)


def test_python_options_count(folder: Path) -> None:
    write(
        folder, {"script.py": "import sys\nprint(__debug__, sys.flags.optimize, sys.path[0])\nassert False\n"}
    )
    from run_harness import RUN

    plain = python(folder, "-O", "-P" if sys.version_info >= (3, 11) else "-B", "script.py")
    ours = python(folder, "-O", "-P" if sys.version_info >= (3, 11) else "-B", *RUN, "script.py")
    assert lines(ours) == lines(plain)


def test_what_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(folder, "missing.py", status=2)
    assert (
        done.stderr
        == f"tf1compat run: can't open '{folder}/missing.py': [Errno 2] No such file or directory\n"
    )
    assert run(folder, "-m", "missing", status=1).stderr == "tf1compat run: No module named missing\n"
    package = run(folder, "-m", "xml", status=1).stderr
    assert package.startswith("tf1compat run: No module named xml.__main__; 'xml' is a package")
    write(folder, {"script.py": "print('ran')"})
    also = run(folder, "--also", "no-such-library", "script.py", status=2)
    assert "--also no-such-library: there is no installed library of this name" in also.stderr
    assert also.stdout == ""
    assert "tensorflow" in run(folder, "--also", "tensorflow", "script.py", status=2).stderr


def test_command_line_without_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "run a TensorFlow 1 script" in capsys.readouterr().out
    for arguments in (["run"], ["run", "-m"], ["run", "--also", "x"], ["run", "--unknown", "x.py"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
        assert "usage: tf1compat run" in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["run", "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for what in ("--also", "tensorflow.contrib", "TF_CPP_MIN_LOG_LEVEL", "pip install -e", "examples:"):
        assert what in text


def test_the_command_line_does_not_load_tensorflow(tmp_path: Path) -> None:
    write(tmp_path, {"script.py": "import sys; print('tensorflow' in sys.modules, 'numpy' in sys.modules)"})
    assert lines(run(tmp_path, "script.py")) == ["False False"]


def test_package_folder_does_not_stay_on_the_path(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"script.py": "import sys; print([p for p in sys.path if 'tf1compat' in p.split('/')[-1:]])"},
    )
    assert lines(run(tmp_path, "script.py")) == ["[]"]
    module = python(tmp_path, "-m", "tf1compat", "run", "script.py", environ={"PYTHONPATH": os.getcwd()})
    assert lines(module) == ["[]"]
