"""Rule 7 inside a cut-out function: what its kernels would keep becomes the Session's own.

Named state (staging areas, barriers, accumulators) goes into the Session's container, seeded random ops
draw from the Session's streams, and ops that keep state in their kernel run in the Session's one
kernel. So it is in the bodies of conds, loops and calls, of which the Session gets copies. Functions of
datasets stay as they are: an iterator has kernels of its own, which begin anew with it, in TF1 too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import tensorflow as tf

from ... import _tensorflow as _tf
from ..running import body_ordering, rewriting
from . import kept_kernels, named_state, random_streams

__all__ = ["Owned", "own"]

_keeps_by_name = functools.cache(named_state.is_named)

_KEEP_IT = (
    "{} ({}): tf1compat keeps no tensors between runs but in variables. Fetch the value and feed it to the "
    "next run, or keep it in a tf.Variable."
)
#: Ops with state that a function cannot reach -> what to say.
_REFUSED = {
    op: _KEEP_IT.format(symbol, op)
    for symbol, ops in {
        "tf.get_session_handle": ("GetSessionHandle", "GetSessionHandleV2"),
        "tf.get_session_tensor": ("GetSessionTensor",),
        "tf.delete_session_tensor": ("DeleteSessionTensor",),
    }.items()
    for op in ops
}


class Owned(NamedTuple):
    """What `own` did.

    captured: handles to pass in the arguments that were added to the function, in their order.
    body_types: the types of the ops in all bodies that the function's ops call.
    """

    captured: list[Any]
    body_types: set[str]


def own(function: Any, paths: Mapping[str, str], resources: Any) -> Owned:
    """Give a function's state to the Session whose resources these are.

    `paths`: node name -> the op's name in the graph, which names its state in every signature.
    """
    captured: list[Any] = []
    streams = () if _has_frames(function) else [n for n in function.node_def if random_streams.is_stream(n)]
    for node in list(streams):  # as arguments they are quicker, and XLA can compile them
        captured.append(resources.stream(paths[node.name], node.attr["seed"].i, node.attr["seed2"].i))
        random_streams.draw_from_argument(function, node, random_streams.add_argument(function))
    body_types: set[str] = set()
    _Owner(resources, body_types, {}).own(function, lambda name: paths.get(name, name))
    return Owned(captured, body_types)


class _Owner:
    """Makes one function, and the bodies that it calls, a Session's own.

    `callers`: function -> the copy that is being made of it, for functions that call themselves.
    """

    def __init__(self, resources: Any, body_types: set[str], callers: Mapping[str, str]) -> None:
        self._resources, self._body_types, self._callers = resources, body_types, callers
        self._renamed: dict[str, str] = {}  # outputs

    def own(self, function: Any, path_of: Callable[[str], str]) -> None:
        draws = False
        for node in list(function.node_def):
            draws |= self._own_node(function, node, path_of(node.name))
        if draws and _has_frames(function):
            for node in function.node_def:
                _iterate_in_order(node)
        _rename_outputs(function, self._renamed)

    def _own_node(self, function: Any, node: Any, path: str) -> bool:
        """Returns whether the node draws from a stream."""
        resources, draws = self._resources, True
        if random_streams.is_stream(node):
            name = resources.named_stream(path, node.attr["seed"].i, node.attr["seed2"].i)
            random_streams.draw_from_variable(function, node, resources.container, name)
        elif kept_kernels.is_kept(node):
            self._renamed.update(resources.kernels.call_instead(node, path))
        else:
            draws = False
            if node.op in _REFUSED:
                raise NotImplementedError(_REFUSED[node.op])
            if _keeps_by_name(node.op):
                resources.named.claim(node, path)
        if node.device:
            node.device = resources.place(node.device, path)
        for key, called in _called(node):
            body = self._own_body(called.name, f"{path}/{key}")
            if body != called.name:
                called.name, draws = body, True
                _iterate_in_order(node)
        return draws

    def _own_body(self, name: str, path: str) -> str:
        """The name of the function to call instead: the Session's copy where the body holds state."""
        if name in self._callers:
            return self._callers[name]
        found = _look_into(name)
        self._body_types |= found.types
        place = self._resources.place
        if not (found.keeps or found.races or any(place(device, path) != device for device in found.devices)):
            return name
        bodies = self._resources.bodies
        copy = bodies.get((path, name))
        if copy is None:
            copy = f"{name}_{self._resources.container}_{len(bodies)}".replace("-", "_")
            body = _tf.function_definition(name)
            body.signature.name = copy
            rewriting.add_edges(body, body_ordering.edges_of_body(body))
            owner = _Owner(self._resources, self._body_types, {**self._callers, name: copy})
            owner.own(body, lambda node: f"{path}/{node}")
            _tf.add_function(body)
            bodies[path, name] = copy
        return copy


def _has_frames(function: Any) -> bool:
    return any(node.op in ("Enter", "RefEnter") for node in function.node_def)


def _iterate_in_order(node: Any) -> None:
    """Let a loop's iterations draw in their order: TF1's raced for the next number."""
    if "parallel_iterations" in node.attr:
        node.attr["parallel_iterations"].i = 1


class _Body(NamedTuple):
    """What is in a function and all that it calls.

    types: of all ops that run; keeps: whether any keeps state; devices: that are asked for; races: whether
    reads and writes of a variable have yet to be put in order.
    """

    types: set[str]
    keeps: bool
    devices: set[str]
    races: bool


def _look_into(name: str) -> _Body:
    types: set[str] = set()
    devices: set[str] = set()
    keeps = races = False
    seen, stack = {name}, [name]
    while stack:
        name = stack.pop()
        if not _tf.has_function(name):
            continue
        definition = _tf.function_definition(name)
        races = races or bool(body_ordering.edges_of_body(definition))
        for node in definition.node_def:
            types.add(node.op)
            if node.device:
                devices.add(node.device)
            keeps = keeps or _keeps_by_name(node.op)
            keeps = keeps or random_streams.is_stream(node) or kept_kernels.is_kept(node)
            for _, called in _called(node):
                if called.name not in seen:
                    seen.add(called.name)
                    stack.append(called.name)
    return _Body(types, keeps, devices, races)


def _rename_outputs(function: Any, renamed: dict[str, str]) -> None:
    if not renamed:
        return
    for node in function.node_def:
        for at, source in enumerate(node.input):
            if source in renamed:
                node.input[at] = renamed[source]
    for output, source in list(function.ret.items()):
        function.ret[output] = renamed.get(source, source)


def _called(node: Any) -> Iterator[tuple[str, Any]]:
    """(which, function attribute value) of the functions that a node calls."""
    for key in _function_attributes(node.op):
        value = node.attr[key]
        if value.HasField("func"):
            yield key, value.func
        for number, called in enumerate(value.list.func):
            yield f"{key}_{number}", called


@functools.cache
def _function_attributes(op_type: str) -> tuple[str, ...]:
    definition = _tf.op_definition(op_type)
    if definition is None or any(arg.type == tf.variant.as_datatype_enum for arg in definition.output_arg):
        return ()  # a dataset
    return tuple(attr.name for attr in definition.attr if attr.type in ("func", "list(func)"))
