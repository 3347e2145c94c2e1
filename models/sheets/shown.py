"""A cell as a person sees it, and what its number format tells."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from models.base import clean_line
from models.sheets.shapes import Cell
from models.sheets.words import unit_of_amounts

# Of a number format: what is quoted, escaped, padding, fill or in brackets; all else works.
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<money>[^\]-]*)[^\]]*\]|_.|\*.|\[[^\]]*\]|(?P<works>.)',
    re.DOTALL,
)
_LETTERS = re.compile(r"[0#?@hmsdyb]|general|standard", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")
_SCALED = re.compile(r"[0#?](,+)(?![,0#?])")
_SCALES = {0: "dong", 1: "nghin", 2: "trieu", 3: "ty"}


@lru_cache(maxsize=4_096)
def _sections(number_format: str) -> tuple[tuple[str, str], ...]:
    """The parts of a number format, for positive and negative numbers, nought and text: what each
    does, without its literals, and what it writes beside that.
    """
    parts = [["", ""]]
    for token in _TOKEN.finditer(number_format):
        if token["works"] == ";":
            parts.append(["", ""])
            continue
        parts[-1][0] += token["works"] or ""
        parts[-1][1] += token["quoted"] or token["escaped"] or token["money"] or ""
    return tuple((does, written) for does, written in parts)


def _pattern(cell: Cell) -> str:
    """What the number format of a cell does to a positive number."""
    return _sections(cell.format)[0][0]


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


def unit_written(number_format: str) -> str | None:
    """The unit that a number format writes behind the stored number: `#,##0" triệu"` → `trieu`.

    `other` where it adds figures of its own, as `#,##0".000"` does.
    """
    written = _sections(number_format)[0][1]
    return "other" if re.search(r"\d", written) else unit_of_amounts(written)


def is_unseen(cell: Cell) -> bool:
    """Whether the number format of a cell shows nothing of what it holds: `;;;`, `"-"`.

    A nought that is not shown is none: it says what an empty cell does to whoever looks at it.
    """
    value = cell.value
    if not cell.format or not value:
        return False
    above, below, text = _hides(cell.format)
    if isinstance(value, str):
        return text
    return isinstance(value, Decimal) and (below if value < 0 else above)


@lru_cache(maxsize=4_096)
def _hides(number_format: str) -> tuple[bool, bool, bool]:
    """Whether a number format shows nothing of positive numbers, of negative ones, of text."""
    sections = _sections(number_format)
    hides = [_LETTERS.search(does) is None for does, _ in sections]
    if _CONDITION.search(number_format):  # which part a number is of is not looked at
        hides = [all(hides)]
    return hides[0], hides[min(1, len(hides) - 1)], len(sections) > 3 and "@" not in sections[3][0]


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
