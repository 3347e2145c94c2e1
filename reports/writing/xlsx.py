"""A table as a spreadsheet that a clerk would have made: true numbers, live formulas, and the
value of each formula beside it, for viewers that do not calculate.
"""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from models.base import local
from reports.writing.formulas import Formulas, number_of
from reports.writing.heads import HeadCell, heads
from reports.writing.layout import SMALLER, Layout, in_rows, indent_of, lay_out, text_height
from reports.writing.table import Column, Kind, Rank, Row, Table
from reports.writing.text_size import FONT, LINE
from reports.writing.texts import printable, text_of
from reports.writing.xlsx_chart import add_chart

SIZE, HEAD_SIZE, TITLE_SIZE = 10.0, 9.0, 13.0
A4 = 9
ROOM = 760.0  # points between the margins of A4 across
LONGEST = 32_767  # signs that a cell holds
_LIVE = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_PIXELS = 96 / 72
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.55}  # inches


class LiveSheet(Worksheet):  # type: ignore[misc]
    """A sheet in which a formula whose result is an empty text has that stored as a text."""

    def _xml_formula_element(
        self, formula: str, result: Any, attributes: Sequence[tuple[str, Any]] = ()
    ) -> None:
        kind = [("t", "str")] if result == "" else []
        super()._xml_formula_element(formula, result, [*attributes, *kind])


def xlsx_of(*tables: Table) -> bytes:
    """The file, a sheet for each table. No macro, no link; text that begins like a formula stays
    text."""
    out = BytesIO()
    options = {
        "in_memory": True,  # no file of its own on a disk that may be full
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": FONT, "font_size": 11},
    }
    # strings are shared, not in the cells: viewers on phones do not all read those
    with Workbook(out, options) as book:
        for table in tables:
            _Writer(book, table).write()
    return out.getvalue()


class _Look(NamedTuple):
    """What tells one cell of the body from another, so that formats are made once."""

    rank: Rank
    kind: Kind
    is_centred: bool
    indent: int
    is_quoted: bool


class _Writer:
    def __init__(self, book: Workbook, table: Table) -> None:
        self.book, self.table = book, table
        self.columns = table.printed
        self.layout: Layout = lay_out(table, size=SIZE, head_size=HEAD_SIZE, room=ROOM)
        self.looks: dict[_Look, Format] = {}
        self.row = 0
        head = table.head
        book.set_properties(
            {"title": " ".join(head.title), "author": head.issuer, "subject": head.form}
        )
        self.sheet: Worksheet = book.add_worksheet(head.form, worksheet_class=LiveSheet)

    def write(self) -> None:
        sheet, layout = self.sheet, self.layout
        for n, points in enumerate(layout.widths):
            sheet.set_column_pixels(n, n, round(points * _PIXELS))
        self._above()
        first_head = self.row
        self._heads()
        sheet.freeze_panes(self.row, 2)
        top = self.row
        self._body()
        self._below()
        self._page(first_head)
        if self.table.chart is not None:
            add_chart(self.book, self.sheet, self.table, self.table.chart, top)

    def _format(self, **given: Any) -> Format:
        return self.book.add_format(
            {"font_name": FONT, "font_size": 11, "valign": "vcenter"} | given
        )

    def _line(self, text: str, first: int = 0, last: int | None = None, **given: Any) -> None:
        """A text over columns of the present row; the row stays."""
        last = len(self.columns) - 1 if last is None else last
        look = self._format(text_wrap=True, **given)
        if first == last:
            self.sheet.write_string(self.row, first, text, look)
        else:
            self.sheet.merge_range(self.row, first, self.row, last, "", look)
            self.sheet.write_string(self.row, first, text, look)

    def _paragraph(
        self, text: str, *, size: float = 11.0, bold: bool = False, **given: Any
    ) -> None:
        """A text over the whole width in rows of its own, as high as it needs."""
        if not text:
            return
        room = sum(self.layout.widths)
        for piece in in_rows(text, room, size, bold=bold):
            self.sheet.set_row(self.row, text_height(piece, room, size, bold=bold) + 1)
            self._line(piece, font_size=size, bold=bold, **given)
            self.row += 1

    def _above(self) -> None:
        """Issuer and number of the form, title, period, reference, state of the figures, unit."""
        head = self.table.head
        middle = self._middle()
        room = sum(self.layout.widths[:middle])
        self.sheet.set_row(self.row, max(18, text_height(head.issuer, room, 11.0, bold=True) + 1))
        self._line(head.issuer, 0, middle - 1, bold=True, align="left")
        self._line(head.form, middle, len(self.columns) - 1, bold=True, align="right")
        self.row += 1
        for line in head.title:
            self._paragraph(line, size=TITLE_SIZE, bold=True, align="center")
        self._paragraph(head.reference, align="center", italic=True)
        self._paragraph(head.mark, align="center", bold=True, italic=True, font_color="#C00000")
        for line in head.status:
            self._paragraph(line, align="left")
        self._paragraph(head.unit, align="right", italic=True)

    def _middle(self) -> int:
        """The column that begins in the middle of the sheet, or next to it."""
        widths = self.layout.widths
        most = len(widths) - 1
        return next((n for n in range(1, most) if sum(widths[:n]) >= sum(widths) / 2), max(1, most))

    def _heads(self) -> None:
        look = self._format(
            bold=True, font_size=HEAD_SIZE, align="center", text_wrap=True, border=1,
            bg_color="#F2F2F2",
        )  # fmt: skip
        for n, height in enumerate(self.layout.head_heights):
            self.sheet.set_row(self.row + n, height)
        for cell in heads(self.table):
            self._head(cell, look)
        self.row += len(self.layout.head_heights)
        small = HEAD_SIZE - SMALLER
        number = self._format(
            font_size=small, italic=True, align="center", border=1, text_wrap=True
        )
        lines = max(text.count("\n") for text in self.layout.numbers) + 1
        self.sheet.set_row(self.row, lines * small * LINE + 4)
        for n, text in enumerate(self.layout.numbers):
            self.sheet.write_string(self.row, n, text, number)
        self.row += 1

    def _head(self, cell: HeadCell, look: Format) -> None:
        row, col = self.row + cell.row, cell.col
        if cell.rows > 1 or cell.cols > 1:
            self.sheet.merge_range(row, col, row + cell.rows - 1, col + cell.cols - 1, "", look)
        self.sheet.write_string(row, col, cell.text, look)

    def _body(self) -> None:
        formulas = Formulas(self.table, self.row + 1)
        for number, row in enumerate(self.table.rows):
            self.sheet.set_row(self.row, self.layout.heights[number])
            for col, column in enumerate(self.columns):
                self._cell(col, column, row, formulas.of(column, number))
            self.row += 1
        if not self.table.rows:
            self._paragraph(self.table.head.none, align="center", italic=True, border=1)

    def _cell(self, col: int, column: Column, row: Row, formula: str | None) -> None:
        sheet, value = self.sheet, row.values[column.key]
        if column.kind in (Kind.TEXT, Kind.DAY, Kind.MOMENT) and value is None:
            value = ""
        if column.kind is Kind.TEXT:
            text = _whole(printable(text_of(self.table, column, row)))
            text = text.upper() if row.rank is Rank.TOTAL and column.number == 2 else text
            look = self._look(column, row, is_quoted=text.startswith(_LIVE))
            if text:
                sheet.write_string(self.row, col, text, look)
            else:
                sheet.write_blank(self.row, col, None, look)
            return
        look = self._look(column, row)
        if formula is not None:
            shown = "" if value is None else self._number(column, value)
            sheet.write_formula(self.row, col, f"={formula}", look, shown)
        elif value is None or value == "":
            sheet.write_blank(self.row, col, None, look)
        elif column.kind is Kind.DAY:
            sheet.write_datetime(self.row, col, value, look)
        elif column.kind is Kind.MOMENT:
            moment = local(value).replace(tzinfo=None, microsecond=0)
            sheet.write_datetime(self.row, col, moment, look)
        else:
            sheet.write_number(self.row, col, self._number(column, value), look)

    def _number(self, column: Column, value: Any) -> Decimal | int:
        """Exact: a binary number would be written with its noise."""
        if column.kind is Kind.MONEY:
            return number_of(value, self.table.unit)
        return value  # type: ignore[no-any-return]

    def _look(self, column: Column, row: Row, *, is_quoted: bool = False) -> Format:
        indent = indent_of(column, row)
        look = _Look(row.rank, column.kind, column.is_centred, indent, is_quoted)
        if look not in self.looks:
            self.looks[look] = self._made(look)
        return self.looks[look]

    def _made(self, look: _Look) -> Format:
        is_text = look.kind is Kind.TEXT
        side = "left" if is_text else "center" if look.kind is Kind.DAY else "right"
        return self._format(
            font_size=SIZE,
            border=1,
            border_color="#7F7F7F",
            bold=look.rank in (Rank.TOTAL, Rank.GROUP, Rank.PART),
            italic=look.rank is Rank.PART,
            text_wrap=is_text or look.kind is Kind.MOMENT,
            align="center" if look.is_centred or look.kind is Kind.MOMENT else side,
            num_format=self._num_format(look.kind),
            **({"indent": look.indent} if look.indent else {}),
            **({"quote_prefix": True} if look.is_quoted else {}),
        )

    def _num_format(self, kind: Kind) -> str:
        places = self.table.places
        money = "#,##0" + (f".{'0' * places}" if places else "")
        return {
            Kind.TEXT: "@",
            Kind.MONEY: f"{money}_ ;-{money}_ ;0_ ",
            Kind.PERCENT: "0.00_ ",
            Kind.POINTS: "+0.00_ ;-0.00_ ;0.00_ ",
            Kind.COUNT: "0_ ",
            Kind.YEAR: "0_ ",
            Kind.DAY: "dd/mm/yyyy",
            Kind.MOMENT: "hh:mm:ss dd/mm/yyyy",
        }[kind]

    def _below(self) -> None:
        for line in self.table.notes:
            self._paragraph(line, size=10.0, align="left", italic=True)

    def _page(self, first_head: int) -> None:
        """A4 across, as wide as one page, heads on every page, page x/y."""
        sheet, head = self.sheet, self.table.head
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(**_MARGINS)
        sheet.center_horizontally()
        last_head = first_head + len(self.layout.head_heights)
        sheet.repeat_rows(first_head, last_head)
        sheet.print_area(0, 0, self.row - 1, len(self.columns) - 1)
        font = f'&"{FONT},Regular"&9'
        left = " · ".join(part for part in (head.form, head.title[-1], head.mark) if part)
        sheet.set_footer(f"&L{font}{left}&R{font}&P/&N", {"margin": 0.25})
        sheet.hide_gridlines(2)


def _whole(text: str) -> str:
    """A text as long as a cell can hold; what is left out is said."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"
