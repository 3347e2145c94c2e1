"""The reports, each once: what its screen, its file and its command have in common (design §6)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy.orm import Session

from models import Period
from models.base import _n, in_unit, local
from reports import late, obstacles, ranking
from reports.consolidated import Consolidated, consolidated
from reports.consolidated import rows as consolidated_rows
from reports.writing import DELIMITERS, ReportParams, to_csv

Translate = Callable[[str], str]
SAID = (consolidated_rows.STALE, consolidated_rows.TOTAL, consolidated_rows.OWN_TOTAL)

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


# words for the codes that a file for people's spreadsheets shows (delimiter=semicolon)
CODES: dict[tuple[str, str], str] = {
    ("level", "total"): _n("Total"),
    ("level", "component"): _n("Component"),
    ("level", "investor"): _n("Investor"),
    ("level", "project"): _n("Project"),
    ("status", "on_time"): _n("On time"),
    ("status", "late"): _n("Late"),
    ("status", "missing"): _n("Missing"),
    ("status", "exempt"): _n("Exempt"),
    ("status", "pending"): _n("Not yet due"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What somebody wants to see of a period: parameters, and the moment that counts as now."""

    params: ReportParams
    as_of: datetime
    show_all: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One report behind its screen, its file and its command.

    `options` are the parameters that change it, besides the period and how a file is written;
    `find` reads it, `rows` are the table of what was found, with `keys` as their columns.
    """

    name: str
    help: str
    file: str
    options: tuple[str, ...] = ()
    keys: tuple[str, ...]
    find: Callable[[Session, Period, Asked], Any]
    rows: Callable[[Any], Sequence[Any]] = lambda found: found


def _consolidated(session: Session, period: Period, asked: Asked) -> Consolidated:
    params = asked.params
    return consolidated(
        session,
        period=period,
        group=params.group,
        detail=params.detail,
        basis=params.basis,
        units=params.units,
        version=params.version,
    )


def _late(session: Session, period: Period, asked: Asked) -> list[late.LateRow]:
    return late.late(session, period=period, as_of=asked.as_of, show_all=asked.show_all)


def _ranking(session: Session, period: Period, asked: Asked) -> ranking.Ranking:
    params = asked.params
    return ranking.ranking(
        session,
        period=period,
        basis=params.basis,
        units=params.units,
        version=params.version,
    )


def _obstacles(session: Session, period: Period, asked: Asked) -> list[obstacles.ObstacleRow]:
    return obstacles.obstacles(session, period=period, as_of=asked.as_of)


REPORTS: dict[str, Report] = {
    report.name: report
    for report in (
        Report(
            name="consolidated",
            help="Plan, disbursement and rates of a period (Biểu 01).",
            file="tong-hop",
            options=("group", "detail", "basis", "unit", "units", "version"),
            keys=consolidated_rows.KEYS,
            find=_consolidated,
            rows=lambda found: found.rows,
        ),
        Report(
            name="ranking",
            help="Investors by their rate of disbursement (Biểu 02).",
            file="xep-hang",
            options=("basis", "unit", "units", "version"),
            keys=ranking.KEYS,
            find=_ranking,
            rows=lambda found: found.rows,
        ),
        Report(
            name="late",
            help="Units that sent late or not at all (Biểu 03).",
            file="nop-muon",
            options=("all", "as_of"),
            keys=late.KEYS,
            find=_late,
        ),
        Report(
            name="obstacles",
            help="Obstacles of a period, carried from month to month until solved (Biểu 05).",
            file="vuong-mac",
            options=("as_of",),
            keys=obstacles.KEYS,
            find=_obstacles,
        ),
    )
}


def csv_of(report: Report, found: Any, params: ReportParams, say: Translate) -> Iterator[str]:
    """What was found as CSV: amounts as whole numbers of `params.unit`, rates 15.65, moments with
    their offset, codes as words unless keys are asked for."""
    names = report.keys
    headings = names if params.headers == "keys" else [say(HEADINGS[name]) for name in names]
    rows = (
        [_cell(name, getattr(row, name), params, say) for name in names]
        for row in report.rows(found)
    )
    return to_csv(headings, rows, delimiter=DELIMITERS[params.delimiter])


def _cell(name: str, value: Any, params: ReportParams, say: Translate) -> Any:
    if name in consolidated_rows.AMOUNTS and value is not None:
        return int(in_unit(value, params.unit).quantize(Decimal(1), ROUND_HALF_UP))
    if isinstance(value, datetime):
        return local(value)
    if params.headers == "labels" and isinstance(value, str):
        if (name, value) in WORDS:
            return say(WORDS[name, value])
        if params.delimiter == "semicolon" and (name, value) in CODES:
            return say(CODES[name, value])
    return say(value) if value in SAID else value
