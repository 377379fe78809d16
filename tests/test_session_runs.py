"""Sessions: entering and closing, callables, threads, time-outs, what they keep, what they warn of."""

import threading
import time
import warnings

import numpy as np
import pytest

import tf1compat
import tf1compat.v1 as tf

# Entering, leaving, defaults.


def test_with_twice_is_refused_and_as_default_is_not():
    sess = tf.Session()
    with sess:
        with pytest.raises(RuntimeError, match="not re-entrant"), sess:
            pass
        with sess.as_default(), sess.as_default():
            assert tf.get_default_session() is sess
    assert tf.get_default_session() is None


def test_leaving_with_an_error_closes_and_passes_it_on():
    x = tf.constant(1.0)
    with pytest.raises(KeyError, match="mine"), tf.Session() as sess:
        raise KeyError("mine")
    with pytest.raises(RuntimeError, match="closed"):
        sess.run(x)
    assert tf.get_default_session() is None


def test_as_default_does_not_close():
    x = tf.constant(2.0)
    sess = tf.Session()
    with sess.as_default():
        assert x.eval() == 2.0
    assert sess.run(x) == 2.0


def test_eval_and_run_use_the_innermost_session():
    v = tf.Variable(1.0)
    double = tf.assign(v, v * 2.0)
    with tf.Session() as outer:
        v.initializer.run()
        double.op.run()
        with tf.Session() as inner:
            inner.run(v.initializer)
            assert v.eval() == 1.0 and v.eval(session=outer) == 2.0
        assert v.eval() == 2.0


def test_a_session_of_another_graph_makes_it_the_default():
    mine = tf.get_default_graph()
    other = tf.Graph()
    with tf.Session(graph=other) as sess:
        assert tf.get_default_graph() is other
        y = tf.constant(3.0)
        assert sess.run(y) == 3.0
    assert tf.get_default_graph() is mine
    z = tf.constant(1.0)
    with tf.Session(graph=other), pytest.raises(ValueError, match="graph"):
        z.eval()


def test_ops_made_after_the_session_run_too():
    with tf.Session() as sess:
        assert sess.run(tf.constant(1.0) + 1.0) == 2.0
        v = tf.Variable(3.0)
        sess.run(v.initializer)
        assert sess.run(v * 2.0) == 6.0


def test_interactive_sessions_nest_and_end_in_any_order():
    x = tf.constant(1.0)
    first, second = tf.InteractiveSession(), tf.InteractiveSession()
    assert tf.get_default_session() is second
    first.close()
    assert tf.get_default_session() is second and x.eval() == 1.0
    second.close()
    assert tf.get_default_session() is None


def test_an_interactive_session_of_a_graph_enters_it():
    mine, other = tf.get_default_graph(), tf.Graph()
    sess = tf.InteractiveSession(graph=other)
    assert tf.get_default_graph() is other
    assert tf.constant(2.0).eval() == 2.0
    sess.close()
    assert tf.get_default_graph() is mine


def test_reset_closes_every_session_of_this_process():
    v = tf.Variable(1.0)
    first, second = tf.Session(), tf.Session()
    first.run(v.initializer)
    assert tf.Session.reset("", ["a container"]) is None
    for sess in (first, second):
        with pytest.raises(tf.errors.CancelledError, match=r"Session has been closed\."):
            sess.run(v)
    with tf.Session() as sess:
        sess.run(v.initializer)
        assert sess.run(v) == 1.0
    with pytest.raises(NotImplementedError, match="grpc://elsewhere"):
        tf.Session.reset("grpc://elsewhere:2222")


def test_targets():
    with pytest.raises(NotImplementedError, match="grpc://elsewhere"):
        tf.Session("grpc://elsewhere:2222")
    with pytest.raises(TypeError, match="target must be a string"):
        tf.Session(3)
    with pytest.raises(TypeError, match="graph must be a tf.Graph"):
        tf.Session(graph="g")


def test_closing_twice_is_fine_and_a_lost_session_frees_its_state():
    sess = tf.Session()
    sess.close()
    sess.close()
    v = tf.Variable(np.zeros(10))
    lost = tf.Session()
    lost.run(v.initializer)
    del lost
    with tf.Session() as sess, pytest.raises(tf.errors.FailedPreconditionError):
        sess.run(v)


# Callables.


def test_a_callable_is_the_run():
    x, y = tf.placeholder(tf.float32, [None], name="x"), tf.placeholder(tf.float32, [], name="y")
    v = tf.Variable(0.0)
    fetch = {"sum": tf.reduce_sum(x) + y, "state": tf.assign_add(v, y), "op": tf.no_op()}
    with tf.Session() as sess:
        sess.run(v.initializer)
        call = sess.make_callable(fetch, [x, "y:0"])
        assert call([1.0, 2.0], 3) == {"sum": 6.0, "state": 3.0, "op": None}
        assert call(np.float32([1.0]), 1.0) == {"sum": 2.0, "state": 4.0, "op": None}
        with pytest.raises(TypeError, match="takes 2 values"):
            call([1.0])
        with pytest.raises(ValueError, match="Cannot feed value of shape"):
            call([[1.0]], 2.0)
        sparse = tf.sparse_placeholder(tf.float32)
        total = sess.make_callable(tf.sparse_reduce_sum(sparse), [sparse])
        assert total(tf.SparseTensorValue([[0, 0], [1, 1]], [1.0, 2.0], [2, 2])) == 3.0


def test_a_callable_with_options():
    x = tf.placeholder(tf.float32, [2, 2])
    y = tf.matmul(x, x)
    queue = tf.FIFOQueue(1, tf.float32)
    with tf.Session() as sess:
        call = sess.make_callable(y, [x], accept_options=True)
        metadata = tf.RunMetadata()
        call(np.eye(2), options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), run_metadata=metadata)
        assert metadata.step_stats.dev_stats
        take = sess.make_callable(queue.dequeue(), accept_options=True)
        with pytest.raises(tf.errors.DeadlineExceededError):
            take(options=tf.RunOptions(timeout_in_ms=30))
        with pytest.raises(TypeError):
            sess.make_callable(y, [x])(np.eye(2), options=tf.RunOptions())


# Threads.


def test_many_threads_run_one_session():
    x = tf.placeholder(tf.float32, [], name="x")
    v = tf.Variable(0.0)
    up = tf.assign_add(v, 1.0).op
    outputs = [x * float(i) for i in range(8)]
    failures = []
    with tf.Session() as sess:
        sess.run(v.initializer)

        def work(number):
            try:
                for i in range(50):
                    assert sess.run(outputs[(number + i) % 8], {x: i}) == i * float((number + i) % 8)
                    sess.run(up)
            except Exception as error:  # noqa: BLE001 - a thread's failure must reach the test
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert sess.run(v) == 400.0


def test_a_default_session_is_its_threads():
    x = tf.constant(1.0)
    found = []

    def work():
        found.append(tf.get_default_session())
        with pytest.raises(ValueError, match="(?i)session"):
            x.eval()

    with tf.Session():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert found == [None]


def test_threads_that_race_to_compile_get_one_queue():
    queue = tf.FIFOQueue(100, tf.int32, [[]])
    puts = [queue.enqueue(i) for i in range(16)]
    with tf.Session() as sess:
        start = threading.Barrier(16)

        def work(op):
            start.wait()
            sess.run(op)

        threads = [threading.Thread(target=work, args=(op,)) for op in puts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(sess.run(queue.dequeue_many(16))) == list(range(16))


# Time-outs and metadata.


def test_a_time_out_ends_the_run_and_leaves_the_session_usable():
    queue = tf.FIFOQueue(2, tf.float32, [[]])
    take, put = queue.dequeue(), queue.enqueue(5.0)
    with tf.Session() as sess:
        began = time.monotonic()
        with pytest.raises(tf.errors.DeadlineExceededError, match="timeout_in_ms is 60"):
            sess.run(take, options=tf.RunOptions(timeout_in_ms=60))
        assert time.monotonic() - began >= 0.06
        sess.run(put)
        assert sess.run(take, options=tf.RunOptions(timeout_in_ms=60000)) == 5.0


def test_a_time_out_ends_a_loop_that_never_does():
    x = tf.placeholder(tf.float32, [])
    forever = tf.while_loop(lambda i: i < x, lambda i: i * 1.0, [1.0])
    with tf.Session() as sess, pytest.raises(tf.errors.DeadlineExceededError):
        sess.run(forever, {x: 2.0}, options=tf.RunOptions(timeout_in_ms=60))


def test_metadata_says_when_each_op_ran():
    x = tf.placeholder(tf.float32, [64, 64], name="x")
    w = tf.get_variable("w", [64, 64])
    y = tf.nn.relu(tf.matmul(x, w, name="product"), name="act")
    loop = tf.while_loop(lambda i, s: i < 2, lambda i, s: (i + 1, tf.matmul(s, w, name="inner")), [0, x], name="loop")[
        1
    ]
    bump = tf.assign_add(w, tf.ones([64, 64]), name="bump")
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    with tf.Session() as sess:
        sess.run(w.initializer)
        for _ in range(2):  # the second run is not compiled anew, and traced all the same
            metadata = tf.RunMetadata()
            sess.run([y, loop, bump], {x: np.ones((64, 64))}, options=options, run_metadata=metadata)
            (device,) = metadata.step_stats.dev_stats
            assert device.device == "/job:localhost/replica:0/task:0/device:CPU:0"
            nodes = {node.node_name: node for node in device.node_stats}
            assert {"product", "act"} <= set(nodes)
            assert any(name.startswith("loop/inner") for name in nodes)
            assert nodes["product"].timeline_label.startswith("product = MatMul(x, ")
            end = nodes["product"].all_start_micros + nodes["product"].all_end_rel_micros
            assert nodes["act"].all_start_micros >= end - 1
            assert abs(nodes["act"].all_start_micros / 1e6 - time.time()) < 600


def test_metadata_makes_a_timeline_and_a_summary(tmp_path):
    x = tf.placeholder(tf.float32, [2, 2], name="x")
    y = tf.matmul(x, x, name="product")
    metadata = tf.RunMetadata()
    with tf.Session() as sess:
        sess.run(y, {x: np.eye(2)}, tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), metadata)
        writer = tf.summary.FileWriter(str(tmp_path), sess.graph)
        writer.add_run_metadata(metadata, "step1")
        writer.close()
    (path,) = tmp_path.iterdir()
    tags = [
        e.tagged_run_metadata.tag for e in tf.train.summary_iterator(str(path)) if e.HasField("tagged_run_metadata")
    ]
    assert tags == ["step1"]


# What it keeps.


def test_the_cache_of_functions_is_bounded():
    x = tf.placeholder(tf.float32, [])
    values = [x + float(i) for i in range(40)]
    with tf.Session() as sess:
        for i in range(700):
            fetch = [values[i % 40], values[(i * 7 + i // 40) % 40]]
            assert sess.run(fetch, {x: 1.0})[0] == 1.0 + i % 40
        assert len(sess._plans._plans) <= 512
        assert len(sess._plans._functions) <= 600


def test_building_in_the_loop_is_warned_of_once_with_the_line():
    v = tf.Variable(0.0)
    with tf.Session() as sess, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sess.run(v.initializer)
        for _ in range(80):
            sess.run(v + 1.0)  # THE LINE
    ours = [w for w in caught if "builds new ops before every Session.run" in str(w.message)]
    assert len(ours) == 1 and ours[0].category is RuntimeWarning
    with open(__file__, encoding="utf-8") as file:
        line = next(n for n, text in enumerate(file, 1) if text.rstrip().endswith("# THE LINE"))
    assert f"{__file__}:{line} builds" in str(ours[0].message)
    assert ours[0].filename == __file__ and ours[0].lineno == line


def test_building_first_and_running_after_is_not_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        x = tf.placeholder(tf.float32, [])
        values = [x * float(i) for i in range(100)]
        with tf.Session() as sess:
            for value in values:
                sess.run(value, {x: 1.0})
            for step in range(3):  # a few stages that each build something are no leak
                sess.run(x + float(step), {x: 1.0})


def test_eval_of_a_variable_and_assign_in_a_loop_build_no_reads_each_time():
    v = tf.Variable(0.0)
    up = tf.assign_add(v, 1.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run([up, v])
        v.eval()
        sess.run("v:0" if v.name == "v:0" else v)
        size = len(tf.get_default_graph().get_operations())
        for _ in range(5):
            sess.run([up, v])
            v.eval()
            up.eval()
        assert len(tf.get_default_graph().get_operations()) == size


def test_eager_code_between_runs():
    v = tf.Variable(1.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        with tf1compat.eager():
            import tensorflow

            assert float(tensorflow.constant(2.0) * 3.0) == 6.0
        assert sess.run(v + 1.0) == 2.0
