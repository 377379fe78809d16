"""Graphs that were serialized, most of them by TensorFlow 1.15.5 with its reference variables."""

import gzip
import json
import pathlib

import numpy as np
import pytest
import tensorflow as tf
from google.protobuf import text_format
from tensorflow.core.framework import graph_pb2
from tensorflow.core.protobuf import meta_graph_pb2

from tf1compat.graph import Graph, Session, import_graph_def, import_meta_graph, load_saved_model
from tf1compat.v1 import names

v1 = tf.compat.v1
GOLDENS = pathlib.Path(__file__).parent / "goldens" / "metagraphs"
EXPECTED = json.loads((GOLDENS / "expected.json").read_text())["runs"]
CASES = [case for case in EXPECTED if case != "saved_model"]


def meta_graph(case):
    packed = (GOLDENS / case / "model.meta.gz").read_bytes()
    return meta_graph_pb2.MetaGraphDef.FromString(gzip.decompress(packed))


@pytest.fixture
def graph():
    graph = Graph()
    with graph.as_default():
        yield graph


def close(values, expected, **tolerance):
    tolerance = {"rtol": 2e-5, "atol": 1e-6, **tolerance}
    for value, wanted in zip(values, expected, strict=True):
        if wanted is None:
            assert value is None
        elif np.asarray(wanted).dtype.kind == "f":
            np.testing.assert_allclose(value, wanted, **tolerance)
        else:
            assert np.asarray(value).tolist() == wanted


def replay(sess, runs, prefix=""):
    for run in runs:
        feed = {prefix + name: value for name, value in run["feed"].items()}
        close(sess.run([prefix + name for name in run["fetches"]], feed), run["values"])


# --- what TF 1.15.5 wrote runs on here, with its numbers ------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_a_graph_of_tf_1_15_goes_on_from_its_checkpoint(graph, case):
    saver = import_meta_graph(meta_graph(case))
    with Session() as sess:
        saver.restore(sess, str(GOLDENS / case / "model"))
        replay(sess, EXPECTED[case])


def test_two_sessions_restore_and_train_apart(graph):
    saver = import_meta_graph(meta_graph("optimizers"))
    with Session() as one, Session() as other:
        for sess in (one, other):
            saver.restore(sess, str(GOLDENS / "optimizers" / "model"))
        replay(one, EXPECTED["optimizers"])
        replay(other, EXPECTED["optimizers"])


def test_a_scope_goes_before_every_name(graph):
    saver = import_meta_graph(meta_graph("loops"), import_scope="old")
    assert {v.name for v in v1.trainable_variables()} >= {"old/v:0", "old/rnn/rnn/lstm_cell/kernel:0"}
    with Session() as sess:
        saver.restore(sess, str(GOLDENS / "loops" / "model"))
        replay(sess, EXPECTED["loops"], "old/")


def test_one_graph_imported_twice_has_two_sets_of_variables(graph):
    for scope in ("one", "other"):
        import_meta_graph(meta_graph("conds"), import_scope=scope)
    for session in (Session, v1.Session):  # TensorFlow's own goes by the names of handles, too
        with session(graph=graph) as sess:
            sess.run(v1.global_variables_initializer())
            sess.run("one/train", {"one/p:0": False})
            assert sess.run(["one/w/read:0", "other/w/read:0"]) == [np.float32(2.8), 3.0]


def test_imported_variables_are_variables_with_tf1_shapes(graph):
    import_meta_graph(meta_graph("writes"))
    v = next(v for v in v1.global_variables() if v.op.name == "v")
    assert v.shape[0].value == 3 and v.dtype == tf.float32
    assert [tensor.name for tensor in v1.get_collection("kept")] == ["v/read:0", "chain/written:0"]
    with Session() as sess:
        sess.run(v1.global_variables_initializer())
        assert sess.run(v1.assign_add(v, v)).tolist() == [[2, 4], [6, 8], [10, 12]]
        assert sess.run(v).tolist() == [[2, 4], [6, 8], [10, 12]]
        assert sess.run(v1.report_uninitialized_variables()).size == 0


def test_a_session_saves_what_a_session_restores(graph, tmp_path):
    saver = import_meta_graph(meta_graph("optimizers"))
    runs = EXPECTED["optimizers"]
    with Session() as sess:
        saver.restore(sess, str(GOLDENS / "optimizers" / "model"))
        replay(sess, runs[:2])
        path = saver.save(sess, str(tmp_path / "again"))
    with Graph().as_default(), Session() as sess:
        import_meta_graph(path + ".meta").restore(sess, path)
        replay(sess, runs[2:])


def test_a_new_loss_trains_the_imported_variables(graph):
    """Gradients through the loop of an imported recurrent net, and optimizers on its variables."""
    saver = import_meta_graph(meta_graph("loops"))
    loss = graph.get_tensor_by_name("rnn/loss:0")
    grads = v1.gradients(loss, v1.trainable_variables("rnn"))
    train = v1.train.GradientDescentOptimizer(0.5).minimize(loss, var_list=v1.trainable_variables("rnn"))
    feed = EXPECTED["loops"][-1]["feed"]
    with Session() as sess:
        sess.run(v1.global_variables_initializer())
        saver.restore(sess, str(GOLDENS / "loops" / "model"))
        assert all(np.abs(g).sum() > 0 for g in sess.run(grads, feed))
        first = sess.run(loss, feed)
        for _ in range(5):
            sess.run(train, feed)
        assert sess.run(loss, feed) < first


def test_a_checkpoint_of_another_shape_is_refused(graph, tmp_path):
    with graph.as_default():
        other = v1.get_variable("v", initializer=np.zeros(5, "f"))
        w = v1.get_variable("w", initializer=0.0)
        with Session() as sess:
            sess.run(v1.global_variables_initializer())
            path = v1.train.Saver([other, w]).save(sess, str(tmp_path / "other"))
    with Graph().as_default(), Session() as sess:
        saver = import_meta_graph(meta_graph("conds"))
        with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match=r"\[5\].*\[2\]"):
            saver.restore(sess, path)


def test_a_saved_model_of_tf_1_15_serves(graph):
    with Session() as sess:
        found = load_saved_model(sess, ["serve"], str(GOLDENS / "saved_model"))
        assert list(found.signature_def) == ["serving_default"]
        replay(sess, EXPECTED["saved_model"])


def test_a_saved_model_without_the_tags_is_refused(graph):
    with Session() as sess, pytest.raises(RuntimeError, match="train"):
        load_saved_model(sess, ["train"], str(GOLDENS / "saved_model"))


# --- the order of reads and writes in TF1's own control flow (rule 6) -----------------------------


def restored(case):
    saver = import_meta_graph(meta_graph(case))
    sess = Session()
    saver.restore(sess, str(GOLDENS / case / "model"))
    return sess


@pytest.mark.parametrize("order", [1, -1])
def test_a_plain_read_sees_the_value_before_a_loop_that_writes(graph, order):
    with restored("loops") as sess:
        before = sess.run("n:0")
        fetches = ["n:0", "n_after:0"][::order]
        assert sess.run(fetches)[::order] == [before, before + 5]
        assert sess.run("n:0") == before + 5


def test_iterations_that_write_do_not_overlap(graph):
    """TF 1.15 ran up to ten iterations at once, and what a read saw was a race."""
    with restored("loops") as sess:
        for _ in range(20):
            n = sess.run("n:0")
            assert sess.run("overlapping:0") == sum(range(n + 1, n + 21))


@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("order", [1, -1])
def test_a_branch_that_is_not_taken_stops_nothing(graph, yes, order):
    """A write in a branch comes before the next write outside, and the read is of the run's start."""
    with restored("conds") as sess:
        v = sess.run("v:0")
        fetches = ["either:0", "after:0", "v:0"][::order]
        either, after, read = sess.run(fetches, {"p:0": yes})[::order]
        assert read.tolist() == v.tolist()
        assert either.tolist() == (v + 1 if yes else v * 10).tolist()
        doubled = v * 2 if yes else either  # what the second branch reads is the value of the run's start
        assert after.tolist() == (doubled + 0.5).tolist()
        assert sess.run("v:0").tolist() == after.tolist()


# --- import_graph_def ----------------------------------------------------------------------------


def test_input_map_and_return_elements_name_values_of_references(graph):
    graph_def = meta_graph("writes").graph_def
    mine = v1.get_variable("mine", initializer=np.full((3, 2), 4.0, "f"))
    added, v, init, total = import_graph_def(
        graph_def, {"v:0": mine}, ["added:0", "v:0", "v/Assign", "AssignAdd:0"], name=""
    )
    assert isinstance(init, tf.Operation) and v.dtype == tf.float32
    with Session() as sess:
        sess.run(mine.initializer)
        assert sess.run("v/read:0").tolist() == [[4, 4]] * 3
        sess.run("n/Assign")
        assert sess.run([added, total]) == [20, 2]
        sess.run("s_add:0")
        assert sess.run(mine).tolist() == [[6, 7], [4, 4], [8, 4.5]]


def test_a_tensor_takes_the_place_of_a_variable_that_is_only_read(graph):
    with tf.Graph().as_default() as old:  # TensorFlow's own graph, with a reference variable
        v = tf.raw_ops.VariableV2(shape=[2], dtype=tf.float32, name="v")
        tf.multiply(tf.identity(v, name="v/read"), 3.0, name="y")
    x = v1.placeholder(tf.float32, [2])
    (y,) = import_graph_def(old.as_graph_def(), {"v": x}, ["y:0"])
    (z,) = import_graph_def(old.as_graph_def(), {"v/read:0": x + 1.0}, ["y:0"])
    with Session() as sess:
        assert sess.run([y, z], {x: [1, 2]})[0].tolist() == [3, 6]
        assert sess.run(z, {x: [1, 2]}).tolist() == [6, 9]


def test_a_tensor_cannot_take_the_place_of_a_variable_that_is_written(graph):
    with pytest.raises(ValueError, match="'v'.*writes to it"):
        import_graph_def(meta_graph("writes").graph_def, {"v:0": tf.zeros([3, 2])})


def test_what_is_no_graph_def_and_unknown_names_are_refused_as_tf1_did(graph):
    with pytest.raises(TypeError):
        import_graph_def("graph.pb")
    graph_def = meta_graph("writes").graph_def
    with pytest.raises(ValueError, match="nowhere"):
        import_graph_def(graph_def, return_elements=["nowhere:0"])
    with pytest.raises(ValueError, match="nowhere"):
        import_graph_def(graph_def, {"nowhere:0": tf.constant(1)})


def test_the_callers_protos_stay_as_they_are(graph):
    proto = meta_graph("averages")
    before = proto.SerializeToString(deterministic=True)
    import_meta_graph(proto, clear_devices=True)
    import_graph_def(proto.graph_def)
    assert proto.SerializeToString(deterministic=True) == before


def test_a_graph_without_references_is_imported_as_it_is(graph):
    x = v1.placeholder(tf.float32, [None], name="x")
    w = v1.get_variable("w", initializer=2.0)
    tf.cond(x[0] > 0, lambda: w * x, lambda: x, name="c")
    original = graph.as_graph_def()
    with Graph().as_default() as copy:
        import_graph_def(original, name="")
        again = copy.as_graph_def()
    assert [(n.name, n.op, list(n.input)) for n in again.node] == [
        (n.name, n.op, list(n.input)) for n in original.node
    ]


def old_graph(build):
    with tf.Graph().as_default() as old:
        v = tf.raw_ops.VariableV2(shape=[2], dtype=tf.float32, name="v")
        build(v)
    return old.as_graph_def()


def test_an_op_on_references_without_an_equivalent_is_refused_by_name(graph):
    chosen = old_graph(lambda v: tf.raw_ops.RefSelect(index=0, inputs=[v, v], name="chosen"))
    with pytest.raises(NotImplementedError, match="'chosen' is a RefSelect"):
        import_graph_def(chosen)

    def write_to_merged(v):
        merged = tf.raw_ops.RefMerge(inputs=[v, v], name="merged").output
        tf.raw_ops.Assign(ref=merged, value=[1.0, 2.0], name="through")

    with pytest.raises(NotImplementedError, match="'through'.*'merged'"):
        import_graph_def(old_graph(write_to_merged))


def test_references_that_are_handed_on_keep_what_they_wait_for(graph):
    def build(v):
        written = tf.raw_ops.Assign(ref=v, value=[1.0, 2.0], name="write")
        handed = tf.raw_ops.RefIdentity(input=written, name="handed")
        tf.multiply(handed, 2.0, name="y")
        tf.raw_ops.AssignAdd(ref=handed, value=[1.0, 1.0], name="more")

    y, more = import_graph_def(old_graph(build), return_elements=["y:0", "more:0"], name="")
    with Session() as sess:
        assert sess.run(y).tolist() == [2, 4]
        assert sess.run(more).tolist() == [2, 3]
        assert sess.run("v:0").tolist() == [2, 3]


def test_the_names_of_tf1_mean_these_functions():
    assert names.resolve("train.import_meta_graph") is import_meta_graph
    for name in ("import_graph_def", "graph_util.import_graph_def"):
        assert names.resolve(name) is import_graph_def
    for name in ("saved_model.load", "saved_model.loader.load"):
        assert names.resolve(name) is load_saved_model


# --- functions -----------------------------------------------------------------------------------


def mapped_by(factor):
    """A graph with a function of a name that says nothing of its body, as another process numbered it."""
    with Graph().as_default() as made:
        data = tf.data.Dataset.range(3).map(lambda n: n * factor)
        tf.identity(v1.data.make_one_shot_iterator(data).get_next(), name="next")
    graph_def = graph_pb2.GraphDef.FromString(made.as_graph_def().SerializeToString())
    functions = {f.signature.name: f"function_{at}" for at, f in enumerate(graph_def.library.function)}
    text = str(graph_def)
    for name, new in sorted(functions.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(f'"{name}"', f'"{new}"')
    return text_format.Parse(text, graph_pb2.GraphDef())


def test_functions_of_one_name_from_two_processes_are_two(graph):
    two, five = mapped_by(2), mapped_by(5)
    held = [{function.signature.name for function in g.library.function} for g in (two, five)]
    assert held[0] == held[1]
    (a,) = import_graph_def(two, return_elements=["next:0"], name="a")
    (b,) = import_graph_def(five, return_elements=["next:0"], name="b")
    with Graph().as_default():
        (c,) = import_graph_def(two, return_elements=["next:0"])
        with Session() as sess:
            assert [sess.run(c) for _ in range(3)] == [0, 2, 4]
    with Session() as sess:
        assert [sess.run([a, b]) for _ in range(3)] == [[0, 0], [2, 5], [4, 10]]


# --- graphs of ours, for TF 1.15 -----------------------------------------------------------------


def test_what_is_exported_holds_only_ops_and_attributes_of_tf_1_15(graph, tmp_path):
    """TF 1.15.5 loads, restores and trains such a MetaGraph (checked by hand; it cannot run here)."""
    x = v1.placeholder(tf.float32, [None, 8, 8, 1], name="x")
    kernel = v1.get_variable("kernel", [3, 3, 1, 4], initializer=v1.glorot_uniform_initializer(seed=1))
    w = v1.get_variable("w", initializer=np.ones((4, 2), "f"))
    h = v1.nn.max_pool(v1.nn.conv2d(x, kernel, [1, 1, 1, 1], "SAME"), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    y = tf.matmul(v1.nn.dropout(tf.reduce_mean(h, [1, 2]), rate=0.5, seed=3), w)
    y = tf.cond(tf.shape(x)[0] > 3, lambda: y * 2.0, lambda: y + w[0])
    y = tf.while_loop(lambda i, _: i < 3, lambda i, z: (i + 1, z * 1.5), [0, y])[1]
    data = v1.data.make_one_shot_iterator(tf.data.Dataset.range(9).map(lambda n: n * 2).shuffle(3).batch(2))
    loss = tf.reduce_mean(tf.square(y)) + tf.cast(data.get_next()[0], tf.float32)
    v1.train.AdamOptimizer(0.1).minimize(loss, name="train")
    v1.train.Saver()
    v1.assign_add(w, w)
    exported = v1.train.export_meta_graph(str(tmp_path / "ours.meta"))
    known = json.loads(gzip.decompress((GOLDENS / "ops.json.gz").read_bytes()))
    library = exported.graph_def.library.function
    functions = {function.signature.name for function in library}
    nodes = [*exported.graph_def.node, *(node for function in library for node in function.node_def)]
    assert len(nodes) > 100
    for node in nodes:
        if node.op not in functions:
            strange = {name for name in node.attr if not name.startswith("_")} - set(known[node.op].split())
            assert not strange, f"{node.name} ({node.op}): {strange}"
    with Graph().as_default(), Session() as sess:
        import_meta_graph(str(tmp_path / "ours.meta"))
        sess.run(v1.global_variables_initializer())
        sess.run("train", {"x:0": np.ones((2, 8, 8, 1))})
