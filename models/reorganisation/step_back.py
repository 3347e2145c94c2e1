"""One step back: the last act is undone while nothing hangs on it."""

from copy import deepcopy
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Actor, RuleBroken, _n, among, today
from models.calendar import Period, PeriodCode
from models.capital import Allocation, AllocationLine
from models.catalogue import (
    Investor,
    OrgEvent,
    OrgEventKind,
    Project,
    Succession,
    called_on,
)
from models.people import user_investor
from models.reorganisation.journal import take_back
from models.reorganisation.steps import check_unlocked
from models.returns import ProgressEntry, Submission, hold_periods, hold_units


def undo(session: Session, event: OrgEvent, *, at: datetime, actor: Actor) -> None:
    """One step back: only the last act, and only while nothing was entered after it."""
    newest = session.scalar(select(func.max(OrgEvent.id)).where(OrgEvent.undone_at.is_(None)))
    if event.undone_at is not None or event.id != newest:
        raise RuleBroken(_n("Only the last reorganisation can be taken back."))
    if not {"created", "changed"} <= event.details.keys():
        raise RuleBroken(
            _n(
                "What this act made and changed was not written down with it, so it cannot be "
                "taken back here. Put it right by another act."
            )
        )
    units = _units_of(session, event)
    hold_periods(session, Period.data_to >= event.effective_on)
    hold_units(session, units, alone=True)
    if event.kind is not OrgEventKind.FOUND:  # a unit may be founded whatever is locked
        check_unlocked(session, event.effective_on)
    sent = session.execute(
        select(Investor, Period.code)
        .join(Submission, Submission.investor_id == Investor.id)
        .join(Period, Period.id == Submission.period_id)
        .where(among(Investor.id, units), Submission.last_submitted_at > event.done_at)
        .limit(1)
    ).first()
    if sent is not None:
        raise RuleBroken(
            _n("%(unit)s has sent its report of %(code)s since, so it cannot be taken back."),
            unit=called_on(sent[0], today()),
            code=PeriodCode.parse(sent[1]),
        )
    _check_nothing_hangs_on(session, event)
    others = session.scalars(
        select(OrgEvent).where(OrgEvent.undone_at.is_(None), OrgEvent.id != event.id)
    ).all()
    journals = {one: deepcopy(one.details) for one in others}
    take_back(session, event.details, journals.values())
    for one, details in journals.items():
        if one.details != details:
            one.details = details
    event.undone_at, event.undone_by = at, actor.name
    session.flush()


def _units_of(session: Session, event: OrgEvent) -> list[int]:
    rows = session.execute(
        select(Succession.investor_id, Succession.successor_id).where(
            Succession.event_id == event.id
        )
    ).all()
    made = [key[0] for name, key, _v in event.details["created"] if name == "Investor"]
    return [*{unit for row in rows for unit in row}, *made]


def _check_nothing_hangs_on(session: Session, event: OrgEvent) -> None:
    """New rows under what the act created would be lost with it."""
    made: dict[str, set[int]] = {}
    for name, key, _version in event.details["created"]:
        made.setdefault(name, set()).add(key[-1])
    checks = (
        (ProgressEntry.id, ProgressEntry.project_id, "Project", "ProgressEntry"),
        (Allocation.id, Allocation.project_id, "Project", "Allocation"),
        (AllocationLine.id, AllocationLine.allocation_id, "Allocation", "AllocationLine"),
        (Project.id, Project.investor_id, "Investor", "Project"),
        (Submission.id, Submission.investor_id, "Investor", "Submission"),
    )
    for row_id, parent, above, own in checks:
        there = set(session.scalars(select(row_id).where(among(parent, made.get(above, set())))))
        if there - made.get(own, set()):
            raise RuleBroken(
                _n("Figures or capital were entered after it, so it cannot be taken back.")
            )
    linked = select(func.count()).where(
        among(user_investor.c.investor_id, made.get("Investor", set()))
    )
    if session.scalar(linked):
        raise RuleBroken(_n("Users belong to the new unit already; take them away from it first."))
