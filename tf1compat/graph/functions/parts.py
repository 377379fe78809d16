"""Parts of a step: some of what it returns, as steps of their own that share its one trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["Part"]


class Part:
    """What `step[names]` is: a step that runs those of the step's named outputs, and no others.

    Args:
      whole: the step, which returns a dictionary.
      names: a key of that dictionary, or a nest (tuple, list, dict) of keys: the answer has its form.

    As in a Session's `run` of fetches, only what these outputs need is run. Where the step has an
    `input_signature`, arguments that they do not need may be left out.
    """

    def __init__(self, whole: Any, names: Any) -> None:
        self.whole, self.names = whole, names
        self.name = f"{whole.name}[{', '.join(map(repr, names)) if isinstance(names, tuple) else repr(names)}]"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it in the Session that the step was made by, else the default one."""
        return self.whole._session_here()._steps.run(self, args, kwargs, None, None, None)

    def of(self, returned: Any) -> Any:
        """The part of what the step returned.

        Raises:
          TypeError: where that is no dictionary.
          KeyError: for a name that is not in it.
        """
        if not isinstance(returned, Mapping):
            raise TypeError(
                f"{self.name} is a part of what {self.whole.name} returns, which must be a dictionary for that; "
                f"it returned {returned!r}."
            )
        return self._of(returned, self.names)

    def _of(self, returned: Mapping[Any, Any], names: Any) -> Any:
        if isinstance(names, (list, tuple)):
            return type(names)([self._of(returned, name) for name in names])
        if isinstance(names, dict):
            return {key: self._of(returned, name) for key, name in names.items()}
        if names not in returned:
            raise KeyError(f"{self.whole.name} returns no {names!r}: it returns {', '.join(map(repr, returned))}.")
        return returned[names]

    def __repr__(self) -> str:
        return f"<part {self.name} of a step>"
