"""Builds a case's graph and looks at it: names, collections, values, gradients, what update ops do."""

import zlib

import numpy as np

COLLECTIONS = ("variables", "trainable_variables", "model_variables", "local_variables")
#: Collections of ops and tensors, of which only how many there are, and the names, count.
NAMED = ("update_ops", "losses", "regularization_losses", "activations")


def weights(name, shape):
    """Values for a variable that depend on its name and shape alone, between -0.5 and 0.5."""
    return np.random.RandomState(zlib.crc32(name.encode()) % (2**31)).uniform(-0.5, 0.5, shape)


def name_of(tensor):
    return tensor.name.split(":")[0]


def shape_of(variable):
    shape = variable.get_shape()
    return None if shape.ndims is None else shape.as_list()


def facts_of(tf):
    """The names in the graph's collections: of variables with their shapes."""
    graph = tf.get_default_graph()
    facts = {key: [[name_of(v), shape_of(v)] for v in graph.get_collection(key)] for key in COLLECTIONS}
    facts.update({key: [name_of(t) for t in graph.get_collection(key)] for key in NAMED})
    return {key: found for key, found in facts.items() if found}


def observe(tf, case):
    """(facts, values) of one case: JSON, and {output: array}."""
    with tf.Graph().as_default():
        outputs = dict(case(tf))
        trained = tf.trainable_variables()
        if "loss" in outputs and trained:
            gradients = tf.gradients(outputs["loss"], trained)
            for variable, gradient in zip(trained, gradients):
                if gradient is not None:
                    outputs["gradient of " + name_of(variable)] = tf.convert_to_tensor(gradient)
        facts = facts_of(tf)
        updates = tf.get_collection("update_ops")
        initialize = [tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()]
        with tf.Session() as session:
            session.run(initialize)
            if not getattr(case, "keeps_initial_values", False):
                for variable in tf.trainable_variables():
                    variable.load(
                        weights(name_of(variable), variable.get_shape().as_list()).astype(
                            variable.dtype.base_dtype.as_numpy_dtype
                        ),
                        session,
                    )
            values = session.run(outputs)
            if updates:
                session.run(updates)
                others = [v for v in tf.global_variables() if v not in trained]
                after = session.run(others)
                values.update({"after updates: " + name_of(v): a for v, a in zip(others, after)})
    return facts, {name: plain(np.asarray(value)) for name, value in values.items()}


def plain(array):
    """Strings as NumPy keeps them without pickling."""
    return array.astype("S") if array.dtype == object else array


def keeps_initial_values(case):
    """Marks a case whose variables keep the values that their initializers gave."""
    case.keeps_initial_values = True
    return case
