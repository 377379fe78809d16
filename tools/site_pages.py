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
GUIDE = "migration_guide"
LINK = re.compile(r"(\]\()(?!https?:|#)([^)#\s]+)")
TF1 = re.compile(r"^```python tf1( here)?(?P<title> title=.*)?$", re.M)
LANGUAGES = {".py": "python", ".sh": "sh", ".json": "json"}


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made here."""
    wanted = [ROOT / "README.md"]
    for file in files.documentation_pages():
        wanted += _links(ROOT / GUIDE, Path(file.abs_src_path).read_text(encoding="utf-8"))
    wanted += _links(ROOT, (ROOT / "README.md").read_text(encoding="utf-8"))
    made: set[Path] = set()
    while wanted:
        path = wanted.pop()
        if path in made or not path.exists() or path.is_relative_to(ROOT / GUIDE):
            continue
        made.add(path)
        if path.is_dir():
            wanted += _listed(path)
        files.append(File.generated(config, _page_of(path), content=_content(path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Lead links to those pages, and head the programs of TensorFlow 1 with its name."""
    guide = page.file.generated_by is None
    source = ROOT / GUIDE / page.file.src_uri if guide else ROOT / "README.md"
    if guide or page.file.src_uri == "project.md":
        here = posixpath.dirname(page.file.src_uri)

        def lead(match: re.Match[str]) -> str:
            path = (source.parent / match[2]).resolve()
            if not guide or not path.is_relative_to(ROOT / GUIDE):
                return match[1] + posixpath.relpath(_page_of(path), here or ".")
            return match[0]

        markdown = LINK.sub(lead, markdown)
    return TF1.sub(lambda fence: "```python" + (fence["title"] or ' title="TensorFlow 1"'), markdown)


def _links(folder: Path, text: str) -> list[Path]:
    return [(folder / match[2]).resolve() for match in LINK.finditer(text)]


def _listed(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".py", ".md"))


def _page_of(path: Path) -> str:
    """The page that stands for a file or folder of the repository."""
    name = path.relative_to(ROOT).as_posix()
    if name == "README.md":
        return "project.md"
    if path.is_relative_to(ROOT / GUIDE):
        return path.relative_to(ROOT / GUIDE).as_posix()
    if path.is_dir():
        return f"{name}/index.md"
    return name if path.suffix == ".md" else f"{name}.md"


def _content(path: Path) -> str:
    name = path.relative_to(ROOT).as_posix()
    if path.is_dir():
        links = [f"- [{each.name}]({posixpath.basename(_page_of(each))})\n" for each in _listed(path)]
        return f"# {name}\n\n{''.join(links)}"
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    return f"# {name}\n\n````{LANGUAGES.get(path.suffix, 'text')}\n{text}````\n"
