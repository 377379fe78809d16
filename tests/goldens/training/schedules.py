"""Every schedule of TF1, at 200 steps and more: beginnings, boundaries, ends, what comes after the end."""

import numpy as np
from goldens.training.cases import Case

STEPS = list(range(200)) + [249, 250, 251, 299, 300, 301, 999, 1000, 1001, 10 ** 6]

LINEAR_COSINE = [{}, {"num_periods": 2.0}, {"alpha": 0.1, "beta": 0.01}]
CYCLES = [{"power": 1.0}, {"power": 0.5}, {"power": 2.0, "end_learning_rate": 0.01}]

# Schedule: the arguments after the rate and the step, a list of keyword sets.
TABLE = {
    "exponential_decay": [
        {"decay_steps": steps, "decay_rate": rate, "staircase": staircase}
        for steps, rate in ((50, 0.5), (7, 0.96), (1, 0.999))
        for staircase in (False, True)
    ],
    "natural_exp_decay": [
        {"decay_steps": steps, "decay_rate": rate, "staircase": staircase}
        for steps, rate in ((50, 0.5), (7, 0.04))
        for staircase in (False, True)
    ],
    "inverse_time_decay": [
        {"decay_steps": steps, "decay_rate": rate, "staircase": staircase}
        for steps, rate in ((50, 0.5), (7, 0.1))
        for staircase in (False, True)
    ],
    "polynomial_decay": [
        dict(extra, decay_steps=steps, cycle=cycle)
        for steps in (50, 100)
        for cycle in (False, True)
        for extra in CYCLES
    ],
    "cosine_decay": [{"decay_steps": 100}, {"decay_steps": 50, "alpha": 0.1}, {"decay_steps": 300}],
    "cosine_decay_restarts": [
        {"first_decay_steps": 50},
        {"first_decay_steps": 20, "t_mul": 1.0},
        {"first_decay_steps": 10, "t_mul": 1.5, "m_mul": 0.9, "alpha": 0.1},
    ],
    "linear_cosine_decay": [dict(extra, decay_steps=steps) for steps in (100, 50) for extra in LINEAR_COSINE],
    # Variance (initial / (1 + step)^decay) of zero leaves the schedule without its noise.
    "noisy_linear_cosine_decay": [
        dict(extra, decay_steps=100, initial_variance=0.0, variance_decay=0.55) for extra in LINEAR_COSINE
    ],
}

# Boundaries, values: in the dtypes that scripts used.
PIECES = {
    "int boundaries": ([50, 100, 150], [1.0, 0.5, 0.25, 0.1]),
    "one boundary": ([100], [0.1, 0.01]),
    "boundary at 0": ([0, 1], [3.0, 2.0, 1.0]),
    "int values": ([10, 199], [7, 8, 9]),
}


def told(kwargs):
    return ", ".join("%s=%s" % (key, kwargs[key]) for key in sorted(kwargs))


def value_of(schedule):
    """A schedule is a tensor in a graph and a callable in eager code."""
    return schedule() if callable(schedule) else schedule


def case_of(name, make, dtype="int64", rate="float32"):
    """make(world, rate, step) -> the schedule."""

    def begin(world):
        def step(number):
            learning_rate = world.tf.constant(0.1, rate) if rate == "float64" else 0.1
            return {"rate": value_of(make(world, learning_rate, number))}

        return step

    # These end with what is left of a difference.
    scale = "all steps" if name.startswith(("cosine", "linear", "noisy", "polynomial")) else "step"
    return Case(name, begin, [(np.array(s, dtype),) for s in STEPS], scale=scale, step=dtype, dtype=rate)


def decay(name, kwargs):
    return lambda world, rate, step: getattr(world.rules, name)(rate, step, **kwargs)


def pieces(boundaries, values):
    return lambda world, rate, step: world.rules.piecewise_constant(step, boundaries, values)


CASES = {}
for _name in TABLE:
    for _at, _kwargs in enumerate(TABLE[_name]):
        _rule = "%s, %s" % (_name, told(_kwargs))
        CASES[_rule] = case_of(_rule, decay(_name, _kwargs))
        if _at == 0:
            CASES[_rule + "; int32 steps"] = case_of(_rule, decay(_name, _kwargs), dtype="int32")
            CASES[_rule + "; float64 rate"] = case_of(_rule, decay(_name, _kwargs), rate="float64")
for _key in PIECES:
    _rule = "piecewise_constant, " + _key
    CASES[_rule] = case_of(_rule, pieces(*PIECES[_key]))
    CASES[_rule + "; int32 steps"] = case_of(_rule, pieces(*PIECES[_key]), dtype="int32")


NOISY_STEPS = (0, 10, 40)
DRAWS = 800


def moments(draw):
    """Mean and standard deviation, at each of NOISY_STEPS, of what draw() -> a rate for each of them gives."""
    rates = np.array([draw() for _ in range(DRAWS)], "float64")
    return {"draws": DRAWS, "mean": list(rates.mean(axis=0)), "deviation": list(rates.std(axis=0, ddof=1))}


def noisy(tf, rules):
    return tf.stack(
        [value_of(rules.noisy_linear_cosine_decay(0.1, tf.constant(step), 100)) for step in NOISY_STEPS]
    )


def observe(tf, rules, graph, new_session):
    """What is not compared number by number: the rates with noise, as statistics."""
    with graph.as_default():
        tf.set_random_seed(5)
        rates = noisy(tf, rules)
        with new_session(graph=graph) as session:
            return {"noisy_linear_cosine_decay": moments(lambda: session.run(rates))}
