"""`step["loss"]`, `step["train", "loss"]`: parts of a step that returns a dictionary."""

import numpy as np
import pytest

import tf1compat
import tf1compat.v1 as tf

X = [[1.0, 2.0], [3.0, 4.0]]
SPECS = [tf.TensorSpec([None, 2]), tf.TensorSpec([None]), tf.TensorSpec([])]


def model(x, y, rate):
    w = tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
    out = tf.matmul(x, w)[:, 0]
    loss = tf.reduce_mean(tf.square(out - y))
    return {"out": out, "loss": loss, "train": tf.train.GradientDescentOptimizer(rate).minimize(loss), "w": w}


@pytest.fixture
def step():
    with tf.Graph().as_default():
        yield tf1compat.function(model, input_signature=SPECS)


def test_a_part_runs_what_it_needs_and_nothing_else(step):
    with tf.Session() as sess:
        assert sess.run(step["out"], X, [0, 0], 0.1).tolist() == [3, 7]
        loss, nothing = sess.run(step["loss", "train"], X, [0, 0], 0.01)
        assert (loss, nothing) == (29, None)
        assert sess.run(step["w"]).ravel().tolist() == pytest.approx([0.76, 0.66])
        assert len(sess.graph.steps) == 1
        assert [len(one.traces) for one in sess.graph.steps.values()] == [1]


def test_the_answer_has_the_form_of_the_names(step):
    with tf.Session() as sess:
        values = {"x": X, "y": [0, 0]}
        assert sess.run(step["loss"], **values) == 29
        assert sess.run(step["loss",], **values) == (29,)
        assert sess.run(step[["loss"]], **values) == [29]
        answer = sess.run(step[{"a": ("loss", ["out"])}], **values)
        assert answer["a"][0] == 29 and answer["a"][1][0].tolist() == [3, 7]


def test_arguments_that_a_part_does_not_need_may_be_left_out(step):
    with tf.Session() as sess:
        assert sess.run(step["out"], X).tolist() == [3, 7]
        assert sess.run(step["out"], x=np.array(X, int)).tolist() == [3, 7]
        with pytest.raises(TypeError, match=r"model\['loss'\] needs the argument y, which it was not given"):
            sess.run(step["loss"], X)
        with pytest.raises(TypeError, match=r"model\['train', 'out'\] needs the argument y, rate"):
            sess.run(step["train", "out"], X)
        with pytest.raises(TypeError, match="model: got an unexpected keyword argument 'z'"):
            sess.run(step["out"], X, z=1)
        with pytest.raises(ValueError, match="shape"):
            sess.run(step["out"], [1.0])


def test_calling_a_part_runs_it_in_the_default_session(step):
    with tf.Session():
        assert step["out"](X).tolist() == [3, 7]
    with pytest.raises(RuntimeError, match="no default Session"):
        step["out"](X)


def test_a_part_of_a_step_without_signature_takes_all_arguments():
    step = tf1compat.function(model)
    with tf.Graph().as_default(), tf.Session() as sess:
        assert sess.run(step["out"], np.float32(X), np.float32([0, 0]), 0.1).tolist() == [3, 7]
        with pytest.raises(TypeError, match="missing a required argument: 'y'"):
            sess.run(step["out"], np.float32(X))


def test_parts_that_are_not_there_are_told(step):
    with tf.Session() as sess:
        with pytest.raises(KeyError, match="model returns no 'cost': it returns 'out', 'loss', 'train', 'w'"):
            sess.run(step["cost"], X)
        with pytest.raises(TypeError, match="must be a dictionary"):
            sess.run(tf1compat.function(lambda x: x + 1)["y"], X)


def test_a_part_over_a_dataset(step):
    with tf.Session() as sess:
        data = np.float32([X, X]), np.zeros([2, 2], np.float32), np.float32([0, 0])
        assert sess.run_steps(step["loss"], data, keep="all").values.tolist() == [29, 29]


def test_a_step_is_built_where_no_session_is(step):
    returned = step.trace()
    assert [v.name for v in tf.global_variables()] == ["w:0"]
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(returned["w"]).tolist() == [[1], [1]]
        assert sess.run(step["out"], X).tolist() == [3, 7]
    assert saver and list(returned) == ["out", "loss", "train", "w"]


def test_a_step_stays_the_same_whatever_its_surroundings_become():
    around = {"tf": tf, "made": []}
    exec("def f(x):\n    made.append(1)\n    return {'y': tf.get_variable('w', []) * x, 'z': x}", around)
    with tf.Graph().as_default():
        step = tf1compat.function(around["f"], input_signature=[tf.TensorSpec([])])
        step.trace()
        around["get_variable"] = 5  # a global of a name that the step uses for something else
        with tf.Session() as sess:
            sess.run(step["y"], 1)
            around["get_variable"] = 6
            assert sess.run(step["z"], 2) == 2
    assert around["made"] == [1]
