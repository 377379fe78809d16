"""A training step under MirroredStrategy: the trajectory of one device with all the examples, clipping included."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

# Two classes of words, each example three of them: the embedding's gradients are IndexedSlices. The second
# replica's examples are harder, so that what it clips for itself differs from what both clip together.
PROGRAM = """
import json, sys
import numpy as np, tensorflow as tf
device = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(device, [tf.config.LogicalDeviceConfiguration()] * 2)
from tf1compat import train
from tf1compat.graph import Graph, Session

STEPS, BATCH, WORDS = 6, 8, 6
generator = np.random.default_rng(3)
WORD = generator.integers(0, WORDS, [STEPS, BATCH, 3])
SCALE = np.float32([1] * 4 + [5] * 4)[:, None]
PICTURE = (generator.normal(size=[STEPS, BATCH, 5]) * SCALE).astype("float32")
LABEL = generator.integers(0, 2, [STEPS, BATCH])
START = {"embedding": generator.normal(size=[WORDS, 4]), "kernel": generator.normal(size=[9, 2]), "bias": [0.0, 0.0]}
START = {name: np.float32(value) for name, value in START.items()}
LIMIT = 0.4

CLIPS = {
    "global_norm": lambda g: train.clip_by_global_norm(g, LIMIT)[0],
    "norm": lambda g: [train.clip_by_norm(each, LIMIT / 2) for each in g],
    "average_norm": lambda g: [train.clip_by_average_norm(each, 0.02) for each in g],
    "value": lambda g: [train.clip_by_value(each, -0.05, 0.02) for each in g],
}
OF_TENSORFLOW = {
    "global_norm": lambda g: tf.clip_by_global_norm(g, LIMIT)[0],
    "norm": lambda g: [tf.clip_by_norm(each, LIMIT / 2) for each in g],
    "value": lambda g: [tf.clip_by_value(each, -0.05, 0.02) for each in g],
}
OPTIMIZERS = {
    "momentum": lambda rate: train.MomentumOptimizer(rate, 0.9),
    "adam": lambda rate: train.AdamOptimizer(rate),
}

class Program:
    def __init__(self, optimizer, shares=1):
        self.weights = {name: tf.Variable(value, name=name) for name, value in START.items()}
        self.step = tf.Variable(0, dtype=tf.int64, name="global_step")
        self.optimizer = OPTIMIZERS[optimizer](train.exponential_decay(0.5, self.step, 3, 0.7))
        self.average = train.ExponentialMovingAverage(0.9, num_updates=self.step)
        self.average.build(self.weights.values())
        self.shares = shares

    def loss(self, word, picture, label):
        embedded = tf.reduce_sum(tf.gather(self.weights["embedding"], word), 1)
        logits = tf.concat([embedded, picture], 1) @ self.weights["kernel"] + self.weights["bias"]
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label, logits=logits)
        return tf.reduce_mean(losses) / self.shares

    def train(self, clip, reduce, *batch):
        if clip is None:
            self.optimizer.minimize(lambda: self.loss(*batch), self.step)
        else:
            gradients, variables = zip(*self.optimizer.compute_gradients(lambda: self.loss(*batch)))
            if reduce:
                gradients = train.reduce_gradients(gradients)
            gradients = clip(gradients)
            self.optimizer.apply_gradients(zip(gradients, variables), self.step, reduced=reduce)
        self.average.apply()

    def state(self):
        kept = [*self.weights.values(), *map(self.average.average, self.weights.values())]
        return [v.numpy().tolist() for v in kept] + [int(self.step.numpy())]

def alone(optimizer, clip, eager, reduce):
    program = Program(optimizer)
    step = program.train if eager else tf.function(program.train, autograph=False)
    for batch in zip(WORD, PICTURE, LABEL):
        step(clip, reduce, *map(tf.constant, batch))
    return program.state()

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])

def halves(values):
    parts = np.split(values, 2)
    give = lambda context: tf.constant(parts[context.replica_id_in_sync_group])
    return strategy.experimental_distribute_values_from_function(give)

def mirrored(optimizer, clip, eager, reduce):
    with strategy.scope():
        program = Program(optimizer, shares=2)
    run = lambda *batch: strategy.run(lambda *batch: program.train(clip, reduce, *batch), batch)
    run = run if eager else tf.function(run, autograph=False)
    for batch in zip(WORD, PICTURE, LABEL):
        run(*map(halves, batch))
    for kept in (*program.weights.values(), *program.average.variables(), *program.optimizer.variables()):
        parts = strategy.experimental_local_results(kept)
        assert len(parts) == 2, kept
        np.testing.assert_array_equal(*(part.numpy() for part in parts))
    return program.state()

found = {"cases": {}, "unreduced": {}, "errors": {}}
for optimizer in OPTIMIZERS:
    for name, clip in {"none": None, **CLIPS}.items():
        if name == "none" or optimizer == "momentum":
            for eager in ((False, True) if name == "global_norm" else (False,)):
                expected, got = (each(optimizer, clip, eager, True) for each in (alone, mirrored))
                found["cases"][f"{optimizer}, {name}, {'eager' if eager else 'function'}"] = expected, got
for name, clip in OF_TENSORFLOW.items():
    found["unreduced"][name] = alone("momentum", clip, False, False), mirrored("momentum", clip, False, False)

# What is refused, and what is not.
def error(function, where=strategy.run):
    try:
        where(function)
    except Exception as error:
        return f"{type(error).__name__}: {error}"

with strategy.scope():
    program = Program("momentum", 2)
    kernel = program.weights["kernel"]
pairs = lambda: program.optimizer.compute_gradients(lambda: tf.reduce_sum(kernel), [kernel])
share, tensor = lambda: pairs()[0][0], lambda: tf.ones([9, 2])
summed = lambda: train.reduce_gradients([share()])[0]
apply = lambda gradient, **how: program.optimizer.apply_gradients([(gradient, kernel)], **how)
errors = found["errors"]
for name, clip in CLIPS.items():
    errors[f"share, {name}"] = error(lambda: clip([share()]))
    errors[f"tensor, {name}"] = error(lambda: clip([tensor()]))
    errors[f"slices, {name}"] = error(lambda: clip(
        [g for g, _ in program.optimizer.compute_gradients(
            lambda: tf.reduce_sum(tf.gather(program.weights["embedding"], [1, 1])))]))
errors["share, norm given"] = error(lambda: train.clip_by_global_norm([share()], 1.0, use_norm=tf.constant(1.0)))
errors["tensor, norm given"] = error(lambda: train.clip_by_global_norm([tensor()], 1.0, use_norm=tf.constant(1.0)))
errors["share, norm alone"] = error(lambda: train.global_norm([share()]))
errors["variables, norm alone"] = error(lambda: float(train.global_norm([kernel, None])))
errors["tensor, reduced"] = error(lambda: apply(tensor(), reduced=True))
errors["share, reduced"] = error(lambda: apply(share(), reduced=True))
errors["sum, not reduced"] = error(lambda: apply(summed()))
errors["clipped sum, not reduced"] = error(lambda: apply(train.clip_by_norm(summed(), 1.0)))
errors["sum, reduced twice"] = error(lambda: train.reduce_gradients([summed()]))
errors["xla"] = error(tf.function(lambda: strategy.run(lambda: apply(share())), jit_compile=True), lambda f: f())

@tf.function(jit_compile=True)
def compiled():
    return tf.gradients(tf.reduce_sum(kernel * kernel), kernel)[0]

def compiled_in_part():
    apply(compiled())

errors["xla for the gradient"] = error(tf.function(lambda: strategy.run(compiled_in_part)), lambda f: f())

# TF1's graphs and Sessions.
with Graph().as_default(), strategy.scope():
    v1 = tf.compat.v1
    weight = v1.get_variable("weight", initializer=np.float32([3.0, -4.0]))
    count = v1.train.get_or_create_global_step()
    optimizer, average = train.MomentumOptimizer(0.5, 0.9), train.ExponentialMovingAverage(0.5)
    def step():
        gradients, variables = zip(*optimizer.compute_gradients(tf.reduce_sum(weight * weight) / 4))
        gradients, _ = train.clip_by_global_norm(train.reduce_gradients(gradients), 1.0)
        done = optimizer.apply_gradients(zip(gradients, variables), count, reduced=True)
        with tf.control_dependencies([done]):
            return average.apply()
    errors["graph, share"] = error(lambda: train.clip_by_norm(optimizer.compute_gradients(weight * weight)[0][0], 1.0))
    errors["graph, outside"] = error(lambda: optimizer.minimize(tf.reduce_sum(weight * weight)), lambda f: f())
    each = strategy.run(step)
    with Session() as session:
        session.run(v1.global_variables_initializer())
        errors["graph, fetch"] = error(lambda: session.run(strategy.run(lambda: weight * 2.0)), lambda f: f())
        for _ in range(3):
            session.run(strategy.experimental_local_results(each))
        found["graph"] = [np.stack(session.run(strategy.experimental_local_results(v))).tolist()
                          for v in (weight, average.average(weight))] + [int(session.run(count))]
json.dump(found, open(sys.argv[1], "w"))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    answer = tmp_path_factory.mktemp("strategies") / "answer.json"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(answer)], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(answer.read_text())


def assert_same(got, expected, what):
    for mine, wanted in zip(got, expected, strict=True):
        np.testing.assert_allclose(mine, wanted, rtol=2e-5, atol=2e-6, err_msg=what)


def test_the_trajectory_is_that_of_one_device(found):
    assert len(found["cases"]) == 7
    for case, (expected, got) in found["cases"].items():
        assert_same(got, expected, case)


def test_clips_change_the_trajectory_and_differ_where_each_replica_clips_its_share(found):
    unclipped = found["cases"]["momentum, none, function"][0]
    for name, (expected, got) in found["unreduced"].items():
        reduced = found["cases"][f"momentum, {name}, function"][0]
        assert_same(expected, reduced, name)  # on one device TensorFlow's clip is ours
        with pytest.raises(AssertionError):
            assert_same(got, reduced, name)
        with pytest.raises(AssertionError):
            assert_same(reduced, unclipped, name)


def test_clips_refuse_the_share_of_a_replica(found):
    errors = found["errors"]
    for kind in ("share", "slices"):
        for clip in ("global_norm", "norm", "average_norm", "value"):
            message = errors[f"{kind}, {clip}"]
            assert f"RuntimeError: clip_by_{clip} in a replica takes the sum of the replicas' gradients" in message
            assert "this replica's share: add them up before, by gradients = train.reduce_gradients" in message
    assert "this replica's share" in errors["share, norm given"]
    assert "global_norm in a replica" in errors["share, norm alone"]
    assert "not known to be that" in errors["tensor, global_norm"]
    assert "TensorFlow has tf.linalg.global_norm." in errors["tensor, global_norm"]
    for fine in ("tensor, norm", "tensor, average_norm", "tensor, value", "tensor, norm given"):
        assert errors[fine] is None
    assert errors["variables, norm alone"] is None


def test_gradients_are_added_up_once(found):
    errors = found["errors"]
    assert "apply_gradients(..., reduced=True) in a replica takes the sum" in errors["share, reduced"]
    assert errors["tensor, reduced"] is None
    for case in ("sum, not reduced", "clipped sum, not reduced"):
        assert "apply_gradients adds the replicas' gradients up, and " in errors[case]
        assert "pass apply_gradients(..., reduced=True)" in errors[case]
    assert "reduce_gradients adds the replicas' gradients up" in errors["sum, reduced twice"]


def test_xla_compiles_the_gradients_and_not_the_step_of_several_replicas(found):
    assert "XLA compiles for one device, and MirroredStrategy has 2 replicas" in found["errors"]["xla"]
    assert found["errors"]["xla for the gradient"] is None


def test_in_a_graph_a_session_runs_every_replicas_step(found):
    weight = average = np.array([3.0, -4.0])
    total = np.zeros(2)
    for _ in range(3):
        gradient = weight / np.linalg.norm(weight)  # the sum of two shares is longer than 1
        total = 0.9 * total + gradient
        weight = weight - 0.5 * total
        average = average - (average - weight) * 0.5
    weights, averages, count = found["graph"]
    np.testing.assert_allclose(weights, [weight] * 2, rtol=1e-5)
    np.testing.assert_allclose(averages, [average] * 2, rtol=1e-5)
    assert count == 3
    errors = found["errors"]
    assert "strategy.experimental_local_results(fetch)" in errors["graph, fetch"]
    assert "MirroredStrategy is in force here, but this is none of its replicas" in errors["graph, outside"]
    assert "this replica's share" in errors["graph, share"]


def test_outside_of_replicas_nothing_is_reduced(eager):
    import tensorflow as tf

    from tf1compat import train

    weights, slices = tf.Variable([3.0, 4.0]), tf.IndexedSlices(tf.ones([1, 2]), tf.constant([0]), tf.constant([2, 2]))
    gradient, none, same = train.reduce_gradients([np.float32([6.0, 8.0]), None, slices])
    assert none is None and same is slices
    (clipped,), norm = train.clip_by_global_norm([gradient], 1.0)
    train.GradientDescentOptimizer(1.0).apply_gradients([(clipped, weights)], reduced=True)
    np.testing.assert_allclose(weights.numpy(), [2.4, 3.2], rtol=1e-6)
    assert norm.numpy() == 10
