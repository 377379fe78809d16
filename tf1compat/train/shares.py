"""Gradients in the replicas of `tf.distribute`: each replica's share, and the sum of the shares.

The gradient of a replica's loss is that replica's share of what one device with all the examples would
have. Optimizers add the shares up themselves. What is not linear in the gradients, clipping before all,
needs the sum first, which `reduce_gradients` makes.

A gradient is known for a share or a sum by an attribute, where this package has made it one; what a
program computes from it is known for neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import tensorflow as tf

from . import replica, variables

__all__ = ["check_shares", "check_sums", "known_shares", "known_sums", "like", "reduce_gradients"]

#: The attribute: False for a share, True for a sum.
_IS_SUM = "_tf1compat_is_sum_of_replicas"


def reduce_gradients(gradients: Iterable[Any]) -> list[Any]:
    """In a replica, the sums of all replicas' gradients; outside of replicas, the gradients themselves.

    What is not linear in the gradients comes after it, and what it returns is not to be added up again:

        gradients, variables = zip(*optimizer.compute_gradients(loss))
        gradients = train.reduce_gradients(gradients)
        gradients, norm = train.clip_by_global_norm(gradients, 5.0)
        optimizer.apply_gradients(zip(gradients, variables), global_step, reduced=True)

    On one device that is the same step without the second line. A loss that is a mean over a replica's
    examples must be divided by the number of replicas, for the sum to be the mean over all.

    Args:
      gradients: Tensors, `tf.IndexedSlices`, and Nones; the same on all replicas but for their values.

    Returns:
      As many: tensors that are the same on all replicas; of `IndexedSlices` all replicas' rows, one after
      the other, not added up; None for None.

    Raises:
      RuntimeError: if one of them is such a sum already.
    """
    found = [each if each is None else tf.compat.v1.convert_to_tensor_or_indexed_slices(each) for each in gradients]
    if replica.replicas() == 1:
        return found
    check_shares("reduce_gradients", found)
    given = [each for each in found if each is not None]
    summed = iter(known_sums(replica.all_reduced(given)) if given else ())
    return [None if each is None else next(summed) for each in found]


def known_shares(gradients: Sequence[Any]) -> Sequence[Any]:
    """The same gradients, from now on known for a replica's share, where there are several replicas."""
    return _marked(gradients, False) if replica.replicas() > 1 else gradients


def known_sums(gradients: Sequence[Any]) -> Sequence[Any]:
    """The same gradients, from now on known for sums over the replicas, where there are several."""
    return _marked(gradients, True) if replica.replicas() > 1 else gradients


def like(t: Any, result: Any) -> Any:
    """`result`, made of `t`, known for what `t` is known for."""
    if hasattr(t, _IS_SUM):
        _marked([result], getattr(t, _IS_SUM))
    return result


def check_sums(name: str, tensors: Iterable[Any], known: bool = False) -> None:
    """Refuse shares where sums are wanted, by the function `name`; with `known`, also what may be a share.

    Raises:
      RuntimeError: if so, in one of several replicas.
    """
    if replica.replicas() == 1:
        return
    for each in tensors:
        is_sum = getattr(each, _IS_SUM, None)
        if is_sum or each is None or (is_sum is None and (not known or variables.is_variable(each))):
            continue
        what, otherwise = "this replica's share", ""
        if is_sum is None:
            what = "not known to be that"
            otherwise = " For tensors that are no gradients TensorFlow has tf.linalg.global_norm."
        raise RuntimeError(
            f"{name} in a replica takes the sum of the replicas' gradients, and {_name(each)} is {what}: add them up "
            "before, by gradients = train.reduce_gradients(gradients), and let "
            f"optimizer.apply_gradients(zip(gradients, variables), reduced=True) know.{otherwise}"
        )


def check_shares(name: str, gradients: Iterable[Any]) -> None:
    """Refuse sums where shares are wanted, by the function `name`, which adds them up.

    Raises:
      RuntimeError: if so, in one of several replicas.
    """
    for each in gradients if replica.replicas() > 1 else ():
        if getattr(each, _IS_SUM, False):
            raise RuntimeError(
                f"{name} adds the replicas' gradients up, and {_name(each)} is the sum of them already, by "
                "reduce_gradients: pass apply_gradients(..., reduced=True), and reduce gradients once."
            )


def _marked(gradients: Sequence[Any], is_sum: bool) -> Sequence[Any]:
    for gradient in gradients:
        if gradient is not None:
            setattr(gradient, _IS_SUM, is_sum)
    return gradients


def _name(tensor: Any) -> str:
    tensor = tensor.values if isinstance(tensor, tf.IndexedSlices) else tensor
    return "a tensor" if tf.executing_eagerly() else f"{getattr(tensor, 'name', tensor)!r}"
