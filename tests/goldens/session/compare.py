"""Compares what a program gives here with what it gave under TF 1.15.5."""

import json
import math
import os

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
        return {k: v for i, pair in enumerate(zip(golden, ours)) for k, v in differences(*pair, "%s[%d]" % (path, i)).items()}
    if type(golden) in (int, float) and type(ours) in (int, float) and type(golden) is type(ours):
        if golden == ours or math.isclose(golden, ours, rel_tol=2e-5, abs_tol=1e-7):
            return {}
    elif golden == ours and type(golden) is type(ours):
        return {}
    return {path: (golden, ours)}


def run(tf, program):
    """What the program gives here, as JSON gives it back."""
    return json.loads(json.dumps(observe.observe(tf, program)))
