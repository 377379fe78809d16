"""`tf.test` and TF1's test decorators: our Sessions, every mode that a decorator names, every body counted."""

import re
import unittest

import pytest
import run_harness
from tf1compat.v1.python.framework import ops, test_util

import tf1compat
import tf1compat.v1 as tf
from tf1compat.v1 import testing


def ran(cls):
    """Run a class of tests; its result, and the bodies that were counted meanwhile."""
    before = testing.bodies_run()
    result = unittest.TestResult()
    unittest.TestLoader().loadTestsFromTestCase(cls).run(result)
    now = testing.bodies_run()
    return result, {mode: now[mode] - before.get(mode, 0) for mode in now if now[mode] != before.get(mode, 0)}


def problems(result):
    return [text for _, text in [*result.errors, *result.failures]]


def test_every_road_leads_to_one_test_case():
    assert tf.test.TestCase is test_util.TensorFlowTestCase is testing.TestCase
    assert test_util.run_deprecated_v1 is test_util.deprecated_graph_mode_only


def test_sessions_are_ours_and_the_graph_is_new_and_seeded():
    seen = []

    class Case(tf.test.TestCase):
        def test_a(self):
            with self.cached_session() as sess:
                assert type(sess) is tf.Session and sess is tf.get_default_session()
                seen.append(sess.run(tf.random_uniform([3])).tolist())
                with self.cached_session() as again:
                    assert again is sess
            with self.session() as other:
                assert type(other) is tf.Session and other is not sess

        def test_b(self):
            assert not tf.get_default_graph().get_operations()
            seen.append(self.evaluate(tf.random_uniform([3])).tolist())
            with self.assertRaisesOpError("uninitialized"), self.test_session():
                self.evaluate(tf.get_variable("v", [2]))

        def test_c(self):
            self.assertEqual(self.evaluate({"x": [tf.constant(1), tf.constant(2)]}), {"x": [1, 2]})

    result, bodies = ran(Case)
    assert not problems(result)
    assert seen[0] == seen[1]
    assert bodies == {"graph": 3}
    assert isinstance(tf.get_default_graph(), tf1compat.graph.Graph)
    tf.reset_default_graph()  # and nothing was left entered


def test_a_body_runs_in_each_mode_that_is_named():
    modes = []

    def note(self):
        modes.append((self._testMethodName, "eager" if tf.executing_eagerly() else "graph"))
        v = tf.Variable([1.0, 2.0])
        self.evaluate(tf.global_variables_initializer())
        self.assertAllClose(self.evaluate(v * 2.0), [2.0, 4.0])

    class Case(tf.test.TestCase):
        @test_util.run_in_graph_and_eager_modes
        def test_both(self):
            note(self)

        @test_util.run_in_graph_and_eager_modes(reset_test=False, use_gpu=False, config=tf.ConfigProto())
        def test_options(self):
            note(self)

        @test_util.run_deprecated_v1
        def test_graph(self):
            with self.session():
                note(self)

        @test_util.run_in_graph_and_eager_modes
        @test_util.run_v1_only("of TF1")
        def test_stacked(self):
            note(self)

        @test_util.run_v2_only
        def test_tf2(self):
            note(self)

    result, bodies = ran(Case)
    assert not problems(result)
    both = ["graph", "eager"]
    assert [mode for name, mode in modes if name == "test_both"] == both
    assert [mode for name, mode in modes if name == "test_options"] == both
    assert [mode for name, mode in modes if name == "test_stacked"] == both
    assert [mode for name, mode in modes if name == "test_graph"] == ["graph"]
    assert bodies == {"graph": 4, "eager": 3}
    assert [reason for case, reason in result.skipped if "test_tf2" in case.id()] == ["Test is only compatible with v2"]


def test_a_failure_in_one_mode_fails_the_test():
    class Case(tf.test.TestCase):
        @test_util.run_in_graph_and_eager_modes
        def test_eager_fails(self):
            self.assertFalse(tf.executing_eagerly())

        @test_util.run_in_graph_and_eager_modes
        def test_graph_fails(self):
            self.assertTrue(tf.executing_eagerly())

        def test_plain_fails(self):
            self.assertAllClose(self.evaluate(tf.constant(1.0)), 2.0)

    result, bodies = ran(Case)
    assert len(result.failures) == 3 and not result.errors
    assert bodies == {"graph": 3, "eager": 1}  # test_graph_fails ended there


def test_what_skips_itself_is_no_body():
    class Case(tf.test.TestCase):
        @test_util.run_in_graph_and_eager_modes
        def test_not_in_graph(self):
            if not tf.executing_eagerly():
                self.skipTest("eager only")

        def test_never(self):
            self.skipTest("never")

    result, bodies = ran(Case)
    assert not problems(result)
    assert bodies == {"eager": 1}


def test_whole_classes():
    modes = []

    @test_util.run_all_in_graph_and_eager_modes
    class Both(tf.test.TestCase):
        def test_it(self):
            modes.append(tf.executing_eagerly())

        def testSkipEager(self):  # noqa: N802
            modes.append("skip")

    @test_util.run_v1_only("of TF1")
    @test_util.deprecated_graph_mode_only
    class Graph(tf.test.TestCase):
        def test_it(self):
            modes.append(tf.executing_eagerly())

    for cls in (Both, Graph):
        result, _ = ran(cls)
        assert not problems(result)
    assert sorted(map(str, modes)) == ["False", "False", "True", "skip"]


def test_graph_mode_is_entered_from_eager(eager):
    modes = []

    class Case(tf.test.TestCase):
        @test_util.deprecated_graph_mode_only
        def test_graph(self):
            modes.append(tf.executing_eagerly())

        @test_util.run_in_graph_and_eager_modes
        def test_both(self):
            modes.append(tf.executing_eagerly())

    result, bodies = ran(Case)
    assert not problems(result)
    assert modes == [False, True, False]
    assert bodies == {"graph": 2, "eager": 1}


def test_a_function_is_a_mode():
    class Case(tf.test.TestCase):
        @test_util.also_run_as_tf_function
        def test_function(self):
            self.assertEqual(tf.constant(1).shape, [])

    result, bodies = ran(Case)
    assert not problems(result)
    assert bodies == {"eager": 1, "function": 1}


def test_what_is_left_behind_fails_the_test(tmp_path):
    """In a process of its own: pytest keeps what is logged."""
    program = """
        import tensorflow as tf
        from tensorflow.python.framework import test_util

        kept = []

        class Case(tf.test.TestCase):
            @test_util.assert_no_new_pyobjects_executing_eagerly
            def test_clean(self):
                self.assertTrue(tf.executing_eagerly())
                tf.constant(1.0) + 1.0

            @test_util.assert_no_new_pyobjects_executing_eagerly
            def test_objects(self):
                kept.append([object()])

            @test_util.run_in_graph_and_eager_modes(assert_no_eager_garbage=True)
            def test_tensors(self):
                kept.append(tf.constant(1.0))

            @test_util.run_in_graph_and_eager_modes(assert_no_eager_garbage=True)
            def test_tidy(self):
                self.assertEqual(self.evaluate(tf.constant(1.0)), 1.0)

        tf.test.main()
        """
    run_harness.write(tmp_path, {"case_test.py": program})
    done = run_harness.run(tmp_path, "case_test.py", status=1)
    assert sorted(re.findall(r"\[ +(OK|FAILED) +\] Case\.(\w+)", done.stdout + done.stderr)) == [
        ("FAILED", "test_objects"), ("FAILED", "test_tensors"), ("OK", "test_clean"), ("OK", "test_tidy"),
    ]  # fmt: skip


def test_misuse_is_refused():
    with pytest.raises(ValueError, match="only supports test methods"):
        test_util.run_in_graph_and_eager_modes(type("Case", (tf.test.TestCase,), {}))
    with pytest.raises(ValueError, match="'reason' should be string"):
        test_util.run_v1_only(None)


def test_inner_paths_mean_what_the_public_names_mean():
    from tf1compat.v1.contrib.layers.python.layers import regularizers
    from tf1compat.v1.python.data.ops import dataset_ops
    from tf1compat.v1.python.eager import function
    from tf1compat.v1.python.framework import dtypes
    from tf1compat.v1.python.ops import variables
    from tf1compat.v1.python.platform import googletest, test
    from tf1compat.v1.python.training import adam, learning_rate_decay, momentum

    assert variables.VariableV1 is tf.Variable
    assert variables.dtypes is dtypes and variables.dtypes.int32 is tf.int32
    assert function.defun is tf.function
    assert regularizers.l2_regularizer is tf.contrib.layers.l2_regularizer
    assert adam.AdamOptimizer is tf.train.AdamOptimizer
    assert momentum.MomentumOptimizer is tf.train.MomentumOptimizer
    assert learning_rate_decay.exponential_decay is tf.train.exponential_decay
    assert dataset_ops.Options is tf.data.Options
    assert ops.Graph is tf.Graph
    assert test.mock is unittest.mock
    assert googletest.main is tf.test.main


def test_main_says_how_many_bodies_ran(tmp_path):
    program = """
        import tensorflow as tf
        from tensorflow.python.framework import test_util

        left = []

        class Case(tf.test.TestCase):
            @test_util.run_in_graph_and_eager_modes
            def test_both(self):
                self.assertEqual(self.evaluate(tf.constant(1)), 1)

            def test_left_entered(self):
                left.append(tf.Graph().as_default())
                left[0].__enter__()
                tf.constant(1)

            def test_plain(self):
                self.assertEqual(tf.get_default_graph().get_operations(), [])
                with self.test_session():
                    self.assertEqual(tf.constant(2).eval(), 2)

        if __name__ == "__main__":
            tf.test.main()
        """
    run_harness.write(tmp_path, {"case_test.py": program})
    done = run_harness.run(tmp_path, "case_test.py")
    assert "Bodies of tests that ran: 4 (1 eager, 3 graph)" in done.stderr
    run_harness.write(tmp_path, {"case_test.py": program.replace(", 2)", ", 3)")})
    done = run_harness.run(tmp_path, "case_test.py", status=1)
    assert "Bodies of tests that ran: 4 (1 eager, 3 graph)" in done.stderr
