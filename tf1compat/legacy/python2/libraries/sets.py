"""`sets`."""

Set, ImmutableSet = set, frozenset
