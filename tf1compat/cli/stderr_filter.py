"""A filter between TensorFlow's C++ and the screen: `python stderr_filter.py LEVEL < pipe`.

Drops log records below severity LEVEL (1 warnings and up, 2 errors and up, 3 fatal), and the errors
that every machine without a GPU shows at start-up. Everything else passes as it comes.

Run by file name in a bare interpreter, so it imports nothing of this package.
"""

import os
import re
import signal
import sys

__all__ = ["END", "chatters"]

END = b"\n\x00tf1compat: end of the filtered part\x00\n"

# "2024-01-31 12:00:00.123456: I tensorflow/file.cc:12] text", "I0000 00:00:12.34  7 file.cc:12] text"
_RECORD = re.compile(
    rb"(?:\d{4}-\d\d-\d\d [\d:.]+: )?(?P<letter>[IWEF])(?:\d{4} [\d:.]+\s+\d+)? [\w./-]+\.\w+:\d+\] "
)
_SEVERITY = {b"I": 0, b"W": 1, b"E": 2, b"F": 3}
_KNOWN = re.compile(
    rb"WARNING: All log messages before absl::InitializeLog"
    rb"|.*\] failed call to cuInit: "
    rb"|.*\] Unable to register cu\w+ factory: "
    rb"|To enable the following instructions: "
)


def chatters(line: bytes, level: int) -> bool:
    """Whether a line is to be dropped."""
    record = _RECORD.match(line)
    if record and _SEVERITY[record["letter"]] < level:
        return True
    return _KNOWN.match(line) is not None


def _main(level: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the script; this ends when its input does
    rest = b""
    while True:
        more = os.read(0, 65536)
        rest += more
        done = not more or END in rest
        if END in rest:
            rest = rest[: rest.index(END)]
        lines = rest.splitlines(keepends=True)
        # Wait for the end of a line that may yet turn out to be a log record; pass a prompt at once.
        rest = lines.pop() if not done and lines and _unfinished(lines[-1]) else b""
        kept = b"".join(line for line in lines if not chatters(line, level))
        while kept:
            kept = kept[os.write(1, kept) :]
        if done:
            return


def _unfinished(line: bytes) -> bool:
    return not line.endswith(b"\n")


if __name__ == "__main__":
    _main(int(sys.argv[1]) if sys.argv[1].isdigit() else 2)
