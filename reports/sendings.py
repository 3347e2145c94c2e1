"""The sendings of a report, each whole: the receipt of the unit, the comparison of the reviewer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models import (
    COUNTED,
    Allocation,
    Explanation,
    Nature,
    Outcome,
    Project,
    Sending,
    Source,
    Submission,
    SubmissionStatus,
)
from models.filing import SAID, kept_of
from models.filing import last_event as last_event_of
from models.ledger import KEPT, REPORTS, content_nets
from models.ledger import Source as Reported
from models.returns import AMOUNTS, FIGURES, TEXTS, EventKind

MONEY = (*AMOUNTS, "correction", "net")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One sending: who, when, what became of it, on which bases it counts; sums in đồng."""

    number: int
    sending_id: int | None
    sent_at: datetime
    sent_by: str
    outcome: Outcome
    outcome_at: datetime | None
    outcome_by: str
    counts: tuple[str, ...]
    net: int
    said: Mapping[str, Any]

    @property
    def is_present(self) -> bool:
        """Whether the report holds this sending still, as its own content."""
        return self.sending_id is None


@dataclass(frozen=True, kw_only=True, slots=True)
class SentMoney:
    """The amounts of one allocation in a sending, in đồng."""

    allocation_id: int
    project_id: int
    source: Source
    nature: Nature
    vintage: int
    amounts: Mapping[str, int]
    reason: str | None
    document: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SentProject:
    """What a sending says of one project."""

    project_id: int
    code: str
    name: str
    told: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A sending with all that was sent."""

    sent: Sent
    projects: tuple[SentProject, ...]
    money: tuple[SentMoney, ...]
    explanations: tuple[tuple[str, str, str], ...]

    def money_of(self, project_id: int) -> list[SentMoney]:
        return [row for row in self.money if row.project_id == project_id]


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """What stood before the figures of now: the last sending that is kept, the last accepted."""

    last: Receipt | None = None
    accepted: Receipt | None = None

    def net(self, which: str, allocation_id: int) -> int | None:
        """Net of an allocation in the `last` or `accepted` sending; None where there is none."""
        receipt = getattr(self, which)
        if receipt is None:
            return None
        nets = (row.amounts["net"] for row in receipt.money if row.allocation_id == allocation_id)
        return int(next(nets, 0))

    def told(self, which: str, project_id: int) -> Mapping[str, Any]:
        """What the `last` or `accepted` sending said of a project."""
        receipt = getattr(self, which)
        found = receipt.projects if receipt is not None else ()
        return next((one.told for one in found if one.project_id == project_id), {})


def sendings_of(session: Session, submission: Submission | None) -> list[Sent]:
    """Every sending, the newest first, in the same number of queries however many there are."""
    if submission is None:
        return []
    kept = kept_of(session, submission)
    nets = _nets(session, submission) if kept else {}
    found = [_kept(row, nets.get(row.id, 0)) for row in kept]
    if submission.status in COUNTED["submitted"] and submission.last_submitted_at is not None:
        number = kept[-1].number + 1 if kept else 1
        found.append(_present(session, submission, number, submission.last_submitted_at))
    return found[::-1]


def _nets(session: Session, submission: Submission) -> dict[int, int]:
    rows = session.execute(
        content_nets(
            KEPT,
            Sending.id,
            Sending.investor_id == submission.investor_id,
            Sending.submission_id == submission.id,
        )
    )
    return {row.key: int(row.net) for row in rows}


def receipt(session: Session, submission: Submission, number: int) -> Receipt | None:
    """One sending with its content; None when there is none with this number."""
    sent = next((one for one in sendings_of(session, submission) if one.number == number), None)
    return None if sent is None else _whole(session, submission, sent)


def before_now(session: Session, submission: Submission | None, sendings: Sequence[Sent]) -> Before:
    """Of the sendings of a report, those that a reviewer compares the present figures with."""
    kept = [one for one in sendings if not one.is_present]
    if submission is None or not kept:
        return Before()
    accepted = next((one for one in kept if one.outcome is Outcome.ACCEPTED), None)
    last = _whole(session, submission, kept[0])
    if accepted is None or accepted is kept[0]:
        return Before(last=last, accepted=last if accepted else None)
    return Before(last=last, accepted=_whole(session, submission, accepted))


def _kept(row: Sending, net: int) -> Sent:
    counts = {"submitted": row.stands_submitted, "accepted": row.stands_accepted}
    return Sent(
        number=row.number,
        sending_id=row.id,
        sent_at=row.sent_at,
        sent_by=row.sent_by,
        outcome=row.outcome,
        outcome_at=row.outcome_at,
        outcome_by=row.outcome_by,
        counts=tuple(basis for basis, stands in counts.items() if stands),
        net=net,
        said={name: getattr(row, name) for name in SAID},
    )


def _present(session: Session, submission: Submission, number: int, sent_at: datetime) -> Sent:
    is_accepted = submission.status is SubmissionStatus.ACCEPTED
    sent = last_event_of(session, submission, EventKind.SENT)
    accepted = last_event_of(session, submission, EventKind.ACCEPTED) if is_accepted else None
    nets = session.execute(
        content_nets(
            REPORTS,
            Submission.id,
            Submission.investor_id == submission.investor_id,
            Submission.id == submission.id,
        )
    ).all()
    return Sent(
        number=number,
        sending_id=None,
        sent_at=sent_at,
        sent_by=submission.received_by or (sent.user_name if sent else ""),
        outcome=Outcome.ACCEPTED if is_accepted else Outcome.WAITING,
        outcome_at=accepted.at if accepted else None,
        outcome_by=accepted.user_name if accepted else "",
        counts=tuple(b for b, statuses in COUNTED.items() if submission.status in statuses),
        net=sum(int(row.net) for row in nets),
        said={name: getattr(submission, name) for name in SAID},
    )


def _whole(session: Session, submission: Submission, sent: Sent) -> Receipt:
    place, key = (REPORTS, submission.id) if sent.sending_id is None else (KEPT, sent.sending_id)
    return Receipt(
        sent=sent,
        projects=_projects(session, submission, place, key),
        money=_money(session, submission, place, key),
        explanations=_explanations(session, submission, sent),
    )


def _projects(
    session: Session, submission: Submission, place: Reported, key: int
) -> tuple[SentProject, ...]:
    names = (*FIGURES, *TEXTS)
    rows = session.execute(
        select(Project.id, Project.code, Project.name, *(getattr(place.entry, n) for n in names))
        .join(
            Project,
            and_(
                Project.investor_id == place.entry.investor_id,
                Project.id == place.entry.project_id,
            ),
        )
        .where(
            place.entry.investor_id == submission.investor_id,
            getattr(place.entry, place.parent) == key,
        )
        .order_by(Project.code, Project.id)
    )
    return tuple(
        SentProject(
            project_id=row.id,
            code=row.code,
            name=row.name,
            told={name: getattr(row, name) for name in names},
        )
        for row in rows
    )


def _money(
    session: Session, submission: Submission, place: Reported, key: int
) -> tuple[SentMoney, ...]:
    money = place.money
    rows = session.execute(
        place.select(
            Allocation.id,
            Allocation.project_id,
            Allocation.source,
            Allocation.nature,
            Allocation.vintage,
            *(getattr(money, name) for name in MONEY),
            money.correction_reason,
            money.return_document,
        )
        .where(place.report.investor_id == submission.investor_id, place.report.id == key)
        .order_by(Allocation.project_id, Allocation.vintage.desc(), Allocation.source)
    )
    return tuple(
        SentMoney(
            allocation_id=row.id,
            project_id=row.project_id,
            source=Source(row.source),
            nature=Nature(row.nature),
            vintage=row.vintage,
            amounts={name: int(getattr(row, name)) for name in MONEY},
            reason=row.correction_reason,
            document=row.return_document,
        )
        for row in rows
    )


def _explanations(
    session: Session, submission: Submission, sent: Sent
) -> tuple[tuple[str, str, str], ...]:
    """(rule, subject, text), as they were when it was sent."""
    if sent.sending_id is not None:
        kept = session.get(Sending, (submission.investor_id, sent.sending_id))
        rows = kept.explanations if kept is not None else []
        return tuple((row["rule"], row["subject"], row["text"]) for row in rows)
    found = session.scalars(
        select(Explanation)
        .where(
            Explanation.investor_id == submission.investor_id,
            Explanation.submission_id == submission.id,
        )
        .order_by(Explanation.rule, Explanation.subject)
    )
    return tuple((row.rule, row.subject, row.text) for row in found)
