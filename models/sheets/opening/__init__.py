"""Files of strangers, opened: a child process reads them, a `Book` comes back, or a refusal."""

from models.sheets.opening.book import open_book
from models.sheets.opening.limits import FILE_BYTES
from models.sheets.opening.pasted import grid_of_text
from models.sheets.opening.text import decoded, delimiter_of, rows_of, without_hint

__all__ = [
    "FILE_BYTES",
    "decoded",
    "delimiter_of",
    "grid_of_text",
    "open_book",
    "rows_of",
    "without_hint",
]
