"""`urllib2`."""

from urllib.error import HTTPError, URLError  # noqa: F401
from urllib.parse import quote, unquote, urlparse  # noqa: F401
from urllib.request import *  # noqa: F403
from urllib.request import (  # noqa: F401
    HTTPCookieProcessor,
    HTTPHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
    install_opener,
    urlopen,
)
