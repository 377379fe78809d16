"""ENGINE's rules 3 and 4 for training: TensorFlow 1.15.5's numbers, in a TF1 graph, eagerly, in tf.function, under
XLA and in replicas. The cases, and what 1.15.5 gave for them, are in goldens/training."""

import functools
import importlib
import json
import os

import numpy as np
import pytest
import tensorflow as tf
from goldens.training import FAMILIES, differences, everything, fidelity, modes, schedules, store
from goldens.training.tolerances import TOLERANCES, allowed

import tf1compat
import tf1compat.train as rules
from tf1compat.graph import Graph, Session

v1 = tf.compat.v1
IN_PROCESS = [mode for mode in everything.MODES if mode != "MirroredStrategy"]
HERE = {(mode, *check): cases for mode in IN_PROCESS for check, cases in everything.checks(mode).items()}
REPLICAS = everything.checks("MirroredStrategy")


def assert_near(found, mode, cases):
    assert found.keys() == cases.keys()
    far = [d for name, d in found.items() if not d.units <= allowed(cases[name].line, mode)]
    assert not far, "\n".join(f"{d.where}: {d.units:.3g} units {d.error[:2000]}" for d in far)


@pytest.mark.parametrize("check", HERE, ids=lambda check: "/".join(check))
def test_numbers_are_those_of_tf1(check):
    mode, family, _ = check
    assert_near(everything.measure(rules, mode, family, HERE[check]), mode, HERE[check])


@functools.cache
def in_replicas():
    return everything.measure_apart("MirroredStrategy")


@pytest.mark.parametrize("check", REPLICAS, ids="/".join)
def test_numbers_of_two_replicas_are_those_of_tf1(check):
    cases = REPLICAS[check]
    assert_near({name: in_replicas()[name] for name in cases}, "MirroredStrategy", cases)


ELSEWHERE = [
    (mode, family, name)
    for family in ("optimizers", "averages")
    for name, case in everything.cases_of(family).items()
    if case.only and case.traits["dtype"] == "float32" and case.traits.get("rate") != "decayed"
    for mode in ("eager", "tf.function")
    if mode not in case.only
]


@pytest.mark.parametrize(("mode", "family", "name"), ELSEWHERE)
def test_what_a_mode_does_not_have_is_refused_there(mode, family, name):
    (found,) = everything.measure(rules, mode, family, {name: everything.cases_of(family)[name]}).values()
    assert found.error.startswith(("NotImplementedError", "TypeError")), found


# The same schedules as objects of Keras.

CLASSES = {
    name: "".join(part.title() for part in name.split("_"))
    for name in [*schedules.TABLE, "piecewise_constant_decay"]
}


class KerasSchedules:
    """TF1's functions by the Keras schedules of their names, each made again from its own config."""

    def __getattr__(self, name):
        cls = getattr(rules, CLASSES[name if name in CLASSES else name + "_decay"])

        def of_rate(rate, step, **kwargs):
            return self.again(cls(rate, **kwargs))(step)

        def of_pieces(step, boundaries, values):
            return self.again(cls(boundaries, values))(step)

        return of_pieces if name == "piecewise_constant" else of_rate

    @staticmethod
    def again(schedule):
        config = json.loads(json.dumps(schedule.get_config()))
        return type(schedule).from_config(config)


@pytest.mark.parametrize("mode", ["graph", "eager", "tf.function", "XLA"])
@pytest.mark.parametrize("line", [*schedules.TABLE, "piecewise_constant"])
def test_keras_schedules_give_the_numbers_of_tf1(mode, line):
    cases = {
        name: case
        for name, case in everything.cases_of("schedules").items()
        if case.line == line and case.traits["dtype"] == "float32"
    }
    assert_near(everything.measure(KerasSchedules(), mode, "schedules", cases), mode, cases)


# What is not a trajectory.


@pytest.mark.parametrize("family", ["optimizers", "clips", "regularizers"])
def test_a_graph_shows_what_tf1s_graph_showed(family):
    """Names of slots, collections, errors."""
    module = importlib.import_module("goldens.training." + family)
    found = json.loads(json.dumps(module.observe(v1, rules, Graph(), Session)))
    expected = dict(everything.goldens(family).notes["observed"])
    np.testing.assert_allclose(found.pop("values", []), expected.pop("values", []), rtol=1e-6)
    assert found == expected


@pytest.mark.parametrize("mode", ["graph", "eager", "tf.function"])
def test_the_noise_of_a_schedule_has_tf1s_mean_and_deviation(mode):
    if mode == "graph":
        found = schedules.observe(v1, rules, Graph(), Session)["noisy_linear_cosine_decay"]
    else:
        with tf1compat.eager():
            tf.random.set_seed(5)

            def draw():
                return schedules.noisy(v1, rules)

            found = schedules.moments(tf.function(draw) if mode == "tf.function" else draw)
    expected = everything.goldens("schedules").notes["observed"]["noisy_linear_cosine_decay"]
    deviation = np.array(expected["deviation"])
    # Five standard errors of the difference of two samples.
    near = 5 * deviation * np.sqrt(2 / expected["draws"])
    assert found["draws"] == expected["draws"]
    np.testing.assert_array_less(abs(np.array(found["mean"]) - expected["mean"]), near)
    np.testing.assert_array_less(abs(np.array(found["deviation"]) - deviation), near / np.sqrt(2))


# The goldens themselves, and the page made of them.


@pytest.mark.parametrize("family", FAMILIES)
def test_every_case_was_recorded_or_refused_by_tf1(family):
    goldens = everything.goldens(family)
    module = importlib.import_module("goldens.training." + family)
    assert set(module.CASES) == set(goldens.answers) | set(goldens.notes["refused"])
    assert goldens.version["tensorflow"] == "1.15.5"
    assert goldens.version["format"] == store.FORMAT


def test_goldens_stay_small():
    assert sum(os.path.getsize(store.path_of(family)) for family in FAMILIES) < 2**20


def test_a_difference_is_found():
    """The comparison itself: the last bit, an inf, a NaN, a shape and a dtype."""
    ones = np.ones([2, 3], "float32")

    def apart(found, expected=ones):
        return max(differences.apart(found, expected, "float32", "step"))

    other = ones.copy()
    other[1, 2] += 2.0**-23
    assert apart(ones) == 0
    assert apart(other) == 1
    for value in (np.inf, np.nan):
        other[1, 2] = value
        assert apart(other) == apart(ones, other) == np.inf
        assert apart(other, other) == 0
    assert apart(ones[:1]) == apart(ones.astype("float64")) == np.inf


def test_a_wrong_rule_is_found():
    class Wrong:
        def __getattr__(self, name):
            if name == "MomentumOptimizer":
                return lambda rate, momentum, **kwargs: rules.MomentumOptimizer(rate, momentum + 1e-6, **kwargs)
            return getattr(rules, name)

    name = "Momentum; dense; float32; constant"
    case = {name: everything.cases_of("optimizers")[name]}
    for mode in ("graph", "eager", "tf.function", "XLA"):
        (found,) = everything.measure(Wrong(), mode, "optimizers", case).values()
        assert found.units > allowed("Momentum", mode) and not found.error


def test_the_page_of_fidelity_covers_every_rule_and_is_within_the_tolerances():
    rows = fidelity.rows(fidelity.PAGE.read_text(encoding="utf-8"))
    lines = {(case.line, mode) for (mode, _, _), cases in HERE.items() for case in cases.values()}
    lines |= {(case.line, "MirroredStrategy") for cases in REPLICAS.values() for case in cases.values()}
    assert set(rows) == set(TOLERANCES) == {line for line, _ in lines}
    for line, cells in rows.items():
        shown = {mode for mode in everything.MODES if cells.get(mode, fidelity.NOT_THERE) != fidelity.NOT_THERE}
        assert shown == {mode for known, mode in lines if known == line}
        assert (cells["allowed"], cells["allowed, XLA"]) == tuple(str(allowed(line, m)) for m in ("graph", "XLA"))
        assert all(float(cells[mode]) <= allowed(line, mode) for mode in shown)
    assert modes.MODES.keys() == set(everything.MODES)
