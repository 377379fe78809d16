"""A function for a layer's class: it makes a layer, calls it once, and gives the output."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .base import Layer

__all__ = ["functional"]


def functional(
    cls: type[Layer], name: str, parameters: str = "", defaults: dict[str, Any] | None = None
) -> Callable[..., Any]:
    """The function `name(inputs, *the arguments of cls, reuse=None)`.

    The layer's variables are in the variable scope `name`; `reuse` is that of the scope.

    Args:
      cls: The layer's class.
      parameters: The function's parameters after `inputs`, in their order, if they are others than the class's
        and `reuse`. `training` is handed to the call; without `reuse`, the name makes a scope that is unique.
      defaults: The values of those parameters that have them and are none of the class's.
    """
    of_class = {
        each.name: each
        for each in list(inspect.signature(cls.__init__).parameters.values())[1:]
        if each.kind is not each.VAR_KEYWORD
    }
    extra = {"reuse": None, **(defaults or {})}
    names = parameters.split() or [*of_class, "reuse"]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    added = {each: inspect.Parameter(each, kind, default=value) for each, value in extra.items()}
    own = [of_class[each] if each in of_class else added[each] for each in names]
    signature = inspect.Signature([inspect.Parameter("inputs", kind), *own])

    def function(*args: Any, **kwargs: Any) -> Any:
        bound = _bind(signature, name, args, kwargs)
        inputs = bound.pop("inputs")
        call = {"training": bound.pop("training")} if "training" in bound else {}
        if "reuse" in names:
            bound["_reuse"] = bound.pop("reuse", None)
            bound["_scope"] = bound.get("name")
        return cls(**bound)(inputs, **call)

    function.__name__ = function.__qualname__ = name
    function.__module__ = cls.__module__
    function.__doc__ = (
        f"The output of a new `{cls.__name__}` for `inputs`; the other arguments are that class's"
        + (", `training` its call's" if "training" in names else "")
        + (". Variables of the scope `name` are reused if `reuse` is True." if "reuse" in names else ".")
    )
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def _bind(signature: inspect.Signature, name: str, args: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(signature.bind(*args, **kwargs).arguments)
    except TypeError as error:
        raise TypeError(f"{name}(): {error}") from None
