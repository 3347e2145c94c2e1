"""What units were called on a day: a paper of before says the old name (domain §6.3)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FormerName, Investor


def names_on(session: Session, day: date) -> dict[int, dict[str, Any]]:
    """Code and names of the units that were called otherwise on that day."""
    rows = session.scalars(
        select(FormerName).where(FormerName.valid_to >= day).order_by(FormerName.valid_to.desc())
    )
    return {
        row.investor_id: {"code": row.code, "short_name": row.short_name, "name": row.name}
        for row in rows
        if row.valid_from <= day
    }


def name_on(session: Session, unit: Investor, day: date) -> str:
    """The full name of a unit on that day."""
    return name_in(names_on(session, day), unit.id, unit.name)


def name_in(names: Mapping[int, Mapping[str, Any]], unit_id: int, present: str) -> str:
    """The full name of a unit by `names_on` a day, the `present` one where it bore that then."""
    return str(names.get(unit_id, {}).get("name", present))


def code_in(names: Mapping[int, Mapping[str, Any]], unit_id: int, present: str) -> str:
    """The code of a unit by `names_on` a day, the `present` one where it had that then."""
    return str(names.get(unit_id, {}).get("code", present))


def short_name_in(names: Mapping[int, Mapping[str, Any]], unit_id: int, present: str) -> str:
    """The short name of a unit by `names_on` a day, the `present` one where it bore that then."""
    return str(names.get(unit_id, {}).get("short_name", present))
