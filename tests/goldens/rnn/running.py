"""What the cases of this folder have in common: inputs, states, and the outputs they are judged by."""

import numpy as np

BATCH = 2


def values(seed, *shape):
    """Numbers between -1 and 1 that depend on the seed alone."""
    return np.random.RandomState(seed).uniform(-1.0, 1.0, shape).astype(np.float32)


def initial_state(tf, cell):
    """A state with another value in each of its numbers, which can be differentiated through."""
    leaves = tf.nest.flatten(cell.zero_state(BATCH, tf.float32))
    filled = [leaf + values(90 + n, *leaf.get_shape().as_list()) for n, leaf in enumerate(leaves)]
    return tf.nest.pack_sequence_as(cell.zero_state(BATCH, tf.float32), filled)


def judged(tf, outputs, state, inputs=()):
    """{output: tensor} of whatever a loop returned, and the `loss` whose gradients are recorded."""
    found = {"output %d" % n: leaf for n, leaf in enumerate(tf.nest.flatten(outputs))}
    found.update({"state %d" % n: leaf for n, leaf in enumerate(tf.nest.flatten(state))})
    parts = [
        tf.reduce_sum(tf.cast(found[name], tf.float32) * (0.3 + 0.1 * n))
        for n, name in enumerate(sorted(found))
        if found[name].dtype.is_floating
    ]
    found["loss"] = tf.add_n(parts)
    for n, gradient in enumerate(tf.gradients(found["loss"], list(inputs)) if inputs else ()):
        if gradient is not None:
            found["gradient of input %d" % n] = gradient
    return found


def steps(tf, cell, shapes, number=2, weights=True):
    """A case: `cell` over some steps of inputs of these shapes (one, or a tuple of them for nested inputs).

    How many weights the cell has (if it knows), and its sizes, are recorded with what it computes.
    """
    nested = isinstance(shapes, tuple)
    flat = shapes if nested else (shapes,)
    rows = [
        [tf.constant(values(10 * t + n, BATCH, *shape)) for n, shape in enumerate(flat)] for t in range(number)
    ]
    inputs = [tuple(row) if nested else row[0] for row in rows]
    outputs, state = tf.nn.static_rnn(cell, inputs, initial_state=initial_state(tf, cell), scope="here")
    found = judged(tf, outputs, state, [each for row in rows for each in row])
    if weights:
        found["weights"] = tf.constant([len(cell.trainable_weights), len(cell.non_trainable_weights)])
    sizes = [tf.TensorShape(size).as_list() for size in tf.nest.flatten((cell.state_size, cell.output_size)) if size]
    found["sizes"] = tf.constant([number for size in sizes for number in size])
    return found
