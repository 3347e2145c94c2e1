"""What the codes in the rows of an import are called: projects, their units, components."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Component, Investor, Project
from models.base import among


def code_of(values: Mapping[str, str]) -> str:
    """The code of what a row is about: a project, or a decision by its number."""
    return values.get("project_code") or values.get("code") or values.get("number") or ""


def project_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """The names of projects by code."""
    rows = select(Project.code, Project.name).where(among(Project.code, codes))
    return dict(session.execute(rows).all())


@dataclass(frozen=True, slots=True)
class Names:
    """Projects by code, each with the number of its unit; units by number and by code, since one
    code can be of two units one after the other, and one name of several at once; components.
    """

    works: Mapping[str, tuple[str, int]]
    called: Mapping[int, str]
    numbers: Mapping[str, int]
    units: Mapping[str, str]
    parts: Mapping[str, str]

    def work(self, values: Mapping[str, str]) -> tuple[str, int | str]:
        """Name and unit of the subject of a row; one that is new is named by the row itself."""
        unit = values.get("investor_code", "")
        new = values.get("name", ""), self.numbers.get(unit, unit)
        return self.works.get(code_of(values), new)

    def of_unit(self, unit: int | str) -> str:
        """What a unit is called in a heading, with its code where others bear the same name."""
        return self.called.get(unit, "") if isinstance(unit, int) else unit


def names_in(session: Session, rows: Sequence[Mapping[str, Any]]) -> Names:
    """The names of all that the rows speak of, in three queries."""
    every = [row["values"] for row in rows]
    of_work = among(Project.code, {code_of(values) for values in every})
    works = select(Project.code, Project.name, Project.investor_id).where(of_work)
    units = (
        select(Investor.id, Investor.code, Investor.short_name)
        .where(
            or_(
                Investor.id.in_(select(Project.investor_id).where(of_work)),
                among(Investor.code, {one.get("investor_code", "") for one in every}),
            )
        )
        .order_by(Investor.valid_from, Investor.id)
    )
    parts = select(Component.code, Component.short_name).order_by(Component.valid_from)
    parts = parts.where(among(Component.code, {one.get("component_code", "") for one in every}))
    found = session.execute(units).all()
    bearers = Counter(name for _number, _code, name in found)
    return Names(
        works={code: (name, unit) for code, name, unit in session.execute(works)},
        called={
            number: name if bearers[name] == 1 else f"{name} ({code})"
            for number, code, name in found
        },
        numbers={code: number for number, code, _name in found},
        units={code: name for _number, code, name in found},
        parts=dict(session.execute(parts).all()),
    )
