"""Attributes of `self`, which are names as well in a method that builds a graph."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import libcst as cst
import libcst.matchers as m

if TYPE_CHECKING:
    from .scopes import Body, Program

__all__ = ["owner_of", "read"]


def read(body: Body, owner: cst.ClassDef) -> None:
    """Take the attributes of `self` for names of a method's body."""
    reads: dict[str, set[str]] = defaultdict(set)
    calls: dict[str, set[str]] = defaultdict(set)
    for node in m.findall(owner, m.Attribute(value=m.Name(body.itself))):
        assert isinstance(node, cst.Attribute)
        name, unit = f"{body.itself}.{node.attr.value}", body.unit(node)
        method = _method(body, node)
        if not _is_target(body.program, node):
            body.add_access(name, node)
            parent = body.program.parent(node)
            is_call = isinstance(parent, cst.Call) and parent.func is node
            (calls if is_call else reads)[method].add(node.attr.value)
        elif unit is not None:
            unit.writes.add(name)
            body.bindings[name].append(node)
        else:
            body.rebound.add(name)
    for unit in body.units:
        for node in m.findall(unit.node, m.Call(func=m.Attribute(value=m.Name(body.itself)))):
            assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
            for attribute in _reached(node.func.attr.value, reads, calls):
                name = f"{body.itself}.{attribute}"
                unit.reads.add(name)
                body.by_method.add((unit, name))


def _method(body: Body, node: cst.CSTNode) -> str:
    """The method of the class that a node stands in."""
    functions = [one for one in body.program.ancestors(node) if isinstance(one, cst.FunctionDef)]
    return functions[-1].name.value if functions else ""


def owner_of(program: Program, home: cst.CSTNode) -> tuple[cst.ClassDef | None, str]:
    """The class of the method whose body a block is, and what the method calls the object."""
    function = program.parent(home)
    block = program.parent(function) if isinstance(function, cst.FunctionDef) else None
    owner = program.parent(block) if block is not None else None
    if not isinstance(owner, cst.ClassDef) or not isinstance(function, cst.FunctionDef) or function.decorators:
        return None, ""
    parameters = [*function.params.posonly_params, *function.params.params]
    return (owner, parameters[0].name.value) if parameters else (None, "")


def _is_target(program: Program, node: cst.CSTNode) -> bool:
    """Whether an attribute is bound, and not read."""
    parent = program.parent(node)
    while isinstance(parent, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
        node, parent = parent, program.parent(parent)
    if isinstance(parent, (cst.For, cst.AnnAssign, cst.AugAssign)):
        return parent.target is node
    return isinstance(parent, (cst.AssignTarget, cst.AsName))


def _reached(method: str, reads: dict[str, set[str]], calls: dict[str, set[str]]) -> set[str]:
    """The attributes that a method reads, itself or by methods that it calls."""
    seen: set[str] = set()
    stack = [method]
    while stack:
        one = stack.pop()
        if one not in seen:
            seen.add(one)
            stack.extend(calls.get(one, ()))
    return {attribute for one in seen for attribute in reads.get(one, ())}
