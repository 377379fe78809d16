"""What is written and read back: checkpoints, meta graphs, summaries, saved models, frozen graphs."""

import os

import numpy as np

from . import each
from .strings_files import folder

GRID = [[0.5, -1.0], [2.0, 0.25]]


def _saver(tf, f):
    v = tf.Variable([1.0, 2.0], name="v")
    saver, change, path = f(max_to_keep=2), tf.assign(v, [0.0, 0.0]), os.path.join(folder(), "model")
    start = tf.global_variables_initializer()

    def run(sess):
        sess.run(start)
        saved = saver.save(sess, path, global_step=7)
        sess.run(change)
        saver.restore(sess, saved)
        return [os.path.basename(saved), sess.run(v)]

    return run


def checkpoint(tf, values=(1.5, 2.5), name="v"):
    """The prefix of a checkpoint that holds one variable."""
    path = os.path.join(folder(), "model")
    with tf.Graph().as_default():
        v = tf.Variable(list(values), name=name)
        saver = tf.train.Saver()
        with tf.Session() as sess:
            sess.run(v.initializer)
            return saver.save(sess, path, global_step=3)


def _from_checkpoint(read):
    return lambda tf, f: read(tf, f, checkpoint(tf))


def _init_from(tf, f):
    prefix = checkpoint(tf)
    with tf.variable_scope("here"):
        v = tf.get_variable("v", [2])
    f(prefix, {"v": "here/v"})
    return v


def _meta(tf, f):
    path = os.path.join(folder(), "model")
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [], name="x")
        v = tf.Variable(3.0, name="v")
        tf.multiply(x, v, name="y")
        saver = tf.train.Saver()
        with tf.Session() as sess:
            sess.run(v.initializer)
            saver.save(sess, path)
    saver = f(path + ".meta")

    def run(sess):
        saver.restore(sess, path)
        return sess.run("y:0", {"x:0": 2.0})

    return run


def _checkpoint_class(tf, f):
    v = tf.Variable([1.0, 2.0], name="v")
    change = tf.assign(v, [0.0, 0.0])

    def run(sess):
        kept = f(v=v)  # here, for its counter is made and initialised by the first save
        path = kept.save(os.path.join(folder(), "c"), session=sess)
        sess.run(change)
        kept.restore(path).assert_consumed().run_restore_ops(session=sess)
        return sess.run(v)

    return run


def _manager(tf, f):
    v = tf.Variable([1.0, 2.0], name="v")

    def run(sess):
        manager = f(tf.train.Checkpoint(v=v), folder(), max_to_keep=1)
        with sess.as_default():
            manager.save()
            manager.save()
            return [os.path.basename(p) for p in manager.checkpoints]

    return run


def _update_state(tf, f):
    where = os.path.dirname(checkpoint(tf))
    f(where, os.path.join(where, "other-9"))
    return tf.constant(os.path.basename(tf.train.get_checkpoint_state(where).model_checkpoint_path))


def _warm_start(tf, f):
    prefix = checkpoint(tf)
    v = tf.get_variable("v", [2])
    f(prefix)
    return v


def written(tf, where):
    """Tag and simple value of every summary in a folder's event files."""
    found = []
    for name in sorted(os.listdir(where)):
        for event in tf.train.summary_iterator(os.path.join(where, name)):
            found += ["%s %g" % (v.tag, v.simple_value) for v in event.summary.value]  # noqa: UP031
    return found


def _file_writer(tf, f):
    summary, where = tf.summary.scalar("loss", tf.constant(1.5)), folder()

    def run(sess):
        with f(where, sess.graph) as writer:
            writer.add_summary(sess.run(summary), 3)
        return written(tf, where)

    return run


def _parsed_summary(tf, text):
    return [[v.tag, v.simple_value, v.histo.num, v.image.height] for v in tf.Summary.FromString(text).value]


def _summary(*args):
    def build(tf, f):
        summary = f("name", *[tf.constant(a) for a in args])
        return lambda sess: _parsed_summary(tf, sess.run(summary))

    return build


def _merge(tf, f):
    a, b = tf.summary.scalar("a", tf.constant(1.0)), tf.summary.scalar("b", tf.constant(2.0))
    merged = f() if f is tf.summary.merge_all else f([a, b])
    return lambda sess: _parsed_summary(tf, sess.run(merged))


def _export(tf):
    """A SavedModel that doubles its input, written by simple_save."""
    where = os.path.join(folder(), "saved")
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None], name="x")
        v = tf.Variable(2.0, name="v")
        y = tf.multiply(x, v, name="y")
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            tf.saved_model.simple_save(sess, where, {"x": x}, {"y": y})
    return where


def _load(tf, f):
    where = _export(tf)
    with tf.Graph().as_default(), tf.Session() as sess:
        f(sess, [tf.saved_model.tag_constants.SERVING], where)
        value = sess.run("y:0", {"x:0": [3.0]})
    return tf.constant(value)


def _frozen(tf, f):
    with tf.Graph().as_default() as other:
        x = tf.placeholder(tf.float32, [], name="x")
        v = tf.Variable(2.0, name="v")
        tf.multiply(x, v, name="y")
        with tf.Session() as sess:
            sess.run(v.initializer)
            frozen = f(sess, other.as_graph_def(), ["y"])
    (y,) = tf.import_graph_def(frozen, {"x:0": tf.constant(5.0)}, ["y:0"])
    return y


def _write_graph(tf, f):
    where = folder()
    with tf.Graph().as_default() as other:
        tf.constant(1, name="one")
    f(other.as_graph_def(), where, "graph.pbtxt")
    return tf.constant("one" in open(os.path.join(where, "graph.pbtxt")).read())


def _tags(tf, summary):
    return lambda sess: [v.tag for v in tf.Summary.FromString(sess.run(summary)).value]


def _builder(tf, f):
    where = os.path.join(folder(), "saved")
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None], name="x")
        v = tf.Variable(2.0, name="v")
        tf.multiply(x, v, name="y")
        with tf.Session() as sess:
            sess.run(v.initializer)
            builder = f(where)
            builder.add_meta_graph_and_variables(sess, ["tag"])
            builder.save()
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.saved_model.loader.load(sess, ["tag"], where)
        value = sess.run("y:0", {"x:0": [3.0]})
    return tf.constant(value)


def _sub_graph(tf, f):
    with tf.Graph().as_default() as other:
        a = tf.constant(1, name="a")
        tf.identity(a, name="b")
        tf.constant(2, name="c")
    return tf.constant(sorted(node.name for node in f(other.as_graph_def(), ["b"]).node))


def _without_training(tf, f):
    with tf.Graph().as_default() as other:
        a = tf.constant(1, name="a")
        tf.add(tf.identity(a, name="b"), 1, name="c")
    return tf.constant(sorted(node.name for node in f(other.as_graph_def()).node if node.name in "abc"))


CASES = {}
CASES.update(
    each(
        "train.list_variables",
        _from_checkpoint(lambda tf, f, path: tf.constant(["%s %s" % pair for pair in f(path)])),  # noqa: UP031
    )
)
CASES.update(
    {
        "train.Saver": _saver,
        "train.Checkpoint": _checkpoint_class,
        "train.CheckpointManager": _manager,
        "train.checkpoint_exists": _from_checkpoint(
            lambda tf, f, path: tf.constant([f(path), f(path + "x")])
        ),
        "train.get_checkpoint_state": _from_checkpoint(
            lambda tf, f, path: tf.constant(os.path.basename(f(os.path.dirname(path)).model_checkpoint_path))
        ),
        "train.latest_checkpoint": _from_checkpoint(
            lambda tf, f, path: tf.constant(os.path.basename(f(os.path.dirname(path))))
        ),
        "train.get_checkpoint_mtimes": _from_checkpoint(lambda tf, f, path: tf.constant(len(f([path])))),
        "train.remove_checkpoint": _from_checkpoint(
            lambda tf, f, path: [f(path), tf.constant(os.path.exists(path + ".index"))][1]
        ),
        "train.update_checkpoint_state": lambda tf, f: _update_state(tf, f),
        "train.generate_checkpoint_state_proto": lambda tf, f: tf.constant(
            f("/tmp/x", "/tmp/x/m-2").model_checkpoint_path
        ),
        "train.load_checkpoint": _from_checkpoint(lambda tf, f, path: tf.constant(f(path).get_tensor("v"))),
        "train.load_variable": _from_checkpoint(lambda tf, f, path: tf.constant(f(path, "v"))),
        "train.NewCheckpointReader": _from_checkpoint(
            lambda tf, f, path: tf.constant(f(path).get_variable_to_shape_map()["v"])
        ),
        "train.init_from_checkpoint": _init_from,
        "train.warm_start": lambda tf, f: _warm_start(tf, f),
        "train.import_meta_graph": _meta,
        "train.export_meta_graph": lambda tf, f: [
            tf.constant(1, name="one"),
            tf.constant("one" in [n.name for n in f().graph_def.node]),
        ],
        "train.summary_iterator": lambda tf, f: _file_writer(tf, tf.summary.FileWriter),
        "train.write_graph": _write_graph,
        "summary.FileWriter": _file_writer,
        "summary.FileWriterCache": lambda tf, f: tf.constant(f.get(folder()) is not None),
        "summary.scalar": _summary(1.5),
        "summary.histogram": _summary(GRID),
        "summary.image": _summary(np.zeros([1, 4, 4, 1], np.float32)),
        "summary.tensor_summary": _summary(GRID),
        "summary.text": _summary("words"),
        "summary.audio": lambda tf, f: _tags(tf, f("sound", tf.zeros([1, 8]), 8000)),
        "summary.merge": _merge,
        "summary.merge_all": _merge,
        "saved_model.simple_save": lambda tf, f: _load(tf, tf.saved_model.loader.load),
        "saved_model.loader.load": _load,
        "saved_model.loader.maybe_saved_model_directory": lambda tf, f: tf.constant(
            [f(_export(tf)), f("/no")]
        ),
        "saved_model.tag_constants.SERVING": lambda tf, f: tf.constant(f),
        "saved_model.builder.SavedModelBuilder": lambda tf, f: _builder(tf, f),
        "saved_model.utils.build_tensor_info": lambda tf, f: tf.constant(f(tf.constant(1.0, name="c")).name),
        "saved_model.utils.get_tensor_from_tensor_info": lambda tf, f: f(
            tf.saved_model.utils.build_tensor_info(tf.constant(1.0, name="c"))
        ),
        "saved_model.signature_def_utils.predict_signature_def": lambda tf, f: tf.constant(
            f({"x": tf.constant(1.0)}, {"y": tf.constant(2.0)}).method_name
        ),
        "saved_model.predict_signature_def": lambda tf, f: tf.constant(
            sorted(f({"x": tf.constant(1.0)}, {"y": tf.constant(2.0)}).inputs)
        ),
        "graph_util.convert_variables_to_constants": _frozen,
        "graph_util.extract_sub_graph": lambda tf, f: _sub_graph(tf, f),
        "graph_util.remove_training_nodes": lambda tf, f: _without_training(tf, f),
    }
)
