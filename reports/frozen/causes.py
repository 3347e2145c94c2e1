"""Why a figure changed between two versions: entries, decisions, who and when."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Allocation,
    AuditEntry,
    Decision,
    Disbursement,
    EventKind,
    Period,
    ProgressEntry,
    Reopening,
    Submission,
    SubmissionEvent,
)
from models.base import among, read_id
from models.ledger import counted_periods
from reports.facts import Line

_TRACED = ("disbursement", "progress_entry", "allocation_line")


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """One act behind a difference: who, when, what, old and new."""

    at: datetime
    who: str
    action: str
    resource: str
    changes: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why figures were changed, in somebody's words."""

    at: datetime
    who: str
    text: str


def traces_of(
    session: Session, period: Period, lines: Sequence[Line], since: datetime, until: datetime
) -> dict[int, list[Trace]]:
    """What the audit trail says of entries, amounts and ledger lines of these projects.

    Only of entries whose figures are in the compared period: what was typed for a later month
    is no cause of a difference here.
    """
    projects = [line.project_id for line in lines]
    units = {line.investor_id for line in lines}
    counted = (
        select(Submission.id)
        .join(Submission.period)
        .where(among(Submission.investor_id, units), counted_periods(period))
    )
    submissions = set(map(str, session.scalars(counted)))
    entry_of = {
        str(entry_id): project_id
        for entry_id, project_id, submission_id in session.execute(
            select(ProgressEntry.id, ProgressEntry.project_id, ProgressEntry.submission_id).where(
                among(ProgressEntry.project_id, projects)
            )
        )
        if str(submission_id) in submissions
    }
    held = select(Allocation.id, Allocation.project_id)
    held = held.where(among(Allocation.project_id, projects))
    allocation_of = {str(key): project_id for key, project_id in session.execute(held)}
    rows = session.scalars(
        select(AuditEntry)
        .where(
            among(AuditEntry.investor_id, units),
            AuditEntry.resource.in_(_TRACED),
            AuditEntry.at > since,
            AuditEntry.at <= until,
        )
        .order_by(AuditEntry.at, AuditEntry.id)
    ).all()
    for row in rows:  # entries that are gone since
        named = _named(row)
        if row.resource == "progress_entry" and named.get("submission_id") in submissions:
            entry_of.setdefault(row.row_id, int(named.get("project_id", 0)))
    amounts = _owners_of_amounts(session, {r.row_id for r in rows if r.resource == "disbursement"})
    found: dict[int, list[Trace]] = defaultdict(list)
    for row in rows:
        project_id = _project_of(row, period, entry_of, allocation_of, amounts)
        if project_id is not None:
            found[project_id].append(
                Trace(
                    at=row.at,
                    who=row.user_name,
                    action=row.action,
                    resource=row.resource,
                    changes={k: v for k, v in row.changes.items() if not k.endswith("_id")},
                )
            )
    return found


def _named(row: AuditEntry) -> dict[str, str]:
    """The keys and days that a row of the audit trail names, the new before the old."""
    return {
        name: str(next(v for v in (*reversed(pair), "") if v is not None))
        for name, pair in row.changes.items()
        if name.endswith("_id") or name == "effective_on"
    }


def _project_of(
    row: AuditEntry,
    period: Period,
    entry_of: Mapping[str, int],
    allocation_of: Mapping[str, int],
    amounts: Mapping[str, tuple[str, str]],
) -> int | None:
    """The project in whose figures of the period an act shows; None for an act of elsewhere."""
    named = _named(row)
    if row.resource == "progress_entry":
        return entry_of.get(row.row_id)
    entry_id, allocation_id = amounts.get(row.row_id, ("", ""))
    if row.resource == "disbursement":
        return entry_of.get(named.get("entry_id") or entry_id)
    if named.get("effective_on", "") > period.data_to.isoformat():
        return None
    return allocation_of.get(named.get("allocation_id") or allocation_id)


def _owners_of_amounts(session: Session, row_ids: set[str]) -> dict[str, tuple[str, str]]:
    """Entry and allocation of each disbursement, ids as the audit trail writes them."""
    rows = session.execute(
        select(Disbursement.id, Disbursement.entry_id, Disbursement.allocation_id).where(
            among(Disbursement.id, map(read_id, row_ids))
        )
    )
    return {str(row_id): (str(entry), str(allocation)) for row_id, entry, allocation in rows}


def reasons_of(
    session: Session, period: Period, units: Sequence[int], since: datetime, until: datetime
) -> dict[int, list[Reason]]:
    """Reasons of returns and reopenings, and decisions of the lines added in between."""
    found: dict[int, list[Reason]] = defaultdict(list)
    for row in session.scalars(
        select(Reopening).where(
            among(Reopening.investor_id, units),
            Reopening.period_id == period.id,
            Reopening.from_at > since,
            Reopening.from_at <= until,
        )
    ):
        found[row.investor_id].append(Reason(at=row.from_at, who=row.user_name, text=row.reason))
    events = session.scalars(
        select(SubmissionEvent)
        .join(SubmissionEvent.submission)
        .where(
            among(Submission.investor_id, units),
            Submission.period_id == period.id,
            SubmissionEvent.kind == EventKind.RETURNED,
            SubmissionEvent.at > since,
            SubmissionEvent.at <= until,
        )
    )
    for event in events:
        found[event.investor_id].append(
            Reason(at=event.at, who=event.user_name, text=event.reason or "")
        )
    for entry in session.scalars(
        select(AuditEntry).where(
            AuditEntry.resource == "period",
            AuditEntry.row_id == str(period.id),
            AuditEntry.action == "reopen",
            AuditEntry.at > since,
            AuditEntry.at <= until,
        )
    ):
        for unit in units:
            found[unit].append(
                Reason(at=entry.at, who=entry.user_name, text=str(entry.changes["reason"][1]))
            )
    _add_decisions(session, found, units, since, until)
    return {unit: sorted(reasons, key=lambda one: one.at) for unit, reasons in found.items()}


def _add_decisions(
    session: Session,
    found: dict[int, list[Reason]],
    units: Sequence[int],
    since: datetime,
    until: datetime,
) -> None:
    rows = session.scalars(
        select(AuditEntry).where(
            among(AuditEntry.investor_id, units),
            AuditEntry.resource == "allocation_line",
            AuditEntry.action == "insert",
            AuditEntry.at > since,
            AuditEntry.at <= until,
        )
    ).all()
    wanted = {row.changes["decision_id"][1] for row in rows if "decision_id" in row.changes}
    decisions = {
        row.id: row for row in session.scalars(select(Decision).where(among(Decision.id, wanted)))
    }
    for row in rows:
        decision = decisions.get(row.changes.get("decision_id", [None, None])[1])
        if decision is not None and row.investor_id is not None:
            text = f"{decision}: {decision.summary or ''}".rstrip(": ")
            found[row.investor_id].append(Reason(at=row.at, who=row.user_name, text=text))
