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
    "SeedStream": "util.SeedStream",
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
    return functools.partial(_ADAPTED[name], found) if name in _ADAPTED else found


def _missing(full: str, error: ImportError) -> Callable[..., Any]:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(
            f"{full} is not available: it stands on TensorFlow Probability, which cannot be imported here ({error}). "
            "Instead: pip install tensorflow-probability tf-keras."
        ) from error

    refuse.__name__ = refuse.__qualname__ = full
    return refuse


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


_ADAPTED: dict[str, Callable[..., Any]] = {
    "ExpRelaxedOneHotCategorical": _relaxed,
    "InverseGamma": _inverse_gamma,
    "Mixture": _mixture,
    "MultivariateNormalDiag": _multivariate_normal_diag,
    "RelaxedOneHotCategorical": _relaxed,
}
