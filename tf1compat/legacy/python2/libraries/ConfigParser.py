"""`ConfigParser`, with `SafeConfigParser` and `readfp`."""

from __future__ import annotations

import configparser as _configparser
from configparser import *  # noqa: F403
from typing import Any


class RawConfigParser(_configparser.RawConfigParser):
    def __init__(self, defaults: Any = None, dict_type: Any = dict, allow_no_value: bool = False) -> None:
        super().__init__(
            defaults, dict_type, allow_no_value, strict=False, delimiters=("=", ":"), comment_prefixes=("#", ";")
        )

    def readfp(self, fp: Any, filename: Any = None) -> None:
        self.read_file(fp, filename)


class ConfigParser(RawConfigParser):
    _DEFAULT_INTERPOLATION = _configparser.BasicInterpolation()


SafeConfigParser = ConfigParser
