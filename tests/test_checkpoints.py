"""Checkpoints: what `Saver` writes and reads, which one is the latest, and that no broken save spoils one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf2
from goldens.checkpoints.models import CASES, restore_and_train, train_and_save

import tf1compat.v1 as tf
from tf1compat.train import Saver, latest_checkpoint, verify_checkpoint
from tf1compat.train.checkpoints import replacing
from tf1compat.train.checkpoints.index_file import data_files, shard_count, with_shard_count

GOLDENS = Path(__file__).parent / "goldens" / "checkpoints"
EXPECTED = json.loads((GOLDENS / "expected.json").read_text())
V1, V2 = tf.train.SaverDef.V1, tf.train.SaverDef.V2


@contextlib.contextmanager
def session():
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        yield sess


def counter(size: int = 3) -> tuple:
    """A variable, and an op that adds one to all of it."""
    v = tf.get_variable("v", [size], initializer=tf.zeros_initializer())
    return v, tf.assign_add(v, tf.ones([size]))


def value_in(prefix: str, name: str = "v") -> float:
    """What TensorFlow's own reader finds in a checkpoint whose variable has one value throughout."""
    value = tf2.train.load_checkpoint(prefix).get_tensor(name)
    assert (value == value[0]).all()
    return float(value[0])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# With TensorFlow 1.15.5, both ways. That it reads what is written here: goldens/checkpoints/exchange.py.


def same(found: dict, expected: dict, tolerance: float) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        if tolerance and name not in ("words", "flags"):
            np.testing.assert_allclose(found[name], value, rtol=tolerance, atol=tolerance * 1e-3, err_msg=name)
        else:
            assert found[name] == value, name


@pytest.mark.parametrize("case", CASES)
def test_what_tensorflow_1_saved_restores_and_trains_on(case: str) -> None:
    expected = EXPECTED["cases"][case]
    restored, end, average = restore_and_train(tf, case, str(GOLDENS / expected["prefix"]))
    same(restored, expected["saved"], 0)
    same(end, expected["end"], 5e-6)
    assert average == expected["saved"]["model/w/ExponentialMovingAverage"]


@pytest.mark.parametrize("case", CASES)
def test_what_is_saved_is_laid_out_as_in_tensorflow_1(case: str, tmp_path: Path) -> None:
    expected = EXPECTED["cases"][case]["prefix"]
    prefix, saved, end = train_and_save(tf, case, str(tmp_path))
    assert prefix == expected
    theirs = [path.name for path in GOLDENS.glob(f"{case}-*")]
    assert names(tmp_path) == sorted(theirs)
    assert tf2.train.list_variables(str(tmp_path / prefix)) == tf2.train.list_variables(str(GOLDENS / expected))
    restored, again, _ = restore_and_train(tf, case, str(tmp_path / prefix))
    same(restored, saved, 0)
    same(again, end, 0)


# A save that breaks.


class Killed(BaseException):
    """Stands for kill -9: nothing of the save runs after it, tidying up included."""


class OwnSaver(tf.train.Saver):
    """A user's subclass, which TensorFlow's savers are no instances of."""


class Breaker:
    """Kills at the call of a number among those that change the disk."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int) -> None:
        self.at, self.calls = at, 0
        for owner, name in (
            *((os, name) for name in ("replace", "link", "unlink", "fsync", "makedirs")),
            *((replacing.shutil, name) for name in ("rmtree", "copyfile")),
            (replacing.tempfile, "mkdtemp"),
        ):
            patch.setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, plain):
        def call(*args, **kwargs):
            self.calls += 1
            if self.calls >= self.at:
                raise Killed
            return plain(*args, **kwargs)

        return call


@pytest.mark.parametrize("links", [True, False], ids=["links", "copies"])
@pytest.mark.parametrize("version", [V2, V1], ids=["V2", "V1"])
def test_killed_at_each_step_of_overwriting(tmp_path: Path, monkeypatch, version: int, links: bool) -> None:
    _, add = counter()
    saver = tf.train.Saver(write_version=version)
    path = str(tmp_path / "model")

    def no_link(*args):
        raise OSError

    if not links:
        monkeypatch.setattr(os, "link", no_link)
    with session() as sess:
        sess.run(add)
        saver.save(sess, path)
        clean = names(tmp_path)
        at, done, seen = 1, False, set()
        while not done:
            before = value_in(path)
            sess.run(add)
            with monkeypatch.context() as patch:
                Breaker(patch, at)
                try:
                    saver.save(sess, path)
                    done = True
                except Killed:
                    replacing._in_use.clear()  # as it is in another process
            assert latest_checkpoint(str(tmp_path)) == tf2.train.latest_checkpoint(str(tmp_path)) == path
            verify_checkpoint(path)
            found = value_in(path)
            assert found in (before, sess.run("v:0")[0])
            seen.add(found == before)
            if not at % 2:  # every other time the next save finds what the killed one left
                saver.save(sess, path)
                assert names(tmp_path) == clean
            at += 1
        assert names(tmp_path) == clean
        assert seen == {True, False}
        assert at > (20 if version == V2 else 8)


def test_killed_at_each_step_of_a_new_prefix(tmp_path: Path, monkeypatch) -> None:
    _, add = counter()
    saver = tf.train.Saver(max_to_keep=2)
    with session() as sess:
        for step in (1, 2):
            sess.run(add)
            saver.save(sess, str(tmp_path / "model"), global_step=step)
        step, at, done = 3, 1, False
        while not done:
            sess.run(add)
            with monkeypatch.context() as patch:
                Breaker(patch, at)
                try:
                    saver.save(sess, str(tmp_path / "model"), global_step=step)
                    done = True
                except Killed:
                    replacing._in_use.clear()  # as it is in another process
            latest = latest_checkpoint(str(tmp_path))
            assert value_in(latest) in (step, step - 1)
            saver.save(sess, str(tmp_path / "model"), global_step=step)
            step, at = step + 1, at + 1
        assert at > 12


def shards(prefix: str, count: int, value: float) -> None:
    """A checkpoint with so many data files."""
    import tf1compat

    with tf1compat.eager():
        parts = [f"{prefix}-part{n}" for n in range(count)]
        for n, part in enumerate(parts):
            tf2.raw_ops.SaveV2(
                prefix=part, tensor_names=[f"v{n}"], shape_and_slices=[""], tensors=[tf2.fill([5], value)]
            )
        tf2.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=parts, destination_prefix=prefix)


@pytest.mark.parametrize("new", [1, 2, 3])
@pytest.mark.parametrize("old", [1, 2, 3])
def test_checkpoints_of_several_files(tmp_path: Path, monkeypatch, old: int, new: int) -> None:
    path, at, done = str(tmp_path / "model"), 1, False
    while not done:
        shards(path, old, 1.0)
        with replacing.working_folder(str(tmp_path)) as folder, monkeypatch.context() as patch:
            shards(f"{folder}/model", new, 2.0)
            Breaker(patch, at)
            try:
                replacing.replace_checkpoint(f"{folder}/model", path)
                done = True
            except Killed:
                pass
        verify_checkpoint(path)
        whole = {value_in(path, name) for name, _ in tf2.train.list_variables(path)}
        assert whole in ({1.0}, {2.0})
        assert len(tf2.train.list_variables(path)) == (old if whole == {1.0} else new)
        at += 1
    assert whole == {2.0}
    assert names(tmp_path) == sorted(Path(p).name for p in (*data_files(path, new), f"{path}.index"))


@pytest.mark.parametrize("suffix", [".data-00000-of-00001", ".index"])
def test_what_was_written_badly_replaces_nothing(tmp_path: Path, monkeypatch, suffix: str) -> None:
    _, add = counter(1000)
    saver = tf.train.Saver()
    with session() as sess:
        path = saver.save(sess, str(tmp_path / "model"))
        before = names(tmp_path)
        plain = tf2.compat.v1.train.Saver.save

        def bad(self, *args, **kwargs):
            made = plain(self, *args, **kwargs)
            content = bytearray(Path(made + suffix).read_bytes())
            content[40] ^= 1
            Path(made + suffix).write_bytes(content)
            return made

        monkeypatch.setattr(tf2.compat.v1.train.Saver, "save", bad)
        sess.run(add)
        with pytest.raises(tf.errors.DataLossError, match="model.* is damaged"):
            saver.save(sess, path)
    assert names(tmp_path) == before
    assert value_in(path) == 0


def test_folders_that_dead_processes_left_are_deleted(tmp_path: Path) -> None:
    counter()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    start = replacing.FOLDER + "".join(c if c.isalnum() or c == "_" else "_" for c in socket.gethostname())
    left, living, elsewhere = f"{start}-{dead.pid}-x", f"{start}-{os.getppid()}-x", f"{replacing.FOLDER}o-1-x"
    for name in (left, living, elsewhere):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.index").write_text("half")
    with session() as sess:
        tf.train.Saver().save(sess, str(tmp_path / "model"), write_meta_graph=False)
    assert left not in names(tmp_path)
    assert {living, elsewhere} < set(names(tmp_path))


def test_threads_that_save_one_prefix_take_turns(tmp_path: Path) -> None:
    _, add = counter(10_000)
    saver, failures = tf.train.Saver(), []
    with session() as sess:

        def save():
            try:
                for _ in range(5):
                    sess.run(add)
                    saver.save(sess, str(tmp_path / "model"), write_meta_graph=False)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=save) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not failures
    verify_checkpoint(str(tmp_path / "model"))
    assert names(tmp_path) == ["checkpoint", "model.data-00000-of-00001", "model.index"]


# The index.


def test_an_index_for_another_number_of_data_files(tmp_path: Path) -> None:
    for n in range(3000):  # more than a block holds
        tf.get_variable(f"a_long_name_for_a_variable_so_that_blocks_fill_up/number_{n}" * 2, initializer=float(n))
    counter()
    with session() as sess:
        path = tf.train.Saver().save(sess, str(tmp_path / "model"), write_meta_graph=False)
    index = Path(f"{path}.index").read_bytes()
    assert shard_count(index) == 1
    for count in (2, 3, 127):
        changed = with_shard_count(index, count)
        assert shard_count(changed) == count
        other = str(tmp_path / "other")
        Path(f"{other}.index").write_bytes(changed)
        shutil.copy(data_files(path, 1)[0], data_files(other, count)[0])
        verify_checkpoint(other)
        assert len(tf2.train.list_variables(other)) == 3001
        assert with_shard_count(changed, 1) == index
    with pytest.raises(ValueError, match="takes 2 bytes"):
        with_shard_count(index, 128)


def test_no_sound_index() -> None:
    sound = (GOLDENS / "adam-5.index").read_bytes()
    assert shard_count(sound) == 1
    damaged = bytearray(sound)
    damaged[5] ^= 1
    for content in (b"", b"x" * 100, sound[:-1], sound[1:], bytes(damaged)):
        with pytest.raises(ValueError):
            shard_count(content)


# Which is the latest.


def test_the_latest_is_the_newest_that_verifies(tmp_path: Path) -> None:
    assert latest_checkpoint(str(tmp_path)) is None
    _, add = counter(1000)
    saver = tf.train.Saver()
    with session() as sess:
        paths = [saver.save(sess, str(tmp_path / "model"), global_step=n) for n in range(4)]
        assert latest_checkpoint(str(tmp_path)) == latest_checkpoint(tmp_path) == paths[3]
        data = Path(data_files(paths[3], 1)[0])
        content = bytearray(data.read_bytes())
        content[2000] ^= 16
        data.write_bytes(content)
        assert tf2.train.latest_checkpoint(str(tmp_path)) == paths[3]  # TensorFlow's does not look
        assert latest_checkpoint(str(tmp_path)) == paths[2]
        with pytest.raises(tf.errors.DataLossError, match="model-3.*v: "):
            verify_checkpoint(paths[3])
        os.truncate(data_files(paths[2], 1)[0], 100)
        os.unlink(f"{paths[1]}.index")
        assert latest_checkpoint(str(tmp_path)) == paths[0]
        saver.save(sess, str(tmp_path / "model"), global_step=3)
        assert latest_checkpoint(str(tmp_path)) == paths[3]
    (tmp_path / "checkpoint").write_text("not what is written there")
    assert latest_checkpoint(str(tmp_path)) is None


def test_verifying_reads_variants_and_partitioned_variables(tmp_path: Path) -> None:
    iterator = tf.data.make_initializable_iterator(tf.data.Dataset.range(5))
    tf.get_variable("p", [6, 2], partitioner=tf.fixed_size_partitioner(3), initializer=tf.ones_initializer())
    state = tf.data.experimental.make_saveable_from_iterator(iterator)
    tf.add_to_collection(tf.GraphKeys.SAVEABLE_OBJECTS, state)
    with session() as sess:
        sess.run(iterator.initializer)
        verify_checkpoint(tf.train.Saver().save(sess, str(tmp_path / "model"), write_meta_graph=False))


# The arguments.


def test_names_and_how_many_are_kept(tmp_path: Path) -> None:
    counter()
    step = tf.train.get_or_create_global_step()
    saver = tf.train.Saver(max_to_keep=2, pad_step_number=True)
    with session() as sess:
        sess.run(step.assign(7))
        base = str(tmp_path / "model")
        for given in (1, np.int64(2), step, "global_step:0"):
            path = saver.save(sess, base, global_step=given, meta_graph_suffix="graph")
            assert path == f"{base}-{given if isinstance(given, int | np.integer) else 7:08d}"
        assert saver.last_checkpoints == [f"{base}-00000002", f"{base}-00000007"]
        kept = ("model-00000002", "model-00000007")
        files = (".data-00000-of-00001", ".graph", ".index")
        assert names(tmp_path) == ["checkpoint", *(name + end for name in kept for end in files)]
        state = tf.train.get_checkpoint_state(str(tmp_path))
        assert list(state.all_model_checkpoint_paths) == saver.last_checkpoints
        again = tf.train.Saver(max_to_keep=2)
        again.recover_last_checkpoints(state.all_model_checkpoint_paths)
        again.save(sess, base, global_step=8, write_meta_graph=False)
        assert again.last_checkpoints == [f"{base}-00000007", f"{base}-8"]
        assert "model-00000002.index" not in names(tmp_path)


def test_all_are_kept(tmp_path: Path) -> None:
    counter()
    forever = tf.train.Saver(max_to_keep=0)
    hourly = tf.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=1e-9)
    with session() as sess:
        for saver, name in ((forever, "a"), (hourly, "b")):
            for step in range(3):
                saver.save(sess, str(tmp_path / name), global_step=step, write_meta_graph=False)
        assert forever.last_checkpoints == []
        assert sum(name.endswith(".index") for name in names(tmp_path)) == 6
        assert latest_checkpoint(str(tmp_path)) == str(tmp_path / "b-2")


def test_what_is_written_besides(tmp_path: Path) -> None:
    counter()
    saver = tf.train.Saver()
    with session() as sess:
        path = saver.save(sess, str(tmp_path / "model"), write_meta_graph=False, write_state=False)
        assert names(tmp_path) == ["model.data-00000-of-00001", "model.index"]
        assert saver.last_checkpoints == [] and latest_checkpoint(str(tmp_path)) is None
        saver.save(sess, path, latest_filename="best", strip_default_attrs=True)
        assert latest_checkpoint(str(tmp_path), "best") == path
        assert {"best", "model.meta"} < set(names(tmp_path))


def test_relative_paths_survive_a_move(tmp_path: Path, monkeypatch) -> None:
    _, add = counter()
    saver = tf.train.Saver(save_relative_paths=True)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    with session() as sess:
        saver.save(sess, str(tmp_path / "here" / "model"), global_step=1)
        assert 'model_checkpoint_path: "model-1"' in Path("here/checkpoint").read_text()
        saver.save(sess, os.path.join("here", "model"), global_step=2)
        shutil.move("here", "there")
        assert latest_checkpoint("there") == os.path.join("there", "model-2")
        saver.restore(sess, latest_checkpoint("there"))
        saver.save(sess, "model")
        assert latest_checkpoint(".") == os.path.join(".", "model")


def test_which_variables_and_under_which_names(tmp_path: Path) -> None:
    v, add = counter()
    w = tf.get_variable("w", initializer=[[1.0, 2.0], [3.0, 4.0]])
    with session() as sess:
        path = tf.train.Saver({"renamed": v, "w": w}).save(sess, str(tmp_path / "a"))
        assert [name for name, _ in tf.train.list_variables(path)] == ["renamed", "w"]
        assert tf.train.list_variables(tf.train.Saver([w]).save(sess, str(tmp_path / "b"))) == [("w", [2, 2])]
        np.testing.assert_array_equal(tf.train.load_variable(path, "w"), [[1, 2], [3, 4]])
        sess.run(add)
        tf.train.Saver({"renamed": v}, restore_sequentially=True).restore(sess, path)
        assert sess.run(v).tolist() == [0, 0, 0]
        with pytest.raises(tf.errors.NotFoundError, match="Key v not found in checkpoint"):
            tf.train.Saver([v]).restore(sess, path)
    with tf.Graph().as_default(), tf.Session() as sess:
        flat = tf.get_variable("w", [4])
        with pytest.raises(tf.errors.InvalidArgumentError):
            tf.train.Saver([flat]).restore(sess, path)
        tf.train.Saver([flat], reshape=True).restore(sess, path)
        assert sess.run(flat).tolist() == [1, 2, 3, 4]


def test_savers_that_are_empty_or_built_late(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="No variables to save"):
        tf.train.Saver()
    empty, late = tf.train.Saver(allow_empty=True), tf.train.Saver(defer_build=True)
    counter()
    with session() as sess:
        assert empty.save(sess, str(tmp_path / "empty")) is None
        assert names(tmp_path) == ["empty.meta"]
        with pytest.raises(RuntimeError, match=r"`build\(\)` should be called before save"):
            late.save(sess, str(tmp_path / "late"))
        late.build()
        late.restore(sess, late.save(sess, str(tmp_path / "late")))
    with pytest.raises(ValueError, match="build cannot be deferred"):
        tf.train.Saver([tf.get_variable("u", [1])], defer_build=True)


def test_savers_from_their_definition(tmp_path: Path) -> None:
    v, add = counter()
    first = tf.train.Saver(name="keeper", filename="unused", sharded=True)
    definition = first.as_saver_def()
    assert definition.version == V2 and definition.sharded and definition.save_tensor_name.startswith("keeper/")
    with session() as sess:
        for saver in (tf.train.Saver(saver_def=definition), tf.train.Saver.from_proto(first.to_proto())):
            assert isinstance(saver, Saver)
            path = saver.save(sess, str(tmp_path / "new" / "model"))
            sess.run(add)
            saver.restore(sess, path)
            assert sess.run(v).tolist() == [0, 0, 0]


def test_a_missing_folder_is_made(tmp_path: Path, monkeypatch) -> None:
    counter()
    monkeypatch.chdir(tmp_path)
    with session() as sess:
        for path in (str(tmp_path / "absolute" / "model"), "./relative/model"):
            assert tf.train.Saver().save(sess, path) == path
            assert tf.train.latest_checkpoint(os.path.dirname(path)) == path


def test_errors(tmp_path: Path) -> None:
    counter()
    saver = tf.train.Saver()
    with session() as sess:
        with pytest.raises(ValueError, match="Parent directory of .*nowhere/at/all/model doesn't exist, can't save"):
            saver.save(sess, str(tmp_path / "nowhere" / "at" / "all" / "model"))
        with pytest.raises(ValueError, match="collides with 'save_path'"):
            saver.save(sess, str(tmp_path / "checkpoint"))
        with pytest.raises(ValueError, match="must not contain path components"):
            saver.save(sess, str(tmp_path / "model"), latest_filename="a/b")
        with pytest.raises(TypeError, match="'sess' must be a Session"):
            saver.save(None, str(tmp_path / "model"))
        with pytest.raises(ValueError, match="when it is None"):
            saver.restore(sess, None)
        with pytest.raises(ValueError, match="not a valid checkpoint"):
            saver.restore(sess, str(tmp_path / "model"))
    with tf.Session() as fresh, pytest.raises(tf.errors.FailedPreconditionError, match="v"):
        saver.save(fresh, str(tmp_path / "model"))
    assert names(tmp_path) == []


# Where else savers are.


def test_tensorflows_own_savers_save_as_safely(tmp_path: Path, monkeypatch) -> None:
    _, add = counter()
    saver = tf2.compat.v1.train.Saver()
    with session() as sess:
        path = saver.save(sess, str(tmp_path / "model"))
        with monkeypatch.context() as patch, pytest.raises(Killed):
            Breaker(patch, 2)
            saver.save(sess, path)
        assert value_in(path) == 0
        saver.save(sess, path)
        thread = threading.Thread(target=saver.restore, args=(sess, path))
        thread.start()
        thread.join()


def test_a_monitored_session_goes_on_where_it_was(tmp_path: Path) -> None:
    for steps in (2, 5):
        with tf.Graph().as_default():
            step = tf.train.get_or_create_global_step()
            add = tf.assign_add(step, 1)
            hooks = [tf.train.StopAtStepHook(last_step=steps)]
            with tf.train.MonitoredTrainingSession(checkpoint_dir=str(tmp_path), hooks=hooks) as sess:
                while not sess.should_stop():
                    sess.run(add)
        assert tf.train.load_variable(latest_checkpoint(str(tmp_path)), "global_step") == steps
    assert not [name for name in names(tmp_path) if name.startswith(".saving-by-")]


def test_a_meta_graph_brings_its_saver(tmp_path: Path) -> None:
    _, add = counter()
    with session() as sess:
        sess.run(add)
        path = tf.train.Saver().save(sess, str(tmp_path / "model"))
    with tf.Graph().as_default(), tf.Session() as sess:
        saver = tf.train.import_meta_graph(f"{path}.meta")
        assert not isinstance(saver, OwnSaver) and isinstance(OwnSaver(), tf.train.Saver)
        assert isinstance(saver, tf.train.Saver) and not isinstance(path, tf.train.Saver)
        saver.restore(sess, path)
        assert sess.run("v:0").tolist() == [1, 1, 1]
        assert saver.save(sess, path) == path


def test_initial_values_from_a_checkpoint(tmp_path: Path) -> None:
    _, add = counter()
    with session() as sess:
        sess.run(add)
        path = tf.train.Saver().save(sess, str(tmp_path / "model"))
    with tf.Graph().as_default():
        with tf.variable_scope("net"):
            v = tf.get_variable("v", [3])
        tf.train.init_from_checkpoint(str(tmp_path), {"/": "net/"})
        with session() as sess:
            assert sess.run(v).tolist() == [1, 1, 1]
    reader = tf.train.NewCheckpointReader(path)
    assert reader.has_tensor("v") and reader.get_variable_to_shape_map() == {"v": [3]}
    assert tf.train.checkpoint_exists(path)
    assert list(tf.train.checkpoints_iterator(str(tmp_path), timeout=0)) == [path]
    tf.train.remove_checkpoint(path)
    assert names(tmp_path) == ["checkpoint"]
    assert latest_checkpoint(str(tmp_path)) is None


def test_eager_variables(eager, tmp_path: Path) -> None:
    v = tf2.Variable([1.0, 2.0], name="v")
    saver = Saver([v])
    for value in ([3.0, 4.0], [5.0, 6.0]):
        v.assign(value)
        path = saver.save(None, str(tmp_path / "model"), global_step=3)
    v.assign([0.0, 0.0])
    Saver({"v": v}).restore(None, path)
    assert v.numpy().tolist() == [5, 6]
    assert names(tmp_path) == ["checkpoint", "model-3.data-00000-of-00001", "model-3.index"]


def test_partitioned_variables_of_any_dtype_are_saved(tmp_path):
    """TensorFlow's reader does not put float16's parts together, which is no damage."""
    for dtype in (tf.float16, tf.float32):
        with tf.Graph().as_default(), tf.Session() as sess:
            made = tf.get_variable(
                "v",
                [4, 2],
                dtype=dtype,
                partitioner=tf.fixed_size_partitioner(2),
                initializer=tf.ones_initializer(),
            )
            sess.run(tf.global_variables_initializer())
            saver = tf.train.Saver()
            path = saver.save(sess, str(tmp_path / dtype.name))
            sess.run([part.assign(part * 0) for part in made])
            saver.restore(sess, path)
            assert sess.run(tf.convert_to_tensor(made)).tolist() == [[1, 1]] * 4
