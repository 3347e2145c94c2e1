"""The table of days off: filled from the library, edited by people, read by the engine."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import extract, select
from sqlalchemy.orm import Session

from models.calendar.days import seed_days
from models.calendar.holiday import DayKind, Holiday


def days_off(session: Session) -> dict[date, DayKind]:
    """Every day that differs from the ordinary week."""
    return {day: DayKind(kind) for day, kind in session.execute(select(Holiday.day, Holiday.kind))}


def day_names(session: Session) -> dict[date, str]:
    """What those days are called, for the reasons of deadlines."""
    return {row.day: row.name for row in session.execute(select(Holiday.day, Holiday.name))}


def seed_holidays(session: Session, years: Iterable[int]) -> int:
    """Add the days of these years that the table does not have; edited days stay. The count."""
    known = set(session.scalars(select(Holiday.day)))
    fresh = [
        Holiday(day=off.day, kind=off.kind, name=off.name, source_note=off.source_note)
        for year in years
        for off in seed_days(year)
        if off.day not in known
    ]
    session.add_all(fresh)
    session.flush()
    return len(fresh)


def seed_if_empty(session: Session, years: Iterable[int]) -> None:
    """Fill those years of which the table knows no day at all."""
    known = {int(year) for year in session.scalars(select(extract("year", Holiday.day)).distinct())}
    seed_holidays(session, [year for year in years if year not in known])
