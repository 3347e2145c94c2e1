"""Heads flattened: for each column the texts that stand above it, whatever was merged."""

import re

from models.base import fold
from models.sheets.layout.sheet import Sheet
from models.sheets.layout.vocabulary import WHO, Noun, noun_of
from models.sheets.words import unit_of_amounts

# heads that stand for themselves: a group to their left is not theirs
_ALONE = WHO | {Noun.NOTE, Noun.OBSTACLES, Noun.PROPOSALS, Noun.PROGRESS, Noun.PROGRESS_TEXT}
Paths = tuple[dict[int, tuple[str, ...]], dict[int, tuple[tuple[int, int], ...]]]


_UNIT_LINE = re.compile(r"\(?\s*(?:don vi|dvt|d/v)\b")


def is_unit_line(text: str) -> bool:
    """Whether a text only says in which unit amounts are counted: Đơn vị tính: triệu đồng."""
    return _UNIT_LINE.match(fold(text)) is not None and unit_of_amounts(text) is not None


def paths_of(sheet: Sheet, top: int, bottom: int) -> Paths:
    """For each column the texts above it and their cells; merged, repeated and blank ones too."""
    paths: dict[int, tuple[str, ...]] = {}
    places: dict[int, tuple[tuple[int, int], ...]] = {}
    for column in sheet.columns:
        texts: list[str] = []
        cells: list[tuple[int, int]] = []
        for row in range(top, bottom + 1):
            place = _shown_at(sheet, row, column, top, bottom)
            text = sheet.line(*place) if place else ""
            if place and text and text not in texts and not is_unit_line(text):
                texts.append(text)
                cells.append(place)
        if texts:
            paths[column], places[column] = tuple(texts), tuple(cells)
    return paths, places


def _shown_at(sheet: Sheet, row: int, column: int, top: int, bottom: int) -> tuple[int, int] | None:
    """The cell whose text stands above a column in a row of the head."""
    origin = sheet.origin(row, column)
    if origin != (row, column):
        return origin if origin[0] >= top else None
    if sheet.cell(row, column) is not None:
        return origin
    return _group_left(sheet, row, column, bottom)


def _group_left(sheet: Sheet, row: int, column: int, bottom: int) -> tuple[int, int] | None:
    """The head of a group whose cells were not merged: the next one to the left, if both columns
    have heads of their own below.
    """
    own = _text_below(sheet, row, column, bottom)
    if own is None or noun_of(sheet.fold(own)) in _ALONE:
        return None
    for left in range(column - 1, 0, -1):
        if sheet.origin(row, left) != (row, left):
            return None
        if sheet.cell(row, left) is not None:
            has_group = _text_below(sheet, row, left, bottom) is not None
            return (row, left) if has_group else None
    return None


def _text_below(sheet: Sheet, row: int, column: int, bottom: int) -> str | None:
    for below in range(row + 1, bottom + 1):
        if sheet.origin(below, column)[0] > row and (
            text := sheet.line(*sheet.origin(below, column))
        ):
            return text
    return None
