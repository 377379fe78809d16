"""`tf1compat migrate`: shows what `tf1compat.migrating` would make of files, or writes it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, TextIO

from ..checking.sources import Unreadable
from ..checking.sources import files as find_files
from ..migrating import Plan, make_plan
from ..migrating.diffs import unified
from ..migrating.report import Status, note_lines, status, summary
from ..migrating.writing import Refused, Replacement, replace_files

__all__ = ["migrate"]


def migrate(
    paths: Sequence[str],
    target: str,
    *,
    write: bool = False,
    force: bool = False,
    keep_going: bool = False,
    out: TextIO,
    err: TextIO,
) -> int:
    """Migrate files and folders and return the exit status (`report.Status`).

    Args:
      paths: files and folders.
      target: "v1" or "functions".
      write: write the files; else the diff goes to `out`.
      force: write over what git does not hold.
      keep_going: write although some file cannot be read.
      out, err: where the diff goes, and everything else.
    """

    def say(line: str) -> None:
        print(_printable(f"tf1compat migrate: {line}", err), file=err)

    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        say(f"there is no {missing[0]}")
        return Status.USAGE
    unlisted: list[Unreadable] = []
    files = [os.path.normpath(name) for name in find_files(paths, unlisted)]
    if unlisted:
        say(f"{unlisted[0].path}: {unlisted[0]}")
        return Status.FAILED
    if not files:
        say("there are no Python files and no notebooks")
        return Status.DONE
    plan = make_plan(files, target)
    writing = write and (keep_going or not plan.failed)
    if writing:
        if not _write(plan, force, say):
            return Status.FAILED
    elif not write:
        try:
            _show(plan, out)
        except BrokenPipeError:  # `| head` has seen enough; Python would complain at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    for line in note_lines(plan, writing):
        print(_printable(line, err), file=err)
    say(summary(plan, writing))
    if write and not writing:
        say("nothing was written, because of the errors above (--keep-going writes the other files)")
    return status(plan, writing)


def _write(plan: Plan, force: bool, say: Any) -> bool:
    changes = [Replacement(file.path, file.before, file.after) for file in plan.changed]
    try:
        copies = replace_files(changes, force)
    except Refused as error:
        for reason in error.reasons:
            say(reason)
        say(f"nothing was written{'; commit first, or say --force' if error.uncommitted else ''}")
        return False
    except OSError as error:
        say(f"{error.filename}: {error.strerror}: the files before it are migrated, the others are as they were")
        return False
    for name in copies:
        say(f"what it was is kept in {name}")
    return True


def _show(plan: Plan, out: TextIO) -> None:
    """The diffs, in each file's own bytes where the stream takes bytes."""
    raw = getattr(out, "buffer", None)
    out.flush()
    for file in plan.changed:
        diff = unified(file.path, file.before, file.after)
        if raw is not None:
            raw.write(diff)
        else:
            out.write(diff.decode("utf-8", "backslashreplace"))
    (raw or out).flush()


def _printable(line: str, stream: TextIO) -> str:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return line.encode(encoding, "backslashreplace").decode(encoding)
