"""Freezing a report (chốt số liệu), and the list of its versions (domain §8.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Actor,
    Period,
    ReportVersion,
    Submission,
    VersionPaper,
    VersionPart,
)
from models.base import RuleBroken, _n, now, read_line
from models.duty import lock_period
from models.returns import hold_period
from reports.facts import BASES, gather, stamp
from reports.frozen.ahead import Overtaken, of_units_alone
from reports.frozen.reading import newest_version, papers_of, reason_for
from reports.frozen.stored import digest_of, head_of, parts_of

# head and parts by unit, as they are stored
Computed = tuple[dict[str, Any], dict[int, dict[str, Any]]]


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


@dataclass(frozen=True)
class Prepared:
    """A version that was computed while nothing was held, and what it rests on."""

    seen: tuple[Any, ...]
    made: Computed
    corrected: frozenset[tuple[int, int]]  # unit and report, of those accepted with the version

    @property
    def reports(self) -> list[int]:
        return [report for _unit, report in self.corrected]


def prepare(
    session: Session,
    period: Period,
    *,
    at: datetime,
    corrected: Collection[Submission] = (),
) -> Prepared:
    """Compute what a version of this moment would hold. Only reads, so that nobody waits; to be
    called before the first thing is written (on SQLite that takes the one lock).

    The reports `corrected` are accepted in the same transaction as the version is stored; of their
    units alone it is computed again then.
    """
    held = frozenset((row.investor_id, row.id) for row in corrected)
    seen = stamp(session, period, apart=[report for _unit, report in held])
    return Prepared(seen, _compute(session, period, at), held)


def from_now_on(session: Session, period: Period) -> datetime:
    """The moment of a version that is about to be stored, with the period held alone.

    That waits for writes under way: a moment taken before would lie before what the version
    holds, and a comparison would tell what it holds already as a cause of later changes.
    """
    hold_period(session, period, alone=True)
    return now()


def freeze(
    session: Session,
    period: Period,
    *,
    reason: str | None,
    at: datetime,
    actor: Actor,
    prepared: Prepared | None = None,
) -> ReportVersion:
    """Keep every figure, name and setting of a locked period as its next version.

    What was `prepared` is stored if nothing that it comes from has changed since, but for the
    reports that were accepted meanwhile; else Overtaken is raised. Without it the period is held
    alone while this computes: in a locked one only reopened units and the officers who accept
    their corrections can be made to wait.
    """
    hold_period(session, period, alone=True)
    if not period.is_locked(at):
        raise RuleBroken(
            _n("Period %(code)s is not locked; only a locked one is frozen."), code=period.named
        )
    if prepared is None:
        made = _compute(session, period, at)
    elif stamp(session, period, apart=prepared.reports) != prepared.seen:
        raise Overtaken
    else:
        made = _with_corrected(session, period, prepared, at)
    return _store(session, period, made, reason=reason, at=at, actor=actor)


def _with_corrected(session: Session, period: Period, prepared: Prepared, at: datetime) -> Computed:
    """What was prepared, with the parts of the corrected units as they are now."""
    units = {unit for unit, _report in prepared.corrected}
    if not units:
        return prepared.made
    now = of_units_alone(session, units, lambda: _compute(session, period, at))
    if now is None:
        return _compute(session, period, at)
    head, parts = prepared.made
    return head, {unit: part for unit, part in parts.items() if unit not in units} | now[1]


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
    session: Session,
    period: Period,
    *,
    at: datetime,
    actor: Actor,
    reason: str | None = None,
    prepared: Prepared | None = None,
) -> ReportVersion:
    """From now on the period takes no figures, and shows those of this moment for ever.

    It is held alone, which waits for writes under way; `prepared` and Overtaken as in `freeze`.
    """
    lock_period(session, period, at=at)
    return freeze(session, period, reason=reason, at=at, actor=actor, prepared=prepared)


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
    papers = papers_of(session, [row.id for row in rows])
    return [
        VersionLine(
            id=row.id,
            number=row.number,
            frozen_at=row.frozen_at,
            by=row.user_name,
            reason=reason_for(session, row.reason, period, row.frozen_at),
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


def is_whole(session: Session, row: ReportVersion) -> bool:
    """Whether a version is what was frozen: its digest is computed again."""
    parts = {
        part.investor_id: part.content
        for part in session.scalars(select(VersionPart).where(VersionPart.version_id == row.id))
    }
    return digest_of(row.content, parts) == row.digest
