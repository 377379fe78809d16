"""What programs imported from `tensorflow.contrib.legacy_seq2seq.python.ops.seq2seq` beside the public names."""

from __future__ import annotations

from tf1compat.rnn.linear import Linear

from .decoders import embedding_loop as _extract_argmax_and_embed

__all__ = ["Linear", "_extract_argmax_and_embed"]
