"""`run --fidelity`: the settings nearest to TensorFlow 1's arithmetic.

Measured on CPUs against TensorFlow 1.15.5, with TensorFlow 2.21: without oneDNN a matrix product, a convolution and its
two gradients are equal to the last bit; with it they differ by up to 2.6e-6 of their largest number.
"""

from __future__ import annotations

import os

__all__ = ["install"]

#: What TensorFlow and its libraries read as they load; the processes that a script starts inherit it.
SETTINGS = {
    # Eigen's kernels, which TensorFlow 1.15 ran, in the place of oneDNN's: other orders of summation.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    # Whole float32 products on GPUs that would round their factors to ten bits of mantissa.
    "NVIDIA_TF32_OVERRIDE": "0",
}


def install() -> None:
    """Set them for this process, which must not have loaded TensorFlow yet, and for those that it starts."""
    os.environ.update(SETTINGS)
