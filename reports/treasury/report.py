"""Where the Treasury and the reports of units differ, since when and for how long (V14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from models import (
    Explanation,
    Investor,
    Period,
    Project,
    ProjectSuccession,
    Remark,
    Submission,
    TreasuryLine,
    TreasuryStatement,
)
from models.base import local_day
from models.catalogue import names_on
from models.ledger import stands
from reports.facts import has_capital, short_name_in
from reports.treasury.books import Book, Point, Year, read_year


@dataclass(frozen=True, kw_only=True, slots=True)
class TreasuryRow:
    """One project; the fields up to `note` and their order are the keys. Amounts in đồng.

    `difference` is what was reported less what is confirmed; `since` is the day of the first of
    the statements that differ without a break, None where nothing differs; without a line in
    any statement `confirmed` and all that rests on it are None. `explained`: what the unit wrote
    about it in the report of the month `counted`, the last one in `reported`; `remark`: what was
    said last on this figure there, between the office and the unit.
    """

    project_code: str
    investor: str
    reported: int
    confirmed: int | None
    difference: int | None
    since: date | None
    age_days: int | None
    project: str
    statement_on: date | None
    counted: str
    explained: str
    remark: str


KEYS = (*(field.name for field in fields(TreasuryRow)[:7]), "note")


@dataclass(frozen=True, kw_only=True, slots=True)
class Treasury:
    """The report. `day` is that of the newest statement, None without any; `counted` the last
    month whose reports it is held against; `compared` and `differing` count projects; `missing`
    are those that report disbursement and stand in no statement.
    """

    period: Period
    day: date | None
    counted: str
    rows: tuple[TreasuryRow, ...]
    project_ids: tuple[int, ...]
    investor_ids: tuple[int, ...]
    compared: int
    differing: int
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Named:
    code: str
    name: str
    investor_id: int
    investor: str
    order: tuple[int, str]


def treasury(
    session: Session, *, period: Period, as_of: datetime, show_all: bool = False
) -> Treasury:
    """Each project on the newest statement that has it and belongs to `period` or an earlier one.

    A statement belongs to the last month whose reports it is held against. What was reported is
    counted at its day. Projects that do not differ, and those in no statement, come with
    `show_all`. The same number of queries whatever the length.
    """
    year = read_year(session, period.budget_year)
    limit = _limit(year, period)
    days = [day for day in year.days if year.last_days[day] < limit]
    if not days:
        return Treasury(
            period=period, day=None, counted="", rows=(), project_ids=(), investor_ids=(),
            compared=0, differing=0, missing=(),
        )  # fmt: skip
    newest = days[-1]
    asked = {
        key: (book, _shown(book, newest))
        for key, book in year.books.items()
        if _shown(book, newest) or book.reported(year.last_days[newest])
    }
    held = {
        key: _held(year, book, points[-1].day if points else newest)
        for key, (book, points) in asked.items()
    }
    named = _named(session, period)
    told, remarks = _explained(session, period.budget_year), _remarks(session, period.budget_year)
    found: list[tuple[_Named, int, TreasuryRow]] = []
    for key, (book, points) in asked.items():
        project_id = next((one for one in held[key] if one in named), None)
        if project_id is None:
            continue
        row = _row(year, book, points, named[project_id], newest, local_day(as_of))
        at = project_id, row.counted
        if row.difference:
            row = replace(row, explained=told.get(at, ""), remark=remarks.get(at, ""))
        found.append((named[project_id], project_id, row))
    found.sort(key=lambda one: (one[0].order, one[0].code, one[1]))
    listed = [one for one in found if show_all or one[2].difference]
    return Treasury(
        period=period,
        day=newest,
        counted=year.counted(newest),
        rows=tuple(row for _name, _id, row in listed),
        project_ids=tuple(project_id for _name, project_id, _row in listed),
        investor_ids=tuple(name.investor_id for name, _id, _row in listed),
        compared=sum(row.confirmed is not None for _name, _id, row in found),
        differing=sum(bool(row.difference) for _name, _id, row in found),
        missing=tuple(row.project_code for _name, _id, row in found if row.confirmed is None),
    )


def _limit(year: Year, period: Period) -> date:
    """The end of the next month: a statement that covers it belongs to that one."""
    return min((ended for ended, _code in year.ended if ended > period.data_to), default=date.max)


def _shown(book: Book, newest: date) -> list[Point]:
    return [point for point in book.points if point.day <= newest]


def _row(
    year: Year, book: Book, points: Sequence[Point], named: _Named, newest: date, today: date
) -> TreasuryRow:
    last = points[-1] if points else None
    since = _since(points)
    # an older list is closed by the statement that came after it
    after = [point.day for point in book.points if last is not None and point.day > last.day]
    return TreasuryRow(
        project_code=named.code,
        investor=named.investor,
        reported=last.reported if last else book.reported(year.last_days[newest]),
        confirmed=last.confirmed if last else None,
        difference=last.difference if last else None,
        since=since,
        age_days=max(0, (min([today, *after]) - since).days) if since else None,
        project=named.name,
        statement_on=last.day if last else None,
        counted=year.counted(last.day if last else newest),
        explained="",
        remark="",
    )


def _since(points: Sequence[Point]) -> date | None:
    """The day of the first of the last statements that all differ."""
    since = None
    for point in reversed(points):
        if not point.difference:
            break
        since = point.day
    return since


def _held(year: Year, book: Book, day: date) -> list[int]:
    """The project that it is on a day; then the others, for whoever may not see that one."""
    later = {year.successions[one][0] for one in book.project_ids if one in year.successions}
    first = min(book.project_ids - later, default=min(book.project_ids))
    return [year.held_by(first, day), *sorted(book.project_ids)]


def _named(session: Session, period: Period) -> dict[int, _Named]:
    """Projects that may stand in the report, with their units as they were called at its end.

    With capital of the year, on a statement, or carrying another project on.
    """
    names = names_on(session, period.data_to)
    is_confirmed = exists().where(
        TreasuryLine.investor_id == Project.investor_id,
        TreasuryLine.project_id == Project.id,
        TreasuryLine.statement_id == TreasuryStatement.id,
        TreasuryStatement.budget_year == period.budget_year,
    )
    carries_on = exists().where(
        ProjectSuccession.to_investor_id == Project.investor_id,
        ProjectSuccession.to_project_id == Project.id,
    )
    rows = session.execute(
        select(
            Project.id,
            Project.code,
            Project.name,
            Investor.id.label("unit"),
            Investor.short_name,
            Investor.sort_order,
            Investor.code.label("unit_code"),
        )
        .join(Investor, Investor.id == Project.investor_id)
        .where(or_(has_capital(period.budget_year), is_confirmed, carries_on))
    )
    return {
        row.id: _Named(
            code=row.code,
            name=row.name,
            investor_id=row.unit,
            investor=short_name_in(names, row.unit, row.short_name),
            order=(row.sort_order, row.unit_code),
        )
        for row in rows
    }


def _explained(session: Session, budget_year: int) -> Mapping[tuple[int, str], str]:
    """By project and month: why the unit's figure is not that of the Treasury, as it was sent."""
    rows = session.execute(
        select(Explanation.subject, Explanation.text, Period.code)
        .join(Submission, _of_report(Explanation))
        .join(Period, Period.id == Submission.period_id)
        .where(Period.budget_year == budget_year, Explanation.rule == "V14", stands())
    )
    return {(_project(subject), code): text.strip() for subject, text, code in rows}


def _remarks(session: Session, budget_year: int) -> Mapping[tuple[int, str], str]:
    """By project and month: the last words on what the Treasury confirms."""
    rows = session.execute(
        select(Remark.subject, Remark.text, Period.code)
        .join(Submission, _of_report(Remark))
        .join(Period, Period.id == Submission.period_id)
        .where(Period.budget_year == budget_year, Remark.figure == "treasury_cumulative")
        .order_by(Remark.at, Remark.id)
    )
    return {(_project(subject), code): text.strip() for subject, text, code in rows}


def _of_report(told: Any) -> ColumnElement[bool]:
    return and_(Submission.investor_id == told.investor_id, Submission.id == told.submission_id)


def _project(subject: str) -> int:
    """The id in `project:<id>`; 0 for what is said of the whole report."""
    return int(subject.partition(":")[2] or 0)


def history(session: Session, project: Project, budget_year: int) -> list[tuple[Point, str]]:
    """What each statement of a year says of a project and the reports said on its day, newest
    first, with the month up to which those count; what it was handed over from is in it.
    """
    year = read_year(session, budget_year)
    book = next((one for one in year.books.values() if project.id in one.project_ids), None)
    points = book.points if book is not None else []
    return [(point, year.counted(point.day)) for point in reversed(points)]
