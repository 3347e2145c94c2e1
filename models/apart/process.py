"""The child that works on a file of a stranger: what it may use, and what becomes of it.

A fresh interpreter each time, never a fork: a web worker has threads, and the child shall own
nothing of its parent: no database, no secret, no open file. It loads nothing of the application
but its task (`_START` puts empty rooms in the place of ours), so that it starts in 30 ms, and
in 140 ms where the task needs the installed libraries.
"""

import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
_START = """
import importlib, resource, sys, types
root, task, rooms, memory, seconds, file = sys.argv[1:7]
memory, seconds, file = int(memory), int(seconds), int(file)
for what, soft, hard in (
    ("RLIMIT_AS", memory, memory), ("RLIMIT_CPU", seconds, seconds + 1), ("RLIMIT_CORE", 0, 0),
    ("RLIMIT_FSIZE", file, file),
):
    limit, top = getattr(resource, what), resource.getrlimit(getattr(resource, what))[1]
    fits = [(hard if top == resource.RLIM_INFINITY else min(hard, top))] * 2
    resource.setrlimit(limit, (min(soft, fits[1]), fits[1]))
if not rooms:
    sys.path.insert(0, root)
for name in rooms.split():
    room = sys.modules[name] = types.ModuleType(name)
    room.__path__ = [root + "/" + name.replace(".", "/")]
importlib.import_module(task).main(sys.argv[7:])
"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """What a child may use: bytes of memory, seconds of the processor and of the clock, bytes
    that it hands back, bytes of a file that it writes."""

    memory: int
    seconds: int
    wait: float
    answer: int
    file: int = 65_536


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A module whose `main(words)` reads standard input and writes standard output.

    `rooms` stay empty in the child: packages of ours whose faces it does not load; none means the
    whole application. `libraries`: whether it needs what is installed.
    """

    module: str
    rooms: tuple[str, ...] = ()
    libraries: bool = False


class Ended(Exception):
    """The child was ended or died before it was done; `key` names the sentence: `too_long`,
    `too_much` (memory, or an answer beyond all bounds), `unreadable` (anything else)."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def lines_from_child(
    task: Task, content: bytes, words: Iterable[str] = (), *, budget: Budget
) -> Generator[bytes, None, None]:
    """What the child says about the content, line by line. Raises Ended."""
    rest = b""
    with closing(chunks_from_child(task, content, words, budget=budget)) as chunks:
        for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
    if rest:
        yield rest


def chunks_from_child(
    task: Task, content: bytes, words: Iterable[str] = (), *, budget: Budget
) -> Generator[bytes, None, None]:
    """What the child writes, as it comes. Raises Ended.

    The content goes through a file without a name, so that neither side waits for the other.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(content)
        given.seek(0)
        command = [
            sys.executable, "-I", *([] if task.libraries else ["-S"]), "-c", _START,
            str(_ROOT), task.module, " ".join(task.rooms),
            str(budget.memory), str(budget.seconds), str(budget.file), *words,
        ]  # fmt: skip
        kept = {
            name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ
        }
        child = subprocess.Popen(  # noqa: S603  # nosec B603 # our own program
            command, stdin=given, stdout=subprocess.PIPE, stderr=complaints, env=kept, cwd="/"
        )
        try:
            yield from _chunks(child, budget)
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


def _chunks(child: "subprocess.Popen[bytes]", budget: Budget) -> Iterator[bytes]:
    assert child.stdout is not None  # noqa: S101  # nosec B101 # asked for above
    end, handed = time.monotonic() + budget.wait, 0
    with selectors.DefaultSelector() as waiting:
        waiting.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not waiting.select(max(0.0, end - time.monotonic())):
                raise Ended("too_long")
            chunk = os.read(child.stdout.fileno(), 2**18)
            if not chunk:
                break
            handed += len(chunk)
            if handed > budget.answer:
                raise Ended("too_much")
            yield chunk


def _why(code: int, complaint: str) -> str:
    if "MemoryError" in complaint or "memory allocation" in complaint:
        return "too_much"
    if -code in (signal.SIGXCPU, signal.SIGKILL):
        return "too_long"
    _log.warning("work apart ended with %s: %s", code, complaint[-2_000:])
    return "unreadable"
