"""What the reports say on the day of a statement of the Treasury (đối chiếu Kho bạc)."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.calendar import DayKind, Period, days_off, is_day_off, typed_for
from models.capital import Allocation
from models.ledger.paid import Question, add_up

ONE_DAY = timedelta(days=1)


def days_of_one_balance(day: date, off: Mapping[date, DayKind]) -> tuple[date, date]:
    """The first and the last day with the same payments by their end as `day`.

    The Treasury pays on working days: a statement of Friday the 29th says what was paid by the
    end of a month that closes on Sunday the 31st. `off` are the listed days off.
    """
    first = last = day
    while is_day_off(first, off):
        first -= ONE_DAY
    while is_day_off(last + ONE_DAY, off):
        last += ONE_DAY
    return first, last


def reported_until(session: Session, day: date, budget_year: int) -> dict[int, int]:
    """Cumulative disbursement of a budget year by project, as the reports count it on a day:
    sent or accepted, state budget capital alone, with the unit that holds the capital then.

    The months that ended by then, or by the days off that follow it. Two queries.
    """
    _first, last = days_of_one_balance(day, days_off(session))
    rows = add_up(
        session,
        lambda reported: Question(
            by={"project_id": Allocation.project_id},
            sums={"net": reported.net},
            where=(typed_for(budget_year), Period.data_to <= last),
        ),
        basis="submitted",
        day=day,
    )
    return {row.project_id: int(row.net or 0) for row in rows}
