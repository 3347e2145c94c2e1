"""The lines of tables with a file of their own, without those that say what holds anyhow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import extract, select
from sqlalchemy.orm import Session

from models.calendar import (
    ExpectedReport,
    Holiday,
    HolidayYear,
    Period,
    confirmed_years,
    seed_days,
)
from models.capital import Allocation, AllocationLine
from models.duty import expected_pairs, lasting_exemptions
from models.exchange.package.names import Namer
from models.exchange.package.tables import EXPECTED, Carried
from models.exchange.package.values import text_of
from models.returns import EventKind, Submission, SubmissionEvent

BY_LOADING = frozenset({"data load", "demo"})
Row = tuple[Any, ...]


def rows_of(one: Carried, namer: Namer) -> Iterator[Row]:
    """The lines of one table, without those that say only what holds anyhow."""
    stored = _stored(one, namer.session)
    written = [(row, _cells(one, namer, row)) for row in stored]
    if "id" not in one.model.__table__.c or (one.key and one.is_unique):
        at = [one.file.header.index(name) for name in one.key]
        written.sort(key=lambda pair: tuple(_sortable(pair[1][place]) for place in at))
    for _row, cells in written:
        yield cells
    if one.name == EXPECTED:
        for code in _nobody(namer.session):
            yield tuple(code if name == "period" else "" for name in one.file.header)


def _sortable(value: Any) -> tuple[int, str]:
    return (value, "") if isinstance(value, int) else (0, text_of(value))


def _cells(one: Carried, namer: Namer, row: Any) -> Row:
    values = [value for cell in one.cells for value in cell.write(namer, row)]
    if one.is_numbered:
        values.insert(0, namer.numbers(one.model)[row.id])
    return tuple(values)


def _stored(one: Carried, session: Session) -> Iterable[Any]:
    if one.model is Allocation:
        return _capital(session)
    if one.model is SubmissionEvent:
        return _events(session)
    if one.model is ExpectedReport:
        return _expected(session)
    if one.model is Holiday:
        return [row for rows in _days_of_known_years(session).values() for row in rows]
    if one.model is HolidayYear:
        return _known_years(session)
    order = one.model.__table__.primary_key.columns
    if "id" in one.model.__table__.c:
        order = [one.model.__table__.c.id]
    return session.scalars(select(one.model).order_by(*order))


def _capital(session: Session) -> Iterable[Any]:
    """Allocations that no line speaks of, or that say more than their key."""
    more = [
        column.is_not(None)
        for column in Allocation.__table__.columns
        if column.nullable and column.name not in {"project_id"}
    ]
    has_line = select(AllocationLine.id).where(
        AllocationLine.investor_id == Allocation.investor_id,
        AllocationLine.allocation_id == Allocation.id,
    )
    statement = select(Allocation)
    condition = ~has_line.exists()
    for one in more:
        condition = condition | one
    return session.scalars(statement.where(condition).order_by(Allocation.id))


def _events(session: Session) -> Iterator[Any]:
    """What happened to a submission, unless it is only what the loading of its moments wrote."""
    events: dict[int, list[SubmissionEvent]] = defaultdict(list)
    for event in session.scalars(select(SubmissionEvent).order_by(SubmissionEvent.id)):
        events[event.submission_id].append(event)
    usual = {}
    for key, first, last in session.execute(
        select(Submission.id, Submission.first_submitted_at, Submission.last_submitted_at)
    ):
        usual[key] = sorted({at for at in (first, last) if at is not None})
    kept = [
        event
        for key, found in events.items()
        if [one.at for one in found] != usual.get(key) or not all(map(_by_loading, found))
        for event in found
    ]
    yield from sorted(kept, key=lambda event: event.id)


def _by_loading(event: SubmissionEvent) -> bool:
    return (
        event.kind is EventKind.SENT
        and event.user_id is None
        and event.reason is None
        and event.user_name in BY_LOADING
    )


def _expected(session: Session) -> Iterator[Any]:
    """The list of every period that is not the one its opening would make again."""
    for period, rows in _lists(session):
        if not is_usual_list(session, period, rows):
            yield from rows


def _lists(session: Session) -> Iterator[tuple[Period, list[ExpectedReport]]]:
    found: dict[int, list[ExpectedReport]] = defaultdict(list)
    for row in session.scalars(select(ExpectedReport)):
        found[row.period_id].append(row)
    for period in session.scalars(select(Period).order_by(Period.data_to, Period.code)):
        yield period, found[period.id]


def is_usual_list(session: Session, period: Period, rows: list[ExpectedReport]) -> bool:
    """Whether opening the period now would expect the same units, with the same exemptions."""
    connection = session.connection()
    pairs = expected_pairs(connection, [period.id])
    exempt = lasting_exemptions(connection, pairs)
    usual = {pair[0]: exempt.get(pair, {}) for pair in pairs}
    said = {
        row.investor_id: {
            column.name: value
            for column in ExpectedReport.__table__.columns
            if column.name not in {"investor_id", "period_id"}
            and (value := getattr(row, column.name)) is not None
        }
        for row in rows
    }
    return usual == said


def _nobody(session: Session) -> list[str]:
    """Periods in which nobody is expected, although opening them would find somebody."""
    return [
        period.code
        for period, rows in _lists(session)
        if not rows and not is_usual_list(session, period, rows)
    ]


def _days_of_known_years(session: Session) -> dict[int, list[Holiday]]:
    """All days of each year that somebody edited or confirmed; the library knows the others."""
    years: dict[int, list[Holiday]] = defaultdict(list)
    for row in session.scalars(select(Holiday).order_by(Holiday.day)):
        years[row.day.year].append(row)
    confirmed = confirmed_years(session)
    return {
        year: rows
        for year, rows in sorted(years.items())
        if year in confirmed or _is_edited(year, rows)
    }


def _is_edited(year: int, rows: list[Holiday]) -> bool:
    usual = [(one.day, one.kind, one.name, one.source_note) for one in seed_days(year)]
    return [(row.day, row.kind, row.name, row.source_note) for row in rows] != usual


def _known_years(session: Session) -> list[HolidayYear]:
    """The years whose days stand in the package, or were all taken out: else the loading would
    fill them in from the library again, with the days that people had removed.
    """
    written = _days_of_known_years(session)
    with_days = set(session.scalars(select(extract("year", Holiday.day)).distinct()))
    return [
        row
        for row in session.scalars(select(HolidayYear).order_by(HolidayYear.year))
        if row.confirmed_at is not None
        or row.year in written
        or (row.seeded_at is not None and row.year not in with_days)
    ]
