"""A step written out: the function, and the runs that call it."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from ..syntax import dotted
from .deciding import Request, Step
from .layout import (
    EMPTY,
    blank_above,
    comma_separated,
    comments_above,
    is_plain,
    keyword,
    last,
    new_line,
    notes_of,
    one_line,
    remarks_of,
    same_place,
    with_blank_lines,
    with_import,
)
from .placeholders import Placeholder

__all__ = ["write"]

_WIDTH = 100


def write(step: Step) -> cst.Module:
    """The module with a step in place of its placeholders."""
    program = step.flow.body.program
    name = step.own_name or _free_name(step)
    module = program.module.visit(_Rewriting(step, name))
    assert isinstance(module, cst.Module)
    return with_import(module)


def _free_name(step: Step) -> str:
    module = step.flow.body.program.module
    outputs = list(step.fetches.outputs)
    if not step.is_single:
        names = ["model", "network", "graph"]
    elif any(re.search("minimize|apply_gradients|train", module.code_for_node(one.node)) for one in step.flow.real()):
        names = ["train_step", "step", "run_step"]
    else:
        names = [f"compute_{outputs[0]}" if len(outputs) == 1 else "evaluate"]
    words = {name.value for name in m.findall(module, m.Name()) if isinstance(name, cst.Name)}
    for name in (*names, *(f"{names[0]}_{at}" for at in range(1, len(words) + 2))):
        if name not in words:
            return name
    raise AssertionError


class _Rewriting(cst.CSTTransformer):
    def __init__(self, step: Step, name: str) -> None:
        super().__init__()
        self._step, self._name = step, name
        self._program = step.flow.body.program
        self._requests = {request.run.call: request for request in step.requests}
        self._place = step.flow.placement().node
        self._gone = {unit.node for unit in step.flow.inside} | set(step.fetches.sunk)
        self._blank = self._blank_lines()

    def on_leave(self, original_node, updated_node):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        updated_node = super().on_leave(original_node, updated_node)
        if original_node is self._place:
            return cst.FlattenSentinel(self._definition())
        if original_node in self._gone:
            return cst.RemoveFromParent()
        if original_node in self._step.keys:
            return cst.SimpleString(self._step.fetches.quoted(dotted(original_node).rpartition(".")[2]))
        if original_node in self._blank:
            return updated_node.with_changes(
                leading_lines=[*[EMPTY] * self._blank[original_node], *updated_node.leading_lines]
            )
        if original_node in self._step.exported:
            return cst.parse_expression(self._exported(self._step.exported[original_node]))
        request = self._requests.get(original_node)
        if request is not None:
            return self._call(request, original_node, updated_node)
        return updated_node

    def _blank_lines(self) -> dict[cst.CSTNode, int]:
        """How many blank lines a statement needs more, since some stood above what went from before it."""
        needed: dict[cst.CSTNode, int] = {}
        for home in {unit.home for unit in self._step.flow.inside}:
            most = 0
            for node in getattr(home, "body", ()):
                blank = blank_above(node)
                if node is self._place:
                    most = 1 if not self._step.flow.is_pure or home is not self._program.module else 2
                    continue
                if node in self._gone:
                    most = max(most, blank)
                    continue
                if most > blank:
                    needed[node] = most - blank
                most = 0
        return needed

    def _exported(self, key: str) -> str:
        return f"{self._name}_parts[{self._step.fetches.quoted(key)}]"

    # The runs.

    def _call(self, request: Request, original: cst.Call, updated: cst.Call) -> cst.BaseExpression:
        run = request.run
        target = self._name
        if self._step.is_method and self._step.flow.body.unit(original) is None:
            target = f"{self._step.flow.body.itself}.{self._name}"
        if not self._step.is_single:
            target = f"{target}[{request.index}]"
        arguments = self._arguments(request, original, updated)
        if run.session is not None:
            func: cst.BaseExpression = cst.Attribute(run.session, cst.Name("run"))
            if not run.is_method:
                func = updated.func
            arguments = [cst.Arg(cst.parse_expression(target)), *arguments]
        else:
            func = cst.parse_expression(target)
        rest = request.feed.rest
        if rest:
            arguments.append(keyword("feed_dict", cst.Dict([last(rest[-1]) if at is rest[-1] else at for at in rest])))
        arguments += run.others
        call = updated.with_changes(func=func, args=comma_separated(arguments))
        remarks = remarks_of(original, run.feeds, [element for _, element in request.feed.items], len(arguments))
        return self._laid_out(call, original, remarks)

    def _arguments(self, request: Request, original: cst.Call, updated: cst.Call) -> list[cst.Arg]:
        feed = request.feed
        if feed.spread is not None:
            return [cst.Arg(same_place(original, updated, feed.spread), star="**")]
        values = [(name, same_place(original, updated, element.value)) for name, element in feed.items]
        positional = [argument.argument for argument in self._step.arguments]
        found: list[cst.Arg] = []
        by_place = True
        for at, (name, value) in enumerate(values):
            by_place = by_place and at < len(positional) and name == positional[at] and not is_plain(value)
            found.append(cst.Arg(value) if by_place else keyword(name, value))
        return found

    def _laid_out(self, call: cst.Call, original: cst.Call, remarks: list[str]) -> cst.Call:
        """On one line, or with an argument a line where that would be too long or there are remarks on arguments."""
        call = call.with_changes(whitespace_before_args=cst.SimpleWhitespace(""))
        code = self._program.module.code_for_node(call)
        lines = self._program.source.split("\n")
        start, end = self._program.positions[original].start, self._program.positions[original].end
        behind = len(lines[end.line - 1]) - end.column
        width = min(max(_WIDTH, *map(len, lines)), 120)
        if not any(remarks) and ("\n" in code or start.column + len(code) + behind <= width or len(call.args) < 2):
            return call
        statement = self._program.positions[self._program.statement(original)].start.column
        line = lines[start.line - 1]
        outer = line[statement : len(line) - len(line.lstrip())]
        inner = outer + self._program.module.default_indent
        ends = [inner] * (len(call.args) - 1) + [outer]
        args = [
            arg.with_changes(comma=cst.Comma(whitespace_after=new_line(end, remark)))
            for arg, end, remark in zip(call.args, ends, remarks, strict=True)
        ]
        return call.with_changes(args=args, whitespace_before_args=new_line(inner))

    # The step.

    def _definition(self) -> list[cst.BaseStatement]:
        step, module = self._step, self._program.module
        arguments = step.arguments
        place = step.flow.placement()
        remover = _Without(step)
        body: list[cst.BaseStatement] = [
            cst.parse_statement(f"{argument.name} = {argument.argument}", module.config_for_parsing)
            for argument in arguments
            if argument.name in step.kept
        ]
        body += [statement for unit in step.flow.ordered() if (statement := _visited(unit.node, remover)) is not None]
        body = [with_blank_lines(statement, at > 0) for at, statement in enumerate(body)]
        parameters = ", ".join(argument.argument for argument in arguments)
        head = f"{self._decorator()}\ndef {self._name}({parameters}):\n{module.default_indent}pass\n"
        definition = cst.parse_statement(head, module.config_for_parsing)
        assert isinstance(definition, cst.FunctionDef)
        blank = [EMPTY] * (2 if place.home is module else 1)
        before = [node for node in place.home.body[: place.home.body.index(place.node)] if node not in self._gone]
        leading = comments_above(arguments[0].statement)
        definition = definition.with_changes(
            leading_lines=[*(blank if before else ()), *leading],
            body=definition.body.with_changes(body=self._returning(body)),
        )
        if step.exports or step.exported:
            built = f"{self._name}_parts = {self._name}.trace()"
            lines = [built, *(f"{name} = {self._exported(name)}" for name in step.exports)]
        elif step.flow.is_pure and not step.is_method:
            return [definition]
        else:
            lines = [f"{self._name}.trace()"]
        if step.is_method:
            lines.append(f"{step.flow.body.itself}.{self._name} = {self._name}")
        statements = [cst.parse_statement(line, module.config_for_parsing) for line in lines]
        comment = cst.TrailingWhitespace(
            whitespace=cst.SimpleWhitespace("  "),
            comment=cst.Comment("# builds it here and now"),
        )
        statements[0] = statements[0].with_changes(leading_lines=blank, trailing_whitespace=comment)
        return [definition, *statements]

    def _decorator(self) -> str:
        """The decorator with a spec for each argument; on one line where that is enough."""
        specs = [self._spec(argument) for argument in self._step.arguments]
        line = f"@tf1compat.function(input_signature=[{', '.join(specs)}])"
        notes = [notes_of(argument, at == 0) for at, argument in enumerate(self._step.arguments)]
        if len(line) <= _WIDTH and not any(above or behind for above, behind in notes):
            return line
        indent = self._program.module.default_indent
        lines: list[str] = []
        for argument, spec, (above, behind) in zip(self._step.arguments, specs, notes, strict=True):
            lines += [f"{indent}{comment}" for comment in above]
            lines.append(f"{indent}{spec},  # {argument.argument}{': ' if behind else ''}{behind}")
        return "\n".join(["@tf1compat.function(input_signature=[", *lines, "])"])

    def _spec(self, argument: Placeholder) -> str:
        home = self._program.tensorflow.home
        dtype = f", {argument.dtype}" if argument.dtype else ""
        return f"{home}.TensorSpec({one_line(argument.shape)}{dtype})"

    def _returning(self, body: list[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """The body with what the step returns."""
        last = body[-1]
        if self._step.own_name is not None:
            assert isinstance(last, cst.SimpleStatementLine) and isinstance(last.body[0], cst.Assign)
            return [*body[:-1], last.with_changes(body=[cst.Return(last.body[0].value)])]
        return [*body, self._return()]

    def _return(self) -> cst.BaseStatement:
        step, module = self._step, self._program.module
        outputs = step.fetches.outputs
        if step.is_single:
            index = step.requests[0].index
            for key, code in sorted(outputs.items(), key=lambda item: -len(item[0])):
                index = index.replace(step.fetches.quoted(key), code)
            return cst.parse_statement(f"return {index}", module.config_for_parsing)
        order = {name: at for at, unit in enumerate(step.flow.real()) for name in sorted(unit.writes)}
        pairs = sorted(outputs.items(), key=lambda item: order.get(item[1], -1 if item[1].isidentifier() else 10**6))
        items = [f"{step.fetches.quoted(key)}: {code}" for key, code in pairs]
        line = f"return {{{', '.join(items)}}}"
        if len(line) > _WIDTH - 12 or "\n" in line:
            indent = module.default_indent
            line = "\n".join(["return {", *(f"{indent}{item}," for item in items), "}"])
        return cst.parse_statement(line, module.config_for_parsing)


class _Without(cst.CSTTransformer):
    """Takes the placeholders out of statements; those that are attributes are arguments there."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._body = step.flow.body
        self._statements = {argument.statement for argument in step.arguments}
        self._attributes = {one.name: one.argument for one in step.arguments if "." in one.name}

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        argument = self._attributes.get(self._body.name(original_node) or "")
        return updated_node if argument is None else cst.Name(argument)

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.RemovalSentinel:
        return cst.RemoveFromParent() if original_node in self._statements else updated_node


def _visited(node: cst.CSTNode, remover: _Without) -> cst.BaseStatement | None:
    """A statement without the placeholders in it; None where nothing is left."""
    new = node.visit(remover)
    if isinstance(new, cst.With) and isinstance(new.body, cst.IndentedBlock) and not new.body.body:
        return None
    assert isinstance(new, cst.BaseStatement)
    return new
