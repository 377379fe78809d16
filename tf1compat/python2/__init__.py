"""Telling Python 2 from Python 3, and converting its syntax, line by line.

`signs` and `judge` decide whether a file is Python 2; `syntax` rewrites what Python 3 cannot parse, with the converter
fissix. `tf1compat run` runs what comes of it with Python 2's meaning (`tf1compat.cli.python2`); the tools that read
programs read it.
"""
