"""What came in for a period and what did not: the desk of the officer who reviews."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, select, true
from sqlalchemy.orm import Session

from models import (
    EDITABLE,
    Allocation,
    ExpectedReport,
    Explanation,
    Investor,
    Period,
    Submission,
    SubmissionStatus,
)
from models.base import among
from models.duty import (
    IS_EXEMPT,
    LATE,
    Standing,
    select_standings,
    standings,
    tallies,
    times_late,
)
from models.ledger import REPORTS, Question, add_up, content_nets, held_by, within
from models.returns import is_sent_again
from reports.facts import disbursed_by_unit, itself, stale_units

BASIS = "submitted"  # what of the reports counts on the desk


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewRow:
    """One unit in one period; `standing` is None for a unit that reports unexpectedly."""

    investor: Investor
    standing: Standing | None
    submission: Submission | None
    is_sent_again: bool
    disbursed: int
    drafted: int | None
    explanations: int

    @property
    def state(self) -> str:
        """`waiting` for the officer, `accepted`, `returned`, `draft`, `exempt` or `none`."""
        return _state(
            self.submission.status if self.submission is not None else None,
            is_exempt=self.standing is not None and self.standing.is_exempt,
        )

    @property
    def is_overdue(self) -> bool:
        """Late or missing, by the first complete sending (design §4)."""
        return self.standing is not None and self.standing.status in LATE


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewUnit:
    """As much of a unit in a period as tells on which list it stands."""

    investor_id: int
    state: str
    is_overdue: bool


def _state(status: SubmissionStatus | None, *, is_exempt: bool) -> str:
    if status is not None:
        return "waiting" if status is SubmissionStatus.SUBMITTED else status.value
    return "exempt" if is_exempt else "none"


def review_units(session: Session, *, period: Period, as_of: datetime) -> list[ReviewUnit]:
    """Every expected unit of the period and every other that began a report, in their order."""
    overdue = {unit for unit, _period in times_late(session, [period], as_of=as_of)}
    place = (Investor.sort_order, Investor.code, Investor.id)
    expected = select_standings(*place, Submission.status, IS_EXEMPT).where(
        ExpectedReport.period_id == period.id
    )
    others = (
        select(*place, Submission.status, false())
        .join(Investor, Investor.id == Submission.investor_id)
        .where(
            Submission.period_id == period.id,
            ~exists().where(
                ExpectedReport.investor_id == Submission.investor_id,
                ExpectedReport.period_id == Submission.period_id,
            ),
        )
    )
    found = sorted(
        (tuple(row) for asked in (expected, others) for row in session.execute(asked)),
        key=lambda row: row[:3],
    )
    return [
        ReviewUnit(
            investor_id=unit,
            state=_state(status, is_exempt=bool(exempt)),
            is_overdue=unit in overdue,
        )
        for _order, _code, unit, status, exempt in found
    ]


def review_rows(
    session: Session,
    *,
    period: Period,
    as_of: datetime,
    units: Collection[int] | None = None,
    sums: Mapping[int, int] | None = None,
) -> list[ReviewRow]:
    """Every expected unit of the period and every other that began a report, in their order; of
    `units` these alone.

    `disbursed` is the net of the period in đồng as the reports count it (of a quarter: of its
    months), of `sums` where these were asked for before; `drafted` what a report holds that is not
    sent, None where there is none.
    """

    def these(column: Any) -> ColumnElement[bool]:
        return true() if units is None else among(column, units)

    here = ExpectedReport.period_id == period.id
    standings_here = standings(session, here, these(ExpectedReport.investor_id), as_of=as_of)
    found = {one.investor.id: one for one in standings_here}
    submissions = {
        submission.investor_id: (submission, investor, bool(again))
        for submission, investor, again in session.execute(
            select(Submission, Investor, is_sent_again())
            .join(Investor, Investor.id == Submission.investor_id)
            .where(Submission.period_id == period.id, these(Submission.investor_id))
        )
    }
    disbursed = disbursed_in(session, period, units) if sums is None else sums
    drafts = _drafted(session, period, these(Submission.investor_id))
    explained = _explained(session, period, these(Submission.investor_id))
    shown = {key: standing.investor for key, standing in found.items()}
    shown |= {key: investor for key, (_submission, investor, _again) in submissions.items()}
    return [
        ReviewRow(
            investor=investor,
            standing=found.get(key),
            submission=submissions[key][0] if key in submissions else None,
            is_sent_again=key in submissions and submissions[key][2],
            disbursed=disbursed.get(key, 0),
            drafted=drafts.get(key),
            explanations=explained.get(key, 0),
        )
        for key, investor in sorted(
            shown.items(), key=lambda unit: (unit[1].sort_order, unit[1].code, unit[0])
        )
    ]


def disbursed_in(
    session: Session, period: Period, units: Collection[int] | None = None
) -> dict[int, int]:
    """Net of the period in đồng, by unit, of these or of all, as the reports count it. One query,
    or a few where sums are kept of all.
    """
    stale = stale_units(session, itself(period), BASIS) if units is None else None
    if stale is not None:
        kept = disbursed_by_unit(session, period, stale)
        found = {unit: int(net) for unit, net in kept}
        if stale.units:
            found |= _disbursed_now(session, period, stale.units)
        if stale.is_still_so(session):
            return found
    return _disbursed_now(session, period, units)


def _disbursed_now(
    session: Session, period: Period, units: Collection[int] | None
) -> dict[int, int]:
    in_year = Allocation.budget_year == period.budget_year  # always: said for the planner
    rows = add_up(
        session,
        lambda reported: Question(
            by={"investor_id": Allocation.investor_id},
            sums={"net": reported.net},
            where=(within(period), in_year, *held_by(units)),
        ),
        basis=BASIS,
        day=period.data_to,
    )
    return {row.investor_id: int(row.net) for row in rows}


def _drafted(session: Session, period: Period, whose: ColumnElement[bool]) -> dict[int, int]:
    """Net of what is typed and not sent, in đồng, by unit."""
    typed = content_nets(
        REPORTS,
        Submission.investor_id,
        Period.id == period.id,
        Submission.status.in_(EDITABLE),
        whose,
    )
    return {unit: int(net) for unit, net in session.execute(typed)}


def _explained(session: Session, period: Period, whose: ColumnElement[bool]) -> dict[int, int]:
    """How many explanations the report of each unit has."""
    told = (
        select(Submission.investor_id, func.count())
        .select_from(Explanation)
        .join(Explanation.submission)
        .where(Submission.period_id == period.id, whose)
        .group_by(Submission.investor_id)
    )
    return dict(session.execute(told).all())


def next_waiting(session: Session, *, period: Period, after: Investor) -> Investor | None:
    """The next unit in their order whose report waits for the officer; from the top at the end."""
    waiting = session.scalars(
        select(Investor)
        .join(Submission, Submission.investor_id == Investor.id)
        .where(
            Submission.period_id == period.id,
            Submission.status == SubmissionStatus.SUBMITTED,
            Investor.id != after.id,
        )
        .order_by(Investor.sort_order, Investor.code, Investor.id)
    ).all()
    here = (after.sort_order, after.code, after.id)
    later = [unit for unit in waiting if (unit.sort_order, unit.code, unit.id) > here]
    return next(iter([*later, *waiting]), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodCount:
    """How far the reports of one period are."""

    period: Period
    expected: int
    sent: int
    waiting: int
    accepted: int
    returned: int
    drafts: int
    missing: int


def period_counts(
    session: Session, periods: Sequence[Period], *, as_of: datetime
) -> list[PeriodCount]:
    """n of N for each of these periods; exempt units are not expected. Two queries."""
    found = tallies(session, periods, as_of=as_of)
    states: Counter[tuple[int, SubmissionStatus]] = Counter()
    for period_id, status, count in session.execute(
        select(Submission.period_id, Submission.status, func.count())
        .where(Submission.period_id.in_([period.id for period in periods]))
        .group_by(Submission.period_id, Submission.status)
    ):
        states[period_id, status] += count
    return [
        PeriodCount(
            period=period,
            expected=found[period.id].expected,
            sent=found[period.id].reported,
            waiting=states[period.id, SubmissionStatus.SUBMITTED],
            accepted=states[period.id, SubmissionStatus.ACCEPTED],
            returned=states[period.id, SubmissionStatus.RETURNED],
            drafts=states[period.id, SubmissionStatus.DRAFT],
            missing=found[period.id].missing,
        )
        for period in periods
    ]


def figure_periods(session: Session, *, most: int | None = 24) -> list[Period]:
    """The newest periods that units report on, newest first, a quarter above its last month; all of
    them to choose from (`most` None).
    """
    newest_first = select(Period).order_by(Period.data_to.desc(), Period.code.desc())
    return list(session.scalars(newest_first.limit(most)))
