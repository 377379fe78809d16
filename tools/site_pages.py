"""MkDocs calls this while it builds the guide's site (mkdocs.yml): what pages link to outside of the guide gets a page.

README.md becomes project.md, a folder a list of its files, any other file a page that shows it.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "migration_guide"
LINK = re.compile(r"(\]\()(?!https?:|#)([^)#\s]+)")
TF1 = re.compile(r"^```python tf1( here)?(?P<title> title=.*)?$", re.M)
LANGUAGES = {".py": "python", ".sh": "sh", ".json": "json"}


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made here."""
    wanted = [ROOT / "README.md"]
    for page in files.documentation_pages():
        wanted += _linked(GUIDE / page.src_uri)
    made: set[Path] = set()
    while wanted:
        path = wanted.pop()
        if path in made or path.is_relative_to(GUIDE) or path.suffix in (".png", ".svg"):
            continue
        made.add(path)
        wanted += _linked(path)
        files.append(File.generated(config, _page_of(path), content=_content(path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Lead links to those pages, and head the programs of TensorFlow 1 with its name."""
    source = _source_of(page.file.src_uri)
    if source.suffix == ".md":

        def lead(link: re.Match[str]) -> str:
            target = _page_of((source.parent / link[2]).resolve())
            return link[1] + posixpath.relpath(target, posixpath.dirname(page.file.src_uri) or ".")

        markdown = LINK.sub(lead, markdown)
    return TF1.sub(lambda fence: "```python" + (fence["title"] or ' title="TensorFlow 1"'), markdown)


def _linked(path: Path) -> list[Path]:
    """What a page or folder of the repository leads to, in the repository."""
    if path.is_dir():
        return sorted(each for each in path.iterdir() if each.suffix in (".py", ".md"))
    if path.suffix != ".md":
        return []
    links = LINK.findall(path.read_text(encoding="utf-8"))
    return [target for _, link in links if (target := (path.parent / link).resolve()).exists()]


def _page_of(path: Path) -> str:
    """The page that stands for a file or folder of the repository."""
    if path.is_relative_to(GUIDE):
        return path.relative_to(GUIDE).as_posix()
    name = path.relative_to(ROOT).as_posix()
    if path.is_dir():
        return f"{name}/files.md"
    return "project.md" if name == "README.md" else name if path.suffix == ".md" else f"{name}.md"


def _source_of(page: str) -> Path:
    """What a page stands for."""
    if page == "project.md":
        return ROOT / "README.md"
    for path in (GUIDE / page, ROOT / page):
        if path.exists():
            return path
    return ROOT / page.removesuffix("/files.md").removesuffix(".md")


def _content(path: Path) -> str:
    name = path.relative_to(ROOT).as_posix()
    if path.is_dir():
        links = [f"- [{each.name}]({posixpath.basename(_page_of(each))})\n" for each in _linked(path)]
        return f"# {name}\n\n{''.join(links)}"
    text = path.read_text(encoding="utf-8")
    return text if path.suffix == ".md" else f"# {name}\n\n````{LANGUAGES.get(path.suffix, 'text')}\n{text}````\n"
