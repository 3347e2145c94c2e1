"""The comparison with the Treasury as a table."""

from collections.abc import Sequence
from typing import Any

from models.base import _n
from reports.tables.asked import Asked
from reports.tables.issue import Issue, column, day, head, made, period_in_words
from reports.treasury import KEYS, Treasury, TreasuryRow
from reports.writing import Column, Formula, Kind, Row, Table


def table(found: Treasury, asked: Asked, issue: Issue) -> Table:
    """Projects whose reports the newest statement does not confirm, or with `all` every one."""
    say, period = issue.say, found.period
    heading = head(
        issue,
        form=_n("Treasury"),
        title=(say(_n("Reports of units against the statements of the Treasury")),),
        period=period,
        rows=len(found.rows),
        basis=say(
            _n("sent and accepted reports, cumulative since the start of the year, all capital of "
               "the state budget")
        ),
        none=_none(found, issue),
        unit=asked.params.unit,
        status=_status(found, issue),
        notes=_notes(found, issue),
    )  # fmt: skip
    rows = (_row(row, found, issue) for row in found.rows)
    return made("treasury", columns(issue), rows, asked.params, heading, issue=issue)


def _status(found: Treasury, issue: Issue) -> tuple[str, ...]:
    say = issue.say
    if found.day is None:
        return ()
    said = say(_n("Newest statement: cumulative until %(day)s."), day=day(found.day))
    if found.counted:
        said += " " + say(
            _n("Held against the reports up to %(period)s."),
            period=period_in_words(issue, found.counted),
        )
    count = say(
        _n("%(compared)s projects are compared, %(differing)s of them differ."),
        compared=found.compared,
        differing=found.differing,
    )
    return (f"{said} {count}",)


def _notes(found: Treasury, issue: Issue) -> tuple[str, ...]:
    say = issue.say
    notes = [
        say(
            _n("Difference = reported by the unit less confirmed by the Treasury. A statement "
               "changes no report.")
        )
    ]  # fmt: skip
    if found.missing:
        notes.append(
            say(
                _n("Disbursement is reported, but no statement has a row: %(projects)s."),
                projects=", ".join(found.missing),
            )
        )
    return tuple(notes)


def _none(found: Treasury, issue: Issue) -> str:
    if found.day is None:
        return issue.say(
            _n("No statement of the Treasury is stored for this period. Import one first.")
        )
    return issue.say(_n("Every report agrees with the Treasury."))


def columns(issue: Issue) -> Sequence[Column]:
    """The columns on paper, and those that only a file of rows has."""
    say, money = issue.say, Kind.MONEY
    paid = say(_n("Cumulative disbursement"))
    difference = Formula(plus=("reported",), minus=("confirmed",))
    return (
        column(issue, "project_code", 1, say(_n("Code"))),
        column(issue, "project", 2, say(_n("Project")), is_printed_only=True),
        column(issue, "investor", 3, say(_n("Investor"))),
        column(issue, "reported", 4, paid, say(_n("Reported by the unit")), kind=money),
        column(issue, "confirmed", 5, paid, say(_n("Confirmed by the Treasury")), kind=money),
        column(issue, "difference", 6, say(_n("Difference")), kind=money, formula=difference),
        column(issue, "since", 7, say(_n("Differs since the statement of")), kind=Kind.DAY),
        column(issue, "age_days", 8, say(_n("Age, days")), kind=Kind.COUNT),
        column(issue, "note", 9, say(_n("Note"))),
    )


def _row(row: TreasuryRow, found: Treasury, issue: Issue) -> Row:
    values: dict[str, Any] = {key: getattr(row, key) for key in KEYS if key != "note"}
    return Row(
        values=values | {"project": row.project, "note": note(row, found, issue)},
        entered=frozenset({"difference"}) if row.confirmed is None else frozenset(),
    )


def note(row: TreasuryRow, found: Treasury, issue: Issue) -> str:
    """What an officer has to know of a row: which statement it is of, what the unit says."""
    say = issue.say
    said = []
    if row.statement_on is None:
        said.append(say(_n("No statement has a row of it")))
    elif row.statement_on != found.day:
        said.append(
            say(_n("The statement of %(day)s is the last with a row of it"),
                day=day(row.statement_on))
        )  # fmt: skip
    if row.explained:
        said.append(say(_n("The unit explains: %(text)s"), text=row.explained))
    if row.remark:
        said.append(say(_n("Remark: %(text)s"), text=row.remark))
    return "; ".join(said)
