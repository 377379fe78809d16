"""Processes that the script starts behave like it under `tf1compat run`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from run_harness import RUN, lines, run, write

from tf1compat.cli.commands import Rewriter
from tf1compat.cli.ownership import Ownership

CHILD = """
    import sys
    import tensorflow as tf
    with tf.Session() as sess:
        print(tf.__name__, sess.run(tf.constant(20) + 1), __name__, sys.argv[1:], flush=True)
    """


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_multiprocessing(method: str, tmp_path: Path) -> None:
    # The child imports its own TensorFlow: forking after TensorFlow's threads run is nobody's promise.
    script = f"""
        import multiprocessing, os, sys
        import helper
        def work(number):
            import numpy as np
            import tensorflow as tf
            x = tf.placeholder(tf.int32, [])
            with tf.Session() as sess:
                return tf.__name__, helper.name(), int(sess.run(x + 1, {{x: number}})), np.float.__name__
        if __name__ == "__main__":
            context = multiprocessing.get_context({method!r})
            os.chdir("/")
            with context.Pool(1) as pool:
                print(*pool.map(work, [1, 2]))
            with open(os.path.join(os.path.dirname(__file__), "sub", "note"), "w") as note:
                note.write("done")
        """
    helper = "def name():\n    import tensorflow\n    return tensorflow.__name__\n"
    write(tmp_path, {"script.py": script, "helper.py": helper, "sub/readme": ""})
    done = run(tmp_path, "script.py")
    ours = "'tf1compat.v1', 'tf1compat.v1'"
    assert lines(done) == [f"({ours}, 2, 'float') ({ours}, 3, 'float')"]
    assert (tmp_path / "sub" / "note").exists()
    assert [line.partition(";")[0].split()[-1] for line in done.stderr.splitlines()] == ["numpy.float"]


def test_multiprocessing_of_a_module_run_with_m(tmp_path: Path) -> None:
    script = """
        import multiprocessing
        from . import sibling
        import tensorflow as tf
        def work(queue):
            queue.put((tf.__name__, __name__, sibling.value))
        if __name__ == "__main__":
            context = multiprocessing.get_context("spawn")
            queue = context.Queue()
            process = context.Process(target=work, args=(queue,))
            process.start()
            print(*queue.get())
            process.join()
        """
    write(
        tmp_path, {"package/__init__.py": "", "package/sibling.py": "value = 7\n", "package/train.py": script}
    )
    assert lines(run(tmp_path, "-m", "package.train")) == ["tf1compat.v1 __mp_main__ 7"]


@pytest.mark.parametrize("command", [["script.py"], ["-m", "package.script"]], ids=["script", "module"])
def test_multiprocessing_of_python_2(command: list[str], tmp_path: Path) -> None:
    script = """
        import multiprocessing
        import sibling
        def work(number):
            print 'working on', number
            return __name__, sibling.halves(range(number)), 7 / 2
        if __name__ == '__main__':
            for method in 'spawn', 'forkserver':
                pool = multiprocessing.get_context(method).Pool(1)
                print pool.map(work, xrange(2, 4))
                pool.close()
                pool.join()
        """
    sibling = "def halves(numbers): return map(lambda n: n / 2, numbers)\n"
    for folder in "", "package/":
        write(tmp_path, {folder + "script.py": script, folder + "sibling.py": sibling, "package/__init__.py": ""})
    done = run(tmp_path, *command)
    answers = "[('__mp_main__', [0, 0], 3), ('__mp_main__', [0, 0, 1], 3)]"
    assert lines(done) == 2 * ["working on 2", "working on 3", answers]
    assert done.stderr.count("Python 2") == 1


def test_commands_that_run_python_on_a_script(tmp_path: Path) -> None:
    script = """
        import os, subprocess, sys
        command = [sys.executable, "-u", "child.py", "--a", "b c"]
        done = subprocess.run(command, capture_output=True, text=True)
        print(done.stdout, done.args[1:])
        sys.stdout.flush()
        os.system("cd sub && " + sys.executable + " ../child.py 'd e' | cat")
        os.execv(sys.executable, [sys.executable, "child.py", "last"])
        """
    write(tmp_path, {"script.py": script, "child.py": CHILD, "sub/readme": ""})
    assert lines(run(tmp_path, "script.py")) == [
        "tf1compat.v1 21 __main__ ['--a', 'b c']",
        " ['-u', 'child.py', '--a', 'b c']",
        "tf1compat.v1 21 __main__ ['d e']",
        "tf1compat.v1 21 __main__ ['last']",
    ]


def test_processes_of_a_library_and_of_plain_python_are_left_alone(tmp_path: Path) -> None:
    library = "import subprocess\ndef start(*command): return subprocess.check_output(command, text=True)\n"
    script = """
        import subprocess, sys
        sys.path.append("site-packages")
        import library
        print(library.start(sys.executable, "child.py").strip())
        print(subprocess.check_output([sys.executable, "-m", "installed"], text=True).strip())
        """
    child = "import sys; print('tf1compat' in sys.modules)\n"
    write(
        tmp_path,
        {
            "script.py": script,
            "child.py": child,
            "site-packages/library.py": library,
            "site-packages/installed.py": child,
        },
    )
    done = run(tmp_path, "script.py", environ={"PYTHONPATH": "site-packages"})
    assert lines(done) == ["False", "False"]


PY = sys.executable
OURS = [*RUN]
ARGV: list[tuple] = [
    ([PY, "x.py", "a"], [PY, *OURS, "x.py", "a"]),
    (
        [PY, "-u", "-W", "ignore", "-Xdev", "-O", "x.py", "-u"],
        [PY, "-u", "-W", "ignore", "-Xdev", "-O", *OURS, "x.py", "-u"],
    ),
    ([PY, "-c", "import x"], [PY, *OURS, "-c", "import x"]),
    ([PY, "-"], [PY, *OURS, "-"]),
    ([PY, "-m", "own.train", "-m"], [PY, *OURS, "-m", "own.train", "-m"]),
    ([PY, "-m", "pip", "list"], None),
    ([PY, "-m", "json.tool"], None),
    ([PY, "-m", "tf1compat", "run", "x.py"], None),
    ([PY, *OURS, "x.py"], None),
    ([PY, os.path.join(os.path.dirname(PY), "pip"), "list"], None),
    ([PY, "--version"], None),
    ([PY, "-i", "x.py"], [PY, "-i", *OURS, "x.py"]),
    ([PY], None),
    (["ls", "x.py"], None),
    (["/no/such/python", "x.py"], None),
    ((PY, b"x.py"), [PY, *OURS, "x.py"]),
]


@pytest.mark.parametrize(
    "command,expected", ARGV, ids=lambda value: " ".join(map(str, value))[-40:] if value else ""
)
def test_argument_lists(command: list[str], expected: list[str] | None, tmp_path: Path, monkeypatch) -> None:  # noqa: ANN001
    write(tmp_path, {"own/train.py": ""})
    monkeypatch.chdir(tmp_path)
    assert Rewriter(Ownership()).argv(command) == (command if expected is None else expected)


def test_libraries_named_with_also_are_passed_on() -> None:
    assert Rewriter(Ownership(also=["b", "a"])).argv([PY, "x.py"]) == [
        PY,
        *OURS,
        "--also",
        "a",
        "--also",
        "b",
        "x.py",
    ]


ADDED = " ".join(OURS)
SHELL = [
    (f"{PY} x.py a", f"{PY} {ADDED} x.py a"),
    (f"cd y && {PY} -u x.py > log 2>&1 &", f"cd y && {PY} -u {ADDED} x.py > log 2>&1 &"),
    (f"A=1 nohup {PY} x.py; {PY} z.py", f"A=1 nohup {PY} {ADDED} x.py; {PY} {ADDED} z.py"),
    (f"{PY} x.py 'a b' \"$HOME\" $(ls)", f"{PY} {ADDED} x.py 'a b' \"$HOME\" $(ls)"),
    (f"cat x | {PY} x.py | sort", f"cat x | {PY} {ADDED} x.py | sort"),
    (f"echo {PY} x.py", f"echo {PY} x.py"),
    (f"echo '; {PY} x.py' \"| {PY} y.py\"", f"echo '; {PY} x.py' \"| {PY} y.py\""),
    (f"'{PY}' 'x y.py'", f"'{PY}' {ADDED} 'x y.py'"),
    (f"{PY} -m pip install x", f"{PY} -m pip install x"),
    ("ls -l", "ls -l"),
    ("/no/such/python x.py", "/no/such/python x.py"),
]


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell's syntax")
@pytest.mark.parametrize("text,expected", SHELL)
def test_shell_commands(text: str, expected: str) -> None:
    assert Rewriter(Ownership()).shell(text) == expected
