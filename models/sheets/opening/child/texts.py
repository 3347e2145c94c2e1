"""A table of text (.csv): which letters, which sign between the cells, one row after the other."""

import csv
import re

from models.packages import Refused
from models.sheets.opening.child.cells import text_cell
from models.sheets.opening.child.encodings import text_of
from models.sheets.opening.child.formulas import text_starts_a_program
from models.sheets.opening.child.telling import Teller, letters
from models.sheets.opening.text import delimiter_between, rows_of, without_hint

_KEPT = re.compile(r'="((?:[^"]|"")*)"')


def read_text(content: bytes, answers: dict[str, str], teller: Teller) -> None:
    """Tell a file of text as one sheet without a name."""
    text, options, converted_from = text_of(content, answers)
    if options:
        teller.ask_letters("", "", options)
    elif converted_from:
        teller.found("converted_file", was=converted_from.upper().replace("WINDOWS", "Windows"))
    text, sign = without_hint(text)
    _tell_rows(text, sign or delimiter_between(text), teller)


def _without_equals(cell: str) -> str:
    """`="0012"` is how text that looks like a number is kept from being read as one."""
    found = _KEPT.fullmatch(cell)
    return found[1].replace('""', '"') if found else cell


def _tell_rows(text: str, sign: str, teller: Teller) -> None:
    """The rows as the spreadsheet shows them: blank lines count, line ends in cells do not.

    How wide each row is matters where its sign can stand in an amount or a name as well; tabs
    cannot, and rows of the clipboard end where they like.
    """
    teller.begin("", is_text=True)
    style = teller.style("", "")
    number = 0
    try:
        for number, cells in enumerate(rows_of(text, sign), 1):
            told = []
            for column, cell in enumerate(cells, 1):
                if not cell:
                    continue
                place = f"{letters(column)}{number}"
                if text_starts_a_program(cell):
                    teller.found("dde", cell=place)
                kind, value = text_cell(teller, _without_equals(cell), "", place)
                if kind is not None:
                    told.append([column, kind, value, style])
            if told:
                teller.row(number, told, 0 if sign == "\t" else len(cells))
    except csv.Error as error:
        raise Refused("not_cells", row=number + 1) from error
    teller.end()
