"""The rows of a report as it would be stored, beside those that are stored."""

from models.exchange.package import ENTRY, amounts_of, text_of
from models.filing import AllocationRow, ProjectRow, Told
from models.imports.amounts import DIRECT
from models.imports.figures import Figures
from models.imports.planned import PlannedRow, planned
from models.imports.said import Said
from models.sheets import At


def rows_of_report(period: str, said: Said, after: ProjectRow, told: Told) -> list[PlannedRow]:
    """One project: its entry where the file says something of it, then its capital."""
    row, figures = said.row, said.figures
    found = []
    if told.facts:
        at = next(iter(said.fact_places.values()))
        values, old = _entry(after, period), _entry(row, period)
        is_stored = any(getattr(row, name) is not None for name in ENTRY)
        found.append(planned("entries", values, old if is_stored else None, at, said.fact_places))
    stored = {one.allocation_id: one for one in row.allocations}
    for one in after.allocations:
        key = one.allocation_id
        if key in told.amounts or key in figures.same:
            now = stored[key]
            kept = None if now.is_blank else money_row(row, now, period)
            values = money_row(row, one, period)
            found.append(planned("disbursements", values, kept, *_places(figures, key)))
    return found


def _places(figures: Figures, key: int) -> tuple[At, dict[str, At]]:
    """The first cell that tells of a capital, and those of its amounts that stand in another."""
    first = figures.places[key]
    told = {name: figures.place_of(key, name) for name in DIRECT.values()}
    return first, {name: at for name, at in told.items() if at is not None and at != first}


def _entry(row: ProjectRow, period: str) -> dict[str, str]:
    facts = {name: text_of(getattr(row, name)) for name in ENTRY}
    return {"project_code": row.code, "period": period, **facts}


def money_row(project: ProjectRow, row: AllocationRow, period: str) -> dict[str, str]:
    """One line of `disbursements.csv`."""
    key = {
        "project_code": project.code,
        "period": period,
        "budget_year": row.budget_year,
        "vintage": row.vintage,
        "source": row.source,
        "nature": row.nature,
    }
    return {name: text_of(value) for name, value in {**key, **amounts_of(row)}.items()}
