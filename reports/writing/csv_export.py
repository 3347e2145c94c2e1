"""Rows to CSV: UTF-8 with byte-order mark, RFC 4180, streamed, with no live formulas."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from types import NoneType
from typing import Any
from urllib.parse import quote

from models.base import ascii_name, clean_line, in_unit, local
from reports.writing.table import Column, Kind, Table

DELIMITERS = {"comma": ",", "semicolon": ";"}
AT_ONCE = 256  # rows of a piece: so few that the caches of a processor hold them
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Inside a text: a spreadsheet with another list sign, or one that pastes, splits there.
_INNER = re.compile(r"""([\n\r;,\t])([ "']*)(?=[=+\-@＝＋－＠])""")
_BEGINS = re.compile(f"\0[{re.escape(''.join(_LIVE))}]")  # of several texts, \0 before each
_TO_QUOTE = {one: re.compile(f'["\r\n{one}]') for one in DELIMITERS.values()}
_PERHAPS = re.compile(f'["\r\n;,\t]|{_BEGINS.pattern}')  # what may be live, or to be quoted
_CELL = re.compile(r"[^\n\r;,\t]*")
# what may stand after a break all the same: numbers, and the bullets of ordinary lists
_HARMLESS = re.compile(
    r"""["' ]*(?:[+\-－＋] *\d[\d .%/]*|[+\-－＋]+(?: +[^\W\d_][^|(!=@]*)?)["' ]*"""
)


def csv_of(table: Table, *, headers: str = "labels", delimiter: str = "comma") -> Iterator[str]:
    """A table as CSV: amounts as whole numbers of its unit, which their heads name where it is not
    the đồng, rates 15.65, moments with their offset, codes as words unless `headers` asks for
    keys. All columns of rows, or those of the set that was named."""
    has_keys, is_for_people = headers == "keys", delimiter == "semicolon"
    columns = (
        table.printed
        if table.is_chosen
        else [column for column in table.columns if not column.is_printed_only]
    )

    def headed(column: Column) -> str:
        if has_keys:
            return column.key
        is_money = column.kind is Kind.MONEY and table.money
        return f"{column.heading} ({table.money})" if is_money else column.heading

    headings = [headed(column) for column in columns]

    def written(column: Column, value: Any) -> Any:
        if column.kind is Kind.MONEY and value is not None:
            return int(in_unit(value, table.unit, 0))
        if isinstance(value, datetime):
            return local(value)
        if column.words and not has_keys and (is_for_people or not column.is_code):
            return column.words.get(value, value)
        return value

    rows = (
        [written(column, row.values[column.key]) for column in columns]
        for row in table.rows
        if not row.is_printed_only
    )
    return to_csv(headings, rows, delimiter=DELIMITERS[delimiter])


def to_csv(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ","
) -> Iterator[str]:
    """The file in pieces of about 64 kB, the heading at once. Numbers stay numbers, dates are
    ISO, None is empty.

    With semicolons between, decimals have the comma that a Vietnamese spreadsheet reads: 15,65.
    """
    rows = iter(rows)
    blocks = iter(lambda: list(islice(rows, AT_ONCE)), [])
    return blocks_to_csv(headings, blocks, delimiter=delimiter)


def blocks_to_csv(
    headings: Sequence[str],
    blocks: Iterable[Sequence[Sequence[Any]]],
    *,
    delimiter: str = ",",
    writers: Mapping[int, Callable[[Any], Any]] | None = None,
) -> Iterator[str]:
    """`to_csv` of rows that come in blocks, each of which becomes a piece; `writers` puts the
    values of columns into other words first.
    """
    write = safe_cell if delimiter != DELIMITERS["semicolon"] else _vietnamese
    yield "\ufeff" + _lines([[safe_cell(heading)] for heading in headings], write, delimiter)
    for block in blocks:
        columns: list[Sequence[Any]] = list(zip(*block, strict=True))
        for place, put in (writers or {}).items():
            columns[place] = list(map(put, columns[place]))
        yield _lines(columns, write, delimiter)


def _lines(columns: Sequence[Sequence[Any]], write: Callable[[Any], Any], delimiter: str) -> str:
    """Lines from their columns. The csv module asks each sign of each cell whether it has to be
    quoted, which cost more than all the rest of a large file.
    """
    to_quote = _TO_QUOTE[delimiter]
    cells = [_column(one, write, to_quote) for one in columns]
    if len(cells) == 1:  # an empty line would be no row
        cells = [[cell or '""' for cell in cells[0]]]
    return "\r\n".join((*map(delimiter.join, zip(*cells, strict=True)), ""))


def _column(
    values: Sequence[Any], write: Callable[[Any], Any], to_quote: re.Pattern[str]
) -> Iterable[str]:
    """A column of a piece as it is written. What holds nothing but whole numbers, or texts, is
    written once for those that come again, and texts of which none would run or be quoted are
    looked at once for all of them: a call for each cell costs more than all the rest.
    """
    kinds = set(map(type, values))
    if not (kinds <= {int, NoneType} or kinds <= {str, NoneType}):
        return [_cell(write(value), to_quote) for value in values]
    distinct = set(values) - {None}
    cells: Iterable[str]
    if str not in kinds:
        cells = map(str, distinct)
    elif not _PERHAPS.search(whole := "\0" + "\0".join(distinct)):
        if kinds == {str}:
            return values
        cells = distinct
    elif _BEGINS.search(whole) or _INNER.search(whole):
        cells = [_cell(write(value), to_quote) for value in distinct]
    else:
        cells = [_cell(value, to_quote) for value in distinct]
    known = {None: "", **dict(zip(distinct, cells, strict=True))}
    return map(known.__getitem__, values)


def _cell(value: Any, to_quote: re.Pattern[str]) -> str:
    """One cell, quoted where RFC 4180 wants it."""
    text = "" if value is None else str(value)
    if not to_quote.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def safe_cell(value: Any) -> Any:
    """`value` as it is written; text that a spreadsheet would run gets an apostrophe."""
    if isinstance(value, str):
        if _INNER.search(value):
            value = _INNER.sub(_disarmed, value)
        return f"'{value}" if value.startswith(_LIVE) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"  # never 1E+3
    return value.isoformat() if isinstance(value, date) else safe_cell(str(value))


def _disarmed(found: re.Match[str]) -> str:
    """The break, and an apostrophe before what would run behind it."""
    if found.start() == 0 and found[1] in "\t\r\n":
        return found[0]  # the whole text gets its apostrophe before the break
    cell = _CELL.match(found.string, found.end())
    if cell is not None and _HARMLESS.fullmatch(cell[0]):
        return found[0]
    return f"{found[1]}{found[2]}'"


def _vietnamese(value: Any) -> Any:
    """`safe_cell` with a decimal comma."""
    if isinstance(value, Decimal | float) and not isinstance(value, bool):
        return str(safe_cell(value)).replace(".", ",")
    return safe_cell(value)


def content_disposition(filename: str) -> str:
    """Header for a download: a plain name for old programs, the full one for the others."""
    full = clean_line(filename).replace("/", "_").replace("\\", "_").lstrip(".") or "file"
    return f"attachment; filename=\"{ascii_name(full)}\"; filename*=UTF-8''{quote(full, safe='')}"
