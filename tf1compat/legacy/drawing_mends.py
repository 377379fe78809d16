"""What matplotlib and Pillow dropped since 2018, and what it was: a table for `mends`; and no window where there is
no display."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from .mend import Mend

__all__ = ["TABLES", "WINDOWS", "without_display"]

WINDOWS = frozenset("gtk3agg gtk3cairo gtk4agg gtk4cairo gtkagg macosx qt4agg qt5agg qtagg tkagg wxagg".split())


def _hold(pyplot: Any) -> Any:
    def hold(*args: Any) -> None:
        """Drawing always adds to what is there."""
        if args and not args[0]:
            raise NotImplementedError("matplotlib no longer has hold(False); clear the axes with cla() instead")

    return hold


def _get_cmap(module: Any) -> Any:
    def get_cmap(name: Any = None, lut: int | None = None) -> Any:
        import matplotlib

        if not isinstance(name, (str, type(None))):
            return name
        colours = matplotlib.colormaps[name or matplotlib.rcParams["image.cmap"]]
        return colours if lut is None else colours.resampled(lut)

    return get_cmap


def _tostring_rgb(module: Any) -> Any:
    def tostring_rgb(self: Any) -> bytes:
        import numpy as np

        return np.asarray(self.buffer_rgba())[..., :3].tobytes()

    return tostring_rgb


def _set_window_title(module: Any) -> Any:
    def set_window_title(self: Any, title: str) -> None:
        if self.manager is not None:
            self.manager.set_window_title(title)

    return set_window_title


def _textsize(module: Any) -> Any:
    def textsize(self: Any, text: str, font: Any = None, **options: Any) -> tuple[int, int]:
        _, _, right, bottom = self.textbbox((0, 0), text, font=font, **options)
        return int(right), int(bottom)

    return textsize


def _getsize(module: Any) -> Any:
    def getsize(self: Any, text: str, *args: Any, **options: Any) -> tuple[int, int]:
        _, _, right, bottom = self.getbbox(text, *args, **options)
        return int(right), int(bottom)

    return getsize


TABLES: dict[str, tuple[Mend, ...]] = {
    "matplotlib.pyplot": (Mend("hold", "what matplotlib does always: it adds to the drawing", _hold),),
    "matplotlib.cm": (
        Mend("get_cmap", "matplotlib.colormaps[name]", _get_cmap),
        Mend("spectral", "nipy_spectral", lambda cm: cm.nipy_spectral),
    ),
    "matplotlib.backend_bases": (
        Mend("FigureCanvasBase.set_window_title", "the manager's set_window_title", _set_window_title),
    ),
    "matplotlib.backends.backend_agg": (
        Mend("FigureCanvasAgg.tostring_rgb", "the colours of buffer_rgba()", _tostring_rgb),
    ),
    "PIL.ImageDraw": (Mend("ImageDraw.textsize", "the right and bottom of textbbox", _textsize),),
    "PIL.ImageFont": (Mend("FreeTypeFont.getsize", "the right and bottom of getbbox", _getsize),),
}


def without_display(say: Callable[[str, str], None]) -> Callable[[ModuleType], Any]:
    """Around matplotlib's import: `use("TkAgg")` and its kin give Agg where no window can open; the argument `warn` of
    old is taken. `say(name, line)` says a line on stderr."""

    @contextlib.contextmanager
    def around(matplotlib: ModuleType) -> Iterator[None]:
        yield
        plain = matplotlib.use

        @functools.wraps(plain)
        def use(backend: str, warn: bool | None = None, *, force: bool = True) -> None:
            if str(backend).lower() in WINDOWS and not _has_display():
                say("matplotlib display", f"there is no display: matplotlib draws with Agg, not with {backend}")
                backend = "Agg"
            plain(backend, force=force)

        matplotlib.use = use  # type: ignore[attr-defined]

    return around


def _has_display() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
