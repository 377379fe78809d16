"""Programs on tf.layers, and what TensorFlow 1.15.5 made and computed for each: `record` writes it, tests compare.

A program is a function of `tf` that builds a part of a graph and returns a `Built`.
"""

FAMILIES = ("dense", "convolutions", "poolings", "normalization", "scopes", "subclasses", "training")
