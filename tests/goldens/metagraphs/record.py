"""Records graphs, checkpoints and values with TensorFlow 1.15.5 (Python 3.7): `python record.py`.

Each case builds a graph, initialises and trains it a little, saves a checkpoint and the MetaGraph, then
runs on. What it ran after the checkpoint, with which feeds, and what came out, is in `expected.json`:
`tests/test_imported_graphs.py` imports the MetaGraph, restores the checkpoint and runs the same.
"""

import gzip
import json
import os
import shutil

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))
tf.logging.set_verbosity(tf.logging.ERROR)


def optimizers():
    """A linear model on an embedding, trained by each optimizer: dense and sparse updates."""
    rng = np.random.RandomState(0)
    x = tf.placeholder(tf.float32, [4, 3], name="x")
    ids = tf.placeholder(tf.int32, [4], name="ids")
    y = tf.placeholder(tf.float32, [4], name="y")
    step = tf.train.get_or_create_global_step()
    made = {
        "descent": tf.train.GradientDescentOptimizer(0.1),
        "momentum": tf.train.MomentumOptimizer(0.05, 0.9),
        "nesterov": tf.train.MomentumOptimizer(0.05, 0.9, use_nesterov=True),
        "adam": tf.train.AdamOptimizer(0.01),
        "rmsprop": tf.train.RMSPropOptimizer(0.01, momentum=0.5),
        "centered": tf.train.RMSPropOptimizer(0.01, centered=True),
        "adagrad": tf.train.AdagradOptimizer(0.1),
        "adadelta": tf.train.AdadeltaOptimizer(0.5),
        "ftrl": tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.01),
        "shrunk": tf.train.FtrlOptimizer(0.1, l2_shrinkage_regularization_strength=0.1),
        "proximal": tf.train.ProximalAdagradOptimizer(0.1, l2_regularization_strength=0.01),
        "proximal_descent": tf.train.ProximalGradientDescentOptimizer(0.1, l1_regularization_strength=0.01),
        "dual": tf.train.AdagradDAOptimizer(0.1, step + 1),
    }
    names = sorted(made)
    for name in names:
        with tf.variable_scope(name):
            w = tf.get_variable("w", initializer=rng.randn(5, 1).astype("f"))
            b = tf.get_variable("b", initializer=np.zeros(1, "f"))
            table = tf.get_variable("table", initializer=rng.randn(6, 2).astype("f"))
            seen = tf.concat([x, tf.nn.embedding_lookup(table, ids)], 1)
            loss = tf.reduce_mean(tf.square(tf.squeeze(tf.matmul(seen, w) + b, 1) - y), name="loss")
        made[name].minimize(loss, global_step=step if name == "adam" else None, name="train_" + name)
    fetches = [n + "/loss:0" for n in names] + ["train_" + n for n in names]
    feed = {"x:0": rng.randn(4, 3), "ids:0": [0, 2, 2, 5], "y:0": rng.randn(4)}
    last = [n + "/" + v + ":0" for n in names for v in ("w", "table")] + ["global_step:0"]
    return [(fetches, feed)] * 3, [(fetches, feed)] * 5 + [(last, {})]


def loops():
    """while_loop with writes inside, nested; a recurrent net trained through its loop."""
    v = tf.Variable([1.0, 2.0], name="v")
    n = tf.Variable(0, name="n")
    trace = tf.Variable(tf.zeros([6], tf.int32), name="trace")

    def body(i, total):
        counted = tf.assign_add(n, 1)
        with tf.control_dependencies([counted]):
            noted = tf.scatter_update(trace, [i], [n.read_value()])
        with tf.control_dependencies([noted]):
            total += tf.cast(n.read_value(), tf.float32) * v
        with tf.control_dependencies([total]):  # TF 1.15 would begin the next iteration meanwhile
            return i + 1, total

    counting = tf.while_loop(lambda i, _: i < 5, body, [0, tf.zeros([2])], name="counting")
    tf.identity(counting[1], name="counted")
    with tf.control_dependencies([counting[0]]):
        tf.identity(n.read_value(), name="n_after")

    def hasty(i, total):  # not run here: in TF 1.15 a read may see what later iterations add
        with tf.control_dependencies([tf.assign_add(n, 1)]):
            return i + 1, total + n.read_value()

    tf.identity(tf.while_loop(lambda i, _: i < 20, hasty, [0, 0])[1], name="overlapping")

    def outer(i, total):
        inner = tf.while_loop(lambda j, t: j < i, lambda j, t: (j + 1, t + v), [0, tf.zeros([2])])
        return i + 1, total + inner[1]

    tf.identity(tf.while_loop(lambda i, _: i < 4, outer, [0, tf.zeros([2])])[1], name="nested")
    sequence = tf.placeholder(tf.float32, [2, 4, 3], name="sequence")
    lengths = tf.placeholder_with_default([4, 2], [2], name="lengths")
    with tf.variable_scope("rnn", initializer=tf.random_uniform_initializer(-0.5, 0.5, seed=3)):
        cell = tf.nn.rnn_cell.LSTMCell(3)
        output, _ = tf.nn.dynamic_rnn(cell, sequence, lengths, dtype=tf.float32)
        loss = tf.reduce_mean(tf.square(output - 0.3), name="loss")
    tf.train.AdamOptimizer(0.05).minimize(loss, name="train")
    feed = {"sequence:0": np.random.RandomState(1).randn(2, 4, 3)}
    return [(["train", "counted:0"], feed)] * 2, [
        (["counted:0"], {}),
        (["n:0", "trace:0"], {}),
        (["n_after:0"], {}),
        (["nested:0"], {}),
        (["rnn/loss:0", "train"], feed),
        (["rnn/loss:0", "train"], feed),
        (["rnn/loss:0", "counted:0", "train"], feed),
        (["rnn/loss:0", "n:0"], feed),
    ]


def conds():
    """cond that reads and writes, in either branch, nested; case."""
    p = tf.placeholder(tf.bool, [], name="p")
    q = tf.placeholder_with_default(True, [], name="q")
    v = tf.Variable([1.0, 2.0], name="v")
    tf.identity(tf.cond(p, lambda: tf.assign_add(v, [1, 1]), lambda: tf.assign(v, v * 10)), name="either")
    tf.identity(tf.cond(p, lambda: tf.assign_sub(v, [1, 1]) * 2, lambda: v.read_value()), name="once")
    inner = lambda: tf.cond(q, lambda: v + 1, lambda: tf.assign(v, [7, 7]))  # noqa: E731
    tf.identity(tf.cond(p, inner, lambda: -v), name="two")
    doubled = tf.cond(p, lambda: tf.assign(v, v * 2), lambda: tf.identity(v), name="doubled")
    with tf.control_dependencies([doubled]):
        tf.assign_add(v, [0.5, 0.5], name="after")
    tf.identity(tf.case([(p, lambda: v * 1), (q, lambda: v * 2)], default=lambda: v * 3), name="which")
    tf.add(v.initialized_value(), 0, name="initialized")
    w = tf.Variable(3.0, name="w")
    loss = tf.cond(p, lambda: tf.square(w), lambda: 2 * w)
    tf.train.GradientDescentOptimizer(0.1).minimize(loss, name="train")
    runs = []
    for name in ("either:0", "once:0", "two:0", "after:0", "which:0", "initialized:0", "train"):
        for yes in (True, False):
            runs += [([name], {"p:0": yes}), (["v:0", "w:0"], {})]
    runs += [(["two:0"], {"p:0": True, "q:0": False}), (["v:0"], {})]
    return [(["either:0"], {"p:0": True})], runs


def writes():
    """The values that writes return, chains of them, and every scatter."""
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="v")
    n = tf.Variable(0, name="n", trainable=False)
    tf.multiply(tf.assign_add(n, 2), 10, name="added")
    tf.multiply(tf.assign_sub(n, 1), 10, name="subtracted")
    tf.assign_add(tf.assign(n, 5), 4, name="chain")
    tf.count_up_to(n, 12, name="count")
    runs = [([name + ":0"], {}) for name in ("added", "subtracted", "chain", "count")]
    for name in ("update", "add", "sub", "mul", "div", "min", "max"):
        changed = getattr(tf, "scatter_" + name)(v, [0, 2], [[2.0, 3.0], [4.0, 0.5]])
        tf.reduce_sum(changed, 0, name="s_" + name)
        runs += [(["s_%s:0" % name], {}), (["v:0"], {})]
    for name in ("update", "add", "sub"):
        changed = getattr(tf, "scatter_nd_" + name)(v, [[0, 1], [1, 0]], [2.0, 3.0])
        tf.reduce_sum(changed, 0, name="nd_" + name)
        runs += [(["nd_%s:0" % name], {}), (["v:0"], {})]
    tf.identity(v[1:, 0].assign([8.0, 9.0]), name="sliced")
    tf.identity(tf.is_variable_initialized(v), name="known")
    with tf.control_dependencies([tf.assign(v, v * 2)]):
        tf.identity(v.read_value(), name="read_after")
        with tf.control_dependencies([tf.assign_add(v, v.read_value())]):
            tf.identity(v.read_value(), name="read_later")
    grown = tf.Variable([1.0], name="grown", validate_shape=False)
    tf.identity(tf.assign(grown, tf.concat([grown, [2.0]], 0), validate_shape=False), name="longer")
    tf.add_to_collection("kept", v)
    tf.add_to_collection("kept", tf.get_default_graph().get_tensor_by_name("chain:0"))
    last = ("sliced", "known", "read_after", "read_later", "longer", "longer")
    runs += [([name + ":0"], {}) for name in last]
    runs += [(["v:0", "v/read:0", "n:0"], {}), (["v/read:0"], {"v:0": [[0.0, 1.0]] * 3}), (["added:0"], {})]
    return [], runs


def averages():
    """ExponentialMovingAverage, batch normalization, partitioned variables, metrics."""
    x = tf.placeholder(tf.float32, [4, 3], name="x")
    start = np.linspace(-1, 1, 6, dtype="f").reshape(3, 2)
    kernel = tf.get_variable("kernel", initializer=start)
    h = tf.layers.batch_normalization(tf.matmul(x, kernel), momentum=0.9, training=True, name="norm")
    split = tf.get_variable("split", [4, 2], initializer=tf.ones_initializer(),
                            partitioner=tf.fixed_size_partitioner(2))
    loss = tf.reduce_mean(tf.square(h - tf.nn.embedding_lookup(split, [0, 1, 2, 3])), name="loss")
    step = tf.train.get_or_create_global_step()
    average = tf.train.ExponentialMovingAverage(0.9, step, zero_debias=False)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, global_step=step)
    with tf.control_dependencies([train]):
        average.apply(tf.trainable_variables() + [loss])
    tf.group(*tf.get_collection(tf.GraphKeys.UPDATE_OPS), name="updates")
    with tf.control_dependencies([train]):  # what it reads while it trains is a race in TF 1.15
        doubled = kernel.read_value() * 2
    tf.group(train, average.apply([doubled]), name="train")
    mean, update = tf.metrics.mean(loss)
    tf.identity(mean, name="mean_value")
    tf.identity(update, name="mean_update")
    shadows = [v.op.name + ":0" for v in tf.global_variables() if "ExponentialMovingAverage" in v.name]
    feed = {"x:0": np.random.RandomState(2).randn(4, 3)}
    last = shadows + ["norm/moving_mean:0", "norm/moving_variance:0", "split/part_0:0", "kernel:0"]
    return [(["train"], feed)] * 2, [(["loss:0", "train"], feed)] * 5 + [
        (last, {}),
        (["init_metrics"], {}),
        (["mean_update:0"], feed),
        (["mean_value:0"], {}),
    ]


def inputs():
    """A queue, data sets with functions, a lookup table."""
    queue = tf.FIFOQueue(10, [tf.float32], [[2]], name="queue")
    tf.group(queue.enqueue_many([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]), name="fill")
    v = tf.Variable([1.0, 1.0], name="v")
    taken = tf.identity(queue.dequeue(), name="take")
    tf.assign_add(v, taken, name="take_in")
    tf.identity(queue.size(), name="size")
    scale = tf.placeholder_with_default(2.0, [], name="scale")
    data = tf.data.Dataset.range(6).map(lambda n: tf.cast(n, tf.float32) * scale).filter(lambda n: n > 1.0)
    iterator = tf.data.make_initializable_iterator(data.batch(2))
    tf.identity(iterator.get_next(), name="batch")
    tf.group(iterator.initializer, name="begin")
    once = tf.data.Dataset.from_tensor_slices([3, 1, 2]).map(lambda n: n * n)
    tf.identity(tf.data.make_one_shot_iterator(once).get_next(), name="once")
    table = tf.contrib.lookup.index_table_from_tensor(["a", "b", "c"], num_oov_buckets=1)
    tf.identity(table.lookup(tf.constant(["b", "x", "c"])), name="found")
    tf.identity(tf.map_fn(lambda n: n * v, tf.constant([1.0, 2.0])), name="mapped")
    tf.group(tf.tables_initializer(), name="tables")
    return [], [
        (["fill"], {}), (["size:0"], {}), (["take:0"], {}), (["take_in:0"], {}),
        (["size:0"], {}), (["begin"], {}), (["batch:0"], {}), (["batch:0"], {}),
        (["begin"], {"scale:0": 5.0}), (["batch:0"], {}), (["once:0"], {}),
        (["once:0"], {}), (["tables"], {}), (["found:0"], {}),
        (["mapped:0"], {}),
    ]  # fmt: skip


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, np.generic) else value


def record(case):
    folder = os.path.join(HERE, case.__name__)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    tf.reset_default_graph()
    tf.set_random_seed(1)
    before, after = case()
    init = tf.global_variables_initializer()
    tf.group(tf.local_variables_initializer(), name="init_metrics")
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(init)
        for fetches, feed in before:
            sess.run(fetches, feed)
        saver.save(sess, os.path.join(folder, "model"), write_state=False)
        runs = []
        for fetches, feed in after:
            values = [plain(value) for value in sess.run(fetches, feed)]
            feed = {name: plain(np.asarray(value)) for name, value in feed.items()}
            runs.append({"fetches": fetches, "feed": feed, "values": values})
    meta = os.path.join(folder, "model.meta")
    with open(meta, "rb") as source, open(meta + ".gz", "wb") as target:
        with gzip.GzipFile("", "wb", 9, target, 0) as packed:
            packed.write(source.read())
    os.remove(meta)
    return runs


def saved_model():
    """A SavedModel with a table from an asset file and a variable."""
    folder = os.path.join(HERE, "saved_model")
    shutil.rmtree(folder, ignore_errors=True)
    os.chdir(HERE)  # the path of the words is written into the graph
    words = "words.txt"
    with open(words, "w") as f:
        f.write("red\ngreen\nblue\n")
    tf.reset_default_graph()
    word = tf.placeholder(tf.string, [None], name="word")
    table = tf.contrib.lookup.index_table_from_file(words)
    weights = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="weights")
    scores = tf.identity(tf.gather(weights, table.lookup(word)) * 2, name="scores")
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        sess.run(weights.assign_add(tf.ones([3, 2])))
        tf.saved_model.simple_save(sess, folder, {"word": word}, {"scores": scores}, tf.tables_initializer())
        feed = {"word:0": ["blue", "red"]}
        values = [plain(value) for value in sess.run(["scores:0", "weights:0"], feed)]
    os.remove(words)
    return [{"fetches": ["scores:0", "weights:0"], "feed": feed, "values": values}]


def known_ops():
    """The ops of TF 1.15 and their attributes: what a graph written for it may hold."""
    from tensorflow.core.framework import op_def_pb2
    from tensorflow.python import pywrap_tensorflow

    data = pywrap_tensorflow.TF_GetBuffer(pywrap_tensorflow.TF_GetAllOpList())
    ops = op_def_pb2.OpList.FromString(data)
    return {op.name: " ".join(attribute.name for attribute in op.attr) for op in ops.op}


if __name__ == "__main__":
    cases = (optimizers, loops, conds, writes, averages, inputs)
    expected = {case.__name__: record(case) for case in cases}
    expected["saved_model"] = saved_model()
    with open(os.path.join(HERE, "expected.json"), "w") as f:
        json.dump({"tensorflow": tf.__version__, "runs": expected}, f, indent=None, separators=(",", ":"))
        f.write("\n")
    with open(os.path.join(HERE, "ops.json.gz"), "wb") as target:
        with gzip.GzipFile("", "wb", 9, target, 0) as packed:
            packed.write(json.dumps(known_ops(), sort_keys=True).encode())
