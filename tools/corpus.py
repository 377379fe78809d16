"""Scripts of public repositories, which are kept outside of this one: what the proofs over many of them share.

A corpus is a folder with a folder for each repository; a script's name is its path in it, REPOSITORY/…/SCRIPT.py.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

__all__ = ["copied", "names"]

#: What scripts name as the folder of their MNIST files.
_MNIST = re.compile(
    r"""read_data_sets\(\s*[rbu]?["']([^"']+)|["']((?:\.{0,2}/)?[\w./]*(?:MNIST|mnist)[\w./]*)/?["']"""
)


def names(file: Path) -> list[str]:
    """The scripts of a list: a line each, or JSON, strings or objects with a "script"."""
    text = file.read_text(encoding="utf-8")
    if not text.lstrip().startswith("["):
        return [line for line in text.splitlines() if line.strip()]
    return [entry if isinstance(entry, str) else entry["script"] for entry in json.loads(text)]


def copied(script: Path, name: str, top: Path, mnist: Path | None = None) -> Path:
    """Copy a script's folder to where `name` says below `top`, with the files at the top of its repository.

    mnist: a folder with MNIST's archives, which are put where the scripts of that folder look for them: below the
    script, or where they name a place below /tmp.
    """
    copy, repository = top / name, Path(name).parts[0]
    shutil.copytree(script.parent, copy.parent, dirs_exist_ok=True)
    for file in script.parents[len(Path(name).parts) - 2].iterdir():
        if file.is_file() and not (top / repository / file.name).exists():
            shutil.copy(file, top / repository / file.name)
    for neighbour in copy.parent.glob("*.py") if mnist is not None else ():
        source = neighbour.read_text(encoding="utf-8", errors="replace")
        for folder in map("".join, _MNIST.findall(source)):
            place = copy.parent / folder  # an absolute folder is itself
            if place.is_file() or folder.startswith("/") and not folder.startswith("/tmp/"):
                continue
            place.mkdir(parents=True, exist_ok=True)
            for archive in mnist.iterdir():
                if not (place / archive.name).exists():
                    shutil.copy(archive, place / archive.name)
    return copy
