"""The columns of a table that say what a row is about."""

from dataclasses import dataclass

from models.sheets.layout.settling import AMOUNTS
from models.sheets.layout.table import Table
from models.sheets.said import Field


@dataclass(frozen=True, slots=True)
class Places:
    """The columns in which the texts of a row stand, and those of its figures."""

    name: int | None
    unit: int | None
    part: int | None
    code: int | None
    number: int | None
    source: int | None
    nature: int | None
    vintage: int | None
    figures: frozenset[int]
    first_figure: int

    @property
    def is_crossed(self) -> bool:
        """Whether columns of units and of components name rows together, and no other does."""
        return self.name is None and self.unit is not None and self.part is not None

    def subject_of(self, column: int) -> str:
        """What a column names beside projects: "code", "unit", "part", or nothing."""
        named = {self.code: "code", self.unit: "unit", self.part: "part"}
        return named.get(column, "")

    @property
    def labels(self) -> tuple[int, ...]:
        found = (self.name, self.unit, self.part, self.code, self.number)
        return tuple(column for column in found if column is not None)


def places_of(table: Table) -> Places:
    """The columns of a table that say what its rows are about."""

    def first(of: Field) -> int | None:
        return next((one.number for one in table.columns.values() if one.field is of), None)

    read = {one.number for one in table.columns.values() if one.field in _READ}
    return Places(
        name=first(Field.PROJECT),
        unit=first(Field.UNIT),
        part=first(Field.PART),
        code=first(Field.PROJECT_CODE),
        number=first(Field.NUMBER),
        source=first(Field.SOURCE),
        nature=first(Field.NATURE),
        vintage=first(Field.VINTAGE),
        figures=frozenset(read),
        first_figure=min(read, default=10**6),
    )


_READ = AMOUNTS | {
    Field.PROGRESS, Field.PROGRESS_TEXT, Field.OBSTACLES, Field.PROPOSALS, Field.START, Field.END,
    Field.INVESTMENT, Field.STATUS, Field.LINE_KIND, Field.DECISION,
}  # fmt: skip
