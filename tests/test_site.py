"""The guide builds as a web site: every link leads somewhere, and nothing is fetched from the network."""

import re
import subprocess
import sys

import pytest
from pages import GUIDE, ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_chapter_is_a_page(site):
    chapters = {page.stem for page in GUIDE.glob("*.md")}
    assert chapters <= {page.stem for page in site.glob("*.html")}
    menu = re.findall(r": (\w+)\.md$", (ROOT / "mkdocs.yml").read_text(), re.M)
    assert chapters | {"project"} == set(menu)


def test_what_pages_link_to_outside_of_the_guide_is_there(site):
    program = (site / "examples" / "five_ways" / "multi_worker.py.html").read_text()
    assert "TF_CONFIG" in program
    assert 'href="examples/five_ways/multi_worker.py.html"' in (site / "strategies.html").read_text()
    assert 'href="legacy/softmax.py.html"' in (site / "examples" / "index.html").read_text()
    assert 'href="session_functions.html"' in (site / "project.html").read_text()


def test_nothing_comes_from_the_network(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r'<(?:script|link|img|iframe)\b[^>]*(?:src|href)="?(?:https?:)?//', text), page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet
