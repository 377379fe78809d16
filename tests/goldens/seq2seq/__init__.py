"""Whole programs with TF1's sequence models, and what they printed under TensorFlow 1.15.5.

A program is a module with `main(tf)`, which gives {what: numbers}.
"""

PROGRAMS = ("translation", "bucketed")
