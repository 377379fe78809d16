"""A fixer for fissix, whose own also takes the `u` off every string, which Python 3 reads well."""

from __future__ import annotations

from typing import Any

from fissix import fixer_base
from fissix.fixer_util import Name
from fissix.pgen2 import token

__all__ = ["FixUnicodeNames"]

_NAMES = {"unicode": "str", "unichr": "chr"}


class FixUnicodeNames(fixer_base.BaseFix):
    PATTERN = "STRING | 'unicode' | 'unichr'"

    def transform(self, node: Any, results: dict[str, Any]) -> Any:
        if node.type == token.NAME:
            before = node.prev_sibling
            is_attribute = before is not None and before.type == token.DOT
            return None if is_attribute else Name(_NAMES[node.value], prefix=node.prefix)
        if node.value[:2].lower() != "ur":
            return None
        new = node.clone()
        new.value = node.value[1:]
        return new
