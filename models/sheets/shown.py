"""A cell as a person sees it, and what its number format tells."""

import re
from datetime import date, datetime
from decimal import Decimal

from models.base import clean_line
from models.sheets.shapes import Cell

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_SCALED = re.compile(r"[0#?](,+)(?![,0#?])")
_SCALES = {0: "dong", 1: "nghin", 2: "trieu", 3: "ty"}


def _pattern(cell: Cell) -> str:
    """The number format without its literals: what it does to a positive number."""
    return _LITERAL.sub("", cell.format).split(";")[0]


def is_percent(cell: Cell) -> bool:
    """Whether a number format shows a share of one as percent; a `%` in quotes does not."""
    return "%" in _pattern(cell)


def unit_shown(cell: Cell | None) -> str | None:
    """The unit in which a number format shows stored đồng: `#,##0,,` → `trieu`.

    None where the format shows the number as it is. `ty` for three commas.
    """
    if cell is None or not isinstance(cell.value, Decimal):
        return None
    found = _SCALED.search(_pattern(cell))
    return _SCALES.get(len(found[1]), "ty") if found else None


def shown(cell: Cell | None) -> str:
    """The cell on one line as one sees it, numbers with all their digits.

    31.333.333 · 54,654322 · 35 % · 15/04/2024 · #REF! · the formula that has no result.
    """
    if cell is None:
        return ""
    value = cell.value
    if cell.problem is not None:
        return f"={cell.formula}"[:200] if cell.problem == "uncalculated" else cell.problem
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}" if value.time().isoformat() != "00:00:00" else _day(value)
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, Decimal):
        return _number(cell, value)
    return clean_line(value)


def _day(value: date) -> str:
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


def _number(cell: Cell, value: Decimal) -> str:
    if not value.is_finite():
        return str(value)
    as_percent = is_percent(cell)
    number = (value * 100 if as_percent else value).normalize()
    if "#,#" in _pattern(cell):
        written = f"{number:,f}".replace(",", "\0").replace(".", ",").replace("\0", ".")
    else:
        written = f"{number:f}".replace(".", ",")
    return f"{written} %" if as_percent else written
