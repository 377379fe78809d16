"""How the files of a save come to stand under their names, so that a crash leaves the old ones or the new.

A checkpoint with the prefix P is `P.index` and `P.data-<i>-of-<n>`; the index holds where each tensor stands in
the data, its checksum, and n. Two files cannot be replaced at once, and one reader's index with the other's
data is rubbish. But which data an index means is in it: n (see `index_file`). So the new data first comes
under names that the old index does not mean, and the one step that counts is the replacing of one file, the
index. A save goes like this:

1. TensorFlow writes the checkpoint into a new folder beside P. All of it is read back against its checksums
   and synced to the disk. P is untouched till here, and stays so if anything is wrong.
2. `P.meta`, if one is to be written, is replaced. It is the graph, and says nothing of the values.
3. Where the checkpoint that P now means has another n, or P means none: the new data files are moved to their
   names, then the index to its: done. Else, both with n files:
   a. the new data files are moved to names for n', the next number: no index means those;
   b. the index, written for n', replaces the old one. **Now P is the new checkpoint.**
   c. the data files are linked (where links do not work, copied) under the names for n, which no index means
      now, each by one `os.replace`;
   d. the index, written for n, replaces the one for n'. P stands as TensorFlow would have written it.
4. Data files of P with other counts than n are deleted.
5. `checkpoint`, the state file, is replaced; only then old checkpoints are deleted.

After each step the folder is synced, so that a power cut keeps the order too. Whenever the process is killed, P
is the whole old or the whole new checkpoint for every reader, TensorFlow 1 included, and nothing needs
recovering. What a kill can leave is files no index means, which the next save to P deletes, and the
folder of step 1, which the next save of any process on that host deletes. A reader that read the old index
right before b and opens the data after c sees checksums fail, and may try again. Saves of one process take
turns; that two processes save to one prefix at once is not provided for.

A checkpoint in the format V1 is one file and is replaced in one step; sharded over k devices it is k
files, replaced one by one: to overwrite such a one (k > 1) is not safe against a crash.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator

from .index_file import data_files, shard_count, with_shard_count

__all__ = ["replace_checkpoint", "replace_file", "working_folder", "write_file"]

FOLDER = ".saving-by-"
_taking_turns = threading.Lock()
_in_use: set[str] = set()


@contextlib.contextmanager
def working_folder(parent: str) -> Iterator[str]:
    """A new folder in `parent`, deleted in the end, as are those that processes now dead left there."""
    host = re.sub(r"\W", "_", socket.gethostname())
    _delete_abandoned(parent, f"{FOLDER}{host}-")
    folder = tempfile.mkdtemp(prefix=f"{FOLDER}{host}-{os.getpid()}-", dir=parent or ".")
    _in_use.add(os.path.basename(folder))
    try:
        yield os.path.join(parent, os.path.basename(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _in_use.discard(os.path.basename(folder))


def replace_checkpoint(made: str, prefix: str) -> None:
    """Have the checkpoint `made`, which was verified, stand at `prefix` (steps 3 and 4 of the protocol).

    Both are on one file system; `made` is used up. OSError where a file cannot be replaced: `prefix` then is
    the old checkpoint or the new, as after a kill.
    """
    with _taking_turns:
        if not os.path.exists(f"{made}.index"):
            _replace_version_1(made, prefix)
            return
        index = _read(f"{made}.index")
        count = shard_count(index)
        for path in (*data_files(made, count), f"{made}.index"):
            _sync(path)
        final = list(zip(data_files(made, count), data_files(prefix, count), strict=True))
        if _shard_count_of(prefix) == count:
            _replace_same_count(made, prefix, index, count)
        else:
            for source, target in final:
                os.replace(source, target)
            _sync_folder(prefix)
            replace_file(f"{made}.index", f"{prefix}.index")
        _delete_other_data(prefix, keep={target for _, target in final})


def replace_file(source: str, target: str) -> None:
    """Put one file in the place of another, for good."""
    _sync(source)
    os.replace(source, target)
    _sync_folder(target)


def write_file(path: str, content: bytes) -> None:
    """Write a file so that at any moment all of its old content or all of the new is there."""
    with working_folder(os.path.dirname(path)) as folder:
        made = os.path.join(folder, "file")
        with open(made, "wb") as file:
            file.write(content)
        replace_file(made, path)


def _replace_same_count(made: str, prefix: str, index: bytes, count: int) -> None:
    """Step 3, a to d."""
    other = _another_count(count)
    spare = data_files(prefix, other)[:count]
    for source, target in zip(data_files(made, count), spare, strict=True):
        os.replace(source, target)
    _sync_folder(prefix)
    with open(f"{made}.other", "wb") as file:
        file.write(with_shard_count(index, other))
    replace_file(f"{made}.other", f"{prefix}.index")
    for source, link, target in zip(spare, data_files(made, count), data_files(prefix, count), strict=True):
        _link(source, link)
        os.replace(link, target)
    _sync_folder(prefix)
    replace_file(f"{made}.index", f"{prefix}.index")


def _another_count(count: int) -> int:
    """A count other than this one that takes as many bytes in an index; more, but for 127 and its kin."""
    return count + 1 if count not in (0x7F, 0x3FFF) else count - 1


def _replace_version_1(made: str, prefix: str) -> None:
    """Step 3 of one file, or of the shards `made-<i>-of-<n>`."""
    found = [made] if os.path.exists(made) else sorted(glob.glob(f"{glob.escape(made)}-*-of-*"))
    for source in found:
        replace_file(source, prefix + source[len(made) :])


def _shard_count_of(prefix: str) -> int | None:
    """The number of data files of the checkpoint at a prefix; None where there is none that could be read."""
    try:
        return shard_count(_read(f"{prefix}.index"))
    except (FileNotFoundError, ValueError):
        return None


def _delete_other_data(prefix: str, keep: set[str]) -> None:
    for path in glob.glob(f"{glob.escape(prefix)}.data-?????-of-?????"):
        if path not in keep:
            os.unlink(path)


def _delete_abandoned(parent: str, start: str) -> None:
    """Delete the working folders of this host's processes that live no more, or of this one and not in use."""
    with os.scandir(parent or ".") as entries:
        names = [entry.name for entry in entries if entry.name.startswith(start)]
    for name in names:
        pid = name[len(start) :].partition("-")[0]
        if name not in _in_use and pid.isdigit() and (int(pid) == os.getpid() or not _lives(int(pid))):
            shutil.rmtree(os.path.join(parent, name), ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # another user's
    return True


def _link(source: str, target: str) -> None:
    """A second name for a file; a copy of it on file systems that have no such thing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        _sync(target)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _sync(path: str) -> None:
    """Have the disk hold what was written to a file, or to a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(path: str) -> None:
    """Have the disk hold the names in the folder of `path`, where its system can."""
    with contextlib.suppress(OSError):
        _sync(os.path.dirname(path) or ".")
