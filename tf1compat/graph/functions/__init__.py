"""Steps without placeholders: Python functions that are traced into a graph and run by a Session."""
