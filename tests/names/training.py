"""tf.train: optimizers, averages, decayed rates, the step."""

from . import each

SLOPE = [[0.5, -1.0], [2.0, 0.25]]


def _optimizer(*args, **kwargs):
    """Three steps of an optimizer on a quadratic loss: the weights after each."""

    def build(tf, f):
        w = tf.Variable([[1.0, -2.0], [0.5, 3.0]], name="w")
        loss = tf.reduce_sum(tf.square(w) * SLOPE + w)
        optimizer = f(*[a(tf) if callable(a) else a for a in args], **kwargs)
        step = optimizer.minimize(loss, global_step=tf.train.get_or_create_global_step())
        return lambda sess: (
            sess.run(tf.global_variables_initializer()),
            [(sess.run(step), sess.run(w))[1] for _ in range(3)],
        )[1]

    return build


def _global_step(tf):
    return tf.train.get_or_create_global_step()


def _schedule(*args, **kwargs):
    """A decayed rate at steps 0, 7, 25."""

    def build(tf, f):
        step = tf.placeholder(tf.int32, [])
        rate = f(*[step if a is None else a for a in args], **kwargs)
        return lambda sess: [sess.run(rate() if callable(rate) else rate, {step: n}) for n in (0, 7, 25)]

    return build


def _average(tf, f):
    v = tf.Variable([1.0, 2.0], name="v")
    average = f(0.9, num_updates=4)
    update = average.apply([v])
    change, shadow = tf.assign(v, [3.0, 5.0]), average.average(v)
    start = tf.global_variables_initializer()
    return lambda sess: [sess.run(s) for s in (start, update, change, update, shadow)][-1]


def _compute(tf, f):
    w = tf.Variable([1.0, 2.0])
    ((gradient, variable),) = f(tf.train.AdamOptimizer(), tf.reduce_sum(w * w))
    return [gradient, tf.constant(variable is w)]


def _read_step(tf, f):
    step = tf.train.create_global_step()
    return lambda sess: (sess.run(step.initializer), [f(sess, step)])[1]


CASES = {}
CASES.update(each("train.GradientDescentOptimizer train.ProximalGradientDescentOptimizer", _optimizer(0.1)))
CASES.update(
    each(
        "train.AdamOptimizer train.RMSPropOptimizer train.AdagradOptimizer train.AdadeltaOptimizer "
        "train.FtrlOptimizer train.ProximalAdagradOptimizer",
        _optimizer(0.1),
    )
)
CASES.update(each("train.MomentumOptimizer", _optimizer(0.1, 0.9, use_nesterov=True)))
CASES.update(each("train.AdagradDAOptimizer", _optimizer(0.1, _global_step)))
CASES.update(
    each(
        "train.exponential_decay train.natural_exp_decay train.inverse_time_decay",
        _schedule(0.1, None, 10, 0.5),
    )
)
CASES.update(each("train.cosine_decay train.linear_cosine_decay", _schedule(0.1, None, 20)))
CASES.update(
    {
        "train.AdamOptimizer.__init__": lambda tf, f: tf.constant(
            tf.train.AdamOptimizer(0.1, 0.8).get_name()
        ),
        "train.AdamOptimizer.compute_gradients": lambda tf, f: _compute(tf, f),
        "train.Optimizer": lambda tf, f: tf.constant(isinstance(tf.train.AdamOptimizer(), f)),
        "train.cosine_decay_restarts": _schedule(0.1, None, 10),
        "train.noisy_linear_cosine_decay": _schedule(0.1, None, 20, initial_variance=0.0),
        "train.piecewise_constant": _schedule(None, [5, 20], [1.0, 0.5, 0.1]),
        "train.polynomial_decay": _schedule(0.1, None, 20, 0.01, power=2.0, cycle=True),
        "train.ExponentialMovingAverage": _average,
        "train.create_global_step": lambda tf, f: f(),
        "train.get_or_create_global_step": lambda tf, f: f(),
        "train.get_global_step": lambda tf, f: [tf.train.create_global_step(), f()],
        "train.assert_global_step": lambda tf, f: [f(tf.train.create_global_step()), tf.constant(1)][1],
        "train.global_step": lambda tf, f: _read_step(tf, f),
    }
)
