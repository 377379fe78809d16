"""What of tf.contrib takes a Session's runs, queues, files or eager execution to see: beside the goldens."""

import threading

import numpy as np
import pytest

import tf1compat.v1 as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


ROWS = np.random.RandomState(0).rand(60, 3).astype(np.float32)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"initial_clusters": "kmeans_plus_plus"},
        {"distance_metric": "cosine"},
        {"use_mini_batch": True},
        {"use_mini_batch": True, "mini_batch_steps_per_iteration": 2, "distance_metric": "cosine"},
    ],
)
def test_kmeans_improves(arguments):
    graph = tf.contrib.factorization.KMeans(tf.constant(ROWS), 5, random_seed=1, **arguments).training_graph()
    every, nearest, scores, initialized, init_op, train_op = graph
    loss = tf.reduce_mean(scores[0])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(init_op)
        assert sess.run(initialized)
        losses = [sess.run([loss, train_op])[0] for _ in range(8)]
        assert losses[-1] < losses[0]
        distances, places = sess.run([every[0], nearest[0]])
        assert np.array_equal(distances.argmin(1), places)


def test_kmeans_moves_to_the_means():
    graph = tf.contrib.factorization.KMeans(tf.constant(ROWS), 3, initial_clusters=ROWS[:3]).training_graph()
    clusters = next(v for v in tf.global_variables() if v.op.name == "clusters")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(graph[4])
        places = sess.run(graph[1][0])
        sess.run(graph[5])
        means = [ROWS[places == k].mean(0) for k in range(3)]
        np.testing.assert_allclose(sess.run(clusters), means, rtol=1e-4)
    with pytest.raises(NotImplementedError, match="kmc2.*KMEANS_PLUS_PLUS_INIT"):
        tf.contrib.factorization.KMeans(ROWS, 3, initial_clusters="kmc2")


def test_projector(tmp_path):
    from tf1compat.v1.contrib.tensorboard.plugins import projector

    config = projector.ProjectorConfig()
    embedding = config.embeddings.add()
    embedding.tensor_name, embedding.metadata_path = "words:0", "metadata.tsv"
    embedding.sprite.single_image_dim.extend([28, 28])
    projector.visualize_embeddings(tf.summary.FileWriter(str(tmp_path)), config)
    written = (tmp_path / "projector_config.pbtxt").read_text().split()
    assert written[:2] == ["embeddings", "{"] and written[3] == '"words:0"' and written.count("28") == 2


def test_bucket_by_sequence_length():
    number = tf.train.range_input_producer(40, num_epochs=1, shuffle=False).dequeue()
    length = number % 7 + 1
    lengths, batch = tf.contrib.training.bucket_by_sequence_length(
        length, {"x": tf.fill([length], number)}, 4, [3, 5], dynamic_pad=True, allow_smaller_final_batch=True
    )
    seen = []
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        with tf.contrib.slim.queues.QueueRunners(sess), pytest.raises(tf.errors.OutOfRangeError):
            while True:
                rows, values = sess.run([lengths, batch["x"]])
                assert values.shape[1] == rows.max() and len({(r >= 3) + (r >= 5) for r in rows}) == 1
                seen += [row[0] for row in values]
    assert sorted(seen) == list(range(40))
    with pytest.raises(ValueError, match="sequential increasing"):
        tf.contrib.training.bucket_by_sequence_length(1, [1], 1, [3, 3])


def test_samples_by_their_probability():
    number = tf.train.range_input_producer(8, seed=1).dequeue()
    (kept,) = tf.contrib.training.rejection_sample([number], lambda t: tf.cast(t[0] >= 4, tf.float32), 16)
    _, labels = tf.contrib.training.stratified_sample([number], number % 2, [0.9, 0.1], 64, init_probs=[0.5, 0.5])
    with tf.Session() as sess:
        with tf.contrib.slim.queues.QueueRunners(sess):
            assert sess.run(kept).min() >= 4
            assert sess.run(labels).mean() < 0.4


def test_evaluation_of_checkpoints(tmp_path):
    v = tf.get_variable("v", [], initializer=tf.constant_initializer(3.0))
    tf.train.get_or_create_global_step()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(sess, str(tmp_path / "model"), 1)
    value, update = tf.contrib.metrics.streaming_mean(v * 1.0)
    tf.summary.scalar("mean", value)
    slim, arguments = tf.contrib.slim, {"num_evals": 3, "eval_op": update, "final_op": value}
    assert slim.evaluation.evaluate_once("", path, str(tmp_path / "once"), **arguments) == 3.0
    found = slim.evaluation.evaluation_loop(
        "", str(tmp_path), str(tmp_path / "loop"), max_number_of_evaluations=1, eval_interval_secs=0, **arguments
    )
    assert found == 3.0 and list((tmp_path / "loop").iterdir())
    assert list(tf.contrib.training.checkpoints_iterator(str(tmp_path / "none"), timeout=0)) == []
    assert slim.model_analyzer.analyze_vars([v]) == (1, 4)


def test_scipy_minimizes():
    v = tf.get_variable("v", [2], initializer=tf.constant_initializer(7.0))
    interface = tf.contrib.opt.ScipyOptimizerInterface
    loss = tf.reduce_sum(tf.square(v - [1.0, 2.0]))
    free = interface(loss, options={"maxiter": 100})
    above = interface(loss, inequalities=[v[0] - 2.0], method="SLSQP")
    bounded = interface(loss, var_to_bounds={v: ([1.5, -1.0], [np.inf, 1.0])})
    losses = []
    with tf.Session() as sess:
        for optimizer, best in ((free, [1.0, 2.0]), (above, [2.0, 2.0]), (bounded, [1.5, 1.0])):
            sess.run(v.initializer)
            optimizer.minimize(sess, fetches=[loss], loss_callback=losses.append)
            np.testing.assert_allclose(sess.run(v), best, atol=1e-3)
        with pytest.raises(NotImplementedError, match="subclass"):
            tf.contrib.opt.ExternalOptimizerInterface(loss).minimize(sess)
    assert len(losses) > 3


def test_swapping_saver(tmp_path):
    v = tf.get_variable("v", [], initializer=tf.constant_initializer(1.0))
    optimizer = tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.5), 0.5)
    with pytest.raises(RuntimeError, match="Must call apply_gradients"):
        optimizer.swapping_saver()
    step = optimizer.minimize(v * 2.0)
    saver, plain = optimizer.swapping_saver(), tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        path = saver.save(sess, str(tmp_path / "m"))
        plain.restore(sess, path)
        assert sess.run(v) == 0.5  # the average of 1 and 0
        saver.restore(sess, path)
        assert sess.run(v) == 0.0


def test_weight_decay_of_some_variables():
    a, b = (tf.get_variable(name, [], initializer=tf.constant_initializer(10.0)) for name in "ab")
    optimizer = tf.contrib.opt.MomentumWOptimizer(0.1, 0.0, 0.9)
    step = optimizer.minimize(a + b, decay_var_list=[a])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        assert sess.run([a, b]) == [9.0, 10.0]


def in_a_thread(work):
    """Run it in a thread of its own, which may leave graph mode; what it raises is raised."""
    caught = []

    def run():
        try:
            work()
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if caught:
        raise caught[0]


def test_a_program_that_enables_eager(tmp_path):
    def program():
        tfe = tf.contrib.eager
        tfe.enable_eager_execution()
        v = tfe.Variable(2.0, name="v")
        assert isinstance(v, tfe.Variable) and isinstance(v, tf.Variable)
        optimizer = tf.train.GradientDescentOptimizer(0.1)
        optimizer.apply_gradients(tfe.implicit_gradients(lambda: v * v)())
        assert float(v) == pytest.approx(1.6)
        path = tfe.Saver([v]).save(str(tmp_path / "v"))
        v.assign(0.0)
        tfe.Saver([v]).restore(path)
        assert float(v) == pytest.approx(1.6)
        assert [int(x) for x in tfe.Iterator(tf.data.Dataset.range(3))] == [0, 1, 2]
        loss, accuracy = tfe.metrics.Mean("loss"), tfe.metrics.CategoricalAccuracy()
        loss(1.0), loss([2.0, 6.0])
        accuracy([[1, 0], [0, 1]], [[0.9, 0.1], [0.8, 0.2]])
        assert float(loss.result()) == 3.0 and float(accuracy.result()) == 0.5
        loss.init_variables()
        loss([1.0, 3.0], weights=[3.0, 1.0])
        assert float(loss.result()) == 1.5
        assert float(tfe.gradients_function(lambda x: x * x)(3.0)[0]) == 6.0

    in_a_thread(program)


def test_eager_metrics_in_a_graph():
    metric = tf.contrib.eager.metrics.Mean()
    counted, result = metric(tf.constant([1.0, 3.0])), metric.result()
    with tf.Session() as sess:
        sess.run(metric.init_variables())
        sess.run(counted), sess.run(counted)
        assert sess.run(result) == 2.0
    with pytest.raises(RuntimeError, match="eager execution"):
        tf.contrib.eager.Saver([])


def test_metrics_gather_over_runs():
    batch = tf.placeholder(tf.float32, [None, 2])
    value, update = tf.contrib.metrics.streaming_concat(batch)
    few, more = tf.contrib.metrics.streaming_concat(batch, max_size=3, name="few")
    first, second = batch[:, 0], batch[:, 1]
    r, correlate = tf.contrib.metrics.streaming_pearson_correlation(first, second)
    batches = [ROWS[:4, :2], ROWS[4:9, :2]]
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        for rows in batches:
            sess.run([update, more, correlate], {batch: rows})
        np.testing.assert_array_equal(sess.run(value), ROWS[:9, :2])
        np.testing.assert_array_equal(sess.run(few), ROWS[:3, :2])
        expected = np.corrcoef(ROWS[:9, 0], ROWS[:9, 1])[0, 1]
        assert sess.run(r) == pytest.approx(expected, rel=1e-4)


def test_forward_gradients():
    x = tf.constant([1.0, 2.0, 3.0])
    forward = tf.contrib.nn.fwd_gradients
    squares, taken = forward([tf.square(x), tf.gather(x, [0, 2])], [x], [tf.constant([1.0, 0.5, 2.0])])
    with tf.Session() as sess:
        np.testing.assert_allclose(sess.run(squares), [2, 2, 12])
        np.testing.assert_allclose(sess.run(taken), [1, 2])
        np.testing.assert_allclose(sess.run(forward([x * x], [x], assert_unused=True)[0]), [2, 4, 6])


def test_odeint_refuses_what_it_cannot_do():
    odeint = tf.contrib.integrate.odeint
    with pytest.raises(ValueError, match="invalid method: 'euler'"):
        odeint(lambda y, t: y, 1.0, [0, 1], method="euler")
    with pytest.raises(ValueError, match="without specifying `method`"):
        odeint(lambda y, t: y, 1.0, [0, 1], options={"safety": 0.5})
    with pytest.raises(TypeError, match="`y0` must have"):
        odeint(lambda y, t: y, 1, [0, 1])
    few = odeint(lambda y, t: -y, 1.0, [0, 10], method="dopri5", options={"max_num_steps": 1})
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="max_num_steps exceeded"):
        sess.run(few)


def test_sparsemax_of_an_unknown_shape():
    logits = tf.placeholder(tf.float32)
    with tf.Session() as sess:
        assert sess.run(tf.contrib.sparsemax.sparsemax(logits), {logits: [[1.0, 5.0]]}).tolist() == [[0, 1]]


def test_bucket_of_sparse_tensors():
    number = tf.train.range_input_producer(8, shuffle=False, num_epochs=1).dequeue()
    one = tf.SparseTensor([[0], [3]], tf.stack([number, number * 10]), [5])
    which, (numbers, batch) = tf.contrib.training.bucket([number, one], number % 2, 2, 2)
    assert batch.shape.as_list() == [None, None]
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coordinator)
        seen = {}
        for _ in range(4):
            at, found, value = sess.run([which, numbers, batch])
            assert set(found % 2) == {at} and value.dense_shape.tolist() == [2, 5]
            assert value.values.tolist() == [x for number in found for x in (number, number * 10)]
            assert value.indices.tolist() == [[0, 0], [0, 3], [1, 0], [1, 3]]
            seen.setdefault(at, []).extend(found)
        coordinator.request_stop()
        coordinator.join(threads)
    assert seen == {0: [0, 2, 4, 6], 1: [1, 3, 5, 7]}


def test_slim_learning_counts_the_step_that_was_taken(tmp_path, caplog):
    slim = tf.contrib.slim
    w = tf.get_variable("w", [], initializer=tf.ones_initializer())
    train_op = slim.learning.create_train_op(tf.square(w), tf.train.GradientDescentOptimizer(0.1))
    tf.logging.set_verbosity(tf.logging.INFO)
    with caplog.at_level("INFO", logger="tensorflow"):
        slim.learning.train(train_op, str(tmp_path), number_of_steps=4, log_every_n_steps=2, trace_every_n_steps=3)
    told = [record.getMessage() for record in caplog.records]
    assert [line.split(":")[0] for line in told if "loss = " in line] == ["global step 2", "global step 4"]
    assert sorted(path.name for path in tmp_path.glob("tf_trace-*")) == ["tf_trace-1.json", "tf_trace-4.json"]
