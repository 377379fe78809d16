"""Files replaced whole or not at all, and never over work that nothing else holds.

A file in a git work tree is replaced if git holds what is in it now: it is tracked, and neither changed nor staged
since the last commit. Anywhere else a copy stays beside it, `train.py.orig`.
"""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence

__all__ = ["Refused", "Replacement", "replace_files", "uncommitted"]

_GITS_OWN = frozenset({"GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"})
_GIT = ("git", "-c", "core.quotepath=off", "--literal-pathspecs")


class Refused(Exception):
    """Nothing was written. `reasons` has a line for each file that stood in the way; `uncommitted`: `force` would have
    gone over all of them."""

    def __init__(self, reasons: Sequence[str], uncommitted: bool = False) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)
        self.uncommitted = uncommitted


class Replacement:
    """New bytes for a file, whose bytes were `before` when they were made."""

    def __init__(self, path: str, before: bytes, after: bytes) -> None:
        self.name = path
        self.path = os.path.realpath(path)
        self.before, self.after = before, after


def replace_files(replacements: Sequence[Replacement], force: bool = False) -> list[str]:
    """Replace files; returns the names of the copies made of what they were.

    All new files are written beside the old ones and synced before the first takes its place by a rename, so a full
    disk or a crash leaves every file either as it was or new. Links are followed; a file keeps its mode, and its owner
    where that may be set.

    Raises:
      Refused: one of them may not be replaced, or has changed since it was read. Nothing was written.
      OSError: while the files were taking their places; those before it are new, those after it old.
    """
    reasons = [reason for one in replacements if (reason := _hindrance(one)) is not None]
    states = uncommitted([one.path for one in replacements])
    unsafe = [f"{one.name}: {states[one.path]}" for one in replacements if states.get(one.path) and not force]
    if reasons or unsafe:
        raise Refused(reasons + unsafe, uncommitted=not reasons)
    with contextlib.ExitStack() as waiting:
        try:
            prepared = [(one, waiting.enter_context(_beside(one))) for one in replacements]
            copies = [_kept(one) for one in replacements if one.path not in states]
        except OSError as error:
            raise Refused([f"{error.filename or replacements[0].name}: {error.strerror}"]) from None
        for one, temporary in prepared:
            os.replace(temporary, one.path)
    for folder in {os.path.dirname(one.path) for one in replacements}:
        _sync_folder(folder)
    return copies


def _hindrance(one: Replacement) -> str | None:
    try:
        with open(one.path, "rb") as file:
            now = file.read()
    except OSError as error:
        return f"{one.name}: {error.strerror}"
    if now != one.before:
        return f"{one.name}: it has changed since it was read"
    if not os.access(one.path, os.W_OK):
        return f"{one.name}: it is read-only"
    return None


@contextlib.contextmanager
def _beside(one: Replacement) -> Iterator[str]:
    """The new bytes in a file of their own in the same folder, which is gone at the end unless it was renamed."""
    old = os.stat(one.path)
    handle, temporary = tempfile.mkstemp(prefix=".tf1compat-", suffix=".tmp", dir=os.path.dirname(one.path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(one.after)
            file.flush()
            os.fsync(file.fileno())
        if hasattr(os, "chown"):
            with contextlib.suppress(OSError):
                os.chown(temporary, old.st_uid, old.st_gid)
        os.chmod(temporary, stat.S_IMODE(old.st_mode))
        yield temporary
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _kept(one: Replacement) -> str:
    """A copy of what a file was, under the first name that is free."""
    number = 0
    while True:
        name = f"{one.path}.orig{number or ''}"
        try:
            with open(name, "xb") as file:
                file.write(one.before)
                os.fsync(file.fileno())
        except FileExistsError:
            number += 1
            continue
        os.chmod(name, stat.S_IMODE(os.stat(one.path).st_mode))
        return name


def _sync_folder(folder: str) -> None:
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def uncommitted(paths: Sequence[str]) -> dict[str, str]:
    """Files that lie in a git work tree, and in words why git does not hold what is in them; "" if it does."""
    found: dict[str, str] = {}
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(os.path.dirname(path), []).append(os.path.basename(path))
    for folder, names in folders.items():
        if not _looks_like_git(folder):
            continue
        try:
            tracked = _git(folder, "ls-files", "-z", "--", *names)
            changed = {entry[3:] for entry in _git(folder, "status", "--porcelain", "-z", "--", *names)}
        except (OSError, subprocess.CalledProcessError) as error:
            said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().split("\n")[0]
            found.update((os.path.join(folder, name), f"git cannot tell its state ({said or error})") for name in names)
            continue
        # ls-files speaks of the folder, status of the work tree's top.
        ends = {os.path.basename(entry) for entry in changed}
        for name in names:
            state = "it has changes that are not committed" if name in ends else ""
            found[os.path.join(folder, name)] = state if name in tracked else "git does not track it"
    return found


def _looks_like_git(folder: str) -> bool:
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            return True
        folder, part = os.path.split(folder)
        if not part:
            return False


def _git(folder: str, *arguments: str) -> set[str]:
    # Within a hook of git's, these speak of the repository of the hook.
    environment = {name: value for name, value in os.environ.items() if name not in _GITS_OWN}
    command = [*_GIT, *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=True, stdin=subprocess.DEVNULL
    )
    return {os.fsdecode(entry) for entry in done.stdout.split(b"\0") if entry}
