"""The pictures of the migration guide show what is computed today, and each is on a page."""

import importlib.util

import numpy as np
import pytest
from pages import GUIDE, PAGES

FOLDER = GUIDE / "pictures"


def load():
    spec = importlib.util.spec_from_file_location("draw", FOLDER / "draw.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


draw = load()


def close(some, others):
    assert some.keys() == others.keys()
    for name, numbers in some.items():
        np.testing.assert_allclose(numbers, others[name], rtol=2e-5, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("name", draw.PICTURES)
def test_shows_what_is_computed(name, eager):
    compute, _ = draw.PICTURES[name]
    close(draw.numbers_in(FOLDER / f"{name}.svg"), compute())


def test_drawing_again_gives_the_same_pictures(tmp_path, eager):
    draw.main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in FOLDER.glob("*.svg"))
    for picture in tmp_path.iterdir():
        close(draw.numbers_in(picture), draw.numbers_in(FOLDER / picture.name))
        assert picture.read_text().count("<path") == (FOLDER / picture.name).read_text().count("<path")


@pytest.mark.parametrize("name", draw.PICTURES)
def test_is_on_a_page(name):
    assert any(f"](pictures/{name}.svg)" in page.read_text(encoding="utf-8") for page in PAGES)
