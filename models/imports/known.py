"""What names in a file can mean for the person who brings it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import among, sees_a_part
from models.calendar import Period, setting
from models.catalogue import Component, FormerName, Investor, Project
from models.duty import exists_between
from models.sheets import Known, KnownComponent, KnownProject, KnownUnit


def known_for(session: Session, *, period: Period | None = None, day: date) -> Known:
    """Units that exist in the period, or without one on `day`, with their projects, and the
    programme tree. A narrow session gives its own units and projects alone.

    Units are called as on the last of these days, and known by their other names, too: sheets
    outlive a new name. Of units that are not
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
        (unit_id, KnownProject(key, code, name, unit, by_id[part].code))
        for key, code, name, part, unit_id, unit in works
    ]
    named, others = _names(session, units, period.data_to if period else day)
    return Known(
        units=tuple(
            KnownUnit(
                one.id,
                one.code,
                named[one.id].name,
                named[one.id].short_name,
                tuple(others[one.id]),
            )
            for one in units
        ),
        components=tuple(
            KnownComponent(
                one.id,
                one.code,
                one.name,
                one.short_name,
                by_id[one.parent_id].code if one.parent_id is not None else None,
            )
            for one in parts
        ),
        projects=tuple(work for unit_id, work in found if unit_id in there),
        other_projects=tuple(work for unit_id, work in found if unit_id not in there),
        is_part_of_district=sees_a_part(session),
        place=setting(session, "district_name"),
    )


def _names(
    session: Session, units: Iterable[Investor], called: date
) -> tuple[dict[int, Investor | FormerName], dict[int, list[str]]]:
    """What bears the name of each unit on the day, and all its other names and short names."""
    named: dict[int, Investor | FormerName] = {unit.id: unit for unit in units}
    others: dict[int, list[str]] = defaultdict(list)
    for former in session.scalars(
        select(FormerName)
        .where(among(FormerName.investor_id, named))
        .order_by(FormerName.valid_to.desc(), FormerName.id)
    ):
        one: Investor | FormerName = former
        if former.valid_from <= called <= former.valid_to:  # a new name waits for its day
            one, named[former.investor_id] = named[former.investor_id], former
        others[former.investor_id] += [one.name, one.short_name]
    return named, others
