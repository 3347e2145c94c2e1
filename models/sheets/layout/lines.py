"""The lines of a table: what each row, or each crossing, says of one project."""

from collections.abc import Sequence

from models.base import _n
from models.sheets.layout.about import About, Finder
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.judging import Judge, Standing
from models.sheets.layout.rows import Row, RowKind
from models.sheets.layout.subjects import Namer, Subjects
from models.sheets.layout.table import NAMING, Table
from models.sheets.layout.understanding import TOLD
from models.sheets.layout.values import Values
from models.sheets.outcome import broken
from models.sheets.said import Field, Line, Value
from models.sheets.shapes import At, Kind


class Lines:
    """Makes lines of rows; what a name leaves open is asked, and what cannot be is refused."""

    def __init__(
        self, table: Table, subjects: Subjects, values: Values, desk: Desk, stand: Standing
    ) -> None:
        self._table, self._subjects, self._values = table, subjects, values
        self._namer: Namer = subjects.namer
        self._kind, self._investor = subjects.kind, subjects.investor
        self._desk = desk
        self._judge = Judge(subjects, desk, stand)
        self._finder = Finder(subjects, self._judge, desk)
        self.lines: list[Line] = []

    def take(self, rows: Sequence[Row]) -> None:
        """Make the lines of all rows that are no sums."""
        for row in rows:
            self._finder.fill_down(row)
            if row.kind is RowKind.CAPITAL:
                self._finder.part(row)
                self._orphan(row)
            elif row.kind is RowKind.SUBJECT and not row.is_section:
                self._row(row)

    # ------------------------------------------------------------------------------- one row

    def _row(self, row: Row) -> None:
        says_nothing = not (row.has_figures or any(one.has_figures for one in row.capitals))
        if says_nothing and not (self._kind is Kind.PROJECTS and row.title):
            return
        if self._is_failed(row):
            return
        plain = self._values.plain
        crossings = self._crossings()
        if not crossings:
            values = self._values.of(row, plain)
            if not self._is_of_no_use(row, values):
                self._line(row, self._finder.about(row), values)
            return
        others = [one for one in plain if one.field in _WORDS]
        if words := self._values.of(row, others):
            self._line(row, self._finder.about(row), words)
        for columns in crossings:
            self._crossing(row, columns)
        amounts = [one for one in plain if one not in others]
        values = self._values.of(row, amounts)
        if values and not self._is_of_no_use(row, values):
            self._line(row, self._finder.about(row), values)

    def _is_failed(self, row: Row) -> bool:
        """Whether a formula failed that says whose the figures are, or of which capital. A project
        that is known all the same needs neither code nor component.
        """
        needed = _ALWAYS if row.work_code and self._kind is not Kind.PROJECTS else _WHOSE
        cells, found = self._table.sheet.rows[row.number], False
        for column in self._table.columns.values():
            cell = cells.get(column.number) if column.field in needed else None
            if cell is not None and (read := broken(cell)) is not None:
                at = self._table.sheet.at(row.number, column.number, column.heading)
                self._desk.findings.append(read.finding(at))
                found = True
        return found

    def _is_of_no_use(self, row: Row, values: list[Value]) -> bool:
        """Whether a row of a unit or component only says what is compared with a project's plan:
        of which project it is need not be asked.
        """
        is_named = row.work_code is not None or row.is_unknown or bool(row.code)
        return not is_named and bool(values) and all(map(self._values.is_only_compared, values))

    def _crossings(self) -> list[list[Column]]:
        """The columns of units or components, those of one crossing together."""
        found: dict[tuple[str | None, str | None], list[Column]] = {}
        for column in self._values.crossing:
            found.setdefault((column.part, column.holder), []).append(column)
        return list(found.values())

    def _crossing(self, row: Row, columns: list[Column]) -> None:
        """One row where it meets the columns of one component or unit."""
        values = self._values.of(row, columns)
        if not values:
            return
        about = self._finder.about(row, columns[0], values[0].at)
        self._line(row, about, values, values[0].at)

    def _line(self, row: Row, about: About, values: list[Value], at: At | None = None) -> None:
        code, place = row.told_code
        if code and self._kind in (Kind.PROJECTS, Kind.TREASURY):
            code_at = self._table.sheet.at(*place)
            values.insert(0, Value(field=Field.PROJECT_CODE, value=code, at=code_at))
        if about.work is not None and not about.is_open:
            self._judge.double(row, about.work, values)
        elif self._kind is Kind.PROJECTS and not about.is_open:
            self._judge.double_new(row, about.unit)
        self.lines.append(
            Line(
                at=at or self._finder.place(row),
                unit=about.unit,
                work=about.work,
                part=about.part,
                name=row.name,
                values=tuple(values),
            )
        )

    def _orphan(self, row: Row) -> None:
        """Figures of some capital below which no project stands, and above which none does."""
        if not row.has_figures or row.is_section or row.is_part:
            return
        if self._kind is Kind.CONSOLIDATED and self._values.is_nothing(row):
            return  # the kind of capital that nobody holds: “A. Vốn đầu tư phát triển | 0”
        works = [one for one in self._namer.known.projects if one.unit_code == self._investor]
        at = self._finder.place(row)
        given = self._desk.choose(
            "name_unclear",
            _n("Row %(row)s names capital, but no project. Of which project are its figures?"),
            at,
            self._namer.options_of(works),
            takes=lambda code: code in self._namer.works,
            row=row.number,
        )
        if given is not None:
            work = self._namer.works[given]
            values = self._values.of(row, self._values.plain)
            self._line(row, About(work.unit_code, work.code, work.component_code), values)


_ALWAYS = frozenset({Field.UNIT, Field.SOURCE, Field.NATURE, Field.VINTAGE})
_WHOSE = _ALWAYS | NAMING
_WORDS = TOLD | {Field.NOTE}
