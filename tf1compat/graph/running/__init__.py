"""One run of a graph: which ops it needs, in which order, as one function that the runtime calls."""
