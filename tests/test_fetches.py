"""What Session.run may be asked for, as under TF 1.15.5, and nests that hypothesis makes."""

import collections

import numpy as np
import pytest
from goldens.session import compare, fetches, observe
from hypothesis import given, settings
from hypothesis import strategies as st

import tf1compat
import tf1compat.v1 as tf

#: Where -> why it differs from TF 1.15.5.
DEVIATIONS = {
    "types_of_results[1][2]": "NumPy 2 calls its bool so",
    "unfetchable[11].message": "the operation's attributes come in another order",
    "callables[9]": "too few values: the callable counts them",
    "callables[10]": "too many values: TF 1.15.5 left the last out",
    "callables[11]": "a wrong key is refused at once, not at the first call",
    "callables[14]": "TF 1.15.5 did not say which op",
    "partial_runs[5].message": "what assign returns is a read after it",
    "sessions[7]": "a fed scalar that is fetched comes back as a NumPy scalar, not an array of rank 0",
}


@pytest.mark.parametrize("name", observe.programs_of(fetches))
def test_as_under_tf_1_15(name):
    compare.check(tf, fetches, name, DEVIATIONS)


Pair = collections.namedtuple("Pair", "first second")


class Record:
    """Looks to a Session as a class made by attrs does."""

    Field = collections.namedtuple("Field", "name")
    __attrs_attrs__ = (Field("left"), Field("right"))

    def __init__(self, left, right):
        self.left, self.right = left, right

    def __eq__(self, other):
        return type(other) is Record and (self.left, self.right) == (other.left, other.right)

    def __repr__(self):
        return f"Record({self.left}, {self.right})"


def _nests(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.lists(inner, max_size=3).map(tuple),
            st.dictionaries(st.sampled_from(["a", "b", "c", 1]), inner, max_size=3),
            st.dictionaries(st.sampled_from("xyz"), inner, max_size=3).map(collections.OrderedDict),
            st.tuples(inner, inner).map(lambda pair: Pair(*pair)),
            st.tuples(inner, inner).map(lambda pair: Record(*pair)),
        ),
        max_leaves=8,
    )


def _mapped(nest, leaf):
    if isinstance(nest, Pair):
        return Pair(*(_mapped(part, leaf) for part in nest))
    if type(nest) in (list, tuple):
        return type(nest)(_mapped(part, leaf) for part in nest)
    if isinstance(nest, dict):
        return type(nest)((key, _mapped(part, leaf)) for key, part in nest.items())
    if isinstance(nest, Record):
        return Record(_mapped(nest.left, leaf), _mapped(nest.right, leaf))
    return leaf(nest)


_LEAVES = {
    "scalar": 1.5, "vector": [1, 2], "name": 1.5, "operation": None, "fed": 7.0, "variable": [3.0, 4.0], "text": b"s",
    "sparse": ([[0, 1]], [5.0], [2, 3]), "slices": ([[1.0]], [2], [3, 1]), "ragged": [[1, 2], [], [3]], "after": 8.0,
}  # fmt: skip


def _leaves(graph):
    with graph.as_default():
        fed = tf.placeholder(tf.float32, [], name="fed")
        return {
            "scalar": tf.constant(1.5, name="scalar"),
            "vector": tf.constant([1, 2]),
            "name": "scalar:0",
            "operation": tf.no_op(),
            "fed": fed,
            "variable": tf.Variable([3.0, 4.0]),
            "text": tf.constant("s"),
            "sparse": tf.SparseTensor([[0, 1]], [5.0], [2, 3]),
            "slices": tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([2]), tf.constant([3, 1])),
            "ragged": tf.ragged.constant([[1, 2], [], [3]]),
            "after": fed + 1.0,
        }


def _plain(value):
    if hasattr(value, "to_list"):
        return value.to_list()
    if type(value).__name__ in ("SparseTensorValue", "IndexedSlicesValue"):
        return tuple(part.tolist() for part in value)
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


@pytest.fixture(scope="module")
def leaves():
    graph = tf.Graph()
    made = _leaves(graph)
    with graph.as_default():
        initializer = tf.global_variables_initializer()
    sess = tf.Session(graph=graph)
    sess.run(initializer)
    yield sess, made
    sess.close()


@settings(max_examples=150, deadline=None)
@given(nest=_nests(st.sampled_from(sorted(_LEAVES))))
def test_any_nest_comes_back_in_its_shape(leaves, nest):
    """Each leaf has its value wherever it stands and however often; the containers are of the same types."""
    sess, made = leaves
    answer = sess.run(_mapped(nest, made.get), {"fed:0": 7.0})
    assert _mapped(answer, _plain) == _mapped(nest, _LEAVES.get)
    assert _mapped(nest, lambda leaf: leaf) == nest  # the same types on the way back, which == would hide
    again = sess.make_callable(_mapped(nest, made.get), ["fed:0"])
    assert _mapped(again(7.0), _plain) == _mapped(nest, _LEAVES.get)


@settings(max_examples=60, deadline=None)
@given(nest=_nests(st.sampled_from(["scalar", "vector", "operation", "text", "sparse", "after"])))
def test_nests_as_tensorflows_session_gives_them(leaves, nest):
    if isinstance(nest, str) and nest == "operation":
        return
    sess, made = leaves
    with tf.compat.v1.Session(graph=sess.graph) as theirs:
        fetched = _mapped(nest, made.get)
        ours, its = sess.run(fetched, {made["fed"]: 1.0}), theirs.run(fetched, {made["fed"]: 1.0})
    assert observe.plain(_mapped(ours, _plain)) == observe.plain(_mapped(its, _plain))


def test_a_type_of_the_users_own():
    from tf1compat.graph import register_session_run_conversion_functions

    class Squared:
        def __init__(self, tensor):
            self.tensor = tensor

    register_session_run_conversion_functions(
        Squared,
        lambda value: ([value.tensor], lambda values: values[0] ** 2),
        lambda key, value: [(key.tensor, value)],
        lambda key: [key.tensor],
    )
    x = Squared(tf.placeholder(tf.float32, []))
    with tf.Session() as sess:
        assert sess.run({"k": [x]}, {x: 3.0}) == {"k": [9.0]}
        assert sess.run(x.tensor + 1.0, {x: 3.0}) == 4.0
    with pytest.raises(ValueError, match="already"):
        register_session_run_conversion_functions(Squared, lambda value: ([], list))


@pytest.mark.parametrize("wrong", [None, 3, object(), np.float32(2)], ids=["None", "int", "object", "numpy"])
def test_what_cannot_be_fetched_is_named(wrong):
    x = tf.constant(1.0)
    with tf.Session() as sess:
        for nest in (wrong, [x, wrong], {"k": (wrong,)}):
            with pytest.raises(TypeError, match="Fetch argument .* has invalid type"):
                sess.run(nest)


def test_an_eager_tensor_is_no_fetch():
    with tf1compat.eager():
        import tensorflow

        eager = tensorflow.constant(1.0)
    with tf.Session() as sess, pytest.raises((TypeError, ValueError), match="Fetch argument"):
        sess.run(eager)
