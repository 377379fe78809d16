"""Draws the guide's pictures, from what tf1compat.train computes.

    python migration_guide/pictures/draw.py [FOLDER]

Each picture is an SVG that carries the numbers it shows, in JSON, as its description: tests compare them with what is
computed anew.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path

import matplotlib
import numpy as np
import tensorflow as tf
from matplotlib import pyplot

from tf1compat import train

HERE = Path(__file__).resolve().parent
COLORS = ("#3f51b5", "#e65100", "#2e7d32", "#8e24aa", "#00838f", "#6d4c41", "#c62828")
STYLE = {
    "svg.hashsalt": "tf1compat",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "legend.frameon": False,
    "font.size": 10,
}

Numbers = dict[str, list]


def rounded(numbers) -> list:
    """As a list, with five significant digits."""
    return [float(f"{number:.5g}") for number in np.asarray(numbers, np.float64).ravel()]


def clipping() -> Numbers:
    """Where each of some gradients of two numbers is clipped to: x, y, x, y…"""
    gradients = [(0.5, 0.4), (2.6, 0.7), (2.2, 2.4), (0.4, 2.7), (-2.5, 1.4)]
    ways = {
        "by value, ±1": lambda g: train.clip_by_value(g, -1.0, 1.0),
        "by norm, 1": lambda g: train.clip_by_norm(g, 1.0),
    }
    found = {"gradient": rounded(gradients)}
    for name, clip in ways.items():
        found[name] = rounded([clip(tf.constant(g)) for g in gradients])
    together, _ = train.clip_by_global_norm([tf.constant(g) for g in gradients], 2.0)
    found["by global norm, 2, all together"] = rounded(together)
    return found


def draw_clipping(numbers: Numbers) -> None:
    figure, axes = pyplot.subplots(1, 3, figsize=(9.6, 2.4), sharex=True, sharey=True, layout="constrained")
    starts = np.reshape(numbers["gradient"], [-1, 2])
    angles = np.linspace(0, np.pi, 60)
    for number, (axis, name) in enumerate(zip(axes, list(numbers)[1:], strict=True)):
        for start, end in zip(starts, np.reshape(numbers[name], [-1, 2]), strict=True):
            axis.plot(*zip((0, 0), start, strict=True), color="#bbbbbb", linewidth=1.2)
            arrow = {"arrowstyle": "-|>", "color": COLORS[number], "shrinkA": 0, "shrinkB": 0, "linewidth": 1.6}
            axis.annotate("", end, (0, 0), arrowprops=arrow)
        if number == 0:
            axis.plot([-1, -1, 1, 1], [0, 1, 1, 0], ":", color="#555555")
        elif number == 1:
            axis.plot(np.cos(angles), np.sin(angles), ":", color="#555555")
        axis.set(title=name, xlim=(-3, 3), ylim=(-0.2, 3), aspect="equal")


STEPS = 60


def moving_average() -> Numbers:
    """The decay at each step, and an average of what has moved from 0 to 1, with and without num_updates."""
    value, step = tf.Variable(0.0), tf.Variable(0, dtype=tf.int64)
    averages = {
        "decay 0.99": train.ExponentialMovingAverage(0.99, name="slow"),
        "decay 0.99, num_updates": train.ExponentialMovingAverage(0.99, num_updates=step, name="warm"),
    }
    found: Numbers = {"step": list(range(STEPS + 1)), "decay 0.99": [0.0], "decay 0.99, num_updates": [0.0]}
    for average in averages.values():
        average.build([value])
    value.assign(1.0)
    for _ in range(STEPS):
        step.assign_add(1)
        for name, average in averages.items():
            average.apply([value])
            found[name].append(float(average.average(value)))
    found = {name: rounded(numbers) for name, numbers in found.items()}
    found["decay used"] = rounded([min(0.99, (1 + n) / (10 + n)) for n in range(1001)])
    return found


def draw_moving_average(numbers: Numbers) -> None:
    _, (left, right) = pyplot.subplots(1, 2, figsize=(9.6, 3.2), layout="constrained")
    left.plot(numbers["decay used"], color=COLORS[1], label="with num_updates")
    left.axhline(0.99, color=COLORS[0], label="without")
    left.set(xscale="log", xlabel="num_updates", ylabel="decay", xlim=(1, 1000), ylim=(0, 1.02))
    left.legend(loc="lower right")
    for number, name in enumerate(("decay 0.99", "decay 0.99, num_updates")):
        right.plot(numbers["step"], numbers[name], color=COLORS[number], label=name)
    right.plot([0, 0, STEPS], [0, 1, 1], ":", color="#555555", label="the variable")
    right.set(xlabel="step", ylabel="average", ylim=(0, 1.05))
    right.legend(loc="center right")


RATE_STEPS = 200


def learning_rates() -> Numbers:
    """The rates of schedules at steps 0 to 200."""
    schedules: dict[str, Callable] = {
        "exponential_decay": train.ExponentialDecay(0.1, 50, 0.5),
        "… staircase=True": train.ExponentialDecay(0.1, 50, 0.5, staircase=True),
        "inverse_time_decay": train.InverseTimeDecay(0.1, 50, 1.0),
        "piecewise_constant": train.PiecewiseConstantDecay([80, 140], [0.1, 0.03, 0.01]),
        "polynomial_decay": train.PolynomialDecay(0.1, 150, 0.01),
        "cosine_decay": train.CosineDecay(0.1, 150),
        "cosine_decay_restarts": train.CosineDecayRestarts(0.1, 40, t_mul=2.0, m_mul=0.8),
    }
    steps = range(RATE_STEPS + 1)
    return {name: rounded([schedule(tf.constant(n)) for n in steps]) for name, schedule in schedules.items()}


def draw_learning_rates(numbers: Numbers) -> None:
    _, axes = pyplot.subplots(1, 2, figsize=(9.6, 3.4), sharey=True, layout="constrained")
    names = list(numbers)
    for axis, some in zip(axes, (names[:4], names[4:]), strict=True):
        for name in some:
            style = "steps-post" if name in ("… staircase=True", "piecewise_constant") else "default"
            axis.plot(numbers[name], color=COLORS[names.index(name)], label=name, drawstyle=style)
        axis.set(xlabel="step", ylim=(0, 0.105))
        axis.legend()
    axes[0].set(ylabel="learning rate")


PICTURES: dict[str, tuple[Callable[[], Numbers], Callable[[Numbers], None]]] = {
    "clipping": (clipping, draw_clipping),
    "moving_average": (moving_average, draw_moving_average),
    "learning_rates": (learning_rates, draw_learning_rates),
}


def numbers_in(picture: Path) -> Numbers:
    """What a drawn picture says that it shows."""
    text = picture.read_text(encoding="utf-8")
    return json.loads(unescape(re.search(r"<dc:description>(.*?)</dc:description>", text, re.S)[1]))


def main(folder: Path) -> None:
    matplotlib.use("svg")
    for name, (compute, draw) in PICTURES.items():
        numbers = compute()
        with pyplot.rc_context(STYLE):
            draw(numbers)
            description = json.dumps(numbers, ensure_ascii=False)
            pyplot.savefig(folder / f"{name}.svg", metadata={"Date": None, "Description": description})
            pyplot.close()
        print(folder / f"{name}.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
