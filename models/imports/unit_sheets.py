"""The units and sheets that a report file speaks of, and which of them take figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import PeriodLocked, RuleBroken, _n, among
from models.calendar import Period, PeriodCode
from models.catalogue import Investor, Project
from models.duty import find_period, unit_by_code, why_no_figures
from models.filing import ProjectRow, Sheet, check_takes_figures, read_sheets
from models.imports.notes import Notes
from models.sheets import Ask, At, Line, Reading


@dataclass
class UnitSheet:
    """One unit of the file: its sheet as stored, and the lines of the file by project."""

    sheet: Sheet
    lines: dict[int, list[Line]] = field(default_factory=dict)
    absent: dict[int, RuleBroken] = field(default_factory=dict)  # why, by project

    @cached_property
    def rows(self) -> dict[int, ProjectRow]:
        return {row.project_id: row for row in self.sheet.projects}

    @property
    def is_open(self) -> bool:
        """Whether its report takes figures now."""
        return self.sheet.why_closed is None

    @property
    def why_closed(self) -> RuleBroken:
        """The rule, and whom to ask."""
        if self.sheet.why_closed is None:
            raise ValueError("this report takes figures")
        return self.sheet.why_closed

    @property
    def place(self) -> At:
        """The first row of the unit in the file."""
        return next(iter(self.lines.values()))[0].at


def period_of(session: Session, reading: Reading, ask: Ask, notes: Notes) -> Period | None:
    """The period of the file; None with an error where there is none that takes figures."""
    code = reading.period or ask.period  # what the file and the answers agreed upon
    if code is None:
        notes.error(
            "period_conflict",
            _n("The file does not tell which period it reports. Choose the period."),
            notes.whole_sheet,
        )
        return None
    period = find_period(session, code)
    if period is None:
        notes.error(
            "period_conflict",
            _n("Period %(code)s is not opened."),
            notes.whole_sheet,
            code=PeriodCode.parse(code),
        )
        return None
    try:
        check_takes_figures(period)
    except PeriodLocked as refusal:
        notes.refuse("report_closed", refusal, notes.whole_sheet)
        return None
    return period


def unit_of(
    session: Session, period: Period, reading: Reading, ask: Ask, notes: Notes
) -> Investor | None:
    """The unit of a monthly file; None with an error where it is not told or not there."""
    code = reading.investor or ask.investor
    if code is None:
        if not any(finding.blocks for finding in notes.findings):
            notes.error(
                "name_unclear",
                _n("The file does not tell which unit it comes from. Choose the unit."),
                notes.whole_sheet,
            )
        return None
    try:
        return unit_by_code(session, period, code)
    except RuleBroken as refusal:
        notes.refuse("name_unknown", refusal, notes.whole_sheet)
        return None


def projects_of(session: Session, codes: Iterable[str]) -> dict[str, Project]:
    """The projects with these codes, as far as this person may see them."""
    rows = session.scalars(select(Project).where(among(Project.code, codes)))
    return {project.code: project for project in rows}


def sheets_of(
    session: Session,
    period: Period,
    wanted: Sequence[tuple[Line, Project]],
    *,
    at: datetime,
) -> list[UnitSheet]:
    """The sheets of the units of these lines, in the order of the file."""
    ids = list(dict.fromkeys(project.investor_id for _line, project in wanted))
    held = {
        unit.id: unit for unit in session.scalars(select(Investor).where(among(Investor.id, ids)))
    }
    units = [held[one] for one in ids]
    found = {
        sheet.investor.id: UnitSheet(sheet)
        for sheet in read_sheets(session, period=period, investors=units, at=at)
    }
    for line, project in wanted:
        unit_sheet = found[project.investor_id]
        unit_sheet.lines.setdefault(project.id, []).append(line)
        if project.id not in unit_sheet.rows:
            unit_sheet.absent[project.id] = why_no_figures(project, period)
    return list(found.values())
