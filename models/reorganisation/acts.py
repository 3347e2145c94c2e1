"""Rename, found, close (domain §6.3): history stays under the names of its days."""

from sqlalchemy.orm import Session

from models.base import RuleBroken, _n
from models.catalogue import FormerName, Investor, OrgEvent, OrgEventKind
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
    named_since,
    set_up,
)


def rename(
    session: Session, unit: Investor, act: Act, *, code: str, name: str, short_name: str
) -> OrgEvent:
    """Another name from a day on; reports of earlier days print the old one."""
    if not name.strip() or not short_name.strip() or not code.strip():
        raise RuleBroken(_n("Write the new code, name and short name."), field="name")
    if (code, name, short_name) == (unit.code, unit.name, unit.short_name):
        raise RuleBroken(_n("Neither code nor name differs from the present ones."), field="name")
    check_day(session, [unit], act)
    journal = Journal(session)
    event = begin(session, OrgEventKind.RENAME, act, f"{unit.short_name} → {short_name}")
    journal.add(
        FormerName(
            investor_id=unit.id,
            event_id=event.id,
            code=unit.code,
            gso_code=unit.gso_code,
            name=unit.name,
            short_name=unit.short_name,
            valid_from=named_since(session, unit),
            valid_to=act.effective_on - ONE_DAY,
        )
    )
    for field, value in (("code", code), ("name", name), ("short_name", short_name)):
        journal.put(unit, field, value.strip())
    return finish(session, event, journal)


def found(session: Session, new: NewUnit, act: Act) -> OrgEvent:
    """A new unit from a day on. Its code may be one that a closed unit had (domain §6.2)."""
    journal = Journal(session)
    event = begin(session, OrgEventKind.FOUND, act, new.short_name)
    set_up(journal, new, act.effective_on)
    return finish(session, event, journal)


def close(session: Session, unit: Investor, act: Act) -> OrgEvent:
    """The unit ends the day before; what capital it holds stays where it is."""
    check_day(session, [unit], act)
    check_lasts(session, [unit], act)
    journal = Journal(session)
    event = begin(session, OrgEventKind.CLOSE, act, unit.short_name)
    end(session, journal, unit, act)
    return finish(session, event, journal)
