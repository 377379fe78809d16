"""What pandas dropped since 2018, and what it was: a table for `mends`."""

from __future__ import annotations

from typing import Any

from .mend import Mend

__all__ = ["TABLES"]


def _as_matrix(pandas: Any) -> Any:
    def as_matrix(self: Any, columns: Any = None) -> Any:
        return (self if columns is None else self[list(columns)]).values

    return as_matrix


def _append(pandas: Any) -> Any:
    def append(self: Any, other: Any, ignore_index: bool = False, verify_integrity: bool = False) -> Any:
        """The rows of `other` after one's own; a dict or a Series is one row of a frame."""
        if self.ndim == 2 and isinstance(other, dict):
            other = pandas.Series(other)
        if self.ndim == 2 and isinstance(other, pandas.Series):
            if other.name is None and not ignore_index:
                raise TypeError("Can only append a Series if ignore_index=True or if the Series has a name")
            other = other.to_frame().T.infer_objects()
        parts = [self, *(other if isinstance(other, (list, tuple)) else [other])]
        return pandas.concat(parts, ignore_index=ignore_index, verify_integrity=verify_integrity)

    return append


def _iteritems(pandas: Any) -> Any:
    return lambda self: iter(self.items())


def _ix(pandas: Any) -> Any:
    return property(lambda self: _Ix(self, pandas))


class _Ix:
    """Rows, or rows and columns: by label; by position where whole numbers meet labels that are none."""

    def __init__(self, owner: Any, pandas: Any) -> None:
        self._owner = owner
        self._is_whole = pandas.api.types.is_integer
        self._has_whole_labels = pandas.api.types.is_integer_dtype

    def _labels(self, key: Any, axis: int) -> Any:
        labels = self._owner.axes[axis]
        if self._has_whole_labels(labels.dtype):
            return key
        if isinstance(key, slice):
            ends = [end for end in (key.start, key.stop) if end is not None]
            return labels[key] if ends and all(map(self._is_whole, ends)) else key
        if self._is_whole(key):
            return labels[key]
        if isinstance(key, list) and key and all(map(self._is_whole, key)):
            return labels[key]
        return key

    def _key(self, key: Any) -> Any:
        if isinstance(key, tuple) and self._owner.ndim == 2:
            return tuple(self._labels(part, axis) for axis, part in enumerate(key))
        return self._labels(key, 0)

    def __getitem__(self, key: Any) -> Any:
        return self._owner.loc[self._key(key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._owner.loc[self._key(key)] = value


_ITEMS = ("iteritems", "items", _iteritems)
_APPEND = ("append", "the rows put together by pandas.concat", _append)
_IX = ("ix", "rows and columns by label, else by position", _ix)

TABLES: dict[str, tuple[Mend, ...]] = {
    "pandas": (
        Mend("DataFrame.as_matrix", "the frame's values", _as_matrix),
        *(
            Mend(f"{owner}.{name}", gives, make)
            for owner in ("DataFrame", "Series")
            for name, gives, make in (_ITEMS, _APPEND, _IX)
        ),
    ),
}
