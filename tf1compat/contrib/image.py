"""`tf.contrib.image`: images moved by projective transforms, on TensorFlow's kernel of that.

A transform [a0, a1, a2, b0, b1, b2, c0, c1] takes the output's point (x, y) from the input's
((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k), where k = c0 x + c1 y + 1; outside there are zeros.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = [
    "angles_to_projective_transforms",
    "compose_transforms",
    "flat_transforms_to_matrices",
    "matrices_to_flat_transforms",
    "rotate",
    "transform",
    "translate",
    "translations_to_projective_transforms",
]

v1 = tf.compat.v1

_DTYPES = (tf.uint8, tf.int32, tf.int64, tf.float16, tf.float32, tf.float64)


def _batch(images: Any) -> tuple[tf.Tensor, int]:
    """(images as [batch, height, width, channels], the rank they had).

    Raises:
      TypeError: for a dtype or a rank that is not supported.
    """
    images = tf.convert_to_tensor(images, name="images")
    if images.dtype.base_dtype not in _DTYPES:
        raise TypeError(f"Invalid dtype {images.dtype}.")
    rank = images.shape.rank
    if rank is None:
        raise TypeError("image_or_images rank must be statically known")
    if rank not in (2, 3, 4):
        raise TypeError("Images should have rank between 2 and 4.")
    return (images[None, :, :, None] if rank == 2 else images[None] if rank == 3 else images), rank


def _as_it_was(images: tf.Tensor, rank: int) -> tf.Tensor:
    return images[0, :, :, 0] if rank == 2 else images[0] if rank == 3 else images


def transform(
    images: Any, transforms: Any, interpolation: str = "NEAREST", output_shape: Any = None, name: str | None = None
) -> tf.Tensor:
    """Images, transformed.

    Args:
      images: [height, width], [height, width, channels] or [batch, height, width, channels].
      transforms: [8] for all, or [batch, 8].
      interpolation: "NEAREST" or "BILINEAR".
      output_shape: [height, width] of the outputs; the inputs' without.

    Raises:
      TypeError: for a dtype or a rank that is not supported.
      ValueError: for an `output_shape` of another shape than [2].
    """
    with v1.name_scope(name, "transform"):
        batch, rank = _batch(images)
        transforms = tf.convert_to_tensor(transforms, dtype=tf.float32, name="transforms")
        if output_shape is None:
            output_shape = tf.shape(batch)[1:3]
            known = tf.get_static_value(output_shape)
            output_shape = output_shape if known is None else known
        output_shape = tf.convert_to_tensor(output_shape, tf.int32, name="output_shape")
        if not output_shape.shape.is_compatible_with([2]):
            raise ValueError("output_shape must be a 1-D Tensor of 2 elements: new_height, new_width")
        if transforms.shape.rank is None:
            raise TypeError("transform_or_transforms rank must be statically known")
        if transforms.shape.rank not in (1, 2):
            raise TypeError("Transforms should have rank 1 or 2.")
        moved = tf.raw_ops.ImageProjectiveTransformV2(
            images=batch,
            transforms=transforms[None] if transforms.shape.rank == 1 else transforms,
            output_shape=output_shape,
            interpolation=interpolation.upper(),
        )
        return _as_it_was(moved, rank)


def rotate(images: Any, angles: Any, interpolation: str = "NEAREST", name: str | None = None) -> tf.Tensor:
    """Images turned counterclockwise about their centers, by an angle in radians or one each."""
    with v1.name_scope(name, "rotate"):
        batch, rank = _batch(images)
        height, width = (tf.cast(tf.shape(batch)[axis], tf.float32)[None] for axis in (1, 2))
        moved = transform(batch, angles_to_projective_transforms(angles, height, width), interpolation)
        return _as_it_was(moved, rank)


def translate(images: Any, translations: Any, interpolation: str = "NEAREST", name: str | None = None) -> tf.Tensor:
    """Images shifted by [dx, dy], or by one of them each."""
    with v1.name_scope(name, "translate"):
        return transform(images, translations_to_projective_transforms(translations), interpolation)


def angles_to_projective_transforms(
    angles: Any, image_height: Any, image_width: Any, name: str | None = None
) -> tf.Tensor:
    """[angles, 8]: the transforms that turn images of that size about their centers.

    Raises:
      TypeError: if angles have a rank above 1.
    """
    with v1.name_scope(name, "angles_to_projective_transforms"):
        angles = tf.convert_to_tensor(angles, name="angles", dtype=tf.float32)
        if angles.shape.rank not in (0, 1):
            raise TypeError("Angles should have rank 0 or 1.")
        angles = tf.reshape(angles, [-1])
        cos, sin = tf.cos(angles), tf.sin(angles)
        right, bottom = image_width - 1, image_height - 1
        x = (right - (cos * right - sin * bottom)) / 2.0
        y = (bottom - (sin * right + cos * bottom)) / 2.0
        zero = tf.zeros_like(cos)
        return tf.stack([cos, -sin, x, sin, cos, y, zero, zero], axis=1)


def translations_to_projective_transforms(translations: Any, name: str | None = None) -> tf.Tensor:
    """[translations, 8]: the transforms that shift by [dx, dy] each.

    Raises:
      TypeError: if translations have another rank than 1 or 2.
    """
    with v1.name_scope(name, "translations_to_projective_transforms"):
        shifts = tf.convert_to_tensor(translations, name="translations", dtype=tf.float32)
        if shifts.shape.rank is None:
            raise TypeError("translation_or_translations rank must be statically known")
        if shifts.shape.rank not in (1, 2):
            raise TypeError("Translations should have rank 1 or 2.")
        dx, dy = tf.unstack(tf.reshape(shifts, [-1, 2]), axis=1)
        one, zero = tf.ones_like(dx), tf.zeros_like(dx)
        return tf.stack([one, zero, -dx, zero, one, -dy, zero, zero], axis=1)


def compose_transforms(*transforms: Any) -> tf.Tensor:
    """[count, 8]: the transform that does all of them, one after the other."""
    if not transforms:
        raise AssertionError("transforms cannot be empty")
    with v1.name_scope(None, "compose_transforms"):
        matrices = [flat_transforms_to_matrices(each) for each in transforms]
        composed = matrices[0]
        for matrix in matrices[1:]:
            composed = tf.matmul(composed, matrix)
        return matrices_to_flat_transforms(composed)


def flat_transforms_to_matrices(transforms: Any) -> tf.Tensor:
    """[count, 3, 3] of [8] or [count, 8]."""
    with v1.name_scope(None, "flat_transforms_to_matrices"):
        transforms = tf.convert_to_tensor(transforms, name="transforms")
        if transforms.shape.rank not in (1, 2):
            raise ValueError(f"Transforms should be 1D or 2D, got: {transforms}")
        flat = tf.reshape(transforms, [-1, 8])
        return tf.reshape(tf.concat([flat, tf.ones_like(flat[:, :1])], axis=1), [-1, 3, 3])


def matrices_to_flat_transforms(transform_matrices: Any) -> tf.Tensor:
    """[count, 8] of [3, 3] or [count, 3, 3], divided by the last element."""
    with v1.name_scope(None, "matrices_to_flat_transforms"):
        matrices = tf.convert_to_tensor(transform_matrices, name="transform_matrices")
        if matrices.shape.rank not in (2, 3):
            raise ValueError(f"Matrices should be 2D or 3D, got: {matrices}")
        flat = tf.reshape(matrices, [-1, 9])
        return (flat / flat[:, 8:9])[:, :8]
