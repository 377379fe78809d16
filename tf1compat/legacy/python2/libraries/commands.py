"""`commands`."""

from subprocess import getoutput, getstatusoutput

__all__ = ["getoutput", "getstatusoutput"]
