"""What scripts draw and tabulate with, as it was in 2018: matplotlib, Pillow and pandas under `tf1compat run`."""

from __future__ import annotations

import pytest
from run_harness import fast_run, lines, write


def test_matplotlib_without_a_display(tmp_path):
    pytest.importorskip("matplotlib")
    program = """
        import os
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            os.environ.pop(name, None)
        import matplotlib
        matplotlib.use("TkAgg", warn=False)
        import matplotlib.pyplot as plt
        from matplotlib import cm
        import numpy as np
        plt.ion()
        fig, ax = plt.subplots()
        plt.hold(True)
        ax.plot([1, 2, 3])
        fig.canvas.set_window_title("title")
        plt.pause(0.001)
        fig.canvas.draw()
        width, height = fig.canvas.get_width_height()
        print(matplotlib.get_backend().lower(), len(fig.canvas.tostring_rgb()) == 3 * width * height)
        print(cm.get_cmap("gray")(0.0), plt.cm.get_cmap("jet", 4).N, cm.spectral.name)
        plt.show()
        plt.savefig("out.png")
        print(os.path.getsize("out.png") > 100)
        try:
            plt.hold(False)
        except NotImplementedError as error:
            print("cla()" in str(error))
        """
    write(tmp_path, {"program.py": program})
    done = fast_run(tmp_path, "program.py")
    rows = lines(done)
    assert rows == ["agg True", "(0.0, 0.0, 0.0, 1.0) 4 nipy_spectral", "True", "True"]
    assert done.stderr.count("there is no display: matplotlib draws with Agg, not with TkAgg") == 1


def test_pandas(tmp_path):
    pytest.importorskip("pandas")
    program = """
        import pandas as pd
        frame = pd.DataFrame({"a": [1, 2, 3], "b": [4.0, 5.0, 6.0]}, index=["x", "y", "z"])
        print(frame.as_matrix().tolist(), frame.as_matrix(["b"]).shape)
        print(frame.ix["y", "a"], frame.ix[0, "b"], frame.ix[1:3, 0].tolist(), frame.ix[[0, 2]].index.tolist())
        frame.ix[0, 1] = 9
        print(frame.ix["x"].tolist(), [name for name, column in frame.iteritems()])
        more = frame.append({"a": 7, "b": 8.0}, ignore_index=True)
        print(more.ix[3, "a"], len(more), more.index.tolist())
        print(frame.append(frame).shape, pd.Series([1]).append(pd.Series([2])).tolist())
        try:
            frame.append({"a": 1})
        except TypeError as error:
            print("ignore_index" in str(error))
        """
    write(tmp_path, {"program.py": program})
    done = fast_run(tmp_path, "program.py")
    assert lines(done) == [
        "[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]] (3, 1)",
        "2 4.0 [2, 3] ['x', 'z']",
        "[1.0, 9.0] ['a', 'b']",
        "7.0 4 [0, 1, 2, 3]",
        "(6, 2) [1, 2]",
        "True",
    ]
    assert done.stderr.count("DataFrame.ix") == 1


def test_sizes_of_text(tmp_path):
    program = """
        from PIL import Image, ImageDraw, ImageFont
        draw = ImageDraw.Draw(Image.new("L", (50, 20)))
        width, height = draw.textsize("text")
        print(10 < width < 50, 5 < height < 20)
        """
    write(tmp_path, {"program.py": program})
    assert lines(fast_run(tmp_path, "program.py")) == ["True True"]
