"""A fixer for fissix, whose own leaves out lambdas with tuples among several parameters: `lambda (a, b), c: a + c`
becomes `lambda python2_0, c: python2_0[0] + c`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fissix import fixer_base, pytree
from fissix.fixer_util import Name
from fissix.pgen2 import token
from fissix.pygram import python_symbols as symbols

__all__ = ["FixLambdaTuples"]


class FixLambdaTuples(fixer_base.BaseFix):
    PATTERN = "lambdef< 'lambda' args=varargslist ':' body=any >"

    def transform(self, node: Any, results: dict[str, Any]) -> None:
        places: dict[str, str] = {}
        for at, parameter in enumerate(list(results["args"].children)):
            if parameter.type == symbols.vfpdef:
                name = f"python2_{at}"
                places.update(_places(parameter, name))
                parameter.replace(Name(name, prefix=parameter.prefix))
        for leaf in list(results["body"].leaves()) if places else ():
            if leaf.type == token.NAME and leaf.value in places and not _is_no_variable(leaf):
                leaf.replace(Name(places[leaf.value], prefix=leaf.prefix))


def _places(parameter: Any, place: str) -> Iterator[tuple[str, str]]:
    """Each name in a tuple of parameters, and the expression for it."""
    if parameter.type == token.NAME:
        yield parameter.value, place
        return
    inside = parameter.children[1]
    parts = inside.children[::2] if inside.type == symbols.vfplist else [inside]
    for at, part in enumerate(parts):
        yield from _places(part, f"{place}[{at}]")


def _is_no_variable(leaf: pytree.Leaf) -> bool:
    """Whether a name is an attribute's, or a keyword's in a call."""
    before, after = leaf.prev_sibling, leaf.next_sibling
    is_attribute = before is not None and before.type == token.DOT
    in_call = leaf.parent is not None and leaf.parent.type == symbols.argument
    return is_attribute or in_call and after is not None and after.type == token.EQUAL
