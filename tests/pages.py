"""The pages of the documentation and the code blocks on them. Python 3.7 can import this: the oracle's recorder does.

A fence says what its block is:

* ```` ```python ````: a program for plain `python`.
* ```` ```python tf1 ````: a program for `tf1compat run`, which prints the same under TensorFlow 1.15.5.
* ```` ```python tf1 here ````: the same, but TensorFlow 1.15.5 prints something else, or cannot run it.
* ```` ```sh ````: commands. If what they print is shown, they are run; else the files they name exist.
* ```` ```text ```` right after one of these: what it prints.

With `title="name.py"` in the fence, the block is in a file of that name where the other blocks of the page run; if one
of them is a command that runs it, and nothing is shown that it prints, it is not run alone.
"""

import re
from pathlib import Path
from typing import NamedTuple, Optional

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "migration_guide"
PAGES = [ROOT / "README.md", *sorted(GUIDE.rglob("*.md"))]
KINDS = {"python", "python tf1", "python tf1 here", "sh", "text"}

FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```\n", re.M | re.S)
TITLE = re.compile(r'\s*title="([^"]*)"')


class Block(NamedTuple):
    page: Path
    line: int
    kind: str
    title: Optional[str]  # noqa: UP045
    body: str
    printed: Optional[str]  # noqa: UP045

    @property
    def place(self):
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page):
    """The blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    fences = list(FENCE.finditer(text))
    blocks = []
    for fence, following in zip(fences, [*fences[1:], None]):  # noqa: B905
        title = TITLE.search(fence["info"])
        printed = None
        if following and following["info"] == "text" and not text[fence.end() : following.start()].strip():
            printed = following["body"]
        kind = TITLE.sub("", fence["info"]).strip()
        line = text.count("\n", 0, fence.start()) + 1
        blocks.append(Block(page, line, kind, title and title[1], fence["body"], printed))
    return blocks


def prose_of(page):
    """The text of a page without its blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def runs_alone(block):
    """Whether a program is to be run by itself."""
    commands = [each.body.split() for each in blocks_of(block.page) if each.kind == "sh" and each.printed is not None]
    return block.printed is not None or not any(block.title in words for words in commands)


BLOCKS = [block for page in PAGES for block in blocks_of(page)]
