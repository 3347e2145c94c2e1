"""What came in for a period and what did not: the desk of the officer who reviews."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Result, and_, func, select
from sqlalchemy.orm import Session

from models import (
    EDITABLE,
    Allocation,
    Explanation,
    Investor,
    Period,
    Submission,
    SubmissionStatus,
)
from models.duty import LATE, Standing, standings_of, tallies
from models.ledger import REPORTS, Question, add_up, content_nets, within


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewRow:
    """One unit in one period; `standing` is None for a unit that reports unexpectedly."""

    investor: Investor
    standing: Standing | None
    submission: Submission | None
    disbursed: int
    drafted: int | None
    explanations: int

    @property
    def state(self) -> str:
        """`waiting` for the officer, `accepted`, `returned`, `draft`, `exempt` or `none`."""
        if self.submission is not None:
            status = self.submission.status
            return "waiting" if status is SubmissionStatus.SUBMITTED else status.value
        exempt = self.standing is not None and self.standing.is_exempt
        return "exempt" if exempt else "none"

    @property
    def is_overdue(self) -> bool:
        """Late or missing, by the first complete sending (design §4)."""
        return self.standing is not None and self.standing.status in LATE


def review_rows(session: Session, *, period: Period, as_of: datetime) -> list[ReviewRow]:
    """Every expected unit of the period and every other that began a report, in their order.

    `disbursed` is the net of the period in đồng as the reports count it (of a quarter: of its
    months); `drafted` what a report holds that is not sent, None where there is none.
    """
    standings = {s.investor.id: s for s in standings_of(session, [period], as_of=as_of)}
    submissions = {
        submission.investor_id: (submission, investor)
        for submission, investor in session.execute(
            select(Submission, Investor)
            .join(Investor, Investor.id == Submission.investor_id)
            .where(Submission.period_id == period.id)
        )
    }
    sums = {
        row.investor_id: int(row.net)
        for row in add_up(
            session,
            lambda reported: Question(
                by={"investor_id": Allocation.investor_id},
                sums={"net": reported.net},
                where=(within(period),),
            ),
            basis="submitted",
            day=period.data_to,
        )
    }
    drafts = _by_unit(
        session.execute(
            content_nets(
                REPORTS,
                Submission.investor_id,
                Period.id == period.id,
                Submission.status.in_(EDITABLE),
            )
        )
    )
    explained = _by_unit(
        session.execute(
            select(Submission.investor_id, func.count())
            .join(
                Explanation,
                and_(
                    Explanation.investor_id == Submission.investor_id,
                    Explanation.submission_id == Submission.id,
                ),
            )
            .where(Submission.period_id == period.id)
            .group_by(Submission.investor_id)
        )
    )
    units = {key: standing.investor for key, standing in standings.items()}
    units |= {key: investor for key, (_submission, investor) in submissions.items()}
    return [
        ReviewRow(
            investor=investor,
            standing=standings.get(key),
            submission=submissions[key][0] if key in submissions else None,
            disbursed=sums.get(key, 0),
            drafted=drafts.get(key),
            explanations=explained.get(key, 0),
        )
        for key, investor in sorted(
            units.items(), key=lambda unit: (unit[1].sort_order, unit[1].code, unit[0])
        )
    ]


def _by_unit(rows: Result[int, int]) -> dict[int, int]:
    return {investor_id: int(amount) for investor_id, amount in rows}


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


def figure_periods(session: Session, *, most: int = 24) -> list[Period]:
    """The newest periods that units report on, newest first, a quarter above its last month."""
    return list(
        session.scalars(
            select(Period).order_by(Period.data_to.desc(), Period.id.desc()).limit(most)
        )
    )
