"""The classic leak of TF1 programs: building new ops in the training loop."""

from __future__ import annotations

from typing import Any

from . import warned

__all__ = ["Watch"]

#: How many runs one line may build ops between before it is taken for a loop.
PATIENCE = 30

_LIBRARIES = ("/tensorflow/", "/keras/", "/tf1compat/")


class Watch:
    """Looks at a graph each time that it has grown between two runs of a Session."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self.version = graph.version
        self._seen: dict[tuple[str, int], int] = {}
        self._warned = False

    def look(self) -> None:
        """Count the line that built the newest op; warn, once, when one line comes again and again."""
        self.version = self._graph.version
        if self._warned or not self.version:
            return
        line = _line_of(self._graph.get_operations()[-1])
        if line is None:
            return
        self._seen[line] = self._seen.get(line, 0) + 1
        if self._seen[line] >= PATIENCE:
            self._warned = True
            warned.warn(
                f"{line[0]}:{line[1]} builds new ops before every Session.run (the graph has "
                f"{self.version} by now): each run compiles anew, and time and memory grow without end. "
                "Build the ops once, before the loop, and feed what changes."
            )


def _line_of(op: Any) -> tuple[str, int] | None:
    """The user's line that made an op."""
    for frame in reversed(list(op.traceback or ())):
        if not any(part in frame.filename.replace("\\", "/") for part in _LIBRARIES):
            return frame.filename, frame.lineno
    return None
