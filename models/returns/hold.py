"""Holding the rows by which a write decides, so that nobody changes them in between.

SQLite has one writer at a time; PostgreSQL lets two pass each other unless the row that decides
is held until the transaction ends. Always in this order, so that no two wait for each other:
the period, the unit, its report, its capital; at last, before the commit, the settling of duties.

* **Shared** holds the period whoever writes figures or duties in it: many units at once.
* **Alone** holds it whoever locks, freezes, reopens or moves its deadline: that one waits until
  the writes under way are done, and those that come later wait and then see what was decided.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from models.base import among
from models.calendar import Period
from models.capital import Allocation
from models.catalogue import Investor
from models.returns.submission import Submission

Row = TypeVar("Row")


def _hold(session: Session, kind: type[Row], *conditions: Any, alone: bool = False) -> list[Row]:
    """Hold the rows of a class with these conditions, in the order of their ids, and read them
    again as they are now.

    Alone is FOR NO KEY UPDATE and not FOR UPDATE: new rows that only point here need not wait.
    """
    model: Any = kind
    wanted = select(kind).where(*conditions).order_by(model.id)
    held = wanted.with_for_update(read=not alone, key_share=alone)
    return list(session.scalars(held.execution_options(populate_existing=True)))


def hold_period(session: Session, period: Period, *, alone: bool = False) -> Period:
    """Hold a period until the transaction ends, and read it again as it is now.

    Who holds it shared must not ask for it alone later in the same transaction: two that do
    would wait for each other.
    """
    _hold(session, Period, Period.id == period.id, alone=alone)
    return period


def hold_periods(session: Session, *conditions: Any, alone: bool = False) -> list[Period]:
    """Hold every period with these conditions, in the order of their ids."""
    return _hold(session, Period, *conditions, alone=alone)


def hold_units(session: Session, investor_ids: Iterable[int], *, alone: bool = False) -> None:
    """Hold units against a reorganisation (shared), or for one (alone)."""
    _hold(session, Investor, among(Investor.id, investor_ids), alone=alone)


def hold_for_writing(session: Session, period: Period, investor_id: int) -> None:
    """Before figures of a unit are written in a period: neither is locked or ended meanwhile."""
    hold_period(session, period)
    hold_units(session, [investor_id])


def hold_submission(session: Session, investor_id: int, period_id: int) -> Submission | None:
    """The report of a unit, held against everybody else until the transaction ends."""
    return hold_reports(session, [investor_id], period_id).get(investor_id)


def hold_reports(
    session: Session, investor_ids: Iterable[int], period_id: int
) -> dict[int, Submission]:
    """The reports of many units in a period, by unit, each held as `hold_submission` does."""
    reports = select(Submission).where(Submission.period_id == period_id)
    return {row.investor_id: row for row in hold_rows(session, reports, Submission, investor_ids)}


def hold_rows(
    session: Session,
    wanted: Select[Any],
    owned: type[Any],
    investor_ids: Iterable[int],
    *,
    key_share: bool = False,
) -> list[Any]:
    """Hold what is `wanted` of a table of units, in the order of units and ids; on a cluster,
    which locks rows of one unit at a time, one after the other. Gives the rows, read again as they
    are now. With `key_share`, new rows that only point there need not wait.
    """
    units = sorted(set(investor_ids))
    wanted = wanted.order_by(owned.investor_id, owned.id).with_for_update(key_share=key_share)
    wanted = wanted.execution_options(populate_existing=True)
    if not getattr(session.get_bind().dialect, "on_cluster", False):
        return list(session.scalars(wanted.where(among(owned.investor_id, units))))
    return [
        row for unit in units for row in session.scalars(wanted.where(owned.investor_id == unit))
    ]


def hold_submissions(session: Session, investor_id: int, period_ids: Iterable[int]) -> None:
    """The reports of a unit in several periods, shared: none of them is returned meanwhile."""
    of_unit = Submission.investor_id == investor_id
    _hold(session, Submission, of_unit, among(Submission.period_id, period_ids))


def hold_report(session: Session, submission: Submission, *, alone: bool = False) -> None:
    """Period and report together, before the report is judged. `alone`: a version is frozen by
    it in the same transaction.
    """
    hold_period(session, submission.period, alone=alone)
    hold_submission(session, submission.investor_id, submission.period_id)


def hold_capital(session: Session, investor_id: int, budget_year: int) -> None:
    """Hold the capital of a unit in a year, shared: no line is added while figures are weighed
    against the plan.
    """
    of_unit = Allocation.investor_id == investor_id
    _hold(session, Allocation, of_unit, Allocation.budget_year == budget_year)


def one_at_a_time(session: Session, what: str) -> None:
    """Wait for whoever does the same where there is no row to hold yet, such as an opening."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})
