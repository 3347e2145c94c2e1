"""Merge and split (domain §6.3): others go on in the place of a unit, to the same đồng."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from models.base import RuleBroken, ScopedSession, _n, today
from models.catalogue import (
    Investor,
    OrgEvent,
    OrgEventKind,
    Project,
    Succession,
    called_on,
)
from models.reorganisation.hand_over import hand_over
from models.reorganisation.journal import Journal
from models.reorganisation.steps import (
    ONE_DAY,
    Act,
    NewUnit,
    begin,
    check_day,
    check_lasts,
    end,
    finish,
    set_up,
)

# of projects that go on: by the id of each the place of the unit that takes it
Share = Callable[[Sequence[Project]], Mapping[int, int]]


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
            _n("%(unit)s cannot be merged into itself."),
            field="successor",
            unit=called_on(successor, today()),
        )
    return _succeed(session, OrgEventKind.MERGE, predecessors, [successor], _all_to_one, act)


def split(
    session: ScopedSession | Session,
    unit: Investor,
    successors: Sequence[Investor | NewUnit],
    takers: Share,
    act: Act,
) -> OrgEvent:
    """Several units take the place of one, each with the projects that it is given.

    `takers` is asked once, of all projects that go on (`going_on`): by the id of each the place of
    its new unit among `successors`. Its plan, its disbursement, its obstacles and what open drafts
    say of it go along; an obstacle of the unit itself goes to all of them. Refused as a merger is,
    and where nobody is given a project. Raises RuleBroken.
    """
    known = [one.id for one in successors if isinstance(one, Investor)]
    if unit.id in known:
        raise RuleBroken(
            _n("%(unit)s ends by the split and cannot take over itself."),
            field="successors",
            unit=called_on(unit, today()),
        )
    if len(successors) < 2 or len(set(known)) < len(known):
        raise RuleBroken(
            _n("Choose at least two units that take over; one alone is a merger."),
            field="successors",
        )

    def share(projects: Sequence[Project]) -> Mapping[int, int]:
        places = takers(projects)
        for project in projects:
            if project.id not in places:
                raise RuleBroken(
                    _n("Choose the unit that takes over project %(code)s."),
                    field=f"taker-{project.id}",
                    code=project.code,
                )
        return places

    return _succeed(session, OrgEventKind.SPLIT, [unit], successors, share, act)


def _all_to_one(projects: Sequence[Project]) -> Mapping[int, int]:
    return {project.id: 0 for project in projects}


def _succeed(
    session: Session,
    kind: OrgEventKind,
    units: Sequence[Investor],
    successors: Sequence[Investor | NewUnit],
    share: Share,
    act: Act,
) -> OrgEvent:
    # those that take over are held, too: they neither send nor open a draft meanwhile
    there = [one for one in successors if isinstance(one, Investor)]
    check_day(session, units, act, beside=there)
    check_lasts(session, units, act)
    journal = Journal(session)
    event = begin(session, kind, act, "")
    for unit in units:
        journal.put(unit, "valid_to", act.effective_on - ONE_DAY)
    heirs = [_heir(journal, one, act) for one in successors]
    event.summary = " → ".join(
        ", ".join(called_on(unit, act.effective_on) for unit in side) for side in (units, heirs)
    )
    for unit in units:
        journal.add_all(
            [
                Succession(
                    investor_id=unit.id,
                    successor_id=heir.id,
                    event_id=event.id,
                    effective_on=act.effective_on,
                )
                for heir in heirs
            ]
        )
        hand_over(
            session, journal, unit, heirs, share,
            day=act.effective_on, decision=act.decision, event=event,
        )  # fmt: skip
        end(session, journal, unit, act)
    return finish(session, event, journal)


def _heir(journal: Journal, successor: Investor | NewUnit, act: Act) -> Investor:
    if isinstance(successor, NewUnit):
        return set_up(journal, successor, act.effective_on)
    if successor.valid_to is not None or successor.valid_from > act.effective_on:
        raise RuleBroken(
            _n("%(unit)s does not exist on %(day)s."),
            field="successor",
            unit=str(successor),
            day=act.effective_on,
        )
    return successor
