"""The placeholders of a program, as arguments of a function."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m
import libcst.metadata as meta

from .runs import Left, named
from .scopes import Body, Program, Unit

__all__ = ["Placeholder", "find_placeholders"]

_FLOAT32 = {"'float'", '"float"', "'float32'", '"float32"', "float32"}
_SCOPES = (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.GeneratorExp, cst.BaseSimpleComp, cst.DictComp)


@dataclass(eq=False)
class Placeholder:
    """`name = tf.placeholder(dtype, shape)`. shape, dtype: as code; dtype is "" for float32. A name may be `self.x`."""

    name: str
    statement: cst.SimpleStatementLine
    call: cst.Call
    unit: Unit
    shape: str
    dtype: str

    @property
    def argument(self) -> str:
        """What the step calls it."""
        return self.name.rpartition(".")[2]


def find_placeholders(program: Program) -> tuple[dict[Body, list[Placeholder]], list[Left]]:
    """Placeholders that have a name of their own, by the body that they are in; and why the others are left."""
    bodies: dict[meta.Scope, Body] = {}
    found: dict[Body, list[Placeholder]] = {}
    left: list[Left] = []
    for call, name in program.tensorflow.calls(program.module):
        if name in ("placeholder_with_default", "sparse_placeholder"):
            left.append(Left(call, f"a {name} is no argument of a step"))
        if name != "placeholder":
            continue
        try:
            body = _body(program, call, bodies)
            found.setdefault(body, []).append(_placeholder(program, body, call))
        except Left as reason:
            left.append(reason)
    return found, left


def _body(program: Program, call: cst.Call, bodies: dict[meta.Scope, Body]) -> Body:
    scope = program.scope(call)
    if scope not in bodies:
        if isinstance(scope, meta.GlobalScope):
            bodies[scope] = Body(program, scope, program.module.body, program.module)
        else:
            function = next((one for one in program.ancestors(call) if isinstance(one, _SCOPES)), None)
            if not isinstance(function, cst.FunctionDef) or not isinstance(function.body, cst.IndentedBlock):
                raise Left(call, "this placeholder is not bound to a name of a function or of the module")
            bodies[scope] = Body(program, scope, function.body.body, function.body)
    return bodies[scope]


def _placeholder(program: Program, body: Body, call: cst.Call) -> Placeholder:
    statement = program.parent(program.parent(call) or call)
    assign = program.parent(call)
    if not (
        isinstance(assign, cst.Assign)
        and isinstance(statement, cst.SimpleStatementLine)
        and len(statement.body) == 1
        and len(assign.targets) == 1
    ):
        raise Left(call, "only a placeholder that is bound to one name by a statement of its own becomes an argument")
    target = assign.targets[0].target
    if isinstance(target, cst.Name):
        name = target.value
    elif body.owner is not None and m.matches(target, m.Attribute(value=m.Name(body.itself))):
        name = program.code(target)
        if name in body.rebound:
            raise Left(call, f"{name} is bound by other methods, too")
    else:
        raise Left(call, "only a placeholder that is bound to a plain name becomes an argument")
    if name.rpartition(".")[2] in ("fetches", "feed_dict", "options", "run_metadata"):
        raise Left(call, f"{name} as an argument of sess.run means something of the Session's")
    unit = body.unit(statement)
    if unit is not None and any(name in other.writes for other in body.units[: unit.at]):
        raise Left(call, f"{name} is bound to something else before")
    if unit is None or not all(_is_with(one) for one in _between(program, statement, unit)):
        raise Left(call, f"{name} is made in a branch or a loop")
    given = named(list(call.args), ["dtype", "shape", "name"])
    if any(arg.star for arg in call.args) or "dtype" not in given or set(given) - {"dtype", "shape", "name"}:
        raise Left(call, f"the dtype and shape of {name} are not written out")
    dtype = program.code(given["dtype"])
    if dtype in _FLOAT32 or program.tensorflow.name(given["dtype"]) == "float32":
        dtype = ""
    shape = program.code(given["shape"]) if "shape" in given else "None"
    return Placeholder(name, statement, call, unit, shape, dtype)


def _between(program: Program, statement: cst.CSTNode, unit: Unit) -> Iterator[cst.CSTNode]:
    for one in program.ancestors(statement):
        if one is statement:
            continue
        if statement is unit.node:
            return
        yield one
        if one is unit.node:
            return


def _is_with(node: cst.CSTNode) -> bool:
    return isinstance(node, (cst.IndentedBlock, cst.With))
