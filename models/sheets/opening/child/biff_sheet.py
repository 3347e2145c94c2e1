"""The sheets of an .xls: cells, hidden rows and columns, merged blocks, in one pass each."""

import struct
from decimal import Decimal
from typing import Any

from models.packages import Refused
from models.sheets.opening import limits
from models.sheets.opening.child.biff import (
    Globals,
    Record,
    SheetAt,
    bytes_as_text,
    globals_of,
    records,
    workbook_stream,
)
from models.sheets.opening.child.biff_strings import long_text
from models.sheets.opening.child.cells import (
    ERRORS,
    NOTHING,
    Said,
    Told,
    number_cell,
    text_cell,
)
from models.sheets.opening.child.numbers import digits
from models.sheets.opening.child.ole import Compound
from models.sheets.opening.child.telling import ERROR, TRUTH, UNCALCULATED, Teller, letters
from models.sheets.opening.child.tokens import XLS, ties_in

_TEXT, _TRUTH, _ERROR, _EMPTY = range(4)  # results of formulas that are no numbers
_ALWAYS = 1  # to be calculated on opening: the program that wrote it calculated nothing


def read_xls(content: bytes, teller: Teller) -> None:
    """Tell all sheets of a compound file. Raises Refused."""
    compound = Compound(content)
    stream = workbook_stream(compound)
    compound.refuse_active()
    try:
        book = globals_of(stream)
        for sheet in book.sheets:
            _Sheet(sheet, book, teller).read(stream)
        if "program" in book.books:
            teller.found("dde_name", sheet="")
    except (struct.error, IndexError) as error:
        raise Refused("damaged") from error


def digits_of(packed: int) -> str:
    """A number that is packed into four bytes (RK): whole or a fraction, perhaps a hundredth."""
    if packed & 2:
        whole = packed >> 2 if packed < 2**31 else (packed >> 2) - 2**30
        return str(Decimal(whole) / 100) if packed & 1 else str(whole)
    (value,) = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", packed & 0xFFFFFFFC))
    return digits(value / 100 if packed & 1 else value)


class _Sheet:
    """One sheet under way. Its cells are in the order in which they were saved."""

    def __init__(self, at: SheetAt, book: Globals, teller: Teller) -> None:
        self.at, self.book, self.teller = at, book, teller
        self.rows: dict[int, list[list[Any]]] = {}
        self.count = 0
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.spans: list[tuple[int, int, int, int]] = []
        self.waiting: tuple[int, int, int] | None = None  # a formula whose text comes next

    def read(self, stream: bytes) -> None:
        self.teller.begin(self.at.name, is_hidden=self.at.is_hidden)
        handle = {
            0x0208: self._row, 0x007D: self._columns, 0x00E5: self._merged, 0x0203: self._number,
            0x027E: self._packed, 0x00BD: self._packed_row, 0x00FD: self._shared_text,
            0x0204: self._own_text, 0x00D6: self._own_text, 0x0205: self._truth_or_error,
            0x0006: self._formula, 0x0207: self._text_of_formula,
        }  # fmt: skip
        for record in records(stream, self.at.start):
            if record.kind in handle:
                handle[record.kind](record)
        for number in sorted(self.rows):
            self.teller.row(number, sorted(self.rows[number], key=lambda cell: int(cell[0])))
        rows, columns = self.hidden_rows, self.hidden_columns
        self.teller.end(spans=self.spans, rows=rows, columns=sorted(columns))

    # ------------------------------------------------------------------ around the cells

    def _row(self, record: Record) -> None:
        row, flags = struct.unpack_from("<H10xH", record.data, 0)
        if flags & 0x20:
            self.hidden_rows.add(row + 1)

    def _columns(self, record: Record) -> None:
        first, last, width, _, flags = struct.unpack_from("<HHHHH", record.data, 0)
        if flags & 1 or width == 0:
            self.hidden_columns.update(range(first + 1, min(last + 1, limits.COLUMNS) + 1))

    def _merged(self, record: Record) -> None:
        (count,) = struct.unpack_from("<H", record.data, 0)
        for n in range(count):
            top, bottom, left, right = struct.unpack_from("<HHHH", record.data, 2 + 8 * n)
            self.spans.append((top + 1, left + 1, bottom + 1, right + 1))

    # ------------------------------------------------------------------ cells

    def _put(self, row: int, column: int, look: int, told: Told, *formula: str) -> None:
        kind, value = told
        if kind is None:
            return
        self.count += 1
        if self.count > limits.CELLS:
            raise Refused("cells", limit=limits.CELLS)
        style = self.teller.style(*self.book.look(look))
        self.rows.setdefault(row + 1, []).append([column + 1, kind, value, style, *formula])

    def _told_number(self, digits: str, look: int) -> Told:
        number_format, _ = self.book.look(look)
        return number_cell(digits, number_format, from_1904=self.book.from_1904)

    def _told_text(self, said: Said, row: int, column: int, look: int) -> Told:
        return text_cell(self.teller, said, self.book.look(look)[1], _place(row, column))

    def _number(self, record: Record) -> None:
        row, column, look, value = struct.unpack_from("<HHHd", record.data, 0)
        self._put(row, column, look, self._told_number(digits(value), look))

    def _packed(self, record: Record) -> None:
        row, column, look, packed = struct.unpack_from("<HHHI", record.data, 0)
        self._put(row, column, look, self._told_number(digits_of(packed), look))

    def _packed_row(self, record: Record) -> None:
        row, first = struct.unpack_from("<HH", record.data, 0)
        for n, at in enumerate(range(4, len(record.data) - 2, 6)):
            look, packed = struct.unpack_from("<HI", record.data, at)
            self._put(row, first + n, look, self._told_number(digits_of(packed), look))

    def _shared_text(self, record: Record) -> None:
        row, column, look, place = struct.unpack_from("<HHHI", record.data, 0)
        said = self.book.texts[place]
        self._put(row, column, look, self._told_text(said, row, column, look))

    def _own_text(self, record: Record) -> None:
        row, column, look = struct.unpack_from("<HHH", record.data, 0)
        said = self._long(record, 6)
        self._put(row, column, look, self._told_text(said, row, column, look))

    def _long(self, record: Record, at: int) -> Said:
        if self.book.is_old:
            (length,) = struct.unpack_from("<H", record.data, at)
            return bytes_as_text(self.book, record.data[at + 2 : at + 2 + length])
        return long_text([record.data[at:], *record.pieces[1:]], self.book.font)

    def _truth_or_error(self, record: Record) -> None:
        row, column, look, value, is_error = struct.unpack_from("<HHHBB", record.data, 0)
        self._put(row, column, look, self._told_special(value, is_error=bool(is_error)))

    def _told_special(self, value: int, *, is_error: bool) -> Told:
        return (ERROR, ERRORS.get(value, "#VALUE!")) if is_error else (TRUTH, bool(value))

    # ------------------------------------------------------------------ formulas

    def _formula(self, record: Record) -> None:
        row, column, look, result, flags = struct.unpack_from("<HHH8sH", record.data, 0)
        self._look_at_tokens(record, row, column)
        self.waiting = None
        if result[6:] == b"\xff\xff":
            kind, value = result[0], result[2]
            if kind == _TEXT:
                self.waiting = row, column, look
                return
            special = self._told_special(value, is_error=kind == _ERROR)
            self._put(row, column, look, NOTHING if kind == _EMPTY else special, "")
            return
        (number,) = struct.unpack("<d", result)
        told = self._told_number(digits(number), look)
        if number == 0 and flags & _ALWAYS:
            told = UNCALCULATED, None
        self._put(row, column, look, told, "")

    def _text_of_formula(self, record: Record) -> None:
        if self.waiting is not None:
            row, column, look = self.waiting
            told = self._told_text(self._long(record, 0), row, column, look)
            self._put(row, column, look, told, "")
            self.waiting = None

    def _look_at_tokens(self, record: Record, row: int, column: int) -> None:
        if self.book.is_old:
            return
        (length,) = struct.unpack_from("<H", record.data, 20)
        reached = self.book.elsewhere(ties_in(record.data[22 : 22 + length], XLS))
        if "program" in reached:
            self.teller.found("dde", cell=_place(row, column))
        elif reached:
            self.teller.found("elsewhere", cell=_place(row, column))


def _place(row: int, column: int) -> str:
    return f"{letters(column + 1)}{row + 1}"
