"""Compares what a program gives here with what it gave under TF 1.15.5."""

import json
import math
import os
import re

from goldens.session import observe


def goldens(name):
    """{program: what TF 1.15.5 gave}."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".json")) as f:
        return json.load(f)["programs"]


def differences(golden, ours, path=""):
    """{path: (golden, ours)} of the parts that differ; numbers may differ by rounding."""
    if type(golden) is type(ours) and isinstance(golden, dict) and set(golden) == set(ours):
        return {k: v for key in golden for k, v in differences(golden[key], ours[key], "%s.%s" % (path, key)).items()}
    if isinstance(golden, list) and isinstance(ours, list) and len(golden) == len(ours):
        return {
            k: v
            for i, pair in enumerate(zip(golden, ours))
            for k, v in differences(*pair, "%s[%d]" % (path, i)).items()
        }
    if type(golden) in (int, float) and type(ours) in (int, float) and type(golden) is type(ours):
        if golden == ours or math.isclose(golden, ours, rel_tol=2e-5, abs_tol=1e-7):
            return {}
    elif golden == ours and type(golden) is type(ours):
        return {}
    return {path: (golden, ours)}


def run(tf, program):
    """What the program gives here, as JSON gives it back."""
    return json.loads(json.dumps(observe.observe(tf, program)))


def check(tf, module, name, deviations):
    """Fail where a program gives something else here than under TF 1.15.5, unless `deviations` says so.

    `deviations`: where -> why. A place is written as in `reuse_modes[3].message`; `[*]` stands for any
    number, and a place stands for all below it.
    """
    found = differences(goldens(module.__name__.rpartition(".")[2])[name], run(tf, getattr(module, name)), name)
    patterns = {re.escape(place).replace(r"\[\*\]", r"\[\d+\]") + r"(?![\w])": place for place in deviations}
    unexpected = {place: pair for place, pair in found.items() if not any(re.match(p, place) for p in patterns)}
    assert not unexpected, "\n".join("%s\n  TF 1.15.5: %s\n  here:      %s" % (k, *v) for k, v in unexpected.items())
    mine = {p for p, place in patterns.items() if re.match(re.escape(name) + r"(?![\w])", place)}
    stale = [patterns[p] for p in mine if not any(re.match(p, place) for place in found)]
    assert not stale or not on_newest(), "no longer different: %s" % stale


def on_newest():
    """Whether this TensorFlow is the one whose words the deviations were noted with."""
    import tensorflow

    return tensorflow.__version__.startswith("2.21.")
