"""Reading a frozen version of a report (domain §8.2): its facts, its reason, its paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Period, PeriodStatus, Reopening, ReportVersion, VersionPaper, VersionPart
from models.base import NotFound, _n, among, sees_a_part
from reports.facts import BASES, Carried, ChangedPlan, Source
from reports.frozen.stored import carried_of, changes_of, source_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Frozen:
    """A frozen version: who, when, why, under which number of the paper, and its facts."""

    version_id: int
    number: int
    frozen_at: datetime
    by: str
    reason: str | None
    digest: str
    paper: str
    settings: dict[str, str]
    basis: str
    source: Source
    content: dict[str, Any]
    parts: Mapping[int, dict[str, Any]]


def newest_version(session: Session, period: Period) -> int | None:
    """Number of the newest frozen version of a locked period; None for an open one."""
    if period.status is not PeriodStatus.LOCKED:
        return None
    return session.scalar(
        select(func.max(ReportVersion.number)).where(ReportVersion.period_id == period.id)
    )


def read_version(session: Session, period: Period, number: int, basis: str) -> Frozen:
    """A version by its number; a narrow session gets the parts of its own units."""
    row = session.scalar(
        select(ReportVersion).where(
            ReportVersion.period_id == period.id, ReportVersion.number == number
        )
    )
    if row is None:
        raise NotFound(
            _n("The report of %(code)s has no version %(number)s."),
            field="version",
            code=period.named,
            number=number,
        )
    return read_row(session, row, basis)


def read_row(session: Session, row: ReportVersion, basis: str) -> Frozen:
    """The facts of a stored version on one basis."""
    parts = session.scalars(
        select(VersionPart)
        .where(VersionPart.version_id == row.id)
        .order_by(VersionPart.investor_id)
    ).all()
    paper = papers_of(session, [row.id]).get(row.id)
    return Frozen(
        version_id=row.id,
        number=row.number,
        frozen_at=row.frozen_at,
        by=row.user_name,
        reason=reason_for(session, row.reason, row.period, row.frozen_at),
        digest=row.digest,
        paper=f"{paper.number} ({paper.issued_on:%d/%m/%Y})" if paper else "",
        settings=row.content["settings"],
        basis=basis,
        source=source_of(row.content, [part.content for part in parts], basis),
        content=row.content,
        parts={part.investor_id: part.content for part in parts},
    )


def shown_version(
    session: Session, period: Period, asked: int | str | None, basis: str = BASES[0]
) -> Frozen | None:
    """The version that a report of a period shows: the one asked for by number, the newest of a
    locked period where none is, and none for "live" or an open period. Raises NotFound.
    """
    number = version_asked(session, period, asked)
    return read_version(session, period, number, basis) if number is not None else None


def version_asked(session: Session, period: Period, asked: int | str | None) -> int | None:
    """The number of that version, whether there is one or not."""
    if asked == "live":
        return None
    return asked if isinstance(asked, int) else newest_version(session, period)


def carried_in(frozen: Frozen) -> tuple[Carried, ...] | None:
    """The capital of earlier years in a version; None where it was frozen without it."""
    return carried_of(frozen.content, frozen.parts.values(), frozen.basis)


def changes_in(frozen: Frozen) -> ChangedPlan | None:
    """What changed in the plan in a version; None where it was frozen without it."""
    return changes_of(frozen.content, frozen.parts)


def reason_for(
    session: Session, reason: str | None, period: Period, frozen_at: datetime
) -> str | None:
    """The reason of a version names the unit that was corrected, so it reaches the office; a
    unit reads the reasons of its own reopenings, which the row scope gives it.
    """
    if reason is None or not sees_a_part(session):
        return reason
    own = session.scalars(
        select(Reopening.reason)
        .where(Reopening.period_id == period.id, Reopening.from_at <= frozen_at)
        .order_by(Reopening.from_at.desc())
        .limit(1)
    ).first()
    return own if own is not None and own in reason else None


def papers_of(session: Session, version_ids: list[int]) -> dict[int, VersionPaper]:
    """By version: the newest record of the number and day of its paper."""
    rows = session.scalars(
        select(VersionPaper)
        .where(among(VersionPaper.version_id, version_ids))
        .order_by(VersionPaper.id)
    )
    return {row.version_id: row for row in rows}
