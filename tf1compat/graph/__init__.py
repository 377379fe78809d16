"""TF1 graphs and Sessions on TensorFlow 2's runtime."""

from . import hooks as _hooks  # noqa: F401 - what the first graph needs is told to `graph` there
from .defaults import begin_anew, eager, enter_default_graph, get_default_graph, reset_default_graph
from .fetches import register_session_run_conversion_functions
from .functions.decorating import function
from .graph import Graph
from .importing.imports import import_graph_def, import_meta_graph, load_saved_model
from .looping import Steps, StepsInterrupted
from .session import InteractiveSession, Session, get_default_session
from .shapes import TensorShape

__all__ = [
    "Graph",
    "InteractiveSession",
    "Session",
    "Steps",
    "StepsInterrupted",
    "TensorShape",
    "begin_anew",
    "eager",
    "enter_default_graph",
    "function",
    "get_default_graph",
    "get_default_session",
    "import_graph_def",
    "import_meta_graph",
    "load_saved_model",
    "register_session_run_conversion_functions",
    "reset_default_graph",
]
