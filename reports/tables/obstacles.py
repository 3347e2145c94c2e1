"""Biểu 05 as a table (domain §4.3)."""

from collections.abc import Sequence

from models.base import _n, local_day
from reports.obstacles import KEYS, ObstacleRow
from reports.tables.asked import Asked
from reports.tables.issue import Issue, column, day, head, made
from reports.writing import ByPart, Column, Kind, Row, Table


def table(found: Sequence[ObstacleRow], asked: Asked, issue: Issue) -> Table:
    """The obstacles of a period, as they stood at its end or on an earlier day."""
    say, period = issue.say, asked.period
    until = min(local_day(asked.as_of), period.data_to)
    heading = head(
        issue,
        form=_n("Form 05"),
        title=(say(_n("Difficulties, obstacles and proposals")),),
        period=period,
        rows=len(found),
        basis=say(_n("the register of obstacles, as it stood on %(day)s"), day=day(until)),
        none=say(_n("No obstacle stands in the register of this period.")),
    )
    rows = ByPart(
        len(found),
        lambda place: [
            Row(values={key: getattr(row, key) for key in KEYS}) for row in found[place]
        ],
    )
    return made("obstacles", columns(issue), rows, asked.params, heading, issue=issue)


def _row(found: ObstacleRow) -> Row:
    return Row(values={key: getattr(found, key) for key in KEYS})


def columns(issue: Issue) -> Sequence[Column]:
    """The columns on paper, and those that only a file of rows has."""
    say = issue.say
    return (
        column(issue, "no", 1, say(_n("No.")), kind=Kind.COUNT, is_centred=True),
        column(issue, "code"),
        column(issue, "investor", 2, say(_n("Investor"))),
        column(issue, "project", 3, say(_n("Project"))),
        column(issue, "content", 4, say(_n("Obstacle"))),
        column(issue, "cause", 5, say(_n("Group of causes"))),
        column(issue, "proposal", 6, say(_n("Proposal"))),
        column(issue, "solver", 7, say(_n("Level that must solve it"))),
        column(issue, "promised_on", 8, say(_n("Promised to be solved by")), kind=Kind.DAY),
        column(issue, "state", 9, say(_n("State"))),
        column(issue, "age_days", 10, say(_n("Age, days")), kind=Kind.COUNT),
        column(issue, "note", 11, say(_n("Note"))),
    )
