"""Proof that what is frozen is what was entered: newest versions against the entries of now.

A locked period takes figures of reopened units only, so every difference has a cause that is
written down. One that has none was lost, or made behind the product's back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models import AuditEntry, Period, PeriodStatus, Reopening, SubmissionEvent
from models.ledger import counted_periods
from models.returns import Submission
from reports.facts import Source, gather
from reports.frozen import BASES, changed_lines, newest_version, read_version

# what changes the lines of a report without any report of a unit
_PLAN = ("allocation", "allocation_line", "capital_transfer", "project")


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A unit of which a frozen version says something else than the entries; `is_told` when
    the records say why.
    """

    period: str
    version: int
    unit: str
    is_told: bool


def prove_frozen(session: Session) -> Iterator[Gap]:
    """Every unit in which the newest version of a locked period is not what is entered now."""
    periods = select(Period).where(Period.status == PeriodStatus.LOCKED)
    for period in session.scalars(periods.order_by(Period.data_to, Period.code)).all():
        number = newest_version(session, period)
        if number is not None:
            yield from _gaps(session, period, number)


def _gaps(session: Session, period: Period, number: int) -> Iterator[Gap]:
    versions = {basis: read_version(session, period, number, basis) for basis in BASES}
    frozen_at = versions[BASES[0]].frozen_at
    names: dict[int, str] = {}
    reported, changed = set[int](), set[int]()
    for basis, version in versions.items():
        frozen = version.source
        live = gather(session, period=period, basis=basis)
        names |= {one.id: one.short_name for one in (*frozen.units.values(), *live.units.values())}
        reported |= _reported_otherwise(frozen, live)
        changed |= {line.investor_id for line in changed_lines(frozen, live)}
    reopened = _reopened(session, Period.id == period.id, frozen_at)
    told = reopened | _planned_since(session, frozen_at)
    told |= _earlier_since(session, period, frozen_at)
    untold = (reported - reopened) | (changed - told)
    for unit_id in sorted(reported | changed, key=lambda one: (names.get(one, ""), one)):
        yield Gap(
            period=period.code,
            version=number,
            unit=names.get(unit_id, str(unit_id)),
            is_told=unit_id not in untold,
        )


def _reported_otherwise(frozen: Source, live: Source) -> set[int]:
    """Units whose report counts in one of the two and not in the other."""
    there = frozen.units.keys() & live.units.keys()
    return {one for one in there if frozen.units[one].has_reported != live.units[one].has_reported}


def _reopened(session: Session, periods: ColumnElement[bool], since: datetime) -> set[int]:
    """Units that could correct a report of these periods after that moment."""
    return set(
        session.scalars(
            select(Reopening.investor_id)
            .join(Period, Period.id == Reopening.period_id)
            .where(periods, Reopening.until_at > since)
        )
    )


def _planned_since(session: Session, since: datetime) -> set[int]:
    """Units whose capital or projects were changed after that moment."""
    found = session.scalars(
        select(AuditEntry.investor_id)
        .where(AuditEntry.resource.in_(_PLAN), AuditEntry.at > since)
        .distinct()
    )
    return {unit_id for unit_id in found if unit_id is not None}


def _earlier_since(session: Session, period: Period, since: datetime) -> set[int]:
    """Units whose reports of earlier months, which the figures go on from, could change since."""
    earlier = and_(counted_periods(period), Period.id != period.id)
    open_still = or_(Period.status != PeriodStatus.LOCKED, Period.lock_at > since)
    sent = session.scalars(
        select(Submission.investor_id)
        .join(Period, Period.id == Submission.period_id)
        .join(Submission.events)
        .where(earlier, open_still, SubmissionEvent.at > since)
    )
    return set(sent) | _reopened(session, earlier, since)
