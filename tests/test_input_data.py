"""The MNIST tutorial's data module: TF 1.15.5's batches, any IDX files, clear words when there are none."""

import gzip
import http.server
import importlib.util
import inspect
import json
import pathlib
import threading

import numpy as np
import pytest
import tensorflow

from tf1compat.v1.examples.tutorials.mnist import idx, input_data, source

_HERE = pathlib.Path(__file__).parent
_spec = importlib.util.spec_from_file_location("golden_input_data", _HERE / "goldens" / "input_data.py")
recorder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(recorder)
GOLDENS = json.loads(pathlib.Path(recorder.GOLDENS).read_text())


@pytest.fixture
def folder(tmp_path):
    recorder.write_data(tmp_path)
    return tmp_path


@pytest.fixture
def no_network(monkeypatch, tmp_path):
    """Nothing answers, and Keras has nothing in its cache."""

    def refuse(url, timeout):
        raise OSError("the network is unreachable")

    monkeypatch.setattr(source.urllib.request, "urlopen", refuse)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "no keras"))


@pytest.mark.parametrize("name", recorder.CASES)
def test_hands_out_what_tf_1_15_hands_out(folder, name):
    seen = recorder.observe(input_data, tensorflow.compat.v1, str(folder), recorder.CASES[name])
    assert json.loads(json.dumps(seen)) == GOLDENS["cases"][name]


def test_without_any_seed_the_global_state_is_drawn_anew(folder):
    def first_batch():
        np.random.seed(0)
        return input_data.read_data_sets(str(folder), validation_size=0).train.next_batch(40)[1].tolist()

    assert first_batch() != first_batch()


@pytest.mark.parametrize("size", [-1, recorder.TRAIN + 1, 5000])
def test_a_validation_size_out_of_bounds_is_refused_as_in_tf1(folder, size):
    message = rf"^Validation size should be between 0 and {recorder.TRAIN}\. Received: {size}\.$"
    with pytest.raises(ValueError, match=message):
        input_data.read_data_sets(str(folder), validation_size=size)


def test_a_small_training_set_lowers_the_default_validation_size_and_says_so(folder):
    with pytest.warns(UserWarning, match="47 images, fewer than the 5000") as caught:
        sets = input_data.read_data_sets(str(folder))
    assert caught[0].filename == __file__
    assert (sets.train.num_examples, sets.validation.num_examples) == (43, 4)


def test_a_training_set_that_can_spare_them_gives_5000_to_validation(tmp_path):
    images, labels = np.zeros((5100, 1, 1), np.uint8), np.zeros(5100, np.uint8)
    source.write_files(
        str(tmp_path), dict(zip(source.FILES, map(idx.encode, (images, labels) * 2), strict=True))
    )
    sets = input_data.read_data_sets(str(tmp_path))
    assert (sets.train.num_examples, sets.validation.num_examples) == (100, 5000)


def test_files_may_be_plain(folder, tmp_path):
    plain = tmp_path / "plain"
    plain.mkdir()
    for name in source.FILES:
        (plain / name.removesuffix(".gz")).write_bytes(gzip.decompress((folder / name).read_bytes()))
    zipped, unzipped = (input_data.read_data_sets(str(d), validation_size=5) for d in (folder, plain))
    np.testing.assert_array_equal(zipped.train.images, unzipped.train.images)
    np.testing.assert_array_equal(zipped.test.labels, unzipped.test.labels)


@pytest.mark.parametrize(
    "array", [np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4), np.arange(5, dtype=np.uint8)]
)
def test_an_encoded_file_reads_back(tmp_path, array):
    path = tmp_path / "file.gz"
    path.write_bytes(idx.encode(array))
    assert idx.encode(array) == path.read_bytes()
    with open(path, "rb") as f:
        back = idx.extract_images(f)[..., 0] if array.ndim == 3 else idx.extract_labels(f)
    np.testing.assert_array_equal(back, array)


def test_a_file_that_is_not_what_it_should_be_is_named(folder):
    images, labels = folder / source.FILES[0], folder / source.FILES[1]
    with open(labels, "rb") as f, pytest.raises(ValueError, match="number 2049 in MNIST image file: .*"):
        input_data.extract_images(f)
    with open(images, "rb") as f, pytest.raises(ValueError, match="number 2051 in MNIST label file: .*"):
        input_data.extract_labels(f)
    short = folder / "short"
    short.write_bytes(gzip.decompress(images.read_bytes())[:-1])
    with open(short, "rb") as f, pytest.raises(ValueError, match="short is cut short: .* 47 x 28 x 28"):
        input_data.extract_images(f)
    short.write_bytes(b"\0\0\x08")
    with open(short, "rb") as f, pytest.raises(ValueError, match="ends within its header"):
        input_data.extract_labels(f)


def test_images_and_labels_must_be_as_many(folder):
    (folder / source.FILES[1]).write_bytes(idx.encode(np.zeros(46, np.uint8)))
    with pytest.raises(AssertionError, match=r"images.shape: \(47, 28, 28, 1\) labels.shape: \(46,\)"):
        input_data.read_data_sets(str(folder), validation_size=0)


def test_only_two_dtypes(folder):
    with pytest.raises(TypeError, match="Invalid image dtype .*int32.*, expected uint8 or float32"):
        input_data.read_data_sets(str(folder), dtype=tensorflow.int32, validation_size=0)


@pytest.mark.parametrize(("one_hot", "label"), [(False, 0), (True, [1] + [0] * 9)])
def test_fake_data(one_hot, label):
    sets = input_data.read_data_sets("no such folder", fake_data=True, one_hot=one_hot)
    images, labels = sets.train.next_batch(2, fake_data=True)
    assert (images, labels) == ([[1] * 784] * 2, [label] * 2)
    assert [s.num_examples for s in sets] == [10000] * 3
    with pytest.raises(TypeError, match=r"next_batch\(batch_size, fake_data=True\)"):
        sets.train.next_batch(2)


def test_with_no_files_and_no_network_the_error_says_what_to_put_where(tmp_path, no_network):
    with pytest.raises(FileNotFoundError) as caught:
        input_data.read_data_sets(str(tmp_path / "MNIST_data"))
    assert "the network is unreachable" in str(caught.value)
    for name in source.FILES:
        assert str(tmp_path / "MNIST_data" / name) in str(caught.value)
    assert not (tmp_path / "MNIST_data").exists()


def test_a_server_that_does_not_answer_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "_PATIENCE", 0.2)
    hangs = threading.Event()
    monkeypatch.setattr(source.urllib.request, "urlopen", lambda url, timeout: hangs.wait(60))
    with pytest.raises(FileNotFoundError, match="did not answer within"):
        input_data.read_data_sets(str(tmp_path), source_url="http://127.0.0.1/")
    hangs.set()


@pytest.mark.parametrize("source_url", [source.DEFAULT_SOURCE_URL, "", "http://yann.lecun.com/exdb/mnist/"])
def test_mnist_comes_from_keras_once(tmp_path, monkeypatch, source_url):
    rng = np.random.RandomState(0)
    train, test = (
        (rng.randint(0, 256, (n, 28, 28)).astype(np.uint8), rng.randint(0, 10, n).astype(np.uint8))
        for n in (9, 4)
    )
    calls = []

    def load_data():
        calls.append(1)
        return train, test

    keras_home = tmp_path / "keras"
    (keras_home / "datasets").mkdir(parents=True)
    (keras_home / "datasets" / "mnist.npz").touch()
    monkeypatch.setenv("KERAS_HOME", str(keras_home))
    monkeypatch.setattr("keras.datasets.mnist.load_data", load_data)
    for _ in range(2):
        sets = input_data.read_data_sets(
            str(tmp_path / "new" / "folder"),
            dtype=tensorflow.uint8,
            reshape=False,
            validation_size=0,
            source_url=source_url,
        )
    assert len(calls) == 1
    np.testing.assert_array_equal(sets.train.images[..., 0], train[0])
    np.testing.assert_array_equal(sets.test.labels, test[1])


def test_another_source_url_is_asked_for_the_files_that_are_absent(folder, tmp_path):
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args):
            asked.append(self.path)

    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / source.FILES[0]).write_bytes((folder / source.FILES[0]).read_bytes())
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        sets = input_data.read_data_sets(str(mine), validation_size=0, source_url=url)
        server.shutdown()
    assert asked == [f"/{name}" for name in source.FILES[1:]]
    assert sets.train.num_examples == recorder.TRAIN
    assert sorted(p.name for p in mine.iterdir()) == sorted(source.FILES)


def test_arguments_are_in_tf1s_order():
    assert list(inspect.signature(input_data.read_data_sets).parameters) == [
        "train_dir", "fake_data", "one_hot", "dtype", "reshape", "validation_size", "seed", "source_url"
    ]  # fmt: skip
