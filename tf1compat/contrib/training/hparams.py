"""HParams: named hyperparameters with types, that text and JSON can change."""

from __future__ import annotations

import json
import numbers
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

__all__ = ["HParams", "parse_values"]

#: `name=value`, `name[2]=value` or `name=[value, value]`, up to the comma or the end.
_ASSIGNMENT = re.compile(
    r"(?P<name>[a-zA-Z][\w.]*)(?:\[\s*(?P<index>\d+)\s*\])?\s*=\s*"
    r"(?:(?P<value>[^,\[]*)|\[(?P<values>[^\]]*)\])(?:$|,\s*)"
)
_BOOLS = {"true": True, "True": True, "false": False, "False": False}


def _bool(text: str) -> bool:
    return _BOOLS[text] if text in _BOOLS else bool(int(text))


def parse_values(values: str, type_map: Mapping[str, type], ignore_unknown: bool = False) -> dict[str, Any]:
    """{name: value} of text such as "rate=0.1,layers=[64,32],decay[1]=0.5".

    Args:
      values: assignments, with commas between. `name[i]=value` gives {name: {i: value}}.
      type_map: the type of each name, or of a list's elements.
      ignore_unknown: whether names that `type_map` has not are left out.

    Raises:
      ValueError: naming what cannot be read, has no type, or is assigned twice.
    """
    found: dict[str, Any] = {}
    place = 0
    while place < len(values):
        match = _ASSIGNMENT.match(values, place)
        if match is None:
            raise ValueError(f"Malformed hyperparameter value: {values[place:]}")
        place = match.end()
        name, index = match["name"], match["index"]
        if name not in type_map:
            if ignore_unknown:
                continue
            raise ValueError(f"Unknown hyperparameter type for {name}")
        kind = type_map[name]
        parse: Callable[[str], Any] = _bool if kind is bool else kind

        def fail(text: str, name: str = name, kind: type = kind) -> NoReturn:
            raise ValueError(
                f"Could not parse hparam '{name}' of type '{kind.__name__}' with value '{text}' in {values}"
            ) from None

        text = match["value"] if match["values"] is None else match["values"]
        try:
            if match["values"] is None:
                value = parse(text)
            elif index is None:
                value = [parse(each) for each in re.split("[ ,]", text) if each]
            else:
                raise ValueError("Assignment of a list to a list index.")
        except ValueError:
            if match["values"] is not None and index is not None:
                raise
            fail(text)
        into: Any = found if index is None else found.setdefault(name, {})
        key: Any = name if index is None else int(index)
        if not isinstance(into, dict) or key in into:
            raise ValueError(f"Multiple assignments to variable '{match[0].partition('=')[0].strip()}' in {values}")
        into[key] = value
    return found


def _cast(name: str, kind: type, value: Any) -> Any:
    """`value` as `kind`, where nothing is lost by it: an int is a float, too, and no other way round."""
    if type(value) is kind or kind is type(None):
        return value
    texts = issubclass(kind, (str, bytes)) and not isinstance(value, (str, bytes))
    bools = issubclass(kind, bool) != isinstance(value, bool)
    integers = issubclass(kind, numbers.Integral) and not isinstance(value, numbers.Integral)
    any_numbers = issubclass(kind, numbers.Number) and not isinstance(value, numbers.Number)
    if texts or bools or integers or any_numbers:
        raise ValueError(f"Could not cast hparam '{name}' of type '{kind}' from value {value!r}")
    return kind(value)


class HParams:
    """Hyperparameters as attributes: `HParams(rate=0.1, layers=[64, 32])`.

    Each has the type of its first value, or of its list's first element, and keeps it.

    Args:
      hparam_def: TF1's protocol buffer, which there is no more: NotImplementedError unless None.
      model_structure: anything, for `get_model_structure`.
      **kwargs: names and values.
    """

    def __init__(self, hparam_def: Any = None, model_structure: Any = None, **kwargs: Any) -> None:
        if hparam_def is not None:
            raise NotImplementedError(
                "HParams(hparam_def=...): the protocol buffer was part of tf.contrib. Write the values as JSON: "
                "HParams.to_json() and parse_json()."
            )
        self._hparam_types: dict[str, tuple[type, bool]] = {}
        self._model_structure = model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: Any) -> None:
        """One more; ValueError for a name that is taken, or an empty list."""
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        if isinstance(value, (list, tuple)):
            if not value:
                raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
            self._hparam_types[name] = (type(value[0]), True)
        else:
            self._hparam_types[name] = (type(value), False)
        setattr(self, name, value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Another value for one that there is; ValueError if its type does not fit."""
        kind, is_list = self._hparam_types[name]
        if isinstance(value, list) != is_list:
            which = "not pass a list for single-valued" if isinstance(value, list) else "pass a list for multi-valued"
            raise ValueError(f"Must {which} parameter: {name}")
        setattr(self, name, [_cast(name, kind, each) for each in value] if is_list else _cast(name, kind, value))

    def del_hparam(self, name: str) -> None:
        """One less; nothing if there is none of that name."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values: str) -> HParams:
        """Change values by text, see `parse_values`; self."""
        return self.override_from_dict(
            parse_values(values, {name: kind for name, (kind, _) in self._hparam_types.items()})
        )

    def parse_json(self, values_json: str) -> HParams:
        """Change values by a JSON object; self."""
        return self.override_from_dict(json.loads(values_json))

    def override_from_dict(self, values_dict: Mapping[str, Any]) -> HParams:
        """Change values by a dictionary; self. KeyError for a name that there is not."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def set_from_map(self, values_map: Mapping[str, Any]) -> HParams:
        """`override_from_dict` as it was called before."""
        return self.override_from_dict(values_map)

    def set_model_structure(self, model_structure: Any) -> None:
        """Keep anything beside the values."""
        self._model_structure = model_structure

    def get_model_structure(self) -> Any:
        """What was kept."""
        return self._model_structure

    def to_json(self, indent: Any = None, separators: Any = None, sort_keys: bool = False) -> str:
        """The values as a JSON object."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def values(self) -> dict[str, Any]:
        """{name: value}"""
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or `default` if there is none; ValueError for a default of another type than the value."""
        if key not in self._hparam_types:
            return default
        if default is not None:
            kind, is_list = self._hparam_types[key]
            try:
                if isinstance(default, list) != is_list:
                    raise ValueError("One is a list and the other not")
                for each in default if is_list else [default]:
                    _cast(key, kind, each)
            except ValueError as error:
                shown = f"list<{kind}>" if is_list else str(kind)
                raise ValueError(
                    f"Hparam '{key}' of type '{shown}' is incompatible with default={default}. {error}"
                ) from None
        return getattr(self, key)

    def to_proto(self, export_scope: str | None = None) -> NoReturn:
        """NotImplementedError."""
        raise NotImplementedError(
            "HParams.to_proto: the protocol buffer was part of tf.contrib. Write the values as JSON: to_json()."
        )

    def __contains__(self, key: str) -> bool:
        return key in self._hparam_types

    def __str__(self) -> str:
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({sorted(self.values().items())})"
