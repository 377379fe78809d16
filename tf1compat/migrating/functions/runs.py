"""Where a program runs its graph: `sess.run(…)`, `tensor.eval(…)`, `operation.run(…)`."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst
import libcst.matchers as m

from ..syntax import dotted
from .scopes import Program

__all__ = ["Left", "Run", "find_runs", "named"]

_SESSIONS = frozenset(["Session", "InteractiveSession", "get_default_session"])
_PARAMETERS = frozenset(["sess", "session", "self.sess", "self.session", "self._sess", "self._session"])


class Left(Exception):
    """A placeholder cannot be made an argument. `node` is where the reason stands."""

    def __init__(self, node: cst.CSTNode, why: str) -> None:
        super().__init__(why)
        self.node, self.why = node, why


@dataclass(eq=False)
class Run:
    """A call that runs the graph.

    Attributes:
      session: the Session, None for `tensor.eval()` in the default one. fetched: what is asked for.
      feeds: the feed dictionary, None without one. others: further arguments (`options=`).
      is_method: whether it is `tensor.eval()` or `operation.run()`.
    """

    call: cst.Call
    session: cst.BaseExpression | None
    fetched: cst.BaseExpression
    feeds: cst.BaseExpression | None
    others: list[cst.Arg] = field(default_factory=list)
    is_method: bool = False


def find_runs(program: Program) -> list[Run]:
    """All runs of a module, outer ones before those in their arguments."""
    sessions, steps = _session_names(program), _step_names(program)
    found: list[Run] = []
    for call in m.findall(program.module, m.Call(func=m.Attribute(attr=m.Name("run") | m.Name("eval")))):
        assert isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute)
        receiver, arguments = call.func.value, list(call.args)
        if any(arg.star for arg in arguments) or program.tensorflow.name(receiver) is not None:
            continue
        is_session = call.func.attr.value == "run" and (
            dotted(receiver) in sessions
            or (isinstance(receiver, cst.Call) and program.tensorflow.name(receiver.func) in _SESSIONS)
        )
        if is_session:
            taken = named(arguments, ["fetches", "feed_dict", "options", "run_metadata"])
            if "fetches" in taken and not steps.intersection(_roots(taken["fetches"])):
                others = [
                    cst.Arg(taken[key], keyword=cst.Name(key), equal=_EQUAL)
                    for key in ("options", "run_metadata")
                    if key in taken and not _is_none(taken[key])
                ]
                found.append(Run(call, receiver, taken["fetches"], _not_none(taken.get("feed_dict")), others))
        else:
            taken = named(arguments, ["feed_dict", "session"])
            if set(taken) <= {"feed_dict", "session"}:
                found.append(
                    Run(call, taken.get("session"), receiver, _not_none(taken.get("feed_dict")), is_method=True)
                )
    return found


_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def named(arguments: list[cst.Arg], names: list[str]) -> dict[str, cst.BaseExpression]:
    """The values of a call's arguments by name; positional ones are called as `names` has it."""
    taken: dict[str, cst.BaseExpression] = {}
    for at, arg in enumerate(arguments):
        if arg.keyword is not None:
            taken[arg.keyword.value] = arg.value
        else:
            taken[names[at] if at < len(names) else f"argument {at}"] = arg.value
    return taken


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _not_none(node: cst.BaseExpression | None) -> cst.BaseExpression | None:
    return None if node is None or _is_none(node) else node


def _step_names(program: Program) -> set[str]:
    """The functions of a module that are steps already."""
    decorated = m.Decorator(m.Call(func=m.Attribute(m.Name("tf1compat"), m.Name("function"))))
    found = m.findall(program.module, m.FunctionDef(decorators=[decorated]))
    return {node.name.value for node in found if isinstance(node, cst.FunctionDef)}


def _roots(node: cst.BaseExpression) -> list[str]:
    while isinstance(node, (cst.Subscript, cst.Attribute)):
        node = node.value
    return [node.value] if isinstance(node, cst.Name) else []


def _session_names(program: Program) -> set[str]:
    """What is bound to Sessions and to nothing else; and parameters that are called so."""
    good, other = set(_PARAMETERS), set()

    def bound(target: cst.CSTNode, value: cst.BaseExpression) -> None:
        name = dotted(target) if isinstance(target, (cst.Name, cst.Attribute)) else ""
        if isinstance(value, cst.Call) and program.tensorflow.name(value.func) in _SESSIONS:
            good.add(name)
        elif not (isinstance(value, cst.Name) and value.value in {"None", *_PARAMETERS}):
            other.add(name)

    for node in m.findall(program.module, m.Assign()):
        assert isinstance(node, cst.Assign)
        for target in node.targets:
            bound(target.target, node.value)
    for node in m.findall(program.module, m.WithItem(asname=m.AsName())):
        assert isinstance(node, cst.WithItem) and node.asname is not None
        if not (isinstance(node.item, cst.Call) and m.matches(node.item.func, m.Attribute(attr=m.Name("as_default")))):
            bound(node.asname.name, node.item)
    return good - other
