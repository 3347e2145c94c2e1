"""Which columns of a report are shown: all, few, or those of a set that the office saved."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from models.base import RuleBroken, _n
from models.column_sets import BUILT_IN, NAMING, NARROW, Tabled, column_sets
from reports.writing import Column, ReportParams, Row, is_empty

# what stays readable in a document (domain §4.2); the other reports have few columns anyhow
FEW: dict[str, tuple[str, ...]] = {
    Tabled.CONSOLIDATED: (
        "no", "name", "investor", "plan_total", "disbursed_month", "disbursed_total",
        "rate_total", "remaining", "obstacles",
    ),
    Tabled.CARRY_OVER: (
        "no", "name", "plan_carried", "disburse_until", "disbursed_carried", "rate_carried",
        "remaining", "to_cancel",
    ),
    Tabled.ALLOCATION_CHANGES: (
        "no", "name", "investor", "effective_on", "increase", "decrease", "amount", "note",
    ),
    Tabled.PACE: (
        "no", "name", "plan_total", "remaining", "disburse_until", "months_left", "monthly_need",
        "monthly_pace",
    ),
}  # fmt: skip


def with_sets(session: Session, params: ReportParams, *reports: str) -> ReportParams:
    """The parameters with the set that they name, for each of these reports that has it.

    No query where none is named. Raises RuleBroken where no report has a set of that name.
    """
    if params.columns in BUILT_IN:
        return params
    known = column_sets(session, *reports) if reports else []
    found = {one.report.value: one for one in known if one.name == params.columns}
    if not found:
        names = sorted({one.name for one in known})
        raise RuleBroken(
            _n("There is no column set “%(value)s” here. Choose one of: %(allowed)s."),
            field="columns",
            value=params.columns[:80],
            allowed=", ".join([*BUILT_IN, *names]),
        )
    return replace(params, sets=found)


def chosen(
    report: str, columns: Sequence[Column], rows: Sequence[Row] | None, params: ReportParams
) -> tuple[Column, ...]:
    """The columns of a report with those off the paper that are not asked for, in the order and
    under the heads of the set that is; numbers stay those of the form. Without all its rows none
    is known to be empty."""
    own = params.sets.get(report)
    if own is not None:
        places = {key: place for place, key in enumerate(own.columns, 1)}
        return tuple(
            _named(replace(one, place=places[one.key]), own.headings.get(one.key))
            if one.key in places
            else replace(one, path=())
            for one in columns
        )
    if params.columns != NARROW or report not in FEW:
        return tuple(columns)
    few = FEW[report]
    return tuple(
        one
        if one.key in few[:NAMING] or (one.key in few and (rows is None or not is_empty(one, rows)))
        else replace(one, path=())
        for one in columns
    )


def _named(column: Column, head: str | None) -> Column:
    """A column under a head of its own, which stays within its group."""
    if head is None:
        return column
    return replace(column, heading=head, path=(*column.path[:-1], head))
