"""Reports as headings and cells, the same for the download and for the command (design §6)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from models.base import _n, in_unit, local
from reports import late, obstacles, ranking
from reports.consolidated import Consolidated
from reports.consolidated import rows as consolidated_rows
from reports.writing import DELIMITERS, ReportParams, to_csv

Translate = Callable[[str], str]
SAID = (consolidated_rows.STALE, consolidated_rows.TOTAL)

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
    "rank": _n("Rank"),
    "versus_district": _n("Against the district (points)"),
    "versus_last_month": _n("Against last month (points)"),
    "versus_last_year": _n("Against the same period last year (points)"),
    "bucket": _n("Group"),
    "project": _n("Project"),
    "content": _n("Obstacle"),
    "cause": _n("Group of causes"),
    "proposal": _n("Proposal"),
    "solver": _n("Level that must solve it"),
    "promised_on": _n("Promised to be solved by"),
    "state": _n("State"),
    "age_days": _n("Age, days"),
}
WORDS: dict[tuple[str, str], str] = {
    ("cause", "guidance"): _n("Guiding documents"),
    ("cause", "beneficiaries"): _n("Beneficiaries"),
    ("cause", "bidding"): _n("Bidding and prices"),
    ("cause", "season"): _n("Breeds and seasons"),
    ("cause", "site"): _n("Site"),
    ("cause", "staff"): _n("Staff"),
    ("cause", "late_capital"): _n("Capital allocated late"),
    ("cause", "other"): _n("Other"),
    ("solver", "unit"): _n("The unit itself"),
    ("solver", "district"): _n("District"),
    ("solver", "province"): _n("Province"),
    ("solver", "central"): _n("Central"),
    ("state", "open"): _n("Not solved yet"),
    ("state", "in_hand"): _n("In hand"),
    ("state", "solved"): _n("Solved"),
}


def consolidated_csv(report: Consolidated, params: ReportParams, say: Translate) -> Iterator[str]:
    """The consolidated report as CSV: amounts as whole numbers of `params.unit`, rates 15.65."""
    names = consolidated_rows.KEYS
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


def obstacles_csv(
    rows: Sequence[obstacles.ObstacleRow], params: ReportParams, say: Translate
) -> Iterator[str]:
    """Biểu 05 as CSV; codes of cause, level and state as words unless keys are asked for."""
    names = obstacles.KEYS
    cells = ([_word(name, getattr(row, name), params, say) for name in names] for row in rows)
    return _csv(names, cells, params, say)


def ranking_csv(
    rows: Sequence[ranking.RankRow], params: ReportParams, say: Translate
) -> Iterator[str]:
    """Biểu 02 as CSV; rates in percent and differences in điểm %: 15.65, -3.56."""
    names = ranking.KEYS
    cells = ([_cell(name, getattr(row, name), params, say) for name in names] for row in rows)
    return _csv(names, cells, params, say)


def _word(name: str, value: Any, params: ReportParams, say: Translate) -> Any:
    if params.headers == "labels" and (name, value) in WORDS:
        return say(WORDS[name, value])
    return value


def _csv(
    names: Sequence[str], rows: Iterable[Iterable[Any]], params: ReportParams, say: Translate
) -> Iterator[str]:
    headings = names if params.headers == "keys" else [say(HEADINGS[name]) for name in names]
    return to_csv(headings, rows, delimiter=DELIMITERS[params.delimiter])


def _cell(name: str, value: Any, params: ReportParams, say: Translate) -> Any:
    if name in consolidated_rows.AMOUNTS and value is not None:
        return int(in_unit(value, params.unit).quantize(Decimal(1), ROUND_HALF_UP))
    if isinstance(value, datetime):
        return local(value)
    return say(value) if value in SAID else value
