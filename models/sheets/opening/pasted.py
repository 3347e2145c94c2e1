"""Cells that are pasted: told in the same way as those of a file, under the same limits."""

import io

from models.packages import Refused
from models.sheets.opening import limits
from models.sheets.opening.book import book_told
from models.sheets.opening.child.telling import DONE, Teller
from models.sheets.opening.child.texts import tell_rows
from models.sheets.opening.sentences import finding
from models.sheets.opening.text import pasted_rows
from models.sheets.shapes import Grid, Level


def grid_of_text(text: str, name: str = "") -> Grid:
    """The cells that somebody copied in a spreadsheet and pasted as text.

    Raises RuleBroken, with the sentence that a file would be refused by: too many rows or
    columns, a text that is too long, a formula that starts a program, letters of an old font
    (which are asked about in a file; whoever pastes converts them first).
    """
    if len(text) > limits.FILE_BYTES:
        raise finding("too_large", "", "", {"limit": limits.FILE_BYTES // 2**20}).sentence
    out = io.BytesIO()
    teller = Teller(out)
    try:
        tell_rows(pasted_rows(text), teller)
        teller.finish({})
    except Refused as refusal:
        teller.refuse(refusal)
    out.write(DONE)
    book = book_told(out.getvalue().splitlines(), name)
    for found in book.findings:
        if found.level is Level.QUESTION:
            raise finding("old_letters", "", "", {}).sentence
        if found.level is Level.ERROR:
            raise found.sentence
    return book.grids[0]
