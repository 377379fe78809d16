"""TF1's namespaces as modules: `tf.nn`, `import tf1compat.v1.contrib.slim as slim`.

Each namespace is one `Namespace`, made when it is first touched, whether by attribute or by import,
and registered in `sys.modules` under `tf1compat.v1.<dotted>`. Its attributes come from the table in
`names` and are kept in the module once found.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import threading
import types
from collections.abc import Sequence
from typing import Any

from tf1compat.v1 import mirror, names
from tf1compat.v1.refusals import Refusal

__all__ = ["Namespace", "attribute", "install", "listing", "namespace"]

ROOT = "tf1compat.v1"
_making = threading.RLock()


class Namespace(types.ModuleType):
    """The module `tf.<dotted>`; what it holds is looked up in the table when asked for."""

    def __init__(self, dotted: str):
        super().__init__(f"{ROOT}.{dotted}", f"TensorFlow 1.15's namespace tf.{dotted}.")
        vars(self).update(_dotted=dotted, _replaced={}, __path__=[], __package__=self.__name__)

    def __getattr__(self, name: str) -> Any:
        value = attribute(self._dotted, name)
        vars(self)[name] = value
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        """What a program puts in a module inside TensorFlow (`mock.patch` of its logging), TensorFlow finds too."""
        real = None if isinstance(value, types.ModuleType) else mirror.real(self._dotted)
        if real is not None and hasattr(real, name) and not name.startswith("__"):
            before, plain = self._replaced.setdefault(name, (getattr(self, name), getattr(real, name)))
            setattr(real, name, plain if value is before else value)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        """What was put there goes, and what was there before is back."""
        if name in self._replaced:
            setattr(mirror.real(self._dotted), name, self._replaced.pop(name)[1])
        super().__delattr__(name)

    def __dir__(self) -> list[str]:
        return sorted({*listing(self._dotted), *(k for k in vars(self) if not k.startswith("_"))})

    def __repr__(self) -> str:
        return f"<module '{self.__name__}' (TensorFlow 1.15's tf.{self._dotted})>"


def attribute(dotted: str, name: str) -> Any:
    """What `name` means in the namespace `dotted` ("" is `tf` itself).

    Raises AttributeError, worded as TensorFlow 1 worded it, for a name TF1 did not have either.
    """
    if name == "__all__":  # for `from … import *`
        return listing(dotted)
    if name.startswith("__") and name not in names.DUNDERS:
        raise AttributeError(f"module '{_spoken(dotted)}' has no attribute '{name}'")
    full = f"{dotted}.{name}" if dotted else name
    value = names.find(full)
    if value is names.MISSING:
        raise AttributeError(f"module '{_spoken(dotted)}' has no attribute '{name}'{names.hint(full)}")
    if isinstance(value, names.Module):
        return namespace(full)
    return value


def namespace(dotted: str) -> types.ModuleType | None:
    """The module for `dotted`, made on first use; None when TF1 had no such namespace."""
    dotted = names.canonical(dotted)
    if not dotted:
        return sys.modules[ROOT]
    known = sys.modules.get(f"{ROOT}.{dotted}")
    if known is not None:
        return known
    value = names.find(dotted)
    if isinstance(value, Refusal) and value.member is not None:
        made: types.ModuleType = value
    elif isinstance(value, names.Module):
        made = value.real if value.real is not None else Namespace(dotted)
    else:
        return None
    with _making:
        return sys.modules.setdefault(f"{ROOT}.{dotted}", made)


def listing(dotted: str) -> list[str]:
    """The public names of a namespace, for `dir`, completion and star imports."""
    return names.children(dotted)


def _spoken(dotted: str) -> str:
    return f"tensorflow.{dotted}" if dotted else "tensorflow"


class _Loader(importlib.abc.Loader):
    """Hands the import system the module that `namespace` made."""

    def __init__(self, module: types.ModuleType):
        self.module = module

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        return self.module if self.module.__name__ == spec.name else None

    def exec_module(self, module: types.ModuleType) -> None:
        # A module of somebody else's (`tf.compat.v2`, or `tf.compat.v1`, which is this package) keeps
        # its own name and spec: the import system takes what stands here when this returns.
        assert module.__spec__ is not None
        sys.modules[module.__spec__.name] = self.module


class _Finder:
    """Finds `tf1compat.v1.<namespace>` for the import statement."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not fullname.startswith(ROOT + "."):
            return None
        dotted = fullname[len(ROOT) + 1 :]
        if dotted.partition(".")[0] in names.FILES:
            return None
        module = namespace(dotted)
        if module is None:
            return None
        return importlib.machinery.ModuleSpec(fullname, _Loader(module), is_package=True)


def install() -> None:
    """Let the import system find our namespaces, before it would look for files of those names."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
