"""The form of one unit and one period as a workbook (domain §4, §7), and what it is made of."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import PeriodLocked, RuleBroken, clean_line, local, local_day
from models.calendar import PeriodCode, setting
from models.catalogue import Component, Investor, InvestorKind
from models.filing import Sheet, check_takes_figures
from models.reminders import LetterHead, head_on
from models.sheets import FormColumn, FormMarks, letters
from reports.letter import spoken_day, spoken_deadline, spoken_moment, spoken_period
from reports.unit_form.columns import CODE, LABEL, Column, columns_of
from reports.unit_form.rows import PrintedRow, rows_of

HEAD_ROWS = 8  # letter head, title, unit of amounts, heads of the table, numbers of columns
GROUPS, HEADINGS, NUMBERS = 6, 7, 8
FIRST = HEAD_ROWS + 1
_PLACE = re.compile(r"\b(?:xã|thị trấn|phường|đặc khu|huyện|quận|thành phố) (.+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitForm:
    """All that the workbook shows. `superior` is of the letter head in force, and so is `place`
    unless the unit has its own."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[PrintedRow, ...]
    superior: str
    place: str
    programme: str
    is_demo: bool
    at: datetime

    @property
    def unit(self) -> str:
        return self.sheet.investor.name

    @property
    def period(self) -> str:
        """`tháng 4 năm 2024`."""
        return spoken_period(PeriodCode.parse(self.sheet.period.code))

    @property
    def title(self) -> tuple[str, ...]:
        """The title line by line, with the programme where all projects are of one."""
        told = f"Báo cáo tiến độ thực hiện và giải ngân vốn {self.period}"
        return (told, self.programme) if self.programme else (told,)

    @property
    def until(self) -> str:
        return f"ngày {spoken_day(self.sheet.period.data_to)}"

    @property
    def deadline(self) -> str:
        return spoken_deadline(self.sheet.deadline_at)

    @property
    def taken(self) -> str:
        """The moment of plan and cumulative figures."""
        return spoken_moment(self.at)

    @property
    def year(self) -> int:
        return local(self.at).year

    @property
    def signer(self) -> tuple[str, ...]:
        return signer_of(self.sheet.investor)

    @property
    def name(self) -> str:
        """The name of the sheet in the workbook."""
        code = PeriodCode.parse(self.sheet.period.code)
        return f"Tháng {code.number}" if code.kind == "month" else "Kỳ chỉnh lý"

    @property
    def file_name(self) -> str:
        return f"bao-cao-{self.sheet.investor.code}-{self.sheet.period.code}.xlsx"

    @property
    def last_column(self) -> int:
        return len(self.columns) - 1

    def column(self, key: str) -> int:
        """The place of a column, counted from 0 as the writer does."""
        return next(n for n, column in enumerate(self.columns) if column.key == key)

    def letters_of(self, key: str) -> str:
        return letters(self.column(key) + 1)

    @property
    def marks(self) -> FormMarks:
        return FormMarks(
            period=self.sheet.period.code,
            unit_id=self.sheet.investor.id,
            unit_code=self.sheet.investor.code,
            sheet=self.name,
            head_rows=(GROUPS, HEADINGS, NUMBERS),
            labels=self.letters_of(LABEL),
            codes=self.letters_of(CODE),
            words=letters(self.column(LABEL) + 2),
            columns=tuple(
                FormColumn(
                    column=letters(n),
                    field=column.key,
                    heading=column.heading,
                    group=column.group,
                    made_of=column.made_of,
                )
                for n, column in enumerate(self.columns, 1)
            ),
            rows=tuple(row.mark for row in self.rows),
        )


def signer_of(investor: Investor) -> tuple[str, ...]:
    """Who signs for a unit, line by line."""
    if investor.kind == InvestorKind.COMMUNE:
        return ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    return ("THỦ TRƯỞNG ĐƠN VỊ",)


def place_of(investor: Investor, name: str) -> str:
    """Where a unit of this name signs: `xã Hữu Liên` in Hữu Liên; empty for one that is no people's
    committee, which signs where the authority above it does.
    """
    found = _PLACE.search(clean_line(name)) if investor.kind == InvestorKind.COMMUNE else None
    return found[1] if found else ""


def form_of(session: Session, sheet: Sheet, *, at: datetime) -> UnitForm:
    """The form of a report that takes figures. Raises RuleBroken that says why it takes none."""
    check_takes_figures(sheet.period)
    if sheet.why_closed is not None:
        raise PeriodLocked(sheet.why_closed.message, **sheet.why_closed.values)
    labels, programme = components(session)
    rows = rows_of(sheet, labels, FIRST)
    roots = {programme[project.component_code] for project in sheet.projects}
    superior, place = authority_above(session, local_day(at))
    return UnitForm(
        sheet=sheet,
        columns=columns_of(sheet, rows),
        rows=rows,
        superior=superior,
        place=place_of(sheet.investor, sheet.investor.name) or place,
        programme=roots.pop() if len(roots) == 1 else "",
        is_demo=bool(setting(session, "demo_data")),
        at=at,
    )


def components(session: Session) -> tuple[dict[str, str], dict[str, str]]:
    """By code: the label with all levels below the programme, and the name of the programme."""
    nodes = {node.id: node for node in session.scalars(select(Component))}
    labels, programmes = {}, {}
    for node in nodes.values():
        path = [node]
        while path[0].parent_id is not None:
            path.insert(0, nodes[path[0].parent_id])
        levels = path[1:] or path
        labels[node.code] = f"{', '.join(one.short_name for one in levels)}: {node.name}"
        programmes[node.code] = path[0].name
    return labels, programmes


def authority_above(session: Session, day: date) -> tuple[str, str]:
    """The authority above the units, and the place; blank to be filled in where none is kept."""
    try:
        head: LetterHead = head_on(session, day)
    except RuleBroken:
        return "", ""
    return clean_line(head.superior or head.issuer), head.place
