"""A picture of a comparison: the differences run by run, restarted and running free."""

from __future__ import annotations

from typing import Any

from .comparing import CannotCompare, Comparison

__all__ = ["plot"]

_LEAST = 1e-9  # what an equal pair is drawn at, on a logarithmic axis
_MOST = 8  # lines that can still be told apart


def plot(comparison: Comparison, file: str) -> None:
    """Draw a comparison into a file, whose ending says in which format.

    Raises:
      CannotCompare: where Matplotlib is not installed, or does not know the ending.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise CannotCompare("--plot needs Matplotlib: pip install matplotlib") from None
    rows = [row for row in comparison.results.rows.values() if row.points]
    rows.sort(key=lambda row: (row.kind != "fetch", -max(point[2] or point[1] for point in row.points)))
    numbers = [row for row in rows if row.kind == "fetch" and all(len(point) == 5 for point in row.points)]
    figure = Figure(figsize=(9, 8 if numbers else 4.5), layout="constrained")
    axes = figure.subplots(2 if numbers else 1, squeeze=False)[:, 0]
    _draw_differences(axes[0], rows[:_MOST], comparison.tolerance)
    if numbers:
        _draw_values(axes[1], numbers[:_MOST])
    figure.suptitle(f"{' '.join(comparison.about['program'])}: TensorFlow {comparison.about['tensorflow']} and here")
    try:
        figure.savefig(file)
    except (OSError, ValueError) as error:
        raise CannotCompare(f"--plot {file}: {error}") from None


def _draw_differences(axes: Any, rows: list[Any], tolerance: float) -> None:
    for number, row in enumerate(rows):
        runs = [point[0] for point in row.points]
        color = f"C{number}"
        axes.plot(runs, [max(min(point[1], 10.0), _LEAST) for point in row.points], color=color, label=row.name)
        free = [(point[0], max(min(point[2], 10.0), _LEAST)) for point in row.points if point[2] is not None]
        axes.plot(*zip(*free, strict=True), color=color, linestyle=":") if free else None
    axes.axhline(tolerance, color="black", linewidth=0.8)
    axes.set(yscale="log", ylabel="relative difference", xlabel="run", title="restarted (lines), running free (dots)")
    axes.legend(fontsize="small")


def _draw_values(axes: Any, rows: list[Any]) -> None:
    for number, row in enumerate(rows):
        runs, color = [point[0] for point in row.points], f"C{number}"
        axes.plot(runs, [point[3] for point in row.points], color=color, label=row.name)
        axes.plot(runs, [point[4] for point in row.points], color=color, linestyle=":")
    axes.set(ylabel="value", xlabel="run", title="TensorFlow 1 (lines), running free here (dots)")
    axes.legend(fontsize="small")
