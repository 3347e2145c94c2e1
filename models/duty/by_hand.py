"""Who must report, decided by an officer; and the log of all changes."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from models.base import RuleBroken, _n, among, given
from models.calendar import ExpectedReport, Period
from models.catalogue import FormerName, Investor, called_on, was_called
from models.duty.change import ExpectedChange
from models.duty.exceptions import hold_for_duty
from models.duty.expected import settle_alone, stored_lists, whole_district
from models.duty.log import Pair, write_changes
from models.duty.marks import BY_HAND
from models.duty.rule import exists_on


def expect_unit(session: Session, period: Period, investor: Investor, *, reason: str) -> None:
    """An officer puts a unit on the list of an open period. Raises RuleBroken.

    What is decided by hand is changed by hand alone: no later capital or project overturns it.
    """
    reason, listed = _weigh(session, period, investor, reason)
    if listed:
        raise RuleBroken(
            _n("%(unit)s is expected in %(code)s already."),
            unit=called_on(investor, period.data_to),
            code=period.named,
        )
    if not investor.exists_on(period.data_to):
        raise RuleBroken(
            _n("%(unit)s does not exist on %(day)s, the last day of the period."),
            field="unit",
            unit=called_on(investor, period.data_to),
            day=period.data_to,
        )
    pair = (investor.id, period.id)
    _decide(session, added=[pair], removed={}, pair=pair, reason=reason)


def release_unit(session: Session, period: Period, investor: Investor, *, reason: str) -> None:
    """An officer takes a unit off the list of an open period; what it sent stays and counts.

    Raises RuleBroken. As with `expect_unit`, only people change it afterwards.
    """
    reason, listed = _weigh(session, period, investor, reason)
    if not listed:
        raise RuleBroken(
            _n("%(unit)s is not expected in %(code)s."),
            unit=called_on(investor, period.data_to),
            code=period.named,
        )
    pair = (investor.id, period.id)
    _decide(session, added=[], removed=listed, pair=pair, reason=reason)


def _weigh(
    session: Session, period: Period, investor: Investor, reason: str
) -> tuple[str, dict[Pair, Any]]:
    """The reason, and the row of the unit in the list, which nobody else settles meanwhile."""
    session.flush()
    locked = _n("Period %(code)s is locked; its list of units no longer changes.")
    hold_for_duty(session, period, refusal=locked)
    reason = given(reason, field="duty_reason")
    with whole_district(session) as connection:
        settle_alone(connection, [investor.id])
        return reason, stored_lists(connection, [period.id], [investor.id])


def _decide(
    session: Session, *, added: list[Pair], removed: dict[Pair, Any], pair: Pair, reason: str
) -> None:
    with whole_district(session) as connection:
        write_changes(
            session,
            connection,
            added=added,
            removed=removed,
            words={pair: (BY_HAND, {"reason": reason})},
            findings={},
            unlogged=(),
            by_hand=True,
        )


def changes_of(
    session: Session, period: Period, investor_id: int | None = None, *, most: int = 200
) -> list[ExpectedChange]:
    """How the list of a period came to differ from its opening, the newest change first."""
    statement = (
        select(ExpectedChange)
        .where(ExpectedChange.period_id == period.id)
        .options(joinedload(ExpectedChange.investor))
        .order_by(ExpectedChange.at.desc(), ExpectedChange.id.desc())
        .limit(most)
    )
    if investor_id is not None:
        statement = statement.where(ExpectedChange.investor_id == investor_id)
    return list(session.scalars(statement))


def units_not_expected(session: Session, period: Period) -> list[Investor]:
    """Units that exist on the last day of a period and are not on its list, in their order."""
    listed = select(ExpectedReport.investor_id).where(ExpectedReport.period_id == period.id)
    return list(
        session.scalars(
            select(Investor)
            .where(exists_on(period.data_to), Investor.id.not_in(listed))
            .order_by(Investor.sort_order, Investor.code, Investor.id)
        )
    )


def unit_by_code(session: Session, period: Period, code: str) -> Investor:
    """The unit that bears a code on the last day of a period, as its forms and lists say it; else
    one that is there and bears it today. Raises RuleBroken.
    """
    bore = session.scalars(
        select(FormerName.investor_id).where(FormerName.code == code, was_called(period.data_to))
    ).all()
    found = session.scalars(
        select(Investor)
        .where(
            or_(Investor.code == code, among(Investor.id, bore)),
            or_(exists_on(period.data_to), exists_on(period.data_from)),
        )
        .order_by(Investor.valid_from.desc())
    ).all()
    if not found:
        raise RuleBroken(
            _n("No unit has the code %(code)s in %(period)s."), code=code, period=period.named
        )
    return next((one for one in found if one.id in bore), found[0])
