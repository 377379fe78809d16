"""TF1's checkpoints: `Saver`, and what no crash in the middle of a save may take away.

`replacing` states the protocol by which the files of a save come to stand under their names.
"""

from .latest import latest_checkpoint
from .saver import Saver, in_graph_of, save_safely
from .shapes import check_shapes
from .verifying import verify_checkpoint

__all__ = ["Saver", "check_shapes", "in_graph_of", "latest_checkpoint", "save_safely", "verify_checkpoint"]
