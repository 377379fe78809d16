"""A small classifier of scikit-learn's digits, as a Keras model and as float64 numpy written out by hand.

`train` computes what training does step by step, from the documented formulas alone: the gradient of each
batch, loss scaling's skipped steps, accumulation, TF1's clipping, the rate at that step, momentum's update.
"""

import keras
import numpy as np
from sklearn.datasets import load_digits

HIDDEN = 12
BATCH = 32

_digits = load_digits()
X = (_digits.data[:640] / 16).astype("float32")
Y = _digits.target[:640].astype("int32")


def model(jit_compile=False, **compile_with):
    """Two layers with the same initial weights every time, compiled with these arguments."""
    generator = np.random.default_rng(5)
    inputs = keras.Input((64,))
    hidden = keras.layers.Dense(HIDDEN, activation="tanh")(inputs)
    made = keras.Model(inputs, keras.layers.Dense(10, dtype="float32")(hidden))
    made.set_weights([generator.normal(0, 0.2, weight.shape) for weight in made.get_weights()])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    made.compile(loss=loss, jit_compile=jit_compile, **compile_with)
    return made


def gradients(weights, x, y):
    """The gradient of the mean cross entropy, one array for each of kernel, bias, kernel, bias."""
    first, first_bias, second, second_bias = weights
    hidden = np.tanh(x @ first + first_bias)
    logits = hidden @ second + second_bias
    odds = np.exp(logits - logits.max(-1, keepdims=True))
    slope = odds / odds.sum(-1, keepdims=True)
    slope[np.arange(len(y)), y] -= 1
    slope /= len(y)
    back = slope @ second.T * (1 - hidden**2)
    return [x.T @ back, back.sum(0), hidden.T @ slope, slope.sum(0)]


def loss(weights, x, y):
    """The mean cross entropy."""
    first, first_bias, second, second_bias = weights
    logits = np.tanh(x @ first + first_bias) @ second + second_bias
    return np.mean(np.log(np.exp(logits).sum(-1)) - logits[np.arange(len(y)), y])


def norm_of(arrays):
    return np.sqrt(sum((array**2).sum() for array in arrays))


def value(arrays, low, high):
    return [np.clip(array, low, high) for array in arrays], any(((a < low) | (a > high)).any() for a in arrays)


def norm(arrays, limit):
    norms = [norm_of([array]) for array in arrays]
    scaled = [a * limit / max(n, limit) for a, n in zip(arrays, norms, strict=True)]
    return scaled, any(n > limit for n in norms)


def average_norm(arrays, limit):
    norms = [norm_of([array]) / array.size for array in arrays]
    scaled = [a * min(1, limit / n) for a, n in zip(arrays, norms, strict=True)]
    return scaled, any(n > limit for n in norms)


def global_norm(arrays, limit):
    whole = norm_of(arrays)
    return [array * limit / max(whole, limit) for array in arrays], whole > limit


def train(
    weights, x, y, epochs=1, *, batch=BATCH, clip=None, rate=0.1, momentum=0.0, accumulate=1, scaled=False
):
    """Train by momentum's rule as Keras has it: `m = momentum * m - rate * g`, `w = w + m`.

    Args:
      weights: Where to begin, a list of arrays.
      x, y: The examples, in the order in which batches take them; the last batch may be smaller.
      epochs: How many times.
      batch: How many examples a batch has.
      clip: Of a list of gradients, what is left of them and whether that changed any; None for no clipping.
      rate: A number, or a function of the number of steps made.
      momentum: The decay of the velocity.
      accumulate: How many batches' gradients are averaged for one step.
      scaled: Whether a batch whose gradient is not finite is skipped.

    Returns:
      The weights; for each epoch a dict of what the callbacks log: `gradient_norm`, `gradient_norm_max`,
      `clipped_fraction`, `learning_rate`; and the weights after each step.
    """
    weights = [np.asarray(weight, np.float64) for weight in weights]
    velocity = [np.zeros_like(weight) for weight in weights]
    pending, steps, path, logs, used = [], 0, [], [], np.nan
    for _ in range(epochs):
        norms, clipped = [], []
        for start in range(0, len(x), batch):
            used = rate(steps) if callable(rate) else rate
            now = gradients(weights, x[start : start + batch].astype(np.float64), y[start : start + batch])
            if scaled and not all(np.isfinite(array).all() for array in now):
                continue
            pending.append(now)
            if len(pending) < accumulate:
                continue
            mean = [sum(arrays) / accumulate for arrays in zip(*pending, strict=True)]
            pending = []
            norms.append(norm_of(mean))
            if clip is not None:
                mean, engaged = clip(mean)
                clipped.append(engaged)
            velocity = [momentum * v - used * g for v, g in zip(velocity, mean, strict=True)]
            weights = [w + v for w, v in zip(weights, velocity, strict=True)]
            path.append(weights)
            steps += 1
        logs.append(
            {
                "gradient_norm": np.mean(norms) if norms else np.nan,
                "gradient_norm_max": np.max(norms) if norms else np.nan,
                "clipped_fraction": np.mean(clipped) if clipped else np.nan,
                "learning_rate": used,
            }
        )
    return weights, logs, path
