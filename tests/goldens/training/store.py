"""Goldens on disk: {case: {output: array}} and a VERSION, one small .npz a family."""

import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
# The day on which the layout of the files last changed.
FORMAT = "2026-11-20"


def path_of(family):
    return os.path.join(HERE, family + ".npz")


def save(family, tensorflow, answers, notes):
    """Writes the arrays of one dtype end to end, with an index of where each one is.

    tensorflow: the version that gave them, which with the format is what the file's `VERSION` says. The same
        answers make the same file.
    notes: anything JSON holds, such as the cases which that TensorFlow refused.
    """
    index, flat = {}, {}
    for case, outputs in answers.items():
        index[case] = {}
        for output, array in outputs.items():
            place = flat.setdefault(array.dtype.name, [])
            index[case][output] = [array.dtype.name, list(array.shape), sum(a.size for a in place)]
            place.append(array.ravel())
    meta = json.dumps(
        {"VERSION": {"tensorflow": tensorflow, "format": FORMAT}, "index": index, "notes": notes}, sort_keys=True
    )
    np.savez_compressed(path_of(family), meta=meta, **{k: np.concatenate(v) for k, v in flat.items()})


class Goldens(object):
    """version, notes, and the answers as `save` was given them."""

    def __init__(self, family):
        with np.load(path_of(family)) as stored:
            meta = json.loads(str(stored["meta"]))
            flat = {name: stored[name] for name in stored.files if name != "meta"}
        self.version, self.notes = meta["VERSION"], meta["notes"]
        assert self.version["format"] == FORMAT, "%s is laid out as on %s" % (family, self.version["format"])

        def array(dtype, shape, at):
            return flat[dtype][at : at + int(np.prod(shape))].reshape(shape)

        self.answers = {
            case: {output: array(*place) for output, place in outputs.items()}
            for case, outputs in meta["index"].items()
        }
