"""Where what lay inside TensorFlow 1.15 (`tensorflow.python.ops.nn`) is found now."""

from __future__ import annotations

__all__ = ["MOVED_FOLDERS", "ROOTS", "SEARCHED"]

#: The top folders of TensorFlow's sources that TF1 programs reached into.
ROOTS = frozenset({"compiler", "core", "python", "tools"})
#: Folders and modules of TensorFlow's that moved: the former path, and today's.
MOVED_FOLDERS = {
    "python.training.tracking.tracking": "python.trackable.autotrackable",
    "python.training.tracking": "python.trackable",
}
#: Public namespaces in which a name that left its module is looked for, in this order.
SEARCHED = (
    *("", "math", "nn", "train", "io", "linalg", "random", "strings", "image", "sparse", "saved_model"),
    *("graph_util", "distribute", "data", "data.experimental", "config.experimental"),
)
