"""The workbook of a unit's form: one protected page, its hidden marks, no macro, no link."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from models.base import rate
from models.sheets import FORM_SHEET, Field, Holds, letters
from reports.unit_form.columns import (
    AMOUNTS,
    CODE,
    FIGURES,
    LABEL,
    NUMBER,
    Column,
    figure,
)
from reports.unit_form.form import FIRST, GROUPS, HEADINGS, NUMBERS, UnitForm
from reports.unit_form.limits import limit_words, limits_of
from reports.unit_form.paper import foot, letter_head, page_setup
from reports.unit_form.rows import PrintedRow
from reports.unit_form.styles import RATE, Page, Styles
from reports.writing import FONT, LiveSheet, height_of

_PIECE = 200  # arguments of one SUM; a spreadsheet takes 255


def write_form(form: UnitForm) -> bytes:
    """The bytes of the workbook."""
    out = BytesIO()
    book = Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_format_properties": {"font_name": FONT, "font_size": 11},
        },
    )
    book.set_properties({"title": form.title[0], "author": form.unit, "created": form.at})
    book.set_calc_mode("auto")
    sheet = book.add_worksheet(form.name, worksheet_class=LiveSheet)
    _Table(form, sheet, Styles(book)).write()
    _marks(form, book)
    book.close()
    return out.getvalue()


def _marks(form: UnitForm, book: Workbook) -> None:
    hidden = book.add_worksheet(FORM_SHEET)
    for n, (key, value) in enumerate(form.marks.written()):
        hidden.write_string(n, 0, key)
        hidden.write_string(n, 1, value)
    hidden.very_hidden()
    hidden.protect()


class _Table:
    """The page, written from top to bottom."""

    def __init__(self, form: UnitForm, sheet: Worksheet, styles: Styles) -> None:
        self.form, self.sheet, self.styles = form, sheet, styles
        self.page = Page(sheet, styles)
        self.last = form.last_column

    def write(self) -> None:
        for n, column in enumerate(self.form.columns):
            self.sheet.set_column_pixels(n, n, column.width)
        letter_head(self.form, self.page)
        self._heads()
        for row in self.form.rows:
            self._row(row)
        end = foot(self.form, self.page, self.form.rows[-1].mark.row)
        page_setup(self.form, self.page, end)

    def _heads(self) -> None:
        """Two rows of headings, those of one group beneath their common one, and the numbers."""
        styles, columns = self.styles, self.form.columns
        self.page.high(GROUPS - 1, 16)
        for n, column in enumerate(columns):
            if not column.group:
                self.sheet.merge_range(
                    GROUPS - 1, n, HEADINGS - 1, n, column.heading, styles.head()
                )
                continue
            self.sheet.write_string(HEADINGS - 1, n, column.heading, styles.head())
            if columns[n - 1].group != column.group:
                width = sum(one.group == column.group for one in columns)
                self.sheet.merge_range(
                    GROUPS - 1, n, GROUPS - 1, n + width - 1, column.group, styles.head()
                )
        high = max(height_of(one.heading, points(one), 10, bold=True) for one in columns)
        self.page.high(HEADINGS - 1, high - 2)
        numbers = {column.key: f"({n})" for n, column in enumerate(columns, 1)}
        for n, column in enumerate(columns):
            made = "".join(f"{sign}{numbers[key]}" for sign, key in column.made_of)
            told = numbers[column.key] + (f"={made.removeprefix('+')}" if made else "")
            self.sheet.write_string(NUMBERS - 1, n, told, styles.numbers())
        high = max(
            height_of(f"{numbers[one.key]}{'=(0)+(0)' * bool(one.made_of)}", points(one), 8)
            for one in columns
        )
        longest = max(len(column.made_of) for column in columns)
        self.page.high(NUMBERS - 1, high if longest < 4 else max(high, 24))

    def _row(self, row: PrintedRow) -> None:
        form, line = self.form, row.mark.row - 1
        text = {NUMBER: row.number, CODE: row.mark.project, LABEL: row.mark.label}
        if row.mark.holds is Holds.WORDS:
            self._words(row, text)
            return
        for n, column in enumerate(form.columns):
            if column.key in text:
                style = self.styles.label if column.key == LABEL else self.styles.code
                self.sheet.write_string(line, n, text[column.key], style(row.depth))
            else:
                self._figure(row, column, n)
        label = form.columns[form.column(LABEL)]
        high = height_of(row.mark.label, points(label), 11, bold=row.depth < 3)
        self.page.high(line, max(high, 17))

    def _words(self, row: PrintedRow, text: dict[str, str]) -> None:
        """A label and one wide cell to type in, high enough for what stands there already."""
        line, start = row.mark.row - 1, self.form.column(LABEL) + 1
        for key, value in text.items():
            style = self.styles.label if key == LABEL else self.styles.code
            self.sheet.write_string(
                line, self.form.column(key), value, style(3, italic=key == LABEL)
            )
        typed = str(getattr(row.project, row.mark.field) or "")
        style = self.styles.words()
        self.sheet.merge_range(line, start, line, self.last, "", style)
        if typed:
            self.sheet.write_string(line, start, typed, style)
        wide = sum(points(column) for column in self.form.columns[start:])
        lines = 2 if row.mark.field == Field.PROGRESS_TEXT else 1
        high = max(height_of(typed, wide, 11), height_of("\n" * (lines - 1), wide, 11) + 2)
        self.page.high(line, high)
        limit_words(self.sheet, line, start)

    def _figure(self, row: PrintedRow, column: Column, n: int) -> None:
        line, mark = row.mark.row - 1, row.mark
        is_entry = (mark.holds is Holds.CAPITAL and column.key in AMOUNTS) or (
            mark.holds is Holds.PROJECT and column.key in FIGURES
        )
        if is_entry:
            self._entry(row, column, n)
        elif column.key in FIGURES or not row.allocations:
            self.sheet.write_blank(line, n, None, self.styles.figure(row.depth))
        elif column.key == Field.RATE:
            self._rate(row, n)
        elif formula := self._formula(row, column):
            value = figure(column.key, row.allocations)
            self.sheet.write_formula(
                line, n, formula, self.styles.figure(row.depth), value if value is not None else 0
            )
        else:
            self._number(line, n, figure(column.key, row.allocations), row.depth)

    def _number(self, line: int, n: int, value: int | None, depth: int) -> None:
        if value is None:
            self.sheet.write_blank(line, n, None, self.styles.figure(depth))
        else:
            self.sheet.write_number(line, n, value, self.styles.figure(depth))

    def _entry(self, row: PrintedRow, column: Column, n: int) -> None:
        line = row.mark.row - 1
        is_percent = column.key == Field.PROGRESS
        if row.mark.holds is Holds.CAPITAL:
            typed: Any = row.allocations[0].entered(column.key)
        else:
            typed = getattr(row.project, column.key)
        style = self.styles.entry(RATE) if is_percent else self.styles.entry()
        if typed is None:
            self.sheet.write_blank(line, n, None, style)
        else:
            self.sheet.write_number(line, n, float(typed) if is_percent else typed, style)
        self.sheet.data_validation(line, n, line, n, limits_of(self.form, row, column.key))

    def _rate(self, row: PrintedRow, n: int) -> None:
        line = row.mark.row
        if row.is_memo:
            self.sheet.write_blank(line - 1, n, None, self.styles.figure(row.depth, RATE))
            return
        plan, after = (
            f"{self.form.letters_of(key)}{line}" for key in (Field.PLAN, Field.CUMULATIVE)
        )
        shown = rate(
            sum(one.after for one in row.allocations), sum(one.plan for one in row.allocations)
        )
        self.sheet.write_formula(
            line - 1,
            n,
            f'=IF({plan}=0,"",ROUND({after}*100/{plan},2))',
            self.styles.figure(row.depth, RATE),
            "" if shown is None else float(shown),
        )

    def _formula(self, row: PrintedRow, column: Column) -> str:
        """What a cell computes: down the rows where it is a sum, else across; nothing if typed."""
        if row.mark.adds:
            return f"={_sum(letters(self.form.column(column.key) + 1), row.mark.adds)}"
        made = "".join(
            f"{sign}{self.form.letters_of(key)}{row.mark.row}" for sign, key in column.made_of
        )
        return f"={made.removeprefix('+')}" if made else ""


def _sum(column: str, rows: Sequence[int]) -> str:
    """SUM over rows: a range where they follow each other, else in pieces that programs take."""
    if rows[-1] - rows[0] == len(rows) - 1:
        return f"SUM({column}{rows[0]}:{column}{rows[-1]})"
    return f"SUM({','.join(_pieces(column, rows))})"


def _pieces(column: str, rows: Sequence[int]) -> Iterator[str]:
    if len(rows) <= _PIECE:
        yield from (f"{column}{row}" for row in rows)
        return
    for start in range(0, len(rows), _PIECE):
        yield f"SUM({','.join(f'{column}{row}' for row in rows[start : start + _PIECE])})"


def points(column: Column) -> float:
    """The room for text in a column, in points, with something kept for other programs' letters."""
    return (column.width - 7) * 0.75 * 0.96


__all__ = ["FIRST", "write_form"]
