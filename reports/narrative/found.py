"""The báo cáo of a period (domain §4.5): its six parts and its annexes, from one reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import Obstacle, Period
from models.duty import punctualities, tallies
from reports.consolidated import Consolidated, built, source_shown
from reports.facts import elapsed
from reports.late import last_reminded, late
from reports.letter import spoken_day
from reports.narrative import said
from reports.narrative.said import Point
from reports.obstacles import counts, obstacles_by_part, unsolved
from reports.pace import over
from reports.ranking import ranking
from reports.tables import REPORTS, UNITS, Asked, Issue, version_of
from reports.writing import Picture, ReportParams, Row, Table, rates_picture, text_of

ANNEXES = ("consolidated", "ranking", "late", "obstacles")
PARTS = (
    "directing",
    "allocation",
    "results",
    "components",
    "discipline",
    "obstacles",
    "tasks",
    "proposals",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrative:
    """The paragraphs of each part by its name in PARTS, and the tables that come with them."""

    period: Period
    as_of: datetime
    programme: str
    status: str
    mark: str
    treasury: str
    parts: Mapping[str, tuple[Point, ...]]
    annexes: tuple[Table, ...]
    in_groups: Consolidated

    @property
    def chart(self) -> Picture | None:
        """The picture of the rates; drawn when it is asked for, which takes longer than reading."""
        return _chart(self.in_groups)


def narrative(
    session: Session, *, period: Period, params: ReportParams, as_of: datetime, issue: Issue
) -> Narrative:
    """The báo cáo as known at `as_of`, for the whole district.

    The facts are read once: what a sentence says is what stands in the annex. A locked period
    is told from its frozen version, as its report is shown.
    """
    shown = source_shown(
        session,
        period=period,
        basis=params.basis,
        units=params.units,
        version=params.version,
        by="unit" if params.detail == "group" else "project",  # components alone show no words
    )
    by_component, in_groups = built(
        session,
        [("component", params.detail), ("component", "group")],
        period=period,
        shown=shown,
    )
    ranked = ranking(
        session,
        period=period,
        basis=params.basis,
        units=params.units,
        version=params.version,
        shown=shown,
    )
    count = punctualities(session, [period], as_of=as_of)[period.id]
    owed = tallies(session, [period], as_of=as_of)[period.id].expected
    ended = over(session, period, params.basis)
    tardy = list(late(session, period=period, as_of=as_of))
    told = obstacles_by_part(session, period=period, as_of=as_of)
    causes, _solvers = counts(session, period=period, as_of=as_of)
    named = unsolved(session, period=period, as_of=as_of, most=said.MOST_NAMED)
    above = Obstacle.solver.in_(said.ABOVE), Obstacle.proposal != ""
    proposed = unsolved(session, *above, period=period, as_of=as_of)
    asked = Asked(period=period, params=params, as_of=as_of)
    found = {
        "consolidated": by_component,
        "ranking": ranked,
        "late": tardy,
        "obstacles": told,
    }
    annexes = tuple(REPORTS[name].table(found[name], asked, issue) for name in ANNEXES)
    money = _amounts(annexes[0], issue)
    reminded = len(last_reminded(session, period, as_of=as_of))
    return Narrative(
        period=period,
        as_of=as_of,
        programme="; ".join(by_component.programmes),
        status=version_of(issue, period, by_component.frozen),
        mark=annexes[0].head.mark,
        treasury=annexes[0].head.notes[0],
        parts={
            "directing": tuple(said.directing(period, reminded)),
            "allocation": tuple(said.allocation(by_component, money)),
            "results": tuple(said.results(period, ranked, tardy, money)),
            "components": tuple(said.components(in_groups, money)),
            "discipline": tuple(said.discipline(period, count, tardy, expected=owed)),
            "obstacles": tuple(said.obstacles(len(told), causes, named)),
            "tasks": tuple(said.tasks(ranked, ended, tardy, money)),
            "proposals": tuple(said.proposals(proposed)),
        },
        annexes=annexes,
        in_groups=in_groups,
    )


def _amounts(annex: Table, issue: Issue) -> said.Amounts:
    """Amounts as Biểu 01 behind the text prints them, to the last decimal."""
    column = annex.column("plan_total")
    return said.Amounts(
        text=lambda amount: text_of(annex, column, Row(values={column.key: amount})),
        unit=issue.say(UNITS[annex.unit]),
    )


def _chart(report: Consolidated) -> Picture | None:
    """Rates of the component projects against the share of the year that has passed."""
    bars = [
        (row.name, row.rate_total)
        for row, place in zip(report.rows, report.places, strict=True)
        if row.level == "component" and place.depth == 2 and row.rate_total is not None
    ]
    if not bars:
        return None
    until = report.status.data_to
    return rates_picture(
        f"Tỷ lệ giải ngân theo dự án thành phần đến {spoken_day(until)}",
        bars,
        elapsed=elapsed(report.period),
        elapsed_words="Thời gian đã qua của năm",
    )
