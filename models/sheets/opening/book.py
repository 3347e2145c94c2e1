"""A file is opened: read by a child under limits, put together here."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from models.apart import Budget, Ended, Task, lines_from_child
from models.base import stored_day, stored_moment
from models.sheets.opening import limits
from models.sheets.opening.sentences import finding, question
from models.sheets.opening.zeros import with_proven_zeros
from models.sheets.shapes import Book, Cell, Finding, Grid, Level, Span

_FORM = "_form"
_READING = Task(
    module="models.sheets.opening.child.work",
    rooms=("models", "models.sheets", "models.sheets.opening"),
)
_log = logging.getLogger(__name__)


def open_book(content: bytes, name: str, *, answers: Mapping[str, str] = {}) -> Book:
    """All that is in a file that somebody sent, or the findings that refuse it.

    The kind is known by the content: .xlsx, .xls, .xlsb, .ods, .csv; `name` is for the sheet of a
    file that names none. `answers` are to the questions of an earlier opening. A child process
    reads, with limits of memory and time (`limits.py`): whatever the file does, this returns
    within 10 seconds. Cells stand in the order of their rows. Where a question on the letters of
    the file is open, the grids show the text as it is proposed; nothing may be stored from them.
    """
    if len(content) > limits.FILE_BYTES:
        return _refused("too_large", limit=limits.FILE_BYTES // 2**20)
    try:
        words = [json.dumps(dict(answers))]
        with closing(lines_from_child(_READING, content, words, budget=_budget())) as lines:
            return book_told(lines, name)
    except Ended as end:
        return _refused(end.key)


def _budget() -> Budget:
    return Budget(
        memory=limits.MEMORY_BYTES,
        seconds=limits.SECONDS,
        wait=limits.WAIT_SECONDS,
        answer=limits.ANSWER_BYTES,
    )


def book_told(lines: Iterable[bytes], name: str) -> Book:
    """The book that these lines of the child tell. Raises Ended where they are cut off."""
    building = _Building(name)
    try:
        building.take(lines)
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        _log.exception("a child told what it never tells")
        raise Ended("unreadable") from error
    return building.book()


def _refused(key: str, **values: Any) -> Book:
    return Book(findings=(finding(key, "", "", values),))


class _Building:
    """A book in the making, line by line of what the child says."""

    def __init__(self, name: str) -> None:
        self.name = PurePath(name).stem  # of a sheet without a name
        self.texts: list[str] = []
        self.styles: list[tuple[str, str]] = []
        self.grids: list[Grid] = []
        self.findings: list[Finding] = []
        self.form: dict[str, str] | None = None
        self.cells: dict[tuple[int, int], Cell] = {}
        self.widths: dict[int, int] = {}
        self.doubtful: set[tuple[int, int]] = set()  # a zero stands there that may be none
        self.head: tuple[str, bool, bool] = ("", False, False)
        self.alike: dict[tuple[int, int], Cell] = {}  # equal texts in equal dress are one cell
        self.is_done = False

    def take(self, lines: Iterable[bytes]) -> None:
        words: dict[str, Callable[..., None]] = {
            "text": self._text, "style": self._style, "sheet": self._sheet, "row": self._row,
            "end": self._end, "found": self._found, "refused": self._found, "asked": self._asked,
            "done": self._done,
        }  # fmt: skip
        for line in lines:
            word, *rest = json.loads(line)
            words[word](*rest)
        if not self.is_done:
            raise Ended("unreadable")

    def book(self) -> Book:
        findings = tuple(self.findings)
        if any(one.level is Level.ERROR for one in findings):
            return Book(findings=findings)
        return Book(grids=tuple(self.grids), findings=findings, form=self.form)

    # ------------------------------------------------------------------ the words of the child

    def _done(self) -> None:
        self.is_done = True

    def _text(self, text: str) -> None:
        self.texts.append(text)

    def _style(self, number_format: str, font: str) -> None:
        self.styles.append((number_format, font))

    def _sheet(self, name: str, is_hidden: bool, is_text: bool) -> None:
        self.head = (name or self.name, is_hidden, is_text)
        self.cells, self.doubtful, self.widths = {}, set(), {}

    def _row(self, number: int, cells: list[list[Any]], width: int) -> None:
        if width:
            self.widths[number] = width
        for column, kind, value, style, *formula in cells:
            self.cells[number, column] = self._cell(kind, value, style, *formula)
            if kind == "u" and value is not None:
                self.doubtful.add((number, column))

    def _end(self, spans: list[list[int]], rows: list[int], columns: list[int]) -> None:
        name, is_hidden, is_text = self.head
        if is_hidden and name == _FORM:
            self.form = self._marks()
            return
        with_proven_zeros(self.cells, self.doubtful)
        self.grids.append(
            Grid(
                name=name,
                cells=self.cells,
                spans=tuple(Span(*span) for span in spans),
                is_hidden=is_hidden,
                hidden_rows=frozenset(rows),
                hidden_columns=frozenset(columns),
                is_text=is_text,
                widths=self.widths,
            )
        )

    def _found(self, key: str, sheet: str, cell: str, values: dict[str, Any]) -> None:
        place = sheet or (self.name if cell else "")
        self.findings.append(finding(key, place, cell, values))

    def _asked(self, sheet: str, cell: str, options: list[list[str]]) -> None:
        place = sheet or self.name
        self.findings.append(question(place, cell, [(one, sample) for one, sample in options]))

    # ------------------------------------------------------------------ cells

    def _cell(self, kind: str, value: Any, style: int, formula: str | None = None) -> Cell:
        if kind == "s" and formula is None:
            cell = self.alike.get((value, style))
            if cell is None:
                cell = self.alike[value, style] = self._made("s", value, style, None)
            return cell
        return self._made(kind, value, style, formula)

    def _made(self, kind: str, value: Any, style: int, formula: str | None) -> Cell:
        number_format, font = self.styles[style]
        if kind in ("e", "u"):
            problem = value if kind == "e" else "uncalculated"
            return Cell(None, number_format, formula, problem, font)
        return Cell(self._value(kind, value), number_format, formula, None, font)

    def _value(self, kind: str, value: Any) -> str | Decimal | bool | date | datetime:
        if kind == "n":
            return Decimal(value)
        if kind == "s":
            return self.texts[int(value)]
        if kind == "d":
            return stored_day(value)
        if kind == "t":
            return stored_moment(value)
        return bool(value)

    def _marks(self) -> dict[str, str]:
        """Key in the first column, value in the second."""
        rows = sorted(row for row, column in self.cells if column == 1)
        return {
            _plain(self.cells[row, 1]): _plain(self.cells[row, 2]) if (row, 2) in self.cells else ""
            for row in rows
        }


def _plain(cell: Cell) -> str:
    return "" if cell.value is None else str(cell.value)
