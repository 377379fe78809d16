"""How far what a mode gives is from what TensorFlow 1.15.5 gave."""

from __future__ import annotations

import dataclasses

import numpy as np
from goldens.training.modes import MODES

# The distance between 1 and the next number.
EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}


@dataclasses.dataclass(frozen=True)
class Difference:
    """units: the largest difference of an output's elements after one step, in units of the dtype's epsilon times
    the largest magnitude that TensorFlow 1.15.5 gave there (or after any step, see Case.scale); 0 is equality.
    An inf, a NaN, a shape or a dtype that is not there in both is infinitely far.
    where: the case and its output; error: what it raised instead.
    """

    units: float
    where: str
    error: str = ""


def apart(found, expected, dtype, scale):
    """The `units` of two arrays that go along the steps, at each of these."""
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return [np.inf] * len(expected)
    overall = magnitude_of(expected) if scale == "all steps" else 0.0
    return [apart_now(now, then, overall) / EPSILON[dtype] for now, then in zip(found, expected, strict=True)]


def apart_now(now, then, magnitude):
    now, then = np.atleast_1d(now).astype("float64"), np.atleast_1d(then).astype("float64")
    finite = np.isfinite(then)
    if not np.array_equal(now[~finite], then[~finite], equal_nan=True) or not np.isfinite(now[finite]).all():
        return np.inf
    if np.array_equal(now[finite], then[finite]):
        return 0.0
    distance = abs(now[finite] - then[finite]).max()
    return float(distance / (magnitude or magnitude_of(then) or distance))


def magnitude_of(array):
    return np.abs(array, where=np.isfinite(array), out=np.zeros(array.shape)).max()


def measure(rules, mode, cases, goldens):
    """{case: Difference}, the worst of each case's outputs."""
    if len(cases) > 1 and any(case.alone for case in cases.values()):
        return one_by_one(rules, mode, cases, goldens)
    try:
        found = MODES[mode](rules, cases)
    except Exception as error:
        if len(cases) > 1:
            # One that fails must not hide the others.
            return one_by_one(rules, mode, cases, goldens)
        (name,) = cases
        return {name: Difference(np.inf, name, f"{type(error).__name__}: {str(error).strip()}")}
    return {name: compare(name, case, found[name], goldens.answers[name]) for name, case in cases.items()}


def one_by_one(rules, mode, cases, goldens):
    return {n: d for name, case in cases.items() for n, d in measure(rules, mode, {name: case}, goldens).items()}


def compare(name, case, found, expected):
    if found.keys() != expected.keys():
        return Difference(np.inf, name, f"outputs {sorted(found)}, but TF 1.15.5 had {sorted(expected)}")
    worst = Difference(0.0, name)
    for output in expected:
        steps = case.looks(output)
        each = apart(found[output], expected[output], case.traits["dtype"], case.scale)
        for step, units in zip(steps, each, strict=True):
            if units > worst.units:
                worst = Difference(units, f"{name}: {output} after step {step}")
    return worst
