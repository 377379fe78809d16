"""What the programs here share: digits, the weights to begin with, the order of batches, the rules' numbers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits
from tqdm import tqdm

import tf1compat
from tf1compat.cli import chatter

if "tensorflow" not in sys.modules:
    chatter.install()  # keeps TensorFlow's start-up lines off the screen

STEPS, BATCH, HIDDEN, DIGITS = 200, 20, 32, 10
EVERY = 20  # steps from one look at the accuracy to the next
RATE, DECAY_STEPS, DECAY_RATE = 0.3, 50, 0.9
MOMENTUM = 0.9
CLIP_NORM = 0.5
AVERAGE_DECAY = 0.98


class Data(NamedTuple):
    images: np.ndarray  # float32 [STEPS, BATCH, pixels], 0 to 1: a batch for each step
    labels: np.ndarray  # int64 [STEPS, BATCH]
    test_images: np.ndarray  # float32 [examples, pixels]
    test_labels: np.ndarray  # int64 [examples]


class Curves(NamedTuple):
    losses: list[float]  # each step's, before it
    raw: list[float]  # the accuracy on the test digits, after every EVERY steps
    averaged: list[float]  # the same with the weights' moving averages
    averages: list[np.ndarray]  # those, at the end


def load(folder: str | None = None) -> Data:
    """MNIST, from a folder that holds its four files, or scikit-learn's digits. To be called eagerly."""
    if folder is None:
        bunch = load_digits()
        images, labels = (bunch.data / 16).astype("float32"), bunch.target.astype("int64")
        train, test = (images[:1500], labels[:1500]), (images[1500:], labels[1500:])
    else:
        from tf1compat.v1.examples.tutorials.mnist import input_data

        sets = input_data.read_data_sets(folder, validation_size=0)
        train, test = ((each.images, each.labels.astype("int64")) for each in (sets.train, sets.test))
    order = np.random.default_rng(1).integers(0, len(train[0]), [STEPS, BATCH])
    return Data(train[0][order], train[1][order], *test)


def first_weights(pixels: int) -> list[np.ndarray]:
    """Kernel and bias of the hidden layer, kernel and bias of the output, the same each time."""
    generator = np.random.default_rng(2)

    def kernel(*shape: int) -> np.ndarray:
        return generator.normal(0, shape[0] ** -0.5, shape).astype("float32")

    return [kernel(pixels, HIDDEN), np.zeros(HIDDEN, "float32"), kernel(HIDDEN, DIGITS), np.zeros(DIGITS, "float32")]


def progress(steps: Iterable) -> Iterable:
    """The same, with a progress bar after a second, that goes when it is done."""
    return tqdm(steps, total=STEPS, unit=" steps", leave=False, delay=1)


def show(curves: Curves) -> None:
    print("step   loss   accuracy   averaged")
    for number, (raw, averaged) in enumerate(zip(curves.raw, curves.averaged), 1):
        step = number * EVERY
        print(f"{step:4}  {curves.losses[step - 1]:.3f}    {raw:7.1%}    {averaged:7.1%}")


def main(run: Callable[[Data], Curves]) -> None:
    """Run a program from the command line and print its curves."""
    if len(sys.argv) > 2 or sys.argv[1:2] in (["-h"], ["--help"]):
        sys.exit(f"usage: python {sys.argv[0]} [FOLDER OF MNIST]")
    with tf1compat.eager():
        show(run(load(*sys.argv[1:])))
