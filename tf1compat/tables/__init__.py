"""What each name of TensorFlow 1.15 means here, as tables that need no TensorFlow to be read.

`tf1compat.v1` answers by them, and the tools that read programs without running them tell by them what it would.
"""
