"""Freezing a report (chốt số liệu) and reading a frozen one (domain §8.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Actor,
    Period,
    PeriodStatus,
    Reopening,
    ReportVersion,
    VersionPaper,
    VersionPart,
)
from models.base import NotFound, RuleBroken, _n, read_line, sees_a_part
from models.duty import lock_period
from models.returns import hold_period
from reports.facts import Source, gather, stamp
from reports.frozen.stored import digest_of, head_of, parts_of, source_of

BASES = ("submitted", "accepted")
TRIES = 3
# head and parts by unit, as they are stored
Computed = tuple[dict[str, Any], dict[int, dict[str, Any]]]


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
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionLine:
    """One version in a list of versions; `paper_number` once the clerk has given it."""

    id: int
    number: int
    frozen_at: datetime
    by: str
    reason: str | None
    paper_number: str | None
    paper_day: date | None


def freeze(
    session: Session, period: Period, *, reason: str | None, at: datetime, actor: Actor
) -> ReportVersion:
    """Keep every figure, name and setting of a locked period as its next version.

    The period is held alone while this computes: in a locked one only reopened units and the
    officers who accept their corrections can be made to wait.
    """
    hold_period(session, period, alone=True)
    if not period.is_locked(at):
        raise RuleBroken(
            _n("Period %(code)s is not locked; only a locked one is frozen."), code=period.code
        )
    made = _compute(session, period, at)
    return _store(session, period, made, reason=reason, at=at, actor=actor)


def _compute(session: Session, period: Period, at: datetime) -> Computed:
    sources = {basis: gather(session, period=period, basis=basis) for basis in BASES}
    return head_of(session, period, sources["submitted"]), parts_of(session, period, sources, at)


def _store(
    session: Session,
    period: Period,
    made: Computed,
    *,
    reason: str | None,
    at: datetime,
    actor: Actor,
) -> ReportVersion:
    content, parts = made
    newest = newest_version(session, period)
    version = ReportVersion(
        period_id=period.id,
        number=(newest or 0) + 1,
        frozen_at=at,
        user_id=actor.user_id,
        user_name=actor.name,
        reason=reason,
        digest=digest_of(content, parts),
        content=content,
    )
    session.add(version)
    session.flush()
    session.add_all(
        VersionPart(investor_id=investor_id, version_id=version.id, content=part)
        for investor_id, part in parts.items()
    )
    session.flush()
    return version


def lock_and_freeze(
    session: Session, period: Period, *, at: datetime, actor: Actor, reason: str | None = None
) -> ReportVersion:
    """From now on the period takes no figures, and shows those of this moment for ever.

    The figures are computed before the period is held, so that nobody who saves or sends waits
    for them. Then it is held alone, which waits for writes under way, and kept only if nothing
    that the figures come from has changed since; else it is let go and computed again. Units
    that never stop writing do not put it off for ever: the last try computes while it holds.
    """
    for _try in range(TRIES):
        if period.status is PeriodStatus.LOCKED:
            break  # said in words below
        seen = stamp(session, period)
        made = _compute(session, period, at)
        with session.begin_nested() as attempt:
            lock_period(session, period, at=at)
            if stamp(session, period) == seen:
                return _store(session, period, made, reason=reason, at=at, actor=actor)
            attempt.rollback()  # lets the period go
    lock_period(session, period, at=at)
    return freeze(session, period, reason=reason, at=at, actor=actor)


def freeze_missing(session: Session, *, at: datetime, actor: Actor) -> list[ReportVersion]:
    """A first version for every locked period without one, such as those of a loaded package."""
    known = select(ReportVersion.period_id)
    periods = session.scalars(
        select(Period).where(Period.id.not_in(known)).order_by(Period.data_to, Period.code)
    ).all()
    return [
        freeze(session, period, reason=None, at=at, actor=actor)
        for period in periods
        if period.is_locked(at)
    ]


def newest_version(session: Session, period: Period) -> int | None:
    """Number of the newest frozen version of a locked period; None for an open one."""
    if period.status is not PeriodStatus.LOCKED:
        return None
    return session.scalar(
        select(func.max(ReportVersion.number)).where(ReportVersion.period_id == period.id)
    )


def versions_of(session: Session, period: Period) -> list[VersionLine]:
    """All versions of a period, newest first."""
    rows = session.execute(
        select(
            ReportVersion.id,
            ReportVersion.number,
            ReportVersion.frozen_at,
            ReportVersion.user_name,
            ReportVersion.reason,
        )
        .where(ReportVersion.period_id == period.id)
        .order_by(ReportVersion.number.desc())
    ).all()
    papers = _papers(session, [row.id for row in rows])
    return [
        VersionLine(
            id=row.id,
            number=row.number,
            frozen_at=row.frozen_at,
            by=row.user_name,
            reason=_reason_for(session, row.reason, period, row.frozen_at),
            paper_number=papers[row.id].number if row.id in papers else None,
            paper_day=papers[row.id].issued_on if row.id in papers else None,
        )
        for row in rows
    ]


def record_paper(
    session: Session,
    version: ReportVersion,
    *,
    number: str,
    issued_on: date,
    at: datetime,
    actor: Actor,
) -> None:
    """Note the number and day that the clerk gave the paper of a version (domain §7.2)."""
    number = read_line(number, 60, field="number")
    if not number:
        raise RuleBroken(_n("Write the number of the paper."), field="number")
    session.add(
        VersionPaper(
            version_id=version.id, number=number, issued_on=issued_on, at=at, user_name=actor.name
        )
    )
    session.flush()


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
            code=period.code,
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
    paper = _papers(session, [row.id]).get(row.id)
    return Frozen(
        version_id=row.id,
        number=row.number,
        frozen_at=row.frozen_at,
        by=row.user_name,
        reason=_reason_for(session, row.reason, row.period, row.frozen_at),
        digest=row.digest,
        paper=f"{paper.number} ({paper.issued_on:%d/%m/%Y})" if paper else "",
        settings=row.content["settings"],
        source=source_of(row.content, [part.content for part in parts], basis),
    )


def _reason_for(
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


def is_whole(session: Session, row: ReportVersion) -> bool:
    """Whether a version is what was frozen: its digest is computed again."""
    parts = {
        part.investor_id: part.content
        for part in session.scalars(select(VersionPart).where(VersionPart.version_id == row.id))
    }
    return digest_of(row.content, parts) == row.digest


def _papers(session: Session, version_ids: list[int]) -> dict[int, VersionPaper]:
    rows = session.scalars(
        select(VersionPaper)
        .where(VersionPaper.version_id.in_(version_ids))
        .order_by(VersionPaper.id)
    )
    return {row.version_id: row for row in rows}
