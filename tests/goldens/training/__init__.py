"""The update rules of TF1 as TensorFlow 1.15.5 computed them: cases, what it gave for them, how they are run.

A family is a module with a table `CASES`; record.py runs the tables on TensorFlow 1.15.5 and writes one
.npz a family (store.py loads them). The tests run the same tables on this project, in the modes of modes.py,
and hold the differences against tolerances.py; fidelity.py prints them as a page of the docs.
"""

FAMILIES = ("optimizers", "schedules", "averages", "clips", "regularizers")
