"""Biểu 03 as a table (domain §4.3)."""

from collections.abc import Sequence

from models.base import _n, local
from models.calendar import is_in_time
from reports.late import KEYS, LateRow
from reports.tables.asked import Asked
from reports.tables.issue import Issue, column, day, head, made, moment, period_in_words
from reports.writing import ByPart, Column, Kind, Row, Table


def table(found: Sequence[LateRow], asked: Asked, issue: Issue) -> Table:
    """Units late or missing as known at the moment asked for, or every expected one."""
    say, period = issue.say, asked.period
    due = say(
        _n("Deadline: %(moment)s. %(reason)s."),
        moment=f"{local(period.deadline_at):%H:%M} {day(local(period.deadline_at).date())}",
        reason=period.deadline_reason.strip(". "),
    )
    is_over = not is_in_time(asked.as_of, period.deadline_at)
    heading = head(
        issue,
        form=_n("Form 03"),
        title=(say(_n("Units that sent late or not at all")),),
        period=period,
        rows=len(found),
        basis=say(_n("the first complete sending of each unit")),
        none=say(_n("No unit is late in this period."))
        if is_over
        else say(_n("The deadline has not passed yet.")),
        status=(due + " " + say(_n("As known at %(moment)s."), moment=moment(asked.as_of)),),
    )
    said = {"period_said": period_in_words(issue, period.code)}
    rows = ByPart(len(found), lambda place: [_row(one, said) for one in found[place]])
    return made("late", columns(issue), rows, asked.params, heading, issue=issue)


def _row(found: LateRow, said: dict[str, str]) -> Row:
    return Row(values={key: getattr(found, key) for key in KEYS} | said)


def columns(issue: Issue) -> Sequence[Column]:
    """The columns on paper, and those that only a file of rows has."""
    say, count, moment_ = issue.say, Kind.COUNT, Kind.MOMENT
    person = say(_n("Person in charge"))
    return (
        column(issue, "no", 1, say(_n("No.")), kind=count, is_centred=True),
        column(issue, "code"),
        column(issue, "investor", 2, say(_n("Unit"))),
        column(issue, "period"),
        column(issue, "period_said", 3, say(_n("Reporting period")), is_printed_only=True),
        column(issue, "deadline", 4, say(_n("Deadline")), kind=moment_),
        column(issue, "status", 7, say(_n("Status")), is_centred=True),
        column(issue, "first_submitted_at", 5, say(_n("First sent at")), kind=moment_),
        column(issue, "days_late", 6, say(_n("Days late")), kind=count),
        column(issue, "missed_in_year", 8, say(_n("Late or missing this year")), kind=count),
        column(issue, "contact", 9, person, say(_n("Name"))),
        column(issue, "phone", 10, person, say(_n("Telephone"))),
        column(issue, "note", 11, say(_n("Note"))),
    )
