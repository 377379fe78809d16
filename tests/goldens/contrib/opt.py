"""tf.contrib.opt: variables after three steps with dense and with sparse gradients, and the slots."""

import numpy as np

R = np.random.RandomState(3)
DENSE = R.uniform(-1, 1, (3, 4, 2)).astype(np.float32)
SPARSE = R.uniform(-1, 1, (3, 2, 2)).astype(np.float32)
ROWS = np.int32([[0, 2], [3, 0], [2, 1]])


def steps(tf, opt, gradient_of, rows=None, count=3):
    """The variable and slots after some steps, each after the one before."""
    v = tf.get_variable("v", [4, 2], initializer=tf.zeros_initializer())
    step = tf.train.get_or_create_global_step()
    done = tf.no_op()
    for i in range(count):
        with tf.control_dependencies([done]):
            done = opt.apply_gradients([(gradient_of(i), v)], global_step=step)
    with tf.control_dependencies([done]):
        outputs = {"v": v.read_value(), "reached": step.read_value()}
        inner = getattr(opt, "_optimizer", opt)  # of MovingAverageOptimizer, which in 1.15 had no slots to name
        for name in inner.get_slot_names():
            outputs["slot " + name] = inner.get_slot(v, name).read_value()
    return outputs


def dense(tf):
    return lambda i: tf.constant(DENSE[i])


def sparse(tf):
    return lambda i: tf.IndexedSlices(tf.constant(SPARSE[i]), tf.constant(ROWS[i]), tf.constant([4, 2]))


def _case(make, kind):
    return lambda tf: steps(tf, make(tf.contrib.opt, tf), kind(tf))




OPTIMIZERS = {
    "nadam": lambda opt, tf: opt.NadamOptimizer(0.1),
    "lazy adam": lambda opt, tf: opt.LazyAdamOptimizer(0.1, beta1=0.8),
    "adamax": lambda opt, tf: opt.AdaMaxOptimizer(0.1),
    "add sign": lambda opt, tf: opt.AddSignOptimizer(0.1, alpha=1.5),
    "add sign, decayed": lambda opt, tf: opt.AddSignOptimizer(
        0.1, sign_decay_fn=lambda step: 1.0 - tf.cast(step, tf.float32) / 10.0
    ),
    "power sign": lambda opt, tf: opt.PowerSignOptimizer(0.1, base=2.0),
    "adamw": lambda opt, tf: opt.AdamWOptimizer(0.01, learning_rate=0.1),
    "momentumw": lambda opt, tf: opt.MomentumWOptimizer(0.01, 0.1, 0.9, use_nesterov=True),
    "extended": lambda opt, tf: opt.extend_with_decoupled_weight_decay(tf.train.RMSPropOptimizer)(
        weight_decay=0.02, learning_rate=0.1
    ),
    "lars": lambda opt, tf: opt.LARSOptimizer(0.5, eeta=0.1),
    "lars, skipped": lambda opt, tf: opt.LARSOptimizer(0.5, skip_list=["v"], use_nesterov=True),
    "averaged": lambda opt, tf: opt.MovingAverageOptimizer(tf.train.MomentumOptimizer(0.1, 0.9), 0.9),
}
CASES = {"%s, dense" % name: _case(make, dense) for name, make in OPTIMIZERS.items()}
CASES.update({"%s, sparse" % name: _case(make, sparse) for name, make in OPTIMIZERS.items() if "lars" not in name})


def clipped(tf):
    opt = tf.train.GradientDescentOptimizer(0.1)
    v = tf.get_variable("v", [4, 2])
    w = tf.get_variable("w", [4, 2])
    u = tf.get_variable("u", [4, 2])
    around = tf.contrib.opt.VariableClippingOptimizer(opt, {v: [1], w: [1]}, 0.3)
    pairs = [(dense(tf)(0), v), (sparse(tf)(0), w), (dense(tf)(1), u)]
    with tf.control_dependencies([around.apply_gradients(pairs)]):
        return {"v": v.read_value(), "w": w.read_value(), "u": u.read_value()}


def global_norm(tf):
    pairs = [(dense(tf)(0), "v"), (tf.zeros([3]), "w"), (None, "x")]
    clipped, norm = tf.contrib.opt.clip_gradients_by_global_norm(pairs, 0.5)
    assert [name for _, name in clipped] == ["v", "w", "x"] and clipped[2][0] is None
    return {"norm": norm, "v": clipped[0][0], "w": clipped[1][0]}


def multitask(tf):
    opt = tf.train.MomentumOptimizer(0.1, 0.9)
    around = tf.contrib.opt.MultitaskOptimizerWrapper(opt)
    return steps(tf, around, lambda i: tf.constant(DENSE[i] * (i != 1)))


def average_names(tf):
    opt = tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.5), 0.5)
    v = tf.get_variable("v", [4, 2])
    train = opt.minimize(tf.reduce_sum(v * dense(tf)(0)))
    opt.swapping_saver()
    return {"named %s" % op.name.replace("/", " "): tf.constant(1) for op in (train,)}


CASES.update({f.__name__: f for f in (clipped, global_norm, multitask, average_names)})
