"""`md5`."""

from hashlib import md5 as _md5

new = md5 = _md5
