"""`tf1compat check`: what will become of TensorFlow 1 programs, told without running them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from tf1compat.checking import data, installed, page, report, text

__all__ = ["check"]


def check(paths: Sequence[str], brief: bool = False, as_json: bool = False, html: str | None = None) -> int:
    """Print what is to be said of the programs below `paths`, and return the exit status (`data.exit_code`).

    Args:
      paths: files and folders.
      brief: leave out what is fine.
      as_json: print JSON instead.
      html: a file to write the page to as well.
    """
    if not installed.is_there():
        print("tf1compat check: names are looked up in TensorFlow's files; pip install tensorflow", file=sys.stderr)
        return 2
    reports = report.check_files(paths)
    if html is not None:
        try:
            page.write(html, data.plain(reports))
        except OSError as error:
            print(f"tf1compat check: can't write {html!r}: {error.strerror}", file=sys.stderr)
            return 2
    try:
        _write(reports, brief, as_json)
    except BrokenPipeError:  # `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not reports:
        print(f"tf1compat check: there is no Python file or notebook in {', '.join(paths)}", file=sys.stderr)
    return data.exit_code(reports)


def _write(reports: Sequence[report.FileReport], brief: bool, as_json: bool) -> None:
    if as_json:
        # ASCII alone, so that no name of a file and no terminal's encoding can break it.
        json.dump(data.plain(reports), sys.stdout, indent=1)
        print()
        return
    colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    written = [text.of_file(one, brief, colours) for one in reports]
    for one in filter(None, written):
        _print(one)
    if len(reports) != 1 or not written[0]:
        _print(text.of_summary(reports, colours))
    sys.stdout.flush()


def _print(said: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    print(said.encode(encoding, "backslashreplace").decode(encoding))
