"""Every public name of TensorFlow 1.15 is ours, TensorFlow's or refused, and does what the table says."""

import collections
import importlib
import os
import pathlib
import subprocess
import sys
import threading
import types

import names as listed
import pytest
import tensorflow
from names import recording, running

import tf1compat.v1 as tf
from tf1compat.tables.names import INSTEAD
from tf1compat.v1 import names
from tf1compat.v1.refusals import Refusal

ROOT = pathlib.Path(__file__).resolve().parent.parent
SYMBOLS = listed.read_names("tf1_15_symbols.txt")
CASES = listed.load_cases()
RECORDED = recording.load()
#: Where TensorFlow's own kernels give other values than 1.15.5's did, under either Session.
CHANGED = {
    "data.experimental.shuffle_and_repeat": "the second epoch is shuffled from another stream",
}


def spaces():
    return sorted({name.rpartition(".")[0] for name in SYMBOLS} - {""})


# --- the table -----------------------------------------------------------------------------------


def test_the_list_is_whole():
    assert len(SYMBOLS) == len(set(SYMBOLS)) == 3075


@pytest.mark.parametrize("space", ["", *spaces()])
def test_every_public_name_answers_as_the_table_says(space):
    """A refusal refuses by name, what is ours comes from this package, the rest is TensorFlow's object."""
    for name in (name for name in SYMBOLS if name.rpartition(".")[0] == space):
        entry, found = names.classify(name), names.resolve(name)
        assert isinstance(found, Refusal) == (entry.kind == "refused"), name
        if entry.kind == "refused":
            with pytest.raises(NotImplementedError, match=rf"tf\.{name} is not available: .+\. Instead: .+"):
                found()
        elif entry.kind == "ours":
            module, attribute = entry.where.split(":")
            assert found is getattr(importlib.import_module(module), attribute), name
        else:
            path = entry.where.split(",")[0].removeprefix("tf.")
            theirs = running.find(tensorflow, path)
            assert found is theirs or getattr(found, "__wrapped__", None) is theirs, name


def test_the_documented_table_is_current():
    shown = subprocess.run(
        [sys.executable, ROOT / "tools" / "symbols_table.py", "--check"], capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr


# --- recorded runs -------------------------------------------------------------------------------


def tensorflows_callables(among):
    """The names among these whose object is a callable of TensorFlow's, Keras left out (`test_v1_keras`)."""
    for name in among:
        name = names.canonical(name)
        if names.classify(name).kind != "tensorflow" or name.startswith("keras."):
            continue
        try:
            found = names.resolve(name)
        except NotImplementedError:  # a member of a class that is refused
            continue
        if callable(found) and not isinstance(found, Refusal):
            yield name, found


def test_every_used_callable_has_a_case():
    ran = {id(names.resolve(name)) for name in CASES}
    missing = [
        name
        for name, found in tensorflows_callables(listed.read_names("used.txt"))
        if name not in CASES and id(found) not in ran
    ]
    assert not missing


def test_three_hundred_more_callables_have_a_case():
    used = {id(found) for _, found in tensorflows_callables(listed.read_names("used.txt"))}
    public = [name for name in CASES if name in set(SYMBOLS) and not name.startswith("raw_ops.")]
    others = {id(found) for _, found in tensorflows_callables(public)} - used
    assert len(others) >= 300


@pytest.mark.parametrize("name", sorted(CASES))
def test_case(name):
    """Our Session gives what TensorFlow's gives on the same graph, and what 1.15.5 gave."""
    with tf.Graph().as_default() as graph:
        built = running.build(tf, name, CASES[name])
    ours = running.run(tf.Session(graph=graph), *built)
    theirs = running.run(tensorflow.compat.v1.Session(graph=graph), *built)
    assert ours, "a case that computes nothing"
    assert not running.differences(ours, theirs, 1e-6)
    if name in RECORDED and name not in CHANGED:
        assert not running.differences(ours, RECORDED[name], 1e-5)


def test_nearly_every_case_is_recorded():
    """What is not, TensorFlow 1.15.5 would not run without resource variables; each change is still one."""
    assert set(CASES) - set(RECORDED) == {"grad_pass_through", "recompute_grad"}
    assert set(CHANGED) <= set(RECORDED)


# --- modules -------------------------------------------------------------------------------------


@pytest.mark.parametrize("space", [*spaces(), *"contrib contrib.layers estimator keras keras.layers".split()])
def test_every_namespace_is_a_module(space):
    module = importlib.import_module(f"tf1compat.v1.{space}")
    assert isinstance(module, types.ModuleType)
    assert module is names.resolve(space)
    assert module.__name__ == f"tf1compat.v1.{space}"
    assert module is sys.modules[f"tf1compat.v1.{space}"]


@pytest.mark.parametrize(
    "path",
    """contrib.slim contrib.slim.python.slim.nets.inception_v3 contrib.layers.python.layers.initializers
    contrib.boosted_trees.proto.learner_pb2 contrib.tensorboard.plugins.projector python.framework.ops
    python.framework.graph_util python.framework.tensor_shape python.framework.tensor_util
    python.platform.gfile python.util.compat python.ops.math_ops python.ops.array_ops python.ops.resources
    python.ops.tensor_array_ops python.ops.control_flow_ops python.ops.random_ops python.layers.utils
    python.pywrap_tensorflow python.client.timeline python.client.device_lib core.util.event_pb2
    keras.datasets.boston_housing keras.datasets.cifar10 keras.datasets.mnist contrib.eager contrib.learn
    examples.tutorials.mnist.input_data""".split(),
)
def test_paths_that_scripts_import(path):
    """The import statements counted over 25 repositories, as `import tensorflow.<path>` would write them."""
    assert isinstance(importlib.import_module(f"tf1compat.v1.{path}"), types.ModuleType)


def test_import_statements():
    import tf1compat.v1.compat.v1 as tf_v1
    import tf1compat.v1.compat.v2 as tf_v2
    import tf1compat.v1.contrib.slim as slim
    from tf1compat.v1.compat.v1.nn import relu
    from tf1compat.v1.contrib import rnn
    from tf1compat.v1.nn import conv2d
    from tf1compat.v1.python.framework import ops

    assert tf_v1 is tf and tf.compat.v1 is tf
    assert tf_v2 is tf.compat.v2 and tf_v2.__version__ == tensorflow.__version__
    assert slim is tf.contrib.slim and rnn is tf.contrib.rnn
    assert relu is tf.nn.relu and conv2d is tf.nn.conv2d
    assert tf.__name__ == "tf1compat.v1" and tf.__spec__.name == "tf1compat.v1"
    assert tf_v2.__spec__.name != "tf1compat.v1.compat.v2"
    assert ops.Graph is tf.Graph


def test_star_imports_what_dir_lists():
    scope = {}
    exec("from tf1compat.v1.nn import *", scope)
    assert {"conv2d", "softmax", "rnn_cell"} <= set(scope)
    assert {"placeholder", "nn", "contrib", "layers", "keras", "Session", "VERSION"} <= set(dir(tf))
    assert not [name for name in dir(tf) if name.startswith("_")]
    assert dir(tf.nn.rnn_cell) == sorted(n.rpartition(".")[2] for n in SYMBOLS if "nn.rnn_cell." in n)


def test_a_module_that_nobody_has_is_not_found():
    for path in ("nonsense", "nn.nonsense", "contrib.nonsense", "python.nonsense", "models.rnn"):
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(f"tf1compat.v1.{path}")


def test_ours_stands_in_inside_tensorflows_own_modules():
    from tf1compat.v1.python.client import session
    from tf1compat.v1.python.framework import ops
    from tf1compat.v1.python.ops import array_ops, control_flow_ops

    assert session.Session is tf.Session and session.InteractiveSession is tf.InteractiveSession
    assert ops.get_default_graph is tf.get_default_graph
    assert ops.reset_default_graph is tf.reset_default_graph
    assert array_ops.reshape is tf.reshape
    assert control_flow_ops.while_loop is tf.while_loop and control_flow_ops.cond is tf.cond  # both moved
    assert tf.pywrap_tensorflow.NewCheckpointReader is tf.train.NewCheckpointReader


def test_importing_loads_no_more_than_tensorflow():
    """Rule: names resolve lazily. Beyond `import tensorflow`, only this package is loaded."""
    show = "import sys; print(*sorted(m for m in sys.modules if '.' not in m))"
    plain, ours = (
        set(
            subprocess.run(
                [sys.executable, "-c", f"import {module}; {show}"], cwd=ROOT, capture_output=True, text=True
            ).stdout.split()
        )
        for module in ("tensorflow", "tf1compat.v1")
    )
    assert "tensorflow" in plain
    assert {m for m in ours - plain if not m.startswith("_")} == {"tf1compat"}


# --- refusals ------------------------------------------------------------------------------------


def test_a_refusal_refuses_whatever_is_done_with_it():
    cell = tf.contrib.cudnn_rnn.CudnnLSTM
    message = r"tf\.contrib\.cudnn_rnn\.CudnnLSTM is not available: .* Instead: keras\.layers\.LSTM"
    with pytest.raises(NotImplementedError, match=message):
        cell(10)
    with pytest.raises(NotImplementedError, match=message):

        class Mine(cell):
            pass

    for use in (lambda: cell[0], lambda: list(cell), lambda: len(cell), lambda: cell.__enter__()):
        with pytest.raises(NotImplementedError, match=message):
            use()
    assert not isinstance(3, cell) and not issubclass(int, cell)
    assert "not available" in repr(cell)


def test_importing_from_contrib_costs_nothing_until_used():
    from tf1compat.v1.contrib.boosted_trees.estimator_batch.estimator import GradientBoostedDecisionTreeClassifier
    from tf1compat.v1.contrib.tensor_forest.python import tensor_forest

    session = tf.contrib.tpu.TPUEstimator
    for found, name in (
        (GradientBoostedDecisionTreeClassifier, "GradientBoostedDecisionTreeClassifier"),
        (tensor_forest.ForestHParams, "ForestHParams"),
        (session, "TPUEstimator"),
    ):
        with pytest.raises(NotImplementedError, match=rf"tf\.contrib\..*{name} is not available"):
            found(1)


def test_a_constant_of_a_refused_class_refuses_and_can_be_probed():
    with pytest.raises(NotImplementedError, match=r"tf\.contrib\.tpu\.InputPipelineConfig\.PER_HOST_V2 is not avail"):
        tf.contrib.tpu.InputPipelineConfig.PER_HOST_V2  # noqa: B018
    assert not hasattr(tf.contrib.tpu.InputPipelineConfig, "PER_HOST_V2")
    assert getattr(tf.contrib.tensor_forest.Forest, "SPLIT", None) is None


@pytest.mark.parametrize(
    "name, says",
    [
        ("foo", "module 'tensorflow' has no attribute 'foo'"),
        ("nn.foo", "module 'tensorflow.nn' has no attribute 'foo'"),
        ("layers.foo", "module 'tensorflow.layers' has no attribute 'foo'"),
        ("contrib.foo", "module 'tensorflow.contrib' has no attribute 'foo'"),
        ("mul", r"no attribute 'mul' \(since TensorFlow 1.0 it is tf.multiply\)"),
    ],
)
def test_what_tf1_had_not_is_an_attribute_error(name, says):
    with pytest.raises(AttributeError, match=says):
        names.resolve(name)


# --- objects that differ -------------------------------------------------------------------------


def test_version():
    assert tf.__version__ == tf.VERSION == tf.version.VERSION == "1.15.5"
    assert tf.GIT_VERSION == tensorflow.version.GIT_VERSION


def test_variables_shapes_and_dimensions_are_instances_of_tf1s_classes():
    v, w = tf.Variable([1.0, 2.0]), tf.get_variable("w", [3])
    assert isinstance(v, tf.Variable) and isinstance(w, tf.Variable) and not isinstance(3, tf.Variable)
    shape = tf.TensorShape([2, None])
    assert isinstance(shape, tf.TensorShape) and isinstance(v.shape, tf.TensorShape)
    assert isinstance(tensorflow.TensorShape([1]), tf.TensorShape)
    assert shape[0].value == 2 and shape[1].value is None and shape.as_list() == [2, None]
    assert isinstance(shape[0], tf.Dimension) and isinstance(v.shape[0], tf.Dimension)
    assert tf.Dimension(4).value == 4 and not isinstance(4, tf.Dimension)


def test_arguments_that_1_15_took():
    values, indices = tf.nn.top_k([1.0, 3.0, 2.0], 2, True, "best")
    assert values.op.name == indices.op.name == "best"
    assert tf.scatter_nd([[1]], [9], [3], "put").op.name == "put"
    assert tf.tensor_scatter_add([1, 2], [[0]], [5], "put_too").op.name == "put_too"
    with pytest.raises(TypeError, match="multiple values"):
        tf.nn.top_k([1.0], input=[2.0])


def test_assign_add_and_assign_sub_keep_their_name():
    v = tf.get_variable("counted", [], initializer=tf.zeros_initializer())
    for function, name in ((tf.assign_add, "more"), (tf.assign_sub, "less")):
        changed = function(v, 2.0, None, name)
        assert changed.op.name.startswith(name)
    with tf.Session() as sess:
        sess.run(v.initializer)
        assert sess.run(tf.assign_add(v, 3.0, use_locking=True)) == 3.0


def test_cross_entropies_take_names_only():
    """By position, old scripts gave logits before labels, which would go through the wrong way round."""
    x = tf.constant([[1.0, 2.0]])
    for name in ("softmax", "sigmoid", "sparse_softmax"):
        function = getattr(tf.nn, f"{name}_cross_entropy_with_logits")
        with pytest.raises(ValueError, match="Only call .* with named arguments"):
            function(x, x)


def test_switches_change_this_thread_only():
    seen = collections.OrderedDict()

    def script():
        tf.disable_v2_behavior()
        seen["graph"] = tf.executing_eagerly()
        tf.enable_eager_execution()
        seen["eager"] = tf.executing_eagerly()
        tf.enable_tensor_equality()
        tf.disable_eager_execution()
        seen["back"] = tf.executing_eagerly()

    thread = threading.Thread(target=script)
    thread.start()
    thread.join()
    assert seen == {"graph": False, "eager": True, "back": False}
    assert not tf.executing_eagerly()
    tf.enable_resource_variables(), tf.disable_v2_tensorshape(), tf.disable_control_flow_v2()
    assert tensorflow.compat.v1.resource_variables_enabled()
    with pytest.raises(NotImplementedError, match=r"tf\.enable_tensor_equality\(\) is not available"):
        tf.enable_tensor_equality()
    tf.constant(1)
    with pytest.raises(ValueError, match="must be called at program startup"):
        tf.enable_eager_execution()
    with pytest.raises(NotImplementedError, match="device_policy"):
        tf.enable_eager_execution(device_policy=1)


def test_a_tf1_main_program_runs(tmp_path):
    """Flags, `tf.app.run()` and `__main__` in a script of its own."""
    script = tmp_path / "script.py"
    script.write_text(
        "import tf1compat.v1 as tf\n"
        "tf.app.flags.DEFINE_integer('steps', 3, 'how many')\n"
        "FLAGS = tf.app.flags.FLAGS\n"
        "def main(_):\n"
        "    with tf.Session() as sess:\n"
        "        print(sess.run(tf.range(FLAGS.steps)))\n"
        "if __name__ == '__main__':\n"
        "    tf.app.run()\n"
    )
    done = subprocess.run(
        [sys.executable, script, "--steps=5"], cwd=ROOT, env=_with_root(), capture_output=True, text=True
    )
    assert done.returncode == 0 and "[0 1 2 3 4]" in done.stdout, done.stderr


def _with_root():
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize(
    "inside, public",
    [
        ("python.keras.layers.core.Dense", "keras.layers.Dense"),
        ("python.keras.models.Sequential", "keras.Sequential"),
        ("python.keras.engine.network.Network", "keras.Model"),
        ("python.keras.utils.np_utils.to_categorical", "keras.utils.to_categorical"),
        ("contrib.keras.layers.Dense", "keras.layers.Dense"),
        ("contrib.framework.nest.flatten", "python.util.nest.flatten"),
        ("contrib.nn.python.ops.alpha_dropout.alpha_dropout", "contrib.nn.alpha_dropout"),
        ("contrib.framework.python.ops.add_arg_scope", "contrib.framework.add_arg_scope"),
        ("contrib.layers.python.ops.sparse_ops.dense_to_sparse_tensor", "contrib.layers.dense_to_sparse"),
        ("python.util.nest.is_sequence", "python.util.nest.is_nested"),
        ("python.estimator.estimator.Estimator", "estimator.Estimator"),
        ("python.estimator.inputs.numpy_io.numpy_input_fn", "estimator.inputs.numpy_input_fn"),
        ("python.training.training_ops.resource_apply_adam", "python.ops.gen_training_ops.resource_apply_adam"),
    ],
)
def test_other_paths_of_a_name(inside, public):
    assert names.resolve(inside) is names.resolve(public)
    space, _, name = inside.rpartition(".")
    assert getattr(importlib.import_module(f"tf1compat.v1.{space}"), name) is names.resolve(public)


def test_modules_inside_are_found_where_programs_import_them_from():
    from tf1compat.v1.contrib.framework import nest
    from tf1compat.v1.contrib.nn.python.ops.alpha_dropout import alpha_dropout
    from tf1compat.v1.python.keras.layers import core
    from tf1compat.v1.python.keras.utils import conv_utils
    from tf1compat.v1.python.util import nest as inside

    assert nest is inside and nest.flatten([1, [2]]) == [1, 2]
    assert core.Dense is tf.keras.layers.Dense and alpha_dropout is tf.contrib.nn.alpha_dropout
    assert conv_utils.__name__.endswith("python.keras.utils.conv_utils")


def test_advice_is_for_what_is_refused():
    """Advice for a name that is here now would never be read."""
    for name in INSTEAD:
        assert names.classify(name).kind == "refused" or isinstance(names.find(name), names.Module), name
