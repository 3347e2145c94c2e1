"""Rules of what is reported that need to know the period."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm.util import identity_key

from models.base import Around, RuleBroken, among, asked_together
from models.calendar import MONEY_KINDS, Period, PeriodCode, takes_no_figures
from models.returns.progress import Disbursement, ProgressEntry
from models.returns.submission import Submission


@asked_together(ProgressEntry)
def a_quarter_takes_no_entry(around: Around, rows: list[ProgressEntry]) -> Iterator[RuleBroken]:
    """A quarter has words of its own alone: figures stored in it would be counted by no report."""
    stored = {row: row.submission_id for row in rows if row.submission_id is not None}
    asked = {key for row, key in stored.items() if not _is_of_month(around, row)}
    quarters = _quarters(
        around,
        select(Submission.id, Period.code)
        .join(Period, Period.id == Submission.period_id)
        .where(among(Submission.id, asked)),
        asked,
    )
    for row in rows:
        code = quarters.get(stored[row]) if row in stored else _code_of_new(around, row)
        if code and (why := takes_no_figures(code)):
            yield why.about(row)


def _code_of_new(around: Around, row: ProgressEntry) -> PeriodCode | None:
    """The period of an entry that knows its submission as an object so far."""
    submission = around.target(row, "submission")
    period = around.target(submission, "period") if submission is not None else None
    return period.named if period is not None else None


@asked_together(Disbursement)
def a_quarter_takes_no_amount(around: Around, rows: list[Disbursement]) -> Iterator[RuleBroken]:
    """The same for amounts in an entry that is there from before."""
    stored = {row: row.entry_id or row.entry.id for row in rows if row.entry_id or row.entry}
    asked = {
        key
        for row, key in stored.items()
        if not _is_of_month(around, _here(around, ProgressEntry, row.investor_id, key))
    }
    quarters = _quarters(
        around,
        select(ProgressEntry.id, Period.code)
        .join(ProgressEntry.submission)
        .join(Period, Period.id == Submission.period_id)
        .where(among(ProgressEntry.id, asked)),
        asked,
    )
    for row, entry_id in stored.items():
        if entry_id in quarters and (why := takes_no_figures(quarters[entry_id])):
            yield why.about(row)


def _here(around: Around, kind: Any, *key: int | None) -> Any:
    """The row with this key, where the session holds it."""
    return around.session.identity_map.get(identity_key(kind, key))


def _is_of_month(around: Around, entry: ProgressEntry | None) -> bool:
    """Whether the session knows already that an entry is one of a month, as on the sheet of a
    unit; then there is nothing to ask. What kind a period is never changes.
    """
    report = entry and _here(around, Submission, entry.investor_id, entry.submission_id)
    period = report and _here(around, Period, report.period_id)
    return bool(period and period.kind in MONEY_KINDS)


def _quarters(
    around: Around, statement: Select[int, str], asked: set[int]
) -> dict[int, PeriodCode]:
    """By id: the code of the quarter, of those rows that belong to one."""
    if not asked:
        return {}
    rows = around.session.execute(statement.where(Period.kind.not_in(MONEY_KINDS)))
    return {key: PeriodCode.parse(code) for key, code in rows}
