"""The rows of a table's body: what each one is, and the texts that say what it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from models.base import read_id
from models.sheets.cells import is_figure, is_silent
from models.sheets.layout.capital import NO_CAPITAL, Capital, of_cells, of_row_named, year_told
from models.sheets.layout.flattening import is_unit_line
from models.sheets.layout.places import Places, places_of
from models.sheets.layout.table import Table
from models.sheets.shapes import Cell
from models.sheets.words import (
    is_column_number,
    is_note,
    is_page_sum,
    is_signature,
    is_total,
    outline_depth,
)

Place = tuple[int, int]


class RowKind(Enum):
    """What a row of the body is."""

    SUBJECT = auto()  # of a project, or of a unit or component: figures of its own, or a section
    CAPITAL = auto()  # of some capital of what stands above
    TOTAL = auto()
    PAGE = auto()  # a sum carried from page to page
    WORDS = auto()  # text only, about nothing that is looked for


@dataclass(slots=True, eq=False)
class Row:
    """One row; the second half is told when names are resolved and rows are nested.

    `has_figures`: something stands in a column that is read or compared.
    """

    number: int
    kind: RowKind = RowKind.WORDS
    title: str = ""
    place: Place = (0, 0)
    unit: str = ""
    unit_place: Place = (0, 0)
    part: str = ""
    part_place: Place = (0, 0)
    code: str = ""
    code_place: Place = (0, 0)
    stands_for_name: str = ""  # "code", "unit" or "part": the column of a title that is no name
    depth: int | None = None
    has_figures: bool = False
    is_crossed: bool = False  # told by columns of units and components alone, without a name
    is_sum: bool | None = None  # of a crossed row: whether it stands above rows of its own
    is_below: bool = False  # after the signatures
    is_part: bool = False  # hung as a part by capital of the row above
    is_beneath: bool = False  # marked as a part of the row above: “-”, “trong đó”
    capital: Capital = NO_CAPITAL
    unclear_year: Place | None = None  # where a year of capital stands that nobody can read

    work_code: str | None = None
    unit_code: str | None = None
    component_code: str | None = None
    is_unknown: bool = False  # its name is none that is known
    above: "Row | None" = None
    children: "list[Row]" = field(default_factory=list)  # projects, units, components below it
    capitals: "list[Row]" = field(default_factory=list)  # its own parts by capital
    heading: "Row | None" = None  # the heading that is not known, above its component or unit

    @property
    def name(self) -> str:
        """The title where it is a name; empty where a code, a unit or a component stands for it."""
        return "" if self.stands_for_name else self.title

    @property
    def told_code(self) -> tuple[str, Place]:
        """The code of the project and its cell, also where it stands in place of a name."""
        if self.stands_for_name == "code":
            return self.title, self.place
        return self.code, self.code_place

    @property
    def is_of_capital(self) -> bool:
        """Whether a project's first row is of one capital itself, beside those below it."""
        return self.kind is RowKind.SUBJECT and self.capital.is_told

    @property
    def is_section(self) -> bool:
        """Whether its figures are a sum of rows below it."""
        return bool(self.children)


_MARK = re.compile(
    r"^\s*(?P<mark>\(?(?:[IVXivx]{1,5}|[A-ZĐ]|\d{1,3}(?:\.\d{1,3}){0,3}|[a-zđ])\s*[.):]|[-+*•–—]+)\s*(?=\S)"
)
_BENEATH = re.compile(r"^\s*(?:[-+*•–—]|trong đó|bao gồm|gồm)", re.IGNORECASE)


def rows_of(table: Table) -> list[Row]:
    """The rows of the body; those after the signatures are marked, until the head comes again."""
    layout = places_of(table)
    found: list[Row] = []
    is_over = False
    for number in table.rows:
        if number in table.pages:
            is_over = False
            continue
        if _is_row_of_numbers(table, number) or _is_unit_line(table, number):
            continue
        row = _row(table, number, layout)
        row.is_below = is_over = is_over or (not row.has_figures and _is_end(table, number, row))
        found.append(row)
    return found


def _is_row_of_numbers(table: Table, number: int) -> bool:
    """Whether column numbers come again, as on the next page."""
    is_marked = False
    for _, text in table.sheet.texts(number):
        if not is_column_number(text):
            return False
        is_marked = is_marked or text.startswith("(")
    return is_marked and len(table.sheet.rows[number]) > 2


def _is_unit_line(table: Table, number: int) -> bool:
    return all(is_unit_line(text) for _, text in table.sheet.texts(number))


def _is_end(table: Table, number: int, row: Row) -> bool:
    return any(is_signature(text) for _, text in table.sheet.texts(number)) and not row.code


def _row(table: Table, number: int, layout: Places) -> Row:
    sheet = table.sheet
    cells = sheet.rows[number]
    row = Row(
        number,
        has_figures=any(column in cells and _is_told(cells[column]) for column in layout.figures),
    )
    row.title, row.place = _title(table, number, layout)
    row.is_crossed = layout.is_crossed and not row.title
    if not _held(table, number, layout.name)[0]:
        row.stands_for_name = layout.subject_of(row.place[1])
    for name in ("unit", "part", "code"):
        column = getattr(layout, name)
        text, place = _held(table, number, column)
        if text and (row.is_crossed or place != row.place):
            setattr(row, name, text)
            setattr(row, f"{name}_place", place)
    _number(table, number, layout, row)
    (source, at), (nature, _), (vintage, place) = (
        _held(table, number, one) for one in (layout.source, layout.nature, layout.vintage)
    )
    row.capital = of_cells(source, nature, vintage)
    if year_told(source, vintage) is None:
        row.unclear_year = place if vintage else at
    row.kind = _kind(table, number, layout, row)
    return row


def _is_told(cell: Cell) -> bool:
    """Whether a cell among the figures says something; a signature over them is no figure."""
    if isinstance(cell.value, str) and is_signature(cell.value):
        return False
    return not is_silent(cell)


def _held(table: Table, number: int, column: int | None) -> tuple[str, Place]:
    """The text that a column shows in a row, of the block merged over it too, and its cell."""
    if column is None:
        return "", (0, 0)
    place = table.sheet.origin(number, column)
    if place[0] <= table.head.bottom:
        return "", (0, 0)
    return table.sheet.line(*place), place


def _title(table: Table, number: int, layout: Places) -> tuple[str, Place]:
    """What a row is called: in the column of names, else wherever a text stands before figures."""
    name, place = _held(table, number, layout.name)
    if name:
        return name, place
    for column, text in table.sheet.texts(number):
        if column >= layout.first_figure and column not in layout.labels:
            break
        if column in (layout.source, layout.nature, layout.vintage) or (
            layout.is_crossed and column in (layout.unit, layout.part)
        ):
            continue
        cell = table.sheet.rows[number][column]
        if column not in layout.labels and is_figure(cell):
            continue  # of a column whose head is not known
        is_number = column == layout.number and outline_depth(text) is not None
        if isinstance(cell.value, str) and not is_number:
            return text, (number, column)
    if layout.name is None and not layout.is_crossed:
        for other in (layout.unit, layout.part, layout.code):
            text, place = _held(table, number, other)
            if text:
                return text, place
    return "", (number, layout.name or layout.unit or 1)


def _number(table: Table, number: int, layout: Places, row: Row) -> None:
    """How deep the row stands, by its number or by the mark before its name."""
    text, _ = _held(table, number, layout.number)
    depth = outline_depth(text.replace(",", ".")) if text else None
    found = _MARK.match(row.title)
    if depth is None and found:
        depth = outline_depth(found["mark"])
    row.depth = depth
    row.is_beneath = bool(_BENEATH.match(row.title)) or text.strip() in ("-", "+", "*")


def _kind(table: Table, number: int, layout: Places, row: Row) -> RowKind:
    labels = list(_labels(table, number, layout))
    if any(is_page_sum(text) for text in labels):
        return RowKind.PAGE
    if any(is_total(text) for text in labels):
        return RowKind.TOTAL
    named = of_row_named(row.title) if row.title else NO_CAPITAL
    if named.is_told:
        row.capital = named.over(row.capital)
        return RowKind.CAPITAL
    is_again = not row.title or row.place[0] < number  # below its name, or beside its block
    if is_again and row.capital.is_told:
        return RowKind.CAPITAL
    if is_again and is_total(_held(table, number, layout.source)[0]):
        return RowKind.PAGE
    if row.title and is_note(row.title) and not row.has_figures:
        return RowKind.WORDS
    is_subject = row.title or row.unit or row.part or row.has_figures
    return RowKind.SUBJECT if is_subject else RowKind.WORDS


def _labels(table: Table, number: int, layout: Places) -> Iterator[str]:
    for column in layout.labels:
        text = table.sheet.line(number, column)
        if text and read_id(text) is None:
            yield text
