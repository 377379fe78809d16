"""What a program's expressions mean of TensorFlow, and what its functions do to the graph."""

from __future__ import annotations

import re

import libcst as cst

from ..syntax import dotted

__all__ = ["PURE", "READERS", "Tensorflow", "draws"]

#: What makes operations that hang on their inputs alone: it may be built earlier than it was, and no seed changes.
PURE = frozenset(
    """abs add add_n argmax argmin cast ceil clip_by_value concat constant cos cumsum div divide equal exp expand_dims
    floor gather greater greater_equal identity l2_normalize less less_equal log logical_and logical_not logical_or
    matmul maximum mean_squared minimum mod multiply negative norm not_equal one_hot ones ones_like pad pow range
    rank reciprocal reduce_all reduce_any reduce_max reduce_mean reduce_min reduce_prod reduce_sum reshape round rsqrt
    shape sigmoid sign sin size slice split sqrt square squared_difference squeeze stack stop_gradient subtract tanh
    tile to_double to_float to_int32 to_int64 transpose truediv unstack where zeros zeros_like
    nn.in_top_k nn.l2_loss nn.l2_normalize nn.log_softmax nn.relu nn.sigmoid nn.softmax nn.softplus nn.tanh nn.top_k
    nn.sigmoid_cross_entropy_with_logits nn.softmax_cross_entropy_with_logits nn.softmax_cross_entropy_with_logits_v2
    nn.sparse_softmax_cross_entropy_with_logits""".split()
)

#: What reads the collections of the graph: it belongs behind all that fills them.
READERS = frozenset(
    """get_collection get_collection_ref trainable_variables global_variables all_variables local_variables
    model_variables get_default_graph summary.merge_all merge_all_summaries summary.merge losses.get_total_loss
    losses.get_losses losses.get_regularization_loss losses.get_regularization_losses moving_average_variables
    contrib.framework.get_variables contrib.slim.get_variables contrib.losses.get_total_loss""".split()
)

#: What belongs to running: it stays where it is, behind the graph.
_RUNNING = frozenset(
    """Session InteractiveSession train.Saver train.Supervisor train.MonitoredSession train.MonitoredTrainingSession
    train.SingularMonitoredSession train.Coordinator train.start_queue_runners summary.FileWriter train.SummaryWriter
    global_variables_initializer initialize_all_variables local_variables_initializer variables_initializer
    initialize_local_variables initialize_variables tables_initializer train.import_meta_graph
    report_uninitialized_variables saved_model.simple_save get_default_session""".split()
)

#: Of TensorFlow's names, those that put nothing into a graph.
_GRAPHLESS = re.compile(
    r"(app|flags|logging|gfile|examples|compat|errors|ConfigProto|GPUOptions|RunOptions|RunMetadata|python_io|test|"
    r"Session|InteractiveSession|Graph|reset_default_graph|set_random_seed|random|DType|Tensor|VERSION|__version__|"
    r"bool|string|(u?int|float|bfloat|complex)\d+)\b(?!\.(normal|uniform|gamma|poisson|shuffle))"
)


def draws(code: str) -> bool:
    """Whether code may make random operations or variables, to tell by its text; `PURE` alone does not."""
    return bool(
        re.search(
            r"random|Variable|variable|initializer|dropout|layers|contrib|slim|keras|multinomial|shuffle|rnn|Cell|"
            r"Optimizer|optimizer|minimize|moving|Moving|xavier|truncated|noise|sample|\bapply\b",
            code,
        )
    )


class Tensorflow:
    """The names by which a module has TensorFlow, and its functions that build graphs.

    Attributes:
      home: how the module spells TensorFlow itself, "" if it does not.
    """

    def __init__(self, module: cst.Module) -> None:
        self._aliases: dict[str, str] = {}
        self.home = ""
        self.builders: set[str] = set()
        imports = _Imports()
        module.visit(imports)
        for bound, meant in imports.found.items():
            if bound not in imports.assigned:
                self._aliases[bound] = meant
                if meant == "" and not self.home:
                    self.home = bound
        self._find_builders(imports.functions)

    def name(self, node: cst.CSTNode) -> str | None:
        """What an expression names of TensorFlow, as `train.Saver`; "" is TensorFlow itself; None is none of it."""
        if not isinstance(node, (cst.Name, cst.Attribute)):
            return None
        root, _, rest = dotted(node).partition(".")
        meant = self._aliases.get(root)
        if not root or meant is None:
            return None
        name = f"{meant}.{rest}".strip(".")
        return name.removeprefix("compat.v1.")

    def calls(self, node: cst.CSTNode) -> list[tuple[cst.Call, str]]:
        """The calls of TensorFlow's names inside a node."""
        found = _Calls(self)
        node.visit(found)
        return found.found

    def runs(self, node: cst.CSTNode) -> bool:
        """Whether a node calls what belongs to running, a Session or a Saver say."""
        return any(name in _RUNNING for _, name in self.calls(node))

    def built(self, node: cst.CSTNode) -> list[str]:
        """The names of TensorFlow's that a node calls, less those that run it or read its collections."""
        return [name for _, name in self.calls(node) if name not in _RUNNING | READERS]

    def reads_collections(self, node: cst.CSTNode) -> bool:
        return any(name in READERS for _, name in self.calls(node))

    def builds(self, node: cst.CSTNode) -> bool:
        """Whether a node names what puts operations into a graph, directly or through the module's functions."""
        found = _Names(self)
        node.visit(found)
        return any(name and not _GRAPHLESS.match(name) for name in found.tensorflow) or bool(
            found.names & self.builders
        )

    def _find_builders(self, functions: dict[str, list[cst.CSTNode]]) -> None:
        while True:
            more = {
                name
                for name, nodes in functions.items()
                if name not in self.builders and any(self.builds(node) for node in nodes)
            }
            if not more:
                return
            self.builders |= more


class _Imports(cst.CSTVisitor):
    """What imports bind to TensorFlow; what else is bound; the functions and classes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.assigned: set[str] = set()
        self.functions: dict[str, list[cst.CSTNode]] = {}

    def visit_Import(self, node: cst.Import) -> bool:  # noqa: N802
        for alias in node.names:
            name = dotted(alias.name)
            if alias.asname is not None:
                self._bind(dotted(alias.asname.name), name)  # type: ignore[arg-type]
            else:
                self._bind(name.partition(".")[0], name.partition(".")[0])
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: N802
        if node.relative or node.module is None or isinstance(node.names, cst.ImportStar):
            return False
        for alias in node.names:
            bound = alias.asname.name if alias.asname is not None else alias.name
            self._bind(dotted(bound), f"{dotted(node.module)}.{dotted(alias.name)}")  # type: ignore[arg-type]
        return False

    def _bind(self, name: str, module: str) -> None:
        for home in ("tf1compat.v1", "tensorflow"):
            if module == home or module.startswith(f"{home}."):
                meant = module[len(home) :].strip(".")
                self.found[name] = "" if meant == "compat.v1" else meant.removeprefix("compat.v1.")
                return
        self.assigned.add(name)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:  # noqa: N802
        if isinstance(node.target, cst.Name):
            self.assigned.add(node.target.value)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        self.functions.setdefault(node.name.value, []).append(node.body)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802
        self.functions.setdefault(node.name.value, []).append(node)


class _Calls(cst.CSTVisitor):
    def __init__(self, tensorflow: Tensorflow) -> None:
        super().__init__()
        self._tensorflow = tensorflow
        self.found: list[tuple[cst.Call, str]] = []

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802
        name = self._tensorflow.name(node.func)
        if name is not None:
            self.found.append((node, name))


class _Names(cst.CSTVisitor):
    """TensorFlow's names, and all plain ones, inside a node."""

    def __init__(self, tensorflow: Tensorflow) -> None:
        super().__init__()
        self._tensorflow = tensorflow
        self.tensorflow: set[str] = set()
        self.names: set[str] = set()

    def visit_Attribute(self, node: cst.Attribute) -> bool:  # noqa: N802
        name = self._tensorflow.name(node)
        if name is None:
            node.value.visit(self)
            self.names.add(node.attr.value)
        else:
            self.tensorflow.add(name)
        return False

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802
        name = self._tensorflow.name(node)
        if name is None:
            self.names.add(node.value)
        else:
            self.tensorflow.add(name)
