"""Which names TensorFlow Probability has with the arguments and the meaning that they had in 1.15."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["BIJECTORS", "DISTRIBUTIONS", "given"]


def _in(space: str, names: str) -> dict[str, str]:
    return {name: f"{space}.{name}" for name in names.split()}


#: Name: where TensorFlow Probability has it; what it takes otherwise is in `_ADAPTED`.
DISTRIBUTIONS: dict[str, str] = {
    **_in(
        "distributions",
        """Autoregressive BatchReshape Binomial Cauchy Chi2 Deterministic ExpRelaxedOneHotCategorical Geometric
        HalfNormal Independent InverseGamma Kumaraswamy Logistic Mixture MixtureSameFamily MultivariateNormalDiag
        MultivariateNormalFullCovariance MultivariateNormalTriL NegativeBinomial OneHotCategorical Poisson
        PoissonLogNormalQuadratureCompound QuantizedDistribution RelaxedBernoulli RelaxedOneHotCategorical
        SinhArcsinh VectorDeterministic normal_conjugates_known_scale_posterior
        normal_conjugates_known_scale_predictive quadrature_scheme_lognormal_gauss_hermite
        quadrature_scheme_lognormal_quantiles""",
    ),
    "MultivariateNormalDiagWithSoftplusScale": "distributions.MultivariateNormalDiag",
    "SeedStream": "util.SeedStream",
    "TransformedDistribution": "distributions.TransformedDistribution",
    "percentile": "stats.percentile",
}
BIJECTORS: dict[str, str] = _in(
    "bijectors",
    """AbsoluteValue BatchNormalization Chain CholeskyOuterProduct Exp FillTriangular Invert MatrixInverseTriL Permute
    PowerTransform Reshape Sigmoid SinhArcsinh SoftmaxCentered Softplus Softsign Square TransformDiagonal
    masked_autoregressive_default_template masked_dense real_nvp_default_template""",
)


@functools.cache
def given(name: str, path: str, space: str) -> Any:
    """What a name is; without TensorFlow Probability, a function that says so when it is called."""
    try:
        import tensorflow_probability as tfp  # type: ignore[import-not-found, unused-ignore]

        found = functools.reduce(getattr, path.split("."), tfp)
    except ImportError as error:
        return _missing(f"tf.{space}.{name}", error)
    if name in _ON_OTHERS:
        found = _with_converted(found, tfp.distributions)
    return functools.partial(_ADAPTED[name], found) if name in _ADAPTED else found


def _missing(full: str, error: ImportError) -> Callable[..., Any]:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(
            f"{full} is not available: it stands on TensorFlow Probability, which cannot be imported here ({error}). "
            "Instead: pip install 'tf1compat[probability]'."
        ) from error

    refuse.__name__ = refuse.__qualname__ = full
    return refuse


# --- what TensorFlow kept, among TensorFlow Probability's ------------------------------------------

#: What is made of other distributions.
_ON_OTHERS = frozenset(
    """Autoregressive BatchReshape Independent Mixture MixtureSameFamily QuantizedDistribution
    TransformedDistribution""".split()
)
#: Distributions that TensorFlow kept, and the parameters by which TensorFlow Probability has the same.
_KEPT = {
    "Bernoulli": "logits",
    "Beta": "concentration1 concentration0",
    "Categorical": "logits",
    "Dirichlet": "concentration",
    "DirichletMultinomial": "total_count concentration",
    "Exponential": "rate",
    "Gamma": "concentration rate",
    "Laplace": "loc scale",
    "Multinomial": "total_count logits",
    "Normal": "loc scale",
    "StudentT": "df loc scale",
    "Uniform": "low high",
}


def _converted(one: Any, distributions: Any) -> Any:
    """TensorFlow Probability's distribution for one that TensorFlow kept, and for each in a list; all else as it is."""
    if isinstance(one, (list, tuple)):
        return [_converted(each, distributions) for each in one]
    if not isinstance(one, tf.compat.v1.distributions.Distribution):
        return one
    name = next((base.__name__ for base in type(one).__mro__ if base.__name__ in _KEPT), None)
    if name is None:
        raise NotImplementedError(
            f"{one.name!r} among TensorFlow Probability's distributions: there is none for {type(one).__name__}."
        )
    given = {parameter: getattr(one, parameter) for parameter in _KEPT[name].split()}
    if name in ("Bernoulli", "Categorical"):
        given["dtype"] = one.dtype
    return getattr(distributions, name)(validate_args=one.validate_args, name=one.name.rstrip("/"), **given)


def _with_converted(made: Any, distributions: Any) -> Callable[..., Any]:
    @functools.wraps(made)
    def make(*args: Any, **kwargs: Any) -> Any:
        return made(
            *(_converted(one, distributions) for one in args),
            **{name: _converted(one, distributions) for name, one in kwargs.items()},
        )

    return make


# --- arguments that changed ----------------------------------------------------------------------


def _multivariate_normal_diag(
    made: Any, loc: Any = None, scale_diag: Any = None, scale_identity_multiplier: Any = None, *args: Any, **kwargs: Any
) -> Any:
    """`scale_identity_multiplier` is added to the diagonal; alone it is the diagonal, as long as `loc`."""
    names = dict(zip(("validate_args", "allow_nan_stats", "name"), args, strict=False))
    if scale_identity_multiplier is not None:
        spread = tf.convert_to_tensor(scale_identity_multiplier)[..., None]
        base = scale_diag if scale_diag is not None else tf.zeros_like(loc) if loc is not None else 0.0
        scale_diag = base + spread
    return made(loc=loc, scale_diag=scale_diag, **names, **kwargs)


def _inverse_gamma(made: Any, concentration: Any, rate: Any, *args: Any, **kwargs: Any) -> Any:
    return made(concentration, rate, *args, **kwargs)


def _mixture(made: Any, cat: Any, components: Any, *args: Any, **kwargs: Any) -> Any:
    kwargs.pop("use_static_graph", None)  # whether components are computed in one way or another
    return made(cat, components, *args, **kwargs)


def _relaxed(
    made: Any, temperature: Any, logits: Any = None, probs: Any = None, dtype: Any = None, **kwargs: Any
) -> Any:
    if dtype is not None:
        logits, probs = (None if each is None else tf.cast(each, dtype) for each in (logits, probs))
        temperature = tf.cast(temperature, dtype)
    return made(temperature, logits, probs, **kwargs)


def _softplus_scale(made: Any, loc: Any, scale_diag: Any, *args: Any, **kwargs: Any) -> Any:
    names = dict(zip(("validate_args", "allow_nan_stats", "name"), args, strict=False))
    return made(loc=loc, scale_diag=tf.nn.softplus(scale_diag), **names, **kwargs)


def _transformed(
    made: Any, distribution: Any, bijector: Any = None, batch_shape: Any = None, event_shape: Any = None, **kwargs: Any
) -> Any:
    if batch_shape is not None or event_shape is not None:
        raise NotImplementedError(
            "TransformedDistribution with batch_shape or event_shape: TensorFlow Probability dropped them. Instead: a "
            "distribution of that shape (tf.contrib.distributions.Independent, MultivariateNormalDiag, …)."
        )
    if bijector is None:
        return distribution
    return made(distribution, bijector, **kwargs)


_ADAPTED: dict[str, Callable[..., Any]] = {
    "ExpRelaxedOneHotCategorical": _relaxed,
    "InverseGamma": _inverse_gamma,
    "Mixture": _mixture,
    "MultivariateNormalDiag": _multivariate_normal_diag,
    "MultivariateNormalDiagWithSoftplusScale": _softplus_scale,
    "RelaxedOneHotCategorical": _relaxed,
    "TransformedDistribution": _transformed,
}
