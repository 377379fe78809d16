"""Says, once a step, why it is traced again and again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tensorflow as tf

from .. import warned
from . import identity

__all__ = ["MANY", "MANY_DEFINED", "warn_of", "warn_of_redefined"]

#: How many traces of a step are many.
MANY = 5
#: How many steps of one piece of code are many.
MANY_DEFINED = 10


def warn_of(step: Any) -> None:
    """Warn where a step has been traced for the `MANY`th time, with what differed from trace to trace."""
    if len(step.traces) != MANY:
        return
    traces = list(step.traces.values())
    changes = _changes(step, traces)
    warned.warn(
        f"{step.name} has been traced {MANY} times: every trace builds and compiles the step anew and the graph "
        f"grows. From trace to trace:\n  " + "\n  ".join(changes)
    )


def _changes(step: Any, traces: list[Any]) -> list[str]:
    structures = [tuple(identity.paths_of(step.fn, *traced.specs)) for traced in traces]
    if len(set(structures)) > 1:
        forms = "; ".join(", ".join(paths) or "none" for paths in dict.fromkeys(structures))
        return [f"the arguments had other forms: {forms}. Pass the same nests each time."]
    found = []
    for at, path in enumerate(structures[0]):
        parts = [traced.leaves[at] for traced in traces]
        told = _change(path, parts)
        if told:
            found.append(told)
    return found or ["the types of the tuples, lists or dictionaries among the arguments differed."]


def _change(path: str, parts: list[Any]) -> str | None:
    kinds = [isinstance(part, tf.TypeSpec) for part in parts]
    if not any(kinds):
        keys = list(dict.fromkeys(identity.value_key(part) for part in parts))
        if len(keys) == 1:
            return None
        shown = ", ".join(_short(part) for part in parts)
        if all(isinstance(key, identity.Identity) for key in keys) and len({type(part) for part in parts}) == 1:
            return (
                f"{path} was another {type(parts[0]).__name__} object each time ({shown}): make the object once and "
                "pass the same one, or let the step close over it."
            )
        return (
            f"{path} is a Python value, each of which is traced: {shown}. Pass what changes often as a number "
            "or a numpy array, which are inputs."
        )
    if not all(kinds):
        shown = ", ".join(
            _spoken(part) if kind else f"the Python value {_short(part)}"
            for part, kind in zip(parts, kinds, strict=True)
        )
        return f"{path} was an input in one call and a Python value in another: {shown}. Pass arrays each time."
    if len(set(parts)) == 1:
        return None
    told = []
    kinds_of = {type(part).__name__ for part in parts}
    dtypes = list(dict.fromkeys(part.dtype.name for part in parts))
    ranks = list(dict.fromkeys(part.shape.rank for part in parts))
    if len(kinds_of) > 1:
        told.append(f"its kind ({', '.join(sorted(kinds_of))})")
    if len(dtypes) > 1:
        told.append(f"its dtype ({', '.join(dtypes)}): convert it before the call")
    if len(ranks) > 1:
        told.append(f"its rank ({', '.join(map(str, ranks))})")
    elif len({tuple(part.shape) for part in parts}) > 1:
        told.append(
            f"its shape after the first dimension ({', '.join(str(part.shape) for part in parts)}): pad it to one "
            "shape, or give the step an input_signature with None where it changes (see tf1compat.function)"
        )
    return f"{path} changed " + "; ".join(told) + "."


def _spoken(spec: Any) -> str:
    return f"{spec.dtype.name}{spec.shape}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 50 else text[:47] + "..."


def warn_of_redefined(step: Any, steps: Iterable[Any]) -> None:
    """Warn where one piece of code has become `MANY_DEFINED` steps, because its function was defined anew."""
    if not isinstance(step.key[0], identity.Identity):
        return
    code = step.fn.__code__
    around = [dict(other.key[2:]) for other in steps if other.key[0] == step.key[0]]
    if len(around) != MANY_DEFINED:
        return
    changed = [name for name in around[0] if len({one.get(name) for one in around}) > 1]
    warned.warn(
        f"{step.name} ({code.co_filename}:{code.co_firstlineno}) has been defined and traced {MANY_DEFINED} times, "
        f"because what it finds around it changed ({', '.join(changed) or 'its module'}). Every trace builds and "
        "compiles the step anew and the graph grows: define the function once, and pass what changes as an argument."
    )
