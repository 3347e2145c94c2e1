"""Threads of remarks on the figures of a report, between the office and the unit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.base import Actor, NotFound, RuleBroken, _n, given, new_id, read_text
from models.calendar import MONEY_KINDS, Period
from models.catalogue import Investor
from models.filing.keeping import SAID
from models.filing.sheet import Sheet, read_sheet
from models.returns import ENTERED, IN_NET, MONEY, Remark, Submission, of_report

CHANGED_SINCE = "Số liệu đã thay đổi so với khi đóng ý kiến này; đề nghị xem lại."
BY_ITSELF = "Hệ thống"
# of which figures of a subject one can speak apart; without any it is the subject as a whole
_FIGURES: dict[str, frozenset[str]] = {
    "report": frozenset({"", *SAID}),
    "project": frozenset({"", *ENTERED}),
    "allocation": frozenset({"", *MONEY}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """A conversation on one figure, oldest contribution first."""

    id: int
    subject: str
    figure: str
    remarks: tuple[Remark, ...]
    resolved_at: datetime | None
    resolved_by: str | None

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def awaits_office(self) -> bool:
        """Whether the unit spoke last, so that the office has to answer or to close."""
        return not self.remarks[-1].by_office


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPoint:
    """An open thread as the home page lists it."""

    period: Period
    investor: Investor
    thread: Thread


def threads_of(session: Session, submission: Submission | None) -> list[Thread]:
    """All threads of a report, in the order in which they began; one query."""
    if submission is None:
        return []
    rows = session.scalars(
        select(Remark).where(of_report(Remark, submission)).order_by(Remark.at, Remark.id)
    )
    return _threads(rows.all())


def _threads(rows: Sequence[Remark]) -> list[Thread]:
    grouped: dict[int, list[Remark]] = defaultdict(list)
    for row in rows:
        grouped[row.thread_id].append(row)
    return [
        Thread(
            id=thread_id,
            subject=found[0].subject,
            figure=found[0].figure,
            remarks=tuple(found),
            resolved_at=found[0].resolved_at,
            resolved_by=found[0].resolved_by,
        )
        for thread_id, found in grouped.items()
    ]


def add_remarks(
    session: Session,
    sheet: Sheet,
    texts: Mapping[tuple[str, str], str],
    *,
    at: datetime,
    actor: Actor,
) -> int:
    """Open a thread for every (subject, figure) with a text; how many were opened.

    Raises RuleBroken for a subject that is not on the sheet, and a figure that it has not.
    """
    submission = sheet.submission
    if submission is None:
        raise RuleBroken(_n("There is no report to remark on yet."))
    known = sheet.subjects
    count = 0
    for (subject, figure), text in texts.items():
        if not text.strip():
            continue
        if subject not in known or figure not in _FIGURES[subject.partition(":")[0]]:
            raise RuleBroken(_n("A figure of this form is not part of this report."))
        thread_id = new_id()
        session.add(
            Remark(
                id=thread_id,
                investor_id=submission.investor_id,
                submission_id=submission.id,
                thread_id=thread_id,
                subject=subject,
                figure=figure,
                text=read_text(text, field=f"remark-{subject}-{figure}".rstrip("-")),
                at=at,
                user_id=actor.user_id,
                user_name=actor.name,
                by_office=True,
            )
        )
        count += 1
    session.flush()
    return count


def reply(
    session: Session,
    submission: Submission,
    thread_id: int,
    *,
    text: str,
    at: datetime,
    actor: Actor,
    by_office: bool,
) -> None:
    """Answer in an open thread."""
    reply_field = f"reply-{thread_id}"
    first = _first(session, submission, thread_id)
    if first.resolved_at is not None:
        raise RuleBroken(_n("This point is closed. Open a new one."))
    said = read_text(given(text, field=reply_field), field=reply_field)
    session.add(_next_in(first, said, at=at, actor=actor, by_office=by_office))
    session.flush()


def _next_in(thread: Remark, text: str, *, at: datetime, actor: Actor, by_office: bool) -> Remark:
    """What is said after others in a thread: about the same figure of the same report."""
    return Remark(
        investor_id=thread.investor_id,
        submission_id=thread.submission_id,
        thread_id=thread.thread_id,
        subject=thread.subject,
        figure=thread.figure,
        text=text,
        at=at,
        user_id=actor.user_id,
        user_name=actor.name,
        by_office=by_office,
    )


def resolve_thread(
    session: Session, submission: Submission, thread_id: int, *, at: datetime, actor: Actor
) -> None:
    """Close a point; what was said stays."""
    first = _first(session, submission, thread_id)
    first.resolved_at, first.resolved_by = at, actor.name
    if submission.period.kind in MONEY_KINDS:
        sheet = read_sheet(session, period=submission.period, investor=submission.investor, at=at)
        first.resolved_for = _figures_of(sheet, first.subject)
    session.flush()


def open_again(session: Session, submission: Submission, sheet: Sheet, *, at: datetime) -> int:
    """Open the closed points whose figures are other ones now; how many. Called at the sending:
    what was agreed holds for the figures it was agreed for.
    """
    closed = session.scalars(
        select(Remark).where(
            of_report(Remark, submission),
            Remark.resolved_for.is_not(None),
            Remark.resolved_at.is_not(None),
        )
    ).all()
    count = 0
    for row in closed:
        if row.resolved_for == _figures_of(sheet, row.subject):
            continue
        row.resolved_at = row.resolved_by = row.resolved_for = None
        session.add(
            _next_in(row, CHANGED_SINCE, at=at, actor=Actor(None, BY_ITSELF), by_office=False)
        )
        count += 1
    session.flush()
    return count


def _figures_of(sheet: Sheet, subject: str) -> str:
    """A digest of what is typed of the subject of a remark."""
    kind, _colon, key = subject.partition(":")
    rows: list[object] = []
    for project in sheet.projects:
        if kind == "report" or (kind == "project" and key == str(project.project_id)):
            rows.append([getattr(project, name) for name in ENTERED])
        for row in project.allocations:
            if kind == "report" or (kind == "allocation" and key == str(row.allocation_id)):
                rows.append([getattr(row, name) or 0 for name in IN_NET])
    return sha256(repr(rows).encode()).hexdigest()


def _first(session: Session, submission: Submission, thread_id: int) -> Remark:
    found = session.scalar(
        select(Remark).where(
            Remark.id == thread_id,
            Remark.thread_id == thread_id,
            of_report(Remark, submission),
        )
    )
    if found is None:
        raise NotFound(_n("There is no such point."))
    return found


def open_points(
    session: Session, *, investors: Sequence[int] | None = None, most: int = 50
) -> list[OpenPoint]:
    """Open threads of these units (None: of all), the oldest first; one query."""
    first = select(Remark.investor_id, Remark.thread_id).where(
        Remark.id == Remark.thread_id, Remark.resolved_at.is_(None)
    )
    if investors is not None:
        first = first.where(Remark.investor_id.in_(investors))
    opened = first.order_by(Remark.at).limit(most).subquery("opened")
    rows = session.execute(
        select(Remark, Period, Investor)
        .join(
            opened,
            and_(
                opened.c.investor_id == Remark.investor_id, opened.c.thread_id == Remark.thread_id
            ),
        )
        .join(Remark.submission)
        .join(Period, Period.id == Submission.period_id)
        .join(Investor, Investor.id == Remark.investor_id)
        .order_by(Remark.at, Remark.id)
    ).all()
    places = {remark.thread_id: (period, investor) for remark, period, investor in rows}
    return [
        OpenPoint(period=places[thread.id][0], investor=places[thread.id][1], thread=thread)
        for thread in _threads([remark for remark, _p, _i in rows])
    ]
