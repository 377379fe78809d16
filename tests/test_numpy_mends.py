"""What `tf1compat run` gives back to scripts of names that NumPy and others dropped."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from run_harness import PROJECT, lines, python, run, write

from tf1compat.legacy import numpy_mends, scipy_images

MENDS = {mend.name: mend for mend in numpy_mends.TABLES["numpy"]}


def mended(name: str) -> Any:
    return MENDS[name].make(np)


def test_every_name_of_the_table_can_be_made() -> None:
    assert len(MENDS) == len(numpy_mends.TABLES["numpy"])  # no name twice
    for name, mend in MENDS.items():
        if not hasattr(np, name):
            mend.make(np)


@pytest.mark.parametrize(
    "name,dtype", [("int", "int64"), ("float", "float64"), ("bool", "bool"), ("object", "O")]
)
def test_types_make_the_arrays_they_made(name: str, dtype: str) -> None:
    assert np.zeros(2, dtype=mended(name)).dtype == np.dtype(dtype)


CASES: list[tuple[str, Callable[[Any], Any], Any]] = [
    ("asscalar", lambda f: f(np.array([3])), 3),
    ("in1d", lambda f: f([[1, 2], [3, 4]], [2, 4]).tolist(), [False, True, False, True]),
    ("in1d", lambda f: f([1, 2], [2], invert=True).tolist(), [True, False]),
    ("product", lambda f: f([2, 3, 4]), 24),
    ("cumproduct", lambda f: f([2, 3, 4]).tolist(), [2, 6, 24]),
    ("sometrue", lambda f: bool(f([0, 1])), True),
    ("alltrue", lambda f: bool(f([0, 1])), False),
    ("asfarray", lambda f: f([1, 2]).dtype.name, "float64"),
    ("asfarray", lambda f: f([1, 2], dtype="int32").dtype.name, "float64"),
    ("asfarray", lambda f: f([1, 2], dtype="float32").dtype.name, "float32"),
    ("rank", lambda f: f([[1]]), 2),
    ("alen", lambda f: (f([1, 2, 3]), f(7)), (3, 1)),
    ("msort", lambda f: f(np.array([[3, 1], [2, 4]])).tolist(), [[2, 1], [3, 4]]),
    ("cast", lambda f: f["int32"]([1.7]).tolist(), [1]),
    ("obj2sctype", lambda f: f("f4"), np.float32),
    ("sctype2char", lambda f: f(np.float32), "f"),
    ("mat", lambda f: (f("1 2; 3 4") * f("1; 1")).tolist(), [[3], [7]]),
    ("NINF", lambda f: f, -np.inf),
    ("typeDict", lambda f: f["float32"], np.float32),
]


@pytest.mark.parametrize("name,use,expected", CASES)
def test_functions_do_what_they_did(name: str, use: Callable[[Any], Any], expected: Any) -> None:
    assert use(mended(name)) == expected


def test_methods_do_what_they_did() -> None:
    array = np.arange(6, dtype=">i4").reshape(2, 3)
    assert mended("ndarray.tostring")(array, "F") == array.tobytes("F")
    assert mended("ndarray.ptp")(array).item() == 5
    assert mended("ndarray.ptp")(array, axis=0).tolist() == [3, 3, 3]
    assert mended("ndarray.newbyteorder")(array)[0, 1] == 1 << 24
    itemset = mended("ndarray.itemset")
    itemset(array, 4, 40)
    itemset(array, (0, 1), 10)
    itemset(array, 0, 0, -1)
    assert array.tolist() == [[-1, 10, 2], [3, 40, 5]]
    single = np.zeros((1, 1))
    itemset(single, 3)
    assert single[0, 0] == 3
    with pytest.raises(ValueError, match="size 1"):
        itemset(array, 3)


def test_the_script_gets_the_names_says_so_once_and_libraries_do_not(tmp_path: Path) -> None:
    library = """
        import collections, numpy as np, threading, time
        def sees():
            found = [hasattr(np, "float"), hasattr(np.zeros(1), "itemset"), hasattr(collections, "Iterable")]
            return found + [hasattr(time, "clock"), hasattr(threading.Thread, "isAlive")]
        """
    script = """
        import sys
        sys.path.append("site-packages")
        import library
        import numpy as np
        from numpy import float as old_float
        from collections import Iterable
        import collections, inspect, threading, time
        for _ in range(3):
            print(np.float is old_float is float, np.zeros(2, np.float).dtype, np.ones(1).tostring()[-2:])
        print(isinstance([], Iterable), collections.Mapping.__module__, time.clock() >= 0)
        print(inspect.getargspec(lambda a, b=1, *c, **d: 0))
        print(threading.current_thread().isAlive())
        array = np.zeros(2); array.itemset(1, 5); print(array)
        print(library.sees())
        try:
            np.nothing
        except AttributeError as error:
            print(error)
        """
    write(tmp_path, {"script.py": script, "site-packages/library.py": library})
    done = run(tmp_path, "script.py")
    shown = lines(done)
    assert shown[:3] == ["True float64 b'\\xf0?'"] * 3
    assert shown[3] == "True collections.abc True"
    assert shown[5:7] == ["True", "[0. 5.]"]
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0" and sys.version_info >= (3, 10):
        assert shown[7] == "[False, False, False, False, False]"
    assert shown[8] == "module 'numpy' has no attribute 'nothing'"
    said = [line for line in done.stderr.splitlines() if line.startswith("tf1compat run: ")]
    line = f"numpy {np.__version__} has no numpy.float; your code gets Python's float (script.py:6)"
    assert [line for line in said if "numpy.float;" in line] == [f"tf1compat run: {line}"]
    assert len(said) == len(set(said))
    assert any("time.clock" in line for line in said)


def test_nothing_is_said_where_nothing_is_used(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"script.py": "import collections, numpy, time, inspect\nnumpy.float64, collections.OrderedDict\n"},
    )
    done = run(tmp_path, "script.py")
    assert (done.stdout, done.stderr) == ("", "")


def test_plain_python_is_not_touched(tmp_path: Path) -> None:
    text = "import tf1compat, numpy, time; print(hasattr(time, 'clock'), hasattr(numpy, 'asscalar'))"
    assert lines(python(tmp_path, "-c", text, environ={"PYTHONPATH": str(PROJECT)}))[0].startswith(
        "False False"
    )


@pytest.mark.skipif(np.__version__.startswith("1."), reason="NumPy 1 promotes as scripts expect")
def test_script_that_dies_of_a_dtype_is_told_what_numpy_changed(tmp_path: Path) -> None:
    message = "Tensor conversion requested dtype float32 for Tensor with dtype float64"
    write(
        tmp_path,
        {"script.py": f"import numpy\nraise ValueError({message!r})\n", "other.py": "raise ValueError"},
    )
    error = run(tmp_path, "script.py", status=1).stderr.splitlines()
    assert error[-2:] == [
        f"ValueError: {message}",
        f"tf1compat run: {numpy_mends.advice(ValueError(message), np)}",
    ]
    assert "np.float32" in error[-1]
    assert "tf1compat" not in run(tmp_path, "other.py", status=1).stderr
    assert numpy_mends.advice(ValueError("float32"), np) is None
    assert numpy_mends.advice(KeyError(message), np) is None


def test_promotion_is_restored_where_numpy_can() -> None:
    class OldNumPy:
        __version__ = "1.26.4"
        _set_promotion_state = None

    class FirstNumPy2:
        __version__ = "2.0.2"
        states: list[str] = []
        _set_promotion_state = states.append

    class LaterNumPy2:
        __version__ = "2.4.6"

    assert numpy_mends.restore_promotion(OldNumPy()) is False  # type: ignore[arg-type]
    assert numpy_mends.restore_promotion(LaterNumPy2()) is False  # type: ignore[arg-type]
    assert numpy_mends.restore_promotion(FirstNumPy2()) is True  # type: ignore[arg-type]
    assert FirstNumPy2.states == ["legacy"]


# scipy.misc: what the rules of SciPy 1.1 give, worked out by hand.


def test_images_are_stretched_to_bytes() -> None:
    assert scipy_images.bytescale(np.array([[0.0, 1.0], [0.5, 0.25]])).tolist() == [[0, 255], [128, 64]]
    assert scipy_images.bytescale(np.array([[-2.0, 2.0]]), cmin=0, cmax=4, high=200, low=100).tolist() == [
        [100, 150]
    ]
    same = np.array([[7, 9]], np.uint8)
    assert scipy_images.bytescale(same) is same
    assert scipy_images.bytescale(np.full((1, 2), 3.0)).tolist() == [[0, 0]]


def test_image_files_and_sizes(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)
    scipy_images.imsave(tmp_path / "grey.png", grey)
    assert scipy_images.imread(tmp_path / "grey.png").tolist() == grey.tolist()
    assert scipy_images.imread(tmp_path / "grey.png", mode="RGB").shape == (3, 4, 3)
    assert scipy_images.imread(tmp_path / "grey.png", flatten=True).dtype == np.float32
    palette = image.fromarray(grey, "L").convert("P")
    palette.save(tmp_path / "palette.png")
    assert scipy_images.imread(tmp_path / "palette.png").shape == (3, 4, 3)
    colour = np.zeros((4, 6, 3))
    colour[..., 1] = 1.0
    assert scipy_images.imresize(colour, (2, 3)).tolist() == np.full((2, 3, 3), [0, 255, 0]).tolist()
    assert scipy_images.imresize(colour, 50).shape == (2, 3, 3)
    assert scipy_images.imresize(colour, 2.0).shape == (8, 12, 3)
    assert scipy_images.imresize(grey, (6, 8), interp="nearest")[::2, ::2].tolist() == grey.tolist()
    assert scipy_images.toimage(np.zeros((3, 5, 7))).size == (7, 5)
    assert scipy_images.imrotate(grey, 180).tolist() == grey[::-1, ::-1].tolist()
    with pytest.raises(ValueError, match="suitable array shape"):
        scipy_images.toimage(np.zeros(3))


def test_scipy_misc_in_a_script(tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    script = """
        import warnings
        warnings.simplefilter("ignore")
        import numpy as np
        from scipy.misc import imread, imresize
        import scipy.misc
        print(scipy.misc.bytescale(np.array([[0.0, 1.0]])), scipy.misc.factorial(4), callable(imread))
        try:
            import PIL
        except ImportError:
            try:
                scipy.misc.imsave("x.png", np.zeros((2, 2)))
            except ImportError as error:
                print(error)
        else:
            scipy.misc.imsave("x.png", np.zeros((2, 2)))
            print(imread("x.png").shape)
        """
    write(tmp_path, {"script.py": script})
    done = run(tmp_path, "script.py")
    assert lines(done)[0] == "[[  0 255]] 24.0 True"
    assert lines(done)[1] in ("(2, 2)", "scipy.misc's image functions need Pillow: pip install pillow")
    assert "scipy.misc.imread" in done.stderr
