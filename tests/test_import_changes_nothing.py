"""Rule 1: importing changes nothing that other code in the process relies on.

Each check is a script that runs in a process of its own and ends with `ok`: what importing does can be
seen only in a process that has not imported yet.
"""

import subprocess
import sys
import textwrap

import pytest

LIBRARY = ["tf1compat", "tf1compat.train", "tf1compat.keras"]


def run(script, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0 and done.stdout.strip().endswith("ok"), done.stdout + done.stderr


#: What a process can see of TensorFlow and Keras, as a value that can be compared.
SNAPSHOT = """
    import os, sys, threading
    import keras
    import numpy as np
    import tensorflow as tf
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import resource_variable_ops

    CLASSES = [tf.Tensor, tf.Variable, tf.TensorShape, tf.Operation, tf.Graph, tf.compat.v1.Session,
               tf.RaggedTensor, type(tf.constant(1)), resource_variable_ops.BaseResourceVariable,
               resource_variable_ops.ResourceVariable, tf.compat.v1.train.Optimizer,
               tf.compat.v1.train.Saver, tf.compat.v1.train.ExponentialMovingAverage,
               keras.Layer, keras.Model, keras.Variable, keras.layers.Dense, keras.layers.BatchNormalization,
               keras.layers.RNN, keras.layers.Dropout, keras.random.SeedGenerator, keras.optimizers.Optimizer,
               keras.optimizers.Adam, keras.metrics.Metric, keras.metrics.Mean, threading.Thread]
    MODULES = [tf, tf.nn, tf.compat.v1, keras, keras.layers, keras.backend, ops, os, np]

    def snapshot():
        tf.keras  # loads lazily
        return {
            "classes": [{name: id(value) for name, value in vars(cls).items()} for cls in CLASSES],
            "modules": [{name: id(value) for name, value in vars(module).items() if not name.startswith("__")}
                        for module in MODULES],
            "switches": [tf.executing_eagerly(), tf.compat.v1.executing_eagerly_outside_functions(),
                         tf.Tensor._USE_EQUALITY, type(tf.zeros([2, 3]).shape[0]),
                         tf.compat.v1.control_flow_v2_enabled(),
                         tf.compat.v1.resource_variables_enabled(), tf.config.functions_run_eagerly()],
            "keras": [keras.backend.backend(), keras.config.floatx(), keras.config.epsilon(),
                      keras.config.image_data_format(), keras.config.dtype_policy().name],
            "stack": len(ops._default_graph_stack.stack),
            "environment": dict(os.environ),
            "importing": [type(finder).__name__ for finder in sys.meta_path] + list(map(str, sys.path)),
            "excepthook": id(sys.excepthook), "threads": threading.active_count(),
            "devices": [tf.config.threading.get_inter_op_parallelism_threads(),
                        tf.config.get_soft_device_placement()],
        }
"""


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_leaves_tensorflow_and_keras_as_they_were(name):
    import importlib.util

    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} does not exist yet")
    run(
        SNAPSHOT
        + """
    import importlib
    before = snapshot()
    importlib.import_module(sys.argv[1])
    after = snapshot()
    for key in before:
        assert before[key] == after[key], key
    print("ok")
    """,
        name,
    )


def test_the_package_alone_imports_no_tensorflow():
    run("""
    import sys
    before = set(sys.modules)
    import tf1compat
    dir(tf1compat), tf1compat.__version__
    new = set(sys.modules) - before
    assert not any(name.partition(".")[0] in ("tensorflow", "keras", "numpy") for name in new), new
    assert len(new) < 10, new
    print("ok")
    """)


def test_eager_code_and_keras_work_after_importing_the_library():
    run("""
    import numpy as np, tensorflow as tf, keras
    import tf1compat
    tf1compat.Graph, tf1compat.Session, tf1compat.eager
    assert tf.executing_eagerly()
    x = tf.constant([1.0, 2.0])
    assert (x == [1.0, 3.0]).numpy().tolist() == [True, False]
    for unhashable in (x, tf.Variable(1.0), keras.Variable(1.0)):
        try:
            hash(unhashable)
        except TypeError:
            continue
        raise AssertionError(unhashable)
    assert type(tf.zeros([2, 3]).shape[0]) is int and tf.TensorShape([None])[0] is None
    layers = [keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile("adam", "mse")
    history = model.fit(np.random.rand(32, 3), np.random.rand(32), epochs=2, verbose=0).history
    assert len(history["loss"]) == 2
    print("ok")
    """)


#: TF2 code that must behave the same in every place where no TF1 graph is being built.
TF2_CODE = """
    def tf2_code():
        import numpy as np, tensorflow as tf, keras
        assert tf.executing_eagerly()
        x = tf.constant([1.0, 2.0])
        assert (x == [1.0, 3.0]).numpy().tolist() == [True, False]
        assert (x != [1.0, 3.0]).numpy().tolist() == [False, True]
        v = tf.Variable([1.0, 2.0])
        assert (v == x).numpy().all() and not (v != x).numpy().any()
        for unhashable in (x, v, keras.Variable(1.0)):
            try:
                hash(unhashable)
            except TypeError:
                continue
            raise AssertionError(unhashable)
        for shape in (x.shape, v.shape, tf.TensorShape([2])):
            assert type(shape) is tf.TensorShape and type(shape[0]) is int
            assert repr(shape) == "TensorShape([2])"
        assert tf.TensorShape([None])[0] is None
        assert v.numpy().tolist() == [1.0, 2.0] and v.handle is v._handle
        assert not hasattr(keras.Variable(1.0), "initializer")

        seen = []

        @tf.function(input_signature=[tf.TensorSpec([None, 2])])
        def function(t):
            seen.append((type(t.shape), t.shape[0], type(t.shape[1]), isinstance(t == 0, tf.Tensor)))
            v.assign_add([1.0, 1.0])
            return t * v

        assert function([[1.0, 1.0]]).numpy().tolist() == [[2.0, 3.0]]
        assert seen == [(tf.TensorShape, None, int, True)], seen

        with tf.Graph().as_default() as plain:
            p = tf.compat.v1.placeholder(tf.float32, [None, 2])
            assert type(p.shape) is tf.TensorShape and p.shape[0] is None and type(p.shape[1]) is int
            assert hash(p) == hash(p) and (p == 0) is False
            w = tf.compat.v1.get_variable("w", [2])
            assert type(tf.compat.v1.Session()).__module__.startswith("tensorflow")
            try:
                w.numpy()
            except NotImplementedError:
                pass
            else:
                raise AssertionError

        with tf.GradientTape() as tape:
            y = tf.reduce_sum(v * v)
        assert tape.gradient(y, v).numpy().tolist() == [4.0, 6.0]
        assert [int(n) for n in tf.data.Dataset.range(4).map(lambda n: n * 2)] == [0, 2, 4, 6]

        keras.utils.set_random_seed(5)
        layers = keras.layers
        model = keras.Sequential(
            [layers.Dense(4), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(1)])
        model.compile(keras.optimizers.Adam(0.01), "mse", metrics=["mae"])
        data, target = np.linspace(0, 1, 96).reshape(32, 3), np.linspace(0, 1, 32)
        history = model.fit(data, target, epochs=3, batch_size=8, shuffle=False, verbose=0).history
        assert model.optimizer.apply_gradients(
            [(tf.zeros_like(one), one) for one in model.trainable_variables]) is model.optimizer.iterations
        assert keras.metrics.Mean().update_state([1.0]) is None
        assert float(keras.random.uniform(())) != float(keras.random.uniform(()))
        layer = layers.BatchNormalization(momentum=0.5)
        layer(data, training=True)
        assert np.abs(layer.moving_mean.numpy() - data.mean(0) / 2).max() < 1e-6
        assert layer.moving_mean.assign([1.0, 2.0, 3.0]).numpy().tolist() == [1.0, 2.0, 3.0]
        return history["loss"], [w.sum() for w in model.get_weights()]
"""


def test_tf2_code_behaves_the_same_around_a_tf1_graph():
    """In a process that never imports `v1`, and here in eager blocks, other threads, after more imports."""
    run(
        TF2_CODE
        + """
    import threading
    import numpy as np

    def close(a, b):
        for one, other in zip(a, b):
            np.testing.assert_allclose(one, other, rtol=1e-5)

    wanted = tf2_code()
    import tf1compat.v1 as tf
    import tf1compat
    import tensorflow
    assert not tensorflow.executing_eagerly()

    with tf1compat.eager():
        close(tf2_code(), wanted)

    results = []
    thread = threading.Thread(target=lambda: results.append(tf2_code()))
    thread.start(); thread.join()
    close(results[0], wanted)

    x = tf.placeholder(tf.float32, [None, 3])
    w = tf.Variable(2.0)
    y = w * tf.reduce_sum(x)
    with tf.Session() as sess:
        sess.run(w.initializer)
        assert sess.run(y, {x: [[1, 2, 3]]}) == 12
        with tf1compat.eager():
            close(tf2_code(), wanted)
        assert sess.run(y, {x: [[1, 2, 4]]}) == 14
        assert tf.get_default_graph() is x.graph
    print("ok")
    """
    )


@pytest.mark.parametrize("first", ["keras", "tensorflow", "tf1compat.v1"])
def test_the_order_of_imports_does_not_matter(first):
    run(
        TF2_CODE
        + """
    import importlib, sys
    importlib.import_module(sys.argv[1])
    import tf1compat.v1 as tf
    import keras, tf1compat
    x = tf.placeholder(tf.float32, [None, 3])
    layer = keras.layers.BatchNormalization(momentum=0.5)
    out = layer(x, training=True)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(out, {x: [[2, 2, 2]]})
        assert sess.run(layer.moving_mean).tolist() == [1, 1, 1]
    with tf1compat.eager():
        tf2_code()
    print("ok")
    """,
        first,
    )


def test_v1_enters_a_graph_in_the_importing_thread_only():
    run("""
    import threading
    import tensorflow
    import tf1compat.v1 as tf
    assert not tensorflow.executing_eagerly()
    assert isinstance(tf.constant(1).graph, tf.Graph)
    seen = []
    thread = threading.Thread(target=lambda: seen.append(tensorflow.executing_eagerly()))
    thread.start(); thread.join()
    assert seen == [True]

    def imports():
        import tf1compat.v1
        seen.append(tensorflow.executing_eagerly())

    thread = threading.Thread(target=imports)
    thread.start(); thread.join()
    assert seen == [True, True]  # it was imported already: this thread stays as it was
    print("ok")
    """)


def test_v1_imported_in_a_thread_leaves_the_main_thread_eager():
    run("""
    import threading
    import tensorflow
    thread = threading.Thread(target=lambda: __import__("tf1compat.v1"))
    thread.start(); thread.join()
    assert tensorflow.executing_eagerly()
    assert float(tensorflow.constant(2.0) * 3) == 6
    print("ok")
    """)


def test_v1_sets_no_environment_variable_and_leaves_keras_configured_as_it_was():
    run("""
    import os
    import keras, tensorflow
    keras.config.set_floatx("float64")
    keras.config.set_epsilon(1e-4)
    before = dict(os.environ)
    import tf1compat.v1 as tf
    tf.get_default_graph()
    assert dict(os.environ) == before
    assert keras.config.floatx() == "float64" and keras.config.epsilon() == 1e-4
    assert keras.backend.backend() == "tensorflow"
    assert tensorflow.compat.v1.executing_eagerly_outside_functions() in (True, False)
    assert tensorflow.Tensor._USE_EQUALITY
    assert tensorflow.compat.v1.resource_variables_enabled()
    assert tensorflow.compat.v1.control_flow_v2_enabled()
    print("ok")
    """)


def test_only_one_module_touches_tensorflows_insides():
    import pathlib
    import re

    import tf1compat

    root = pathlib.Path(tf1compat.__file__).parent
    inside = re.compile(r"^\s*(from|import)\s+(tensorflow\.python|.*pywrap|keras\.src)", re.M)
    guilty = [path.name for path in root.rglob("*.py") if inside.search(path.read_text())]
    assert guilty == ["_tensorflow.py"]
