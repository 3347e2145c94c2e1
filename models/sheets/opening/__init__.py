"""Files of strangers, opened: a child process reads them, a `Book` comes back, or a refusal."""

from models.sheets.opening.book import open_book
from models.sheets.opening.limits import FILE_BYTES
from models.sheets.opening.text import (
    as_pasted,
    decoded,
    delimiter_of,
    pasted_rows,
    rows_of,
    without_hint,
)

__all__ = [
    "FILE_BYTES",
    "as_pasted",
    "decoded",
    "delimiter_of",
    "open_book",
    "pasted_rows",
    "rows_of",
    "without_hint",
]
