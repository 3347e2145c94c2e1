"""A unit's own form, read back without a question: from its hidden marks, cell by cell.

What is no longer as it was given out is read in the ordinary way, with a warning that says why:
a form of an older version of the product, and one in which rows or columns were moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.base import RuleBroken, _n
from models.calendar import PeriodCode
from models.sheets.a1 import column_of
from models.sheets.form_marks import FORM_VERSION, FormMarks, Holds, read_marks
from models.sheets.own_form_cells import FormCells
from models.sheets.own_form_elsewhere import sums_without_result, words_elsewhere
from models.sheets.own_form_sums import AMOUNTS, FIGURES
from models.sheets.said import ColumnSeen, Field, Line, Reading, SheetSeen
from models.sheets.shapes import Ask, At, Book, Finding, Grid, Kind, Known, KnownUnit, Level, Option

_KNOWN = {
    **{one.value: one for one in Field},
    "code": Field.PROJECT_CODE,
    "label": Field.PROJECT,
}
NOT_THE_FORM = _n("This sheet is not the form. It was left aside.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ordinary:
    """The file is to be read as any other: `book` without what only a form has.

    `findings` say why, `lines` are what the texts of the form say of their projects.
    """

    book: Book
    findings: tuple[Finding, ...] = ()
    lines: tuple[Line, ...] = ()

    def with_reading(self, reading: Reading) -> Reading:
        """What the ordinary way read, with what was found here."""
        return replace(
            reading,
            findings=(*self.findings, *reading.findings),
            lines=(*reading.lines, *self.lines),
        )


def read_own_form(book: Book, ask: Ask, known: Known) -> Reading | Ordinary:
    """What a file with the marks of a form says; `Ordinary` where the marks cannot be followed.

    A form of a unit that is not asked for, or not within reach, is refused (`form_foreign`).
    """
    if book.form is None:
        return Ordinary(book=book)
    marks = read_marks(book.form)
    if ask.kind is not Kind.MONTHLY:
        return _as_any(book, known, marks)
    if marks is None or not marks.is_whole:
        return _ordinary(book, known, marks, "form_changed", _n(
            "The hidden marks of this form are damaged. It was read as any other file: look "
            "closely at what was understood, or fill in a new form."
        ))  # fmt: skip
    unit = _unit(marks, known)
    if unit is None or ask.investor not in (None, unit.code):
        return _foreign(book, unit)
    if ask.columns or ask.head:  # somebody says what the columns mean: read with that
        return _as_any(book, known, marks)
    if marks.version != FORM_VERSION:
        return _ordinary(book, known, marks, "form_old", _n(
            "This form is of an older version of the program. It was read as any other file: look "
            "closely at what was understood, or fill in a new form."
        ))  # fmt: skip
    grid = _sheet_of(book, marks)
    cells = FormCells(grid, marks, ask) if grid is not None else None
    if grid is None or cells is None or (changed := cells.changed) is not None:
        where = At() if grid is None or cells is None else changed
        return _ordinary(book, known, marks, "form_changed", _n(
            "Rows or columns of this form were moved, added or deleted. It was read as any other "
            "file: look closely at what was understood, or fill in a new form."
        ), where)  # fmt: skip
    if cells.retitled is not None:
        return _ordinary(book, known, marks, "form_changed", _n(
            "Above the table of this form another month or unit of amounts was written. It was "
            "read as any other file: look closely at what was understood, or fill in a new form."
        ), cells.retitled)  # fmt: skip
    return _read(book, grid, cells, unit, ask)


def _read(book: Book, grid: Grid, cells: FormCells, unit: KnownUnit, ask: Ask) -> Reading:
    marks = cells.marks
    lines = tuple(cells.lines(unit.code))
    findings = [
        *cells.findings,
        *_period(marks, grid, ask),
        *_unit_of_amounts(grid, ask),
        *_hidden(grid, marks),
    ]
    rows = [row.row for row in marks.rows]
    seen = SheetSeen(
        sheet=grid.name,
        is_used=True,
        head=(min(marks.head_rows), max(marks.head_rows)),
        rows=(min(rows), max(rows)),
        unit="dong",
        period=marks.period,
        columns=tuple(
            ColumnSeen(one.column, one.path, _KNOWN.get(one.field)) for one in marks.columns
        ),
    )
    others = [one for one in book.grids if one is not grid and one.cells]
    findings += [
        Finding(
            level=Level.WARNING if one.is_hidden else Level.HINT,
            code="sheet_hidden" if one.is_hidden else "sheet_skipped",
            message=NOT_THE_FORM,
            at=At(one.name),
        )
        for one in others
    ]
    return Reading(
        sheets=(seen, *(SheetSeen(sheet=one.name, is_used=False, why=_aside()) for one in others)),
        lines=lines,
        findings=tuple(findings),
        period=ask.period or marks.period,
        investor=unit.code,
        is_form=True,
    )


def _aside() -> RuleBroken:
    return RuleBroken(NOT_THE_FORM)


def _unit(marks: FormMarks, known: Known) -> KnownUnit | None:
    """The unit of the form, if it is one that this person may bring files of.

    Known by its id, or by its code where the records were moved to another database. The projects
    must be its own: codes of units are used again (domain §6.2).
    """
    by_id = [one for one in known.units if one.id == marks.unit_id]
    by_code = [one for one in known.units if one.code == marks.unit_code]
    projects = {row.project for row in marks.rows if row.holds is Holds.PROJECT}
    for unit in (*by_id, *by_code):
        own = {work.code for work in known.projects if work.unit_code == unit.code}
        if not projects or projects & own:
            return unit
    return None


def _foreign(book: Book, unit: KnownUnit | None) -> Reading:
    """Nothing is told of a unit out of reach, not even its name."""
    if unit is None:
        message = _n(
            "This form is not one of this unit. Download the form of the unit and the period "
            "from the program, and fill in that one."
        )
        values = {}
    else:
        message = _n(
            "This is the form of %(unit)s. Choose that unit, or take the form of the unit that "
            "is asked for."
        )
        values = {"unit": unit.short_name}
    sheet = next((grid.name for grid in book.grids if not grid.is_hidden), "")
    found = Finding(
        level=Level.ERROR, code="form_foreign", message=message, values=values, at=At(sheet)
    )
    return Reading(
        sheets=tuple(
            SheetSeen(sheet=grid.name, is_used=False, why=found.sentence) for grid in book.grids
        ),
        findings=(found,),
    )


def _ordinary(
    book: Book,
    known: Known,
    marks: FormMarks | None,
    code: str,
    message: str,
    at: At | None = None,
) -> Ordinary:
    sheet = next((grid.name for grid in book.grids if not grid.is_hidden), "")
    found = Finding(level=Level.WARNING, code=code, message=message, at=at or At(sheet))
    return replace(_as_any(book, known, marks), findings=(found,))


def _as_any(book: Book, known: Known, marks: FormMarks | None) -> Ordinary:
    rows = marks.rows if marks is not None else ()
    labels = {row.label: row.field for row in rows if row.holds is Holds.WORDS}
    grids, lines = [], []
    for grid in book.grids:
        rows_of_words, said = words_elsewhere(grid, labels, known)
        sums = sums_without_result(grid, marks) if marks is not None else set()
        grids.append(_without(grid, rows_of_words, sums))
        lines += said
    return Ordinary(book=replace(book, grids=tuple(grids), form=None), lines=tuple(lines))


def _without(grid: Grid, rows: set[int], cells: set[tuple[int, int]]) -> Grid:
    kept = {
        place: cell
        for place, cell in grid.cells.items()
        if place[0] not in rows and place not in cells
    }
    return replace(grid, cells=kept) if len(kept) < len(grid.cells) else grid


def _sheet_of(book: Book, marks: FormMarks) -> Grid | None:
    """The page of the form: by its name, or the only one that is shown if it was renamed."""
    shown = [grid for grid in book.grids if not grid.is_hidden]
    named = [grid for grid in shown if grid.name == marks.sheet]
    if named:
        return named[0]
    return shown[0] if len(shown) == 1 else None


def _period(marks: FormMarks, grid: Grid, ask: Ask) -> Iterable[Finding]:
    """The form of another period than the one that is asked for is asked about."""
    if ask.period in (None, marks.period):
        return
    question = Finding(
        level=Level.QUESTION,
        code="period_conflict",
        message=_n(
            "This is the form of %(written)s, but %(asked)s is asked for. Are these the figures "
            "of %(asked)s?"
        ),
        values={"written": PeriodCode.parse(marks.period), "asked": PeriodCode.parse(ask.period)},
        at=At(grid.name),
        options=(Option(ask.period or ""), Option(marks.period)),
        for_file=True,
    )
    given = ask.answers.get("period_conflict", "").strip()
    if given == ask.period:
        return
    if given == marks.period:
        yield replace(
            question,
            level=Level.ERROR,
            options=(),
            message=_n("The form is of %(written)s. Bring it in for that period."),
        )
        return
    yield question


def _unit_of_amounts(grid: Grid, ask: Ask) -> Iterable[Finding]:
    """The form counts in đồng; who says otherwise means another file."""
    if ask.unit not in (None, "", "dong"):
        yield Finding(
            level=Level.ERROR,
            code="unit_conflict",
            message=_n(
                "The amounts of this form are in đồng, but another unit was chosen. Choose đồng, "
                "or leave the unit to the file."
            ),
            at=At(grid.name),
        )


def _hidden(grid: Grid, marks: FormMarks) -> Iterable[Finding]:
    """Rows and columns of the form that are not seen are read all the same, and named."""
    unseen = [
        one.column
        for one in marks.columns
        if one.field in (*AMOUNTS, *FIGURES) and column_of(one.column) in grid.hidden_columns
    ]
    if unseen:
        yield Finding(
            level=Level.WARNING,
            code="columns_hidden",
            message=_n("Hidden columns are read as well: %(columns)s."),
            values={"columns": ", ".join(unseen)},
            at=At(grid.name, f"{unseen[0]}{marks.head_rows[-1]}"),
        )
    for row in marks.rows:
        if row.row in grid.hidden_rows:
            yield Finding(
                level=Level.WARNING,
                code="rows_hidden",
                message=_n("This row is hidden. It was read like the others."),
                at=At(grid.name, f"{marks.labels}{row.row}", value=row.label),
            )
