"""A table of text (.csv): which letters, which sign between the cells, one row after the other."""

import csv

from models.sheets.opening import limits
from models.sheets.opening.child.encodings import text_of
from models.sheets.opening.child.formulas import text_starts_a_program
from models.sheets.opening.child.telling import TEXT, Refused, Teller, is_blank, letters
from models.sheets.opening.text import delimiter_between, rows_of, without_hint


def read_text(content: bytes, answers: dict[str, str], teller: Teller) -> None:
    """Tell a file of text as one sheet without a name."""
    text, options, converted_from = text_of(content, answers)
    if options:
        teller.ask_letters("", "", options)
    elif converted_from:
        teller.found("converted_file", was=converted_from)
    text, sign = without_hint(text)
    tell_rows(text, sign or delimiter_between(text), teller)


def tell_rows(text: str, sign: str, teller: Teller) -> None:
    """The rows as the spreadsheet shows them: blank lines count, line ends in cells do not."""
    teller.begin("", is_text=True)
    style = teller.style("", "")
    number = 0
    try:
        for number, cells in enumerate(rows_of(text, sign), 1):
            told = []
            for column, cell in enumerate(cells, 1):
                if is_blank(cell):
                    continue
                place = f"{letters(column)}{number}"
                if len(cell) > limits.CELL_TEXT:
                    teller.found("text_too_long", cell=place, limit=limits.CELL_TEXT)
                    continue
                if text_starts_a_program(cell):
                    teller.found("dde", cell=place)
                told.append([column, TEXT, teller.text(cell, place), style])
            if told:
                teller.row(number, told)
    except csv.Error as error:
        raise Refused("not_cells", row=number + 1) from error
    teller.end()
