"""Python 2's modules that were renamed (`RENAMED`), and those whose contents changed, one module each (`OURS`)."""

from __future__ import annotations

__all__ = ["HOME", "OURS", "RENAMED"]

#: Where those of `OURS` are.
HOME = __name__ + "."

OURS = frozenset(
    "ConfigParser StringIO __builtin__ cPickle cStringIO commands csv itertools md5 operator pickle random sets sha "
    "string types urllib urllib2".split()
)

RENAMED = {
    "BaseHTTPServer": "http.server",
    "Cookie": "http.cookies",
    "HTMLParser": "html.parser",
    "Queue": "queue",
    "SimpleHTTPServer": "http.server",
    "SocketServer": "socketserver",
    "Tkinter": "tkinter",
    "UserDict": "collections",
    "anydbm": "dbm",
    "cookielib": "http.cookiejar",
    "copy_reg": "copyreg",
    "dummy_thread": "_thread",
    "exceptions": "builtins",
    "httplib": "http.client",
    "thread": "_thread",
    "tkFileDialog": "tkinter.filedialog",
    "tkMessageBox": "tkinter.messagebox",
    "urlparse": "urllib.parse",
    "xmlrpclib": "xmlrpc.client",
}
