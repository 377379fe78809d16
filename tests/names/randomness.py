"""Random operations with seeds of their own, initializers, distributions."""

from . import each

SHAPE = [4, 5]


def _twice(tensor):
    """Two runs: a seeded operation draws on, a stateless one draws the same again."""
    return lambda sess: [sess.run(tensor), sess.run(tensor)]


def _initializer(**kwargs):
    def build(tf, f):
        return tf.get_variable("w", SHAPE, initializer=f(**kwargs)).read_value()

    return build


def _distribution(*args, **kwargs):
    points = kwargs.pop("at", [0.5, 0.25])

    def build(tf, f):
        d = f(*args, **kwargs)
        return [d.log_prob(points), d.mean(), d.sample(3, seed=7)]

    return build


CASES = {}
CASES.update(each("random_uniform random_normal truncated_normal", lambda tf, f: _twice(f(SHAPE, seed=3))))
CASES.update(
    each(
        "random.stateless_uniform random.stateless_normal random.stateless_truncated_normal",
        lambda tf, f: _twice(f(SHAPE, seed=[3, 4])),
    )
)
CASES.update(
    each(
        "random.stateless_multinomial random.stateless_categorical", lambda tf, f: f([[0.5, 0.2]], 6, [3, 4])
    )
)
CASES.update(each("multinomial random.categorical", lambda tf, f: _twice(f([[0.5, 0.2, -1.0]], 6, seed=3))))
CASES.update(
    each(
        """glorot_normal_initializer glorot_uniform_initializer random_normal_initializer
        random_uniform_initializer truncated_normal_initializer orthogonal_initializer
        variance_scaling_initializer uniform_unit_scaling_initializer initializers.he_normal
        initializers.he_uniform initializers.lecun_normal initializers.lecun_uniform""",
        _initializer(seed=3),
    )
)
CASES.update(each("zeros_initializer ones_initializer initializers.identity", _initializer()))
CASES.update(
    {
        "constant_initializer": _initializer(value=2.5),
        "set_random_seed": lambda tf, f: [f(5), _twice(tf.random_uniform([3], seed=2))][1],
        "get_seed": lambda tf, f: tf.constant(f(4)),
        "random_crop": lambda tf, f: _twice(f(tf.reshape(tf.range(20), SHAPE), [2, 2], seed=3)),
        "random_gamma": lambda tf, f: f([3], 2.0, seed=3),
        "random_poisson": lambda tf, f: f(4.0, [6], seed=3),
        "random_shuffle": lambda tf, f: _twice(f(tf.range(8), seed=3)),
        "distributions.Normal": _distribution([0.0, 1.0], [1.0, 2.0]),
        "distributions.Bernoulli": _distribution(probs=[0.3, 0.6], at=[1, 0]),
        "distributions.Beta": _distribution([1.0, 2.0], [2.0, 3.0]),
        "distributions.Dirichlet": _distribution([1.0, 2.0], at=[0.4, 0.6]),
        "distributions.Exponential": _distribution([1.0, 2.0]),
        "distributions.Gamma": _distribution([1.0, 2.0], [2.0, 3.0]),
        "distributions.Laplace": _distribution([0.0, 1.0], [1.0, 2.0]),
        "distributions.StudentT": lambda tf, f: f([3.0], [0.0], [1.0]).log_prob([0.5]),
        "distributions.Uniform": _distribution([0.0, 0.0], [1.0, 2.0]),
        "distributions.Categorical": lambda tf, f: [
            f(probs=[0.2, 0.3, 0.5]).log_prob([0, 2]),
            f(probs=[0.2, 0.3, 0.5]).entropy(),
        ],
        "distributions.Multinomial": lambda tf, f: f(4.0, probs=[0.2, 0.8]).log_prob([1.0, 3.0]),
        "distributions.DirichletMultinomial": lambda tf, f: f(4.0, [1.0, 2.0]).log_prob([1.0, 3.0]),
        "distributions.kl_divergence": lambda tf, f: f(
            tf.distributions.Normal(0.0, 1.0), tf.distributions.Normal(1.0, 2.0)
        ),
        "random.experimental.create_rng_state": lambda tf, f: tf.shape(f(seed=5, algorithm=1)),
    }
)
