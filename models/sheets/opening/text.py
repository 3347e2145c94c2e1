"""Tables of text: their letters, and how they are split into cells. Nothing else is known here.

Behind every door that takes such tables: the data package, files sent in, pasted cells.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

SIGNS = (",", ";", "\t")
_LONGEST_CELL = 2**24  # an act of reorganisation lists all it made in one cell
_LOOKED_AT = 2_000  # rows that decide on the sign between cells


def decoded(content: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8 with or without a mark, or UTF-16 with
    its mark (“Unicode text”). Raises UnicodeDecodeError.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def without_hint(text: str) -> tuple[str, str]:
    """The text without the line `sep=;` by which a spreadsheet is told its sign, and that sign."""
    found = re.match(r"sep=([;,\t])\r?\n", text)
    return (text[found.end() :], found[1]) if found else (text, "")


class Rows(Iterator[list[str]]):
    """The cells row by row; `line` is the last line read. Raises csv.Error."""

    def __init__(self, text: str, sign: str) -> None:
        csv.field_size_limit(_LONGEST_CELL)
        self._rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)

    def __next__(self) -> list[str]:
        return next(self._rows)

    @property
    def line(self) -> int:
        return self._rows.line_num


def rows_of(text: str, sign: str) -> Rows:
    """The rows of a table of text: quoted cells may hold signs and line ends."""
    return Rows(text, sign)


def delimiter_of(text: str, header: Iterable[str]) -> str:
    """What stands between the cells: comma, or what a Vietnamese spreadsheet writes instead.

    The first line that is not empty decides: the sign that splits it into most of the names.
    """
    first = next((line for line in text.splitlines() if line.strip(" ;,\t")), "")
    names = set(header)

    def known(sign: str) -> int:
        return len({cell.strip().strip('"').strip() for cell in first.split(sign)} & names)

    return max(SIGNS, key=known)


def delimiter_between(text: str) -> str:
    """The sign between the cells where no header is known: it gives most rows the same width.

    A comma inside numbers splits the rows but not their head; so the whole of the table counts.
    Of signs that do equally well the one that parts more cells.
    """
    return max((*reversed(SIGNS),), key=lambda sign: _evenness(text, sign))


def _evenness(text: str, sign: str) -> tuple[int, int]:
    widths: dict[int, int] = {}
    with suppress(csv.Error):  # what stands before a broken row counts
        for cells in islice(rows_of(text, sign), _LOOKED_AT):
            if len(cells) > 1 and any(cell.strip() for cell in cells):
                widths[len(cells)] = widths.get(len(cells), 0) + 1
    if not widths:
        return (0, 1)
    width = max(widths, key=lambda one: (widths[one], one))
    return (widths[width], width)


_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=\t|\r?\n|\r|\Z)')
_PLAIN = re.compile(r"[^\t\r\n]*")


def pasted_rows(text: str) -> Iterator[list[str]]:
    """The rows of cells as spreadsheets put them on the clipboard.

    Tabs part them. A cell is quoted only where it holds a line end or a tab; any other quotation
    mark belongs to its text: `"A" Trường` is pasted as it stands.
    """
    at, row = 0, []
    while at < len(text):
        quoted = _QUOTED.match(text, at) if text[at] == '"' else None
        if quoted and any(sign in quoted[1] for sign in "\t\r\n"):
            row.append(quoted[1].replace('""', '"'))
            at = quoted.end()
        else:
            plain = _PLAIN.match(text, at)
            row.append(plain[0] if plain else "")
            at += len(row[-1])
        if text.startswith("\t", at):
            at += 1
            continue
        yield row
        row = []
        at += 2 if text.startswith("\r\n", at) else 1
    if row:
        yield row


def as_pasted(cell: str) -> str:
    """A cell as spreadsheets put it on the clipboard: the reverse of `pasted_rows`."""
    if any(sign in cell for sign in "\t\r\n"):
        return '"' + cell.replace('"', '""') + '"'
    return cell
