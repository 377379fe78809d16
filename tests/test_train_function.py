"""The documented train step as a `tf.function`: the numbers of the same program under a Session, on one device."""

import pathlib
import re

import keras
import numpy as np
import pytest
import tensorflow as tf

import tf1compat
from tf1compat import train
from tf1compat.graph import Graph, Session

v1 = tf.compat.v1

STEPS, BATCH, WORDS = 20, 16, 7
_generator = np.random.default_rng(7)
WORD = _generator.integers(0, WORDS, [STEPS, BATCH, 3])
PICTURE = _generator.normal(0, 2, [STEPS, BATCH, 5]).astype("float32")
LABEL = _generator.integers(0, 3, [STEPS, BATCH])
START = {
    "embedding": _generator.normal(size=[WORDS, 4]).astype("float32"),
    "kernel": _generator.normal(size=[9, 3]).astype("float32"),
    "bias": np.zeros(3, "float32"),
}
RULES = {
    "momentum": lambda rate: train.MomentumOptimizer(rate, 0.9, use_nesterov=True),
    "adam": lambda rate: train.AdamOptimizer(rate),
    "rmsprop": lambda rate: train.RMSPropOptimizer(rate, momentum=0.5, centered=True),
    "ftrl": lambda rate: train.FtrlOptimizer(rate, l1_regularization_strength=0.001),
}


class Program:
    """An embedding and a softmax: `step` builds a training step, or takes one, whatever the mode."""

    def __init__(self, rule, variable, global_step, clip, look_up=tf.gather):
        self.weights = {name: variable(value, name) for name, value in START.items()}
        self.global_step, self.clip, self.look_up = global_step, clip, look_up
        self.rate = train.exponential_decay(0.2, global_step, 5, 0.8, staircase=True)
        self.optimizer = RULES[rule](self.rate)
        self.average = train.ExponentialMovingAverage(0.9, num_updates=global_step)

    def loss(self, word, picture, label):
        embedded = tf.reduce_sum(self.look_up(tf.convert_to_tensor(self.weights["embedding"]), word), 1)
        logits = tf.matmul(tf.concat([embedded, picture], 1), self.weights["kernel"]) + self.weights["bias"]
        fit = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label, logits=logits))
        return fit + train.l2_regularizer(0.01)(tf.convert_to_tensor(self.weights["kernel"]))

    def step(self, word, picture, label):
        loss, weights = self.loss(word, picture, label), list(self.weights.values())
        if self.clip is None:
            update = self.optimizer.minimize(loss, self.global_step, weights)
        else:
            gradients, weights = zip(*self.optimizer.compute_gradients(loss, weights), strict=True)
            gradients, _ = train.clip_by_global_norm(gradients, self.clip)
            update = self.optimizer.apply_gradients(zip(gradients, weights, strict=True), self.global_step)
        with tf.control_dependencies([update]):
            averaged = self.average.apply(weights)
        with tf.control_dependencies([averaged]):
            return tf.identity(loss)

    def kept(self):
        averages = [self.average.average(weight) for weight in self.weights.values()]
        return [*self.weights.values(), *averages, *self.optimizer.variables(), self.global_step]


def under_session(rule, clip, look_up=tf.gather):
    """Each step's loss, and what is kept at the end."""
    with Graph().as_default(), Session() as session:
        step = v1.train.get_or_create_global_step()
        program = Program(rule, lambda value, name: v1.get_variable(name, initializer=value), step, clip, look_up)
        given = [v1.placeholder(values.dtype, values.shape[1:]) for values in (WORD, PICTURE, LABEL)]
        loss = program.step(*given)
        session.run(v1.global_variables_initializer())
        losses = [session.run(loss, dict(zip(given, batch, strict=True))) for batch in batches()]
        return losses, session.run(program.kept())


def batches():
    return list(zip(WORD, PICTURE, LABEL, strict=True))


VARIABLES = {
    "tensorflow": lambda value, name: tf.Variable(value, name=name),
    "keras": lambda value, name: keras.Variable(value, name=name),
}


def in_function(rule, clip, variables="tensorflow", look_up=tf.gather, **how):
    """What `under_session` returns, of a `tf.function`; and that function."""
    with tf1compat.eager():
        program = Program(rule, VARIABLES[variables], tf.Variable(0, dtype=tf.int64), clip, look_up)
        program.average.build(program.weights.values())
        step = tf.function(program.step, autograph=False, **how)
        first = step(*map(tf.constant, batches()[0]))
        traces = step.experimental_get_tracing_count()
        losses = [first, *(step(*map(tf.constant, batch)) for batch in batches()[1:])]
        assert step.experimental_get_tracing_count() == traces  # steps and rates change without another trace
        kept = [np.array(each.numpy()) for each in program.kept()]
        return [float(loss) for loss in losses], kept, step


def assert_same(got, expected, rtol=2e-5):
    np.testing.assert_allclose(got[0], expected[0], rtol=rtol)
    for mine, wanted in zip(got[1], expected[1], strict=True):
        np.testing.assert_allclose(mine, wanted, rtol=rtol, atol=2e-6)


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("rule", RULES)
def test_a_function_computes_what_a_session_computes(rule, jit):
    assert_same(in_function(rule, 0.3, jit_compile=jit), under_session(rule, 0.3))


@pytest.mark.parametrize("variables", VARIABLES)
def test_minimize_on_variables_of_tensorflow_and_keras(variables):
    assert_same(in_function("adam", None, variables, jit_compile=True), under_session("adam", None))


def test_clipping_and_its_limit_matter():
    clipped, unclipped = (under_session("momentum", clip)[0] for clip in (0.3, None))
    assert np.abs(np.subtract(clipped, unclipped)).max() > 0.01


#: Instructions by which an XLA program talks to its host while it runs, and ops that only a host can run.
TALK = re.compile(r"\b(infeed|outfeed|send|send-done|recv|recv-done|callback)\b|(To|From)Host|Host\w*Callback")
HOSTS = {"EagerPyFunc", "PyFunc", "PyFuncStateless", "Print", "PrintV2", "_HostSend", "_HostRecv"}


def program_of(step, device=None):
    """The one program that XLA makes of a step."""
    with tf1compat.eager():
        example = [tf.constant(values) for values in batches()[0]]
        assert not HOSTS & {op.type for op in step.get_concrete_function(*example).graph.get_operations()}
        return step.experimental_get_compiler_ir(*example)(stage="optimized_hlo", device_name=device)


def test_the_step_is_one_program_that_never_asks_the_host():
    program = program_of(in_function("adam", 0.3, jit_compile=True)[2])
    assert program.count("ENTRY") == 1 and not TALK.search(program)


def test_a_step_that_asks_the_host_would_be_seen(eager):
    @tf.function(jit_compile=True)
    def asks(word, picture, label):
        tf.print(tf.reduce_sum(picture))
        return tf.reduce_sum(picture)

    with pytest.raises((AssertionError, tf.errors.InvalidArgumentError)):
        assert not TALK.search(program_of(asks))


@pytest.fixture
def on_gpu():
    """Everything is on the first GPU, or fails: TensorFlow may not place an op elsewhere by itself."""
    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("TensorFlow sees no GPU")
    soft, short = tf.config.get_soft_device_placement(), tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.set_soft_device_placement(False)
    tf.config.experimental.enable_tensor_float_32_execution(False)
    with tf1compat.eager(), tf.device("GPU:0"):
        yield
    tf.config.set_soft_device_placement(soft)
    tf.config.experimental.enable_tensor_float_32_execution(short)


@pytest.mark.gpu
@pytest.mark.parametrize("rule", RULES)
def test_on_a_gpu_the_numbers_agree(rule, on_gpu):
    with tf.device("CPU:0"):
        expected = under_session(rule, 0.3)
    assert_same(in_function(rule, 0.3, jit_compile=True), expected, rtol=1e-3)


@pytest.mark.gpu
def test_on_a_gpu_the_step_is_compiled_for_it_and_stays_there(on_gpu, tmp_path):
    step = in_function("adam", 0.3, look_up=in_table, jit_compile=True)[2]
    example = [tf.constant(values) for values in batches()[0]]
    program = program_of(step, device="/GPU:0")
    assert program.count("ENTRY") == 1 and not TALK.search(program)
    kept = step.get_concrete_function(*example).variables
    assert len(kept) > 5
    for value in (*example, *kept, step(*example)):
        assert "GPU:0" in value.device, value
    with tf.profiler.experimental.Profile(str(tmp_path)):
        for _ in range(10):
            step(*example)
        tf.test.experimental.sync_devices()
    trace = b"".join(path.read_bytes() for path in pathlib.Path(tmp_path).rglob("*.xplane.pb"))
    assert b"/device:GPU:0" in trace
    # The profiler's names of copies between host and device.
    assert b"MemcpyD2H" not in trace and b"MemcpyH2D" not in trace


def in_table(table, word):
    """`tf.gather` by a product, of which the gradient is dense."""
    return tf.tensordot(tf.one_hot(word, WORDS), table, 1)


def test_what_the_gpu_test_looks_at_is_there_without_one(tmp_path):
    result = in_function("adam", 0.3, look_up=in_table, jit_compile=True)
    assert_same(result, under_session("adam", 0.3, in_table))
    with tf1compat.eager():
        example = [tf.constant(values) for values in batches()[0]]
        kept = result[2].get_concrete_function(*example).variables
        assert len(kept) > 5
        with tf.profiler.experimental.Profile(str(tmp_path)):
            loss = result[2](*example)
        tf.test.experimental.sync_devices()
        for value in (*example, *kept, loss):
            assert "CPU:0" in value.device or "GPU:0" in value.device
    traces = [path.read_bytes() for path in pathlib.Path(tmp_path).rglob("*.xplane.pb")]
    assert len(traces) == 1 and b"/host:CPU" in traces[0]
