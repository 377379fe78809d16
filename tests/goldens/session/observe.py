"""What a program shows: its values, or its error, as JSON can hold them. Runs on Python 3.7 too."""

import re

import numpy as np


def plain(value):
    """Values as JSON holds them; arrays keep their dtype and shape."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if isinstance(value, (int, float)) and not isinstance(value, np.generic):
        return value if isinstance(value, int) else number(value)
    if isinstance(value, (np.ndarray, np.generic)):
        kind = type(value).__name__ if isinstance(value, np.ndarray) else "scalar"
        array = np.asarray(value)
        return {kind: array.dtype.name, "shape": list(array.shape), "values": [number(x) for x in array.reshape(-1)]}
    if isinstance(value, dict) and "error" in value:  # of `failing`
        return value
    if isinstance(value, dict):
        return {"kind": type(value).__name__, "items": [[plain(k), plain(v)] for k, v in value.items()]}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {"kind": type(value).__name__, "items": [[f, plain(v)] for f, v in zip(value._fields, value)]}
    if isinstance(value, tuple):
        return {"kind": "tuple", "items": [plain(v) for v in value]}
    if isinstance(value, (list, set)):
        return [plain(v) for v in value]
    if type(value).__name__ == "RaggedTensorValue":
        return {"kind": "RaggedTensorValue", "items": plain(value.to_list())}
    return {"repr": tidy(repr(value))}


def number(x):
    if isinstance(x, (bytes, np.bytes_)):
        return x.decode("latin-1")
    if isinstance(x, (complex, np.complexfloating)):
        return [number(x.real), number(x.imag)]
    if isinstance(x, (float, np.floating)):
        return repr(float(x)) if not np.isfinite(float(x)) else float("%.6g" % float(x))
    return x.item() if isinstance(x, np.generic) else x


def tidy(text):
    """A message without what no two runs share: addresses, lines of files, the stack of the op's making."""
    text = re.split(
        r" Originally defined at:|\n\nOriginal stack trace|\n\nErrors may have originated|\n\nCaused by op", text
    )[0]
    text = re.sub(r" \(defined at [^)]*\) ?", "", text)
    text = re.sub(r"\{\{(node [^}]*)\}\}", r"\1", text)
    text = re.sub(r" at 0x[0-9a-f]+", " at 0x", text)
    text = text.replace("tensorflow.python.framework.ops.", "").replace("tf1compat.graph.graph.", "")
    return text.strip()


def failing(action):
    """The class and message of what an action raises, and the op that it blames."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we record
        found = {"error": type(error).__name__, "message": tidy(getattr(error, "message", None) or str(error))}
        if getattr(error, "op", None) is not None:
            found["op"] = error.op.name
            found["node_def"] = error.node_def.name
        return found
    return "no error"


def observe(tf, program):
    """What a program gives in a fresh graph."""
    with tf.Graph().as_default():
        try:
            return plain(program(tf))
        except Exception as error:  # noqa: BLE001
            return {"raised": type(error).__name__, "message": tidy(getattr(error, "message", None) or str(error))}


def programs_of(module):
    """The programs of a module by name: its public functions whose one argument is `tf`."""
    return {
        name: value
        for name, value in vars(module).items()
        if hasattr(value, "__code__")
        and not name.startswith("_")
        and getattr(value, "__module__", "") == module.__name__
        and value.__code__.co_varnames[: value.__code__.co_argcount] == ("tf",)
    }
