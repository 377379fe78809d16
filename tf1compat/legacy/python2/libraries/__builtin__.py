"""`__builtin__`: Python 3's builtins, and the names they lost."""

from ..names import missing_names as _missing_names

globals().update({name: value for name, value in _missing_names().items() if not name.startswith("__")})
