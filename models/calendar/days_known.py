"""The table of days off: filled from the library, edited by people, read by the engine."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import extract, func, or_, select
from sqlalchemy.orm import Session

from models.base import Actor, RuleBroken, _n, now, read_whole
from models.calendar.code import LAST_YEAR as LAST
from models.calendar.days import LAST_PUBLISHED, seed_days
from models.calendar.holiday import DayKind, Holiday, HolidayYear

FIRST_YEAR, LAST_YEAR = 2020, 2050


def read_year(text: str) -> int:
    """A year whose days off can be filled in. Raises RuleBroken outside 2020 to 2050."""
    return read_whole(text, FIRST_YEAR, LAST_YEAR, field="year")


def days_off(session: Session) -> dict[date, DayKind]:
    """Every day that differs from the ordinary week."""
    return {day: DayKind(kind) for day, kind in session.execute(select(Holiday.day, Holiday.kind))}


def day_names(session: Session) -> dict[date, str]:
    """What those days are called, for the reasons of deadlines."""
    return {row.day: row.name for row in session.execute(select(Holiday.day, Holiday.name))}


def seed_holidays(session: Session, years: Iterable[int]) -> int:
    """Add the days of these years that the table does not have; edited days stay. The count."""
    years = list(years)
    known = set(session.scalars(select(Holiday.day)))
    fresh = [
        Holiday(day=off.day, kind=off.kind, name=off.name, source_note=off.source_note)
        for year in years
        for off in seed_days(year)
        if off.day not in known
    ]
    session.add_all(fresh)
    for year in years:
        row = _year(session, year)
        row.seeded_at = row.seeded_at or now()
    session.flush()
    return len(fresh)


def seed_unknown(session: Session, years: Iterable[int]) -> None:
    """Fill in the years that were neither filled in before nor confirmed by somebody.

    One day that was typed by hand is no calendar, and a day that was taken out of a filled-in
    year stays out. The year behind the last one of periods has no row: it stays an estimate.
    """
    known = set(
        session.scalars(
            select(HolidayYear.year).where(
                or_(HolidayYear.seeded_at.is_not(None), HolidayYear.confirmed_at.is_not(None))
            )
        )
    )
    seed_holidays(session, [one for one in sorted(years) if one not in known and one <= LAST])


def _year(session: Session, year: int) -> HolidayYear:
    found = session.get(HolidayYear, year)
    if found is None:
        found = HolidayYear(year=year)
        session.add(found)
    return found


# ------------------------------------------------------------------ confirmed years


def confirmed_years(session: Session) -> frozenset[int]:
    """Years whose days off somebody confirmed, besides those of the published notices."""
    return frozenset(
        session.scalars(select(HolidayYear.year).where(HolidayYear.confirmed_at.is_not(None)))
    )


def is_estimate(year: int, confirmed: Collection[int]) -> bool:
    """Whether the days off of a year are only computed, given the years somebody confirmed."""
    return year > LAST_PUBLISHED and year not in confirmed


@dataclass(frozen=True, kw_only=True, slots=True)
class YearOfDays:
    """One year of the table: how many days it has, and who confirmed it."""

    year: int
    days: int
    is_confirmed: bool
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    note: str | None = None


def years_of_days(session: Session) -> list[YearOfDays]:
    """Every year of which the table has a day or a confirmation, the newest first."""
    year = extract("year", Holiday.day)
    counts = {
        int(one): count
        for one, count in session.execute(
            select(year, func.count()).select_from(Holiday).group_by(year)
        )
    }
    rows = {row.year: row for row in session.scalars(select(HolidayYear))}
    known = {one for one, row in rows.items() if row.confirmed_at is not None}
    found = []
    for one in sorted({*counts, *rows}, reverse=True):
        row = rows.get(one)
        found.append(
            YearOfDays(
                year=one,
                days=counts.get(one, 0),
                is_confirmed=not is_estimate(one, known),
                confirmed_at=row.confirmed_at if row else None,
                confirmed_by=row.confirmed_by if row else None,
                note=row.note if row else None,
            )
        )
    return found


def confirm_year(
    session: Session, year: int, *, note: str | None, at: datetime, actor: Actor
) -> HolidayYear:
    """Somebody has compared the days of a year with the Government's notice. Raises RuleBroken."""
    if not is_estimate(year, confirmed_years(session)):
        raise RuleBroken(
            _n("The days off of %(year)s are confirmed already."), field="year", year=str(year)
        )
    first, last = date(year, 1, 1), date(year, 12, 31)
    if session.scalar(select(Holiday.id).where(Holiday.day.between(first, last)).limit(1)) is None:
        raise RuleBroken(
            _n("The table has no day of %(year)s yet. Fill in the year first."),
            field="year",
            year=str(year),
        )
    row = _year(session, year)
    row.confirmed_at, row.confirmed_by = at, actor.name
    row.note = (note or "").strip() or None
    session.flush()
    return row


def take_back_confirmation(session: Session, year: int) -> None:
    """The days of the year are an estimate again. Raises RuleBroken."""
    row = session.get(HolidayYear, year)
    if row is None or row.confirmed_at is None:
        raise RuleBroken(
            _n("Nobody has confirmed the days off of %(year)s."), field="year", year=str(year)
        )
    row.confirmed_at = row.confirmed_by = row.note = None
    session.flush()
