"""Runs a case: builds its graph, runs it in a Session, gives plain values."""

from __future__ import annotations

import functools

import numpy as np


def find(tf, name):
    """The object of a dotted name."""
    return functools.reduce(getattr, name.split("."), tf)


def build(tf, name, case):
    """The case's fetches (or function of a Session), and the operations that initialise its graph."""
    fetches = case(tf, find(tf, name))
    return fetches, [
        tf.global_variables_initializer(),
        tf.local_variables_initializer(),
        tf.tables_initializer(),
    ]


def run(session, fetches, initializers):
    """The values that the session gives for what `build` gave."""
    with session as sess:
        sess.run(initializers)
        return plain(fetches(sess) if callable(fetches) else sess.run(fetches))


def plain(value):
    """A list of arrays, in order, out of what a Session returned."""
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in plain(value[key])]
    if hasattr(value, "to_list"):  # a ragged value
        return plain(value.to_list())
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in plain(item)]
    if value is None:
        return []
    if isinstance(value, (str, bytes)):
        return [np.array(value if isinstance(value, str) else value.decode("latin1"))]
    array = np.asarray(value)
    if array.dtype == object:
        texts = [v.decode("latin1") if isinstance(v, bytes) else str(v) for v in array.ravel()]
        array = np.array(texts).reshape(array.shape)
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    return [array]


def differences(got, wanted, tolerance):
    """What differs between two answers of `run`, in words; empty when they agree.

    Numbers may differ by `tolerance` of themselves or of the largest beside them.
    """
    if len(got) != len(wanted):
        return "%d values, not %d" % (len(got), len(wanted))  # noqa: UP031
    for i, (a, b) in enumerate(zip(got, wanted)):  # noqa: B905 - Python 3.7 too
        if a.shape != b.shape:
            return "value %d has shape %s, not %s" % (i, a.shape, b.shape)  # noqa: UP031
        if a.dtype.kind != b.dtype.kind or a.dtype.kind != "U" and a.dtype != b.dtype:
            return "value %d is %s, not %s" % (i, a.dtype, b.dtype)  # noqa: UP031
        if a.dtype.kind in "fc":
            finite = np.abs(b[np.isfinite(b)])
            atol = tolerance * max(1.0, finite.max() if finite.size else 1.0)
            same = np.allclose(a, b, rtol=tolerance, atol=atol, equal_nan=True)
        else:
            same = np.array_equal(a, b)
        if not same:
            return "value %d is %s, not %s" % (i, a, b)  # noqa: UP031
    return ""
