"""A virus scanner that looks at a file before anything of ours opens it: clamd over its socket.

The protocol is INSTREAM of clamd (clamd(8)): a command, pieces with their length before them, a
piece of no length, one line in answer. What is not clearly clean is not clean.
"""

import re
import socket
import time
from contextlib import closing
from urllib.parse import urlsplit

SECONDS = 20.0  # for the whole conversation
PIECE = 2**16
_LONGEST_ANSWER = 4_096
_FOUND = re.compile(r"stream: (.{1,200}) FOUND")


class Infected(Exception):
    """The scanner found something; `what` is its name."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NoAnswer(Exception):
    """The scanner is away, too slow, or says neither that a file is clean nor that it is not."""


def scan(address: str, content: bytes) -> None:
    """Have the clamd at `address` look: `unix:///run/clamav/clamd.ctl` or `tcp://host:3310`.

    Returns where it says that the content is clean; raises Infected or NoAnswer.
    """
    end = time.monotonic() + SECONDS
    try:
        with closing(_connected(address)) as line:
            _send(line, b"zINSTREAM\0", end)
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                _send(line, len(piece).to_bytes(4, "big") + piece, end)
            _send(line, bytes(4), end)
            answer = _answer(line, end)
    except (OSError, ValueError) as error:
        raise NoAnswer(str(error)) from error
    if found := _FOUND.fullmatch(answer):
        raise Infected(found[1])
    if answer != "stream: OK":
        raise NoAnswer(answer[:200])


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=SECONDS)


def _send(line: socket.socket, piece: bytes, end: float) -> None:
    line.settimeout(_left(end))
    line.sendall(piece)


def _answer(line: socket.socket, end: float) -> str:
    """The one line that ends with a zero, or with the conversation."""
    got = b""
    while b"\0" not in got and len(got) <= _LONGEST_ANSWER:
        line.settimeout(_left(end))
        piece = line.recv(1_024)
        if not piece:
            break
        got += piece
    return got.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left
