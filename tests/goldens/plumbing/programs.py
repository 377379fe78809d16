"""Programs as users of TF1 wrote them around the training itself; what each prints is compared line by line.

A program takes `tf`, a folder of its own and `say`, which it prints with. They run in Python 3.7 too.
"""

import glob
import json
import os
import threading

import numpy as np

PROGRAMS = {}


def program(function):
    PROGRAMS[function.__name__] = function
    return function


def lines(run, tf, folder):
    """What a program prints."""
    said = []
    run(tf, folder, lambda *what: said.append(" ".join(str(one) for one in what)))
    return said


def _rows():
    return [(i % 3, round(0.5 * i, 2), "row%d" % i) for i in range(12)]


def _line_of(tf, x, labels=None):
    """A straight line to be fitted: loss, train op, global step."""
    step = tf.train.get_or_create_global_step()
    w = tf.get_variable("w", [], initializer=tf.constant_initializer(0.0))
    b = tf.get_variable("b", [], initializer=tf.constant_initializer(0.0))
    loss = tf.reduce_mean(tf.square(w * x + b - (3 * x + 1 if labels is None else labels)), name="loss")
    return loss, tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=step), step


X = np.linspace(-1, 1, 9).astype(np.float32)


@program
def csv_queue_with_coordinator(tf, folder, say):
    for part in range(2):
        with open(os.path.join(folder, "part%d.csv" % part), "w") as f:
            f.write("label,value,name\n")
            for label, value, name in _rows()[part * 6 : part * 6 + 6]:
                f.write("%d,%s,%s\n" % (label, value, name))
    names = tf.train.match_filenames_once(os.path.join(folder, "*.csv"))
    queue = tf.train.string_input_producer(names, shuffle=False, num_epochs=2)
    reader = tf.TextLineReader(skip_header_lines=1)
    key, line = reader.read(queue)
    label, value, name = tf.decode_csv(line, record_defaults=[[0], [0.0], [""]])
    labels, values, texts = tf.train.batch(
        [label, value, name], batch_size=5, capacity=20, allow_smaller_final_batch=True
    )
    say(labels.dtype.name, values.shape.as_list(), texts.dtype.name, len(tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)))
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess=sess, coord=coord)
        try:
            while not coord.should_stop():
                one, two, three = sess.run([labels, values, texts])
                say(one.tolist(), two.tolist(), [text.decode() for text in three])
        except tf.errors.OutOfRangeError:
            say("done")
        finally:
            coord.request_stop()
        coord.join(threads)
        say([t.is_alive() for t in threads], sess.run(reader.num_records_produced()))


@program
def records_with_shuffle_batch(tf, folder, say):
    path = os.path.join(folder, "train.tfrecords")
    options = tf.python_io.TFRecordOptions(tf.python_io.TFRecordCompressionType.GZIP)
    with tf.python_io.TFRecordWriter(path, options=options) as writer:
        for i in range(20):
            feature = {
                "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[i])),
                "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[np.full(4, i, np.uint8).tobytes()])),
                "words": tf.train.Feature(int64_list=tf.train.Int64List(value=list(range(i % 3)))),
            }
            writer.write(tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString())
    say(sum(1 for _ in tf.python_io.tf_record_iterator(path, options=options)))
    queue = tf.train.string_input_producer([path], num_epochs=1)
    _, serialized = tf.TFRecordReader(options=options).read(queue)
    features = tf.parse_single_example(serialized, {
        "label": tf.FixedLenFeature([], tf.int64),
        "image": tf.FixedLenFeature([], tf.string),
        "words": tf.VarLenFeature(tf.int64),
    })  # fmt: skip
    image = tf.reshape(tf.decode_raw(features["image"], tf.uint8), [4])
    words = tf.sparse_tensor_to_dense(features["words"])
    images, labels, many = tf.train.shuffle_batch(
        [image, features["label"], tf.size(words)],
        batch_size=4,
        capacity=30,
        min_after_dequeue=10,
        num_threads=2,
        seed=1,
    )
    seen = []
    with tf.Session() as sess:
        sess.run(tf.group(tf.global_variables_initializer(), tf.local_variables_initializer()))
        coord = tf.train.Coordinator()
        with coord.stop_on_exception():
            threads = tf.train.start_queue_runners(coord=coord)
            for _ in range(5):
                a, b, c = sess.run([images, labels, many])
                seen += b.tolist()
                say(a.shape, (a[:, 0] == b).all(), (c == b % 3).all())
            try:
                sess.run(labels)
            except tf.errors.OutOfRangeError as error:
                say(type(error).__name__, "is closed and has insufficient elements" in str(error))
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=10)
    say(sorted(seen))


@program
def readers(tf, folder, say):
    with open(os.path.join(folder, "a.txt"), "w") as f:
        f.write("whole file")
    with open(os.path.join(folder, "b.bin"), "wb") as f:
        f.write(bytes(bytearray(range(10))))
    text = tf.WholeFileReader().read(tf.train.string_input_producer([os.path.join(folder, "a.txt")]))
    fixed = tf.FixedLengthRecordReader(record_bytes=3, header_bytes=1)
    record = tf.decode_raw(fixed.read(tf.train.string_input_producer([os.path.join(folder, "b.bin")]))[1], tf.uint8)
    x, y = tf.train.slice_input_producer([tf.constant([1, 2, 3]), tf.constant(["a", "b", "c"])], shuffle=False)
    numbers = tf.train.range_input_producer(3, shuffle=False).dequeue()
    pairs = tf.train.batch_join([[x, y], [x, y]], batch_size=2)
    padded = tf.train.batch([tf.range(x)], batch_size=3, dynamic_pad=True)
    say([t.shape.as_list() for t in pairs], padded.shape.as_list())
    with tf.Session() as sess:
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        say([os.path.basename(t.decode()) if b"/" in t else t.decode() for t in sess.run(list(text))])
        say([sess.run(record).tolist() for _ in range(4)])
        say([int(sess.run(numbers)) for _ in range(5)])
        say(sess.run(padded).shape[0], len(sess.run(pairs)[0]))
        coord.request_stop()
        sess.run([])
        try:
            coord.join(threads, stop_grace_period_secs=1, ignore_live_threads=True)
        except tf.errors.CancelledError:
            say("cancelled")


@program
def own_threads_with_coordinator(tf, folder, say):
    coord = tf.train.Coordinator()
    counter, lock = [0], threading.Lock()

    def work():
        while not coord.should_stop():
            with lock:
                counter[0] += 1
            if counter[0] > 50:
                coord.request_stop()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    coord.join(threads)
    say(coord.should_stop(), counter[0] > 50)

    def fail():
        with coord.stop_on_exception():
            raise ValueError("a thread of the program's own")

    coord.clear_stop()
    thread = threading.Thread(target=fail)
    thread.start()
    try:
        coord.join([thread])
    except ValueError as error:
        say("ValueError", error)
    loop = tf.train.LooperThread(tf.train.Coordinator(), 0, target=lambda: loop.coord.request_stop())
    loop.coord = loop._coord
    loop.start()
    loop.join()
    say(loop.is_alive())


@program
def queue_runner_by_hand(tf, folder, say):
    queue = tf.FIFOQueue(capacity=3, dtypes=[tf.float32], shapes=[[]])
    enqueue = queue.enqueue_many([[1.0, 2.0, 3.0]])
    runner = tf.train.QueueRunner(queue, [enqueue])
    tf.train.add_queue_runner(runner)
    out = queue.dequeue() * 10
    with tf.train.MonitoredSession() as sess:
        say([float(sess.run(out)) for _ in range(5)])
    say(runner.name, runner.queue is queue, len(runner.enqueue_ops))
    again = tf.train.QueueRunner.from_proto(runner.to_proto())
    say(again.queue.name == queue.name, again.enqueue_ops[0].name == runner.enqueue_ops[0].name)


def _telling_hook(tf, say):
    class Hook(tf.train.SessionRunHook):
        def begin(self):
            say("begin")
            self.runs = 0

        def after_create_session(self, session, coord):
            say("after_create_session", type(coord).__name__)

        def before_run(self, run_context):
            self.runs += 1
            return tf.train.SessionRunArgs({"loss": "loss:0"})

        def after_run(self, run_context, run_values):
            say("after_run %d %.4f" % (self.runs, run_values.results["loss"]))
            if self.runs == 8:
                run_context.request_stop()

        def end(self, session):
            say("end", session.run("global_step:0"))

    return Hook()


@program
def monitored_training_session(tf, folder, say):
    for last_step in (3, 5):
        with tf.Graph().as_default():
            x = tf.placeholder(tf.float32, [None])
            loss, train, step = _line_of(tf, x)
            tf.summary.scalar("loss", loss)
            hooks = [
                tf.train.StopAtStepHook(last_step=last_step),
                tf.train.NanTensorHook(loss),
                tf.train.FinalOpsHook([loss], final_ops_feed_dict={x: X}),
                _telling_hook(tf, say),
            ]
            with tf.train.MonitoredTrainingSession(
                checkpoint_dir=folder,
                hooks=hooks,
                save_checkpoint_steps=2,
                save_summaries_steps=1,
                log_step_count_steps=1,
            ) as sess:
                say("started at", sess.run(step, {x: X}))
                while not sess.should_stop():
                    _, value = sess.run([train, step], feed_dict={x: X})
            say("final loss %.4f" % hooks[2].final_ops_values[0])
    say(sorted(os.path.basename(p) for p in glob.glob(os.path.join(folder, "*")) if "events" not in p))
    say(os.path.basename(tf.train.latest_checkpoint(folder)))
    tags = set()
    for path in glob.glob(os.path.join(folder, "events*")):
        for event in tf.train.summary_iterator(path):
            tags.update((event.step, v.tag) for v in event.summary.value if v.tag != "global_step/sec")
    say(sorted(tags))


@program
def nan_hook_stops(tf, folder, say):
    x = tf.placeholder(tf.float32, [])
    loss = tf.log(x)
    for fail in (True, False):
        try:
            with tf.train.MonitoredSession(hooks=[tf.train.NanTensorHook(loss, fail_on_nan_loss=fail)]) as sess:
                n = 0
                while not sess.should_stop() and n < 3:
                    n += 1
                    sess.run(loss, {x: 1.0 if n == 1 else -1.0})
            say("stopped after", n)
        except tf.train.NanLossDuringTrainingError as error:
            say(type(error).__name__, error)


@program
def singular_session_and_feed_hook(tf, folder, say):
    x = tf.placeholder(tf.float32, [None])
    loss, train, step = _line_of(tf, x)
    feed = tf.train.FeedFnHook(lambda: {x: X})
    log = []
    logger = tf.train.LoggingTensorHook(
        {"loss": loss}, every_n_iter=2, formatter=lambda t: log.append("%.4f" % t["loss"]) or ""
    )
    saver = tf.train.CheckpointSaverHook(folder, save_steps=3)
    with tf.train.SingularMonitoredSession(hooks=[feed, logger, saver]) as sess:
        for _ in range(5):
            sess.run(train)
        say(sess.raw_session().run(step), sess.graph is tf.get_default_graph())
    say(log)
    say(sorted(os.path.basename(p) for p in glob.glob(os.path.join(folder, "*.index"))))
    with tf.train.SingularMonitoredSession(checkpoint_dir=folder) as sess:
        say(sess.run(step))
    creator = tf.train.ChiefSessionCreator(tf.train.Scaffold(init_fn=lambda scaffold, s: say("init_fn")))
    with tf.train.MonitoredSession(session_creator=creator) as sess:
        say(sess.run(step), sess.should_stop())
        say("%.3f" % sess.run_step_fn(lambda step_context: step_context.session.run(loss, {x: X})))


@program
def supervisor(tf, folder, say):
    for target in (3, 6):
        with tf.Graph().as_default():
            x = tf.placeholder(tf.float32, [None])
            loss, train, step = _line_of(tf, x)
            tf.summary.scalar("loss", loss)
            merged = tf.summary.merge_all()
            sv = tf.train.Supervisor(logdir=folder, global_step=step, summary_op=None, save_model_secs=0)
            with sv.managed_session() as sess:
                say("started at", sess.run(step))
                while not sv.should_stop():
                    if sess.run(step) >= target:
                        break
                    _, value, text = sess.run([train, loss, merged], {x: X})
                    sv.summary_computed(sess, text)
                    say("%.4f" % value)
                sv.saver.save(sess, sv.save_path, global_step=step)
            say(sv.is_chief, os.path.basename(sv.save_path))
    say(
        sorted(os.path.basename(p) for p in glob.glob(os.path.join(folder, "model*.index"))),
        os.path.exists(os.path.join(folder, "graph.pbtxt")),
    )


@program
def scaffold(tf, folder, say):
    v = tf.Variable(1.0, name="v")
    local = tf.Variable(5.0, name="local", collections=[tf.GraphKeys.LOCAL_VARIABLES])
    scaffold = tf.train.Scaffold(
        init_op=tf.global_variables_initializer(), init_feed_dict=None, ready_op=tf.report_uninitialized_variables([v]),
        saver=tf.train.Saver([v], max_to_keep=2),
    )  # fmt: skip
    with tf.train.MonitoredTrainingSession(scaffold=scaffold) as sess:
        say([float(value) for value in sess.run([v, local])])
    say(
        tf.get_collection(tf.GraphKeys.SAVERS),
        len(tf.get_collection(tf.GraphKeys.LOCAL_INIT_OP)),
        scaffold.finalize() is scaffold,
    )


@program
def file_writer(tf, folder, say):
    x = tf.placeholder(tf.float32, [4], name="x")
    tf.summary.scalar("mean", tf.reduce_mean(x))
    tf.summary.histogram("values", x)
    with tf.name_scope("inner"):
        tf.summary.scalar("max", tf.reduce_max(x))
    tf.summary.image("picture", tf.reshape(x, [1, 2, 2, 1]))
    tf.summary.text("note", tf.constant("hello"))
    merged = tf.summary.merge_all()
    with tf.Session() as sess:
        writer = tf.summary.FileWriter(folder, sess.graph)
        for step in range(3):
            writer.add_summary(sess.run(merged, {x: np.arange(4) * step}), global_step=step)
        byhand = tf.Summary(value=[tf.Summary.Value(tag="by hand", simple_value=0.5)])
        writer.add_summary(byhand, 7)
        writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 0)
        metadata = tf.RunMetadata()
        sess.run(
            merged,
            {x: np.arange(4)},
            options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE),
            run_metadata=metadata,
        )
        writer.add_run_metadata(metadata, "run 1", 2)
        writer.flush()
        writer.close()
    files = glob.glob(os.path.join(folder, "events.out.tfevents.*"))
    say(len(files))
    for event in tf.train.summary_iterator(files[0]):
        kind = event.WhichOneof("what")
        values = [(v.tag, v.WhichOneof("value"), round(v.simple_value, 3)) for v in event.summary.value]
        say(kind, event.step, values if kind == "summary" else "")
    graph = [e for e in tf.train.summary_iterator(files[0]) if e.graph_def][0]
    say("x" in [node.name for node in tf.GraphDef.FromString(graph.graph_def).node])
    cached = os.path.join(folder, "cached")  # in the same second it would have the same file name
    say(tf.summary.FileWriterCache.get(cached) is tf.summary.FileWriterCache.get(cached))
    tf.summary.FileWriterCache.clear()


@program
def write_graph_and_freeze(tf, folder, say):
    x = tf.placeholder(tf.float32, [None, 2], name="input")
    w = tf.get_variable("w", initializer=[[1.0], [2.0]])
    tf.matmul(x, w, name="output")
    unused = tf.Variable(3.0, name="unused")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        say(os.path.relpath(tf.train.write_graph(sess.graph_def, folder, "g.pbtxt"), folder))
        frozen = tf.graph_util.convert_variables_to_constants(sess, sess.graph_def, ["output"])
        tf.train.write_graph(frozen, folder, "frozen.pb", as_text=False)
        say(sess.run(unused))
    definition = tf.GraphDef()
    with tf.gfile.GFile(os.path.join(folder, "frozen.pb"), "rb") as f:
        definition.ParseFromString(f.read())
    say(sorted({node.op for node in definition.node} - {"Identity"}))
    small = tf.graph_util.remove_training_nodes(tf.graph_util.extract_sub_graph(definition, ["output"]))
    say(tf.graph_util.must_run_on_cpu(small.node[0]))
    with tf.Graph().as_default() as graph:
        (out,) = tf.import_graph_def(definition, return_elements=["output:0"], name="model")
        with tf.Session(graph=graph) as sess:
            say(sess.run(out, {"model/input:0": [[1, 1], [2, 3]]}).tolist())


@program
def saved_model(tf, folder, say):
    simple, built = os.path.join(folder, "simple"), os.path.join(folder, "built")
    x = tf.placeholder(tf.float32, [None], name="x")
    w = tf.Variable(2.0, name="w")
    y = tf.multiply(x, w, name="y")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        tf.saved_model.simple_save(sess, simple, inputs={"x": x}, outputs={"y": y})
        sess.run(w.assign(5.0))
        builder = tf.saved_model.builder.SavedModelBuilder(built)
        signature = tf.saved_model.signature_def_utils.build_signature_def(
            inputs={"a": tf.saved_model.utils.build_tensor_info(x)},
            outputs={"b": tf.saved_model.utils.build_tensor_info(y)},
            method_name=tf.saved_model.signature_constants.PREDICT_METHOD_NAME,
        )
        builder.add_meta_graph_and_variables(
            sess, [tf.saved_model.tag_constants.SERVING, "mine"], signature_def_map={"serve_it": signature},
            main_op=tf.saved_model.main_op.main_op(),
        )  # fmt: skip
        say(os.path.relpath(builder.save().decode(), folder))
    say(
        tf.saved_model.loader.maybe_saved_model_directory(built),
        tf.saved_model.loader.maybe_saved_model_directory(folder),
    )
    for path, tags in ((simple, ["serve"]), (built, ["serve", "mine"])):
        with tf.Session(graph=tf.Graph()) as sess:
            meta = tf.saved_model.loader.load(sess, tags, path)
            for key in sorted(meta.signature_def):
                found = meta.signature_def[key]
                ins, outs = sorted(found.inputs.items()), sorted(found.outputs.items())
                say(key, found.method_name, [(k, v.name) for k, v in ins], [(k, v.name) for k, v in outs])
                say(sess.run(outs[0][1].name, {ins[0][1].name: [1, 2]}).tolist())
            say([v.name for v in tf.global_variables()])
    with tf.Session(graph=tf.Graph()) as sess:
        try:
            tf.saved_model.loader.load(sess, ["absent"], built)
        except RuntimeError as error:
            say("RuntimeError", "absent" in str(error))


@program
def timeline(tf, folder, say):
    from tensorflow.python.client import timeline as timelines

    a = tf.random_normal([50, 50], name="a")
    b = tf.matmul(a, a, name="product")
    with tf.Session() as sess:
        metadata = tf.RunMetadata()
        sess.run(b, options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), run_metadata=metadata)
    say(
        len(metadata.step_stats.dev_stats) > 0,
        any("product" in n.node_name for d in metadata.step_stats.dev_stats for n in d.node_stats),
    )
    trace = json.loads(timelines.Timeline(metadata.step_stats).generate_chrome_trace_format())
    names = [e["args"].get("name", "") for e in trace["traceEvents"] if e.get("ph") == "X"]
    say("product" in names, sorted(trace))


@program
def one_process_cluster(tf, folder, say):
    server = tf.train.Server.create_local_server()
    say(server.target.startswith("grpc://localhost:"), server.server_def.job_name)
    v = tf.Variable(1.0, name="v")
    with tf.Session(server.target) as sess:
        sess.run(v.initializer)
        sess.run(v.assign_add(1.0))
        say([d.name for d in sess.list_devices() if d.device_type == "CPU"])
    with tf.Session(server.target) as sess:
        say(sess.run(v))
    with tf.Session() as sess:
        try:
            sess.run(v)
        except tf.errors.FailedPreconditionError:
            say("a Session of its own")
    tf.Session.reset(server.target)
    with tf.Session(server.target) as sess:
        say(sess.run(tf.is_variable_initialized(v)))
    cluster = tf.train.ClusterSpec({"ps": ["localhost:2222", "localhost:2223"], "worker": ["localhost:2224"]})
    say(
        cluster.jobs, cluster.num_tasks("ps"), cluster.task_address("worker", 0), cluster.as_dict() == cluster.as_dict()
    )
    with tf.device(tf.train.replica_device_setter(cluster=cluster)):
        made = [tf.Variable(0.0) for _ in range(3)]
        total = tf.add_n([m.initialized_value() for m in made])
    say([m.device for m in made], total.device)


@program
def monitored_session_on_a_server(tf, folder, say):
    server = tf.train.Server({"local": ["localhost:0"]}, job_name="local", task_index=0)
    results, made = {}, threading.Event()

    class Made(tf.train.SessionRunHook):
        def after_create_session(self, session, coord):
            made.set()

    def worker(index):
        if index:
            made.wait()  # not being the chief, it would look every 30 seconds
        with (
            tf.Graph().as_default(),
            tf.device(tf.train.replica_device_setter(ps_tasks=0, worker_device="/job:local/task:0")),
        ):
            x = tf.placeholder(tf.float32, [None])
            loss, train, step = _line_of(tf, x)
            hooks = [tf.train.StopAtStepHook(num_steps=10), Made()]
            with tf.train.MonitoredTrainingSession(
                master=server.target, is_chief=index == 0, hooks=hooks, log_step_count_steps=None
            ) as sess:
                while not sess.should_stop():
                    loss_now, _ = sess.run([loss, train], {x: X})
            results[index] = loss_now < 4.0

    threads = [threading.Thread(target=worker, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say(results[0], results[1])
    with tf.Graph().as_default():
        step = tf.train.get_or_create_global_step()
        with tf.Session(server.target) as sess:
            say(sess.run(step) >= 10)  # both counted in it


@program
def global_step_by_name(tf, folder, say):
    tf.Variable(0, name="global_step", trainable=False, dtype=tf.int64)
    w = tf.Variable(2.0, name="w")
    step = tf.train.get_global_step()
    train = tf.train.GradientDescentOptimizer(0.25).minimize(w * w, global_step=step)
    by_name = tf.get_default_graph().get_tensor_by_name("w:0")
    known, assign, add = tf.is_variable_initialized(by_name), tf.assign(by_name, 5.0), tf.assign_add(by_name, 1.0)
    with tf.Session() as sess:
        say(sess.run(known))
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        say(sess.run(known), tf.train.global_step(sess, step), sess.run(w))
        say(sess.run(assign), sess.run(add), sess.run(by_name))


@program
def collections_of_the_programs_own_come_back(tf, folder, say):
    v = tf.Variable(42.0, name="v")
    tf.add_to_collection("mine", v)
    tf.add_to_collection("mine", tf.identity(v, name="double"))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(sess, os.path.join(folder, "model"))
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.train.import_meta_graph(path + ".meta").restore(sess, path)
        found = tf.get_collection("mine")
        say(
            [one.name for one in found],
            [float(value) for value in sess.run(found)],
            [float(one.eval()) for one in found],
        )


@program
def gfile(tf, folder, say):
    path = os.path.join(folder, "d", "e")
    tf.gfile.MakeDirs(path)
    with tf.gfile.Open(os.path.join(path, "f.txt"), "w") as f:
        f.write("one\ntwo\n")
    with tf.gfile.FastGFile(os.path.join(path, "f.txt")) as f:
        say(f.read().split(), f.size())
    say(tf.gfile.Exists(path), tf.gfile.IsDirectory(path), tf.gfile.ListDirectory(path))
    tf.gfile.Copy(os.path.join(path, "f.txt"), os.path.join(path, "g.txt"))
    tf.gfile.Rename(os.path.join(path, "g.txt"), os.path.join(path, "h.txt"), overwrite=True)
    say(
        [os.path.basename(p) for p in sorted(tf.gfile.Glob(os.path.join(path, "*.txt")))],
        tf.gfile.Stat(path + "/h.txt").length,
    )
    say([(os.path.basename(a), b, sorted(c)) for a, b, c in tf.gfile.Walk(os.path.join(folder, "d"))])
    tf.gfile.Remove(path + "/h.txt")
    tf.gfile.DeleteRecursively(os.path.join(folder, "d"))
    say(tf.gfile.Exists(path))
    try:
        tf.gfile.GFile(os.path.join(folder, "none")).read()
    except tf.errors.NotFoundError:
        say("NotFoundError")
