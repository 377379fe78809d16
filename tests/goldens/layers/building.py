"""What a program gives back, and the inputs that programs share."""

import collections

import numpy as np

Built = collections.namedtuple("Built", "outputs feeds facts steps")
"""outputs: the tensors to be run and differentiated. feeds: {placeholder: array}. facts: whatever JSON holds.
steps: operations to be run one after the other, each `STEPS` times, before the variables are read again."""

STEPS = 2


def built(outputs, feeds=None, facts=None, steps=()):
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return Built(list(outputs), feeds or {}, facts or {}, list(steps))


def values(seed, *shape):
    """Numbers between -1 and 1 that depend on the seed alone."""
    return np.random.RandomState(seed).uniform(-1.0, 1.0, shape).astype(np.float32)


def given(tf, seed, *shape, **options):
    """A placeholder, of an unknown batch size unless `batch` says one, and its feed."""
    dtype = options.get("dtype", tf.float32)
    array = values(seed, *shape)
    static = list(shape) if options.get("known_batch") else [None] + list(shape[1:])
    placeholder = tf.placeholder(dtype, static, name=options.get("name", "x"))
    return placeholder, {placeholder: array.astype(dtype.as_numpy_dtype)}


def error_of(function, *args, **kwargs):
    """The name of the exception's class, None where there is none."""
    try:
        function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__
    return None
