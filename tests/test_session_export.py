"""`sess.export`: a SavedModel that TensorFlow loads and serves in a process without this package."""

import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf2

import tf1compat
import tf1compat.v1 as tf

X = np.random.RandomState(0).randn(5, 4).astype(np.float32)

#: Loads every model under a folder and calls it with the arrays that lie beside it; imports TensorFlow alone.
SERVE = """
import pathlib, sys
import numpy as np
import tensorflow as tf
for folder in sorted(pathlib.Path(sys.argv[1]).glob("*.model")):
    given = dict(np.load(folder.with_suffix(".in.npz")))
    serve = tf.saved_model.load(str(folder)).signatures["serving_default"]
    results = {}
    for size in (None, 1):
        cut = {k: tf.constant(v[:size].astype(object) if v.dtype.kind == "S" else v[:size]) for k, v in given.items()}
        results.update({f"{k}/{size}": v.numpy() for k, v in serve(**cut).items()})
    np.savez(folder.with_suffix(".out.npz"), **results)
assert "tf1compat" not in sys.modules
"""


def simple(folder):
    """Variables, batch statistics, a cond and a loop that read a variable, several outputs."""
    x = tf.placeholder(tf.float32, [None, 4])
    w = tf.get_variable("scope/w", [4, 3])
    hidden = tf.layers.batch_normalization(tf.matmul(x, w), training=tf.placeholder_with_default(False, []))
    keep = tf.placeholder_with_default(1.0, [], name="keep")
    out = tf.nn.softmax(hidden * keep)
    looped = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a + tf.matmul(x, w)), [0, out])[1]
    branch = tf.cond(tf.shape(x)[0] > 2, lambda: looped * 2.0, lambda: looped + w[0])
    count = tf.assign_add(tf.get_variable("count", [], initializer=tf.zeros_initializer()), 1.0)
    with tf.control_dependencies([count]):
        after = tf.identity(out)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(tf.global_variables()[1].assign([1.0, 2.0, 3.0]))
        outputs = {"out": out, "branch": branch, "w": w, "echo": x, "after": after}
        sess.export(f"{folder}/simple.model", {"x": x}, outputs)
        np.savez(f"{folder}/simple.in.npz", x=X)
        return {size: sess.run(outputs, {x: X[:size]}) for size in (None, 1)}


def words(folder):
    """Constant tables of both directions."""
    x = tf.placeholder(tf.string, [None])
    to_number = tf.contrib.lookup.index_table_from_tensor(tf.constant(["b", "a"]), default_value=7)
    to_word = tf.contrib.lookup.index_to_string_table_from_tensor(tf.constant(["b", "a"]), default_value="none")
    ids = to_number.lookup(x)
    outputs = {"ids": ids, "back": to_word.lookup(ids)}
    given = np.array([b"a", b"zebra", b"b"])
    with tf.Session() as sess:
        with pytest.raises(tf.errors.FailedPreconditionError, match="Table not initialized"):
            sess.export(f"{folder}/words.model", {"x": x}, outputs)
        sess.run(tf.tables_initializer())
        sess.export(f"{folder}/words.model", {"x": x}, outputs)
        np.savez(f"{folder}/words.in.npz", x=given)
        return {size: sess.run(outputs, {x: given[:size]}) for size in (None, 1)}


def step(folder):
    """A step with a signature, a Keras layer made eagerly in it."""
    with tf1compat.eager():
        import keras

        dense = keras.layers.Dense(3)
        dense.build((None, 4))

    @tf1compat.function(input_signature=[{"x": tf2.TensorSpec([None, 4]), "n": tf2.TensorSpec([None], tf2.int32)}])
    def score(batch):
        hidden = dense(batch["x"]) + tf.layers.dense(batch["x"], 3)
        return {"score": hidden, "count": tf.reduce_sum(batch["n"])}

    with tf.Session() as sess:
        sess.export(f"{folder}/step.model", score)
        n = np.arange(5, dtype=np.int32)
        np.savez(f"{folder}/step.in.npz", batch_x=X, batch_n=n)
        return {size: sess.run(score, {"x": X[:size], "n": n[:size]}) for size in (None, 1)}


def test_models_serve_in_a_process_without_this_package(tmp_path):
    expected = {}
    for make in (simple, words, step):
        with tf.Graph().as_default():
            expected[make.__name__] = make(tmp_path)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(tmp_path)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for name, by_size in expected.items():
        got = np.load(tmp_path / f"{name}.out.npz", allow_pickle=True)
        for size, outputs in by_size.items():
            assert {key for key in got if key.endswith(f"/{size}")} == {f"{key}/{size}" for key in outputs}
            for key, value in outputs.items():
                same = np.testing.assert_array_equal if value.dtype == object else np.testing.assert_allclose
                same(got[f"{key}/{size}"], value, **({} if value.dtype == object else {"rtol": 1e-5, "atol": 1e-6}))


@pytest.fixture
def model():
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", [2, 2], initializer=tf.ones_initializer())
    return x, w, tf.matmul(x, w, name="y")


def test_the_saved_values_are_those_of_this_session_and_stay(model, tmp_path):
    x, w, y = model
    with tf.Session() as sess, tf.Session() as other:
        for one, value in ((sess, 2.0), (other, 3.0)):
            one.run(w.initializer)
            one.run(w.assign(np.full([2, 2], value)))
        sess.export(str(tmp_path / "a"), {"x": x}, {"y": y}, signature_name="mine")
        sess.run(w.assign(np.zeros([2, 2])))
    with tf1compat.eager():
        loaded = tf2.saved_model.load(str(tmp_path / "a"))
        assert list(loaded.signatures) == ["mine"]
        np.testing.assert_array_equal(loaded.signatures["mine"](x=tf2.ones([1, 2]))["y"], [[4, 4]])
        assert [v.name for v in loaded.model_variables.values()] == ["w:0"]
        loaded.model_variables["w"].assign(np.ones([2, 2]))  # and it can be trained on
        np.testing.assert_array_equal(loaded.signatures["mine"](x=tf2.ones([1, 2]))["y"], [[2, 2]])


def test_it_is_loaded_into_a_tf1_graph_again(model, tmp_path):
    x, w, y = model
    with tf.Session() as sess:
        sess.run(w.initializer)
        sess.export(str(tmp_path / "a"), {"x": x}, {"y": y})
    with tf.Graph().as_default(), tf.Session() as sess:
        meta = tf.saved_model.loader.load(sess, [tf.saved_model.tag_constants.SERVING], str(tmp_path / "a"))
        signature = meta.signature_def["serving_default"]
        feeds = {signature.inputs["x"].name: np.ones([3, 2])}
        np.testing.assert_array_equal(sess.run(signature.outputs["y"].name, feeds), np.full([3, 2], 2.0))


def test_the_directory_must_be_new(model, tmp_path):
    x, w, y = model
    (tmp_path / "mine").write_text("mine")
    with tf.Session() as sess, pytest.raises(FileExistsError, match="not empty"):
        sess.export(str(tmp_path), {"x": x}, {"y": y})
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_what_cannot_be_served_is_refused_by_name(model, tmp_path):
    x, w, y = model
    queue = tf.FIFOQueue(3, [tf.float32], name="lines")
    table = tf.contrib.lookup.MutableHashTable(tf.int64, tf.float32, -1.0, name="mutable")
    train = tf.train.GradientDescentOptimizer(1.0).minimize(tf.reduce_sum(y))
    python = tf.py_func(lambda a: a, [x], tf.float32, name="mine")
    to = str(tmp_path / "a")
    with tf.Session() as sess:
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value w"):
            sess.export(to, {"x": x}, {"y": y})
        sess.run(tf.global_variables_initializer())
        for inputs, outputs, error, message in (
            ({}, {"y": y}, ValueError, "placeholder 'x', which is not among"),
            ({"x": x}, {}, ValueError, "outputs is empty"),
            (x, {"y": y}, TypeError, "inputs is a dictionary"),
            ({"x": x}, y, TypeError, "outputs is a dictionary"),
            ({"x": x}, {"y": [y, y * 2.0]}, TypeError, r"outputs\['y'\] must be one tensor"),
            ({"x": x}, {"y": train}, TypeError, r"outputs\['y'\] must be one tensor"),
            ({"x": x}, {"y": python}, NotImplementedError, "'mine'.*Python of this process"),
            ({"x": x}, {"y": queue.dequeue()}, NotImplementedError, "'lines', a FIFOQueueV2"),
            ({"x": x}, {"y": table.lookup(tf.constant([1], tf.int64))}, NotImplementedError, "MutableHashTable"),
            ({"x": x, "w": w}, {"y": y}, NotImplementedError, r"inputs\['w'\] is a variable"),
            ({"x": tf.sparse_placeholder(tf.float32)}, {"y": y}, NotImplementedError, r"inputs\['x'\] is 3 tensors"),
        ):
            with pytest.raises(error, match=message):
                sess.export(to, inputs, outputs)
        assert not os.path.exists(to)
    with pytest.raises(RuntimeError, match="closed"):
        sess.export(to, {"x": x}, {"y": y})


def test_a_step_is_exported_where_it_has_one_trace(tmp_path):
    def double(x, how="twice"):
        return x * 2.0

    with tf.Session() as sess:
        with pytest.raises(ValueError, match="double has been traced 0 times"):
            sess.export(str(tmp_path / "a"), double)
        sess.run(double, np.ones([2, 3], np.float32), how="doubled")
        with pytest.raises(TypeError, match="what it returns"):
            sess.export(str(tmp_path / "a"), double, {"y": tf.constant(1)})
        sess.export(str(tmp_path / "a"), double)
        sess.run(double, np.ones(3, np.float32))
        with pytest.raises(ValueError, match="double has been traced 2 times"):
            sess.export(str(tmp_path / "b"), double)
    with tf1compat.eager():
        serve = tf2.saved_model.load(str(tmp_path / "a")).signatures["serving_default"]
        assert serve.structured_input_signature[1] == {"x": tf2.TensorSpec([None, 3], name="x")}
        np.testing.assert_array_equal(serve(x=tf2.ones([1, 3]))["output"], [[2, 2, 2]])
