"""The script and the user's modules, converted as they are loaded where they are Python 2."""

from __future__ import annotations

import ast
import functools
import importlib.machinery
import importlib.util
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from tf1compat.python2.judge import Judgement, Verdict, judge, parse
from tf1compat.python2.signs import future_features, is_python_3_only
from tf1compat.python2.syntax import NotPython2, convert

from ...legacy.python2.names import missing_names, names_of
from ..ownership import Owner, Ownership
from .meaning import OldMethods, give_meaning, is_module

__all__ = ["Converter"]

_FILES_LOOKED_AT = 200


class Converted(NamedTuple):
    """A module's code and the builtins it is to see."""

    code: CodeType
    builtins: dict[str, Any]


class Converter:
    """Converts what is Python 2, and says so once.

    A program is Python 2 when its script is, or a module of the user's that the script imports, by the first lines
    that any of them runs. Then all of the user's modules are, but for those whose syntax no Python 2 had. In any
    other program a module is Python 2 for itself.
    """

    def __init__(self, ownership: Ownership, said: list[str]) -> None:
        self._ownership = ownership
        self._said = said
        self._whole_program = False

    def install(self) -> None:
        """Convert the user's modules that are imported from now on."""
        sys.meta_path.insert(0, _Finder(self, self._ownership))

    def program(self, source: bytes, filename: str, main: ModuleType, folder: str) -> CodeType | None:
        """The code of the script, whose module `main` gets the builtins that it needs; None: it is Python 3, to be
        compiled as ever. `folder` is where it imports from."""
        judgement = judge(source, filename, is_main=True)
        if judgement.verdict is not Verdict.PYTHON_2:
            judgement = self._judge_imports(source, filename, folder) or judgement
        self._whole_program = judgement.verdict is Verdict.PYTHON_2
        package = os.path.dirname(filename) if main.__package__ else None
        converted = self._convert(judgement, source, filename, package)
        if converted is None:
            return None
        main.__dict__["__builtins__"] = converted.builtins
        return converted.code

    def module(self, source: bytes, filename: str, package: str | None) -> Converted | None:
        """A module of the user's, converted; None: it is Python 3. `package` is the folder of the package it is in."""
        judgement = judge(source, filename)
        if self._whole_program and judgement.verdict is not Verdict.PYTHON_2:
            judgement = _as_python_2(source, filename)
        elif judgement.verdict is not Verdict.PYTHON_2 and package is not None:
            judgement = _by_its_imports(source, filename, package) or judgement
        return self._convert(judgement, source, filename, package)

    def _convert(self, judgement: Judgement, source: bytes, filename: str, package: str | None) -> Converted | None:
        if judgement.verdict is Verdict.PYTHON_3:
            return None
        if judgement.verdict is Verdict.NAMES:
            tree = OldMethods().visit(parse(source, filename))
            return Converted(_compile(ast.fix_missing_locations(tree), filename), missing_names())
        self._say(filename, judgement.why)
        tree = judgement.tree or _tree(source, filename)
        builtins = names_of(_compile_text, prints="print_function" not in future_features(tree))
        return Converted(_compile(give_meaning(tree, package), filename), builtins)

    def _say(self, filename: str, why: str) -> None:
        if "python 2" in self._said:
            return
        self._said.append("python 2")
        logging.getLogger("tensorflow").addFilter(_is_no_wonder)
        because = f" ({why})" if why else ""
        if sys.stderr is not None:
            line = f"{os.path.basename(filename)} is Python 2{because}: it runs converted, in memory; 7 / 2 is 3"
            print(f"tf1compat run: {line}", file=sys.stderr)

    def _judge_imports(self, source: bytes, filename: str, folder: str) -> Judgement | None:
        """What the modules that a script imports say of the script."""
        looked_at = {filename}
        waiting = [*_imported_files(source, filename, folder, False)]
        while waiting and len(looked_at) < _FILES_LOOKED_AT:
            path = waiting.pop(0)
            if path in looked_at or self._ownership.of_file(path) is not Owner.USER:
                continue
            looked_at.add(path)
            try:
                with open(path, "rb") as file:
                    text = file.read()
            except OSError:
                continue
            judgement = judge(text, path)
            if judgement.verdict is Verdict.PYTHON_2:
                ours = _as_python_2(source, filename)
                why = f"as {os.path.basename(path)} is: {judgement.why}"
                return Judgement(ours.verdict, why) if ours.verdict is Verdict.PYTHON_2 else None
            waiting.extend(_imported_files(text, path, folder, os.path.dirname(path) != folder))
        return None


def _is_no_wonder(record: logging.LogRecord) -> bool:
    # AutoGraph reads a function's source, and runs what it cannot parse as it is.
    return "AutoGraph could not transform" not in str(record.msg)


def _as_python_2(source: bytes, filename: str) -> Judgement:
    try:
        tree = parse(source, filename)
    except (SyntaxError, ValueError):
        return judge(source, filename)
    return Judgement(Verdict.PYTHON_3 if is_python_3_only(tree) else Verdict.PYTHON_2)


def _by_its_imports(source: bytes, filename: str, package: str) -> Judgement | None:
    """Python 2 is also what imports a module beside it by its bare name, where no other has that name."""
    try:
        tree = parse(source, filename)
    except (SyntaxError, ValueError):
        return None
    if "absolute_import" in future_features(tree) or is_python_3_only(tree) or b"sys.path" in source:
        return None
    for node, name in _plain_imports(tree):
        top = name.partition(".")[0]
        if is_module(package, top) and top not in sys.modules and importlib.util.find_spec(top) is None:
            return Judgement(Verdict.PYTHON_2, f"import {top}, line {node.lineno}")
    return None


def _plain_imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """What a module's first lines import for certain, by absolute names."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node, node.module
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def _imported_files(source: bytes, filename: str, folder: str, in_package: bool) -> Iterator[str]:
    try:
        tree = parse(source, filename)
    except (SyntaxError, ValueError):
        return
    for _, name in _plain_imports(tree):
        for base in [os.path.dirname(filename), folder] if in_package else [folder]:
            place = base
            for part in name.split("."):
                place = os.path.join(place, part)
                for path in (place + ".py", os.path.join(place, "__init__.py")):
                    if os.path.isfile(path):
                        yield path


def _tree(source: bytes, filename: str) -> ast.Module:
    """The tree of a Python 2 file: through the converter, for what both Pythons parse has two meanings
    (`print ("a", b)`)."""
    try:
        return convert(source, filename)
    except NotPython2:
        return parse(source, filename)


def _compile(tree: Any, filename: str, mode: str = "exec") -> CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of style, which Python 2 did not give
        return compile(tree, filename, mode, dont_inherit=True)


@functools.lru_cache(maxsize=1000)
def _compile_text(source: str, filename: str, mode: str) -> CodeType:
    """Python 2 source that a program hands to `exec` or `eval`."""
    given = source.encode("utf-8", "surrogateescape")
    try:
        tree = convert(given, filename)
    except NotPython2:
        return compile(source, filename, mode, dont_inherit=True)
    tree = give_meaning(tree)
    if mode == "eval":
        if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
            return compile(source, filename, mode, dont_inherit=True)
        return _compile(ast.Expression(tree.body[0].value), filename, mode)
    return _compile(tree, filename, mode)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads one converted module, past Python's cache of compiled files."""

    def __init__(self, name: str, path: str, converted: Converted) -> None:
        super().__init__(name, path)
        self._converted = converted

    def get_code(self, fullname: str) -> CodeType:
        return self._converted.code

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__builtins__"] = self._converted.builtins
        exec(self._converted.code, module.__dict__)


class _Finder:
    """Finds the user's modules that are Python 2, and none else."""

    def __init__(self, converter: Converter, ownership: Ownership) -> None:
        self._converter = converter
        self._ownership = ownership

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if path is not None and not any(self._ownership.of_file(os.path.join(f, "_")) is Owner.USER for f in path):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        loader = spec.loader if spec is not None else None
        if spec is None or type(loader) is not importlib.machinery.SourceFileLoader:
            return None
        filename = loader.path
        if not isinstance(filename, str) or self._ownership.of_file(filename) is not Owner.USER:
            return None
        try:
            source = loader.get_data(filename)
        except OSError:
            return None
        package = os.path.dirname(filename) if path is not None or spec.submodule_search_locations else None

        converted = self._converter.module(source, filename, package)
        if converted is None:
            return None
        spec.loader = _Loader(name, filename, converted)
        spec.cached = None
        return spec
