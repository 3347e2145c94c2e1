"""Whether rows may stand in this file: whose project it is, and whether it stands there twice."""

from collections.abc import Iterable

from models.base import _n, clean_line
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.nesting import capital_above, part_above, unit_above
from models.sheets.layout.rows import Place, Row
from models.sheets.layout.settling import AMOUNTS
from models.sheets.layout.subjects import Subjects
from models.sheets.said import Field, Value
from models.sheets.shapes import At, Kind, KnownProject

_ONLY_COMPARED = frozenset(
    {Field.PLAN, Field.PLAN_AFTER, Field.BEFORE, Field.REMAINING, Field.PROJECT_CODE}
)


# where a project says something of one kind and capital, over all tables of the file
Standing = dict[tuple[object, ...], tuple[Row, At]]


class Judge:
    """Refuses rows of projects that do not belong here, and rows that repeat others."""

    def __init__(self, subjects: Subjects, desk: Desk, stand: Standing) -> None:
        self._subjects, self._desk = subjects, desk
        self._namer, self._kind = subjects.namer, subjects.kind
        self._investor = subjects.investor
        self._seen = stand
        self._told: set[int] = set()

    @property
    def hides(self) -> bool:
        """Whether nothing may be told of what this person does not see."""
        return self._namer.known.is_part_of_district

    def _at(self, place: Place) -> At:
        return self._namer.table.sheet.at(*place, self._namer.table.heading(place[1]))

    def stranger(self, row: Row, place: Place) -> None:
        """A row of a project that is none of the unit's own: nothing is said of whether it is."""
        if row.number in self._told:
            return
        self._told.add(row.number)
        self._desk.error(
            "row_foreign",
            _n("Row %(row)s is not about a project of this unit. Take it out of the file."),
            self._at(place),
            row=row.number,
        )

    def is_foreign(self, row: Row, unit: str) -> bool:
        """Refuse a row of another unit in the report of one."""
        if self._kind is not Kind.MONTHLY or self._investor in (None, unit):
            return False
        self._foreign(row, row.unit_place if row.unit else row.place, unit)
        return True

    def _foreign(self, row: Row, place: Place, unit: str) -> None:
        if self.hides:
            self.stranger(row, place)
            return
        if row.number in self._told:
            return
        self._told.add(row.number)
        self._desk.error(
            "row_foreign",
            _n(
                "“%(text)s” belongs to %(unit)s, and this is the report of %(investor)s. Take the "
                "row out, or choose the other unit."
            ),
            self._at(place),
            text=(row.title or row.code)[:200],
            unit=self._named(unit),
            investor=self._named(self._investor or ""),
        )

    def _named(self, unit: str) -> str:
        known = self._namer.units.get(unit)
        return known.short_name if known else unit

    def project(self, row: Row, column: Column | None, at: At | None) -> None:
        """Whether a project belongs to the unit of the report, of its row, section and column."""
        work = self._namer.works[row.work_code or ""]
        if self._kind is Kind.MONTHLY and self._investor not in (None, work.unit_code):
            self._foreign(row, row.place, work.unit_code)
            return
        if self._kind is Kind.PROJECTS:
            return
        self._unit_fits(row, work, column, at)
        self._part_fits(row, work, column, at)

    def part(self, row: Row, work: KnownProject) -> None:
        """Whether the unit and the code in a row of capital are those of its project above."""
        if row.unit_code is not None:
            self._is_of(row.unit_code, work, self._at(row.unit_place))
        code = self._namer.names.work("", code=row.code).code if row.code else None
        if code not in (None, work.code):
            self._desk.error(
                "row_conflict",
                _n(
                    "“%(text)s” is the code of another project than “%(project)s”, below which "
                    "this row stands. Correct the code, or put the row where it belongs."
                ),
                self._at(row.code_place),
                text=row.code[:200],
                project=work.name,
            )

    def _unit_fits(
        self, row: Row, work: KnownProject, column: Column | None, at: At | None
    ) -> None:
        holder = column.holder if column else None
        unit = holder or row.unit_code or (None if row.unit else unit_above(row))
        if unit is not None:
            self._is_of(unit, work, at if holder and at else self._at(row.place))

    def _is_of(self, unit: str, work: KnownProject, at: At) -> None:
        if unit == work.unit_code:
            return
        self._desk.error(
            "row_conflict",
            _n(
                "“%(text)s” is a project of %(unit)s, not of %(other)s. Correct the unit or the "
                "project."
            ),
            at,
            text=work.name,
            unit=self._named(work.unit_code),
            other=self._named(unit),
        )

    def _part_fits(
        self, row: Row, work: KnownProject, column: Column | None, at: At | None
    ) -> None:
        crossed = column.part if column else None
        part = crossed or row.component_code or part_above(row)
        if part is None or self._namer.is_inside(work.component_code, part):
            return
        message = _n(
            "“%(text)s” is a project of the component %(part)s, but stands below %(other)s here."
        )
        values = {"text": work.name, "part": work.component_code, "other": part}
        if crossed:
            self._desk.error("row_conflict", message, at or self._at(row.place), **values)
        elif row.number not in self._told:
            self._told.add(row.number)
            self._desk.warning("row_conflict", message, self._at(row.place), **values)

    def double_new(self, row: Row, unit: str | None) -> None:
        """Refuse a second row of a new project: of the same code, or of the same name and unit."""
        named = ("code", row.code) if row.code else ("name", clean_line(row.title).casefold(), unit)
        self._once((("new", *named),), row, row.title or row.code)

    def double(self, row: Row, work: str, values: list[Value]) -> None:
        """Refuse a second row that says the same of a project."""
        if self._kind is Kind.TREASURY:
            return
        keys: list[tuple[object, ...]] = (
            [(work, Field.PROJECT)] if self._kind is Kind.PROJECTS else []
        )
        for one in values:
            if one.field in _ONLY_COMPARED or one.month:
                continue
            # a project stands once in each section by capital, its words in all of them
            said = one.capital if one.field in AMOUNTS else capital_above(row)
            keys.append((work, one.field, said))
        self._once(keys, row, self._namer.works[work].name)

    def _once(self, keys: Iterable[tuple[object, ...]], row: Row, text: str) -> None:
        own = (row, self._at((row.number, row.place[1])))  # beside a name merged over both rows
        for key in keys:
            first = self._seen.setdefault(key, own)
            if first[0] is not row and row.number not in self._told:
                self._told.add(row.number)
                self._desk.error(
                    "row_double",
                    _n(
                        "“%(text)s” stands in %(first)s already. Leave one of the two rows, or put "
                        "both into one."
                    ),
                    own[1],
                    text=text[:200],
                    first=_place_of(first[1], own[1]),
                )


def _place_of(first: At, second: At) -> str:
    """A cell as it is named from another one: with its sheet, if that is another."""
    return first.cell if first.sheet == second.sheet else f"{first.sheet}!{first.cell}"
