"""`itertools`, with the lazy forms of map, filter and zip."""

from itertools import *  # noqa: F403
from itertools import filterfalse, zip_longest

imap, ifilter, izip = map, filter, zip
ifilterfalse, izip_longest = filterfalse, zip_longest
