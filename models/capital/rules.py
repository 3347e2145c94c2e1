"""Rules of capital that need to know other rows (domain §1.2, §2.3)."""

from collections import Counter
from collections.abc import Iterator

from models.base import Around, RuleBroken, _n, asked_together, changed
from models.capital.allocation import Allocation
from models.capital.term import CapitalTerm
from models.catalogue import parts_of


@asked_together(Allocation)
def capital_goes_to_the_lowest_level(
    around: Around, rows: list[Allocation]
) -> Iterator[RuleBroken]:
    """Capital is held by projects of a component without parts."""
    projects = {
        row: around.target(row, "project") for row in rows if changed(row, "project", "project_id")
    }
    found = {
        row: (project, around.target(project, "component"))
        for row, project in projects.items()
        if project is not None
    }
    parts = parts_of(around, [component for _project, component in found.values()])
    for row, (project, component) in found.items():
        if parts[component]:
            yield RuleBroken(
                _n(
                    "Project %(project)s belongs to a component that has sub-projects. "
                    "Capital is allocated to a sub-project; move the project there first."
                ),
                field="project",
                project=project.code,
            ).about(row)


@asked_together(CapitalTerm)
def one_term_for_a_vintage(around: Around, rows: list[CapitalTerm]) -> Iterator[RuleBroken]:
    """One last day for each budget year and vintage."""
    fresh = [row for row in rows if changed(row, "budget_year", "vintage")]
    years = {row.budget_year for row in fresh}
    others = around.rows(CapitalTerm, CapitalTerm.budget_year.in_(years)) if fresh else []
    count = Counter((one.budget_year, one.vintage) for one in others)
    for row in fresh:
        if count[row.budget_year, row.vintage] > 1:
            yield RuleBroken(
                _n("Capital of %(vintage)s in %(year)s has its term already. Change that one."),
                field="vintage",
                vintage=row.vintage,
                year=row.budget_year,
            ).about(row)
