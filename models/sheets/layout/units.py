"""The unit in which amounts are counted: told, asked, or in doubt."""

from decimal import Decimal

from models.base import _n
from models.sheets.cells import unit_shown, unit_written
from models.sheets.layout.column import Column
from models.sheets.layout.desk import Desk
from models.sheets.layout.table import Table
from models.sheets.layout.understanding import MONEY, amount_columns
from models.sheets.shapes import At, Cell, Option

UNITS = ("dong", "nghin", "trieu")
_OPTIONS = tuple(Option(unit) for unit in UNITS)


class UnitOfAmounts:
    """How each cell of a table counts. `unit` is that of the sheet, None while it is open."""

    def __init__(self, table: Table, desk: Desk) -> None:
        self._table, self._desk = table, desk
        self._columns = amount_columns(table)
        self._said = desk.ask.unit
        self._told = list(dict.fromkeys(unit for _, unit in table.titles.units))
        self._heads = {one.unit for one in self._columns if one.unit}
        self._is_contradicted = False
        self._formats: dict[str, str] = {}
        self.unit = self._resolved()
        self._formats = self._doubtful_formats()
        self._scaled = self._asked_scaled()

    def of(self, column: Column, cell: Cell | None) -> str | None:
        """The unit of one cell, None while it is open."""
        if self._formats and cell is not None and cell.format in self._formats:
            return self.unit if self._said == "dong" else self._scaled
        if self._is_contradicted or self._said or not column.unit:
            return self.unit
        return column.unit if column.unit in UNITS else None

    # -------------------------------------------------------------------------------- the unit

    def _resolved(self) -> str | None:
        named = {*self._told, *self._heads}
        if self._said and named - {self._said}:
            return self._conflict([self._said, *self._told, *self._heads])
        if self._said:
            return self._said
        if len(self._told) > 1:
            return self._conflict(self._told)
        if self._told and self._told[0] in UNITS:
            heads = {one.unit for one in self._read()}
            if heads and not heads & {None, *self._told}:  # no column goes by the line above
                return self._conflict([*self._told, *sorted(filter(None, heads))])
            if None in heads:
                self._tell_mixed()
            return self._told[0]
        if not self._told and self._columns and all(one.unit in UNITS for one in self._read()):
            return None  # every column has its own
        return self._asked()

    def _read(self) -> list[Column]:
        return [one for one in self._columns if one.field in MONEY]

    def _asked(self) -> str | None:
        if not self._read():
            return None
        if "ty" in self._told:
            at = next(at for at, unit in self._table.titles.units if unit == "ty")
            self._desk.error(
                "unit_unclear",
                _n(
                    "Amounts in tỷ đồng cannot be read to the đồng. Write them in triệu đồng or in "
                    "đồng, and change this line."
                ),
                at,
            )
            return None
        return self._desk.choose(
            "unit_unclear",
            _n(
                "The sheet does not say in which unit it counts amounts. Is it đồng, nghìn đồng or "
                "triệu đồng?"
            ),
            At(self._table.sheet.name),
            _OPTIONS,
            for_file=True,
        )

    def _tell_mixed(self) -> None:
        """Where some heads name another unit than the line above, those that name none go by the
        line: that is one reading, but an office that wrote triệu in one head may mean it in all.
        """
        other = next((one for one in self._read() if one.unit not in (None, *self._told)), None)
        if other is not None:
            self._desk.warning(
                "unit_conflict",
                _n(
                    "“%(heading)s” counts in another unit than “%(text)s” above the table. Columns "
                    "whose heads name no unit are read by the line above. See that they are meant "
                    "so."
                ),
                self._table.sheet.at(*other.place, other.heading),
                heading=other.heading,
                text=next(iter(self._table.titles.units))[0].value,
            )

    def _conflict(self, units: list[str]) -> str | None:
        at, first = next(
            ((at, unit) for at, unit in self._table.titles.units if unit != self._said),
            (self._at_head(), next(iter(self._heads), "")),
        )
        self._is_contradicted = True
        return self._desk.choose(
            "unit_conflict",
            _n("The sheet says “%(text)s”, which is another unit of amounts. Which one is right?"),
            at,
            tuple(Option(unit) for unit in dict.fromkeys(units) if unit in UNITS),
            for_file=True,
            text=at.value or first,
        )

    def _at_head(self) -> At:
        one = next((one for one in self._columns if one.unit), None)
        if one is None:
            return At(self._table.sheet.name)
        return self._table.sheet.at(*one.place, one.heading)

    # -------------------------------------------------------- numbers shown in another unit

    def _asked_scaled(self) -> str | None:
        """The unit of the stored numbers in cells whose format shows them smaller; None: open, or
        as all others.
        """
        if not self._formats or self._said == "dong":
            return None
        if self.unit is None and not self._said:
            return None  # asked already
        heading, format_ = next(iter(self._formats.items()))[::-1]
        return self._desk.choose(
            "unit_unclear",
            _n(
                "The cells of “%(heading)s” show other amounts than they hold (number format "
                "%(format)s). In which unit are the stored numbers: đồng, nghìn or triệu?"
            ),
            At(self._table.sheet.name),
            _OPTIONS,
            for_file=True,
            heading=heading,
            format=format_[:40],
        )

    def _doubtful_formats(self) -> dict[str, str]:
        """The number formats that show stored amounts smaller, or write another unit behind them
        than they count in here, with a heading of such cells.
        """
        found: dict[str, str] = {}
        seen: set[tuple[str, str | None]] = set()
        rows = self._table.sheet.rows
        columns = self._read()
        for number in self._table.rows:
            for column in columns:
                cell = rows[number].get(column.number)
                unit = self.of(column, None)
                if cell is None or (cell.format, unit) in seen:
                    continue
                seen.add((cell.format, unit))
                if _is_doubtful(cell.format, unit):
                    found[cell.format] = column.heading
        return found


def _is_doubtful(number_format: str, unit: str | None) -> bool:
    if unit_shown(Cell(Decimal(1), number_format)) is not None:
        return True
    return unit_written(number_format) not in (None, unit) and unit is not None
