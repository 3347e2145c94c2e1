"""Formulas, as far as an import looks at them: what starts a program, what stands elsewhere."""

import re
from functools import lru_cache

from models.sheets.opening.child.telling import letters

_STRING = re.compile(r'"[^"]*"')
_QUOTED = re.compile(r'"[^"]*"|\'(?:[^\']|\'\')*\'')
# Functions that start something: the old ones of macro sheets, and servers of live data.
_STARTING = re.compile(r"(?<![\w.])(?:DDE|CALL|EXEC|REGISTER(?:\.ID)?|RTD)\s*\(", re.IGNORECASE)
# `[2]Sheet1!A1`, `'[2]Sheet 1'!A1`; not `Table[2024]`, a column of a table.
_ELSEWHERE = re.compile(r"(?<![\w\].\[\u0080-\uffff])\[(\d+)\]|'\[(\d+)\]|'(?:file|https?):", re.I)
# A cell in A1 spelling that is not part of a name, a function or a longer word.
_CELL = re.compile(r"(?<![\w.$\[])(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})(?![\w(.\]!])")


def starts_a_program(formula: str) -> bool:
    """Whether this formula reaches another program: DDE (`cmd|'…'!A0`), live data, old macros."""
    if "|" not in formula and "(" not in formula:
        return False
    return "|" in _QUOTED.sub("", formula) or (
        _STARTING.search(_STRING.sub("", formula)) is not None
    )


# In a cell of text a formula is what a spreadsheet would take for one when it opens the file.
# The name of the program is short: a search over a long text ends.
_DDE_TEXT = re.compile(
    r"(?<![\w.])[A-Za-z][\w.]{0,60}\s{0,9}\|\s{0,9}"
    r"(?:'[^']*'|\"[^\"]*\"|[^\s!|'\"]{1,300})\s{0,9}!\s{0,9}\S"
)


def text_starts_a_program(text: str) -> bool:
    """Whether a spreadsheet would start a program on opening a file with this text in a cell."""
    if "|" not in text and "(" not in text:
        return False
    text = text.strip()
    if text.startswith(("=", "+", "-", "@")) and _DDE_TEXT.search(text):
        return True
    return text.startswith("=") and _STARTING.search(_STRING.sub("", text)) is not None


def books_elsewhere(formula: str) -> set[int]:
    """The numbers of other workbooks that it takes figures from; 0 for one named in full."""
    if "[" not in formula and "'" not in formula:
        return set()
    found = _ELSEWHERE.findall(_STRING.sub("", formula))
    return {int(one or other or 0) for one, other in found}


@lru_cache(maxsize=1_024)
def _column(name: str) -> int:
    place = 0
    for letter in name.upper():
        place = place * 26 + ord(letter) - 64
    return place


def place_of(reference: str) -> tuple[int, int] | None:
    """`B12` → (12, 2); None for what is no cell."""
    found = re.fullmatch(r"([A-Za-z]{1,3})([1-9]\d{0,6})", reference)
    if found is None:
        return None
    row, column = int(found[2]), _column(found[1])
    return (row, column) if row <= 1_048_576 and column <= 16_384 else None


def moved(formula: str, rows: int, columns: int) -> str:
    """A shared formula as it stands in a cell that lies so far from the one that wrote it."""

    def move(found: "re.Match[str]") -> str:
        fixed_column, name, fixed_row, row = found.groups()
        if not fixed_column:
            place = _column(name) + columns
            if not 1 <= place <= 16_384:
                return "#REF!"
            name = letters(place)
        if not fixed_row:
            row = str(int(row) + rows)
        return f"{fixed_column}{name}{fixed_row}{row}"

    pieces, start = [], 0
    for quoted in _QUOTED.finditer(formula):
        pieces += [_CELL.sub(move, formula[start : quoted.start()]), quoted.group()]
        start = quoted.end()
    return "".join([*pieces, _CELL.sub(move, formula[start:])])
