"""Statements of the Treasury that say something of the end of a period (V14)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.calendar import Period, days_off
from models.filing.rows import Statement
from models.ledger import days_of_one_balance
from models.returns import TreasuryLine, TreasuryStatement

_NEAR = timedelta(days=20)  # longer than any row of days off


def statements_for(
    session: Session, period: Period, investors: Sequence[int], origins: Mapping[int, int]
) -> dict[int, Statement]:
    """By project: what the newest statement confirms that is of the last day of the period.

    One of the days off around it is as good: nothing is paid on them. A statement of another
    day is none of this period. Rows under the project of a predecessor (`origins`) are added to
    those of the project that carries it on. One query, a second one where a statement is near.
    """
    rows = session.execute(
        select(TreasuryStatement.day, TreasuryLine.project_id, TreasuryLine.confirmed)
        .join(TreasuryLine, TreasuryLine.statement_id == TreasuryStatement.id)
        .where(
            TreasuryStatement.budget_year == period.budget_year,
            TreasuryStatement.day.between(period.data_to - _NEAR, period.data_to + _NEAR),
            or_(
                TreasuryLine.investor_id.in_(investors),
                TreasuryLine.project_id.in_(list(origins)),
            ),
        )
    ).all()
    if not rows:
        return {}
    first, last = days_of_one_balance(period.data_to, days_off(session))
    sums: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for day, project_id, confirmed in rows:
        if first <= day <= last:
            sums[origins.get(project_id, project_id)][day] += confirmed
    return {
        project_id: Statement(day=max(days), confirmed=days[max(days)])
        for project_id, days in sums.items()
    }
