"""`tf.contrib.nn`: losses with their arguments the other way round, and a few functions."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = [
    "alpha_dropout",
    "deprecated_flipped_sigmoid_cross_entropy_with_logits",
    "deprecated_flipped_softmax_cross_entropy_with_logits",
    "deprecated_flipped_sparse_softmax_cross_entropy_with_logits",
    "fwd_gradients",
    "scaled_softplus",
]

v1 = tf.compat.v1


def deprecated_flipped_softmax_cross_entropy_with_logits(
    logits: Any, labels: Any, dim: int = -1, name: str | None = None
) -> tf.Tensor:
    """`tf.nn.softmax_cross_entropy_with_logits`, logits first."""
    return v1.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits, dim=dim, name=name)


def deprecated_flipped_sparse_softmax_cross_entropy_with_logits(
    logits: Any, labels: Any, name: str | None = None
) -> tf.Tensor:
    """`tf.nn.sparse_softmax_cross_entropy_with_logits`, logits first."""
    return v1.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name=name)


def deprecated_flipped_sigmoid_cross_entropy_with_logits(
    logits: Any, targets: Any, name: str | None = None
) -> tf.Tensor:
    """`tf.nn.sigmoid_cross_entropy_with_logits`, logits first."""
    return v1.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits, name=name)


def alpha_dropout(
    x: Any, keep_prob: Any, noise_shape: Any = None, seed: int | None = None, name: str | None = None
) -> tf.Tensor:
    """Dropout for SELUs, which keeps mean and variance (Klambauer et al., 2017).

    What is dropped becomes -1.758, and all is scaled and shifted. Shapes: those of `x`.

    Raises:
      ValueError: if `keep_prob` is a number that is not above 0 and at most 1.
    """
    with v1.name_scope(name, "alpha_dropout", [x]):
        x = tf.convert_to_tensor(x, name="x")
        if isinstance(keep_prob, (int, float)) and not 0 < keep_prob <= 1.0:
            raise ValueError(f"keep_prob must be a scalar tensor or a float in the range (0, 1], got {keep_prob:g}")
        keep = tf.convert_to_tensor(keep_prob, dtype=x.dtype, name="keep_prob")
        if tf.get_static_value(keep) == 1:
            return x
        lowest = -1.7580993408473766
        shape = tf.shape(x) if noise_shape is None else noise_shape
        kept = tf.cast(v1.random_uniform(shape, seed=seed, dtype=x.dtype) >= 1 - keep, x.dtype)
        scale = (keep + keep * (1 - keep) * lowest**2) ** -0.5
        return scale * (x * kept + lowest * (1 - kept)) - scale * lowest * (1 - keep)


def scaled_softplus(x: Any, alpha: Any, clip: Any = None, name: str | None = None) -> tf.Tensor:
    """alpha * log(1 + exp(x / alpha)), at most `clip`."""
    with v1.name_scope(name, "scaled_softplus", [x, alpha]):
        x = tf.convert_to_tensor(x, name="x")
        alpha = tf.convert_to_tensor(alpha, dtype=x.dtype, name="alpha")
        y = alpha * tf.nn.softplus(x / alpha)
        return y if clip is None else tf.minimum(y, tf.convert_to_tensor(clip, dtype=x.dtype, name="clip"))


def fwd_gradients(ys: Any, xs: Any, grad_xs: Any = None, assert_unused: bool = False) -> list[tf.Tensor]:
    """The gradients of each y along `grad_xs`, sum over x of dy/dx * grad_x: the Jacobian times a vector.

    They come of the gradients of the gradients, as reverse mode has them.

    Args:
      ys: a list of tensors.
      xs: a list of what they depend on.
      grad_xs: a tensor for each x, in its shape; ones by default.
      assert_unused: whether a run fails that computes the gradients themselves, which are only the way to these.

    Returns:
      A tensor for each y, in its shape; None where it does not depend on the xs.
    """
    ys, xs = ([tf.convert_to_tensor(one) for one in given] for given in (ys, xs))
    unused = [tf.zeros_like(y) for y in ys]
    backward = [
        tf.zeros_like(x) if slope is None else tf.reshape(tf.convert_to_tensor(slope), tf.shape(x))
        for x, slope in zip(xs, v1.gradients(ys, xs, grad_ys=unused), strict=True)
    ]
    if assert_unused:
        with tf.control_dependencies(backward):
            refused = v1.Assert(False, ["fwd_gradients computed the gradients, which are only the way to others"])
        with tf.control_dependencies([refused]):
            backward = [tf.identity(slope) for slope in backward]
    return v1.gradients(backward, unused, grad_ys=grad_xs)
