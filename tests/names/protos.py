"""Configurations and other protocol buffers, and what reports on TensorFlow itself."""

from . import each


def _in_session(tf, **kwargs):
    with tf.Graph().as_default():
        x = tf.constant(2.0) * 3.0
        with tf.Session(**kwargs) as sess:
            value = sess.run(x)
    return tf.constant(value)


def _round_trip(**kwargs):
    return lambda tf, f: tf.constant(str(f.FromString(f(**kwargs).SerializeToString())).split())


CASES = {}
CASES.update(each("RunOptions", lambda tf, f: _with_options(tf, f(trace_level=f.NO_TRACE))))
CASES.update(
    {
        "ConfigProto": lambda tf, f: _in_session(tf, config=f(allow_soft_placement=True)),
        "GPUOptions": lambda tf, f: _in_session(tf, config=tf.ConfigProto(gpu_options=f(allow_growth=True))),
        "GraphOptions": lambda tf, f: _in_session(tf, config=tf.ConfigProto(graph_options=f())),
        "OptimizerOptions": lambda tf, f: tf.constant(
            tf.GraphOptions(optimizer_options=f(opt_level=f.L0)).optimizer_options.opt_level
        ),
        "RunOptions.FULL_TRACE": lambda tf, f: tf.constant(tf.RunOptions(trace_level=f).trace_level),
        "RunMetadata": _round_trip(),
        "GraphDef": lambda tf, f: tf.constant(
            [n.op for n in f.FromString(_small_graph(tf).SerializeToString()).node]
        ),
        "NodeDef": lambda tf, f: _node(tf, f),
        "MetaGraphDef": lambda tf, f: tf.constant(
            len(f.FromString(f(graph_def=_small_graph(tf)).SerializeToString()).graph_def.node)
        ),
        "AttrValue": _round_trip(i=3),
        "NameAttrList": _round_trip(name="f"),
        "Event": _round_trip(step=3),
        "LogMessage": _round_trip(message="m"),
        "SessionLog": _round_trip(msg="m"),
        "HistogramProto": _round_trip(min=1.5),
        "SummaryMetadata": _round_trip(display_name="d"),
        "TensorInfo": _round_trip(name="t"),
        "Summary": lambda tf, f: tf.constant(f(value=[f.Value(tag="t", simple_value=2.0)]).value[0].tag),
        "train.SaverDef": _round_trip(filename_tensor_name="f"),
        "train.ClusterDef": _round_trip(job=[]),
        "train.JobDef": _round_trip(name="j"),
        "DeviceSpec": lambda tf, f: tf.constant(f(job="ps", device_type="CPU", device_index=0).to_string()),
        "AggregationMethod": lambda tf, f: _aggregated(tf, f.ADD_N),
        "UnconnectedGradients": lambda tf, f: tf.gradients(
            tf.constant(1.0), tf.constant(2.0), unconnected_gradients=f.ZERO
        ),
        "TensorSpec": lambda tf, f: tf.zeros(f([2], tf.float32).shape),
        "OpError": lambda tf, f: tf.constant(f(None, None, "said", 3).message),
        "timestamp": lambda tf, f: tf.greater(f(), 1e9),
        "config.experimental.list_physical_devices": lambda tf, f: tf.constant(f("CPU")[0].device_type),
        "config.threading.get_intra_op_parallelism_threads": lambda tf, f: tf.constant(f() >= 0),
        "profiler.ProfileOptionBuilder": lambda tf, f: tf.constant(sorted(f.float_operation())),
    }
)


def _with_options(tf, options):
    x = tf.constant(2.0) * 3.0
    return lambda sess: [sess.run(x, options=options)]


def _node(tf, f):
    (op,) = tf.import_graph_def(tf.GraphDef(node=[f(name="n", op="NoOp")]), return_elements=["n"], name="in")
    with tf.control_dependencies([op]):
        return tf.constant(op.name)


def _small_graph(tf):
    with tf.Graph().as_default() as other:
        tf.constant(1, name="one")
    return other.as_graph_def()


def _aggregated(tf, method):
    x = tf.constant(2.0)
    return tf.gradients(x * x + x, x, aggregation_method=method)
