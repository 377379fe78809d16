"""`sha`."""

from hashlib import sha1

new = sha = sha1
