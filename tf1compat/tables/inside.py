"""Where what lay inside TensorFlow 1.15 (`tensorflow.python.ops.nn`) is found now."""

from __future__ import annotations

__all__ = ["ALIASES", "MOVED_FOLDERS", "ROOTS", "SEARCHED"]

#: The top folders of TensorFlow's sources that TF1 programs reached into.
ROOTS = frozenset({"compiler", "core", "python", "tools"})
#: Folders and modules of TensorFlow's that moved: the former path, and today's.
MOVED_FOLDERS = {
    "python.training.tracking.tracking": "python.trackable.autotrackable",
    "python.training.tracking": "python.trackable",
    **{f"python.training.{name}": "python.ops.gen_training_ops" for name in ("gen_training_ops", "training_ops")},
}
#: Public namespaces in which a name that left its module is looked for, in this order.
SEARCHED = (
    *("", "math", "nn", "train", "io", "linalg", "random", "strings", "image", "sparse", "saved_model"),
    *("graph_util", "distribute", "data", "data.experimental", "config.experimental"),
)

_KERAS = """activations applications backend callbacks constraints datasets initializers layers losses metrics models
    optimizers preprocessing regularizers utils wrappers""".split()
_LAYERS = """advanced_activations convolutional convolutional_recurrent core dense_attention embeddings local merge
    noise normalization pooling recurrent recurrent_v2 serialization wrappers""".split()
#: Modules of `python.keras.utils` whose names were never public: TensorFlow's own, which are still there.
_PRIVATE_UTILS = "conv_utils generic_utils layer_utils losses_utils metrics_utils mode_keys tf_utils".split()
#: Namespaces of 1.15, and the one that each is another name of. The longest that matches counts.
ALIASES: dict[str, str] = {
    "contrib.framework.nest": "python.util.nest",
    # `contrib.keras.api.keras` is found a step at a time.
    **dict.fromkeys(("contrib.keras", "keras.api", "keras.keras"), "keras"),
    **{f"python.keras.{name}": f"keras.{name}" for name in _KERAS},
    "python.keras.engine.sequential": "keras",
    "python.keras.engine.input_layer": "keras.layers",
    # `from tensorflow.python.keras.layers import core` asks what `keras.layers` holds.
    **{f"{root}keras.layers.{name}": "keras.layers" for root in ("", "python.") for name in _LAYERS},
    **{
        f"{root}keras.utils.{name}": there
        for root in ("", "python.")
        for name, there in (
            *((name, f"python.keras.utils.{name}") for name in _PRIVATE_UTILS),
            *((name, "keras.utils") for name in ("data_utils", "np_utils", "vis_utils")),
        )
    },
}
