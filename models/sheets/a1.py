"""The names of places in a sheet as every spreadsheet writes them: columns by letters, A1."""

import re

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def letters(column: int) -> str:
    """The letters of a column counted from 1: 1 is A, 27 is AA."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def column_of(name: str) -> int:
    """The number of the column that letters name, counted from 1: AA is 27."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def a1(row: int, column: int) -> str:
    """The name of a cell, both counted from 1: (9, 2) is B9."""
    return f"{letters(column)}{row}"


def place_of(cell: str) -> tuple[int, int] | None:
    """Row and column of a cell's name, both counted from 1; None for what names no cell."""
    found = _CELL.fullmatch(cell)
    return (int(found[2]), column_of(found[1])) if found else None
