"""Every public name of TensorFlow 1.15's tf.contrib is ours, TensorFlow's or refused, and calls end as they should."""

import collections
import contextlib
import io
import random
import re

import pytest
from names import contrib_names

import tf1compat.v1 as tf
from tf1compat.v1 import names
from tf1compat.v1.refusals import Refusal

LISTED = contrib_names.load()
EVERY = sorted(f"{space}.{name}" for space, found in LISTED.items() for name in found)
#: What TensorFlow and this package raise of their own accord about arguments.
ABOUT_ARGUMENTS = (TypeError, ValueError, AssertionError, tf.errors.OpError, RuntimeError, KeyError, IndexError)
#: Never called: they end or take over the process.
NOT_CALLED = ("contrib.eager.run", "contrib.learn.", "contrib.eager.enable_eager_execution", "contrib.distribute.")
#: Keras, in TF 1.15 too, says so of an argument that is no tensor, layer or model.
KERAS_ABOUT_ARGUMENTS = re.compile("'(int|SymbolicTensor)' object has no attribute")


def test_the_list_is_whole():
    assert len(LISTED) > 150 and len(EVERY) > 3500


def kind_of(full):
    """("ours", "tensorflow" or "refused", the object)."""
    try:
        found = names.resolve(full)
    except NotImplementedError as refusal:  # a constant of what is refused
        assert full.rpartition(".")[2] in str(refusal)
        return "refused", None
    if isinstance(found, Refusal):
        return "refused", found
    return names.classify(full).kind, found


@pytest.mark.parametrize("space", sorted(LISTED))
def test_every_name_resolves_or_refuses(space):
    for name in LISTED[space]:
        kind, found = kind_of(f"{space}.{name}")
        if kind == "refused" and found is not None:
            with pytest.raises(NotImplementedError, match=rf"tf\..*{name} is not available: .+\. Instead: .+"):
                found()


def test_counts(capsys):
    counts = collections.Counter(kind_of(full)[0] for full in EVERY)
    with capsys.disabled():
        print(f"\ntf.contrib's {len(EVERY)} names:", dict(counts))
    assert counts["ours"] >= 486 and counts["tensorflow"] >= 190


ARGUMENTS = ((), (1,), ([1.0, 2.0],), ([[1.0, 2.0]], [[1.0, 0.0]]))


@pytest.mark.parametrize("part", range(6))
def test_random_names_called(part):
    """300 of them, 50 a test: a result, an error about arguments, or a refusal that names itself; no AttributeError."""
    drawn = random.Random(15).sample([n for n in EVERY if not n.startswith(NOT_CALLED)], 300)
    for full in drawn[part * 50 : (part + 1) * 50]:
        kind, found = kind_of(full)
        if not callable(found):
            continue
        for arguments in ARGUMENTS:
            with tf.Graph().as_default(), contextlib.redirect_stdout(io.StringIO()):
                given = [tf.constant(a) if isinstance(a, list) else a for a in arguments]
                try:
                    found(*given)
                except NotImplementedError as refusal:
                    assert kind != "refused" or full.rpartition(".")[2] in str(refusal)
                except ABOUT_ARGUMENTS:
                    pass
                except Exception as error:
                    if full.startswith("contrib.keras.") and KERAS_ABOUT_ARGUMENTS.match(str(error)):
                        continue
                    # TensorFlow's autograph says what it cannot convert by a class of its own.
                    assert type(error).__name__ == "ConversionError", f"tf.{full}{arguments}: {error!r}"
