"""Rows to CSV: UTF-8 with byte-order mark, RFC 4180, streamed, with no live formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from models.base import ascii_name, clean_line

DELIMITERS = {"comma": ",", "semicolon": ";"}
_PIECE = 64 * 1024
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(
    headings: Sequence[str], rows: Iterable[Iterable[Any]], *, delimiter: str = ","
) -> Iterator[str]:
    """The file in pieces of about 64 kB. Numbers stay numbers, dates are ISO, None is empty."""
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([safe_cell(heading) for heading in headings])
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
        if buffer.tell() > _PIECE:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def safe_cell(value: Any) -> Any:
    """`value` as it is written; text that a spreadsheet would run gets an apostrophe."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_LIVE) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"  # never 1E+3
    return value.isoformat() if isinstance(value, date) else safe_cell(str(value))


def content_disposition(filename: str) -> str:
    """Header for a download: a plain name for old programs, the full one for the others."""
    full = clean_line(filename).replace("/", "_").replace("\\", "_").lstrip(".") or "file"
    return f"attachment; filename=\"{ascii_name(full)}\"; filename*=UTF-8''{quote(full, safe='')}"
