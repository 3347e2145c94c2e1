"""V16: a report of an earlier month is held against all later months that rest on it."""

from collections.abc import Iterator

from models.base import Dong, Found, _n, warning
from models.calendar import PeriodCode
from models.filing.checks.money import rows_of
from models.filing.rows import AllocationRow, ProjectRow
from models.filing.sheet import Rule, Sheet


def v16_later_months(sheet: Sheet) -> Iterator[Found]:
    """With this figure no later month passes the plan, falls below zero or recovers too much.

    A warning: the unit that corrects a month learns which other one no longer fits, and says
    what it will do about it. The first month of each kind is named.
    """
    for project, row, subject in rows_of(sheet):
        if row.later and not row.is_blank:
            yield from _look(project, row, subject)


def _look(project: ProjectRow, row: AllocationRow, subject: str) -> Iterator[Found]:
    after = row.after
    balance = row.advance_balance_before + (row.advance or 0) - (row.recovered or 0)
    told: set[str] = set()
    for month in row.later:
        after += month.net
        balance += month.advance - month.recovered
        for kind, is_wrong, message in (
            (
                "over",
                after > month.plan,
                _n(
                    "%(project)s: with this figure, cumulative disbursement of %(month)s is "
                    "%(after)s đồng, more than the plan of %(plan)s đồng. Correct that month as "
                    "well, or explain."
                ),
            ),
            (
                "below",
                after < 0,
                _n(
                    "%(project)s: with this figure, cumulative disbursement of %(month)s falls to "
                    "%(after)s đồng. Correct that month as well, or explain."
                ),
            ),
            (
                "advance",
                balance < 0,
                _n(
                    "%(project)s: with this figure, %(month)s recovers %(missing)s đồng more than "
                    "the advances not yet settled. Correct that month as well, or explain."
                ),
            ),
        ):
            if not is_wrong or kind in told:
                continue
            told.add(kind)
            values = {
                "project": project.code,
                "month": PeriodCode.parse(month.period),
                "after": Dong(after),
            }
            values |= {"plan": Dong(month.plan), "missing": Dong(-balance)}
            used = {name: value for name, value in values.items() if f"%({name})s" in message}
            yield warning(subject, message, **used)


LATER_RULES: dict[str, Rule] = {
    "V16": v16_later_months,
}
