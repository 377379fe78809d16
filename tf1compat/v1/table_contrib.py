"""What TensorFlow kept of `tf.contrib`, under other names.

What of `tf.contrib` is written anew is in `tf1compat.contrib`; all else of it is refused by `table`.
"""

from __future__ import annotations

__all__ = ["KEPT"]


def _in(space: str, home: str, names: str) -> dict[str, str]:
    return {f"contrib.{space}.{name}": f"{home}.{name}" for name in names.split()}


#: TF1 name: the path below `tensorflow` where it is now.
KEPT: dict[str, str] = {
    **_in("framework", "compat.v1", "TensorSpec argsort assert_same_float_dtype assert_scalar is_tensor sort"),
    **_in(
        "framework",
        "compat.v1.train",
        """assert_global_step create_global_step get_global_step get_or_create_global_step init_from_checkpoint
        list_variables load_checkpoint load_variable""",
    ),
    **_in("framework", "python.framework.ops", "prepend_name_scope strip_name_scope"),
    **_in("framework", "python.framework.smart_cond", "smart_case smart_cond smart_constant_value"),
    **_in("framework", "python.framework.tensor_spec", "BoundedTensorSpec"),
    **_in("framework", "python.ops.data_flow_ops", "RecordInput"),
    **_in("framework", "python.util", "nest"),
    **_in("framework", "python.util.deprecation", "deprecated deprecated_arg_values deprecated_args"),
    **_in(
        "framework",
        "python.ops.init_ops",
        """convolutional_delta_orthogonal convolutional_orthogonal_1d convolutional_orthogonal_2d
        convolutional_orthogonal_3d""",
    ),
    **_in("framework", "compat.v1", "convert_to_tensor_or_sparse_tensor"),
    **{
        f"contrib.framework.load_{what}": f"python.training.checkpoint_ops._load_{what}"
        for what in ("and_remap_matrix_initializer", "embedding_initializer")
    },
    **_in("staging", "python.ops.data_flow_ops", "StagingArea"),
    **_in("util", "compat.v1", "make_ndarray make_tensor_proto"),
    "contrib.util.constant_value": "get_static_value",
}
