"""The table of a unit's paper: columns that hold something, figures as they are printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.base import rate
from models.filing import Sheet
from models.sheets import Field, Holds
from reports.letter import amounts_beneath, spoken_day
from reports.quarter import QuarterRow, QuarterSheet, QuarterTotal
from reports.unit_form import PrintedRow, figure
from reports.writing import printed_rate

TOTAL = "TỔNG SỐ"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperColumn:
    """One column: `group` stands over several beneath each other; amounts in đồng."""

    heading: str
    group: str = ""
    amounts: tuple[int | None, ...] = ()
    words: tuple[str, ...] = ()

    def cells(self, unit: str) -> list[str]:
        return amounts_beneath(self.amounts, unit) if self.amounts else list(self.words)

    @property
    def is_empty(self) -> bool:
        return not any(self.amounts) and not any(self.words)


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperRow:
    """What stands to the left of the figures: outline number and content; depth 0 is the total."""

    number: str
    label: str
    depth: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperTable:
    rows: tuple[PaperRow, ...]
    columns: tuple[PaperColumn, ...]

    def lines(self, unit: str) -> list[tuple[PaperRow, list[str]]]:
        """Each row with its printed figures, from left to right."""
        columns = [column.cells(unit) for column in self.columns]
        return [(row, [column[n] for column in columns]) for n, row in enumerate(self.rows)]

    @property
    def groups(self) -> list[tuple[str, int]]:
        """The upper row of the head: each group with the number of its columns; "" is alone."""
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if column.group and found and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return found


def month_table(sheet: Sheet, printed: Sequence[PrintedRow]) -> PaperTable:
    """The table of a month or of the closing period, from the rows of the unit's form."""
    rows = [row for row in printed if row.mark.holds is not Holds.WORDS]
    month = f"Giải ngân trong kỳ ({spoken_day(sheet.period.data_from)} - {_until(sheet)})"

    def money(key: str, heading: str, group: str = "") -> PaperColumn:
        return PaperColumn(
            heading=heading,
            group=group,
            amounts=tuple(figure(key, row.allocations) for row in rows),
        )

    parts = [
        money(Field.ADVANCE, "Tạm ứng", month),
        money(Field.COMPLETED, "Thanh toán khối lượng hoàn thành", month),
        money(Field.RECOVERED, "Thu hồi tạm ứng", month),
        money(Field.RETURNED, "Nộp trả", month),
        money("correction", "Điều chỉnh số kỳ trước", month),
    ]
    told = [part for part in parts if not part.is_empty]
    columns = [
        money(Field.PLAN, f"Kế hoạch vốn năm {sheet.period.budget_year}"),
        money(Field.BEFORE, "Lũy kế giải ngân đến hết kỳ trước"),
        *(told if len(told) > 1 else ()),
        money(Field.MONTH, "Cộng", month) if len(told) > 1 else money(Field.MONTH, month),
        money(Field.CUMULATIVE, f"Lũy kế giải ngân đến {_until(sheet)}"),
        money(Field.REMAINING, "Còn lại chưa giải ngân"),
        PaperColumn(heading="Tỷ lệ giải ngân (%)", words=tuple(_rate(row) for row in rows)),
        PaperColumn(
            heading="Tiến độ khối lượng (%)",
            words=tuple(
                _percent(row.project.physical_progress)
                if row.project and row.mark.holds is Holds.PROJECT
                else ""
                for row in rows
            ),
        ),
    ]
    kept = columns if not columns[-1].is_empty else columns[:-1]
    return PaperTable(
        rows=tuple(PaperRow(number=r.number, label=r.mark.label, depth=r.depth) for r in rows),
        columns=tuple(kept),
    )


def _until(sheet: Sheet) -> str:
    return spoken_day(sheet.period.data_to)


def _rate(row: PrintedRow) -> str:
    if row.is_memo:
        return ""
    after = sum(one.after for one in row.allocations)
    return _percent(rate(after, sum(one.plan for one in row.allocations)))


def _percent(value: Decimal | None) -> str:
    return "" if value is None else printed_rate(value)


def quarter_table(sheet: QuarterSheet) -> PaperTable:
    """The table of a quarter: its months side by side, from their reports."""
    until = spoken_day(sheet.period.data_to)
    lines: list[QuarterTotal] = [sheet.total, *sheet.rows] if sheet.rows else []

    def money(read: Callable[[QuarterTotal], int], heading: str, group: str = "") -> PaperColumn:
        return PaperColumn(heading=heading, group=group, amounts=tuple(map(read, lines)))

    months = [
        money(lambda row, n=n: row.months[n], f"Tháng {month.data_to.month}", "Giải ngân trong quý")  # type: ignore[misc]
        for n, month in enumerate(sheet.months)
    ]
    return PaperTable(
        rows=tuple(
            PaperRow(number=str(n), label=row.name, depth=2)
            if isinstance(row, QuarterRow)
            else PaperRow(number="", label=TOTAL, depth=0)
            for n, row in enumerate(lines)
        ),
        columns=(
            money(lambda row: row.plan, f"Kế hoạch vốn năm {sheet.period.budget_year}"),
            money(lambda row: row.before, "Lũy kế giải ngân đến hết quý trước"),
            *months,
            money(lambda row: row.quarter, "Cộng", "Giải ngân trong quý"),
            money(lambda row: row.after, f"Lũy kế giải ngân đến {until}"),
            money(lambda row: row.plan - row.after, "Còn lại chưa giải ngân"),
            PaperColumn(
                heading="Tỷ lệ giải ngân (%)", words=tuple(_percent(row.rate) for row in lines)
            ),
        ),
    )
