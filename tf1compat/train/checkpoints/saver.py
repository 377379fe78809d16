"""`Saver`: TensorFlow's, with saves that a crash cannot spoil and that any thread may make."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from tf1compat.graph import Graph

from .replacing import replace_checkpoint, replace_file, working_folder, write_file
from .shapes import check_shapes
from .verifying import verify_checkpoint

__all__ = ["Saver", "in_graph_of", "save_safely"]


class _WithTensorFlows(type):
    """The savers that TensorFlow makes itself, a `Scaffold`'s or an imported graph's, count as `Saver`s."""

    def __instancecheck__(cls, instance: Any) -> bool:
        if cls.__dict__.get("_counts_tensorflows"):
            return isinstance(instance, tf.compat.v1.train.Saver)
        return super().__instancecheck__(instance)


class Saver(tf.compat.v1.train.Saver, metaclass=_WithTensorFlows):
    """TF 1.15's `Saver`, all arguments and both formats, in TF1 graphs and eagerly.

    It builds the ops that TensorFlow's builds and reads and writes the same files, which TF 1.15 reads too.
    Beyond TensorFlow's:

    - A crash in the middle of a save, even of one that overwrites a prefix, loses nothing: at every moment the
      prefix is the whole old or the whole new checkpoint. The new one is read back against its checksums before
      it replaces anything, and `P.meta` is there before `P.index` is. While it saves, the disk holds both.
    - `save` and `restore` given a Session work on its graph in threads that are eager, too.
    - `restore` refuses a value that has not its variable's shape.
    """

    _counts_tensorflows = True

    def save(self, sess: Any, save_path: str, *args: Any, **kwargs: Any) -> str | None:
        """Write a checkpoint; the arguments, result and errors of TF 1.15 (see `save_safely`).

        Raises:
          tf.errors.DataLossError: what was written could not be read back; the old checkpoint still stands.
        """
        with in_graph_of(sess):
            return save_safely(self, super().save, sess, save_path, *args, **kwargs)

    def restore(self, sess: Any, save_path: str) -> None:
        """Have the Session's variables hold the values of a checkpoint, as in TF 1.15.

        Raises:
          tf.errors.InvalidArgumentError: a variable has another shape there (and `reshape` was not asked for).
          tf.errors.NotFoundError: a variable is not in the checkpoint.
          ValueError: there is no checkpoint with that prefix.
        """
        with in_graph_of(sess):
            check_shapes(self, sess, save_path)
            super().restore(sess, save_path)

    @staticmethod
    def from_proto(saver_def: Any, import_scope: str | None = None) -> Saver:
        """The `Saver` of the ops that a `SaverDef` names, below `import_scope` if they were imported there."""
        return Saver(saver_def=saver_def, name=import_scope)


def in_graph_of(session: Any) -> contextlib.AbstractContextManager[Any]:
    """The graph of a Session of ours, in a thread that is eager; what is current, elsewhere.

    TensorFlow 2 starts threads eager, and a `Saver` in an eager thread takes itself for an eager one. TF1
    programs save from threads of their own, and `tf.train.Supervisor` does from one of its.
    """
    graph = getattr(session, "graph", None)
    return graph.as_default() if tf.executing_eagerly() and isinstance(graph, Graph) else contextlib.nullcontext()


def save_safely(
    saver: Any,
    plain_save: Callable[..., str | None],
    sess: Any,
    save_path: str,
    global_step: Any = None,
    latest_filename: str | None = None,
    meta_graph_suffix: str = "meta",
    write_meta_graph: bool = True,
    write_state: bool = True,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
) -> str | None:
    """What `saver.save` of TF 1.15 does, by the protocol of `replacing`; `plain_save` is TensorFlow's method.

    On file systems that have a scheme (`gs://…`), where a file is replaced whole and by TensorFlow alone, it is
    TensorFlow's method that saves.
    """
    save_path = os.fspath(save_path) if isinstance(save_path, os.PathLike) else tf.compat.as_str(save_path)
    options: dict[str, Any] = {
        "latest_filename": latest_filename,
        "meta_graph_suffix": meta_graph_suffix,
        "strip_default_attrs": strip_default_attrs,
        "save_debug_info": save_debug_info,
    }
    if "://" in save_path:
        options |= {"write_meta_graph": write_meta_graph, "write_state": write_state}
        return plain_save(sess, save_path, global_step, **options)
    latest_filename = latest_filename or "checkpoint"
    if global_step is None and os.path.basename(save_path) == latest_filename and not saver._sharded:
        raise ValueError(
            f"'latest_filename' collides with 'save_path': '{latest_filename}' and '{save_path}'. The file of that "
            "name tells which checkpoints there are; save under another one."
        )
    prefix = save_path if global_step is None else f"{save_path}-{_step(saver, sess, global_step)}"
    parent = os.path.dirname(prefix)
    if not os.path.isdir(parent or "."):
        try:
            os.mkdir(parent)  # which the op that saves did in TF1, for one folder
        except OSError as error:
            raise ValueError(f"Parent directory of {save_path} doesn't exist, can't save.") from error
    with working_folder(parent) as folder:
        working = os.path.join(folder, os.path.basename(prefix))
        meta = write_meta_graph and not tf.executing_eagerly()
        made = plain_save(sess, working, write_meta_graph=meta, write_state=False, **options)
        if made is not None:
            verify_checkpoint(made)
        for name in _other_files(folder, made, working):
            replace_file(os.path.join(folder, name), os.path.join(parent, name))
        if made is None:
            return None
        replace_checkpoint(working, prefix)
    final = prefix + made[len(working) :]
    if write_state:
        saver._RecordLastCheckpoint(final)
        _write_state(saver, parent, final, latest_filename)
        saver._MaybeDeleteOldCheckpoints(meta_graph_suffix=meta_graph_suffix)
    return final


def _step(saver: Any, sess: Any, global_step: Any) -> str:
    """What follows the dash: the step, given as a number, a tensor, a variable or a tensor's name."""
    if not isinstance(global_step, int | np.integer):
        global_step = tf.compat.v1.train.global_step(sess, global_step)
    return f"{global_step:08d}" if saver._pad_step_number else f"{global_step:d}"


def _other_files(folder: str, made: str | None, working: str) -> list[str]:
    """What a save wrote besides the checkpoint: the graph, and where its ops were made."""
    start = os.path.basename(working)
    own = re.compile(re.escape(start) + r"(\.index|\.data-\d+-of-\d+|-\d+-of-\d+)?")
    return sorted(name for name in os.listdir(folder) if made is None or not own.fullmatch(name))


def _write_state(saver: Any, parent: str, prefix: str, latest_filename: str) -> None:
    """Replace the file that says which checkpoints there are and which is the newest."""
    paths = saver.last_checkpoints
    if saver._save_relative_paths:
        prefix, *paths = (os.path.relpath(path, parent) if os.path.isabs(path) else path for path in (prefix, *paths))
    state = tf.compat.v1.train.generate_checkpoint_state_proto(parent, prefix, paths)
    target = os.path.join(parent, latest_filename)
    if target == state.model_checkpoint_path:
        raise RuntimeError(f"Save path '{prefix}' is that of the file that tells the checkpoints: save under another.")
    write_file(target, str(state).encode())
