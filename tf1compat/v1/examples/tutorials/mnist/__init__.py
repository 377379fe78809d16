"""`tensorflow.examples.tutorials.mnist`: `input_data` reads MNIST, `mnist` builds a small network for it."""

from . import input_data, mnist

__all__ = ["input_data", "mnist"]
