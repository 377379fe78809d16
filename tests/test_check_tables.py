"""What `tf1compat check` says of names is what `tf1compat.v1` answers; its tables are current."""

import importlib.util
import pathlib
import re
import types

import names as listed
import pytest
from names import contrib_names

from tf1compat.checking.verdicts import Kind, verdict
from tf1compat.tables import lookup
from tf1compat.tables.differences import DIFFERENCES
from tf1compat.tables.exports import EXPORTS
from tf1compat.tables.refused_arguments import REFUSED_ARGUMENTS
from tf1compat.v1 import names
from tf1compat.v1.refusals import Refusal

ROOT = pathlib.Path(__file__).resolve().parent.parent
#: Modules inside TensorFlow that programs import from.
INSIDE = """client.session framework.dtypes framework.ops framework.tensor_shape ops.array_ops ops.control_flow_ops
    ops.embedding_ops ops.init_ops ops.math_ops ops.nn ops.nn_ops ops.random_ops ops.rnn ops.rnn_cell ops.rnn_cell_impl
    ops.variable_scope ops.variables platform.gfile platform.tf_logging summary.summary training.checkpoint_management
    training.checkpoint_state_pb2 training.moving_averages training.saver training.training_util util.nest""".split()


def answered(name):
    """What `tf1compat.v1` makes of a name."""
    found = names.find(name)
    if found is names.MISSING:
        return "unknown"
    if isinstance(found, Refusal):
        return "refused"
    return "namespace" if isinstance(found, (names.Module, types.ModuleType)) else "here"


def told(name):
    kind = verdict(name).kind
    return "here" if kind in (Kind.OURS, Kind.TENSORFLOW, Kind.DIFFERENT) else kind.value


def differing(every):
    return {name: (answered(name), told(name)) for name in every if answered(name) != told(name)}


def test_every_public_name_is_told_as_it_is_answered():
    assert not differing(listed.read_names("tf1_15_symbols.txt"))


def test_every_name_of_contrib_is_told_as_it_is_answered():
    assert not differing(f"{space}.{name}" for space, found in contrib_names.load().items() for name in found)


def test_names_inside_of_tensorflow_are_found_where_they_are():
    spaces = [f"python.{module}" for module in INSIDE]
    every = [f"{space}.{name}" for space in spaces for name in names.children(space)]
    assert len(every) > 1000
    assert {told(space) for space in spaces} == {"namespace"}
    # The variable of a loop at the module's level.
    assert {name for name in every if told(name) == "unknown"} == {"python.framework.dtypes.pdt"}
    assert {told(f"{space}.no_such_name") for space in spaces} == {"unknown"}


def test_names_inside_that_are_ours_are_told_so():
    for name in ("framework.ops.Graph", "client.session.Session", "ops.rnn.dynamic_rnn", "training.saver.Saver"):
        assert verdict(f"python.{name}").kind is Kind.OURS
    assert verdict("python.ops.nn.relu").kind is Kind.TENSORFLOW


def test_the_exports_are_those_of_the_modules():
    for home in set(lookup.homes.values()):
        assert set(EXPORTS[home].split()) == set(importlib.import_module(home).__all__), "run tools/exports_table.py"
    spec = importlib.util.spec_from_file_location("exports_table", ROOT / "tools" / "exports_table.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.text() == tool.MODULE.read_text(encoding="utf-8"), "run tools/exports_table.py"


def test_every_difference_has_its_heading_in_the_guide():
    guide = (ROOT / "migration_guide" / "differences.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^## (.+)$", guide, re.M))
    assert {difference.heading for difference in DIFFERENCES.values()} <= headings


def test_every_name_that_differs_is_here():
    for name in DIFFERENCES:
        assert verdict(name).kind in (Kind.DIFFERENT, Kind.NAMESPACE), name


#: What else a call needs before its refused argument is looked at.
NEEDED = {
    "contrib.layers.crossed_column": lambda tf: ([tf.contrib.layers.sparse_column_with_keys("a", ["b"])] * 2, 10),
    "contrib.layers.sparse_column_with_hash_bucket": lambda tf: ("a", 10),
    "contrib.layers.sparse_column_with_integerized_feature": lambda tf: ("a", 10),
    "contrib.layers.sparse_column_with_keys": lambda tf: ("a", ["b"]),
    "contrib.layers.sparse_column_with_vocabulary_file": lambda tf: ("a", __file__, 0, 3, -1),
    "contrib.factorization.KMeans": lambda tf: (None, 3),
    "contrib.learn.Experiment": lambda tf: (None, None, None),
}


@pytest.mark.parametrize(
    ("name", "refused"), [(name, refused) for name, rows in REFUSED_ARGUMENTS.items() for refused in rows]
)
def test_arguments_told_to_be_refused_are(name, refused):
    import tf1compat.v1 as tf

    value = refused.values[0] if refused.values else "mean" if refused.kept else "something"
    given = NEEDED.get(name, lambda tf: ())(tf)
    given = given[: refused.place] if refused.place is not None else given
    with pytest.raises(NotImplementedError):
        names.resolve(name)(*given, **{refused.name: value})
    if refused.place is not None and len(given) == refused.place:
        with pytest.raises(NotImplementedError):
            names.resolve(name)(*given, value)
