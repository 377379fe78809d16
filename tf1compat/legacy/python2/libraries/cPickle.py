"""`cPickle` is `pickle`."""

from .pickle import *  # noqa: F403
from .pickle import HIGHEST_PROTOCOL, Unpickler, dump, dumps, load, loads  # noqa: F401
