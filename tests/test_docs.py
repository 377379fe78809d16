"""What README.md and the migration guide show is true: code prints what they say, links lead somewhere.

A block of Python runs in a process of its own: under plain `python`, or, where its fence begins with
"```python tf1", through `tf1compat run`. A "```text" block right after it is what it prints.
"""

import itertools
import os
import pathlib
import re
import subprocess
import sys
from typing import NamedTuple

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "migration_guide").glob("*.md"))]
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```\n", re.M | re.S)


class Block(NamedTuple):
    place: str
    language: str
    body: str
    printed: str | None


def blocks():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fences = list(FENCE.finditer(text))
        for fence, following in itertools.pairwise([*fences, None]):
            line = text.count("\n", 0, fence.start()) + 1
            printed = None
            if (
                following
                and following["info"] == "text"
                and not text[fence.end() : following.start()].strip()
            ):
                printed = following["body"]
            yield Block(f"{page.relative_to(ROOT)}:{line}", fence["info"].strip(), fence["body"], printed)


BLOCKS = list(blocks())
PYTHON = [block for block in BLOCKS if block.language in ("python", "python tf1")]
SHELL = [block for block in BLOCKS if block.language == "sh"]


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.place)
def test_code_runs_and_prints_what_the_page_says(block, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(block.body)
    how = ["-m", "tf1compat", "run"] if block.language == "python tf1" else []
    done = subprocess.run(
        [sys.executable, *how, str(script)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{block.place}\n{done.stdout}\n{done.stderr}"
    if block.printed is not None:
        assert done.stdout == block.printed


def test_blocks_say_what_they_are():
    assert {block.language for block in BLOCKS} <= {"python", "python tf1", "text", "sh"}
    assert {block.place.partition(":")[0] for block in PYTHON} >= {"README.md"}


@pytest.mark.parametrize("block", SHELL, ids=lambda block: block.place)
def test_commands_name_targets_and_files_that_exist(block):
    targets = set(re.search(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text(), re.M)[1].split())
    code = re.sub(r"#.*", "", block.body)
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets
    for path in re.findall(r"\b(?:examples|tests|benchmarks)/[\w/.]+", code):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target
