"""`scipy.misc`'s image functions as SciPy 1.1, the last to have them, had them, on Pillow.

Their habits show in a script's results: what is not uint8 is stretched until its smallest value is 0 and
its largest 255, the size given to `imresize` is (rows, columns), and palettes become colours.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

__all__ = ["bytescale", "fromimage", "imfilter", "imread", "imresize", "imrotate", "imsave", "toimage"]

_INTERPOLATION = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "cubic": 3}
_FILTERS = (
    "blur contour detail edge_enhance edge_enhance_more emboss find_edges smooth smooth_more sharpen"
).split()
_COLOUR_MODES = {"RGB": 3, "YCbCr": 3, "RGBA": 4, "CMYK": 4}
_BAD_MODE = "Mode is unknown or incompatible with input array shape."


def _pillow() -> ModuleType:
    try:
        from PIL import Image
    except ImportError:
        raise ImportError("scipy.misc's image functions need Pillow: pip install pillow") from None
    return Image


def bytescale(data: Any, cmin: Any = None, cmax: Any = None, high: int = 255, low: int = 0) -> Any:
    """An array as uint8, with `cmin` (default: the smallest value) at `low` and `cmax` at `high`."""
    if data.dtype == np.uint8:
        return data
    if high > 255:
        raise ValueError("`high` should be less than or equal to 255.")
    if low < 0:
        raise ValueError("`low` should be greater than or equal to 0.")
    if high < low:
        raise ValueError("`high` should be greater than or equal to `low`.")
    # Plain numbers: they widen no array under NumPy 2, as scalars did not under NumPy 1.
    least = data.min() if cmin is None else np.asarray(cmin).item()
    most = data.max() if cmax is None else np.asarray(cmax).item()
    span = most - least
    if span < 0:
        raise ValueError("`cmax` should be larger than `cmin`.")
    scaled = (data - least) * ((high - low) / float(span or 1)) + low
    return (scaled.clip(low, high) + 0.5).astype(np.uint8)


def fromimage(im: Any, flatten: bool = False, mode: str | None = None) -> Any:
    """A Pillow image as an array; `flatten` makes it one channel of float32."""
    if not isinstance(im, _pillow().Image):
        raise TypeError("Input is not a PIL image.")
    if mode is None and im.mode == "P":
        mode = "RGBA" if "transparency" in im.info else "RGB"
    if mode is not None and mode != im.mode:
        im = im.convert(mode)
    if flatten:
        im = im.convert("F")
    elif im.mode == "1":
        im = im.convert("L")
    return np.array(im)


def toimage(
    arr: Any,
    high: int = 255,
    low: int = 0,
    cmin: Any = None,
    cmax: Any = None,
    pal: Any = None,
    mode: str | None = None,
    channel_axis: int | None = None,
) -> Any:
    """An array as a Pillow image: (rows, columns), or three axes of which one, the first of length 3
    (else 4) unless `channel_axis` says which, holds the colours."""
    data = np.asarray(arr)
    if np.iscomplexobj(data):
        raise ValueError("Cannot convert a complex-valued array.")
    if data.ndim == 2:
        return _grey(data, high, low, cmin, cmax, pal, mode)
    if data.ndim != 3 or not {3, 4}.intersection(data.shape):
        raise ValueError("'arr' does not have a suitable array shape for any mode.")
    if channel_axis is None:
        channel_axis = data.shape.index(3 if 3 in data.shape else 4)
    channels = data.shape[channel_axis]
    if channels not in (3, 4):
        raise ValueError("Channel axis dimension is not valid.")
    mode = mode or ("RGB" if channels == 3 else "RGBA")
    if mode not in _COLOUR_MODES:
        raise ValueError(_BAD_MODE)
    if _COLOUR_MODES[mode] != channels:
        raise ValueError("Invalid array shape for mode.")
    pixels = np.moveaxis(bytescale(data, high=high, low=low, cmin=cmin, cmax=cmax), channel_axis, 2)
    return _image(mode, pixels)


def _grey(data: Any, high: int, low: int, cmin: Any, cmax: Any, pal: Any, mode: str | None) -> Any:
    if mode == "F":
        return _image(mode, data.astype(np.float32))
    if mode in (None, "L", "P"):
        image = _image("L", bytescale(data, high=high, low=low, cmin=cmin, cmax=cmax))
        if pal is None and mode == "P":
            pal = np.repeat(np.arange(256, dtype=np.uint8), 3)
        if pal is not None:
            image.putpalette(np.asarray(pal, dtype=np.uint8).tobytes())
        return image
    if mode == "1":
        return _image(mode, data > high)
    if mode != "I":
        raise ValueError(_BAD_MODE)
    least = np.min(data) if cmin is None else cmin
    most = np.max(data) if cmax is None else cmax
    return _image(mode, ((data * 1.0 - least) * (high - low) / (most - least) + low).astype(np.uint32))


def _image(mode: str, pixels: Any) -> Any:
    rows, columns = pixels.shape[:2]
    return _pillow().frombytes(mode, (columns, rows), pixels.tobytes())


def imread(name: Any, flatten: bool = False, mode: str | None = None) -> Any:
    """An image file as an array."""
    return fromimage(_pillow().open(name), flatten=flatten, mode=mode)


def imsave(name: Any, arr: Any, format: str | None = None) -> None:
    """Write an array as an image file; of three axes, the last holds the colours."""
    toimage(arr, channel_axis=2).save(name, format)


def imresize(arr: Any, size: Any, interp: str = "bilinear", mode: str | None = None) -> Any:
    """An array resized: an int is percent, a float a factor, a tuple (rows, columns)."""
    image = toimage(arr, mode=mode)
    if isinstance(size, (int, np.signedinteger)):
        shape = tuple((np.array(image.size) * (size / 100.0)).astype(int))
    elif isinstance(size, (float, np.floating)):
        shape = tuple((np.array(image.size) * size).astype(int))
    else:
        shape = (size[1], size[0])
    return fromimage(image.resize(shape, resample=_INTERPOLATION[interp]))


def imrotate(arr: Any, angle: float, interp: str = "bilinear") -> Any:
    """An array rotated counter-clockwise about its centre by degrees; its shape stays."""
    return fromimage(toimage(arr).rotate(angle, resample=_INTERPOLATION[interp]))


def imfilter(arr: Any, ftype: str) -> Any:
    """An array through one of Pillow's filters, by its name in small letters."""
    from PIL import ImageFilter

    image = toimage(arr)
    if ftype not in _FILTERS:
        raise ValueError("Unknown filter type.")
    return fromimage(image.filter(getattr(ImageFilter, ftype.upper())))
