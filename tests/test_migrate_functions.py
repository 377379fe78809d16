"""`tf1compat migrate --to functions`: placeholders and feed dictionaries become the arguments of steps."""

import contextlib
import io
import re
import textwrap

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tf1compat.migrating.functions import transform
from tf1compat.migrating.notes import Notes


def migrated(code):
    return transform(cst.parse_module(textwrap.dedent(code).lstrip("\n")), Notes()).code


def reasons(code):
    notes = Notes()
    new = transform(cst.parse_module(textwrap.dedent(code).lstrip("\n")), notes).code
    assert transform(cst.parse_module(new), Notes()).code == new
    return [(note.line, note.text.removeprefix("left as it is: ")) for note in notes.found]


LINEAR = """
    # Linear regression
    import tf1compat.v1 as tf
    tf.set_random_seed(777)  # for reproducibility

    W = tf.Variable(tf.random_normal([1]), name="weight")

    # placeholders for a tensor that will be always fed
    X = tf.placeholder(tf.float32, shape=[None])
    Y = tf.placeholder(tf.float32, shape=[None])

    # Our hypothesis is X * W
    hypothesis = X * W

    # cost/loss function
    cost = tf.reduce_mean(tf.square(hypothesis - Y))
    train = tf.train.GradientDescentOptimizer(0.01).minimize(cost)

    # Launch the graph in a session.
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in range(5):
            _, cost_val, W_val = sess.run(
                [train, cost, W], feed_dict={X: [1, 2, 3], Y: [1, 2, 3]}
            )
            print(step, cost_val, W_val)

        # Testing our model
        print(sess.run(hypothesis, feed_dict={X: [5]}))
        print(sess.run(tf.reduce_sum(hypothesis), {X: [2.5]}))
"""


def test_a_program_reads_as_a_person_would_have_written_it():
    assert migrated(LINEAR) == textwrap.dedent(
        """
        # Linear regression
        import tf1compat
        import tf1compat.v1 as tf
        tf.set_random_seed(777)  # for reproducibility

        W = tf.Variable(tf.random_normal([1]), name="weight")


        # placeholders for a tensor that will be always fed
        @tf1compat.function(input_signature=[tf.TensorSpec([None]), tf.TensorSpec([None])])
        def model(X, Y):
            # Our hypothesis is X * W
            hypothesis = X * W

            # cost/loss function
            cost = tf.reduce_mean(tf.square(hypothesis - Y))
            train = tf.train.GradientDescentOptimizer(0.01).minimize(cost)
            return {
                "W": W,
                "hypothesis": hypothesis,
                "cost": cost,
                "train": train,
                "reduce_sum_hypothesis": tf.reduce_sum(hypothesis),
            }


        model.trace()  # builds it here and now

        # Launch the graph in a session.
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for step in range(5):
                _, cost_val, W_val = sess.run(model["train", "cost", "W"], [1, 2, 3], [1, 2, 3])
                print(step, cost_val, W_val)

            # Testing our model
            print(sess.run(model["hypothesis"], [5]))
            print(sess.run(model["reduce_sum_hypothesis"], [2.5]))
        """
    ).lstrip("\n")


IN_MAIN = """
    import numpy as np
    import tf1compat.v1 as tf

    DATA = np.arange(12.0).reshape(6, 2)

    def layer(x, size, seed):
        w = tf.get_variable("w%d" % seed, [x.shape[1], size], initializer=tf.random_normal_initializer(seed=seed))
        return tf.nn.relu(tf.matmul(x, w))

    def feeds(train):
        if train:
            return {x: DATA, keep: 0.5}
        return {x: DATA[:2], keep: 1.0}

    def main():
        global x, keep
        x = tf.placeholder(tf.float32, [None, 2])
        keep = tf.placeholder(tf.float32)
        print(x.shape)

    def run():
        inputs = tf.placeholder(tf.float32, [None, 2])  # the points
        # how many to keep
        keep_prob = tf.placeholder(tf.float32, name="keep")
        hidden = tf.nn.dropout(layer(inputs, 3, 1), keep_prob, seed=5)
        loss = tf.reduce_mean(tf.square(layer(hidden, 1, 2) - 1))
        step = tf.train.AdamOptimizer(0.1).minimize(loss)
        with tf.Session() as sess:
            tf.global_variables_initializer().run()
            for _ in range(4):
                batch = {inputs: DATA}
                batch[keep_prob] = 0.5
                sess.run(step, feed_dict=batch)
                print(loss.eval({inputs: DATA, keep_prob: 1.0}))

    run()
"""

GAN = """
    import numpy as np
    import tf1compat.v1 as tf

    np.random.seed(0)
    X = tf.placeholder(tf.float32, shape=[None, 3])
    D_W = tf.Variable(tf.random_normal([3, 1], seed=1))
    Z = tf.placeholder(tf.float32, shape=[None, 2])
    G_W = tf.Variable(tf.random_normal([2, 3], seed=2))

    def sample(m):
        return np.random.uniform(-1., 1., size=[m, 2])

    def D(x):
        return tf.matmul(x, D_W)

    G_sample = tf.matmul(Z, G_W)
    D_loss = -tf.reduce_mean(tf.log_sigmoid(D(X)) + tf.log_sigmoid(-D(G_sample)))
    G_loss = -tf.reduce_mean(tf.log_sigmoid(D(G_sample)))
    D_solver = tf.train.AdamOptimizer().minimize(D_loss, var_list=[D_W])
    G_solver = tf.train.AdamOptimizer().minimize(G_loss, var_list=[G_W])
    clip = [D_W.assign(tf.clip_by_value(D_W, -1, 1))]

    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    for it in range(4):
        _, D_curr, _ = sess.run([D_solver, D_loss, clip], feed_dict={Z: sample(4), X: np.ones([4, 3])})
        result = sess.run([G_solver, G_loss], feed_dict={Z: sample(4)})
        print(D_curr, result[1], sess.run(G_sample, feed_dict={Z: sample(1)}))
"""

SEEDED = """
    import tf1compat.v1 as tf
    tf.set_random_seed(3)

    X = tf.placeholder("float", [None, 2])
    keep = tf.placeholder(tf.float32)
    with tf.variable_scope("a"):
        W = tf.get_variable("W", [2, 4])
        L = tf.nn.dropout(tf.matmul(X, W), keep_prob=keep)
        tf.summary.scalar("size", tf.reduce_sum(L))
    b = tf.Variable(tf.random_normal([4]))
    count = tf.Variable(0)
    loss = tf.reduce_mean((L + b) ** 2)
    train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)

    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    merged = tf.summary.merge_all()
    saver = tf.train.Saver()

    def describe(rows):
        largest = tf.argmax(L, 1)
        return sess.run(largest, feed_dict={X: rows, keep: 1})

    for epoch in range(5):
        value, _, summary = sess.run([loss, train, merged], feed_dict={X: [[1, 2]], keep: 0.5})
        print(value, len(summary), [v.name for v in tf.global_variables()])
        sess.run(count.assign(epoch))
    far = tf.greater(loss, 0.1)
    print(sess.run(far, {X: [[1, 2]], keep: 1}), sess.run(count), describe([[1, 0]]))
"""

TWO_STEPS = """
    import tf1compat.v1 as tf

    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(2.0)
    y = x * w
    target = tf.placeholder(tf.float32, [None])
    guess = tf.placeholder(tf.float32, [None])
    rmse = tf.sqrt(tf.reduce_mean(tf.square(target - guess)))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        result = sess.run(y, {x: [1, 2]})
        print(result, sess.run(rmse, {target: [1, 2], guess: result}))
"""


def printed(code):
    import tf1compat.v1 as tf

    out = io.StringIO()
    with tf.Graph().as_default(), contextlib.redirect_stdout(out):
        exec(compile(textwrap.dedent(code), "program", "exec"), {"__name__": "__main__"})
    return out.getvalue()


@pytest.mark.parametrize("code", [LINEAR, IN_MAIN.replace("def main", "def unused"), GAN, SEEDED, TWO_STEPS])
def test_the_numbers_are_the_same_to_the_last_bit(code):
    new = migrated(code)
    assert "feed_dict={" not in new.replace("feed_dict=batch", "")
    assert "= tf.placeholder" not in new.split("def run()")[-1]
    assert printed(new) == printed(code) != ""


def test_the_parts_of_the_seeded_program():
    new = migrated(SEEDED)
    assert "model_parts = model.trace()" in new and 'count = model_parts["count"]' in new
    assert 'sess.run(model["loss", "train", "merged"], [[1, 2]], keep=0.5)' in new
    assert "    merged = tf.summary.merge_all()\n" in new and "    far = tf.greater(loss, 0.1)\n" in new
    assert '"largest": tf.argmax(L, 1),' in new and "largest = " not in new


def test_a_step_of_one_output_is_called_after_it():
    new = migrated(TWO_STEPS)
    assert "def rmse(target, guess):\n    return tf.sqrt(tf.reduce_mean(tf.square(target - guess)))\n" in new
    assert "sess.run(y, [1, 2])" in new and "rmse.trace()" not in new and "y.trace()" in new


TWO_GRAPHS = """
    import tf1compat.v1 as tf

    first, second = tf.Graph(), tf.Graph()
    with first.as_default():
        x = tf.placeholder(tf.float32)
        w = tf.Variable(2.0)
        y = x * w
        more = tf.ones([2])
    with second.as_default():
        v = tf.Variable(3.0)
        both = tf.add_n(tf.trainable_variables())
        z = tf.placeholder(tf.float32)
        out = z * both
    with tf.Session(graph=first) as sess:
        sess.run(w.initializer)
        large = tf.greater(y, 3.0)
        print(sess.run([y, large], {x: 2}), sess.run(more))
    with tf.Session(graph=second) as sess:
        sess.run(v.initializer)
        print(sess.run([out], {z: 2}), [v.name for v in tf.trainable_variables()])
"""


def test_each_graph_has_its_own_step():
    new = migrated(TWO_GRAPHS)
    assert new.count("@tf1compat.function") == 2 and "placeholder" not in new
    assert printed(new) == printed(TWO_GRAPHS) != ""


def test_comments_among_the_feeds_stay():
    new = migrated(
        """
        import tf1compat.v1 as tf
        x = tf.placeholder(tf.float32)
        z = tf.placeholder(tf.float32)
        y = x * z
        with tf.Session() as sess:
            print(sess.run(y, feed_dict={  # these
                x: 1.5,  # the one
                z: [2],
                # and no other
            }))
        """
    )
    assert new.endswith(
        """
    print(sess.run(
        y,  # these
        x=1.5,  # the one
        z=[2],  # and no other
    ))
"""
    )


def test_the_order_in_which_values_are_made_stays():
    assert 'sess.run(model["D_solver", "D_loss", "clip"], Z=sample(4), X=np.ones([4, 3]))' in migrated(GAN)
    assert 'model[["G_solver", "G_loss"]], Z=sample(4))' in migrated(GAN)


def test_variables_before_the_graph_stay_and_the_functions_that_use_them():
    step = migrated(GAN).split("def model(X, Z):")[1].split("sess = ")[0]
    assert "D_W = " not in step and "def D" not in step and "clip = [D_W" in step


# ruff: noqa: E501 - programs in one line
TOP = "import tf1compat.v1 as tf\n"
REST = "y = x * 2\nwith tf.Session() as sess:\n    print(sess.run(y, {x: 1}))\n"


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        (TOP + "for i in range(2):\n    x = tf.placeholder(tf.float32)\n    y = x * 2\n", 3, "made in a branch or a loop"),
        (TOP + "class A:\n    def __init__(self):\n        self.x = tf.placeholder(tf.float32)\n", 4, "nothing in its own class feeds self.x|before the graph is run"),
        (TOP + "xs = [tf.placeholder(tf.float32) for _ in range(3)]\n", 2, "not bound to a name"),
        (TOP + "x, z = tf.placeholder(tf.float32), 3\n" + REST, 2, "bound to one name by a statement of its own"),
        (TOP + "x = tf.placeholder(tf.float32)\ny = x * 2\n", 2, "nothing in this file feeds x"),
        (TOP + "x = tf.placeholder(tf.float32)\n" + REST + "print(y.eval(x.shape))\n", 6, "made elsewhere"),
        (TOP + "x = tf.placeholder(tf.float32)\n" + REST.replace("{x: 1}", "dict(zip([x], [1]))"), 5, "made elsewhere"),
        (TOP + "x = tf.placeholder(tf.float32)\n" + REST.replace("{x: 1}", "{y: 1, x: 2}"), 5, "feeds y, which is no placeholder"),
        (TOP + "x = tf.placeholder(tf.float32)\n" + REST.replace("print(", "y = (y, "), 5, "y for more than fetching it"),
        (TOP + "x = tf.placeholder_with_default(1.0, [])\n" + REST, 2, "placeholder_with_default is no argument"),
        (TOP + "x = tf.placeholder(tf.float32)\ny = x * 2\ndel y\n" + REST, 4, "deletes names"),
        (TOP + "x = tf.placeholder(tf.float32, name='in')\n" + REST + "print('a/in:0')\n", 6, "a placeholder by name"),
        (
            TOP + "def f(short):\n    x = tf.placeholder(tf.float32)\n    y = x * 2\n    if short: return\n    z = x * 3\n"
            "    return tf.Session().run(z, {x: 1})\n",
            5,
            "it may leave the function amid",
        ),
        (
            TOP + "tf.set_random_seed(1)\nx = tf.placeholder(tf.float32)\ny = x * 2\nwith tf.Session() as sess:\n"
            "    print(sess.run(y + 1, {x: 1}))\n    print(sess.run(tf.random_normal([])))\n",
            7,
            "seeds of the graph's, which would change",
        ),
        (
            TOP + "tf.set_random_seed(1)\nx = tf.placeholder(tf.float32)\nw = tf.Variable(tf.random_normal([]))\n"
            "z = tf.placeholder(tf.float32)\ny = x * w + z\nwith tf.Session() as sess:\n    sess.run(y, {x: 1, z: 2})\n",
            5,
            "whose seeds, by the graph's, would change",
        ),
        (
            TOP + "import numpy as np\nx = tf.placeholder(tf.float32)\nw = tf.Variable(np.random.rand())\ny = x * w\n"
            "z = y + np.random.rand()\ndata = np.random.rand()\nz = z + np.random.rand()\n"
            "with tf.Session() as sess:\n    print(sess.run(z, {x: data}))\n",
            7,
            "draw random numbers in turn",
        ),
        (
            TOP + "def build():\n    x = tf.placeholder(tf.float32)\n    y = x * 2\n    return x, y\nx, y = build()\n"
            "with tf.Session() as sess:\n    print(sess.run(y, {x: 1}))\n",
            3,
            "nothing in this file feeds x",
        ),
    ],
)  # fmt: skip
def test_what_is_left_says_why(code, line, why):
    found = reasons(code)
    assert any(at == line and re.search(why, text) for at, text in found), found
    new = migrated(code)
    assert "# tf1compat: left as it is: " in new
    assert [row for row in new.split("\n") if "# tf1compat: left" not in row] == code.split("\n")


CLASS = """
    import tf1compat.v1 as tf

    class Model:
        def __init__(self, sess, name):
            self.sess = sess
            with tf.variable_scope(name):
                self.keep = tf.placeholder(tf.float32)
                # the points
                self.X = tf.placeholder(tf.float32, [None, 2])
                self.Y = tf.placeholder(tf.float32, [None, 1])
                hidden = self._layer(5)
                self.out = tf.layers.dense(tf.nn.dropout(hidden, self.keep, seed=1), 1, name="out")
            self.cost = tf.reduce_mean(tf.square(self.out - self.Y))
            self.train_op = tf.train.AdamOptimizer(0.1).minimize(self.cost)

        def _layer(self, size):
            return tf.layers.dense(self.X, size, name="hidden", kernel_initializer=tf.glorot_uniform_initializer(2))

        def train(self, x, y):
            return self.sess.run([self.cost, self.train_op], {self.X: x, self.Y: y, self.keep: 0.5})

        def predict(self, x):
            return self.sess.run(self.out, feed_dict={self.X: x, self.keep: 1})

    tf.set_random_seed(1)
    with tf.Session() as sess:
        models = [Model(sess, "one"), Model(sess, "two")]
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            print([m.train([[1, 2]], [[3]])[0] for m in models])
        print(models[0].predict([[4, 5]]), models[0].out.shape, sess.run(models[1].cost, {
            models[1].X: [[1, 2]], models[1].Y: [[0]], models[1].keep: 1}))
"""


def test_a_class_keeps_its_step():
    new = migrated(CLASS)
    assert "        def model(keep, X, Y):\n            self.keep = keep\n            self.X = X\n" in new
    assert "return self.sess.run(self.model[['cost', 'train_op']], X=x, Y=y, keep=0.5)" in new.replace('"', "'")
    assert "self.sess.run(self.model['out'], X=x, keep=1)" in new.replace('"', "'")
    assert "        model.trace()  # builds it here and now\n        self.model = model\n" in new
    assert printed(new) == printed(CLASS) != ""


def test_tensorflow_may_be_imported_in_a_function():
    new = migrated(
        """
        'Says something.'
        from __future__ import print_function

        def main():
            import tf1compat.v1 as tf

            x = tf.placeholder(tf.float32)
            y = x * 2
            with tf.Session() as sess:
                print(sess.run(y, {x: 3}))

        main()
        """
    )
    assert "print_function\nimport tf1compat\n" in new and "print(sess.run(y, x=3))" in new
    assert printed(new) == "6.0\n"


def test_nothing_to_do_is_nothing_done():
    code = "import tf1compat.v1 as tf\nW = tf.Variable(1.0)\nwith tf.Session() as sess:\n    sess.run(W.initializer)\n"
    assert migrated(code) == code
    assert migrated(migrated(LINEAR)) == migrated(LINEAR)


STATEMENTS = [
    "x = tf.placeholder(tf.float32, [None, 2])",
    "x = tf.placeholder(tf.float32)",
    "z = tf.placeholder(tf.int32, name='z')  # zed",
    "# a comment\nk = tf.placeholder(\n    tf.float32,\n    [])",
    "w = tf.Variable(tf.ones([2, 2]))",
    "y = tf.matmul(x, w)",
    "y = y + 1",
    "loss = tf.reduce_mean(y)",
    "train = tf.train.AdamOptimizer(k).minimize(loss)",
    "def f(a):\n    return tf.nn.relu(a) * w",
    "def g():\n    q = tf.argmax(y, 1)\n    return sess.run(q, {x: [[1, 2]]})",
    "class C:\n    def m(self):\n        self.x = tf.placeholder(tf.float32)\n        return y",
    "y = f(x)",
    "with tf.name_scope('a'):\n    x = tf.placeholder(tf.float32)\n    y = x * 2",
    "tf.set_random_seed(1)",
    "sess = tf.Session()",
    "saver = tf.train.Saver()",
    "n = 3; m = n + 1",
    "print(sess.run(y, feed_dict={x: [[1, 2]]}))",
    "print(sess.run([loss, w], {x: data, k: 0.1}))",
    "for i in range(3):\n    _, v = sess.run([train, loss], feed_dict={x: data, k: 0.5})\n    print(v)",
    "feed = {x: data}\nfeed[k] = 2",
    "print(loss.eval(feed))",
    "loss = sess.run(loss, feed)",
    "with tf.Session() as sess:\n    init = tf.global_variables_initializer()\n    sess.run(init)\n    acc = tf.cast(y, tf.int32)\n"
    "    print(acc.eval({x: data}))",
    "if x is not None:\n    y = x",
    "data = [[1, 2]]",
    "del y",
    "import tf1compat.v1 as other",
    "while n:\n    n -= 1\n    if n: break\n    sess.run(w)",
    "try:\n    sess.run(train, {x: 1})\nexcept ValueError as x:\n    pass",
    "lambda: (yield)",
    "y: int = x",
    "x += 1",
    "print(*[v for v in tf.trainable_variables() if v is w], y)",
]


@settings(max_examples=40, deadline=None)
@given(
    statements=st.lists(st.sampled_from(STATEMENTS), max_size=14),
    shell=st.sampled_from(["{}", "def main():\n{}\n    return y\n\nmain()\n", "if __name__ == '__main__':\n{}\n"]),
)
def test_any_program_is_migrated_or_left_once_and_for_all(statements, shell):
    body = "\n".join(statements) + "\n"
    if shell != "{}":
        body = textwrap.indent("pass\n" + body, "    ")
    code = "import tf1compat.v1 as tf\n" + shell.format(body)
    try:
        compile(code, "program", "exec")
    except SyntaxError:
        return
    new = migrated(code)
    compile(new, "program", "exec")
    assert migrated(new) == new
    for comment in ("# zed", "# a comment"):
        assert (comment.strip("# ") in new) == (comment in code)


@settings(max_examples=40, deadline=None)
@given(st.text("xyz=tf.placeholder(){}:[],'\"\n #0sess.run_", max_size=60))
def test_any_text_that_parses_goes_through(text):
    code = "import tf1compat.v1 as tf\nx = tf.placeholder(tf.float32)\n" + text
    with contextlib.suppress(cst.ParserSyntaxError):
        cst.parse_module(migrated(code))
