"""What names in a file can mean for the person who brings it."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import among, sees_a_part
from models.calendar import Period, setting
from models.catalogue import Component, FormerName, Investor, Project
from models.duty import exists_between
from models.sheets import Known, Part, Unit, Work


def known_for(session: Session, *, period: Period | None = None, day: date) -> Known:
    """Units that exist in the period, or without one on `day`, with their projects, and the
    programme tree. A narrow session gives its own units and projects alone.

    Units are known by their former names, too: sheets outlive a new name. Of units that are not
    there projects are known by their codes alone.
    """
    units = list(
        session.scalars(
            select(Investor)
            .where(exists_between(*((period.data_from, period.data_to) if period else (day, day))))
            .order_by(Investor.sort_order, Investor.code, Investor.id)
        )
    )
    parts = list(session.scalars(select(Component).order_by(Component.sort_order, Component.code)))
    by_id = {part.id: part for part in parts}
    there = {unit.id for unit in units}
    works = session.execute(
        select(
            Project.id, Project.code, Project.name, Project.component_id, Investor.id, Investor.code
        )
        .join(Investor, Investor.id == Project.investor_id)
        .order_by(Project.code, Project.id)
    )
    found = [
        (unit_id, Work(key, code, name, unit, by_id[part].code))
        for key, code, name, part, unit_id, unit in works
    ]
    former = _former_names(session, there)
    return Known(
        units=tuple(
            Unit(one.id, one.code, one.name, one.short_name, former.get(one.id, ()))
            for one in units
        ),
        parts=tuple(
            Part(
                one.id,
                one.code,
                one.name,
                one.short_name,
                by_id[one.parent_id].code if one.parent_id is not None else None,
            )
            for one in parts
        ),
        works=tuple(work for unit_id, work in found if unit_id in there),
        others=tuple(work for unit_id, work in found if unit_id not in there),
        is_part_of_district=sees_a_part(session),
        place=setting(session, "district_name"),
    )


def _former_names(session: Session, investor_ids: set[int]) -> dict[int, tuple[str, ...]]:
    """The former names and short names of these units, by unit, the oldest first."""
    found: dict[int, list[str]] = defaultdict(list)
    for former in session.scalars(
        select(FormerName)
        .where(among(FormerName.investor_id, investor_ids))
        .order_by(FormerName.id)
    ):
        found[former.investor_id] += [former.name, former.short_name]
    return {investor_id: tuple(names) for investor_id, names in found.items()}
