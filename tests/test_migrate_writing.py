"""`tf1compat migrate` on the command line: the diff, what is written and what is not, the exit status."""

import os
import stat
import subprocess
import sys

import pytest

from tf1compat.cli import main
from tf1compat.migrating import writing

OLD = b"import tensorflow as tf\r\nx = tf.nn.relu(y)"
NEW = b"import tf1compat.v1 as tf\r\nx = tf.nn.relu(y)"


def git(folder, *arguments):
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "train.py").write_bytes(OLD)
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    return tmp_path


def migrate(path, *options):
    return main(["migrate", str(path), "--to", "v1", *options])


def test_the_diff_applies(repository, capfdbinary, monkeypatch):
    monkeypatch.chdir(repository)
    assert migrate("train.py") == 1
    diff, said = capfdbinary.readouterr()
    assert said == b"tf1compat migrate: 1 file would change\n"
    assert (repository / "train.py").read_bytes() == OLD
    subprocess.run(["git", "apply", "-"], input=diff, cwd=repository, check=True)
    assert (repository / "train.py").read_bytes() == NEW
    assert migrate("train.py") == 0
    assert capfdbinary.readouterr() == (b"", b"tf1compat migrate: 0 files would change; 1 file stays as it is\n")


def test_what_git_holds_is_written(repository):
    assert migrate(repository, "--write") == 0
    assert (repository / "train.py").read_bytes() == NEW
    assert sorted(path.name for path in repository.iterdir()) == [".git", "train.py"]


@pytest.mark.parametrize("state", ["changed", "staged", "untracked", "ignored"])
def test_what_git_does_not_hold_is_not_written_over(repository, capsys, state):
    path = repository / "train.py"
    if state in ("changed", "staged"):
        path.write_bytes(OLD + b"\n")
        if state == "staged":
            git(repository, "add", ".")
    else:
        path = repository / "new.py"
        path.write_bytes(OLD)
        if state == "ignored":
            (repository / ".gitignore").write_text("new.py\n")
    before = path.read_bytes()
    assert migrate(repository, "--write") == 4
    said = capsys.readouterr().err
    assert f"{path}: " in said and "nothing was written" in said and "--force" in said
    assert path.read_bytes() == before and (repository / "train.py").read_bytes()[: len(OLD)] == OLD
    assert migrate(repository, "--write", "--force") == 0
    assert path.read_bytes().startswith(NEW) and (repository / "train.py").read_bytes().startswith(NEW)


def test_outside_of_git_a_copy_stays(tmp_path, capsys):
    path = tmp_path / "train.py"
    path.write_bytes(OLD)
    (tmp_path / "train.py.orig").write_bytes(b"mine")
    path.chmod(0o751)
    assert migrate(path, "--write") == 0
    assert path.read_bytes() == NEW and stat.S_IMODE(path.stat().st_mode) == 0o751
    assert (tmp_path / "train.py.orig").read_bytes() == b"mine"
    assert (tmp_path / "train.py.orig1").read_bytes() == OLD
    assert f"{path}.orig1" in capsys.readouterr().err


def test_links_are_followed(repository):
    link = repository.parent / "link.py"
    link.symlink_to(repository / "train.py")
    assert migrate(link, "--write") == 0
    assert link.is_symlink() and (repository / "train.py").read_bytes() == NEW


def test_all_or_nothing(tmp_path, capsys):
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_bytes(OLD)
    bad.write_bytes(b"import tensorflow as tf\nthis is no Python\n")
    assert migrate(tmp_path, "--write") == 4
    assert f"{bad}:2: error: " in capsys.readouterr().err
    assert good.read_bytes() == OLD
    assert migrate(tmp_path, "--write", "--keep-going") == 4
    assert good.read_bytes() == NEW and b"no Python" in bad.read_bytes()


def test_a_file_that_changed_meanwhile_is_left(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"newer")
    with pytest.raises(writing.Refused, match="has changed"):
        writing.replace_files([writing.Replacement(str(path), b"older", b"new")])
    assert path.read_bytes() == b"newer" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("call", ["fsync", "write", "chmod", "replace"])
def test_a_failure_leaves_no_file_half_written(tmp_path, monkeypatch, call):
    paths = [tmp_path / f"{name}.py" for name in "abc"]
    for path in paths:
        path.write_bytes(OLD)
    replacements = [writing.Replacement(str(path), OLD, NEW) for path in paths]
    calls = []

    def failing(plain):
        def call(*args, **kwargs):
            calls.append(args)
            if len(calls) == 2:
                raise OSError(28, "No space left on device", str(tmp_path / "b.py"))
            return plain(*args, **kwargs)

        return call

    if call == "write":
        monkeypatch.setattr(os, "fdopen", failing(os.fdopen))
    else:
        monkeypatch.setattr(os, call, failing(getattr(os, call)))
    with pytest.raises((writing.Refused, OSError), match="No space left"):
        writing.replace_files(replacements)
    contents = [path.read_bytes() for path in paths]
    assert contents == ([NEW, OLD, OLD] if call == "replace" else [OLD, OLD, OLD])
    assert {path.suffix for path in tmp_path.iterdir()} <= {".py", ".orig"}


def test_refused_names_show_in_the_status(tmp_path, capsys):
    path = tmp_path / "tpu.py"
    path.write_text("import tensorflow as tf\ntf.contrib.tpu.TPUEstimator()\n")
    assert migrate(path) == 3
    assert f"{path}:2: refused: tf.contrib.tpu.TPUEstimator: " in capsys.readouterr().err
    assert migrate(path, "--write") == 3
    assert f"{path}:4: refused: " in capsys.readouterr().err


def test_bad_command_lines(tmp_path, capsys):
    assert migrate(tmp_path / "nothing.py") == 2
    assert "there is no " in capsys.readouterr().err
    for arguments in (["migrate", "x.py"], ["migrate", "--to", "v1"], ["migrate", "x.py", "--to", "v1", "--force"]):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2


def test_folders_without_files_that_are_not_the_programs(tmp_path):
    for name in (".git/a.py", "venv/lib/a.py", "node_modules/a.py", "__pycache__/a.py", "pkg/a.py", "a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(OLD)
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    assert migrate(tmp_path, "--write", "--force") == 0
    changed = [path for path in tmp_path.rglob("*.*") if path.is_file() and path.read_bytes() == NEW]
    assert changed == [tmp_path / "pkg" / "a.py"]


def test_nothing_imports_tensorflow(tmp_path):
    (tmp_path / "a.py").write_bytes(OLD)
    code = (
        "import sys; from tf1compat.cli import main; main(['migrate', 'a.py', '--to', 'v1', '--write']); "
        "print(sorted({'tensorflow', 'keras', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n" and (tmp_path / "a.py").read_bytes() == NEW
