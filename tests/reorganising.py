"""Acts of reorganisation on 1 December 2024, and what units have in reports."""

from datetime import UTC, date, datetime

from models import Actor, Decision
from models.reorganisation import Act
from reports.consolidated import consolidated
from tests.factories import make_decision

DAY = date(2024, 12, 1)
AT = datetime(2024, 12, 3, 2, tzinfo=UTC)
CLERK = Actor(None, "Cán bộ")


def act(session, day=DAY, at=AT):
    """Under one decision, however many acts there are."""
    number = "1286/NQ-UBTVQH15"
    decision = session.query(Decision).filter_by(number=number).one_or_none()
    decision = decision or make_decision(session, number=number, issued_on=date(2024, 11, 14))
    return Act(effective_on=day, decision=decision, at=at, actor=CLERK)


def rows_of(session, period, **asked):
    """The rows of the units in the consolidated report, by name."""
    report = consolidated(session, period=period, group="investor", detail="group", **asked)
    return {row.name: row for row in report.rows[1:]}
