"""tf.contrib.distributions beyond what TensorFlow kept of it, on TensorFlow Probability where that is installed."""

import importlib.util

import numpy as np
import pytest

import tf1compat.v1 as tf

installed = importlib.util.find_spec("tensorflow_probability") is not None
needed = pytest.mark.skipif(not installed, reason="TensorFlow Probability is not installed")


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def normal(x, mean, deviation):
    return np.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))


@pytest.mark.skipif(installed, reason="TensorFlow Probability is installed")
@pytest.mark.parametrize("name", ["MultivariateNormalDiag", "Mixture", "bijectors.Exp", "TransformedDistribution"])
def test_without_it_the_error_names_the_extra(name):
    found = tf.contrib.distributions
    for part in name.split("."):
        found = getattr(found, part)
    with pytest.raises(NotImplementedError, match=rf"{name} .*pip install 'tf1compat\[probability\]'"):
        found([0.0, 0.0], [1.0, 1.0])


@needed
def test_normal_vectors():
    ds = tf.contrib.distributions
    given = [
        ds.MultivariateNormalDiag([0.0, 0.0], [2.0, 2.0]),
        ds.MultivariateNormalDiag([0.0, 0.0], scale_identity_multiplier=2.0),
        ds.MultivariateNormalDiagWithSoftplusScale([0.0, 0.0], [float(np.log(np.e**2 - 1))] * 2),
        ds.MultivariateNormalFullCovariance([0.0, 0.0], [[4.0, 0.0], [0.0, 4.0]]),
    ]
    with tf.Session() as sess:
        values = sess.run([one.log_prob([1.0, 1.0]) for one in given])
        assert sess.run(given[0].sample(5, seed=1)).shape == (5, 2)
    np.testing.assert_allclose(values, [-np.log(2 * np.pi * 4) - 0.25] * 4, rtol=1e-5)


@needed
def test_mixtures_of_what_tensorflow_kept():
    """As mixture density networks have them: components of TensorFlow's, a mixture of Probability's."""
    ds, x = tf.contrib.distributions, np.linspace(-2, 3, 7).astype(np.float32)
    logits = tf.Variable(np.log([0.3, 0.7]).astype(np.float32))
    mean = tf.Variable(1.0)
    mixture = ds.Mixture(
        cat=ds.Categorical(logits=logits), components=[ds.Normal(0.0, 1.0), ds.Normal(mean, [0.5][0])]
    )
    same = ds.MixtureSameFamily(ds.Categorical(probs=[0.3, 0.7]), ds.Normal([0.0, 1.0], [1.0, 0.5]))
    loss = -tf.reduce_mean(mixture.log_prob(x))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    expected = 0.3 * normal(x, 0, 1) + 0.7 * normal(x, 1, 0.5)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        np.testing.assert_allclose(sess.run(mixture.prob(x)), expected, rtol=1e-4)
        np.testing.assert_allclose(sess.run(same.prob(x)), expected, rtol=1e-4)
        before = sess.run(loss)
        sess.run([step, mixture.sample(3)])
        assert sess.run(loss) < before


@needed
def test_what_is_made_of_each_distribution_that_tensorflow_kept():
    ds = tf.contrib.distributions
    kept = {
        "Bernoulli": (ds.Bernoulli(logits=[0.5]), [1]),
        "Beta": (ds.Beta([2.0], [3.0]), [0.25]),
        "Exponential": (ds.Exponential([2.0]), [0.5]),
        "Gamma": (ds.Gamma([2.0], [3.0]), [0.5]),
        "Laplace": (ds.Laplace([0.5], [2.0]), [1.0]),
        "StudentT": (ds.StudentT([3.0], [0.5], [2.0]), [1.0]),
        "Uniform": (ds.Uniform([0.0], [2.0]), [1.0]),
    }
    with tf.Session() as sess:
        for name, (one, x) in kept.items():
            got, expected = sess.run([ds.Independent(one, 1).log_prob(x), one.log_prob(x)])
            np.testing.assert_allclose(got, expected.sum(), rtol=1e-4, err_msg=name)
    transformed = ds.TransformedDistribution(ds.Normal(0.0, 1.0), ds.bijectors.Exp())
    with tf.Session() as sess:
        np.testing.assert_allclose(sess.run(transformed.prob(2.0)), normal(np.log(2), 0, 1) / 2, rtol=1e-5)
    with pytest.raises(NotImplementedError, match="event_shape"):
        ds.TransformedDistribution(ds.Normal(0.0, 1.0), ds.bijectors.Exp(), event_shape=[2])
