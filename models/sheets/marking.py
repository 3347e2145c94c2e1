"""The file once more, with the cells of what was found marked and commented.

The workbook is written anew from what was read, so that nothing which could run, load or link
survives from the original: values, formulas that only reckon within the book, merged cells, and
what is hidden. Text stays text whatever it begins with.
"""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from models.sheets.a1 import place_of
from models.sheets.marks import WORST, Look, Mark
from models.sheets.shapes import Book, Cell, Grid, Level

AUTHOR = "Kiểm tra khi nhập"
FILLS = {
    Level.ERROR: "#F8C9C4",
    Level.QUESTION: "#FFE08A",
    Level.WARNING: "#FDEBC8",
    Level.HINT: "#DCEEF2",
}
MOST_TEXT = 32_767
NARROWEST, WIDEST = 6, 60
NAME_LONGEST = 31
ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!")
FIRST_YEAR = 1901  # before it the calendars of spreadsheets differ
MOST_MERGED = 20_000  # cells of one merged block, and blocks of a sheet
MOST_COMMENTS = 5_000
# functions that reckon with what is in the book and do nothing else
RECKONING = frozenset(
    {"SUM", "SUBTOTAL", "SUMIF", "SUMIFS", "SUMPRODUCT", "PRODUCT", "AVERAGE", "MIN", "MAX"}
    | {"COUNT", "COUNTA", "COUNTIF", "ROUND", "ROUNDUP", "ROUNDDOWN", "INT", "ABS", "MOD"}
    | {"IF", "IFERROR", "AND", "OR", "NOT"}
)
_SHEET = r"(?:'(?:[^'\[\]|]|'')+'|[^\W\d][\w.]*)!"
_REACH = r"\$?[A-Z]{1,3}\$?\d{1,7}"
_TOKEN = re.compile(
    rf"(?P<call>[A-Z][A-Z0-9.]*)\(|(?:{_SHEET})?{_REACH}(?::{_REACH})?"
    r"|\d+(?:\.\d+)?(?:E[+-]?\d+)?|[-+*/^%(),;<>=&\s]|TRUE|FALSE"
)


def is_harmless(formula: str) -> bool:
    """Whether a formula only reckons with cells of its own book."""
    text = formula.removeprefix("=")
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or (token["call"] and token["call"] not in RECKONING):
            return False
        at = token.end()
    return bool(text)


def marked_book(
    book: Book, marks: Sequence[Mark], looks: Mapping[str, Look] | None = None
) -> bytes:
    """`book` as XLSX with `marks` as colours and comments, in its looks where these are known; a
    mark without a sheet goes to the first one that is shown.
    """
    out = io.BytesIO()
    writer = _Writer(xlsxwriter.Workbook(out, {"in_memory": True}), looks or {})
    first = next((grid for grid in book.grids if not grid.is_hidden), None)
    by_sheet: dict[str, list[Mark]] = {}
    for mark in marks:
        by_sheet.setdefault(mark.sheet or (first.name if first else ""), []).append(mark)
    for grid in book.grids:
        writer.sheet(grid, by_sheet.get(grid.name, []))
    writer.close()
    return out.getvalue()


class _Writer:
    """One workbook being written; formats are made once each."""

    def __init__(self, book: Any, looks: Mapping[str, Look]) -> None:
        self.book = book
        self.looks = looks
        self.look = Look()
        self.names: set[str] = set()
        self.formats: dict[tuple[Any, ...], Any] = {}
        self.is_active = False

    def close(self) -> None:
        if not self.names:
            self.book.add_worksheet()
        self.book.close()

    def sheet(self, grid: Grid, marks: Sequence[Mark]) -> None:
        out = self.book.add_worksheet(self._name(grid.name))
        if grid.is_hidden:
            out.hide()
        elif not self.is_active:
            out.activate()
            out.set_first_sheet()
            self.is_active = True
        said = _said(marks)
        self.look = self.looks.get(grid.name, Look())
        self._merge(out, grid, said)
        for row, column in self.look.styles:
            if (row, column) not in grid.cells and (row, column) not in said:
                out.write_blank(row - 1, column - 1, None, self._format((row, column)))
        for (row, column), cell in grid.cells.items():
            self._cell(out, row, column, cell, said.get((row, column)))
        for number, ((row, column), mark) in enumerate(said.items()):
            if (row, column) not in grid.cells:
                shape = self._format((row, column), level=mark.level)
                out.write_blank(row - 1, column - 1, None, shape)
            if number < MOST_COMMENTS:
                height = 1 + len(mark.text) / 150
                about = {"author": AUTHOR, "x_scale": 2, "y_scale": height}
                out.write_comment(row - 1, column - 1, mark.text[:MOST_TEXT], about)
        self._sizes(out, grid)

    def _merge(self, out: Any, grid: Grid, said: Mapping[tuple[int, int], "Mark"]) -> None:
        taken: set[tuple[int, int]] = set()
        for span in grid.spans[:MOST_MERGED]:
            size = (span.bottom - span.top + 1) * (span.right - span.left + 1)
            if not 1 < size <= MOST_MERGED:
                continue
            area = {
                (row, column)
                for row in range(span.top, span.bottom + 1)
                for column in range(span.left, span.right + 1)
            }
            if not taken.isdisjoint(area):
                continue
            taken.update(area)
            mark = said.get((span.top, span.left))
            out.merge_range(
                span.top - 1,
                span.left - 1,
                span.bottom - 1,
                span.right - 1,
                None,
                self._format((span.top, span.left), level=mark.level if mark else None),
            )

    def _cell(self, out: Any, row: int, column: int, cell: Cell, mark: Mark | None) -> None:
        place, level = (row, column), mark.level if mark else None
        at = (row - 1, column - 1)
        shape = self._format(place, cell.format, level)
        if cell.formula is not None and is_harmless(cell.formula):
            out.write_formula(*at, f"={cell.formula.removeprefix('=')}", shape, _result(cell))
            return
        if cell.problem in ERRORS:
            out.write_formula(*at, f"={cell.problem}", shape, cell.problem)
            return
        if cell.problem is not None:  # what has no value never becomes an empty cell
            text = f"={cell.formula or ''}"
            out.write_string(*at, text[:MOST_TEXT], self._format(place, "", level, True))
            return
        match cell.value:
            case bool():
                out.write_boolean(*at, cell.value, shape)
            case Decimal():
                out.write_number(*at, float(cell.value), shape)
            case date():
                shape = self._format(place, cell.format or "dd/mm/yyyy", level)
                _write_day(out, at, cell.value, shape)
            case str():
                is_quoted = cell.value.lstrip()[:1] in tuple("=+-@")
                shape = self._format(place, cell.format, level, is_quoted)
                out.write_string(*at, cell.value[:MOST_TEXT], shape)
            case None:
                out.write_blank(*at, None, shape)

    def _format(
        self,
        place: tuple[int, int],
        number: str = "",
        level: Level | None = None,
        is_quoted: bool = False,
    ) -> Any:
        """The look of a cell, in the colour of what was found in it."""
        style = self.look.styles.get(place, ())
        key = (style, number, level or "", is_quoted)
        if key not in self.formats:
            facts: dict[str, Any] = {"valign": "top"} | dict(style)
            if number and number.lower() != "general":
                facts["num_format"] = number
            if level is not None:
                facts |= {"bg_color": FILLS[level], "border": 1, "border_color": "#A11F1A"}
            if is_quoted:
                facts["quote_prefix"] = True
            self.formats[key] = self.book.add_format(facts)
        return self.formats[key]

    def _sizes(self, out: Any, grid: Grid) -> None:
        """Columns wide enough for what stands in them alone; what was hidden stays hidden."""
        under = {
            (span.top, span.left) for span in grid.spans if span.right > span.left
        }  # what is merged over several columns makes none of them wide
        widths: dict[int, float] = {}
        for (row, column), cell in grid.cells.items():
            if (row, column) in under:
                continue
            length = max((len(line) for line in str(cell.value or "").split("\n")), default=0)
            widths[column] = max(widths.get(column, NARROWEST), min(length + 2, WIDEST))
        widths |= self.look.widths
        for column in set(widths) | grid.hidden_columns:
            hidden = {"hidden": True} if column in grid.hidden_columns else {}
            out.set_column(column - 1, column - 1, widths.get(column, NARROWEST), None, hidden)
        last = max((row for row, _column in grid.cells), default=0)
        for row in {*self.look.heights, *grid.hidden_rows}:
            if row <= last:
                hidden = {"hidden": True} if row in grid.hidden_rows else {}
                out.set_row(row - 1, self.look.heights.get(row), None, hidden)

    def _name(self, wanted: str) -> str:
        """A name that a workbook may have, no two the same."""
        bare = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip("' ")[:NAME_LONGEST] or "Sheet"
        name, number = bare, 1
        while name.lower() in self.names | {"history"}:
            number += 1
            name = f"{bare[: NAME_LONGEST - 4]} {number}"
        self.names.add(name.lower())
        return name


def _write_day(out: Any, at: tuple[int, int], day: date, shape: Any) -> None:
    if day.year < FIRST_YEAR:
        out.write_string(*at, day.isoformat(), shape)
        return
    moment = day if isinstance(day, datetime) else datetime.combine(day, time())
    out.write_datetime(*at, moment.replace(tzinfo=None), shape)


def _said(marks: Sequence[Mark]) -> dict[tuple[int, int], Mark]:
    """One mark a cell: all sentences, the worst first."""
    found: dict[tuple[int, int], list[Mark]] = {}
    for mark in marks:
        found.setdefault(place_of(mark.cell) or (1, 1), []).append(mark)
    told = {}
    for place, several in found.items():
        several.sort(key=lambda mark: WORST.index(mark.level))
        first = several[0]
        text = "\n".join(dict.fromkeys(mark.text for mark in several))
        told[place] = Mark(first.sheet, first.cell, first.level, text)
    return told


def _result(cell: Cell) -> Any:
    """What stands beside a formula as its result: nothing for one that has none, never zero."""
    match cell.value:
        case Decimal():
            return float(cell.value)
        case bool() | str():
            return cell.value
        case _:
            return cell.problem if cell.problem and cell.problem.startswith("#") else ""
