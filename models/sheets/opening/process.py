"""The child that reads a file of a stranger: what it may use, and what becomes of it.

A fresh interpreter each time, never a fork: a web worker has threads, and the child shall own
nothing of its parent: no database, no secret, no open file. It starts in about 30 ms since it
loads nothing of the application (`_START` puts empty rooms in the place of ours).
"""

import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

from models.sheets.opening import limits

_HERE = Path(__file__).parent
_ROOT = _HERE.parent.parent.parent
_START = """
import resource, sys, types
root, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for what, soft, hard in (
    ("RLIMIT_AS", memory, memory), ("RLIMIT_CPU", seconds, seconds + 1), ("RLIMIT_CORE", 0, 0),
    ("RLIMIT_FSIZE", 65536, 65536),
):
    limit, top = getattr(resource, what), resource.getrlimit(getattr(resource, what))[1]
    fits = [(hard if top == resource.RLIM_INFINITY else min(hard, top))] * 2
    resource.setrlimit(limit, (min(soft, fits[1]), fits[1]))
for name in ("models", "models.sheets", "models.sheets.opening"):
    room = sys.modules[name] = types.ModuleType(name)
    room.__path__ = [root + "/" + name.replace(".", "/")]
from models.sheets.opening.child.work import main
main(sys.argv[4:])
"""
_log = logging.getLogger(__name__)


class Ended(Exception):
    """The child was ended or died before it was done; `key` names the sentence."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def lines_from_child(content: bytes, words: list[str]) -> Generator[bytes, None, None]:
    """What the child says about the content, line by line. Raises Ended.

    The content goes through a file without a name, so that neither side waits for the other.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(content)
        given.seek(0)
        command = [
            sys.executable, "-I", "-S", "-c", _START,
            str(_ROOT), str(limits.MEMORY_BYTES), str(limits.SECONDS), *words,
        ]  # fmt: skip
        kept = {
            name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ
        }
        child = subprocess.Popen(  # noqa: S603  our own program
            command, stdin=given, stdout=subprocess.PIPE, stderr=complaints, env=kept, cwd="/"
        )
        try:
            yield from _lines(child)
            code = child.wait(timeout=1)
        except subprocess.TimeoutExpired:
            raise Ended("too_long") from None
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()
        if code:
            complaints.seek(0)
            raise Ended(_why(code, complaints.read(20_000).decode("utf-8", "replace")))


def _lines(child: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    assert child.stdout is not None  # noqa: S101  asked for above
    end = time.monotonic() + limits.WAIT_SECONDS
    handed, rest = 0, b""
    with selectors.DefaultSelector() as waiting:
        waiting.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not waiting.select(max(0.0, end - time.monotonic())):
                raise Ended("too_long")
            chunk = os.read(child.stdout.fileno(), 2**18)
            if not chunk:
                break
            handed += len(chunk)
            if handed > limits.ANSWER_BYTES:
                raise Ended("too_much")
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
    if rest:
        yield rest


def _why(code: int, complaint: str) -> str:
    if "MemoryError" in complaint or "memory allocation" in complaint:
        return "too_much"
    if -code == signal.SIGXCPU:
        return "too_long"
    _log.warning("reading a file ended with %s: %s", code, complaint[-2_000:])
    return "unreadable"
