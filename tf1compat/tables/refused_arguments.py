"""Arguments that are refused, of names that are here: by which value, why, and what to write instead.

The functions themselves refuse them, with the same words; this is for tools that read a call without making it.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["REFUSED_ARGUMENTS", "RefusedArgument"]


class RefusedArgument(NamedTuple):
    """`values` are the refused ones, None for whatever is true; `kept` those that are taken where all others are not;
    `place` is where the argument stands when it is given by position, None: by name only."""

    name: str
    place: int | None
    why: str
    instead: str
    values: tuple[object, ...] | None = None
    kept: tuple[object, ...] | None = None


_RUNTIME = ("the runtime's settings are the process's", "tf.config.threading and tf.config.experimental, first of all")
_REPLICA = ("an Estimator runs in one replica here", "a tf.function under strategy.scope(), and tf1compat.train")
_CLUSTER = ("one process acts as its own cluster", "nothing: leave it out")
_EXPERIMENT = ("it is not rewritten here", "tf.estimator.train_and_evaluate, whose EvalSpec has exporters")
_COMBINER = (
    "values of a column are added up here",
    "tf.feature_column.linear_model(sparse_combiner=…) or embedding_column(combiner=…)",
)


def _each(names: str, arguments: str, said: tuple[str, str]) -> dict[str, tuple[RefusedArgument, ...]]:
    """`arguments` are `name@place` or `name`."""
    rows = []
    for argument in arguments.split():
        name, _, place = argument.partition("@")
        rows.append(RefusedArgument(name, int(place) if place else None, *said))
    return dict.fromkeys(names.split(), tuple(rows))


#: TF1 name: its refused arguments.
REFUSED_ARGUMENTS: dict[str, tuple[RefusedArgument, ...]] = {
    **_each("enable_eager_execution", "config@0 device_policy@1 execution_mode@2", _RUNTIME),
    **_each("contrib.eager.enable_eager_execution", "config@0 device_policy@1 execution_mode@2", _RUNTIME),
    **_each("estimator.RunConfig", "train_distribute eval_distribute experimental_distribute", _REPLICA),
    **_each("contrib.learn.RunConfig", "master@0 evaluation_master", _CLUSTER),
    **_each("contrib.learn.Experiment", "export_strategies", _EXPERIMENT),
    **_each(
        "contrib.training.HParams",
        "hparam_def@0",
        ("the protocol buffer was part of tf.contrib", "HParams.to_json() and parse_json()"),
    ),
    **_each(
        "layers.Layer",
        "dynamic",
        ("a Session cannot run Python code that is not in the graph", "TensorFlow's ops, or tf.py_func"),
    ),
    "contrib.factorization.KMeans": (
        RefusedArgument("initial_clusters", 2, "the chain was never rewritten here", "'kmeans_plus_plus'", ("kmc2",)),
    ),
    "contrib.learn.datasets.load_dataset": (
        RefusedArgument(
            "name", 0, "it downloaded the data from a server", "the CSV files, read with csv or pandas", ("dbpedia",)
        ),
    ),
    "contrib.layers.sparse_column_with_hash_bucket": (
        RefusedArgument("combiner", 2, *_COMBINER, kept=("sum",)),
        RefusedArgument("hash_keys", 4, "it is not rewritten here", "nothing: leave it out"),
    ),
    **{
        f"contrib.layers.{name}": (RefusedArgument("combiner", place, *_COMBINER, kept=("sum",)),)
        for name, place in (
            ("sparse_column_with_keys", 3),
            ("sparse_column_with_integerized_feature", 2),
            ("sparse_column_with_vocabulary_file", 5),
            ("crossed_column", 2),
        )
    },
}
