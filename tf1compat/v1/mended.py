"""TensorFlow functions that no longer take what 1.15's took: its argument order, its old names."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

__all__ = ["MENDED", "mend"]

_CROSS_ENTROPY = "_sentinel labels logits name"
_SCATTER = "tensor indices updates name"
_TOP_K = "input k sorted name"
_MATMUL = "a b transpose_a transpose_b adjoint_a adjoint_b a_is_sparse b_is_sparse name"

_ASSIGN = "ref value use_locking name"

#: 1.15's arguments in their order; `old=new` where TensorFlow renamed one.
MENDED: dict[str, str] = {
    "assign_add": _ASSIGN,
    "assign_sub": _ASSIGN,
    "config.experimental.set_virtual_device_configuration": "device virtual_devices=logical_devices",
    "function": "func input_signature autograph experimental_autograph_options experimental_relax_shapes "
    "experimental_compile=jit_compile",
    "image.adjust_jpeg_quality": "image jpeg_quality name",
    "linalg.matmul": _MATMUL,
    "manip.scatter_nd": "indices updates shape name",
    "math.top_k": _TOP_K,
    "matmul": _MATMUL,
    "nn.sigmoid_cross_entropy_with_logits": _CROSS_ENTROPY,
    "nn.softmax_cross_entropy_with_logits": "_sentinel labels logits dim name axis",
    "nn.sparse_softmax_cross_entropy_with_logits": _CROSS_ENTROPY,
    "nn.top_k": _TOP_K,
    "numpy_function": "func inp Tout name",
    "random.experimental.create_rng_state": "seed algorithm=alg",
    "scatter_nd": "indices updates shape name",
    "tensor_scatter_add": _SCATTER,
    "tensor_scatter_nd_add": _SCATTER,
    "tensor_scatter_nd_sub": _SCATTER,
    "tensor_scatter_sub": _SCATTER,
}

#: Functions that call a variable's method of that name and forget `use_locking` and `name` on the way.
_METHODS = frozenset(["assign_add", "assign_sub"])


def _by_method(method: str, ref: Any, value: Any, **kwargs: Any) -> Any:
    return getattr(ref, method)(value, **kwargs)


@functools.cache
def mend(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, called as 1.15's of that name was.

    Where 1.15 took arguments by name only (`_sentinel` first), one by position raises ValueError as
    there: what old scripts pass by position, logits before labels, would be taken the wrong way round.
    """
    order = [argument.partition("=") for argument in MENDED[name].split()]
    renamed = {old: new for old, _, new in order if new}
    last = name.rpartition(".")[2]

    @functools.wraps(function)
    def called_as_in_1_15(*args: Any, **kwargs: Any) -> Any:
        for (argument, _, _), value in zip(order, args, strict=False):
            if argument == "_sentinel":
                if value is not None:
                    raise ValueError(f"Only call `{last}` with named arguments (labels=…, logits=…)")
            elif argument in kwargs:
                raise TypeError(f"{last}() got multiple values for argument '{argument}'")
            else:
                kwargs[argument] = value
        if len(args) > len(order):
            raise TypeError(f"{last}() takes {len(order)} arguments by position, but {len(args)} were given")
        if name in _METHODS:
            return _by_method(last, **kwargs)
        return function(**{renamed.get(argument, argument): value for argument, value in kwargs.items()})

    return called_as_in_1_15
