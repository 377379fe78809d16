"""`cStringIO` is `StringIO`."""

from .StringIO import StringIO

__all__ = ["StringIO"]
