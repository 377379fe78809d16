"""`urllib`: requests and the quoting of addresses."""

from urllib import error, parse, request  # noqa: F401
from urllib.parse import (  # noqa: F401
    quote,
    quote_plus,
    unquote,
    unquote_plus,
    urlencode,
)
from urllib.request import (  # noqa: F401
    getproxies,
    pathname2url,
    url2pathname,
    urlcleanup,
    urlopen,
    urlretrieve,
)
