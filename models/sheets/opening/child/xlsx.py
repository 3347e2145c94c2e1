"""A workbook (.xlsx): one pass over each sheet, every figure as it is written there.

The numbers are taken from the file's own digits and never pass through binary fractions; what
only the file itself tells (number formats, formulas, hidden rows) is read in the same pass.
"""

from typing import Any

from models.packages import Attributes, Parts, Refused, Stream, is_true
from models.sheets.opening import limits
from models.sheets.opening.child.cells import (
    NOTHING,
    Said,
    Told,
    iso_cell,
    number_cell,
    text_cell,
)
from models.sheets.opening.child.formulas import (
    books_elsewhere,
    moved,
    place_of,
    starts_a_program,
)
from models.sheets.opening.child.telling import ERROR, NUMBER, TRUTH, UNCALCULATED, Teller, letters
from models.sheets.opening.child.workbook import (
    Pieces,
    SheetTie,
    Workbook,
    main_part,
    styles_of,
    texts_of,
    unescaped,
    workbook_of,
)

FORM = "_form"  # the hidden sheet by which a unit's own form is known


def read_xlsx(parts: Parts, teller: Teller) -> None:
    """Tell all sheets of a workbook, and the marks of a form."""
    part = main_part(parts)
    book = workbook_of(parts, part)
    programs = _links_to_programs(parts, book)
    styles, texts = styles_of(parts, book), texts_of(parts, book)
    for sheet in book.sheets:
        _Sheet(sheet, book, styles, texts, programs, teller).read(parts)


def _links_to_programs(parts: Parts, book: Workbook) -> set[int]:
    """The numbers of those ties to the outside that are programs and not workbooks."""
    programs: set[int] = set()
    for number, part in enumerate(book.elsewhere, 1):
        found: list[Attributes] = []
        if part in parts:
            starts = {"ddeLink": found.append, "oleLink": found.append}
            Stream(starts, {}).read(parts.chunks(part))
        if found:
            programs.add(number)
    return programs


class _Sheet:
    """One sheet under way."""

    def __init__(
        self,
        tie: SheetTie,
        book: Workbook,
        styles: list[tuple[str, str]],
        texts: list[Said],
        programs: set[int],
        teller: Teller,
    ) -> None:
        self.tie, self.book, self.styles, self.texts = tie, book, styles, texts
        self.programs, self.teller = programs, teller
        self.row = 0
        self.column = 0
        self.cells: list[list[Any]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self.spans: list[tuple[int, int, int, int]] = []
        self.shared: dict[str, tuple[str, int, int]] = {}
        self.pieces = Pieces()
        self.is_in_data = False
        self._new_cell()

    def read(self, parts: Parts) -> None:
        self.teller.begin(self.tie.name, is_hidden=self.tie.is_hidden)
        starts = {
            "sheetData": self._data, "row": self._row, "c": self._cell, "f": self._formula,
            "col": self._columns, "mergeCell": self._span, **self.pieces.starts(),
        }  # fmt: skip
        ends = {
            "sheetData": self._data_over, "row": self._row_over, "c": self._cell_over,
            "f": self._formula_over, "v": self._value, **self.pieces.ends(),
        }  # fmt: skip
        Stream(starts, ends).read(parts.chunks(self.tie.part))
        self.teller.end(spans=self.spans, rows=self.hidden_rows, columns=self.hidden_columns)

    # ------------------------------------------------------------------ around the cells

    def _data(self, _: Attributes) -> None:
        self.is_in_data = True

    def _data_over(self, _: str) -> None:
        self.is_in_data = False

    def _columns(self, attributes: Attributes) -> None:
        if is_true(attributes.get("hidden")) or attributes.get("width") == "0":
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns.update(range(max(1, first), min(last, limits.COLUMNS) + 1))

    def _span(self, attributes: Attributes) -> None:
        first, _, last = attributes["ref"].replace("$", "").partition(":")
        start, end = place_of(first), place_of(last or first)
        if start is None or end is None:
            raise Refused("damaged")
        if start[0] <= limits.ROWS and start[1] <= limits.COLUMNS:
            self.spans.append((*start, *end))
        if len(self.spans) > limits.CELLS // 10:
            raise Refused("cells", limit=limits.CELLS)

    def _row(self, attributes: Attributes) -> None:
        self.row = int(attributes.get("r", self.row + 1))
        self.column = 0
        if is_true(attributes.get("hidden")) or attributes.get("ht") == "0":
            self.hidden_rows.append(self.row)

    def _row_over(self, _: str) -> None:
        if self.cells:
            self.teller.row(self.row, self.cells)
            self.cells = []

    # ------------------------------------------------------------------ one cell

    def _new_cell(self) -> None:
        self.kind = "n"
        self.style = 0
        self.value: str | None = None
        self.formula: str | None = None
        self.mould: Attributes = {}

    def _cell(self, attributes: Attributes) -> None:
        self._new_cell()
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            place = place_of(reference)
            if place is None or place[0] != self.row:
                raise Refused("damaged")
            self.column = place[1]
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", "0"))

    def _formula(self, attributes: Attributes) -> None:
        self.mould = attributes

    def _formula_over(self, text: str) -> None:
        if not self.is_in_data:
            return
        if len(text) > limits.FORMULA_TEXT:
            raise Refused("damaged")
        number = self.mould.get("si")
        if self.mould.get("t") == "shared" and number is not None:
            if text:
                self.shared[number] = (text, self.row, self.column)
            elif number in self.shared:
                first, row, column = self.shared[number]
                text = moved(first, self.row - row, self.column - column)
        self.formula = text

    def _value(self, text: str) -> None:
        self.value = text

    def _cell_over(self, _: str) -> None:
        said = self.pieces.taken()
        if self.formula is not None:
            self._look_at_formula(self.formula)
        number_format, font = self.styles[self.style] if self.style < len(self.styles) else ("", "")
        kind, value = self._told(said, number_format, font)
        if kind is None:
            return
        cell = [self.column, kind, value, self.teller.style(number_format, font)]
        if self.formula is not None:
            cell.append(self.formula)
        self.cells.append(cell)

    def _told(self, said: Said, number_format: str, font: str) -> Told:
        value = self.value
        if self.kind == "inlineStr":
            return text_cell(self.teller, said, font, self._place())
        if value is None or (value == "" and self.kind != "str"):
            return NOTHING if self.formula is None else (UNCALCULATED, None)
        if self.kind in ("s", "str"):
            said = self.texts[int(value)] if self.kind == "s" else unescaped(value)
            return text_cell(self.teller, said, font, self._place())
        if self.kind == "b":
            return TRUTH, is_true(value.strip())
        if self.kind == "e":
            return ERROR, value[:20]
        if self.kind == "d":
            return iso_cell(value)
        told = number_cell(value, number_format, from_1904=self.book.from_1904)
        if self.formula is not None and self.book.to_be_calculated and told == (NUMBER, "0"):
            return UNCALCULATED, "0"  # the zero that programs write for want of a result
        return told

    def _look_at_formula(self, formula: str) -> None:
        elsewhere = books_elsewhere(formula)
        if starts_a_program(formula) or elsewhere & self.programs:
            self.teller.found("dde", cell=self._place())
        elif elsewhere:
            self.teller.found("elsewhere", cell=self._place())

    def _place(self) -> str:
        return f"{letters(self.column)}{self.row}"
