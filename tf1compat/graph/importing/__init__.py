"""Graphs that come from, or go to, somewhere else: TF 1.15's reference variables, meta graphs."""
