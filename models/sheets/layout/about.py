"""What a row or crossing is about: the project, resolved, asked, or refused."""

from dataclasses import dataclass

from models.base import _n
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.judging import Judge
from models.sheets.layout.nesting import part_above, sections_above, unit_above
from models.sheets.layout.rows import Row, RowKind
from models.sheets.layout.subjects import Open, Subjects
from models.sheets.names import Match
from models.sheets.shapes import At, Kind, Option

NEW = "new"  # the answer that a name near to a known one is a new project
NONE = "-"  # the answer that a name of a statement is none of the projects here
_OTHERS = {NEW: _n("a new project"), NONE: _n("none of the projects here")}


@dataclass(frozen=True, slots=True)
class About:
    """What one row or crossing is about, as far as it is known."""

    unit: str | None = None
    work: str | None = None
    part: str | None = None
    is_open: bool = False  # a finding says why it is not known


class Finder:
    """Finds the project of each row; what a name leaves open is asked, once for each name."""

    def __init__(self, subjects: Subjects, judge: Judge, desk: Desk) -> None:
        self._subjects, self._judge, self._desk = subjects, judge, desk
        self._namer, self._table = subjects.namer, subjects.namer.table
        self._kind, self._investor = subjects.kind, subjects.investor
        self._filled_unit: str | None = None
        self._filled_part: str | None = None

    def fill_down(self, row: Row) -> None:
        """A unit or component that stands only in the first of its rows holds for the next."""
        if row.kind is RowKind.TOTAL or row.is_section:
            self._filled_unit = None
            self._filled_part = None
            return
        if row.unit:
            self._filled_unit = row.unit_code
        if row.part:
            self._filled_part = row.component_code

    def place(self, row: Row) -> At:
        """The cell of a row's name."""
        row_, column = row.place
        return self._table.sheet.at(row_, column, self._table.heading(column))

    def about(self, row: Row, column: Column | None = None, at: At | None = None) -> About:
        """Project, unit and component of a row, or of its crossing with a column."""
        self._open_cells(row)
        if row.work_code is not None:
            self._judge.project(row, column, at)
            work = self._namer.works[row.work_code]
            if self._kind is Kind.PROJECTS:  # a list says where its projects belong from now on
                unit, part = row.unit_code or unit_above(row), row.component_code or part_above(row)
                return About(unit or work.unit_code, work.code, part or work.component_code)
            return About(work.unit_code, work.code, work.component_code)
        if row.is_unknown or not (row.title or row.code or row.unit or row.part):
            return self._unknown(row)
        unit = self._unit(row, column)
        part = (column.part if column else None) or row.component_code or part_above(row)
        if part is None and not row.part:
            part = self._filled_part
        if part is None and len(self._table.titles.parts) == 1:
            part = self._table.titles.parts[0]
        if self._kind is Kind.PROJECTS:
            return self._new(row, unit, part)
        if unit is not None and self._judge.is_foreign(row, unit):
            return About(unit=unit, part=part, is_open=True)
        return self._only_one(row, unit, part, at)

    def part(self, row: Row) -> None:
        """A row of capital that says itself whose it is must be of the project above it."""
        if self._kind is Kind.PROJECTS or not (row.is_part and row.has_figures):
            return
        above = next((one for one in sections_above(row) if one.kind is RowKind.SUBJECT), None)
        if above is not None and above.work_code is not None:
            row.unit_code = self._namer.code("unit", self._subjects.open_unit(row))
            self._open_unit(row)
            self._judge.part(row, self._namer.works[above.work_code])

    def _unit(self, row: Row, column: Column | None) -> str | None:
        if column is not None and column.holder:
            return column.holder
        told = row.unit_code or unit_above(row)
        if told is None and not row.unit:
            told = self._filled_unit or self._investor
        return told

    def _open_cells(self, row: Row) -> None:
        """Ask about units and components in columns of their own that are not known."""
        self._open_unit(row)
        needs_part = row.work_code is None or self._kind is Kind.PROJECTS
        if row.part and row.component_code is None and needs_part:
            self._namer.raise_open(
                "part",
                self._subjects.open_part(row),
                _n("There is no component “%(text)s”. Correct the name in the file."),
            )

    def _open_unit(self, row: Row) -> None:
        if row.unit and row.unit_code is None:
            one = self._subjects.open_unit(row)
            if self._judge.hides and not one.match.options:
                self._judge.stranger(row, one.place)
            else:
                self._namer.raise_open(
                    "unit", one, _n("There is no unit “%(text)s”. Correct the name in the file.")
                )

    def _unknown(self, row: Row) -> About:
        """A row whose name is none that is known."""
        one = self._subjects.open_title(row)
        unit, part = row.unit_code or unit_above(row), row.component_code or part_above(row)
        if self._kind is Kind.PROJECTS:
            return self._new(row, unit, part)
        if self._kind is Kind.TREASURY:
            if one.match.options:
                self._ask_or(NONE, one)
            return About(unit=unit, part=part)
        if self._judge.hides and not one.match.options:
            self._judge.stranger(row, row.place)
        elif not one.text:
            self._desk.error(
                "name_unknown",
                _n(
                    "Row %(row)s says something, but has no name. Write the project, or clear the "
                    "row."
                ),
                self.place(row),
                row=row.number,
            )
        else:
            self._namer.raise_open(
                "subject",
                one,
                _n(
                    "There is no project, component or unit “%(text)s”. Correct the name in the "
                    "file, or have the project entered first."
                ),
            )
        return About(unit=unit, part=part, is_open=True)

    def _ask_or(self, other: str, one: Open) -> str | None:
        """Ask which project is meant, where it may be none of those that are known."""
        return self._desk.choose(
            "name_unclear",
            _n("“%(text)s” is not known under exactly this name. Which one is meant?"),
            self._table.sheet.at(*one.place, one.heading),
            (*one.match.options, Option(other, _OTHERS[other])),
            takes=lambda given: given == other or given in self._namer.works,
            text=one.text[:200],
        )

    def _new(self, row: Row, unit: str | None, part: str | None) -> About:
        """A project of a list that is not known: new, unless its name is near to a known one."""
        if part is None and row.heading is not None:
            self._heading(row.heading)
        one = self._subjects.open_title(row)
        near = tuple(each for each in one.match.options if each.value in self._namer.works)
        if near and not row.code:
            one = Open(one.text, one.place, one.heading, Match(options=near), one.takes)
            given = self._ask_or(NEW, one)
            if given is None:
                return About(unit=unit, part=part, is_open=True)
            if given in self._namer.works:
                return About(unit, given, part)
        return About(unit=unit, part=part)

    def _only_one(self, row: Row, unit: str | None, part: str | None, at: At | None) -> About:
        """The only project of a unit below a component; where there are several, it is asked."""
        place = row.place
        text = row.title
        if row.heading is not None and (unit is None or part is None):
            self._heading(row.heading)
            return About(unit=unit, part=part, is_open=True)
        if unit is None:
            if not row.unit:
                self._desk.error(
                    "name_unknown",
                    _n("“%(text)s”: the sheet does not say of which unit these figures are."),
                    at or self.place(row),
                    text=(text or row.part)[:200],
                )
            return About(part=part, is_open=True)
        works = self._namer.works_of(unit, part)
        named = [one for one in works if self._namer.names.work(text).code == one.code]
        if (len(works) == 1 and part is not None) or len(named) == 1:
            work = (named or works)[0]
            return About(unit, work.code, work.component_code)
        return self._asked_which(
            row, unit, part, at or self._table.sheet.at(*place, self._table.heading(place[1]))
        )

    def _heading(self, heading: Row) -> None:
        """Ask about the heading above a row, whose component or unit is needed."""
        self._namer.raise_open(
            "subject",
            self._subjects.open_title(heading),
            _n("There is no component or unit “%(text)s” here."),
        )

    def _asked_which(self, row: Row, unit: str, part: str | None, at: At) -> About:
        works = self._namer.works_of(unit, part)
        name = self._namer.units[unit].short_name if unit in self._namer.units else unit
        if not works:
            given = self._desk.ask.answers.get(f"name_unknown:{at.sheet}!{at.cell}")
            if given in self._namer.works:
                return About(unit, given, self._namer.works[given].component_code)
            self._desk.error(
                "name_unknown",
                _n("%(unit)s has no project below this component. Have it entered first."),
                at,
                unit=name,
            )
            return About(unit=unit, part=part, is_open=True)
        given = self._desk.choose(
            "name_unclear",
            _n("Which project of %(unit)s do these figures belong to?"),
            at,
            self._namer.options_of(works),
            takes=lambda code: code in {one.code for one in works},
            unit=name,
        )
        if given is None:
            return About(unit=unit, part=part, is_open=True)
        return About(unit, given, self._namer.works[given].component_code)
