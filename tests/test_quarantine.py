"""Only tf1compat/_tensorflow.py touches TensorFlow's insides."""

import ast
import pathlib

import pytest

import tf1compat

PACKAGE = pathlib.Path(tf1compat.__file__).parent
DOOR = PACKAGE / "_tensorflow.py"


def _imports(path):
    """The dotted names that a file imports, and the strings that it gives to import functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
            "import_module",
            "__import__",
        ):
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
        elif isinstance(node, ast.Attribute) and node.attr in ("python", "pywrap_tensorflow"):
            if isinstance(node.value, ast.Name) and node.value.id in ("tf", "tensorflow"):
                yield f"tensorflow.{node.attr}"


def _inside(name):
    return name.startswith(("tensorflow.python", "keras.src")) or "pywrap" in name


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_insides_are_imported_behind_one_door(path):
    found = [name for name in _imports(path) if _inside(name)]
    if path == DOOR:
        assert found, "the door leads nowhere: this test no longer sees what it looks for"
    else:
        assert not found, f"{path} imports {found}; it belongs into {DOOR.name}"
