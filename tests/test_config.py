"""ConfigProto: each field acts, tunes, or is refused; devices; XLA."""

import subprocess
import sys
import textwrap
import warnings

import numpy as np
import pytest
import tensorflow

import tf1compat.v1 as tf
from tf1compat.graph import config as settings_of


def _config(text):
    """A ConfigProto from protobuf's text, so that a field can be named by a string."""
    from google.protobuf import text_format

    return text_format.Parse(text, tf.ConfigProto())


#: What a field with a value that is not the default does.
TUNES = [
    "allow_soft_placement: true",
    "log_device_placement: true",
    "graph_options { place_pruned_graph: true }",
    "graph_options { optimizer_options { opt_level: L0 } }",
    "graph_options { optimizer_options { do_constant_folding: true } }",
    "graph_options { rewrite_options { disable_meta_optimizer: true } }",
    "gpu_options { allow_growth: true }",
    "gpu_options { per_process_gpu_memory_fraction: 0.5 }",
    "session_inter_op_thread_pool { num_threads: 2 }",
    "graph_options { infer_shapes: true }",
    "graph_options { build_cost_model: 1 }",
    "placement_period: 3",
    "use_per_session_threads: true",
    "isolate_session_state: true",
    "rpc_options { use_rpc_for_inprocess_master: true }",
    "graph_options { timeline_step: 3 }",
    "experimental { executor_type: 'DEFAULT' }",
    "device_filters: '/job:ps'",
    "graph_options { enable_bfloat16_sendrecv: true }",
]

REFUSED = [
    (
        "cluster_def { job { name: 'ps' tasks { key: 0 value: 'localhost:1' } } }",
        "cluster_def.*MultiWorkerMirroredStrategy",
    ),
]


@pytest.mark.parametrize("text", TUNES)
@pytest.mark.filterwarnings("ignore:ConfigProto.*too late:RuntimeWarning")
def test_fields_that_only_tune_change_no_result(text):
    x = tf.placeholder(tf.float32, [2])
    v = tf.Variable([1.0, 2.0])
    y = tf.assign_add(v, x * 2.0) + 1.0
    try:
        with tf.Session(config=_config(text)) as sess:
            sess.run(v.initializer)
            np.testing.assert_array_equal(sess.run(y, {x: [1.0, 2.0]}), [4.0, 7.0])
    finally:
        tensorflow.debugging.set_log_device_placement(False)


@pytest.mark.parametrize(("text", "match"), REFUSED)
def test_fields_that_cannot_act_are_refused(text, match):
    with pytest.raises(NotImplementedError, match=match):
        tf.Session(config=_config(text))


def test_every_field_of_the_proto_is_spoken_for():
    """The docstring of config.py says of each field of ConfigProto what it does here."""
    for field in tf.ConfigProto.DESCRIPTOR.fields:
        assert field.name in settings_of.__doc__, field.name
    for field in tf.GraphOptions.DESCRIPTOR.fields:
        assert field.name in settings_of.__doc__, field.name
    for field in tf.GPUOptions.DESCRIPTOR.fields:
        assert field.name in settings_of.__doc__, field.name


def test_what_is_no_config_is_refused():
    with pytest.raises(TypeError, match="config must be a tf.ConfigProto"):
        tf.Session(config={"allow_soft_placement": True})


def test_operation_timeout_ends_every_run():
    queue = tf.FIFOQueue(1, tf.float32, [[]])
    take, put = queue.dequeue(), queue.enqueue(1.0)
    with tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=50)) as sess:
        for _ in range(2):
            with pytest.raises(tf.errors.DeadlineExceededError):
                sess.run(take)
        sess.run(put)
        assert sess.run(take) == 1.0


# Devices.


@pytest.mark.parametrize(
    "device", ["/gpu:0", "/device:GPU:3", "/job:ps/task:0", "/job:worker/replica:0/task:2/gpu:0", "/device:XPU:0"]
)
def test_soft_placement_runs_where_it_can(device):
    if device == "/gpu:0" and tensorflow.config.list_physical_devices("GPU"):
        pytest.skip("there is a GPU")
    with tf.device(device):
        v = tf.Variable([1.0, 2.0], name="v")
        y = tf.reduce_sum(v * 2.0, name="y")
        queue = tf.FIFOQueue(1, tf.float32, [[]], name="q")
        move = queue.enqueue(y)
    config = tf.ConfigProto(allow_soft_placement=True)
    with tf.Session(config=config) as sess:
        sess.run(v.initializer)
        assert sess.run(y) == 6.0
        sess.run(move)
        assert sess.run(queue.size()) == 1
    with tf.Session(config=tf.ConfigProto(allow_soft_placement=False)) as sess:
        with pytest.raises(
            tf.errors.InvalidArgumentError, match="Cannot assign a device for operation .*explicitly assigned to"
        ) as caught:
            sess.run(v.initializer)
        text = str(caught.value)
        assert "available devices are [ /job:localhost/replica:0/task:0/device:CPU:0" in text
        assert tensorflow.DeviceSpec.from_string(device).to_string() in text
        assert caught.value.op is not None


def test_without_a_config_a_missing_device_is_an_error():
    """TF1's default is hard placement."""
    with tf.device("/device:GPU:7"):
        y = tf.constant(1.0) + 1.0
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="/device:GPU:7"):
        sess.run(y)


def test_devices_inside_bodies_are_placed_too():
    def body(i):
        with tf.device("/device:GPU:7"):
            return i + 1

    y = tf.while_loop(lambda i: i < 3, body, [0])
    z = tf.cond(tf.constant(True), lambda: body(tf.constant(1)), lambda: tf.constant(0))
    with tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) as sess:
        assert sess.run([y, z]) == [3, 2]
    with tf.Session(config=tf.ConfigProto(allow_soft_placement=False)) as sess:
        with pytest.raises(tf.errors.InvalidArgumentError, match="/device:GPU:7"):
            sess.run(y)


def test_device_functions():
    chosen = []

    def choose(op):
        chosen.append(op.type)
        return "/cpu:0"

    with tf.device(choose):
        y = tf.constant(1.0) + 2.0
    with tf.Session() as sess:
        assert sess.run(y) == 3.0
    assert "AddV2" in chosen and y.device == "/cpu:0"


def test_list_devices():
    with tf.Session() as sess:
        devices = sess.list_devices()
    assert [d.name for d in devices if d.device_type == "CPU"] == ["/job:localhost/replica:0/task:0/device:CPU:0"]
    assert all(isinstance(d.memory_limit_bytes, int) for d in devices)


# XLA.

XLA = tf.ConfigProto()
XLA.graph_options.optimizer_options.global_jit_level = tf.OptimizerOptions.ON_1


def _functions(sess):
    return [function for function, _ in sess._plans._functions.values()]


def test_global_jit_level_compiles():
    x = tf.placeholder(tf.float32, [None, 3])
    w = tf.get_variable("w", [3, 2], initializer=tf.ones_initializer())
    loss = tf.reduce_sum(tf.nn.relu(tf.matmul(x, w)))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with tf.Session(config=XLA) as fast, tf.Session() as plain:
            for sess in (fast, plain):
                sess.run(w.initializer)
            for size in (2, 5, 2):
                values = [sess.run([loss, step], {x: np.ones((size, 3))})[0] for sess in (fast, plain)]
                assert values[0] == pytest.approx(values[1])
            np.testing.assert_allclose(fast.run(w), plain.run(w), rtol=1e-6)
            assert any(function.xla and function.ran for function in _functions(fast))
            assert not any(function.xla for function in _functions(plain))


def test_what_xla_cannot_compile_runs_and_says_so_once():
    x = tf.placeholder(tf.float32, [2])
    text = tf.as_string(x)
    with tf.Session(config=XLA) as sess:
        with pytest.warns(RuntimeWarning, match="XLA cannot compile this run, it runs uncompiled") as caught:
            assert list(sess.run(text, {x: [1.0, 2.0]})) == [b"1.000000", b"2.000000"]
        assert caught[0].filename == __file__
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert list(sess.run(text, {x: [3.0, 2.0]})) == [b"3.000000", b"2.000000"]
            assert list(sess.run(text, {x: [3.0, 2.0]})) == [b"3.000000", b"2.000000"]


def test_an_error_of_the_program_is_no_failure_of_xla():
    v = tf.Variable(1.0, name="v")
    with tf.Session(config=XLA) as sess:
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
            sess.run(v + 1.0)
        sess.run(v.initializer)
        assert sess.run(v + 1.0) == 2.0


def test_side_effects_happen_once_where_xla_gives_up():
    v = tf.Variable(0.0)
    up = tf.assign_add(v, 1.0)
    text = tf.as_string(up)
    with tf.Session(config=XLA) as sess, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sess.run(v.initializer)
        assert sess.run(text) == b"1.000000"
        assert sess.run(v) == 1.0


# What can be set until the runtime starts, in processes of their own.


def _process(code):
    result = subprocess.run(
        [sys.executable, "-W", "always", "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout.strip(), result.stderr


def test_thread_counts_and_cpus_act_before_the_runtime_starts():
    out, err = _process("""
        import tf1compat.v1 as tf, tensorflow
        config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=3, device_count={"CPU": 2})
        sess = tf.Session(config=config)
        t = tensorflow.config.threading
        with tf.device("/cpu:1"):
            y = tf.constant(1.0) + 1.0
        threads = t.get_intra_op_parallelism_threads(), t.get_inter_op_parallelism_threads()
        print(*threads, len(sess.list_devices()), sess.run(y))
    """)
    assert out == "1 3 2 2.0"
    assert "too late" not in err


def test_later_they_warn_and_name_the_field():
    out, err = _process("""
        import tf1compat.v1 as tf
        tf.Session().run(tf.constant(1.0))
        tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1))
        print("on")
    """)
    assert out == "on"
    assert "RuntimeWarning: ConfigProto: intra_op_parallelism_threads came too late" in err
