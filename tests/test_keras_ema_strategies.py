"""The Keras callbacks under MirroredStrategy (two virtual devices), and what Keras itself cannot train there.

Each combination that the callbacks refuse is tried without them, too: where a newer Keras can train it, its
test fails, and it is time to let it through.
"""

import json
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np

BEGIN = """
    import json, sys
    import keras, numpy as np, tensorflow as tf
    device = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(device, [tf.config.LogicalDeviceConfiguration()] * 2)
    from keras_averages import *
    from tf1compat.keras import ExponentialMovingAverage, GradientClipping
    TWO = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    ONE = tf.distribute.MirroredStrategy(["CPU:0"])
    def under(strategy, make=dense, optimizer=None, **options):
        with strategy.scope():
            return compiled(make, optimizer and optimizer(), **options)
"""

TRAINING = """
    answer = {}
    for name, strategy, make, arguments in [
        ("two", TWO, dense, {"num_updates": True}),
        ("two, debiased", TWO, dense, {"zero_debias": True}),
        ("two, all", TWO, convolutional, {"variables": "all"}),
        ("two, unbuilt", TWO, unbuilt, {}),
        ("one, skipping", ONE, dense, {"num_updates": True}),
    ]:
        scaled = lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.3), 2.0**127, 3)
        model = under(strategy, make, scaled if "skipping" in name else None)
        record, average = Record(), ExponentialMovingAverage(0.9, **arguments)
        evaluated = name in ("two", "two, all")
        validation = {"validation_data": (X, Y), "validation_batch_size": BATCH} if evaluated else {}
        history = fit(model, average, record, **validation).history
        arguments.pop("variables", None)
        if "num_updates" in arguments:
            arguments["num_updates"] = lambda step: step
        steps = record.steps()
        if "unbuilt" in name:  # Keras builds it before training
            assert len(steps) == 13
        wanted = recurrence(steps, 0.9, **arguments)
        pairs = [(v, w) for v, w in zip(model.weights, wanted, strict=True) if average.average(v) is not None]
        assert_close(averages(average, [v for v, _ in pairs]), [w for _, w in pairs])
        parts = lambda: [part.numpy() for v in model.weights for part in strategy.experimental_local_results(v.value)]
        own = parts()
        for variable in model.trainable_weights:
            first, *others = strategy.experimental_local_results(average.average(variable))
            assert_same([other.numpy() for other in others], [first.numpy()] * len(others))
        if evaluated:
            with_average = model.evaluate(X, Y, BATCH, verbose=0, callbacks=[average])
            assert_same(parts(), own)
            with average.swapped():
                assert model.evaluate(X, Y, BATCH, verbose=0) == with_average
            assert_same(parts(), own)
            assert with_average[0] == history["val_loss"][-1]
            assert with_average != model.evaluate(X, Y, BATCH, verbose=0)
        answer[name] = [len(steps) - 1, *(float(np.abs(w).sum()) for w in values(model.weights))]
        if name == "two":  # the same trajectory as one device with the whole batch
            alone = compiled(make)
            fit(alone)
            assert_close(values(model.weights), values(alone.weights), 2e-6)
    print(json.dumps(answer))
"""

REFUSED = """
    SGD = keras.optimizers.SGD
    CASES = {
        "jit_compile": (TWO, {"jit_compile": True}),
        "steps_per_execution": (TWO, {"steps_per_execution": 2}),
        "accumulation": (TWO, {"optimizer": lambda: SGD(0.3, gradient_accumulation_steps=2)}),
        "accumulation, one device": (ONE, {"optimizer": lambda: SGD(0.3, gradient_accumulation_steps=2)}),
        "loss scaling": (TWO, {"optimizer": lambda: keras.optimizers.LossScaleOptimizer(SGD(0.3), 2.0**120)}),
    }
    answer = {}
    x = X[:32].copy()
    x[BATCH // 2 : BATCH] = 1e30  # overflows for the second replica, not for the first
    for name, (strategy, options) in CASES.items():
        model, ours = under(strategy, **options), None
        before = values(model.weights)
        for callback in (ExponentialMovingAverage(0.9), GradientClipping("norm", 1.0)):
            try:
                fit(model, callback)
            except NotImplementedError as error:
                ours = str(error)
            assert ours
            assert_same(values(model.weights), before)
        try:
            model.fit(x, Y[:32], batch_size=BATCH, shuffle=False, verbose=0)
            theirs = "trained" if all(np.isfinite(w).all() for w in values(model.weights)) else "NaN"
        except Exception as error:
            theirs = type(error).__name__
        answer[name] = ours, theirs
    print(json.dumps(answer))
"""


def run(script):
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(BEGIN) + textwrap.dedent(script)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_averages_under_a_strategy():
    answer = run(TRAINING)
    assert {name: steps for name, (steps, *_) in answer.items()} == {
        "two": 12, "two, debiased": 12, "two, all": 12, "two, unbuilt": 12, "one, skipping": answer["one, skipping"][0],
    }  # fmt: skip
    assert 2 < answer["one, skipping"][0] < 12
    np.testing.assert_array_equal(answer["two"], answer["two, debiased"])


def test_what_keras_cannot_train_under_a_strategy_is_refused():
    answer = run(REFUSED)
    for name, said, theirs in [
        ("jit_compile", "compile(jit_compile=True) under MirroredStrategy", ["InvalidArgumentError"]),
        ("steps_per_execution", "compile(steps_per_execution=2) under MirroredStrategy", ["InvalidArgumentError"]),
        ("accumulation", "gradient_accumulation_steps under MirroredStrategy", ["RuntimeError"]),
        ("accumulation, one device", "gradient_accumulation_steps under MirroredStrategy", ["RuntimeError"]),
        ("loss scaling", "LossScaleOptimizer under MirroredStrategy", ["NaN"]),
    ]:
        assert answer[name][0].startswith(said) and "Instead, " in answer[name][0]
        assert answer[name][1] in theirs, f"Keras does something else now for {name}: {answer[name]}"


WORKER = """
import json, os, sys
os.environ["TF_CONFIG"] = sys.argv[1]
import keras, numpy as np, tensorflow as tf
from tf1compat.keras import ExponentialMovingAverage, GradientClipping
ExponentialMovingAverage(0.9)
strategy = tf.distribute.MultiWorkerMirroredStrategy()
with strategy.scope():
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
ours, theirs = [], "trained"
for make in (lambda: ExponentialMovingAverage(0.9), lambda: GradientClipping("norm", 1.0)):
    try:
        make()
    except NotImplementedError as error:
        ours.append(str(error))
try:
    model.fit(np.ones((8, 5)), np.ones((8, 1)), batch_size=8, verbose=0)
except Exception as error:
    theirs = type(error).__name__
print(json.dumps([ours, theirs]), flush=True)
os._exit(0)  # the other process may be gone already
"""


def test_fit_under_multi_worker_mirrored_strategy_is_refused():
    sockets = [socket.socket() for _ in range(2)]
    for each in sockets:
        each.bind(("localhost", 0))
    workers = [f"localhost:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                WORKER,
                json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for index in range(2)
    ]
    for process in processes:
        try:
            out, err = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            for each in processes:
                each.kill()
            raise
        assert out, err
        ours, theirs = json.loads(out.strip().splitlines()[-1])
        assert len(ours) == 2 and all(
            message.startswith("fit under MultiWorkerMirroredStrategy does not work") for message in ours
        )
        assert theirs in ("ValueError", "TypeError"), f"Keras does something else now: {theirs}"
