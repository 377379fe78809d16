"""TensorFlow functions that no longer take what 1.15's took: its argument order, its old names."""

from __future__ import annotations

__all__ = ["MENDED"]

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
