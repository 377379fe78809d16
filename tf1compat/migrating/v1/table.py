"""What other libraries dropped since 2018, and what one writes now. What has no plain word for it is asked of
`tf1compat.legacy`, whose tables are the whole list."""

from __future__ import annotations

from ...legacy.dropped import MODULES, TABLES
from ...legacy.numpy_mends import PYTHON_TYPES, RENAMED

__all__ = ["BUILTINS", "CALLED_WITH_OWNER", "LEGACY", "RENAMES"]

#: Dotted name: the builtin that it was.
BUILTINS = {f"numpy.{name}": python for name, python in PYTHON_TYPES.items()}

#: Dotted name: what takes the place of its last part.
RENAMES: dict[str, str] = {
    # Those that only NumPy 2 has by the new name are left to tf1compat.legacy.
    **{f"numpy.{old}": new for old, new in RENAMED.items() if old not in ("byte_bounds", "trapz")},
    "numpy.rank": "ndim",
    **{f"collections.{mend.name}": f"abc.{mend.name}" for mend in TABLES["collections"]},
    "base64.decodestring": "decodebytes",
    "base64.encodestring": "encodebytes",
    "matplotlib.cm.spectral": "nipy_spectral",
    "matplotlib.pyplot.cm.spectral": "nipy_spectral",
    "PIL.Image.ANTIALIAS": "LANCZOS",
    "PIL.Image.CUBIC": "BICUBIC",
    "PIL.Image.LINEAR": "BILINEAR",
    "time.clock": "process_time",
}

#: Dotted name: where it is below tf1compat.legacy.
LEGACY: dict[str, str] = {
    f"{module}.{mend.name}": f"{name}.{mend.name}"
    for name, module in MODULES.items()
    for mend in TABLES[module]
    if "." not in mend.name and f"{module}.{mend.name}" not in {*BUILTINS, *RENAMES}
}
LEGACY["matplotlib.pyplot.cm.get_cmap"] = "matplotlib_cm.get_cmap"

#: Method: the libraries whose import somewhere in the program makes it theirs; `legacy.<method>(owner, …)`.
CALLED_WITH_OWNER: dict[str, frozenset[str]] = {
    "append": frozenset({"pandas"}),
    "as_matrix": frozenset({"pandas"}),
    "getsize": frozenset({"PIL"}),
    "itemset": frozenset({"numpy"}),
    "newbyteorder": frozenset({"numpy"}),
    "ptp": frozenset({"numpy"}),
    "set_window_title": frozenset({"matplotlib", "pylab"}),
    "textsize": frozenset({"PIL"}),
    "tostring_rgb": frozenset({"matplotlib", "pylab"}),
}
