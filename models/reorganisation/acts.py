"""Rename, merge, close, found (domain §6.3): history stays, totals stay equal to the đồng."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Actor, RuleBroken, ScopedSession, _n
from models.calendar import Period, PeriodCode
from models.catalogue import (
    Decision,
    FormerName,
    Investor,
    InvestorKind,
    OrgEvent,
    OrgEventKind,
    Project,
    Succession,
)
from models.ledger import stands
from models.reorganisation.hand_over import hand_over
from models.reorganisation.journal import Journal, check_unlocked
from models.returns import Submission, hold_periods, hold_units

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUnit:
    """The unit that is founded."""

    code: str
    kind: InvestorKind
    name: str
    short_name: str
    gso_code: str | None = None
    sort_order: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Under which decision, from which day, and by whom."""

    effective_on: date
    decision: Decision
    at: datetime
    actor: Actor


def rename(
    session: Session, unit: Investor, act: Act, *, code: str, name: str, short_name: str
) -> OrgEvent:
    """Another name from a day on; reports of earlier days print the old one."""
    if not name.strip() or not short_name.strip() or not code.strip():
        raise RuleBroken(_n("Write the new code, name and short name."), field="name")
    if (code, name, short_name) == (unit.code, unit.name, unit.short_name):
        raise RuleBroken(_n("Neither code nor name differs from the present ones."), field="name")
    _check_day(session, [unit], act)
    journal = Journal(session)
    event = _event(session, OrgEventKind.RENAME, act, f"{unit.short_name} → {short_name}")
    last = session.scalar(
        select(func.max(FormerName.valid_to)).where(FormerName.investor_id == unit.id)
    )
    since = last + ONE_DAY if last is not None else unit.valid_from
    if since >= act.effective_on:
        raise RuleBroken(
            _n("%(unit)s bears its present name only since %(day)s."),
            field="effective_on",
            unit=str(unit),
            day=since,
        )
    journal.add(
        FormerName(
            investor_id=unit.id,
            event_id=event.id,
            code=unit.code,
            gso_code=unit.gso_code,
            name=unit.name,
            short_name=unit.short_name,
            valid_from=since,
            valid_to=act.effective_on - ONE_DAY,
        )
    )
    for field, value in (("code", code), ("name", name), ("short_name", short_name)):
        journal.put(unit, field, value.strip())
    return _finish(session, event, journal)


def found(session: Session, new: NewUnit, act: Act) -> OrgEvent:
    """A new unit from a day on. Its code may be one that a closed unit had (domain §6.2)."""
    journal = Journal(session)
    event = _event(session, OrgEventKind.FOUND, act, new.short_name)
    _found(session, journal, new, act.effective_on)
    return _finish(session, event, journal)


def close(session: Session, unit: Investor, act: Act) -> OrgEvent:
    """The unit ends the day before; what capital it holds stays where it is."""
    _check_day(session, [unit], act)
    journal = Journal(session)
    event = _event(session, OrgEventKind.CLOSE, act, unit.short_name)
    _end(session, journal, unit, act)
    return _finish(session, event, journal)


def merge(
    session: ScopedSession | Session,
    predecessors: Sequence[Investor],
    successor: Investor | NewUnit,
    act: Act,
) -> OrgEvent:
    """One unit takes the place of others: plan and disbursement move in balanced pairs.

    Refused when a report of a predecessor for a period that ends on the day or later is sent,
    or such a period is locked. Raises RuleBroken.
    """
    if not predecessors:
        raise RuleBroken(_n("Choose the units that are merged."), field="predecessors")
    if isinstance(successor, Investor) and any(unit.id == successor.id for unit in predecessors):
        raise RuleBroken(
            _n("%(unit)s cannot be merged into itself."), field="successor", unit=str(successor)
        )
    # the one that takes over is held, too: it neither sends nor opens a draft meanwhile
    there = [successor] if isinstance(successor, Investor) else []
    _check_day(session, predecessors, act, beside=there)
    journal = Journal(session)
    event = _event(session, OrgEventKind.MERGE, act, "")
    for unit in predecessors:
        journal.put(unit, "valid_to", act.effective_on - ONE_DAY)
    if isinstance(successor, NewUnit):
        successor = _found(session, journal, successor, act.effective_on)
    elif successor.valid_to is not None or successor.valid_from > act.effective_on:
        raise RuleBroken(
            _n("%(unit)s does not exist on %(day)s."),
            field="successor",
            unit=str(successor),
            day=act.effective_on,
        )
    names = ", ".join(unit.short_name for unit in predecessors)
    event.summary = f"{names} → {successor.short_name}"
    for unit in predecessors:
        journal.add(
            Succession(
                investor_id=unit.id,
                successor_id=successor.id,
                event_id=event.id,
                effective_on=act.effective_on,
            )
        )
        hand_over(
            session, journal, unit, successor,
            day=act.effective_on, decision=act.decision, event=event,
        )  # fmt: skip
        _end(session, journal, unit, act)
    return _finish(session, event, journal)


def _check_day(
    session: Session, units: Sequence[Investor], act: Act, *, beside: Sequence[Investor] = ()
) -> None:
    """Refuse a day that does not fit; whatever the answer rests on is held from here on, and the
    units `beside`.
    """
    day = act.effective_on
    hold_periods(session, Period.data_to >= day)
    hold_units(session, [unit.id for unit in (*units, *beside)], alone=True)
    for unit in units:
        if unit.valid_from >= day or (unit.valid_to is not None and unit.valid_to < day):
            raise RuleBroken(
                _n("%(unit)s does not exist on %(day)s."),
                field="effective_on",
                unit=str(unit),
                day=day,
            )
    check_unlocked(session, day)
    sent = session.execute(
        select(Investor.short_name, Period.code)
        .join(Submission, Submission.investor_id == Investor.id)
        .join(Period, Period.id == Submission.period_id)
        .where(
            Investor.id.in_([unit.id for unit in units]),
            Period.data_to >= day,
            stands("submitted"),
        )
        .limit(1)
    ).first()
    if sent is not None:
        raise RuleBroken(
            _n("%(unit)s has sent its report of %(code)s, which ends after that day. Return it."),
            field="effective_on",
            unit=sent[0],
            code=PeriodCode.parse(sent[1]),
        )


def _event(session: Session, kind: OrgEventKind, act: Act, summary: str) -> OrgEvent:
    event = OrgEvent(
        kind=kind,
        effective_on=act.effective_on,
        decision=act.decision,
        summary=summary,
        details={},
        done_at=act.at,
        done_by=act.actor.name,
    )
    session.add(event)
    session.flush()
    return event


def _finish(session: Session, event: OrgEvent, journal: Journal) -> OrgEvent:
    event.details = journal.as_json()
    session.flush()
    return event


def _found(session: Session, journal: Journal, new: NewUnit, day: date) -> Investor:
    for field in ("code", "name", "short_name"):
        if not getattr(new, field).strip():
            raise RuleBroken(
                _n("Write the code, name and short name of the new unit."), field=field
            )
    unit = Investor(
        code=new.code.strip(),
        kind=new.kind,
        name=new.name.strip(),
        short_name=new.short_name.strip(),
        gso_code=new.gso_code or None,
        sort_order=new.sort_order,
        valid_from=day,
    )
    made: Investor = journal.add(unit)
    return made


def _end(session: Session, journal: Journal, unit: Investor, act: Act) -> None:
    """The unit's last day and the end of its projects; with it the duty to report ends."""
    last = act.effective_on - ONE_DAY
    journal.put(unit, "valid_to", last)
    for project in session.scalars(select(Project).where(Project.investor_id == unit.id)):
        if project.end_on is None or project.end_on > last:
            journal.put(project, "end_on", max(last, project.start_on))
