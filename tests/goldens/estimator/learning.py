"""Programs with tf.contrib.learn and the feature columns of tf.contrib.layers, as those of programs.py."""

import os
import tempfile

import numpy as np

from .programs import numbers, plain, watcher

R = np.random.RandomState(1)
N = 40
X = R.uniform(-1, 1, (N, 3))
Y3 = R.randint(0, 3, N)
Y2 = (Y3 > 0).astype(np.int64)
YR = (X[:, 0] * 2 + X[:, 1]).astype(np.float32)
C = np.array(["a", "b", "c"])[R.randint(0, 3, N)]


def fitted(tf, estimator, **fit):
    hook = watcher(tf)
    estimator.fit(monitors=[hook], **fit)
    return {"losses": hook.losses, "checkpoint": sorted(estimator.get_variable_names())}


def dnn_of_arrays(tf):
    learn = tf.contrib.learn
    columns = learn.infer_real_valued_columns_from_input(X)
    classifier = learn.DNNClassifier([5, 4], columns, n_classes=3)
    found = fitted(tf, classifier, x=X, y=Y3, steps=3)
    found["evaluated"] = numbers(classifier.evaluate(x=X, y=Y3))
    found["classes"] = plain(list(classifier.predict(X[:5])))
    found["at once"] = plain(classifier.predict(X[:5], as_iterable=False))
    found["probabilities"] = plain(list(classifier.predict_proba(X[:2])))
    return found


def sk_compat(tf):
    """Shuffled batches come in an order of their own."""
    learn = tf.contrib.learn
    columns = learn.infer_real_valued_columns_from_input(X)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    config = learn.RunConfig(tf_random_seed=42)
    inner = learn.DNNClassifier([4], columns, n_classes=3, optimizer=optimizer, activation_fn="tanh", config=config)
    classifier, hook = learn.SKCompat(inner), watcher(tf)
    classifier.fit(X, Y3, batch_size=15, steps=7, monitors=[hook])
    predicted = classifier.predict(X)
    by_spec = {"again": learn.MetricSpec(tf.metrics.accuracy, prediction_key="classes")}
    by_pair = {("pair", "classes"): lambda predictions, labels: tf.metrics.mean(tf.cast(predictions, tf.float32))}
    return {
        "losses": hook.losses,
        "predicted": {key: [list(value.shape), plain(value[0])] for key, value in predicted.items()},
        "scores": numbers(classifier.score(X, Y3, metrics=by_spec)),
        "by pair": numbers(classifier.score(X, Y3, metrics=by_pair)),
    }


def linear_of_two(tf):
    learn = tf.contrib.learn
    classifier = learn.LinearClassifier(learn.infer_real_valued_columns_from_input(X))
    found = fitted(tf, classifier, x=X, y=Y2, steps=4, batch_size=16)
    found["evaluated"] = numbers(classifier.evaluate(X, Y2))
    found["outputs"] = numbers(next(classifier.predict(X, outputs=["logistic", "probabilities"])))
    return found


def regressors(tf):
    """Of an input function that gives constants, with weights and clipped gradients."""
    learn, layers = tf.contrib.learn, tf.contrib.layers
    columns = [layers.real_valued_column("a"), layers.real_valued_column("b", 2, normalizer=lambda b: b * 3.0)]

    def data():
        weights = np.linspace(1, 2, N).astype(np.float32)
        features = {"a": tf.constant(X[:, :1], tf.float32), "b": tf.constant(X[:, 1:], tf.float32), "w": weights}
        features["w"] = tf.constant(weights)
        return features, tf.constant(YR)

    found = {}
    for name, regressor in (
        ("dnn", learn.DNNRegressor([4], columns, gradient_clip_norm=1.0, weight_column_name="w")),
        ("linear", learn.LinearRegressor(columns, gradient_clip_norm=0.5)),
    ):
        found[name] = fitted(tf, regressor, input_fn=data, steps=3)
        found[name]["evaluated"] = numbers(regressor.evaluate(input_fn=data, steps=1))
        found[name]["scores"] = plain(list(regressor.predict(input_fn=data)))[:3]
    return found


def of_words(tf):
    learn, layers = tf.contrib.learn, tf.contrib.layers
    words = layers.sparse_column_with_keys("c", ["a", "b", "c"])

    def data():
        sparse = tf.SparseTensor([[i, 0] for i in range(N)], C, [N, 1])
        return {"c": sparse, "a": tf.constant(X[:, :1], tf.float32)}, tf.constant(Y3)

    a = layers.real_valued_column("a")
    return {
        "dnn": fitted(
            tf, learn.DNNClassifier([4], [layers.embedding_column(words, 3), a], n_classes=3), input_fn=data, steps=2
        ),
        "linear": fitted(tf, learn.LinearClassifier([words, a], n_classes=3), input_fn=data, steps=2),
    }


def of_tuples(tf):
    """A model_fn of two arguments that gives (predictions, loss, train_op), and builds its loss to predict, too."""

    def model_fn(x, y):
        predictions = tf.reshape(tf.contrib.layers.fully_connected(x, 1, None), [-1])
        loss = tf.losses.mean_squared_error(predictions, tf.reshape(y, [-1]))
        step = tf.train.get_global_step()
        return predictions, loss, tf.contrib.layers.optimize_loss(loss, step, optimizer="Adagrad", learning_rate=0.1)

    learn = tf.contrib.learn
    regressor, hook = learn.SKCompat(learn.Estimator(model_fn)), watcher(tf)
    regressor.fit(X.astype(np.float32), YR.reshape(-1, 1), batch_size=16, steps=4, monitors=[hook])
    return {"losses": hook.losses, "predicted": plain(regressor.predict(X.astype(np.float32)))[:4]}


def of_ops(tf):
    """A model_fn that gives ModelFnOps with metrics, in another folder, and feature engineering."""
    learn = tf.contrib.learn

    def model_fn(features, labels, mode, params, model_dir):
        assert model_dir == folder
        w = tf.get_variable("w", [], initializer=tf.constant_initializer(0.5))
        y = features["x"] * w
        loss = tf.reduce_mean(tf.square(y - labels)) if mode != learn.ModeKeys.INFER else None
        train = None
        if mode == learn.ModeKeys.TRAIN:
            step = tf.train.get_global_step()
            train = tf.train.GradientDescentOptimizer(params["rate"]).minimize(loss, step)
        metrics = {} if loss is None else {"mine": tf.metrics.mean(y)}
        return learn.ModelFnOps(mode, {"y": y}, loss, train, metrics)

    folder = tempfile.mkdtemp()
    given = learn.io.numpy_input_fn({"x": X[:, 0].astype(np.float32)}, YR, 16, shuffle=False, num_epochs=3)
    estimator = learn.Estimator(
        model_fn, folder, params={"rate": 0.1}, feature_engineering_fn=lambda x, y: ({"x": x["x"] + 1.0}, y)
    )
    estimator.fit(input_fn=given, max_steps=5)
    return {
        "evaluated": numbers(estimator.evaluate(input_fn=given, steps=2, name="few")),
        "predicted": plain([each["y"] for each in estimator.predict(input_fn=given)]),
    }


def experiment(tf):
    learn = tf.contrib.learn

    def experiment_fn(run_config, hparams):
        estimator = learn.LinearRegressor([tf.contrib.layers.real_valued_column("x")], config=run_config)

        def data():
            return {"x": tf.constant(X[:, :1], tf.float32)}, tf.constant(YR)

        return learn.Experiment(estimator, data, data, train_steps=hparams.steps, eval_steps=2)

    config = learn.RunConfig(model_dir=tempfile.mkdtemp())
    hparams = tf.contrib.training.HParams(steps=4)
    results, exports = learn.learn_runner.run(experiment_fn, run_config=config, hparams=hparams)
    return {"results": numbers(results), "exports": exports}


def columns_together(tf):
    layers = tf.contrib.layers
    features = {
        "x": tf.constant([[1.0, 3.0], [2.0, 4.0]]),
        "y": tf.constant([1.0, 2.0]),
        "c": tf.constant([["a"], ["b"]]),
        "i": tf.constant([[0], [1]], dtype=tf.int64),
        "s": tf.SparseTensor([[0, 0], [0, 1], [1, 0]], ["p", "q", "r"], [2, 2]),
    }
    x = layers.real_valued_column("x", dimension=2, normalizer=lambda v: v * 2)
    y, c = layers.real_valued_column("y"), layers.sparse_column_with_keys("c", ["a", "b"])
    s = layers.sparse_column_with_hash_bucket("s", 10)
    i = layers.sparse_column_with_integerized_feature("i", 3)
    bucketized = layers.bucketized_column(y, [1.5])
    dense = [x, y, layers.one_hot_column(c), layers.embedding_column(s, 3), bucketized]
    dense.append(layers.embedding_column(i, 2, combiner="sum"))
    together = layers.input_from_feature_columns(features, dense)
    sums = [layers.weighted_sum_from_feature_columns(features, [x, y, c, s, i, bucketized], n, scope="s%d" % n)
            for n in (1, 2)]  # fmt: skip
    spec = layers.create_feature_spec_for_parsing([x, c, i])
    hook = watcher(tf)
    tf.add_to_collection(tf.GraphKeys.LOSSES, tf.constant(0.0))
    hook.begin()
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer(), tf.local_variables_initializer()])
        hook.after_create_session(session, None)
        values = session.run([together] + [s[0] for s in sums])
    kept = sorted(v.op.name for v in tf.get_collection(tf.GraphKeys.MODEL_VARIABLES))
    return {"values": [plain(v) for v in values], "variables": hook.variables, "model": kept, "keys": sorted(spec)}


def iris(tf):
    data = tf.contrib.learn.datasets.load_dataset("iris")
    return {"sums": plain(data.data.sum(0)), "rows": plain(data.data[[0, 34, 37, 149]]), "target": plain(data.target)}


def words(tf):
    processing = tf.contrib.learn.preprocessing
    texts = ["The cat's MATLABCode ate the-mat", "a cat, a dog: aDog", u"\u00fcber the cat the cat"]
    processor = processing.VocabularyProcessor(5)
    found = {"numbers": [plain(x) for x in processor.fit_transform(texts)], "length": len(processor.vocabulary_)}
    found["unknown"] = plain(next(processor.transform(["a new cat"])))
    found["back"] = list(processor.reverse([[1, 2, 0]]))
    frequent = processing.VocabularyProcessor(6, min_frequency=1)
    found["frequent"] = [plain(x) for x in frequent.fit_transform(texts)]
    found["names"] = [frequent.vocabulary_.reverse(i) for i in range(len(frequent.vocabulary_))]
    path = os.path.join(tempfile.mkdtemp(), "vocabulary")
    processor.save(path)
    found["restored"] = plain(next(processing.VocabularyProcessor.restore(path).transform(texts)))
    bytewise = processing.ByteProcessor(6)
    found["bytes"] = [plain(x) for x in bytewise.transform(texts)]
    found["texts"] = list(bytewise.reverse([np.array([99, 97, 116, 0, 0])]))
    return found


PROGRAMS = {
    "words": words,
    "dnn of arrays": dnn_of_arrays,
    "sk compat": sk_compat,
    "linear of two": linear_of_two,
    "regressors": regressors,
    "of words": of_words,
    "of tuples": of_tuples,
    "of ops": of_ops,
    "experiment": experiment,
    "columns together": columns_together,
    "iris": iris,
}
