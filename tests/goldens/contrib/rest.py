"""Small namespaces of tf.contrib: image, sparsemax, nn, integrate, lookup, factorization, training, data."""

import numpy as np
from goldens.contrib.observing import keeps_initial_values

R = np.random.RandomState(9)
IMAGES = R.uniform(0, 1, (2, 5, 6, 3)).astype(np.float32)
ROWS = R.uniform(0, 1, (12, 3)).astype(np.float32)
R2 = np.random.RandomState(10).uniform(-1, 1, (16, 4)).astype(np.float32)
LOGITS = R.uniform(-2, 2, (4, 5)).astype(np.float32)


def moved_images(tf):
    image = tf.contrib.image
    x = tf.constant(IMAGES)
    transforms = [[1.0, 0.2, -1.0, 0.0, 0.9, 0.5, 0.01, 0.0], [0.5, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0]]
    moved = image.transform(x, transforms, "BILINEAR")
    return {
        "rotated": image.rotate(x, [0.3, -1.0]),
        "rotated smoothly": image.rotate(x[0], 0.5, interpolation="BILINEAR"),
        "rotated gray": image.rotate(x[0, :, :, 0], np.pi / 2),
        "shifted": image.translate(x, [1.0, -2.0]),
        "shifted apart": image.translate(x, [[1, 0], [0.5, 2]], interpolation="BILINEAR"),
        "transformed": moved,
        "slope": tf.gradients(moved, x)[0],
        "composed": image.compose_transforms(transforms[0], transforms),
        "angles": image.angles_to_projective_transforms([0.1, 0.2], 5.0, 6.0),
    }


def sparsemaxes(tf):
    logits = tf.constant(LOGITS)
    chosen = tf.contrib.sparsemax.sparsemax(logits)
    loss = tf.contrib.sparsemax.sparsemax_loss(logits, chosen, tf.constant(np.eye(5, dtype=np.float32)[[0, 2, 1, 4]]))
    return {"chosen": chosen, "loss": loss, "slope": tf.gradients(loss, logits)[0]}


def flipped(tf):
    nn = tf.contrib.nn
    logits = tf.constant(LOGITS)
    labels = tf.constant(np.eye(5, dtype=np.float32)[[0, 2, 1, 4]])
    soft = nn.scaled_softplus(logits, 2.0, clip=1.5)
    return {
        "softmax": nn.deprecated_flipped_softmax_cross_entropy_with_logits(logits, labels),
        "sparse": nn.deprecated_flipped_sparse_softmax_cross_entropy_with_logits(logits, tf.constant([0, 2, 1, 4])),
        "sigmoid": nn.deprecated_flipped_sigmoid_cross_entropy_with_logits(logits, labels),
        "scaled softplus": soft,
        "slope": tf.gradients(soft, logits)[0],
        "alpha dropout": nn.alpha_dropout(logits, 0.6, seed=3),
    }


def integrated(tf):
    def slope(y, t):
        return tf.stack([y[1], -y[0] + tf.cast(t, tf.float32)])

    fixed = tf.contrib.integrate.odeint_fixed
    times = np.linspace(0, 2, 5)
    return {
        "rk4": fixed(slope, tf.constant([1.0, 0.0]), times, dt=0.1),
        "midpoint": fixed(slope, tf.constant([1.0, 0.0]), times, method="midpoint"),
    }


def adapted(tf):
    def slope(y, t):
        return tf.stack([y[1], -y[0] + tf.cast(t, y.dtype)])

    odeint = tf.contrib.integrate.odeint
    times = np.linspace(0, 3, 6)
    y, course = odeint(slope, tf.constant([1.0, 0.0], tf.float64), times, full_output=True)
    short = odeint(
        lambda y, _: -y, tf.constant(1.0), times[:3], 1e-3, 1e-4, method="dopri5", options={"first_step": 0.01}
    )
    turning = odeint(lambda y, _: 1j * y, tf.constant(1 + 0j, tf.complex128), times, 1e-5)
    return {
        "y": y,
        "evaluations": course["num_func_evals"],
        "points": course["integrate_points"],
        "ratios": course["error_ratio"],
        "short": short,
        "turning": tf.stack([tf.math.real(turning), tf.math.imag(turning)]),
    }


def tables(tf):
    lookup = tf.contrib.lookup
    words = tf.constant(["a", "b", "c", "zz"])
    hashed = lookup.HashTable(lookup.KeyValueTensorInitializer(["a", "c"], [3.0, 4.0]), -1.0)
    return {
        "indices": lookup.index_table_from_tensor(mapping=["a", "b"], num_oov_buckets=3).lookup(words),
        "old indices": lookup.string_to_index(words, mapping=tf.constant(["b", "c"]), default_value=7),
        "strings": lookup.index_to_string_table_from_tensor(["x", "y"], default_value="?").lookup(
            tf.constant([1, 0, 5], tf.int64)
        ),
        "hashed": hashed.lookup(words),
    }


def kmeans(**kwargs):
    """The first centers, which are given, and the variables."""

    def case(tf):
        rows = tf.constant(ROWS)
        made = tf.contrib.factorization.KMeans(rows, 3, initial_clusters=tf.constant(ROWS[[1, 5, 9]]), **kwargs)
        first = made.training_graph()[4]
        clusters = [v for v in tf.global_variables() if v.op.name == "clusters"][0]
        with tf.control_dependencies([first]):
            return {"first": clusters.read_value()}

    return keeps_initial_values(case)


def resampled(tf):
    training = tf.contrib.training
    rows = tf.constant(ROWS)
    return {"at rate": training.resample_at_rate([rows], tf.constant([1.0, 0.0, 2.0] * 4), seed=4)[0]}


def placed(tf):
    training = tf.contrib.training
    ops = [tf.placeholder(tf.float32, [n, 2], name="p%d" % n).op for n in (3, 1, 2, 5)]
    greedy = training.GreedyLoadBalancingStrategy(2, training.byte_size_load_fn)
    drawn = training.RandomStrategy(3, seed=5)
    return {"greedy": tf.constant([greedy(op) for op in ops]), "drawn": tf.constant([drawn(op) for op in ops])}


def batches(tf):
    data = tf.contrib.data
    numbers = tf.data.Dataset.range(10)

    def first(dataset):
        return tf.data.make_one_shot_iterator(dataset).get_next()

    return {
        "mapped": first(numbers.apply(data.map_and_batch(lambda x: x * 2, 4))),
        "dropped": first(numbers.skip(1).apply(data.batch_and_drop_remainder(4))),
        "padded": first(
            numbers.map(lambda x: tf.fill([x], x)).apply(data.padded_batch_and_drop_remainder(4, [None]))
        ),
        "windows": first(numbers.apply(data.sliding_window_batch(3, window_shift=2, window_stride=2)).skip(1)),
        "apart": first(numbers.batch(3).apply(data.unbatch()).skip(4)),
        "counted": first(numbers.skip(3).apply(data.enumerate_dataset(7)))[0],
    }


def metric_learning(tf):
    losses = tf.contrib.losses.metric_learning
    rows = tf.constant(R2[:8])
    near = tf.constant(R2[8:])
    labels = tf.constant([0, 1, 0, 2, 1, 2, 2, 0])
    several = [
        tf.SparseTensor([[k], [k + 1 + k % 2]], [1, 1], [6]) for k in (0, 1, 0, 2, 1, 2, 2, 0)
    ]
    made = {
        "contrastive": losses.contrastive_loss(tf.constant([0, 1, 0, 1, 1, 0, 0, 1]), rows, near, 0.7),
        "triplets": losses.triplet_semihard_loss(labels, rows),
        "triplets of one label": losses.triplet_semihard_loss(tf.constant([1] * 8), rows, 0.3),
        "lifted": losses.lifted_struct_loss(labels, rows),
        "npairs": losses.npairs_loss(labels, rows, near),
        "npairs of several labels": losses.npairs_loss_multilabel(several, rows, near, 0.1),
    }
    slopes = {"slope of " + name: tf.gradients(loss, rows)[0] for name, loss in made.items()}
    made.update(slopes)
    return made


CASES = {
    f.__name__: f
    for f in (
        *(moved_images, sparsemaxes, flipped, integrated, adapted, tables, resampled, placed, batches),
        metric_learning,
    )
}
CASES["kmeans"] = kmeans()
CASES["kmeans, cosine"] = kmeans(distance_metric="cosine")
CASES["kmeans, mini batches"] = kmeans(use_mini_batch=True, mini_batch_steps_per_iteration=2)
