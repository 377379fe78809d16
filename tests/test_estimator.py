"""tf.estimator: what input functions may give, what is refused and how, and exported models without this package."""

import json
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from goldens.estimator.programs import model_fn

import tf1compat.v1 as tf

E = tf.estimator
X = np.linspace(-1, 1, 12).astype(np.float32)
Y = (3 * X + 1).astype(np.float32)


def linear(tmp_path=None, **kwargs):
    return E.Estimator(model_fn(tf), tmp_path, params={"rate": 0.1}, **kwargs)


def numpy_input(epochs=1, y=Y, shuffle=False, batch_size=4):
    return E.inputs.numpy_input_fn({"x": X}, y, batch_size=batch_size, num_epochs=epochs, shuffle=shuffle)


def as_tuple():
    return {"x": tf.constant(X)}, tf.constant(Y)


def as_dataset():
    return tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(12)


def as_feature_columns(mode, params, config):
    assert (mode, params, config.save_summary_steps) == (E.ModeKeys.EVAL, {"rate": 0.1}, 100)
    return as_tuple()


def as_pandas():
    pandas = pytest.importorskip("pandas")
    x, y = pandas.DataFrame({"x": X}), pandas.Series(Y, name="y")
    return E.inputs.pandas_input_fn(x, y, batch_size=12, shuffle=False)()


# Input functions.


@pytest.mark.parametrize("form", [as_tuple, as_dataset, as_feature_columns, as_pandas])
def test_forms_of_input_functions(form):
    """Evaluated with the weights 0.1 of the start, whatever the form."""
    found = linear().evaluate(form, steps=1)
    np.testing.assert_allclose(found["loss"], np.mean((0.1 * X + 0.1 - Y) ** 2), rtol=1e-5)
    assert found["global_step"] == 0


def test_numpy_input_fn_goes_over_the_end_of_an_epoch():
    features, labels = E.inputs.numpy_input_fn(np.arange(5), np.arange(5) * 2, 4, num_epochs=2, shuffle=False)()
    with tf.Session() as session:
        found = []
        with pytest.raises(tf.errors.OutOfRangeError):
            while True:
                found.append(session.run([features, labels]))
    assert [x.tolist() for x, _ in found] == [[0, 1, 2, 3], [4, 0, 1, 2], [3, 4]]
    assert all((2 * x == y).all() for x, y in found)


def test_numpy_input_fn_shuffles_every_example_in():
    x = E.inputs.numpy_input_fn(np.arange(50), None, 50, shuffle=True)()
    with tf.Session() as session:
        found = session.run(x)
    assert sorted(found) == list(range(50)) and list(found) != list(range(50))


@pytest.mark.parametrize(
    "x,y,kwargs,error,message",
    [
        ({"x": X}, Y, {}, ValueError, "shuffle must be provided"),
        ({"x": X}, Y[:5], {"shuffle": False}, ValueError, "Length of tensors in x and y is mismatched"),
        ({"x": X}, {"x": Y}, {"shuffle": False}, ValueError, "duplicate keys"),
        ({}, Y, {"shuffle": False}, ValueError, "empty dict"),
        (list(X), Y, {"shuffle": False}, TypeError, "x must be a dict or array; got list"),
        ({"x": X}, Y, {"shuffle": False, "num_threads": 0}, ValueError, "num_threads"),
    ],
)
def test_numpy_input_fn_names_what_does_not_fit(x, y, kwargs, error, message):
    with pytest.raises(error, match=message):
        E.inputs.numpy_input_fn(x, y, **kwargs)()


def test_an_input_function_of_three():
    with pytest.raises(ValueError, match="len 2 tuple"):
        linear().train(lambda: (1, 2, 3), steps=1)


def test_a_dataset_starts_although_the_scaffold_has_init_ops_of_its_own():
    def build(features, labels, mode, params):
        spec = model_fn(tf)(features, labels, mode, params)
        return spec._replace(scaffold=tf.train.Scaffold(local_init_op=tf.local_variables_initializer()))

    estimator = E.Estimator(build, params={"rate": 0.1}).train(as_dataset)
    assert estimator.get_variable_value("global_step") == 1


# What is refused.


@pytest.mark.parametrize(
    "make,error,message",
    [
        (lambda: E.Estimator(None), ValueError, "model_fn must be provided"),
        (lambda: E.Estimator(lambda labels: 0), ValueError, "must include features"),
        (lambda: E.Estimator(lambda features, other: 0), ValueError, r"not expected args: \['other'\]"),
        (lambda: E.Estimator(lambda features: 0, params={}), ValueError, "does not include params"),
        (lambda: E.Estimator(lambda features: 0, config=1), ValueError, "instance of `RunConfig`"),
        (lambda: linear("a", config=E.RunConfig("b")), ValueError, "different values"),
        (lambda: linear().train(as_tuple, steps=1, max_steps=2), ValueError, "both steps and max_steps"),
        (lambda: linear().train(as_tuple, steps=0), ValueError, "steps > 0"),
        (lambda: linear().train(as_tuple, hooks=[1]), TypeError, "SessionRunHook"),
        (lambda: linear().train(as_tuple, saving_listeners=[1]), TypeError, "CheckpointSaverListener"),
        (lambda: linear().evaluate(as_tuple, steps=-1), ValueError, "steps > 0"),
        (lambda: next(linear().predict(as_tuple, ["z"])), ValueError, r"Expected to run at least one .*\['y'\]"),
        (lambda: linear().get_variable_names(), ValueError, "Could not find trained model"),
        (lambda: linear(warm_start_from=3), ValueError, "warm_start_from"),
        (lambda: E.RunConfig(save_checkpoints_steps=1, save_checkpoints_secs=1), ValueError, "cannot be both set"),
        (lambda: E.RunConfig(train_distribute=object()), NotImplementedError, "one replica"),
        (lambda: E.RunConfig().replace(what=1), ValueError, "Replacing what"),
        (lambda: E.EvalSpec(as_tuple, steps=0), ValueError, "steps > 0"),
        (lambda: E.TrainSpec(3), TypeError, "callable"),
        (lambda: E.train_and_evaluate(1, 2, 3), TypeError, "estimator"),
        (lambda: E.BestExporter(serving_input_receiver_fn=1, compare_fn=None), ValueError, "compare_fn"),
        (lambda: E.MultiClassHead(2), ValueError, "n_classes must be > 2"),
        (lambda: E.BinaryClassHead(thresholds=[1.5]), ValueError, "thresholds not in"),
        (lambda: E.BinaryClassHead(loss_reduction="none"), ValueError, "Invalid loss_reduction"),
        (lambda: E.RegressionHead(loss_fn=lambda labels: 0), ValueError, "must contain argument: logits"),
        (lambda: E.MultiHead([E.RegressionHead()]), ValueError, "must have name"),
        (lambda: E.RegressionHead().metrics(), NotImplementedError, "eval_metric_ops"),
        (lambda: E.DNNLinearCombinedClassifier(), ValueError, "must be defined"),
        (lambda: E.add_metrics(linear(), lambda what: 0), ValueError, r"\['what'\]"),
        (lambda: E.BoostedTreesClassifier([], 1), NotImplementedError, "BoostedTreesClassifier"),
        (lambda: E.experimental.KMeans(3), NotImplementedError, "KMeans"),
        (lambda: E.experimental.LinearSDCA("id"), NotImplementedError, "LinearSDCA"),
        (lambda: E.tpu.TPUEstimator(), NotImplementedError, "TPUEstimator"),
    ],
)
def test_what_cannot_be_says_why(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_a_cluster_of_two_is_refused(monkeypatch):
    config = {"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    with pytest.raises(NotImplementedError, match="cluster of 2 tasks"):
        E.RunConfig()


def test_members_of_estimator_cannot_be_overridden():
    class Mine(E.Estimator):
        def train(self, *args):
            pass

    with pytest.raises(ValueError, match="cannot override"):
        Mine(model_fn(tf))


@pytest.mark.parametrize(
    "given,error,message",
    [
        ({"mode": "train", "loss": "loss"}, ValueError, "Missing train_op"),
        ({"mode": "eval"}, ValueError, "Missing loss"),
        ({"mode": "infer"}, ValueError, "Missing predictions"),
        ({"mode": "eval", "loss": "vector"}, ValueError, "Loss must be scalar"),
        ({"mode": "eval", "loss": 3.0}, TypeError, "loss must be Tensor"),
        ({"mode": "eval", "loss": "elsewhere"}, ValueError, "must be from the default graph"),
        ({"mode": "eval", "loss": "loss", "eval_metric_ops": {"a": "loss"}}, TypeError, "for key: a"),
        ({"mode": "infer", "predictions": "loss", "prediction_hooks": [1]}, TypeError, "SessionRunHook"),
    ],
)
def test_a_spec_names_what_is_missing_or_wrong(given, error, message):
    with tf.Graph().as_default():
        elsewhere = tf.constant(1.0)
    known = {"loss": tf.constant(1.0), "vector": tf.constant([1.0, 2.0]), "elsewhere": elsewhere}
    mode = given["mode"]
    given = {k: known.get(v, v) if isinstance(v, str) else v for k, v in given.items() if k != "mode"}
    with pytest.raises(error, match=message):
        E.EstimatorSpec(mode, **given)


@pytest.mark.parametrize(
    "labels,message",
    [
        (np.array([0, 1, 2], np.int64), "Labels must <= n_classes - 1"),
        (np.array([[0, 1]] * 3, np.int64), "Mismatched label shape"),
        (None, "must provide a labels Tensor"),
    ],
)
def test_labels_that_do_not_fit(labels, message):
    estimator = E.BaselineClassifier()
    features = {"x": np.zeros(3, np.float32)}
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match=message):
        estimator.train(E.inputs.numpy_input_fn(features, labels, 3, shuffle=False), steps=1)


# Exported models, predictors, contrib.


def test_an_exported_model_serves_without_this_package(tmp_path):
    column = tf.feature_column.numeric_column("x")
    estimator = E.DNNClassifier([3], [column], str(tmp_path / "model"))
    estimator.train(E.inputs.numpy_input_fn({"x": X}, (Y > 0).astype(int), 4, shuffle=False), steps=2)
    receiver = E.export.build_raw_serving_input_receiver_fn({"x": tf.placeholder(tf.float32, [None, 1], name="x")})
    path = os.fsdecode(estimator.export_saved_model(str(tmp_path / "export"), receiver))
    expected = [each["probabilities"].tolist() for each in estimator.predict(numpy_input(y=None))]

    predict = tf.contrib.predictor.from_saved_model(path, "predict")
    np.testing.assert_allclose(predict({"x": X[:, None]})["probabilities"], expected, rtol=1e-5)
    with pytest.raises(ValueError, match=r"unexpected keys in input_dict: \['z'\]"):
        predict({"z": 1})
    with pytest.raises(ValueError, match="Available signatures are"):
        tf.contrib.predictor.from_saved_model(path, "other")
    predict = tf.contrib.predictor.from_estimator(estimator, receiver, "predict")
    np.testing.assert_allclose(predict({"x": X[:, None]})["probabilities"], expected, rtol=1e-5)

    program = f"""
        import sys, json, numpy as np, tensorflow as tf
        model = tf.saved_model.load({path!r})
        found = model.signatures["predict"](x=tf.constant(np.linspace(-1, 1, 12).astype(np.float32)[:, None]))
        assert not [name for name in sys.modules if name.startswith("tf1compat")]
        print(json.dumps(found["probabilities"].numpy().tolist()))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True, timeout=300
    )
    np.testing.assert_allclose(json.loads(done.stdout.splitlines()[-1]), expected, rtol=1e-5)


def test_best_exporter_and_latest_exporter_keep_what_they_say(tmp_path):
    receiver = E.export.build_raw_serving_input_receiver_fn({"x": tf.placeholder(tf.float32, [None], name="x")})
    exporters = [
        E.LatestExporter("latest", receiver, exports_to_keep=1),
        E.BestExporter("best", receiver, compare_fn=lambda best, now: now["loss"] > best["loss"]),
        E.FinalExporter("final", receiver),
    ]
    estimator = linear(str(tmp_path), config=E.RunConfig(save_checkpoints_steps=2))
    E.train_and_evaluate(
        estimator,
        E.TrainSpec(numpy_input(None), max_steps=6),
        E.EvalSpec(numpy_input(), exporters=exporters, throttle_secs=0),
    )
    counts = {name: len(os.listdir(tmp_path / "export" / name)) for name in ("latest", "best", "final")}
    # The loss falls, so by this comparison the first one stays the best.
    assert counts == {"latest": 1, "best": 1, "final": 1}


def test_heads_and_extensions_of_contrib():
    contrib = tf.contrib.estimator
    head = contrib.regression_head(label_dimension=1)
    optimizer = contrib.clip_gradients_by_norm(tf.train.GradientDescentOptimizer(1.0), 0.5)
    estimator = E.LinearEstimator(head, [tf.feature_column.numeric_column("x")], optimizer=lambda: optimizer)
    estimator.train(numpy_input(batch_size=12), steps=1)
    moved = [estimator.get_variable_value(f"linear/linear_model/{n}").item() for n in ("x/weights", "bias_weights")]
    np.testing.assert_allclose(np.linalg.norm(moved), 0.5, rtol=1e-5)  # the step has the length of the clip
    forwarding = contrib.forward_features(estimator, "x")
    found = next(forwarding.predict(numpy_input(y=None)))
    assert sorted(found) == ["predictions", "x"] and found["x"] == X[0]
    with pytest.raises(ValueError, match='Key "z" is not in'):
        next(contrib.forward_features(estimator, ["z"]).predict(numpy_input(y=None)))


# tf.contrib.learn.


@pytest.mark.parametrize(
    "make,error,message",
    [
        (lambda learn: learn.Estimator(), ValueError, "model_fn must be provided"),
        (lambda learn: learn.Estimator(lambda x, y: 0, params=1), ValueError, "does not have a params argument"),
        (lambda learn: learn.Estimator(lambda x, y: 0).fit(), ValueError, "Either x or input_fn"),
        (lambda learn: learn.Estimator(lambda x, y: 0).fit(X, Y, as_tuple), ValueError, "both input_fn and x or y"),
        (lambda learn: learn.Estimator(lambda x, y: 0).fit(X, Y, steps=1), (TypeError, ValueError), "Unrecognized"),
        (lambda learn: learn.Estimator(lambda x, y: 0).fit(X, Y, batch_size=0), ValueError, "Invalid batch_size 0"),
        (lambda learn: learn.Estimator(lambda x, y: 0).fit(iter(X), Y), NotImplementedError, "from_generator"),
        (lambda learn: learn.Estimator(lambda x, y: 0).fit(X, Y, monitors=[1]), NotImplementedError, "SessionRunHook"),
        (lambda learn: learn.Estimator(lambda x, y: 0).evaluate(X, Y), ValueError, "find trained model"),
        (lambda learn: learn.SKCompat(linear()), ValueError, "SKCompat needs an Estimator"),
        (lambda learn: learn.DNNClassifier([1], [], enable_centered_bias=True), NotImplementedError, "centered_bias"),
        (lambda learn: learn.RunConfig(master="grpc://a"), NotImplementedError, "own cluster"),
        (lambda learn: learn.ModelFnOps("other"), ValueError, "Invalid mode"),
        (lambda learn: learn.datasets.load_boston(), NotImplementedError, "data_path"),
        (lambda learn: learn.datasets.load_dataset("other"), ValueError, "not found"),
        (lambda learn: learn.KMeansClustering(3), NotImplementedError, "KMeansClustering"),
        (lambda learn: learn.monitors.ValidationMonitor(X), NotImplementedError, "ValidationMonitor"),
    ],
)
def test_what_contrib_learn_refuses(make, error, message):
    with pytest.raises(error, match=message):
        make(tf.contrib.learn)


def test_the_private_paths_of_contrib_learn():
    inside = tf.contrib.learn.python.learn
    assert inside.estimators.estimator.SKCompat is tf.contrib.learn.SKCompat
    assert inside.datasets.base.Dataset is tf.contrib.learn.datasets.base.Dataset
    assert inside.datasets.mnist.read_data_sets is tf.contrib.learn.datasets.mnist.read_data_sets


def test_csv_files(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("2,3,a,b\n1.5,2,3,0\n4,5,6,1\n")
    data = tf.contrib.learn.datasets.base.load_csv_with_header(str(path), np.int32, np.float32)
    np.testing.assert_array_equal(data.data, np.array([[1.5, 2, 3], [4, 5, 6]], np.float32))
    assert data.target.tolist() == [0, 1] and data.target.dtype == np.int32 and data.data.dtype == np.float32
    path.write_text("3,3,a,b\n1.5,2,3,0\n4,5,6,1\n")
    with pytest.raises(ValueError, match=r"the header says \(3, 3\)"):
        tf.contrib.learn.datasets.base.load_csv_with_header(str(path), np.int32, np.float32)
