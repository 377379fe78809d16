"""Threads that the program starts begin in a TF1 graph, as every thread of TF1 did."""

from __future__ import annotations

import libcst as cst

from ..notes import Notes
from ..program import Named, Program

__all__ = ["rewrite_threads"]

_IN_GRAPH = "tf1compat.legacy.in_graph"
#: Function: the place and the keyword of the function that the thread runs.
_STARTS = {
    "threading.Thread": (1, "target"),
    "threading.Timer": (1, "function"),
    "_thread.start_new_thread": (0, "function"),
    "_thread.start_new": (0, "function"),
}
#: Pool: the place and the keyword of what each of its threads runs first.
_POOLS = {
    "concurrent.futures.ThreadPoolExecutor": (2, "initializer"),
    "concurrent.futures.thread.ThreadPoolExecutor": (2, "initializer"),
    "multiprocessing.pool.ThreadPool": (1, "initializer"),
    "multiprocessing.dummy.Pool": (1, "initializer"),
}


def rewrite_threads(program: Program, notes: Notes) -> None:
    """Wraps the functions that threads run in `tf1compat.legacy.in_graph`, and the `run` of the program's own Threads,
    where the program uses TensorFlow 1."""
    if notes.project.of_tf1:
        program.visit("hread|Timer|Pool", _Threads)


class _Threads(Named):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        name = self.name_of(original_node.func)
        place, keyword = _STARTS.get(name) or _POOLS.get(name) or (-1, "")
        if place < 0 or any(arg.star for arg in updated_node.args):
            return updated_node
        for at, arg in enumerate(updated_node.args):
            given = arg.keyword.value == keyword if arg.keyword is not None else at == place
            if given and not _is_wrapped(arg.value):
                args = [*updated_node.args]
                args[at] = arg.with_changes(value=_wrapped(arg.value))
                return updated_node.with_changes(args=args)
            if given:
                return updated_node
        if name not in _POOLS:
            return updated_node
        enter = cst.Arg(
            cst.parse_expression("tf1compat.graph.enter_default_graph"),
            keyword=cst.Name(keyword),
            equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
        )
        return updated_node.with_changes(args=[*updated_node.args, enter])

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:  # noqa: N802
        if "threading.Thread" not in {self.name_of(base.value) for base in original_node.bases}:
            return updated_node
        body = [_entering(part) for part in updated_node.body.body]
        return updated_node.with_changes(body=updated_node.body.with_changes(body=body))


def _entering(part: cst.CSTNode) -> cst.CSTNode:
    if not isinstance(part, cst.FunctionDef) or part.name.value != "run" or part.decorators:
        return part
    return part.with_changes(
        decorators=[cst.Decorator(cst.parse_expression(_IN_GRAPH))],
    )


def _is_wrapped(node: cst.BaseExpression) -> bool:
    text = cst.Module([]).code_for_node(node)
    return text.startswith((_IN_GRAPH, "tf1compat.graph.")) or text == "None"


def _wrapped(node: cst.BaseExpression) -> cst.BaseExpression:
    return cst.Call(cst.parse_expression(_IN_GRAPH), [cst.Arg(node)])
