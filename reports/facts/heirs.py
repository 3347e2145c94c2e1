"""Who stands in the place of a unit that was succeeded (domain §6.3)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Investor, Succession
from reports.facts.plain import Unit

Heirs = Mapping[int, int]


def successors_on(session: Session, day: date | None = None) -> dict[int, list[int]]:
    """By unit that was succeeded, until a day or ever: the units that took over from it; more
    than one where it was split. One query.
    """
    asked = select(Succession.investor_id, Succession.successor_id).distinct()
    if day is not None:
        asked = asked.where(Succession.effective_on <= day)
    found: dict[int, list[int]] = defaultdict(list)
    for before, after in session.execute(asked.order_by(Succession.successor_id)):
        found[before].append(after)
    return dict(found)


def heirs_of(successors: Mapping[int, list[int]]) -> dict[int, int]:
    """By unit the one that alone took over from it.

    One that was split has none: what it had as a whole is no single unit's, so it stays under its
    own name. What it had of a project is with those who carry the project on.
    """
    return {before: after[0] for before, after in successors.items() if len(after) == 1}


def heir_of(unit: int, heirs: Heirs) -> int:
    """The unit that stands in the place of another one in the end."""
    line = [unit]
    while line[-1] in heirs and heirs[line[-1]] not in line:
        line.append(heirs[line[-1]])
    return line[-1]


def with_those_before(units: Collection[int], heirs: Heirs) -> set[int]:
    """These units and all in whose place one of them stands in the end."""
    return {*units, *(before for before in heirs if heir_of(before, heirs) in units)}


def all_after(unit: int, successors: Mapping[int, list[int]]) -> set[int]:
    """The unit and all that took over from it, directly or through others."""
    found, fresh = {unit}, [unit]
    while fresh:
        fresh = [one for before in fresh for one in successors.get(before, ()) if one not in found]
        found.update(fresh)
    return found


def successors_today(session: Session) -> dict[int, Unit]:
    """For every unit that was succeeded by one: the unit that stands in its place now."""
    heirs = heirs_of(successors_on(session))
    investors = {row.id: row for row in session.scalars(select(Investor))}
    found = {}
    for before in heirs:
        if row := investors.get(heir_of(before, heirs)):
            found[before] = Unit(
                id=row.id,
                code=row.code,
                short_name=row.short_name,
                name=row.name,
                sort_order=row.sort_order,
            )
    return found
