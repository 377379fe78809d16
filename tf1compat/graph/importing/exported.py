"""Serialized graphs that TensorFlow 1.15 can read, as far as it has their ops.

TensorFlow gave many of TF1's ops new attributes, and a program refuses a node with an attribute that it
does not know. Where such an attribute has its default value, or says nothing about what the op computes, it
is left out; reading the graph back here puts the default in again.
"""

from __future__ import annotations

from typing import Any

from ... import _tensorflow as _tf

__all__ = ["leave_out_new_attributes"]

#: Attributes newer than TF 1.15: name -> the ops that got them since; "*" where all that have it did.
_NEW = {
    "Tcomplex": "RFFT RFFT2D RFFT3D IRFFT IRFFT2D IRFFT3D",
    "Treal": "RFFT RFFT2D RFFT3D IRFFT IRFFT2D IRFFT3D",
    "Tk": "TopKV2",
    "Tsegmentids": "*",
    "allow_missing_files": "*",
    "allowed_devices": "*",
    "auto_shard_policy": "AutoShardDataset ExperimentalAutoShardDataset",
    "axis": "Dequantize QuantizeV2 QuantizeAndDequantizeV2 QuantizeAndDequantizeV3",
    "bad_indices_policy": "*",
    "blank_index": "*",
    "buffer_size_min": "*",
    "debug_name": "*",
    "dtype": "Dequantize",
    "ensure_minimum_range": "*",
    "explicit_paddings": "MaxPool MaxPoolGrad DepthwiseConv2dNative DepthwiseConv2dNativeBackpropFilter "
    "DepthwiseConv2dNativeBackpropInput",
    "exponential_avg_factor": "*",
    "force_synchronous": "*",
    "grad_a": "*",
    "grad_b": "*",
    "grad_x": "BatchMatMul BatchMatMulV2",
    "grad_y": "BatchMatMul BatchMatMulV2",
    "index_type": "TopKV2",
    "is_files": "*",
    "log_warning": "*",
    "metadata": "*",
    "multiply_linear_by_lr": "*",
    "narrow_range": "Dequantize QuantizeV2",
    "offset": "InitializeTableFromTextFile InitializeTableFromTextFileV2",
    "perturb_singular": "*",
    "replicate_on_split": "*",
    "reshuffle_each_iteration": "ShuffleAndRepeatDataset",
    "resize_if_index_out_of_bounds": "*",
    "shape_type": "ConcatOffset",
    "sparse_gradient": "*",
    "stop_on_empty_dataset": "*",
    "timeout_seconds": "*",
    "use_default_device": "*",
    "validate_shape": "AssignVariableOp",
}
_OPS = {name: frozenset(ops.split()) for name, ops in _NEW.items()}
#: Those that are hints, names for humans, and a check of shapes that TF 1.15's own op did not make.
_HINTS = frozenset(["debug_name", "grad_a", "grad_b", "grad_x", "grad_y", "metadata", "validate_shape"])


def leave_out_new_attributes(graph_def: Any) -> None:
    """Take from a `GraphDef` the attributes that TF 1.15 does not know and that change nothing."""
    _clean(graph_def.node)
    for function in graph_def.library.function:
        _clean(function.node_def)


def _clean(nodes: Any) -> None:
    for node in nodes:
        for name in _OPS.keys() & node.attr.keys():
            ops = _OPS[name]
            if ("*" in ops or node.op in ops) and (name in _HINTS or _is_default(node, name)):
                del node.attr[name]


def _is_default(node: Any, name: str) -> bool:
    definition = _tf.op_definition(node.op)
    for attribute in definition.attr if definition is not None else ():
        if attribute.name == name:
            return attribute.HasField("default_value") and node.attr[name] == attribute.default_value
    return False
