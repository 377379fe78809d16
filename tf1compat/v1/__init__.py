"""TensorFlow 1.15's namespace: `import tf1compat.v1 as tf`.

The names are found when they are first asked for. `tf1compat.v1.names` holds the table that says for
each whether it is ours, TensorFlow's own (what still builds into our graphs as it is), or refused with
a `NotImplementedError` that says what to write instead.

Importing this module makes a default graph current in the importing thread, as a TF1 script needs at
module level; eager code runs inside `with tf1compat.eager():` or in another thread.
"""

from __future__ import annotations

from typing import Any

from tf1compat.graph import enter_default_graph
from tf1compat.v1 import compiling as _compiling
from tf1compat.v1 import modules as _modules
from tf1compat.v1 import saving as _saving

_modules.install()
_saving.install()
_compiling.install()
enter_default_graph()


def __getattr__(name: str) -> Any:
    value = _modules.attribute("", name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return _modules.listing("")
