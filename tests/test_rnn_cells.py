"""Recurrent cells have TensorFlow 1.15.5's names, numbers, gradients and manners, see goldens/rnn."""

import copy
import json

import numpy as np
import pytest
from goldens.contrib.observing import observe
from goldens.rnn import behaviours, cells, checkpoints, contrib_cells
from goldens.rnn.record import load, load_json

import tf1compat.v1 as tf

CASES = {"cells": cells.CASES, "contrib_cells": contrib_cells.CASES}
GOLDENS = {family: load(family) for family in CASES}
BEHAVIOURS = load_json("behaviours")


def test_everything_recorded_is_compared():
    assert {family: set(found) for family, found in GOLDENS.items()} == {f: set(cases) for f, cases in CASES.items()}
    assert set(BEHAVIOURS) == set(behaviours.BEHAVIOURS)


@pytest.mark.parametrize("family, name", [(family, name) for family in CASES for name in sorted(CASES[family])])
def test_cell(family, name):
    golden_facts, golden = GOLDENS[family][name]
    facts, values = observe(tf, CASES[family][name])
    assert facts == golden_facts
    assert set(values) == set(golden)
    for output, value in golden.items():
        np.testing.assert_allclose(values[output], value, rtol=1e-5, atol=2e-6, err_msg=output)


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_behaviour(name):
    assert json.loads(json.dumps(behaviours.behaviour(tf, name))) == BEHAVIOURS[name]


def test_a_checkpoint_of_tensorflow_1_15_goes_on_where_it_stopped():
    golden, found = load_json("checkpoint"), checkpoints.restored(tf)
    np.testing.assert_allclose(found["decoded"], golden["decoded"], rtol=1e-5, atol=2e-6)
    np.testing.assert_allclose(found["losses"], golden["losses"], rtol=1e-4)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: tf.nn.rnn_cell.GRUCell(2, dtype=tf.int32), "only supports floating point inputs.*int32"),
        (lambda: tf.nn.rnn_cell.MultiRNNCell([]), "at least one cell"),
        (lambda: tf.nn.rnn_cell.MultiRNNCell(tf.nn.rnn_cell.GRUCell(2)), "cells must be a list or tuple, but saw"),
        (lambda: tf.nn.rnn_cell.ResidualWrapper(3), "'cell' .* is not an RNNCell: 'output_size' property is missing"),
        (
            lambda: tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(2), state_keep_prob=-1.0),
            "state_keep_prob must be between 0 and 1: -1",
        ),
        (lambda: tf.nn.rnn_cell.GRUCell(2, activation="tan"), "Unknown activation function: tan"),
        (lambda: tf.contrib.rnn.GRUBlockCell(2, cell_size=2), "Exactly one of num_units or cell_size"),
        (lambda: tf.nn.rnn_cell.RNNCell().zero_state(2, tf.float32), "Abstract"),
        (
            lambda: tf.contrib.rnn.CoupledInputForgetGateLSTMCell(2, num_unit_shards=9)(
                tf.zeros([1, 3]), (tf.zeros([1, 2]), tf.zeros([1, 2]))
            ),
            "Too many shards: shape=.5, 6., num_shards=9",
        ),
    ],
)
def test_errors_name_the_culprit(make, message):
    with tf.Graph().as_default(), pytest.raises((TypeError, ValueError, NotImplementedError), match=message):
        make()


def test_dropout_wrapper_refuses_visitors_that_choose_nothing():
    with tf.Graph().as_default():
        for chosen in (3, (True, 3), (True,)):
            cell = tf.nn.rnn_cell.DropoutWrapper(
                tf.nn.rnn_cell.LSTMCell(2),
                state_keep_prob=0.5,
                dropout_state_filter_visitor=lambda state, chosen=chosen: chosen,
            )
            with pytest.raises(TypeError, match="dropout_state_filter_visitor must return"):
                cell(tf.zeros([1, 3]), cell.zero_state(1, tf.float32))


@pytest.mark.parametrize(
    "make",
    [
        lambda rnn: rnn.BasicRNNCell(3, activation="relu", name="mine"),
        lambda rnn: rnn.GRUCell(3, kernel_initializer=tf.random_uniform_initializer(-0.1, 0.1, seed=1)),
        lambda rnn: rnn.BasicLSTMCell(3, 0.5, dtype=tf.float64),
        lambda rnn: rnn.LSTMCell(3, True, 0.5, tf.zeros_initializer(), 2, 0.3, trainable=False),
    ],
)
def test_cells_describe_themselves(make):
    with tf.Graph().as_default():
        cell = make(tf.nn.rnn_cell)
        config = cell.get_config()
        json.dumps(config)
        assert type(cell).from_config(config).get_config() == config


def test_wrappers_describe_themselves():
    rnn = tf.nn.rnn_cell
    with tf.Graph().as_default():
        for wrapper in (
            rnn.DropoutWrapper(rnn.GRUCell(2), 0.5, seed=3, dropout_state_filter_visitor=lambda state: False),
            rnn.ResidualWrapper(rnn.GRUCell(2), max),
            rnn.DeviceWrapper(rnn.GRUCell(2), "/cpu:0"),
        ):
            config = wrapper.get_config()
            with pytest.raises(ValueError, match="put a cell in the config's place of 'cell'"):
                type(wrapper).from_config(config)
            assert type(wrapper).from_config({**config, "cell": wrapper.wrapped_cell}).get_config() == config


def test_what_programs_imported_from_inside_is_ours():
    from tf1compat.v1.contrib.rnn.python.ops import core_rnn_cell, core_rnn_cell_impl, lstm_ops
    from tf1compat.v1.contrib.rnn.python.ops import rnn_cell as contrib_cell
    from tf1compat.v1.python.ops import rnn_cell, rnn_cell_impl

    lstm = tf.nn.rnn_cell.LSTMCell
    assert all(m.LSTMCell is lstm for m in (core_rnn_cell, core_rnn_cell_impl, contrib_cell, rnn_cell, rnn_cell_impl))
    assert tf.contrib.rnn.LSTMCell is lstm
    assert core_rnn_cell._linear is rnn_cell_impl._linear
    assert lstm_ops.LSTMBlockCell is tf.contrib.rnn.LSTMBlockCell
    with pytest.raises(TypeError, match="is not an RNNCell"):
        rnn_cell_impl.assert_like_rnncell("cell", object())


def test_a_copy_of_a_cell_is_a_cell_of_its_own():
    """`legacy_seq2seq` and scripts copy cells to use them twice."""
    rnn = tf.nn.rnn_cell
    with tf.Graph().as_default():
        keep = tf.placeholder(tf.float32, [])
        cell = rnn.MultiRNNCell([rnn.DropoutWrapper(rnn.LSTMCell(2), output_keep_prob=keep), rnn.GRUCell(2)])
        copied = copy.deepcopy(cell)
        for scope, each in (("one", cell), ("other", copied)):
            with tf.variable_scope(scope):
                each(tf.zeros([1, 3]), each.zero_state(1, tf.float32))
        one, other = tf.trainable_variables("one"), tf.trainable_variables("other")
        assert [v.name[len("one") :] for v in one] == [v.name[len("other") :] for v in other] and len(one) == 6
        called = copy.deepcopy(cell)
        called(tf.zeros([1, 3]), called.zero_state(1, tf.float32))
        assert len(tf.trainable_variables()) == 12  # a copy of a called cell has its variables
