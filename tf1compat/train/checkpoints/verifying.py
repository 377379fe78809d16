"""Whether a checkpoint is whole: all of it is read and compared with its checksums."""

from __future__ import annotations

import glob
import os
from typing import Any

import tensorflow as tf

from tf1compat.graph import eager

__all__ = ["verifies", "verify_checkpoint"]

#: What was found of checkpoints, by prefix: their files as they then were, and what was wrong with them.
_found: dict[str, tuple[Any, str | None]] = {}


def verify_checkpoint(prefix: str) -> None:
    """Read all tensors of a checkpoint, of either format, one by one.

    Raises `tf.errors.DataLossError`, which names the prefix and the tensor, where one is missing, cut short or
    differs from its checksum. It takes the time to read the files, once for as long as they do not change.
    """
    wrong = _fault(prefix)
    if wrong is not None:
        raise tf.errors.DataLossError(None, None, f"The checkpoint {prefix!r} is damaged: {wrong}")


def verifies(prefix: str) -> bool:
    """Whether there is a whole checkpoint with this prefix."""
    return _fault(prefix) is None


def _fault(prefix: str) -> str | None:
    files = _files(prefix)
    known = _found.get(prefix)
    if known is not None and files and known[0] == files:
        return known[1]
    wrong = _read_all(prefix)
    if len(_found) > 1000:
        _found.clear()
    _found[prefix] = files, wrong
    return wrong


def _read_all(prefix: str) -> str | None:
    """What is wrong with the first tensor that cannot be read."""
    name = None
    try:
        reader = tf.compat.v1.train.NewCheckpointReader(prefix)
        kinds = reader.get_variable_to_dtype_map()
        of_version_2 = os.path.exists(f"{prefix}.index")
        for name in sorted(kinds):
            if of_version_2 and kinds[name] != tf.variant:
                _read(reader, name)
            else:  # what the reader has no array for; V1's partitioned variables are among it
                kind = [kinds[name]]
                with eager(), tf.device("CPU"):
                    tf.raw_ops.RestoreV2(prefix=prefix, tensor_names=[name], shape_and_slices=[""], dtypes=kind)
    except (tf.errors.OpError, LookupError, OSError, RuntimeError, ValueError) as error:  # by the kind of fault
        return f"{name or 'its index'}: {error}"
    return None


def _read(reader: Any, name: str) -> None:
    """Read a tensor. What the reader cannot put together is let be.

    That is float16's partitioned variables, and partitioned ones of which only some parts were saved.
    """
    try:
        reader.get_tensor(name)
    except (tf.errors.OpError, RuntimeError, ValueError) as error:
        kind = "Dtype" in str(error) and "not supported" in str(error)
        if not kind and "Does not have sufficient slices for partitioned tensor" not in str(error):
            raise


def _files(prefix: str) -> list[tuple[Any, ...]]:
    """What changes when a checkpoint's files do; nothing where they are not on a file system of this machine."""
    patterns = (f"{glob.escape(prefix)}.index", f"{glob.escape(prefix)}.data-*", prefix)
    stats = []
    for path in sorted({path for pattern in patterns for path in glob.glob(pattern)}):
        stat = os.stat(path)
        stats.append((path, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    return stats
