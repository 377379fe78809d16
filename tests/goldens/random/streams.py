"""Records what seeded random ops of TF 1.15.5 give over runs of alternating fetches, as streams.json.

    TF1_PYTHON tests/goldens/random/streams.py

writes it beside this file (and loops.json), TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5. The tests
call `observe` with the project's `tf1compat.v1` and compare. So this file runs on both, and needs neither
to be imported.
"""

import json
import os

import numpy as np

GOLDENS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "streams.json")
LOOPS = os.path.join(os.path.dirname(GOLDENS), "loops.json")


def _layers(tf):
    x = tf.constant(np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3))
    return {
        "dropout": tf.nn.dropout(x, keep_prob=0.5, seed=3),
        "rate": tf.nn.dropout(x, rate=0.25, seed=4),
        "noise shape": tf.nn.dropout(x, rate=0.5, noise_shape=[2, 1], seed=5),
    }


def _variables(tf):
    makers = {
        "glorot_uniform": tf.glorot_uniform_initializer(seed=1),
        "glorot_normal": tf.glorot_normal_initializer(seed=2),
        "truncated": tf.truncated_normal_initializer(stddev=0.1, seed=3),
        "normal": tf.random_normal_initializer(seed=4),
        "uniform": tf.random_uniform_initializer(-2, 2, seed=5),
        "scaling": tf.variance_scaling_initializer(scale=2.0, seed=6),
        "orthogonal": tf.orthogonal_initializer(seed=7),
    }
    found = {}
    for name, initializer in makers.items():
        variable = tf.get_variable(name, [3, 2], initializer=initializer)
        with tf.control_dependencies([variable.initializer]):
            found[name] = variable.read_value()
    return found


def _loops(tf):
    def loop(until, body, start):  # one iteration at a time: TF1's iterations race for the next number
        return tf.while_loop(lambda i, _: i < until, body, start, shapes, parallel_iterations=1)[1]

    start = [tf.constant(0), tf.zeros([0])]
    shapes = [tf.TensorShape([]), tf.TensorShape([None])]

    def grow(i, drawn):
        return i + 1, tf.concat([drawn, tf.random_uniform([1], seed=5)], 0)

    def nested(i, drawn):
        return i + 1, loop(2, grow, [tf.constant(0), drawn])

    def shuffled(i, drawn):
        return i + 1, tf.concat([drawn, tf.random_shuffle([1.0, 2.0, 3.0], seed=4)], 0)

    yes = tf.constant(True)
    return {
        "while": loop(3, grow, start),
        "while in while": loop(2, nested, start),
        "shuffle in while": loop(2, shuffled, start),
        "cond": tf.cond(yes, lambda: tf.random_normal([2], seed=3), lambda: tf.zeros([2])),
        "cond in cond": tf.cond(
            yes, lambda: tf.cond(yes, lambda: tf.truncated_normal([], seed=4), lambda: 0.0), lambda: 1.0
        ),
        "case": tf.case([(yes, lambda: tf.random_uniform([], seed=8))], default=lambda: tf.constant(0.0)),
        "map_fn": tf.map_fn(
            lambda x: x + tf.random_uniform([], seed=9), tf.zeros([3]), parallel_iterations=1
        ),
        "scan": tf.scan(lambda a, x: a + tf.random_normal([], seed=10), tf.zeros([3]), parallel_iterations=1),
    }


def _candidates(tf):
    true = tf.constant([[0, 3], [1, 2]], dtype=tf.int64)

    def sample(sampler, **more):
        return tf.concat(
            [
                tf.cast(tf.reshape(part, [-1]), tf.float32)
                for part in sampler(true_classes=true, num_true=2, num_sampled=3, unique=True, **more)
            ],
            0,
        )

    return {
        "log_uniform": sample(tf.nn.log_uniform_candidate_sampler, range_max=20, seed=1),
        "uniform": sample(tf.nn.uniform_candidate_sampler, range_max=20, seed=2),
        "fixed_unigram": sample(
            tf.nn.fixed_unigram_candidate_sampler, range_max=5, unigrams=[1.0, 2, 3, 4, 5], seed=3
        ),
        "learned_unigram": sample(tf.nn.learned_unigram_candidate_sampler, range_max=20, seed=4),
        "all": tf.cast(tf.nn.all_candidate_sampler(true, 2, 4, True, seed=5)[0], tf.float32),
    }


def _images(tf):
    image = tf.constant(np.arange(24, dtype=np.float32).reshape(4, 3, 2))
    images = tf.stack([image, image + 100])
    return {
        "flip_left_right": tf.image.random_flip_left_right(image, seed=1),
        "flip_up_down": tf.image.random_flip_up_down(images, seed=2),
        "brightness": tf.image.random_brightness(image, 0.5, seed=3),
        "contrast": tf.image.random_contrast(image, 0.5, 1.5, seed=4),
        "crop": tf.random_crop(image, [2, 2, 2], seed=5),
        "box": tf.image.sample_distorted_bounding_box(
            [40, 30, 3], [[[0.1, 0.2, 0.9, 0.8]]], seed=6, min_object_covered=0.1
        )[0],
    }


#: Each: what builds its tensors, by name, in a new graph.
CASES = {
    "uniform": lambda tf: {
        "float32": tf.random_uniform([3], seed=1),
        "float64": tf.random_uniform([2, 2], -1, 1, dtype=tf.float64, seed=2),
        "float16": tf.random_uniform([3], dtype=tf.float16, seed=3),
        "int32": tf.random_uniform([5], maxval=10, dtype=tf.int32, seed=4),
        "int64": tf.random_uniform([5], -(2**40), 2**40, dtype=tf.int64, seed=5),
        "no elements": tf.random_uniform([0], seed=6),
        "scalar": tf.random_uniform([], seed=-7),
        "again": tf.random_uniform([3], seed=1),
    },
    "normal": lambda tf: {
        "float32": tf.random_normal([5], seed=1),
        "float64": tf.random_normal([3], 2.0, 3.0, dtype=tf.float64, seed=2),
        "float16": tf.random_normal([3], dtype=tf.float16, seed=3),
        "truncated": tf.truncated_normal([7], seed=4),
        "truncated64": tf.truncated_normal([3], dtype=tf.float64, seed=5),
    },
    "graph seed": lambda tf: (
        [tf.set_random_seed(87654321)]
        and {
            "op seed": tf.random_uniform([2], seed=1),
            "normal": tf.random_normal([2], seed=2),
            "shuffle": tf.random_shuffle([1, 2, 3, 4, 5], seed=3),
        }
    ),
    "zero seed": lambda tf: {
        "uniform": tf.random_uniform([2], seed=0),
        "shuffle": tf.random_shuffle([1, 2, 3, 4], seed=0),
    },
    "shuffle": lambda tf: {
        "vector": tf.random_shuffle(tf.range(10), seed=1),
        "matrix": tf.random_shuffle(tf.reshape(tf.range(8), [4, 2]), seed=2),
        "strings": tf.random_shuffle(["a", "b", "c", "d"], seed=3),
    },
    "categorical": lambda tf: {
        "multinomial": tf.multinomial([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]], 4, seed=1),
        "categorical": tf.random.categorical([[0.5, 0.1, 0.2, 3.0]], 5, dtype=tf.int32, seed=2),
    },
    "distributions": lambda tf: {
        "gamma": tf.random_gamma([2], [0.5, 3.0], seed=1),
        "gamma64": tf.random_gamma([3], 1.5, beta=2.0, dtype=tf.float64, seed=2),
        "poisson": tf.random_poisson([0.5, 12.0, 100.0], [2], seed=3),
        "parameterized": tf.raw_ops.ParameterizedTruncatedNormal(
            shape=[4], means=0.0, stdevs=1.0, minvals=1.0, maxvals=3.0, seed=4
        ),
    },
    "dropout": _layers,
    "initializers": _variables,
    "control flow": _loops,
    "candidates": _candidates,
    "images": _images,
}


def observe(tf, build):
    """What two Sessions on one graph give, by turns: for each run, which tensors and their values."""
    graph = tf.Graph()
    with graph.as_default():
        tensors = build(tf)
        names = list(tensors)
        turns = [[name] for name in names for _ in range(2)] + [names, names[::-1], names[:1], names[::2]]
        sessions = [tf.Session(graph=graph), tf.Session(graph=graph)]
        seen = [[], []]
        for number, turn in enumerate(turns + turns):
            which = (number // 3) % 2 if number < len(turns) else 1 - (number // 3) % 2
            values = sessions[which].run([tensors[name] for name in turn])
            seen[which].append([[name, plain(value)] for name, value in zip(turn, values)])
        for session in sessions:
            session.close()
    return seen


def export_loops(tf):
    """The control flow case as TF 1.15 writes it, with TF1's loops: its GraphDef, and the tensors by name."""
    graph = tf.Graph()
    with graph.as_default():
        tensors = CASES["control flow"](tf)
    names = {name: tensor.name for name, tensor in tensors.items()}
    return {"graph": str(graph.as_graph_def()), "tensors": names}


def plain(value):
    """A value as JSON can hold it, to the last bit."""
    value = np.asarray(value)
    if value.dtype.kind == "f":
        return [float(str(element)) for element in value.ravel()]
    if value.dtype.kind == "O":
        return [element.decode() for element in value.ravel()]
    return value.ravel().tolist()


if __name__ == "__main__":
    import tensorflow

    with open(LOOPS, "w") as file:
        json.dump(export_loops(tensorflow), file)
    recorded = {name: observe(tensorflow, build) for name, build in CASES.items()}
    with open(GOLDENS, "w") as file:
        file.write(
            "{\n"
            + ",\n".join("%s: %s" % (json.dumps(k), json.dumps(v)) for k, v in recorded.items())
            + "\n}\n"
        )
