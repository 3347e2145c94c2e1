"""The task of the process that writes a marked workbook: standard input in, the workbook out."""

import json
import signal
import sys
from types import FrameType

from models.sheets.looks import looks_of
from models.sheets.marking import marked_book
from models.sheets.marks import Look, Mark
from models.sheets.opening import open_book
from models.sheets.shapes import Level

FOR_LOOKS = 6  # seconds


class _TooLong(Exception):
    pass


def main(_words: list[str]) -> None:
    """Read what `marked_file` has written, write the workbook."""
    given = sys.stdin.buffer
    told = json.loads(given.read(int.from_bytes(given.read(8), "big")))
    content = given.read()
    book = open_book(content, told["name"], answers=told["answers"])
    marks = [Mark(sheet, cell, Level(level), text) for sheet, cell, level, text in told["marks"]]
    sys.stdout.buffer.write(marked_book(book, marks, _looks(content)))
    sys.stdout.buffer.flush()


def _looks(content: bytes) -> dict[str, Look]:
    """The looks of an .xlsx; none where they cannot be read, or not in time."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooLong

    if not content.startswith(b"PK"):
        return {}
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(FOR_LOOKS)
    try:
        return looks_of(content)
    except Exception:
        return {}  # without them the workbook is plain, and right all the same
    finally:
        signal.alarm(0)
