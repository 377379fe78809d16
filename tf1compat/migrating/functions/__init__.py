"""`--to functions`: placeholders and feed dictionaries become arguments of a step for `sess.run(step, …)`."""

from __future__ import annotations

import re

import libcst as cst

from ..lines import carry
from ..notes import Kind, Notes
from .components import components
from .deciding import Step, decide
from .fetching import names_in
from .marks import mark
from .placeholders import find_placeholders
from .runs import Left, Run, find_runs
from .scopes import Body, Program
from .writing import write

__all__ = ["transform"]


def transform(module: cst.Module, notes: Notes) -> cst.Module:
    """Make a step of the placeholders of each graph, where it can be shown that the program does the same with it.

    The statements that build the graph become a function of the placeholders, which is built at once in their place;
    what the program's runs fetch are its outputs: `sess.run([train, cost], {x: a, y: b})` becomes
    `sess.run(model["train", "cost"], a, b)`. What is left says why in a comment above it.
    """
    if "placeholder" not in module.code:
        return module
    given = module.code
    while True:
        program = Program(module)
        step, reasons = _one_step(program)
        if step is None:
            for reason in reasons:
                (line,) = carry(module.code, given, [program.line(reason.node)])
                notes.add(line, Kind.LEFT, f"left as it is: {reason.why}")
            return mark(program, reasons)
        module = cst.parse_module(write(step).code, module.config_for_parsing)


def _one_step(program: Program) -> tuple[Step | None, list[Left]]:
    """The first step that can be made, or why none can be."""
    found, reasons = find_placeholders(program)
    if not found:
        return None, reasons
    if not program.tensorflow.home:
        return None, [Left(next(iter(found.values()))[0].call, "the module has no name for TensorFlow itself")]
    runs = find_runs(program)
    seeded = re.search(r"set_random_seed|random\.set_seed", program.source) is not None
    for body, placeholders in found.items():
        keys = {run: _names_of(run, body) for run in runs}
        for group, foreign in components(body, placeholders, keys):
            try:
                return decide(body, group, foreign, runs, seeded), []
            except Left as reason:
                reasons.append(reason)
    return None, reasons


def _names_of(run: Run, body: Body) -> list[cst.BaseExpression]:
    """The names that a run fetches and feeds; of what it feeds, the placeholders."""
    names = names_in(run.fetched, body)
    if isinstance(run.feeds, cst.Dict):
        for element in run.feeds.elements:
            if isinstance(element, cst.DictElement):
                names += names_in(element.key, body)
    return names
