"""The columns of a unit's form: headings, numbers beneath them, widths."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models.base import format_dong
from models.filing import AllocationRow, Sheet
from models.sheets import Field
from reports.letter import spoken_day
from reports.unit_form.rows import PrintedRow
from reports.writing import width_of

NUMBER, CODE, LABEL, CORRECTION = "number", "code", "label", "correction"
SIZE = 11.0
SMALL = 9.5
AMOUNTS = (Field.ADVANCE, Field.COMPLETED, Field.RECOVERED, Field.RETURNED)
FIGURES = (Field.PROGRESS, Field.VOLUME, Field.ESTIMATE)
_PADDING = 9
_LEAST = 66


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column: `group` is the heading over several; `made_of` are the columns it adds up,
    with their signs; width in pixels.
    """

    key: str
    heading: str
    group: str = ""
    made_of: tuple[tuple[str, str], ...] = ()
    width: int = 0

    @property
    def is_money(self) -> bool:
        return self.key not in (NUMBER, CODE, LABEL, Field.RATE, Field.PROGRESS)


def columns_of(sheet: Sheet, rows: Sequence[PrintedRow]) -> tuple[Column, ...]:
    """All columns from left to right; that of corrections only where there is one."""
    month = f"Giải ngân trong kỳ ({_days(sheet)})"
    corrected = any(row.correction for row in sheet.allocations)
    signs: list[tuple[str, str]] = [
        ("+", AMOUNTS[0]),
        ("+", AMOUNTS[1]),
        ("-", AMOUNTS[2]),
        ("-", AMOUNTS[3]),
    ]
    columns = [
        Column(key=NUMBER, heading="TT", width=32),
        Column(key=CODE, heading="Mã dự án", width=_code_width(sheet)),
        Column(key=LABEL, heading="Nội dung (dự án, nguồn vốn)", width=272),
        Column(key=Field.PLAN, heading="Kế hoạch vốn"),
        Column(key=Field.BEFORE, heading="Lũy kế giải ngân đến hết kỳ trước"),
        Column(key=Field.ADVANCE, heading="Tạm ứng", group=month),
        Column(
            key=Field.COMPLETED, heading="Thanh toán khối lượng hoàn thành", group=month
        ),
        Column(key=Field.RECOVERED, heading="Thu hồi tạm ứng", group=month),
        Column(key=Field.RETURNED, heading="Nộp trả", group=month),
    ]  # fmt: skip
    if corrected:
        columns.append(Column(key=CORRECTION, heading="Điều chỉnh số kỳ trước", group=month))
        signs.append(("+", CORRECTION))
    columns += [
        Column(
            key=Field.MONTH,
            heading="Cộng giải ngân trong kỳ",
            group=month,
            made_of=tuple(signs),
        ),
        Column(
            key=Field.CUMULATIVE,
            heading=f"Lũy kế giải ngân đến {spoken_day(sheet.period.data_to)}",
            made_of=(("+", Field.BEFORE), ("+", Field.MONTH)),
        ),
        Column(
            key=Field.REMAINING,
            heading="Còn lại chưa giải ngân",
            made_of=(("+", Field.PLAN), ("-", Field.CUMULATIVE)),
        ),
        Column(key=Field.RATE, heading="Tỷ lệ giải ngân (%)", width=52),
        Column(key=Field.PROGRESS, heading="Tiến độ khối lượng (%)", width=52),
        Column(key=Field.VOLUME, heading="Giá trị khối lượng nghiệm thu từ khởi công"),
        Column(key=Field.ESTIMATE, heading="Ước giải ngân đến hết năm"),
    ]
    return tuple(column if column.width else _wide_enough(column, rows) for column in columns)


def _days(sheet: Sheet) -> str:
    return f"{spoken_day(sheet.period.data_from)} - {spoken_day(sheet.period.data_to)}"


def _code_width(sheet: Sheet) -> int:
    longest = max((width_of(project.code, SMALL) for project in sheet.projects), default=0)
    return round(min(max(longest * 4 / 3 + _PADDING, 52), 120))


def _wide_enough(column: Column, rows: Sequence[PrintedRow]) -> Column:
    """A column in which the longest figure that can stand there is whole: that of the plan."""
    room = max(
        (
            width_of(format_dong(amount), SIZE, bold=True)
            for row in rows
            for amount in _largest(column.key, row)
        ),
        default=0,
    )
    pixels = max(round(room * 4 / 3) + _PADDING, _LEAST)
    return Column(
        key=column.key, heading=column.heading, group=column.group, made_of=column.made_of,
        width=pixels,
    )  # fmt: skip


def _largest(key: str, row: PrintedRow) -> Sequence[int]:
    own = [row.project.volume_value, row.project.estimate] if row.project else []
    known = [value for value in own if value is not None] if key in FIGURES else []
    shown = figure(key, row.allocations) if row.allocations and key not in FIGURES else 0
    plan = sum(one.plan for one in row.allocations)
    return [plan, shown or 0, *known]


FIGURE_OF: Mapping[str, Callable[[AllocationRow], int]] = {
    Field.PLAN: lambda row: row.plan,
    Field.BEFORE: lambda row: row.before,
    Field.MONTH: lambda row: row.this_period,
    Field.CUMULATIVE: lambda row: row.after,
    Field.REMAINING: lambda row: row.remaining,
}


def figure(key: str, allocations: Sequence[AllocationRow]) -> int | None:
    """What a money column shows of some allocations, in đồng; None where nothing is entered."""
    read = FIGURE_OF.get(key)
    found = [read(row) if read else row.entered(key) for row in allocations]
    known = [amount for amount in found if amount is not None]
    return sum(known) if known else None
