"""What of a graph depends on what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["reachable"]


def reachable(inputs: Iterable[Any], targets: Iterable[Any] = (), control: bool = True) -> dict[int, Any]:
    """The tensors and operations that depend on the inputs, and these, by identity.

    Args:
      inputs: Tensors, operations or variables.
      targets: Where there are any, the search ends once all of them are found.
      control: Whether an operation depends on those that it waits for.
    """
    queue = [getattr(one, "handle", one) for one in inputs]  # a variable's readers are its handle's
    found = {id(one): one for one in queue}
    missing = {id(target) for target in targets}
    endless = not missing
    missing -= found.keys()
    while queue and (endless or missing):
        one = queue.pop(0)
        if isinstance(one, tf.Operation):
            followers = [*one.outputs, *(_tf.control_outputs(one) if control else ())]
        else:
            followers = one.consumers() if hasattr(one, "consumers") else []
        for each in followers:
            if id(each) not in found:
                found[id(each)] = each
                missing.discard(id(each))
                queue.append(each)
    return found
