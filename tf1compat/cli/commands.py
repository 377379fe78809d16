"""Put `tf1compat run` into a command that runs this Python on the user's own code."""

from __future__ import annotations

import importlib.machinery
import os
import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from typing import Any

from .ownership import Owner, Ownership

__all__ = ["Rewriter"]

_MAIN = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "__main__.py")
_FLAGS = frozenset("bBdEiIOPqRsSuv")  # Python's options without an argument that leave a script a script
_WITH_ARGUMENT = ("-W", "-X", "--check-hash-based-pycs")

_QUOTED = r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\."

# A simple command within a shell's text: an optional wrapper, a Python, its arguments up to what ends it.
_COMMAND = re.compile(
    r"(?P<before>(?:^|[;&|(\n])\s*(?:(?:nohup|exec|time|command)\s+|[A-Za-z_]\w*=[^\s;&|()'\"]*\s+)*)"
    r"(?P<command>(?P<python>[\w./+-]*python[\w.]*|'[^']*python[\w.]*'|\"[^\"$`]*python[\w.]*\")"
    rf"(?:\s+(?:{_QUOTED}|[^\s;&|()<>'\"\\])+)*)"
)


class Rewriter:
    """Rewrites commands; whatever is not plainly a run of the user's code comes back as it was.

    `flags` are options that the command put in has beside `--also`.
    """

    def __init__(self, ownership: Ownership, flags: Sequence[str] = ()) -> None:
        self._ownership, self._flags = ownership, flags

    def popen(self, args: Any, *rest: Any, **options: Any) -> Any:
        """The first argument of `subprocess.Popen`, given the others."""
        executable = options.get("executable", rest[1] if len(rest) > 1 else None)
        shell = options.get("shell", rest[7] if len(rest) > 7 else False)
        if not shell:
            return self.argv(args, executable, options.get("env"), options.get("cwd"))
        if isinstance(args, str):
            return self.shell(args)
        if isinstance(args, (list, tuple)) and args and isinstance(args[0], str):
            return [self.shell(args[0]), *args[1:]]
        return args

    def shell(self, text: Any) -> Any:
        """A shell's command line."""
        if not isinstance(text, str) or os.name != "posix":
            return text
        return _COMMAND.sub(self._shell_command, text)

    def _shell_command(self, match: re.Match[str]) -> str:
        if _is_quoted(match.string, match.start("command")):
            return match[0]
        try:
            words = shlex.split(match["command"])
        except ValueError:
            return match[0]
        options = self._insertion(words, os.getcwd())
        if options is None:
            return match[0]
        # Keep the text as it was written: put the addition behind the words it comes after.
        end = match.start("command") - match.start() + _end_of_word(match["command"], options)
        addition = " ".join(shlex.quote(word) for word in self._addition())
        return f"{match[0][:end]} {addition}{match[0][end:]}"

    def argv(self, args: Any, executable: Any = None, env: Any = None, cwd: Any = None) -> Any:
        """A list of arguments, the program first; `executable` is the file run where it differs."""
        if not isinstance(args, (list, tuple)):
            return args
        try:
            words = [os.fsdecode(word) for word in args]
            program = os.fsdecode(executable) if executable else None
            folder = os.path.abspath(os.fsdecode(cwd)) if cwd else os.getcwd()
        except TypeError:
            return args
        at = self._insertion(words, folder, program, env)
        if at is None:
            return args
        return [*words[:at], *self._addition(), *words[at:]]

    def _addition(self) -> list[str]:
        also = [part for name in sorted(self._ownership.also) for part in ("--also", name)]
        return [_MAIN, "run", *self._flags, *also]

    def _insertion(
        self, words: Sequence[str], folder: str, program: str | None = None, env: Any = None
    ) -> int | None:
        """Where in `words` the addition goes; None where they do not run this Python on the user's code."""
        if not words or not _is_this_python(program or words[0], env):
            return None
        at = 1
        while at < len(words) and words[at].startswith("-") and words[at] != "-":
            word = words[at]
            if word[:2] in ("-m", "-c"):
                if len(word) > 2:  # -mNAME is left alone: it would have to be taken apart
                    return None
                target = words[at + 1] if at + 1 < len(words) else ""
                return at if word == "-c" or self._is_users_module(target, folder) else None
            if word in _WITH_ARGUMENT:
                at += 2
            elif word[:2] in _WITH_ARGUMENT or not word.startswith("--") and set(word[1:]) <= _FLAGS:
                at += 1
            else:
                return None
        if at >= len(words):
            return None
        script = os.path.join(folder, words[at])
        if words[at] != "-" and self._ownership.of_file(script) is not Owner.USER:
            return None
        if os.path.dirname(os.path.abspath(script)) == os.path.dirname(os.path.abspath(sys.executable)):
            return None  # an installed tool: pip, tensorboard
        return at

    def _is_users_module(self, name: str, folder: str) -> bool:
        """Whether `python -m name` would run the user's code, told by its first package alone."""
        path = [folder, *sys.path[1:]]
        top = name.partition(".")[0]
        spec = importlib.machinery.PathFinder.find_spec(top, path) if top else None
        if spec is None:
            return False
        place = spec.origin or next(iter(spec.submodule_search_locations or ()), None)
        return place is not None and self._ownership.of_file(place) is Owner.USER


def _is_this_python(program: str, env: Any) -> bool:
    """Whether a program is the interpreter of this process, of this very environment: a virtual
    environment's python is a link to the one it was made from, which is another."""
    path = env.get("PATH") if isinstance(env, dict) else None
    found = shutil.which(program, path=path)
    if found is None or not sys.executable:
        return False
    found, this = os.path.abspath(found), os.path.abspath(sys.executable)
    together = os.path.dirname(found) == os.path.dirname(this)
    return together and os.path.realpath(found) == os.path.realpath(this)


def _is_quoted(text: str, at: int) -> bool:
    """Whether a place in a shell command lies within quotes."""
    return any(match.start() < at < match.end() for match in re.finditer(_QUOTED, text))


def _end_of_word(text: str, count: int) -> int:
    """Where the first `count` words of a shell command end in its text."""
    words = re.finditer(rf"(?:{_QUOTED}|[^\s'\"\\])+", text)
    end = 0
    for _ in range(count):
        end = next(words).end()
    return end
