"""What README.md and the migration guide show is true: code prints what they say, in TensorFlow 1.15.5 too where it is
TF1's; numbers in the prose are printed somewhere on the page; links lead somewhere. pages.py says what the blocks are.
"""

import json
import re
import shlex

import pytest
from fork_harness import Forks
from goldens import guide
from pages import BLOCKS, GUIDE, KINDS, PAGES, ROOT, blocks_of, prose_of, runs_alone

PYTHON = [block for block in BLOCKS if block.kind.startswith("python") and runs_alone(block)]
TF1 = [block for block in PYTHON if block.kind == "python tf1"]
COMMANDS = [block for block in BLOCKS if block.kind == "sh" and block.printed is not None]
SHELL = [block for block in BLOCKS if block.kind == "sh" and block.printed is None]
#: Written by programs, which measure or count.
GENERATED = {"symbols.md", "fidelity.md", "compared.md"}
#: What no program is rewritten on.
OTHERS = {*GENERATED, "index.md", "differences.md", "porting_tools.md"}
CHAPTERS = [page for page in PAGES if page.parent == GUIDE and page.name not in OTHERS]
PROJECTS = "TF|TensorFlow|Keras|Python|NumPy|Probability|gym"
VERSION = re.compile(rf"\b1\.15\b|(?:{PROJECTS})[ ~]*\d+\.\d+(?:[., a-z]+\d+\.\d+)*")


def place(block):
    return block.place


def page_name(page):
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def forks(tmp_path_factory):
    process = Forks(tmp_path_factory.mktemp("forks"))
    yield process
    process.close()


@pytest.fixture
def folder(request, tmp_path):
    """Where a block runs: the examples are there, and the files of its page."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for block in blocks_of(request.node.callspec.params["block"].page):
        if block.title:
            (tmp_path / block.title).write_text(block.body)
    return tmp_path


@pytest.mark.parametrize("block", PYTHON, ids=place)
def test_code_runs_and_prints_what_the_page_says(block, forks, folder):
    script = folder / "script.py"
    script.write_text(block.body)
    how = {"program": [str(script)]} if block.kind == "python" else {"command": ["run", str(script)]}
    done = forks.run({**how, "folder": str(folder), "limit": 120})
    assert done["status"] == 0, f"{block.place}\n{done['stdout']}\n{done['stderr']}"
    if block.printed is not None:
        assert done["stdout"] == block.printed


def settled(printed):
    """What `compare` prints, but for the digits of rounding errors, which another processor has others of."""
    printed = re.sub(r"\d(?:\.\d+)?e-\d\d", lambda found: "rounding" if float(found[0]) < 1e-4 else found[0], printed)
    return re.sub(r" +", " ", re.sub(r"rounding \(\d+\)", "rounding", printed))


@pytest.mark.parametrize("block", COMMANDS, ids=place)
def test_commands_print_what_the_page_says(block, forks, folder):
    printed = ""
    for line in block.body.replace("\\\n", "").splitlines():
        words = shlex.split(line, comments=True)
        if words[:3] == ["python", "-m", "tf1compat"]:
            how = {"command": words[3:]}
        elif words[:1] == ["tf1compat"]:
            how = {"command": words[1:]}
        else:
            assert words[:1] == ["python"], f"{block.place}: {line} is not run"
            how = {"program": words[1:]}
        if "--oracle" in words:
            how = {"command": guide.from_recording(how["command"])}
        done = forks.run({**how, "folder": str(folder), "limit": 120})
        assert "Traceback" not in done["stderr"], f"{block.place}\n{done['stderr']}"
        printed += done["stdout"]
    assert settled(printed) == settled(block.printed) if " compare " in block.body else printed == block.printed


@pytest.mark.parametrize("block", TF1, ids=place)
def test_tensorflow_1_15_prints_the_same(block):
    recorded = json.loads((ROOT / "tests" / "goldens" / "guide.json").read_text())
    printed = recorded.get(guide.key(block.body))
    assert printed is not None, "record it: tests/goldens/guide.py"
    if block.printed is not None:
        assert printed == block.printed


def test_blocks_say_what_they_are():
    assert {block.kind for block in BLOCKS} <= KINDS
    assert {block.page.name for block in PYTHON} >= {"README.md"}


@pytest.mark.parametrize("block", SHELL, ids=place)
def test_commands_name_targets_and_files_that_exist(block):
    targets = set(re.search(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text(), re.M)[1].split())
    code = re.sub(r"#.*", "", block.body)
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets
    for path in re.findall(r"\b(?:examples|tests|benchmarks)/[\w/.]+", code):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in GENERATED], ids=page_name)
def test_decimals_in_the_prose_are_in_the_code_or_what_it_prints(page):
    shown = "\n".join(block.body for block in blocks_of(page))
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->", " ", VERSION.sub("", prose_of(page)), flags=re.S)
    for number in re.findall(r"(?<![\w.])\d+\.\d+(?:e-?\d+)?\b", prose):
        assert re.search(rf"(?<![\d.]){re.escape(number)}", shown), number


def anchors(page):
    for heading in re.findall(r"^#+ (.*)$", prose_of(page), re.M):
        yield re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_somewhere(page):
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?[^)]*\)", prose_of(page)):
        if target.startswith("https://"):
            continue
        path = page.parent / target if target else page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), f"{target}#{anchor}"


@pytest.mark.parametrize("page", CHAPTERS, ids=page_name)
def test_a_chapter_has_its_parts(page):
    headings = re.findall(r"^## (.*)$", prose_of(page), re.M)
    for part in ("Before", "After", "Why", "The trap"):
        assert any(heading.startswith(part) for heading in headings), part


def test_every_page_is_in_the_guide_s_table_of_contents():
    index = (GUIDE / "index.md").read_text()
    for page in GUIDE.glob("*.md"):
        assert page.name == "index.md" or f"]({page.name}" in index, page.name
