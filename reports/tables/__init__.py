"""The reports, each once: what its screen, its files and its command have in common (design §6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from models.base import local_day
from reports.allocation_changes import Changes
from reports.allocation_changes import allocation_changes as find_changes
from reports.carry_over import CarryOver
from reports.carry_over import carry_over as find_carry_over
from reports.consolidated import Consolidated, page_of
from reports.consolidated import consolidated as find_consolidated
from reports.late import LateRow
from reports.late import late as find_late
from reports.obstacles import ObstacleRow, obstacles_by_part
from reports.pace import Pace
from reports.pace import pace as find_pace
from reports.ranking import Ranking
from reports.ranking import ranking as find_ranking
from reports.tables import (
    allocation_changes,
    carry_over,
    consolidated,
    late,
    obstacles,
    pace,
    ranking,
    treasury,
)
from reports.tables.asked import Asked
from reports.tables.carry_over import vintage_in_words
from reports.tables.charts import chart_tables
from reports.tables.consolidated import SMALL, rank_of
from reports.tables.headings import HEADINGS
from reports.tables.issue import UNITS, Issue, issue, version_of
from reports.tables.pace import term_in_words
from reports.tables.sets import FEW, with_sets
from reports.treasury import Treasury
from reports.treasury import treasury as find_treasury
from reports.writing import Column, Table

__all__ = [
    "FEW",
    "HEADINGS",
    "REPORTS",
    "SMALL",
    "UNITS",
    "Asked",
    "Issue",
    "Report",
    "chart_tables",
    "issue",
    "rank_of",
    "term_in_words",
    "version_of",
    "vintage_in_words",
    "with_sets",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One report behind its screen, its files and its command.

    `options` are the parameters that change it, besides the period and how a file is written;
    `find` reads it, `rows` are those of the screen, of
    `many` where it was not all that was read, `table` is what files are written from;
    `columns` are its columns where no figures are at hand;
    `paper_unit` is that of amounts in files for people where no other is asked for.
    """

    name: str
    help: str
    file: str
    options: tuple[str, ...] = ()
    paper_unit: str = "trieu"
    find: Callable[[Session, Asked], Any]
    rows: Callable[[Any], Sequence[Any]] = attrgetter("rows")
    many: Callable[[Any], int] = lambda _found: 0
    table: Callable[[Any, Asked, Issue], Table]
    columns: Callable[[Issue], Sequence[Column]]


def _consolidated(session: Session, asked: Asked) -> Consolidated:
    params = asked.params
    report: dict[str, Any] = {
        "period": asked.period,
        "group": params.group,
        "detail": params.detail,
        "basis": params.basis,
        "units": params.units,
        "version": params.version,
        "split": params.split,
    }
    page = page_of(session, asked.cut, **report) if asked.cut is not None else None
    return page or find_consolidated(session, **report)


def _late(session: Session, asked: Asked) -> Sequence[LateRow]:
    return find_late(session, period=asked.period, as_of=asked.as_of, show_all=asked.show_all)


def _ranking(session: Session, asked: Asked) -> Ranking:
    params = asked.params
    return find_ranking(
        session,
        period=asked.period,
        basis=params.basis,
        units=params.units,
        version=params.version,
    )


def _obstacles(session: Session, asked: Asked) -> Sequence[ObstacleRow]:
    return obstacles_by_part(session, period=asked.period, as_of=asked.as_of)


def _carry_over(session: Session, asked: Asked) -> CarryOver:
    params = asked.params
    return find_carry_over(
        session,
        period=asked.period,
        detail=params.detail,
        basis=params.basis,
        version=params.version,
        cut=asked.cut,
    )


def _changes(session: Session, asked: Asked) -> Changes:
    return find_changes(session, period=asked.period, version=asked.params.version)


def _pace(session: Session, asked: Asked) -> Pace:
    params = asked.params
    return find_pace(
        session,
        period=asked.period,
        detail=params.detail,
        basis=params.basis,
        by_hand=params.pace,
        unit=asked.unit,
        cut=asked.cut,
    )


def _treasury(session: Session, asked: Asked) -> Treasury:
    return find_treasury(session, period=asked.period, as_of=asked.as_of, show_all=asked.show_all)


REPORTS: dict[str, Report] = {
    report.name: report
    for report in (
        Report(
            name="consolidated",
            help="Plan, disbursement and rates of a period (Biểu 01).",
            file="tong-hop",
            options=(
                "group",
                "detail",
                "basis",
                "unit",
                "units",
                "version",
                "columns",
                "decimals",
                "split",
            ),
            find=_consolidated,
            many=lambda found: found.many,
            table=consolidated.table,
            columns=lambda by: consolidated.columns(by, local_day(by.at).year),
        ),
        Report(
            name="ranking",
            help="Investors by their rate of disbursement (Biểu 02).",
            file="xep-hang",
            options=("basis", "unit", "units", "version", "columns", "decimals"),
            find=_ranking,
            table=ranking.table,
            columns=ranking.columns,
        ),
        Report(
            name="late",
            help="Units that sent late or not at all (Biểu 03).",
            file="nop-muon",
            options=("all", "as_of", "columns"),
            find=_late,
            rows=lambda found: found,
            table=late.table,
            columns=late.columns,
        ),
        Report(
            name="carry-over",
            help="Carried-over capital by the year it was given for (Biểu 04).",
            file="von-keo-dai",
            options=("detail", "basis", "unit", "version", "columns", "decimals"),
            find=_carry_over,
            many=lambda found: found.many,
            table=carry_over.table,
            columns=carry_over.columns,
        ),
        Report(
            name="obstacles",
            help="Obstacles of a period, carried from month to month until solved (Biểu 05).",
            file="vuong-mac",
            options=("as_of", "columns"),
            find=_obstacles,
            rows=lambda found: found,
            table=obstacles.table,
            columns=obstacles.columns,
        ),
        Report(
            name="allocation-changes",
            help="What decisions changed in the plan during a period (Biểu 06).",
            file="bien-dong-von",
            options=("unit", "version", "columns", "decimals"),
            find=_changes,
            table=allocation_changes.table,
            columns=allocation_changes.columns,
        ),
        Report(
            name="pace",
            help="What is left to disburse until which day, and what a month that needs.",
            file="nhip-giai-ngan",
            options=("detail", "basis", "unit", "columns", "decimals", "pace"),
            find=_pace,
            many=lambda found: found.many,
            table=pace.table,
            columns=pace.columns,
        ),
        Report(
            name="treasury",
            help="Where the Treasury and the reports of units differ, and since when.",
            file="doi-chieu-kho-bac",
            options=("all", "as_of", "unit", "columns", "decimals"),
            paper_unit="dong",  # one đồng is a difference
            find=_treasury,
            table=treasury.table,
            columns=treasury.columns,
        ),
    )
}
