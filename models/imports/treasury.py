"""Planning a statement of the Treasury: what it confirms, and where reports say otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Dong, RuleBroken, _n, among
from models.catalogue import Investor, Project, names_on
from models.duty import find_period
from models.exchange.package import text_of
from models.imports.notes import Notes
from models.imports.planned import Difference, Plan, PlannedRow, planned
from models.imports.treasury_rows import Confirmed, confirmed_in
from models.imports.writes import ConfirmedWrite, StatementWrite, Writes
from models.ledger import reported_until
from models.returns import TreasuryLine, TreasuryStatement, check_confirmed_day
from models.sheets import Ask, Known, Reading


@dataclass(frozen=True)
class AsOf:
    """The day of a statement, and the budget year that it is of."""

    day: date
    year: int


def plan_treasury(session: Session, reading: Reading, ask: Ask, *, known: Known) -> Plan:
    """What a statement would store, and the projects of which it differs from the reports.

    It never changes a report. In the same number of queries whatever its length.
    """
    notes = Notes(reading, ask)
    as_of = _as_of(session, reading, ask, notes)
    confirmed = confirmed_in(session, reading, known, notes)
    if as_of is None:
        return Plan(kind=ask.kind, findings=tuple(notes.findings))
    reported = reported_until(session, as_of.day, as_of.year)
    stored = _stored(session, as_of)
    rows = [*_statement_row(session, as_of, confirmed)]
    writes = []
    for one in confirmed.values():
        row, write = _line(one, as_of, stored)
        rows.append(row)
        writes.append(write)
    _missing(session, reported, confirmed, as_of, notes)
    return Plan(
        kind=ask.kind,
        findings=tuple(notes.findings),
        rows=tuple(rows),
        differences=tuple(
            Difference(
                project_code=one.project.code,
                reported=reported.get(one.project.id, 0),
                confirmed=one.amount,
                at=one.at,
            )
            for one in confirmed.values()
            if reported.get(one.project.id, 0) != one.amount
        ),
        writes=Writes(
            statement=StatementWrite(
                day=as_of.day.isoformat(), budget_year=as_of.year, lines=tuple(writes)
            )
        ),
    )


# ------------------------------------------------------------------------------ day and year


def _as_of(session: Session, reading: Reading, ask: Ask, notes: Notes) -> AsOf | None:
    period = find_period(session, code) if (code := reading.period or ask.period) else None
    day = reading.day or (period.data_to if period is not None else None)
    if day is None:
        if not any(one.blocks for one in notes.findings):
            notes.error(
                "date_unclear",
                _n("The statement does not tell of which day it is. Choose the period."),
                notes.whole_sheet,
            )
        return None
    try:
        check_confirmed_day(day)
    except RuleBroken as refusal:
        notes.refuse("day_ahead", refusal, notes.whole_sheet)
        return None
    year = reading.budget_year or (period.budget_year if period is not None else None)
    if year is None and day.month > 1:
        year = day.year
    return AsOf(day, year) if year is not None else _asked_year(day, notes)


def _asked_year(day: date, notes: Notes) -> AsOf | None:
    """In January two budget years are paid side by side."""
    given = notes.ask(
        "year_unclear",  # not that of the period, which may be the answer to a question itself
        _n("In January the capital of two budget years is paid. Of which one is this statement?"),
        notes.whole_sheet,
        (str(day.year - 1), str(day.year)),
        for_file=True,
    )
    return None if given is None else AsOf(day, int(given))


# ------------------------------------------------------------------------------ what is stored


def _stored(session: Session, as_of: AsOf) -> dict[int, TreasuryLine]:
    """The lines of the day by project, as far as this person may see them."""
    rows = session.scalars(
        select(TreasuryLine)
        .join(TreasuryStatement, TreasuryStatement.id == TreasuryLine.statement_id)
        .where(TreasuryStatement.day == as_of.day, TreasuryStatement.budget_year == as_of.year)
    )
    return {row.project_id: row for row in rows}


def _statement_row(
    session: Session, as_of: AsOf, confirmed: Mapping[int, Confirmed]
) -> list[PlannedRow]:
    if not confirmed:
        return []
    values = {"day": text_of(as_of.day), "budget_year": text_of(as_of.year)}
    known = session.scalar(
        select(TreasuryStatement.id).where(
            TreasuryStatement.day == as_of.day, TreasuryStatement.budget_year == as_of.year
        )
    )
    old = values if known is not None else None
    return [planned("treasury_statements", values, old, next(iter(confirmed.values())).at)]


def _line(
    one: Confirmed, as_of: AsOf, stored: Mapping[int, TreasuryLine]
) -> tuple[PlannedRow, ConfirmedWrite]:
    known = stored.get(one.project.id)
    key = {
        "day": text_of(as_of.day),
        "budget_year": text_of(as_of.year),
        "project_code": one.project.code,
    }
    text = "; ".join(dict.fromkeys(one.texts))
    values = {**key, "confirmed": text_of(one.amount), "text": text}
    old = None
    if known is not None:
        old = {**key, "confirmed": text_of(known.confirmed), "text": known.text or ""}
        if known.confirmed == one.amount:  # written in other words, it is the same
            values, text = old, known.text or ""
    write = ConfirmedWrite(
        investor_id=one.project.investor_id,
        project_id=one.project.id,
        confirmed=one.amount,
        text=text,
        seen=known.confirmed if known is not None else None,
    )
    return planned("treasury_lines", values, old, one.at), write


def _missing(
    session: Session,
    reported: Mapping[int, int],
    confirmed: Mapping[int, Confirmed],
    as_of: AsOf,
    notes: Notes,
) -> None:
    """Projects that report disbursement and stand in no row."""
    silent = [key for key, amount in reported.items() if amount and key not in confirmed]
    rows = session.execute(
        select(Project.id, Project.code, Investor.id, Investor.short_name)
        .join(Investor, Investor.id == Project.investor_id)
        .where(among(Project.id, silent))
        .order_by(Project.code)
    )
    names = names_on(session, as_of.day)
    for key, code, unit_id, unit in rows:
        notes.hint(
            "treasury_missing",
            _n(
                "%(project)s (%(unit)s): %(amount)s đồng are reported until %(day)s, but the "
                "statement has no row of it."
            ),
            notes.whole_sheet,
            project=code,
            unit=names[unit_id]["short_name"] if unit_id in names else unit,
            amount=Dong(reported[key]),
            day=as_of.day,
        )
