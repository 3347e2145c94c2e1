"""Heads of tables: found anywhere in a sheet, and flattened to a path of texts for each column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.base import fold, read_id
from models.sheets.layout.flattening import paths_of
from models.sheets.layout.says import says
from models.sheets.layout.sheet import Sheet
from models.sheets.layout.vocabulary import FIRST_WORDS, NAMING, Noun, names_only, noun_of
from models.sheets.words import (
    is_column_number,
    is_page_sum,
    is_signature,
    is_total,
    outline_depth,
    unit_of_amounts,
)

_DEEPEST = 6  # rows of a head
_MOST_HEADS = 1_000  # pages of a sheet
_LONGEST = 160  # characters of a head's text; longer ones are sentences
_CROSSING = re.compile(r"(tieu du an|du an|tda|da) ?\d|(ubnd|xa|thi tran|phong|trung tam) \w")
_LONGEST_WORD = 24
_WORD = re.compile(r"[a-z]+")
_YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Head:
    """The rows of a head, and for each column its texts from top to bottom.

    `cells` are the places of those texts; the last is the cell that a question about the column
    names. `bottom` counts the row of column numbers.
    """

    top: int
    bottom: int
    paths: dict[int, tuple[str, ...]]
    cells: dict[int, tuple[tuple[int, int], ...]]

    def heading(self, column: int) -> str:
        return " / ".join(self.paths.get(column, ()))

    def place(self, column: int) -> tuple[int, int]:
        """The cell of a column's own head."""
        return self.cells[column][-1]

    def is_same_as(self, other: "Head") -> bool:
        """Whether the other is this one again, as on the next page."""
        mine = {column: [fold(text) for text in path] for column, path in self.paths.items()}
        its = {column: [fold(text) for text in path] for column, path in other.paths.items()}
        return mine == its


def heads_of(sheet: Sheet) -> list[Head]:
    """All heads of a sheet from top to bottom; none where no row has two words of a head."""
    found: list[Head] = []
    for row in sheet.rows:
        if found and row <= found[-1].bottom:
            continue
        if len(found) < _MOST_HEADS and _is_anchor(sheet, row):
            head = _head_around(sheet, row, found[-1].bottom if found else 0)
            found.append(head)
    return found


def _is_anchor(sheet: Sheet, row: int) -> bool:
    """Whether a row has the words of a head: TT, or nothing but words that name, and others.

    Names of projects begin like heads (Mô hình …, Dự án …): a row that is numbered is none.
    """
    if len(sheet.rows[row]) < 2 or not _is_of_texts(sheet, row) or _is_numbered(sheet, row):
        return False
    if not any(_may_name(sheet, cell.value) for cell in sheet.rows[row].values()):
        return False
    nouns = {noun for noun in _nouns(sheet, row) if noun}
    if len(nouns) < 2:
        return False
    return Noun.NUMBER in nouns or any(names_only(sheet.fold(text)) for _, text in sheet.texts(row))


def _may_name(sheet: Sheet, value: object) -> bool:
    """Whether a text begins with a word of heads that name: all others need not be looked at."""
    if not isinstance(value, str):
        return False
    word = _WORD.match(sheet.fold(value.lstrip()[:_LONGEST_WORD].split(None, 1)[0]))
    return word is not None and word[0] in FIRST_WORDS


def _is_numbered(sheet: Sheet, row: int) -> bool:
    """Whether the first cell of a row is a number of an outline: 1, I, a), -."""
    column = next(iter(sheet.rows[row]))
    return outline_depth(sheet.line(row, column)) is not None


def _nouns(sheet: Sheet, row: int) -> Iterator[Noun | None]:
    for column, text in sheet.texts(row):
        if len(text) > _LONGEST or text.rstrip().endswith(":") or sheet.cell(row, column) is None:
            continue
        if isinstance(sheet.rows[row][column].value, str):
            yield noun_of(sheet.fold(text))


def _is_of_texts(sheet: Sheet, row: int) -> bool:
    """Whether nothing in the row is a figure; years and months may be heads."""
    return all(
        isinstance(cell.value, str) or _is_head_number(cell.value)
        for cell in sheet.rows[row].values()
    )


def _is_head_number(value: object) -> bool:
    if not isinstance(value, Decimal) or value != value.to_integral_value():
        return False
    return value in _YEARS or 1 <= value <= 13


# -------------------------------------------------------------------------------- extent of a head


def _head_around(sheet: Sheet, anchor: int, free_from: int) -> Head:
    top = _top(sheet, anchor, free_from)
    return flattened(sheet, top, _bottom(sheet, top, anchor))


def flattened(sheet: Sheet, top: int, bottom: int) -> Head:
    """The head in these rows, with the row of column numbers where one follows."""
    columns, cells = paths_of(sheet, top, bottom)
    numbers = _row_of_numbers(sheet, bottom, min(columns, default=1))
    return Head(top, numbers or bottom, columns, cells)


def _top(sheet: Sheet, anchor: int, free_from: int) -> int:
    """The first row of the head: group heads may stand above the row that has most of the words."""
    top = min(sheet.origin(anchor, column)[0] for column in sheet.columns)
    while top - 1 > max(free_from, anchor - _DEEPEST) and _is_group_row(sheet, top - 1, anchor):
        top -= 1
    return max(top, free_from + 1)


def _is_group_row(sheet: Sheet, row: int, anchor: int) -> bool:
    """Whether the row above holds heads of groups: right of the names, over columns of the head."""
    cells = sheet.rows.get(row)
    if not cells or not _is_of_texts(sheet, row):
        return False
    naming = [
        column
        for column, text in sheet.texts(anchor)
        if noun_of(sheet.fold(text)) in NAMING | {Noun.NUMBER}
    ]
    first = min(cells)
    if not naming or first <= min(naming):
        return False
    groups = 0
    covered = _covered(sheet, anchor)
    for column, text in sheet.texts(row):
        if unit_of_amounts(text) and noun_of(sheet.fold(text)) in (None, Noun.UNIT, Noun.ASIDE):
            return False
        if is_signature(text) or len(text) > _LONGEST:
            return False
        groups += noun_of(sheet.fold(text)) is not None and column in covered
    is_merged = any(span.left in cells and span.left < span.right for span in sheet.spans_from(row))
    return groups > 1 or (groups == 1 and is_merged)


def _covered(sheet: Sheet, row: int) -> set[int]:
    return {column for column, _ in sheet.texts(row)} | {
        column for column in sheet.columns if sheet.origin(row, column) != (row, column)
    }


def _bottom(sheet: Sheet, top: int, anchor: int) -> int:
    """The last row of the head: as far as its merged cells reach, and rows of further heads."""
    bottom = _merged_to(sheet, top, anchor)
    while bottom < top + _DEEPEST:
        row = _next_row(sheet, bottom)
        if row is None or row > bottom + 2 or not _continues(sheet, top, bottom, row):
            break
        bottom = max(row, _merged_to(sheet, row, row))
    return bottom


def _merged_to(sheet: Sheet, top: int, row: int) -> int:
    """The last row that merged cells beginning in these rows reach, where they are no sections."""
    reached = row
    for first in range(top, row + 1):
        for span in sheet.spans_from(first):
            if span.bottom <= top + _DEEPEST and sheet.cell(span.top, span.left):
                reached = max(reached, span.bottom)
    return reached


def _next_row(sheet: Sheet, row: int) -> int | None:
    return next((one for one in range(row + 1, row + 4) if one in sheet.rows), None)


def _continues(sheet: Sheet, top: int, bottom: int, row: int) -> bool:
    """Whether a row still belongs to the head: sub-heads below groups, none below the names."""
    paths, _ = paths_of(sheet, top, bottom)
    if not _is_of_texts(sheet, row) or _is_row_of_numbers(sheet, row, min(paths, default=1)):
        return False
    naming = {column for column, path in paths.items() if _names(sheet, path)}
    for column, text in sheet.texts(row):
        if len(text) > _LONGEST or is_signature(text) or is_page_sum(text):
            return False
        if column in naming and text not in paths[column]:
            return False
    others = [(column, text) for column, text in sheet.texts(row) if column not in naming]
    if not others:
        return False
    known = sum(_is_sub_head(sheet, text) for _, text in others)
    first = min((column for column in paths if column not in naming), default=None)
    is_below = first is not None and all(column >= first for column, _ in others)
    return known * 2 >= len(others) and is_below


def _names(sheet: Sheet, path: tuple[str, ...]) -> bool:
    return any(noun_of(sheet.fold(text)) in NAMING | {Noun.NUMBER} for text in path)


def _is_sub_head(sheet: Sheet, text: str) -> bool:
    """Whether a text can stand below a group: of time, capital, a sum, a month, a crossing."""
    if says(text).says_something or is_total(text):
        return True
    return (read_id(text) or 0) in range(1, 13) or bool(_CROSSING.match(sheet.fold(text)))


# ------------------------------------------------------------------------------ row of numbers


def _row_of_numbers(sheet: Sheet, bottom: int, first: int) -> int | None:
    row = _next_row(sheet, bottom)
    return row if row is not None and _is_row_of_numbers(sheet, row, first) else None


_BRACKETED = re.compile(r"\(\s*\d{1,3}[a-z]?\s*\)|\d{1,3}\s*=.+")


def _is_row_of_numbers(sheet: Sheet, row: int, first: int) -> bool:
    """Whether a row only numbers the columns: (1) (2) (4)=(5)+(6), or 1 2 3, or A B 1 2.

    Bare figures number columns only from the `first` one on; else they are months.
    """
    texts = [text for _, text in sheet.texts(row)]
    if len(texts) < 2 or not all(is_column_number(text) for text in texts):
        return False
    if any(_BRACKETED.match(text) for text in texts):
        return True
    if first not in sheet.rows[row]:
        return False
    figures = [number for text in texts if (number := read_id(text)) is not None]
    return len(figures) >= 2 and figures == list(range(figures[0], figures[0] + len(figures)))
