"""What every act of reorganisation begins and ends with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from models.base import Actor, RuleBroken, _n, among, now, today
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
    called_on,
)
from models.duty import is_open
from models.ledger import stands
from models.reorganisation.journal import Journal
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


def check_day(
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
                unit=called_on(unit, today()),
                day=day,
            )
        since = named_since(session, unit)
        if since >= day:
            raise RuleBroken(
                _n("%(unit)s bears its present name only since %(day)s."),
                field="effective_on",
                unit=called_on(unit, today()),
                day=since,
            )
    check_unlocked(session, day)
    sent = report_among(session, [unit.id for unit in units], Period.data_to >= day, stands())
    if sent is not None:
        raise RuleBroken(
            _n("%(unit)s has sent its report of %(code)s, which ends after that day. Return it."),
            field="effective_on",
            **sent,
        )


def report_among(
    session: Session, units: Iterable[int], *which: ColumnElement[bool]
) -> dict[str, Any] | None:
    """One report of these units under the conditions, as `unit` and `code` of a sentence."""
    row = session.execute(
        select(Investor, Period.code)
        .join(Submission, Submission.investor_id == Investor.id)
        .join(Period, Period.id == Submission.period_id)
        .where(among(Investor.id, units), *which)
        .limit(1)
    ).first()
    if row is None:
        return None
    return {"unit": called_on(row[0], today()), "code": PeriodCode.parse(row[1])}


def check_lasts(session: Session, units: Sequence[Investor], act: Act) -> None:
    """Refuse to end what ends already, be it later: its successor would have it twice; and what
    takes over from others on that day or later: nobody would have theirs.
    """
    takes = session.execute(
        select(Investor, Succession.effective_on)
        .join(Succession, Succession.successor_id == Investor.id)
        .where(
            among(Investor.id, (unit.id for unit in units)),
            Succession.effective_on >= act.effective_on,
        )
        .order_by(Succession.effective_on.desc())
        .limit(1)
    ).first()
    if takes is not None:
        raise RuleBroken(
            _n("%(unit)s takes over from other units on %(day)s, so it does not end before."),
            field="effective_on",
            unit=called_on(takes[0], today()),
            day=takes[1],
        )
    for unit in units:
        if unit.valid_to is not None:
            raise RuleBroken(
                _n("The last day of %(unit)s is %(day)s already. Take that back first."),
                field="effective_on",
                unit=called_on(unit, today()),
                day=unit.valid_to,
            )


def named_since(session: Session, unit: Investor) -> date:
    """The first day on which the unit bears its present name; it may lie ahead."""
    last = session.scalar(
        select(func.max(FormerName.valid_to)).where(FormerName.investor_id == unit.id)
    )
    return unit.valid_from if last is None else last + ONE_DAY


def check_unlocked(session: Session, day: date) -> None:
    """Refuse an act of that day, or to take it back, where a period that ends then or later is
    locked: who reports it, and who held its capital, is frozen.
    """
    locked = session.scalar(
        select(Period.code)
        .where(Period.data_to >= day, not_(is_open(now())))
        .order_by(Period.data_to)
        .limit(1)
    )
    if locked is not None:
        raise RuleBroken(
            _n("Period %(code)s ends after that day and is locked already. Reopen it first."),
            field="effective_on",
            code=PeriodCode.parse(locked),
        )


def begin(session: Session, kind: OrgEventKind, act: Act, summary: str) -> OrgEvent:
    """The act as it is stored before anything is made or changed by it."""
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


def finish(session: Session, event: OrgEvent, journal: Journal) -> OrgEvent:
    """The act with what it made and changed written down, so that it can be taken back."""
    event.details = journal.as_json()
    session.flush()
    return event


def set_up(journal: Journal, new: NewUnit, day: date) -> Investor:
    """Store a new unit that exists from this day on. Raises RuleBroken without its names."""
    for field in ("code", "name", "short_name"):
        if not getattr(new, field).strip():
            raise RuleBroken(
                _n("Write the code, name and short name of the new unit."), field=field
            )
    return journal.add(
        Investor(
            code=new.code.strip(),
            kind=new.kind,
            name=new.name.strip(),
            short_name=new.short_name.strip(),
            gso_code=new.gso_code or None,
            sort_order=new.sort_order,
            valid_from=day,
        )
    )


def end(session: Session, journal: Journal, unit: Investor, act: Act) -> None:
    """The unit's last day and the end of its projects; with it the duty to report ends."""
    last = act.effective_on - ONE_DAY
    journal.put(unit, "valid_to", last)
    for project in session.scalars(select(Project).where(Project.investor_id == unit.id)):
        if project.end_on is None or project.end_on > last:
            journal.put(project, "end_on", max(last, project.start_on))
