"""`tf1compat migrate --to v1`: what a file becomes."""

import json

import pytest

from tf1compat.migrating import make_plan
from tf1compat.migrating.notes import Kind

NUMPY_1 = "tf1compat.legacy.as_numpy_1()  # prints, and promotes types, as NumPy 1 did\n"


@pytest.fixture
def migrated(tmp_path):
    """The new text of one, which migrated again must stay as it is."""

    def migrate(text, name="script.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        (file,) = make_plan([str(path)], "v1").files
        assert file.error is None, file.error
        path.write_bytes(file.after)
        (again,) = make_plan([str(path)], "v1").files
        assert again.after == file.after
        return file.after.decode("utf-8")

    return migrate


def notes_of(tmp_path, text):
    path = tmp_path / "noted.py"
    path.write_text(text, encoding="utf-8")
    (file,) = make_plan([str(path)], "v1").files
    return [(note.line, note.kind, note.text) for note in file.notes]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import tensorflow as tf  # TF\n", "import tf1compat.v1 as tf  # TF\n"),
        ("import tensorflow\n", "import tf1compat.v1 as tensorflow\n"),
        ("import os, tensorflow as tf, sys\n", "import os, tf1compat.v1 as tf, sys\n"),
        ("import tensorflow.contrib.slim as slim\n", "import tf1compat.v1.contrib.slim as slim\n"),
        ("import tensorflow.contrib.slim\n", "import tf1compat.v1 as tensorflow\n"),
        ("import tensorflow, tensorflow.contrib.rnn\n", "import tf1compat.v1 as tensorflow\n"),
        ("from tensorflow.contrib import rnn\n", "from tf1compat.v1.contrib import rnn\n"),
        ("from tensorflow import keras as k\n", "from tf1compat.v1 import keras as k\n"),
        ("from tensorflow import *\n", "from tf1compat.v1 import *\n"),
        ("import tensorflow.compat.v1 as tf\n", "import tf1compat.v1 as tf\n"),
        ("from tensorflow.compat.v1 import flags\n", "from tf1compat.v1 import flags\n"),
        ("import tensorflow.compat.v2 as tf2\n", "import tensorflow.compat.v2 as tf2\n"),
        (
            "from tensorflow.examples.tutorials.mnist import (\n    input_data,  # data\n)\n",
            "from tf1compat.v1.examples.tutorials.mnist import (\n    input_data,  # data\n)\n",
        ),
        ("from tensorflow.python.ops import rnn_cell\n", "from tf1compat.v1.python.ops import rnn_cell\n"),
        (
            "def f():\n\ttry: import tensorflow as tf\n\texcept ImportError: pass\n",
            "def f():\n\ttry: import tf1compat.v1 as tf\n\texcept ImportError: pass\n",
        ),
        (
            "import importlib\nx = importlib.import_module('tensorflow.contrib')\n",
            "import importlib\nx = importlib.import_module('tf1compat.v1.contrib')\n",
        ),
        ('tf = __import__("tensorflow")\n', "tf = __import__('tf1compat.v1', fromlist=['v1'])\n"),
        ("import tensorflow_probability as tfp\n", "import tensorflow_probability as tfp\n"),
        ("from . import tensorflow\n", "from . import tensorflow\n"),
        ("import gym, os\n", "import tf1compat.legacy.gym as gym, os\n"),
        ("from gym import spaces\n", "from tf1compat.legacy.gym import spaces\n"),
        ("import gymnasium\n", "import gymnasium\n"),
    ],
)
def test_imports(migrated, before, after):
    assert migrated(before) == after


def test_tensorflow_2_beside_tf1compat_stays(migrated):
    text = "import tensorflow as tf2\nimport tf1compat.v1 as tf\n"
    assert migrated(text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = np.float(3) + np.Inf\n", "x = float(3) + np.inf\n"),
        ("x = np.zeros(3, np.int).tostring()\n", "x = np.zeros(3, int).tobytes()\n"),
        ("float = 3\nx = np.float\n", "import tf1compat.legacy\nfloat = 3\nx = tf1compat.legacy.numpy.float\n"),
        ("x = np.asfarray(y)\n", "import tf1compat.legacy\nx = tf1compat.legacy.numpy.asfarray(y)\n"),
        ("x = np.ptp(y)\n", "x = np.ptp(y)\n"),
        ("x = y.ptp(axis=0)\n", "import tf1compat.legacy\nx = tf1compat.legacy.ptp(y, axis=0)\n"),
        ("x = time.clock()\n", "x = time.process_time()\n"),
        ("t.isAlive()\n", "t.is_alive()\n"),
        ("matplotlib.use('TkAgg', warn=False)\n", "matplotlib.use('TkAgg')\n"),
        ("fig.canvas.set_window_title('x')\n", "fig.canvas.manager.set_window_title('x')\n"),
        ("frame = frame.append(row)\n", "import tf1compat.legacy\nframe = tf1compat.legacy.append(frame, row)\n"),
        ("rows.append(row)\n", "rows.append(row)\n"),
        ("x = frame.ix[0, 'a']\n", "import tf1compat.legacy\nx = tf1compat.legacy.ix(frame)[0, 'a']\n"),
        ("x = frame.as_matrix()\n", "x = frame.values\n"),
        ("for k, v in frame.iteritems(): pass\n", "for k, v in frame.items(): pass\n"),
        ("x = img.resize(s, Image.ANTIALIAS)\n", "x = img.resize(s, Image.LANCZOS)\n"),
    ],
)
def test_dropped_names(migrated, before, after):
    head = "import numpy as np, pandas as pd, time, matplotlib\nfrom PIL import Image\n"
    assert migrated(head + before) == head + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from numpy import array, Inf\n", "from numpy import array, inf as Inf\n"),
        ("from collections import Mapping\n", "from collections.abc import Mapping\n"),
        (
            "from collections import Mapping, OrderedDict  # both\n",
            "from collections import OrderedDict\nfrom collections.abc import Mapping  # both\n",
        ),
        (
            "from scipy.misc import imread, logsumexp\n",
            "from tf1compat.legacy.scipy_images import imread\nfrom scipy.special import logsumexp\n",
        ),
        (
            "from collections import (\n    Mapping,  # a\n    OrderedDict,  # b\n)  # c\n",
            "# a\nfrom collections import (\n    OrderedDict,  # b\n)\nfrom collections.abc import Mapping  # c\n",
        ),
        ("from time import clock, time\n", "from time import time, process_time as clock\n"),
        ("def f(): from time import clock\n", "def f(): from time import process_time as clock\n"),
        (
            "from inspect import getargspec\n",
            "import tf1compat.legacy\ngetargspec = tf1compat.legacy.inspect.getargspec\n",
        ),
    ],
)
def test_imports_of_dropped_names(migrated, before, after):
    assert migrated(before) == after


def test_methods_of_the_programs_own_classes_stay(migrated):
    text = "import pandas\nclass A:\n    def iteritems(self): return []\n    def append(self, x): return x\n"
    text += "x = A().append(A().iteritems())\n"
    assert migrated(text) == text


def test_a_programs_start(migrated):
    text = "'''What it does.'''\nimport tensorflow as tf\nimport numpy as np\n\n# the graph\ntf.set_random_seed(1)\n"
    assert migrated(text) == (
        "'''What it does.'''\nimport tf1compat.v1 as tf\nimport numpy as np\nimport tf1compat.legacy\n"
        + NUMPY_1
        + "\n# the graph\ntf.set_random_seed(1)\n"
    )


def test_a_module_is_no_program(migrated):
    text = "import tensorflow as tf\n\ndef model(x):\n    return tf.nn.relu(x)\n"
    assert migrated(text) == text.replace("tensorflow", "tf1compat.v1")


def test_modules_of_a_project_are_told_from_its_program(tmp_path):
    (tmp_path / "model.py").write_text("import tensorflow as tf\nprint('loaded')\n")
    (tmp_path / "train.py").write_text("import model\nmodel.run()\n")
    plan = make_plan([str(tmp_path / "model.py"), str(tmp_path / "train.py")], "v1")
    model, train = (file.after.decode() for file in plan.files)
    assert model == "import tf1compat.v1 as tf\nprint('loaded')\n"
    assert train == "import model\nimport tf1compat.legacy\n" + NUMPY_1 + "model.run()\n"


def test_keras_fits_in_a_graph(migrated):
    text = "from tensorflow import keras\nkeras.Sequential().fit(x, y)\n"
    assert "tf1compat.legacy.keras_fits()" in migrated(text)


def test_threads_begin_in_a_graph(migrated):
    text = (
        "import tensorflow as tf\nimport threading\nfrom threading import Thread\n\n"
        "class Worker(Thread):\n    # works\n    def run(self): pass\n\n"
        "threading.Thread(target=work, args=(1,)).start()\nThread(None, work).start()\n"
    )
    new = migrated(text)
    assert "    # works\n    @tf1compat.legacy.in_graph\n    def run(self): pass\n" in new
    assert "threading.Thread(target=tf1compat.legacy.in_graph(work), args=(1,)).start()\n" in new
    assert "Thread(None, tf1compat.legacy.in_graph(work)).start()\n" in new


def test_threads_of_other_programs_stay(migrated):
    text = "import threading\nthreading.Thread(target=work).start()\n"
    assert migrated(text) == text


def test_names_renamed_before_tf_1(migrated):
    text = "import tensorflow as tf\nx = tf.mul(tf.neg(a), b)\nw = tf.train.SummaryWriter('logs')\n"
    assert migrated(text).split("\n")[1:3] == [
        "x = tf.multiply(tf.negative(a), b)",
        "w = tf.summary.FileWriter('logs')",
    ]


def test_what_is_refused_is_told(tmp_path):
    text = "import tensorflow as tf\nfrom tensorflow.contrib import tpu\n\ndef f():\n    return tpu.TPUEstimator()\n"
    ((line, kind, said),) = notes_of(tmp_path, text)
    assert (line, kind) == (5, Kind.REFUSED)
    assert said.startswith("tf.contrib.tpu.TPUEstimator: ") and "instead: " in said


def test_notes_have_the_lines_of_the_file_and_of_the_new_one(tmp_path):
    path = tmp_path / "lines.py"
    path.write_text("import tensorflow as tf\nprint(1)\nx = tf.contrib.tpu.TPUEstimator()\n")
    (file,) = make_plan([str(path)], "v1").files
    assert [note.line for note in file.notes] == [3]
    assert [note.line for note in file.notes_after] == [5]


CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": ["import tensorflow as tf\n", "é"]},
    {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {"x": [1, 2.50]},
        "outputs": [{"text": "import tensorflow"}],
        "source": ["%matplotlib inline\n", "!pip install tensorflow\n", "import tensorflow as tf\n", "files = !ls"],
    },
    {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["%%bash\n", "import tensorflow\n"]},
    {"cell_type": "code", "metadata": {}, "outputs": [], "source": "if x:\n    %time y = 1\n# é\nw = tf.mul(a, b)"},
    {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["this is no code: import tensorflow\n"]},
    {"cell_type": "code", "metadata": {}, "outputs": [], "source": []},
]


@pytest.mark.parametrize("indent", [1, None, 4])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_notebooks(migrated, indent, ascii_only):
    notebook = {"cells": CELLS, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 2}
    text = json.dumps(notebook, indent=indent, ensure_ascii=ascii_only) + "\n"
    new = migrated(text, "book.ipynb")
    expected = json.loads(text)
    expected["cells"][1]["source"] = [
        "%matplotlib inline\n",
        "!pip install tensorflow\n",
        "import tf1compat.v1 as tf\n",
        "import tf1compat.legacy\n",
        NUMPY_1,
        "files = !ls",
    ]
    expected["cells"][3]["source"] = "if x:\n    %time y = 1\n# é\nw = tf.multiply(a, b)"
    # To the letter: what is outside of the cells' code keeps its form.
    assert new == json.dumps(expected, indent=indent, ensure_ascii=ascii_only) + "\n"


def test_notes_on_notebooks_name_the_cell(tmp_path):
    cells = [
        {"cell_type": "code", "source": ["import tensorflow as tf\n", "print(1)"]},
        {"cell_type": "markdown", "source": []},
        {"cell_type": "code", "source": ["\n", "tf.contrib.tpu.TPUEstimator()"]},
        {"cell_type": "code", "source": ["no python"]},
        {"cell_type": "code", "source": ["%tensorflow_version 1.x\n"]},
    ]
    path = tmp_path / "noted.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}))
    (file,) = make_plan([str(path)], "v1").files
    for notes in (file.notes, file.notes_after):
        assert [(note.cell, note.line, note.kind) for note in notes] == [
            (4, 0, Kind.LEFT),
            (5, 0, Kind.LEFT),
            (3, 2, Kind.REFUSED),
        ]


def test_what_should_be_known(tmp_path):
    text = (
        '"""import tensorflow"""\nimport gym, matplotlib\nmatplotlib.use("TkAgg")\n'
        'exec("x = 1\\nimport tensorflow as tf")\nprint("from tensorflow comes")\n'
    )
    assert [(line, kind) for line, kind, _ in notes_of(tmp_path, text)] == [
        (2, Kind.TOLD),
        (3, Kind.TOLD),
        (4, Kind.LEFT),
    ]


def test_a_program_by_itself_is_told_by_the_modules_around_it(tmp_path):
    path = tmp_path / "train.py"
    path.write_text("import model\nmodel.run()\n")
    for module in ("import tensorflow as tf\n", "import tf1compat.v1 as tf\n", "x = " + "-" * 5000 + "1\n"):
        (tmp_path / "model.py").write_text(module)
        (file,) = make_plan([str(path)], "v1").files
        assert file.changed == ("tf" in module)
