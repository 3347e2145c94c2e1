"""What units were called on a day: a paper of before says the old name (domain §6.3)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import Investor
from models.catalogue import names_on


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
