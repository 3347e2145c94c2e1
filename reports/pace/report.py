"""What is left to disburse, until when, and what a month that takes: need, not forecast.

Every figure rests on what was decided and reported; what comes is only compared: with the pace of
the last months or one set by hand, and with what earlier years disbursed from the same month on.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Period, Project
from models.base import sees_a_part
from reports.consolidated import OWN_TOTAL, TOTAL, Cut
from reports.facts import Unit, has_capital, returns_of, units_of
from reports.pace.earlier import earlier_years
from reports.pace.rows import PacePlace, PaceRow, RowBuilder
from reports.pace.terms import Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """The report; a place for each row. `months` are those of the pace, oldest first; `by_hand`
    is a pace in percent of the plan a month; `years` are the earlier ones that it is held against.
    `many`: how many rows it has where those here are a page of them; `units` are those of all
    units, with the numbers of their rows.
    """

    period: Period
    months: tuple[str, ...]
    by_hand: Decimal | None
    rows: tuple[PaceRow, ...]
    places: tuple[PacePlace, ...]
    years: tuple[int, ...]
    units: tuple[tuple[int, Unit], ...]
    many: int = 0


def pace(
    session: Session,
    *,
    period: Period,
    detail: str = "investor",
    basis: str = "submitted",
    by_hand: Decimal | None = None,
    unit: int | None = None,
    cut: Cut | None = None,
) -> Pace:
    """Capital of the budget year as of the last day of a period, by unit and by term.

    State budget sources only, entries as they are now. With `detail` group the whole district by
    term, with project also what each term is made of. A fixed number of queries. `unit`: the rows
    of this one alone. `cut` says which of so many rows are to be made.
    """
    terms = Terms(
        session, period, basis, by_hand=by_hand, unit=unit, by_project=detail == "project"
    )
    builder = RowBuilder(
        terms=terms,
        units=units_of(
            session, period, returns_of(session, period, basis), terms.held.keys(), unit
        ),
        projects=_projects(session, period, unit) if detail == "project" else {},
        detail=detail,
        name=OWN_TOTAL if sees_a_part(session) else TOTAL,
    )
    part = range(builder.many)[cut(builder.many) if cut else slice(None)]
    is_page = len(part) < builder.many
    shown = [builder.begins[n][1].id for n in builder.shown(part)]
    apart = shown if len(shown) < len(terms.held) else None
    earlier = earlier_years(session, period, basis, terms.heirs, unit, apart)
    builder.build(part, earlier)
    beside = [earlier.get((None, None), ()), *(row.earlier for row in builder.rows)]
    return Pace(
        period=period,
        months=tuple(one.code for one in terms.months),
        by_hand=by_hand,
        rows=tuple(builder.rows),
        places=tuple(builder.places),
        years=tuple(sorted({one.year for years in beside for one in years})),
        units=tuple(builder.begins),
        many=builder.many if is_page else 0,
    )


def _projects(session: Session, period: Period, unit: int | None) -> dict[int, tuple[str, str]]:
    """Code and name of the projects that hold capital of the budget year. One query."""
    of_unit = () if unit is None else (Project.investor_id == unit,)
    rows = session.execute(
        select(Project.id, Project.code, Project.name).where(
            has_capital(period.budget_year), *of_unit
        )
    )
    return {key: (code, name) for key, code, name in rows}
