"""What one cell says, whatever the format of the file: kind and value, or nothing."""

from models.sheets.opening import limits
from models.sheets.opening.child import numbers
from models.sheets.opening.child.telling import (
    DAY,
    ERROR,
    MOMENT,
    NUMBER,
    TEXT,
    Teller,
    is_blank,
)

Told = tuple[str | None, str | int | bool | None]
NOTHING: Told = (None, None)
# A text, or its runs (text, own font or empty) where a font of other letters is among them.
Said = str | tuple[tuple[str, str], ...]
# The error values of the binary formats.
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


def text_cell(teller: Teller, said: Said, font: str, place: str) -> Told:
    """A cell of text; spaces alone say nothing, what is too long is found and not told."""
    text = said if isinstance(said, str) else "".join(run for run, _ in said)
    if is_blank(text):
        return NOTHING
    if len(text) > limits.CELL_TEXT:
        teller.found("text_too_long", cell=place, limit=limits.CELL_TEXT)
        return NOTHING
    if isinstance(said, str):
        return TEXT, teller.text(said, place, font)
    return TEXT, teller.rich([(run, own or font) for run, own in said], place)


def number_cell(digits: str | None, number_format: str, *, from_1904: bool) -> Told:
    """A cell with a number, in the digits of the file; a day where its format shows days."""
    number = None if digits is None else numbers.number(digits)
    if number is None:
        return ERROR, "#NUM!"
    if number_format and numbers.is_of_days(number_format):
        return _moment(numbers.day(number, from_1904=from_1904)) or (NUMBER, number)
    return NUMBER, number


def iso_cell(written: str) -> Told:
    """A cell with a day that is written out; some programs leave a number there."""
    if moment := _moment(numbers.iso_day(written)):
        return moment
    number = numbers.number(written)
    return (ERROR, "#VALUE!") if number is None else (NUMBER, number)


def _moment(moment: tuple[str, bool] | None) -> Told | None:
    return None if moment is None else (MOMENT if moment[1] else DAY, moment[0])
