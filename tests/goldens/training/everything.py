"""Every golden in every mode that has it: what there is to check, and a command that measures some of it.

    cd tests && python -m goldens.training.everything MODE [LINE…]

prints {case: [units, where, error]} of a mode as JSON, in a process that has two logical CPUs, which
MirroredStrategy needs and which cannot be made once TensorFlow runs.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import subprocess
import sys

from goldens.training import FAMILIES, store

# Modes that are about variables, or about replicas of them, and the families that have any.
STATEFUL = {"Keras variables": ("optimizers", "averages"), "MirroredStrategy": ("optimizers", "averages")}
MODES = ("graph", "eager", "tf.function", "XLA", "Keras variables", "MirroredStrategy")


@functools.lru_cache(None)
def goldens(family):
    return store.Goldens(family)


def cases_of(family):
    """The cases that TensorFlow 1.15.5 gave answers for."""
    cases = importlib.import_module("goldens.training." + family).CASES
    return {name: case for name, case in cases.items() if name in goldens(family).answers}


def has(mode, case):
    """Whether a rule is there in a mode. Sparse gradients of replicas are TensorFlow's to add up, not ours."""
    if mode == "XLA" and _is_tensorflow_2_16() and case.traits["dtype"] in NOT_IN_XLA_OF_2_16.get(case.rule, ()):
        return False
    return (case.only is None or mode in case.only) and not (
        mode == "MirroredStrategy" and case.traits.get("kind") == "sparse"
    )


#: Rule -> dtypes in which TensorFlow 2.16's XLA differs, and later ones do not: it keeps Adam's rate, which bfloat16
#: rounds to 0 with the default betas, in float32; and its minimum and maximum lose a NaN.
NOT_IN_XLA_OF_2_16 = {
    "Adam": ("bfloat16",),
    "clip_by_value": ("float16", "float32", "float64"),
    "clip_by_value, slices": ("float16", "float32", "float64"),
}


def _is_tensorflow_2_16():
    from importlib.metadata import version

    return version("tensorflow").startswith("2.16.")


def checks(mode):
    """{(family, rule): {name: case}} of what there is to check in a mode."""
    found = {}
    for family in FAMILIES:
        if family in STATEFUL.get(mode, FAMILIES):
            for name, case in cases_of(family).items():
                if has(mode, case):
                    found.setdefault((family, case.rule), {})[name] = case
    return found


def measure(rules, mode, family, cases):
    """{case: Difference} in this process."""
    from goldens.training import differences

    return differences.measure(rules, mode, cases, goldens(family))


def measure_apart(mode, lines=()):
    """The same of all rules, or of those with the given lines, in a process of its own."""
    from goldens.training.differences import Difference

    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    command = [sys.executable, "-m", __spec__.name, mode, *lines]
    done = subprocess.run(command, cwd=here, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return {name: Difference(*values) for name, values in json.loads(done.stdout.splitlines()[-1]).items()}


def main(mode, *lines):
    import tensorflow as tf

    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    import tf1compat.train as rules

    found = {}
    for (family, _), cases in checks(mode).items():
        if not lines or next(iter(cases.values())).line in lines:
            found.update(measure(rules, mode, family, cases))
    print(json.dumps({name: [d.units, d.where, d.error] for name, d in found.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
