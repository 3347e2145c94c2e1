"""What may have changed a duty to report: noticed when the session flushes it.

Whatever a duty hangs on (capital, a project, a unit, a merger, a report that says more is
disbursed) marks its unit, with the first cause; `settle` (expected.py) settles the marks before the
commit.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from models.base import ScopedSession, _n, changed
from models.calendar import Period
from models.capital import Allocation, AllocationLine
from models.catalogue import CapitalTransfer, Investor, OrgEvent, Project
from models.returns import (
    COUNTED,
    IN_NET,
    Disbursement,
    ProgressEntry,
    Submission,
    SubmissionStatus,
)

Source = tuple[str, int]  # what a cause names: the kind of row, and its id
_MARKS = "duties_changed"

PROJECT = _n("Project %(project)s was entered, changed or removed.")
CAPITAL = _n("Capital of project %(project)s was entered, changed or removed.")
UNIT = _n("The first or last day of the unit was changed.")
REPORT = _n("The report of %(period)s was sent, returned or changed, and with it what is left.")
REORGANISED = _n("Reorganisation: %(summary)s.")
TAKEN_BACK = _n("Reorganisation taken back: %(summary)s.")
OPENED = _n("The period takes figures again.")
ASKED = _n("The list was checked against the rule.")
BY_HAND = _n("By hand: %(reason)s")

WORKS = _n("The unit has a project at work in the period.")
HOLDS = _n("The unit holds capital of the year that is not wholly disbursed.")
GONE = _n("The unit does not exist on the last day of the period.")
NOTHING = _n("The unit has neither a project at work nor capital that is not disbursed.")


@dataclass(frozen=True)
class Cause:
    """What was done, as a sentence of the catalogue; the row is named when it is written."""

    message: str
    source: Source | None = None


@dataclass
class Marks:
    """Whose duty may have changed in this transaction, and by what first.

    `periods` are to be settled for every unit; `opened` were opened just now, so that their list
    is still that of the opening and needs no log.
    """

    units: dict[int, Cause] = field(default_factory=dict)
    periods: dict[int, Cause] = field(default_factory=dict)
    opened: set[int] = field(default_factory=set)
    act: Cause | None = None


# by class: the attribute with the unit, the attributes a duty hangs on, and the sentence
_WATCHED: dict[type, tuple[str, tuple[str, ...], str]] = {
    Project: ("investor_id", ("status", "start_on", "end_on"), PROJECT),
    Allocation: ("investor_id", ("budget_year", "source", "project_id"), CAPITAL),
    AllocationLine: ("investor_id", ("amount", "effective_on", "allocation_id"), CAPITAL),
    Investor: ("id", ("valid_from", "valid_to"), UNIT),
    Submission: ("investor_id", ("status", "first_submitted_at", "last_submitted_at"), REPORT),
    Disbursement: ("investor_id", IN_NET, REPORT),
    CapitalTransfer: ("to_investor_id", ("effective_on", "until_on"), UNIT),
}


@event.listens_for(ScopedSession, "after_flush")
def _notice(session: ScopedSession, _context: Any) -> None:
    """Mark the units whose duty may have changed by what was just flushed."""
    fresh = {(type(row), row.id): row for row in session.new if hasattr(row, "id")}
    for row in (*session.new, *session.deleted):
        _mark(session, row, fresh)
    for row in session.dirty:
        watched = _WATCHED.get(type(row))
        names = watched[1] if watched else ()
        if isinstance(row, Period):
            names = ("status", "lock_at", "data_from", "data_to")
        elif isinstance(row, OrgEvent):
            names = ("undone_at",)
        if changed(row, *names):
            _mark(session, row, fresh, is_new=False)


def _mark(session: Session, row: Any, fresh: dict[Any, Any], *, is_new: bool = True) -> None:
    watched = _WATCHED.get(type(row))
    if watched is not None:
        key, _names, message = watched
        is_draft = isinstance(row, Submission) and row.status is SubmissionStatus.DRAFT
        if is_new and (is_draft or isinstance(row, Investor)):
            return  # neither says that anything is held or disbursed
        if isinstance(row, Disbursement) and not _counts(session, row, fresh):
            return
        unit = getattr(row, key)
        marks = marks_of(session)
        if unit not in marks.units:
            marks.units[unit] = Cause(message, _source_of(row))
    elif isinstance(row, Period) and row in session:
        marks = marks_of(session)
        if is_new:
            marks.opened.add(row.id)
        marks.periods.setdefault(row.id, Cause(OPENED))
    elif isinstance(row, OrgEvent):
        marks_of(session).act = Cause(REORGANISED if is_new else TAKEN_BACK, ("event", row.id))


def _counts(session: Session, row: Disbursement, fresh: dict[Any, Any]) -> bool:
    """Whether the amount stands in a report that counts. What is typed into a draft says nothing
    of what is left until it is sent, and the sending marks the unit.

    `fresh` are the new rows by class and id: until the flush is over the session does not find
    them by key.
    """

    def known(kind: Any, key: int) -> Any:
        return fresh.get((kind, key)) or session.get(kind, (row.investor_id, key))

    entry = known(ProgressEntry, row.entry_id)
    report = known(Submission, entry.submission_id) if entry is not None else None
    return report is None or report.status in COUNTED["submitted"]


def _source_of(row: Any) -> Source | None:
    """The row that the sentence names."""
    match row:
        case Project():
            return "project", row.id
        case Allocation():
            return "project", row.project_id
        case AllocationLine():
            return "allocation", row.allocation_id
        case Submission():
            return "period", row.period_id
        case Disbursement():
            return "entry", row.entry_id
    return None


def marks_of(session: Session) -> Marks:
    """What this transaction has to settle."""
    marks: Marks = session.info.setdefault(_MARKS, Marks())
    return marks


def take_marks(session: Session) -> Marks | None:
    """What this transaction has to settle, once."""
    marks: Marks | None = session.info.pop(_MARKS, None)
    return marks


@event.listens_for(ScopedSession, "after_soft_rollback")
def _forget(session: ScopedSession, previous: Any) -> None:
    if not previous.nested:
        session.info.pop(_MARKS, None)
