"""Names that are here and do something else than in TensorFlow 1.15: how, in a clause.

migration_guide/differences.md tells of them at length under the heading of the same name, and of what differs without
being any one name's.
"""

from __future__ import annotations

from typing import NamedTuple

from .exports import EXPORTS

__all__ = ["DIFFERENCES", "Difference"]


class Difference(NamedTuple):
    """How it differs, and the heading in migration_guide/differences.md."""

    how: str
    heading: str


def _exported(space: str, home: str) -> str:
    return " ".join(f"{space}.{name}" for name in EXPORTS[home].split())


#: Heading: how: the names, or namespaces, that differ so.
_ROWS: dict[str, dict[str, str]] = {
    "Graphs": {
        "its branches and bodies are functions; a tensor of theirs that is used outside is computed again": "cond "
        "while_loop",
        "seeds that derive from the graph's are others than TF1's, and so are the numbers drawn": "set_random_seed "
        "random.set_random_seed",
    },
    "Keras": {"tf.keras is Keras 3": "keras"},
    "Recurrent cells": {"it changes nothing: XLA compiles a whole run here, or none": "contrib.rnn.CompiledWrapper"},
    "Arithmetic": {"a matrix that has no decomposition gives NaN, and no error": "cholesky linalg.cholesky"},
    "Servers and clusters": {"it is a task in this process, and reaches no other": "train.Server distribute.Server"},
    "Estimators": {
        "examples come in another order when shuffled, from no queue": "estimator.inputs.numpy_input_fn "
        "estimator.inputs.pandas_input_fn",
        "it trains with an optimizer of tf.train, and its AUC differs by about 1e-6": "estimator.DNNEstimator "
        "estimator.LinearEstimator",
        "its rows are scikit-learn's": "contrib.learn.datasets.load_iris",
        "it numbers by another hash: weights in TF1's checkpoints mean other words": "contrib.layers.crossed_column",
    },
    "Sequence models": {
        "gradients that nothing in the loop leads to are zeros, not None": "contrib.seq2seq.dynamic_decode",
        "a parent that is no beam is an error on a GPU, too": "contrib.seq2seq.gather_tree",
    },
    "The rest of tf.contrib": {
        "minimize(decay_var_list=…) is heeded; TF1 forgot it and decayed all of them": "contrib.opt.AdamWOptimizer "
        "contrib.opt.MomentumWOptimizer contrib.opt.DecoupledWeightDecayExtension "
        "contrib.opt.extend_with_decoupled_weight_decay",
        "it stands on TensorFlow Probability: pip install tensorflow-probability tf-keras": " ".join(
            _exported(f"contrib.{space}", f"tf1compat.contrib.{space}")
            for space in ("distributions", "distributions.bijectors")
        ),
        "names of dropout's operations are TensorFlow 2's": "contrib.slim.nets",
    },
}

#: TF1 name or namespace: what is different. The longest one that matches counts.
DIFFERENCES: dict[str, Difference] = {
    name: Difference(how, heading)
    for heading, rows in _ROWS.items()
    for how, names in rows.items()
    for name in names.split()
}
