"""The reports as one page for a browser, which needs nothing else: `page.html` with the data in it."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

__all__ = ["write"]


def write(path: str, data: dict[str, Any]) -> None:
    """Write the page of `data` (see `data.plain`) to a file; OSError where it cannot be written."""
    frame = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    # No name of a file and no line of code may end the script that holds them.
    text = json.dumps(data).replace("<", "\\u003c")
    with open(path, "w", encoding="utf-8") as file:
        file.write(frame.replace(">DATA<", f">{text}<", 1))
