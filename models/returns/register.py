"""What a unit writes as an obstacle in a report stands in the register of obstacles (Biểu 05).

The report is the place to write it, the register its one home: from the sending on each text is a
row of its project, opened by the period. What stands in the register already in the same words
(from an earlier month, or entered there) is not opened a second time.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from models.base import among, fold
from models.calendar import MONEY_KINDS, Period
from models.returns.obstacle import Cause, Obstacle, ObstacleState, Solver
from models.returns.progress import ProgressEntry
from models.returns.sent import Sending, SentEntry
from models.returns.submission import COUNTED, Submission

AT_ONCE = 2_000


def register_obstacles(session: Session, *which: ColumnElement[bool], day: date) -> None:
    """Open, update or take back rows of the register for the sent reports that `which` narrows.

    `day` is today: nothing is raised later than that. A text that was corrected changes its own
    row, one that was taken out removes it, unless somebody has it in hand by then; a proposal that
    was taken out leaves the row, unless it is another by then. What was solved stays; other words
    than its own are a new row. Three queries for every 2.000 entries.
    """
    statement = (
        select(ProgressEntry, Period)
        .join(ProgressEntry.submission)
        .join(Period, Period.id == Submission.period_id)
        .where(
            *which,
            Submission.status.in_(COUNTED["submitted"]),
            Period.kind.in_(MONEY_KINDS),
        )
        .order_by(Period.data_to, ProgressEntry.id)
    )
    for told in session.execute(statement.execution_options(yield_per=AT_ONCE)).partitions():
        _register(session, [(entry, period) for entry, period in told], day)
    session.flush()


def take_back_untold(session: Session, submission: Submission) -> None:
    """Rows that an earlier sending of this report opened, of projects that it has no entry of any
    more, unless somebody has them in hand by then or solved them. One query.
    """
    is_told = exists().where(
        ProgressEntry.investor_id == Obstacle.investor_id,
        ProgressEntry.project_id == Obstacle.project_id,
        ProgressEntry.submission_id == submission.id,
    )
    untold = select(Obstacle).where(
        Obstacle.investor_id == submission.investor_id,
        Obstacle.period_id == submission.period_id,
        Obstacle.project_id.is_not(None),
        ~is_told,
    )
    for row in session.scalars(untold).all():
        if _is_as_opened(row):
            session.delete(row)
    session.flush()


def _is_as_opened(row: Obstacle) -> bool:
    """Whether nobody has it in hand: what was entered in the register itself would be lost with
    the row.
    """
    return (
        row.state == ObstacleState.OPEN
        and row.cause == Cause.OTHER
        and row.promised_on is None
        and row.solver in {Solver.UNIT, Solver.DISTRICT}
    )


def _register(session: Session, told: list[tuple[ProgressEntry, Period]], day: date) -> None:
    register: dict[int, list[Obstacle]] = defaultdict(list)
    projects = {entry.project_id for entry, _period in told}
    for row in session.scalars(select(Obstacle).where(among(Obstacle.project_id, projects))):
        register[row.project_id or 0].append(row)
    withdrawn = [
        entry
        for entry, period in told
        if not (entry.proposals or "").strip()
        and any(row.proposal and row.period_id == period.id for row in register[entry.project_id])
    ]
    before = _proposed_before(session, withdrawn)
    for entry, period in told:
        rows = register[entry.project_id]
        told_now = (row for row in rows if row.period_id == period.id)
        own = next((row for row in told_now if row.state != ObstacleState.SOLVED), None)
        text = (entry.obstacles or "").strip()
        is_known = any(row is not own for row in _same(rows, text, period))
        if own is not None and (is_known or not text):
            if _is_as_opened(own):
                session.delete(own)
                rows.remove(own)
        elif own is not None:
            _update(own, text, entry.proposals, before.get((entry.submission_id, entry.project_id)))
        elif text and not is_known:
            rows.append(_opened(session, entry, period, text, day))


def _same(rows: list[Obstacle], text: str, period: Period) -> Iterator[Obstacle]:
    """Rows that say the same and stand in the list of the period."""
    words = fold(text)
    for row in rows:
        stands = row.raised_on <= period.data_to and (
            row.solved_on is None or row.solved_on >= period.data_from
        )
        if stands and fold(row.content.strip()) == words:
            yield row


def _proposed_before(
    session: Session, entries: Sequence[ProgressEntry]
) -> dict[tuple[int, int], str]:
    """What the sending before these told as a proposal, by report and project. One query."""
    if not entries:
        return {}
    rows = session.execute(
        select(Sending.submission_id, SentEntry.project_id, SentEntry.proposals)
        .join(
            SentEntry,
            and_(SentEntry.investor_id == Sending.investor_id, SentEntry.sending_id == Sending.id),
        )
        .where(
            among(Sending.investor_id, {one.investor_id for one in entries}),
            among(Sending.submission_id, {one.submission_id for one in entries}),
        )
        .order_by(Sending.number)
    )
    return {(report, project): (told or "").strip() for report, project, told in rows}


def _update(row: Obstacle, text: str, proposal: str | None, before: str | None) -> None:
    had = bool(row.proposal)
    row.content = text
    if (proposal or "").strip():
        row.proposal = proposal
    elif (row.proposal or "").strip() == before:  # the register itself has said nothing else
        row.proposal = None
    if bool(row.proposal) is not had and _is_as_opened(row):
        row.solver = _solver(row.proposal)


def _solver(proposal: str | None) -> Solver:
    """With a proposal it is for the district to answer."""
    return Solver.DISTRICT if (proposal or "").strip() else Solver.UNIT


def _opened(
    session: Session, entry: ProgressEntry, period: Period, text: str, day: date
) -> Obstacle:
    """Without a group of causes so far."""
    row = Obstacle(
        investor_id=entry.investor_id,
        project_id=entry.project_id,
        period_id=period.id,
        content=text,
        cause=Cause.OTHER,
        proposal=entry.proposals,
        solver=_solver(entry.proposals),
        state=ObstacleState.OPEN,
        raised_on=min(period.data_to, day),
    )
    session.add(row)
    return row
