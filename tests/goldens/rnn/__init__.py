"""What TensorFlow 1.15.5's recurrent cells and loops built and computed, as `goldens.contrib` has it for tf.contrib.

A family of cases is a module here with `CASES`.
"""

FAMILIES = ("cells", "contrib_cells", "loops")
