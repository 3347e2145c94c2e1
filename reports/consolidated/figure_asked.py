"""The figure that is to be explained, as statements say it: what narrows it are parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from models import CENTRAL_SOURCES, Allocation, Nature, Project
from models.capital import IS_CARRIED
from models.ledger import within
from reports.facts import ASKED

Conditions = Sequence[ColumnElement[bool]]
CARRIED = "carried"
# capital and its project, where one of them is asked about beside the other
_OWN = and_(Project.investor_id == Allocation.investor_id, Project.id == Allocation.project_id)
KINDS = 32  # of figures whose statements are remembered, of up to 0.4 MB each


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Of which part of the `plan` and of the `money` disbursed a figure is made, on which basis;
    None where it has no such part.

    What it is `by` has a parameter of that name: a "project", "units", "components", the "vintage"
    of its capital (CARRIED: all earlier years, without one), its "nature" or "source", its last
    day "until" (and "usual", the vintages that end with it). The figures of one kind have the same
    statements, made once: making them costs more than their answer for a district.
    """

    basis: str
    plan: str | None = None
    money: str | None = None
    by: frozenset[str] = field(default_factory=frozenset)

    @property
    def of_office(self) -> bool:
        """Whether nothing narrows it but the components under which its projects are."""
        return self.by <= {"components"}

    @property
    def of_plan(self) -> "Figure":
        """The same of the plan alone: all with that part of it have the same statements."""
        return replace(self, money=None)

    @property
    def of_money(self) -> "Figure":
        """The same of what is disbursed alone."""
        return replace(self, plan=None)

    def projects(self) -> Conditions:
        """Conditions on the projects that hold its capital."""
        found: list[ColumnElement[bool]] = []
        if "project" in self.by:
            found.append(Project.id == bindparam("project"))
        if "units" in self.by:
            found.append(_in(Project.investor_id, "units"))
        return (*found, *self.under())

    def holding(self) -> Conditions:
        """Of words, which have no capital: the projects that hold such capital in the year."""
        kinds = [kind == value for kind, value in self._kinds()]
        if not kinds:
            return ()
        return (exists().where(_OWN, Allocation.budget_year == ASKED.budget_year, *kinds),)

    def plans(self) -> Conditions:
        """Conditions on the capital of whose plan it is made."""
        return (*self._capital(), *_part(self.plan))

    def paid(self) -> Conditions:
        """Conditions on the capital, and on the period, of whose amounts it is made."""
        return (*self._capital(), *_part(self.money))

    def _capital(self) -> Conditions:
        found = [kind == value for kind, value in self._kinds()]
        if "project" in self.by:
            found.append(Allocation.project_id == bindparam("project"))
        if "units" in self.by:
            found.append(_in(Allocation.investor_id, "units"))
        if CARRIED in self.by:
            found.append(IS_CARRIED)
        if "vintage" in self.by:
            found.append(Allocation.vintage == bindparam("vintage"))
        if "until" in self.by:
            usual = and_(Allocation.disburse_until.is_(None), _in(Allocation.vintage, "usual"))
            found.append(or_(Allocation.disburse_until == bindparam("until"), usual))
        return found

    def _kinds(self) -> list[tuple[Any, Any]]:
        kinds = {"nature": Allocation.nature, "source": Allocation.source}
        return [(kind, bindparam(name)) for name, kind in kinds.items() if name in self.by]

    def under(self, *more: ColumnElement[bool]) -> Conditions:
        """Conditions on projects: that they are under the components, and more."""
        return (_in(Project.component_id, "components"), *more) if "components" in self.by else more

    def held(self, *more: ColumnElement[bool]) -> Conditions:
        """The same as conditions on capital."""
        which = self.under(*more)
        whose = select(Project.id).where(_OWN, *which).correlate(Allocation.__table__)
        return (exists(whose),) if which else ()


def _in(column: Any, name: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column.in_(bindparam(name, expanding=True))
    return condition


def _part(part: str | None) -> Conditions:
    of_year = Allocation.vintage == Allocation.budget_year
    central = Allocation.source.in_(CENTRAL_SOURCES)
    parts: dict[str | None, Conditions] = {
        "month": (within(ASKED),),
        "total": (),
        "year": (of_year,),
        "central": (of_year, central),
        "local": (of_year, ~central),
        "investment": (of_year, Allocation.nature == Nature.DTPT),
        "recurrent": (of_year, Allocation.nature == Nature.SN),
        "carried": (~of_year,),
    }
    return parts[part]
