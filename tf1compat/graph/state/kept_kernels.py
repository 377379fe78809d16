"""Rule 7 for ops that keep state in their kernel and have no stateless twin: shuffles, samplers…

A Session keeps one kernel for each of them, as TF1's did, by keeping a real `tf.compat.v1.Session` on the
CPU that holds nothing but those ops. In the compiled functions the op becomes a `PyFunc` that calls
that kernel, so all fetch signatures, bodies and frames draw from the one stream, with the very numbers
of TensorFlow's kernel. The state ends with the Session that owns it.
"""

from __future__ import annotations

import threading
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf

__all__ = ["KeptKernels", "is_kept"]

#: Ops whose kernels hold the place in a stream; where both seeds are 0 the numbers come from nowhere
#: in particular, and any kernel will do.
_SEEDED = frozenset(
    "AllCandidateSampler FixedUnigramCandidateSampler LogUniformCandidateSampler "
    "UniformCandidateSampler FractionalAvgPool FractionalMaxPool Multinomial ParameterizedTruncatedNormal "
    "RandomCrop RandomGamma RandomPoisson RandomPoissonV2 RandomShuffle SampleDistortedBoundingBox "
    "SampleDistortedBoundingBoxV2".split()
)
#: Ops whose kernels keep more than that, seeded or not: what they learned, where in their files they are.
_ALWAYS = frozenset(["LearnedUnigramCandidateSampler", "RecordInput", "ThreadUnsafeUnigramCandidateSampler"])


def is_kept(node: Any) -> bool:
    """Whether a node's kernel holds state that TF1 kept one of per Session."""
    if node.op in _ALWAYS or (node.op == "Print" and node.attr["first_n"].i >= 0):
        return True
    return node.op in _SEEDED and bool(node.attr["seed"].i or node.attr["seed2"].i)


class KeptKernels:
    """The kernels that one Session keeps, by the path of their op in its graph."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._kernels: dict[str, tuple[bytes, list[int], list[int]]] = {}  # token, input and output types
        self._graph: Any = None
        self._session: Any = None
        self._calls: Any = None

    def call_instead(self, node: Any, path: str) -> dict[str, str]:
        """Turn a node into a call of the kept kernel; returns the new names of its outputs."""
        with self._lock:
            known = self._kernels.get(path)
            if known is None:
                known = self._kernels[path] = self._keep(node)
        definition = _tf.op_definition(node.op)
        outputs = [f"{node.name}:{arg.name}:0" for arg in definition.output_arg]
        renamed = {output: f"{node.name}:output:{at}" for at, output in enumerate(outputs)}
        token, takes, gives = known
        node.op, node.device = "PyFunc", ""
        node.attr.clear()
        node.attr["token"].s = token
        node.attr["Tin"].list.type.extend(takes)
        node.attr["Tout"].list.type.extend(gives)
        return renamed

    def _keep(self, node: Any) -> tuple[bytes, list[int], list[int]]:
        if self._session is None:
            self._graph, self._calls = tf.Graph(), tf.Graph()
            config = tf.compat.v1.ConfigProto(device_count={"GPU": 0})
            self._session = tf.compat.v1.Session(graph=self._graph, config=config)
        definition = _tf.op_definition(node.op)
        takes = [kind for arg in definition.input_arg for kind in _types(arg, node)]
        gives = [kind for arg in definition.output_arg for kind in _types(arg, node)]
        kept = tf.compat.v1.GraphDef()
        alone = kept.node.add(op=node.op, name=f"kernel_{len(self._kernels)}")
        for name, value in node.attr.items():
            if not name.startswith("_"):
                alone.attr[name].CopyFrom(value)
        with self._graph.as_default(), tf.device(None):
            inputs = [tf.compat.v1.placeholder(kind) for kind in takes]
            names = [f"input_{at}" for at in range(len(inputs))]
            alone.input.extend(names)
            for name, kind in zip(names, takes, strict=True):
                kept.node.add(op="Placeholder", name=name).attr["dtype"].type = kind
            outputs = [f"{alone.name}:{at}" for at in range(len(gives))]
            fed = dict(zip(names, inputs, strict=True))
            made = tf.import_graph_def(kept, fed, return_elements=outputs, name="")
        run = self._session.make_callable(made, inputs)
        with self._calls.as_default():
            inputs = [tf.compat.v1.placeholder(kind) for kind in takes]
            kinds = [tf.as_dtype(kind) for kind in gives]
            called = tf.numpy_function(lambda *values: run(*values), inputs, kinds)
        return called[0].op.get_attr("token"), takes, gives

    def close(self) -> None:
        """Free the kernels."""
        with self._lock:
            session, self._session = self._session, None
            self._kernels.clear()
        if session is not None:
            session.close()
        self._graph = self._calls = None


def _types(arg: Any, node: Any) -> list[int]:
    if arg.type_list_attr:
        return list(node.attr[arg.type_list_attr].list.type)
    return [arg.type or node.attr[arg.type_attr].type]
