"""The functions that a graph holds: bodies of conds and loops."""
