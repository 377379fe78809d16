"""Runs cases in a TF1 graph, on TensorFlow 1.15.5's Session or on this project's."""

import numpy as np
from goldens.training.cases import World, outward


class Gathered(object):
    """What the outputs of some cases were after the steps at which they are looked at."""

    def __init__(self, cases):
        self.cases = cases
        self.found = {name: {} for name in cases}

    def add(self, step, name, outputs):
        for output, value in outputs.items():
            if step in self.cases[name].looks(output):
                self.found[name].setdefault(output, []).append(np.asarray(value))

    def stacked(self):
        return {n: {o: np.stack(values) for o, values in f.items()} for n, f in self.found.items()}


def in_graph(tf, rules, graph, new_session, cases, resources=True, device=None):
    """{case: {output: array over the steps}}, all cases of `cases` built and run together in `graph`.

    resources: whether variables are resource variables, as TF2's are, or TF1's first kind.
    device: where all ops must be; anywhere that has a kernel, unless given.
    """

    def variable(value, dtype, name, trainable):
        value = tf.cast(tf.constant(value), dtype)
        return tf.Variable(value, trainable=trainable, name=name, use_resource=resources)

    def gradients(function, inputs):
        outputs = function(*inputs)
        return outputs, tf.gradients(outputs, list(inputs))

    gathered = Gathered(cases)
    with graph.as_default(), tf.device(device):
        fetches, feeds, starts = {}, {}, []
        for name, case in cases.items():
            step = case.begin(World(tf, rules, variable, gradients, in_graph=True))
            feeds[name] = [tf.placeholder(a.dtype, a.shape) for a in map(np.asarray, case.inputs[0])]
            fetches[name] = {o: outward(tf, value) for o, value in step(*feeds[name]).items()}
            starts.append(getattr(step, "start", None))
        initialise = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())
        with new_session(graph=graph) as session:
            session.run(initialise)
            ends = [start(session) for start in starts if start]
            for at in range(max(len(case.inputs) for case in cases.values())):
                now = {name: case for name, case in cases.items() if at < len(case.inputs)}
                fed = {p: a for name, case in now.items() for p, a in zip(feeds[name], case.inputs[at])}
                for name, outputs in session.run({name: fetches[name] for name in now}, fed).items():
                    gathered.add(at + 1, name, outputs)
            for end in ends:
                end()
    return gathered.stacked()
