"""What TensorFlow 1.15.5's `tf.contrib` built and computed. A family of cases is a module here with `CASES`.

A case is a function of `tf` that builds into the default graph and returns {output: tensor}. `observing` runs it;
an output named `loss` is differentiated with respect to all trainable variables.
"""

FAMILIES = ("crf", "layers", "legacy_seq2seq", "losses", "metrics", "nets", "opt", "rest", "seq2seq")
