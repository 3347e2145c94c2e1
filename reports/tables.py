"""Reports as headings and cells, the same for the download and for the command (design §6)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from models.clock import local
from models.errors import _n
from models.money import in_unit
from reports import consolidated, late
from reports.csv_export import DELIMITERS, to_csv
from reports.params import ReportParams

Translate = Callable[[str], str]
SAID = (consolidated.STALE, consolidated.TOTAL)

HEADINGS: dict[str, str] = {
    "no": _n("No."),
    "level": _n("Level"),
    "code": _n("Code"),
    "name": _n("Name"),
    "investor": _n("Investor"),
    "plan_total": _n("Plan, total"),
    "plan_year": _n("Plan, capital of the year"),
    "plan_central": _n("Plan, central budget"),
    "plan_local": _n("Plan, local budget"),
    "plan_investment": _n("Plan, investment capital"),
    "plan_recurrent": _n("Plan, recurrent capital"),
    "plan_carried": _n("Plan, carried over"),
    "disbursed_month": _n("Disbursed in the period"),
    "disbursed_total": _n("Disbursed, total"),
    "disbursed_year": _n("Disbursed, capital of the year"),
    "disbursed_carried": _n("Disbursed, carried over"),
    "rate_total": _n("Rate, total (%)"),
    "rate_year": _n("Rate, capital of the year (%)"),
    "rate_carried": _n("Rate, carried over (%)"),
    "remaining": _n("Remaining"),
    "estimate": _n("Estimate"),
    "progress": _n("Progress"),
    "obstacles": _n("Obstacles"),
    "note": _n("Note"),
    "period": _n("Reporting period"),
    "deadline": _n("Deadline"),
    "status": _n("Status"),
    "first_submitted_at": _n("First sent at"),
    "days_late": _n("Days late"),
    "missed_in_year": _n("Late or missing this year"),
    "contact": _n("Contact"),
    "phone": _n("Telephone"),
}


def consolidated_csv(
    report: consolidated.Consolidated, params: ReportParams, say: Translate
) -> Iterator[str]:
    """The consolidated report as CSV: amounts as whole numbers of `params.unit`, rates 15.65."""
    names = consolidated.KEYS
    rows = ([_cell(name, getattr(row, name), params, say) for name in names] for row in report.rows)
    return _csv(names, rows, params, say)


def late_csv(rows: Sequence[late.LateRow], params: ReportParams, say: Translate) -> Iterator[str]:
    """The late list as CSV; moments are those of a clock in Vietnam, with their offset."""
    names = tuple(field.name for field in fields(late.LateRow))
    cells = (
        [_cell(name, value, params, say) for name, value in zip(names, astuple(row), strict=True)]
        for row in rows
    )
    return _csv(names, cells, params, say)


def _csv(
    names: Sequence[str], rows: Iterable[Iterable[Any]], params: ReportParams, say: Translate
) -> Iterator[str]:
    headings = names if params.headers == "keys" else [say(HEADINGS[name]) for name in names]
    return to_csv(headings, rows, delimiter=DELIMITERS[params.delimiter])


def _cell(name: str, value: Any, params: ReportParams, say: Translate) -> Any:
    if name in consolidated.AMOUNTS and value is not None:
        return int(in_unit(value, params.unit).quantize(Decimal(1), ROUND_HALF_UP))
    if isinstance(value, datetime):
        return local(value)
    return say(value) if value in SAID else value
