"""Programs with Estimators, for TF 1.15.5 and for this project: each gives numbers and names, as JSON has them.

Initial weights come from the variables' names, since those of seeds that TF1 derives from op counts cannot match.
"""

import os
import tempfile
import zlib

import numpy as np

R = np.random.RandomState(0)
N = 40
X = R.uniform(-1, 1, N).astype(np.float32)
C = np.array(["a", "b", "c"])[R.randint(0, 3, N)]
ID = R.randint(0, 4, N).astype(np.int64)
W = R.uniform(0.5, 2, N).astype(np.float32)
Y2 = (X + 0.3 * (C == "a") > 0).astype(np.int64)
Y3 = R.randint(0, 3, N).astype(np.int64)
YR = (2 * X + ID).astype(np.float32)
SEVERAL = np.stack([Y2, 1 - Y2, Y3 % 2], 1)


def watcher(tf):
    """A hook that sets the initial weights by the variables' names, and keeps losses and names."""

    class Watcher(tf.train.SessionRunHook):
        def begin(self):
            self.losses, self.assigns = [], []
            for v in tf.trainable_variables():
                seed = zlib.crc32(v.op.name.replace("/part_0", "").encode()) & 0xFFFFFF
                value = np.random.RandomState(seed).uniform(-0.5, 0.5, v.shape.as_list())
                self.assigns.append(tf.assign(v, value.astype(np.float32)))
            self.loss = tf.get_collection(tf.GraphKeys.LOSSES)[-1]
            trained = {v.name for v in tf.trainable_variables()}
            self.variables = sorted(
                "%s %s%s" % (v.op.name, v.shape.as_list(), " trainable" if v.name in trained else "")
                for v in tf.global_variables()
            )
            # TF1's numpy_input_fn had a queue, which its summary tells of.
            names = [s.op.name for s in tf.get_collection(tf.GraphKeys.SUMMARIES)]
            self.summaries = sorted(name for name in names if "queue" not in name)

        def after_create_session(self, session, coord):
            for op in self.assigns:
                session.run(op)

        def before_run(self, context):
            return tf.train.SessionRunArgs(self.loss)

        def after_run(self, context, values):
            self.losses.append(float(values.results))

    return Watcher()


def numbers(values):
    return {str(key): plain(value) for key, value in values.items()}


def plain(value):
    array = np.asarray(value)
    if array.dtype.kind in "SO":
        return [v.decode() if isinstance(v, bytes) else v for v in array.ravel().tolist()]
    return array.tolist()


def input_fn(tf, y, epochs=None):
    x = {"x": X, "c": C, "i": ID, "w": W}
    return tf.estimator.inputs.numpy_input_fn(x, y, batch_size=16, num_epochs=epochs, shuffle=False)


def observed(tf, estimator, y, given=None):
    """What training for three steps, evaluating and predicting give."""
    hook = watcher(tf)
    training, evaluating = given or (input_fn(tf, y), input_fn(tf, y, 1))
    estimator.train(training, steps=3, hooks=[hook])
    return {
        "losses": hook.losses,
        "variables": hook.variables,
        "summaries": hook.summaries,
        "checkpoint": sorted(estimator.get_variable_names()),
        "metrics": numbers(estimator.evaluate(evaluating)),
        "prediction": numbers(next(estimator.predict(evaluating))),
    }


def columns(tf):
    fc = tf.feature_column
    x, c = fc.numeric_column("x"), fc.categorical_column_with_vocabulary_list("c", ["a", "b", "c"])
    i = fc.categorical_column_with_identity("i", 4)
    return [x, fc.indicator_column(c), fc.embedding_column(i, 2)], [x, c, i, fc.crossed_column(["c", "i"], 11)]


def canned(name, y, *args, **kwargs):
    """A program with a ready-made Estimator; keywords that are functions of tf are called."""

    def program(tf):
        dense, linear = columns(tf)
        known = {"DENSE": dense, "LINEAR": linear}
        given = {k: known.get(v, v) if isinstance(v, str) else v(tf) if callable(v) else v for k, v in kwargs.items()}
        return observed(tf, getattr(tf.estimator, name)(*args, **given), y)

    return program


def adam(tf):
    return lambda: tf.train.AdamOptimizer(0.01)


def head(kind, y, *args, **kwargs):
    return canned("BaselineEstimator", y, head=lambda tf: getattr(tf.estimator, kind)(*args, **kwargs))


def multi_head(tf):
    e = tf.estimator
    head = e.MultiHead([e.MultiClassHead(3, name="a"), e.RegressionHead(name="b")], [1.0, 0.5])

    def data():
        return tf.data.Dataset.from_tensor_slices(({"x": X}, {"a": Y3, "b": YR}))

    inputs = [lambda: data().repeat().batch(16), lambda: data().batch(16)]
    return observed(tf, e.BaselineEstimator(head), None, inputs)


# --- a model of one's own ---


def model_fn(tf):
    def build(features, labels, mode, params):
        w = tf.get_variable("w", [2], initializer=tf.constant_initializer(0.1))
        y = features["x"] * w[0] + w[1]
        if mode == tf.estimator.ModeKeys.PREDICT:
            outputs = {"serving_default": tf.estimator.export.PredictOutput({"y": y})}
            return tf.estimator.EstimatorSpec(mode, predictions={"y": y}, export_outputs=outputs)
        loss = tf.losses.mean_squared_error(labels, y)
        train = tf.train.MomentumOptimizer(params["rate"], 0.9).minimize(loss, tf.train.get_global_step())
        metrics = {"mae": tf.metrics.mean_absolute_error(labels, y)}
        return tf.estimator.EstimatorSpec(mode, {"y": y}, loss, train, metrics)

    return build


def own(tf, model_dir=None, **kwargs):
    config = tf.estimator.RunConfig(save_checkpoints_steps=4, save_summary_steps=2, log_step_count_steps=2)
    params = {"rate": 0.1}
    return tf.estimator.Estimator(model_fn(tf), model_dir, config=config, params=params, **kwargs)


def w_of(estimator):
    return estimator.get_variable_value("w").tolist()


def resuming(tf):
    """Training goes on from model_dir in the same Estimator and in another; max_steps counts from the start."""
    folder = tempfile.mkdtemp()
    found = []
    for estimator, arguments in (
        (own(tf, folder), {"steps": 3}),
        (own(tf, folder), {"steps": 2}),
        (own(tf, folder), {"max_steps": 9}),
        (own(tf, folder), {"max_steps": 9}),
        (own(tf, folder), {"max_steps": 4}),
    ):
        estimator.train(input_fn(tf, YR), **arguments)
        found.append([w_of(estimator), int(estimator.get_variable_value("global_step"))])
    files = sorted(name for name in os.listdir(folder) if not name.startswith("events"))
    parts = estimator.evaluate(input_fn(tf, YR, 1), steps=1, name="first")
    return {"weights": found, "files": files, "evaluated": numbers(parts), "folders": sorted(os.listdir(folder))[-1]}


def hooks_in_order(tf):
    """When hooks and listeners are called."""
    said = []

    class Hook(tf.train.SessionRunHook):
        def begin(self):
            said.append("begin")

        def after_create_session(self, session, coord):
            said.append("created %d" % session.run(tf.train.get_global_step()))

        def before_run(self, context):
            said.append("before")

        def after_run(self, context, values):
            said.append("after")

        def end(self, session):
            said.append("end")

    class Listener(tf.train.CheckpointSaverListener):
        def begin(self):
            said.append("listener")

        def before_save(self, session, step):
            said.append("before save %d" % step)

        def after_save(self, session, step):
            said.append("saved %d" % step)

        def end(self, session, step):
            said.append("end %d" % step)

    estimator = own(tf)
    estimator.train(input_fn(tf, YR, 3), hooks=[Hook()], saving_listeners=[Listener()])
    trained = list(said)
    del said[:]
    estimator.evaluate(input_fn(tf, YR, 1), hooks=[Hook()])
    evaluated = list(said)
    del said[:]
    predictions = estimator.predict(input_fn(tf, None, 1), hooks=[Hook()])
    first = plain(next(predictions)["y"])
    count = 1 + len(list(predictions))
    return {"train": trained, "evaluate": evaluated, "first": first, "count": count, "predict": said}


def warm_start(tf):
    """From another model's checkpoint: all of it, or one variable of another name."""
    first = own(tf)
    first.train(input_fn(tf, YR), steps=4)
    again = own(tf, warm_start_from=first.model_dir)
    again.train(input_fn(tf, YR), steps=1)
    settings = tf.estimator.WarmStartSettings(first.model_dir, "w", var_name_to_prev_var_name={"w": "w/Momentum"})
    other = own(tf, warm_start_from=settings)
    return {
        "again": [w_of(again), int(again.get_variable_value("global_step"))],
        "other": numbers(other.evaluate(input_fn(tf, YR, 1))),
    }


def train_and_evaluate(tf):
    """The results, how often is evaluated and exported, and what a second call gives."""
    steps = []

    class Exporter(tf.estimator.Exporter):
        name = "mine"

        def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
            folder = os.path.relpath(export_path, estimator.model_dir)
            steps.append([int(eval_result["global_step"]), bool(is_the_final_export), folder])
            return len(steps)

    estimator = own(tf)
    spec = tf.estimator.TrainSpec(input_fn(tf, YR), max_steps=10)
    results, exported = tf.estimator.train_and_evaluate(
        estimator, spec, tf.estimator.EvalSpec(input_fn(tf, YR, 1), exporters=Exporter(), throttle_secs=0)
    )
    again = tf.estimator.train_and_evaluate(estimator, spec, tf.estimator.EvalSpec(input_fn(tf, YR, 1)))
    del steps[:]
    throttled = tf.estimator.train_and_evaluate(
        own(tf), spec, tf.estimator.EvalSpec(input_fn(tf, YR, 1), exporters=[Exporter()], throttle_secs=1000)
    )
    return {"results": numbers(results), "exported": exported, "again": again, "throttled": [steps, throttled[1]]}


def in_memory(tf):
    """An evaluation every two steps while a model trains."""

    def data():
        return tf.data.Dataset.from_tensor_slices(({"x": X}, YR)).batch(16)

    estimator = own(tf)
    hook = tf.estimator.experimental.InMemoryEvaluatorHook(estimator, data, name="memory", every_n_iter=2)
    estimator.train(lambda: data().repeat(), hooks=[hook], steps=4)
    return {"events": events(tf, estimator.eval_dir("memory"))}


def early_stopping(tf):
    """Training stops once the loss has not fallen for some steps."""
    config = tf.estimator.RunConfig(save_checkpoints_steps=2)
    estimator = tf.estimator.Estimator(model_fn(tf), config=config, params={"rate": 0.0})
    hook = tf.estimator.experimental.stop_if_no_decrease_hook(
        estimator, "loss", 4, run_every_secs=None, run_every_steps=1
    )
    results, _ = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(input_fn(tf, YR), max_steps=40, hooks=[hook]),
        tf.estimator.EvalSpec(input_fn(tf, YR, 1), throttle_secs=0),
    )
    return {"results": numbers(results), "variables": sorted(estimator.get_variable_names())}


def more_metrics(tf):
    estimator = own(tf)
    estimator.train(input_fn(tf, YR), steps=1)
    more = tf.estimator.add_metrics(
        estimator,
        lambda features, labels, predictions: {"rmse": tf.metrics.root_mean_squared_error(labels, predictions["y"])},
    )
    return numbers(more.evaluate(input_fn(tf, YR, 1)))


def summaries(tf):
    """What is written into model_dir."""
    estimator = own(tf)
    estimator.train(lambda: tf.data.Dataset.from_tensor_slices(({"x": X}, YR)).repeat().batch(16), steps=4)
    estimator.evaluate(input_fn(tf, YR, 1))
    written = [e for e in events(tf, estimator.model_dir) if not e[1].startswith("global_step")]
    return {"training": written, "evaluation": events(tf, estimator.eval_dir())}


def events(tf, folder):
    found = []
    for name in sorted(os.listdir(folder)):
        if "tfevents" in name:
            for event in tf.train.summary_iterator(os.path.join(folder, name)):
                found += [
                    [event.step, v.tag, v.simple_value] for v in event.summary.value if v.HasField("simple_value")
                ]
    return found


def exported(tf):
    """The signatures of exported models, and what they give."""
    dense, _ = columns(tf)
    found = {}
    for name, estimator, y in (
        ("two", tf.estimator.DNNClassifier([3], dense), Y2),
        ("three", tf.estimator.DNNClassifier([3], dense, n_classes=3, label_vocabulary=["a", "b", "c"]), C),
        ("number", tf.estimator.DNNRegressor([3], dense), YR),
        ("own", own(tf), YR),
    ):
        estimator.train(input_fn(tf, y), steps=1, hooks=[watcher(tf)])
        spec = {"x": tf.FixedLenFeature([], tf.float32)}
        if name != "own":
            spec = tf.feature_column.make_parse_example_spec(dense)
        receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)
        path = estimator.export_saved_model(tempfile.mkdtemp(), receiver)
        example = tf.train.Example()
        example.features.feature["x"].float_list.value.append(0.5)
        example.features.feature["c"].bytes_list.value.append(b"b")
        example.features.feature["i"].int64_list.value.append(2)
        with tf.Session(graph=tf.Graph()) as session:
            meta = tf.saved_model.loader.load(session, ["serve"], path)
            for key, signature in sorted(meta.signature_def.items()):
                feeds = {signature.inputs[k].name: [example.SerializeToString()] for k in signature.inputs}
                fetched = session.run({k: signature.outputs[k].name for k in signature.outputs}, feeds)
                found["%s %s %s" % (name, key, signature.method_name)] = [sorted(signature.inputs), numbers(fetched)]
    return found


PROGRAMS = {
    "dnn two classes": canned("DNNClassifier", Y2, [5, 4], feature_columns="DENSE"),
    "dnn weights": canned(
        "DNNClassifier", Y2, [5], feature_columns="DENSE", weight_column="w", optimizer=adam,
        activation_fn=lambda tf: tf.nn.tanh,
    ),  # fmt: skip
    "dnn batch norm": canned(
        "DNNClassifier", Y3, [5], feature_columns="DENSE", n_classes=3, batch_norm=True, optimizer="SGD"
    ),
    "dnn names": canned(
        "DNNClassifier", C, [5], feature_columns="DENSE", n_classes=3, label_vocabulary=["a", "b", "c"],
        loss_reduction="weighted_sum_over_batch_size",
    ),  # fmt: skip
    "dnn number": canned("DNNRegressor", YR, [5], feature_columns="DENSE", optimizer="RMSProp"),
    "linear two classes": canned("LinearClassifier", Y2, feature_columns="LINEAR"),
    "linear three classes": canned("LinearClassifier", Y3, feature_columns="LINEAR", n_classes=3, optimizer=None),
    "linear number": canned("LinearRegressor", YR, feature_columns="LINEAR", weight_column="w"),
    "combined classes": canned(
        "DNNLinearCombinedClassifier", Y2, linear_feature_columns="LINEAR", dnn_feature_columns="DENSE",
        dnn_hidden_units=[5],
    ),  # fmt: skip
    "combined number": canned(
        "DNNLinearCombinedRegressor", YR, linear_feature_columns="LINEAR", dnn_feature_columns="DENSE",
        dnn_hidden_units=[5],
    ),  # fmt: skip
    "baseline classes": canned("BaselineClassifier", Y3, n_classes=3),
    "baseline number": canned("BaselineRegressor", YR, weight_column="w"),
    "head binary": head("BinaryClassHead", Y2, thresholds=[0.3, 0.6], name="h", weight_column="w"),
    "head classes": head("MultiClassHead", Y3, 3),
    "head labels": head("MultiLabelHead", SEVERAL, 3, thresholds=[0.4], classes_for_class_based_metrics=[1]),
    "head counts": head("PoissonRegressionHead", ID.astype(np.float32)),
    "head logistic": head("LogisticRegressionHead", Y2.astype(np.float32)),
    "head several": multi_head,
    "resuming": resuming,
    "hooks in order": hooks_in_order,
    "warm start": warm_start,
    "train and evaluate": train_and_evaluate,
    "in memory": in_memory,
    "early stopping": early_stopping,
    "more metrics": more_metrics,
    "summaries": summaries,
    "exported": exported,
}
