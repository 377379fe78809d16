"""TF1's recurrent cells, and what runs fused cells.

The loops that run them (`dynamic_rnn`, `static_rnn`, `raw_rnn`…) are TensorFlow's own, which take any cell.
"""
