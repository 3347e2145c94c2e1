"""Writing a change of the list of who must report: the row, its log with the cause, the trail."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, inspect, or_, select
from sqlalchemy.orm import Session

from models.base import (
    Actor,
    among,
    current_actor,
    fold,
    new_id,
    now,
    stored_day,
    stored_moment,
    stored_value,
    write_entries,
)
from models.calendar import ExpectedReport, Period
from models.capital import Allocation
from models.catalogue import OrgEvent, Project
from models.duty.change import ExpectedChange
from models.duty.marks import CAPITAL, PROJECT, REORGANISED, REPORT, TAKEN_BACK, Cause, Source
from models.returns import ProgressEntry, Submission

Pair = tuple[int, int]
Words = dict[Pair, tuple[str, dict[str, Any]]]
_HELD = ("exempt_reason", "exempt_until", "deadline_at", "deadline_reason", "note")

# of each kind of source: how its name is read
_NAMES: dict[str, Any] = {
    "project": select(Project.id, Project.code),
    "allocation": select(Allocation.id, Project.code).join(Allocation.project),
    "period": select(Period.id, Period.code),
    "entry": select(ProgressEntry.id, Period.code)
    .join(ProgressEntry.submission)
    .join(Period, Period.id == Submission.period_id),
    "event": select(OrgEvent.id, OrgEvent.summary),
}
_PLACES = {
    PROJECT: "project",
    CAPITAL: "project",
    REPORT: "period",
    REORGANISED: "summary",
    TAKEN_BACK: "summary",
}


def worded(connection: Connection, causes: dict[Pair, Cause]) -> Words:
    """Each cause as (sentence, values), with the names looked up at once."""
    asked: dict[str, set[int]] = {}
    for cause in causes.values():
        if cause.source is not None:
            asked.setdefault(cause.source[0], set()).add(cause.source[1])
    names: dict[Source, str] = {}
    for kind, ids in asked.items():
        statement = _NAMES[kind]
        key = statement.selected_columns[0]
        names |= {
            (kind, row[0]): row[1] for row in connection.execute(statement.where(among(key, ids)))
        }
    return {
        pair: (
            cause.message,
            {place: names.get(cause.source, "–") if cause.source else "–"}
            if (place := _PLACES.get(cause.message))
            else {},
        )
        for pair, cause in causes.items()
    }


def write_changes(
    session: Session,
    connection: Connection,
    *,
    added: Collection[Pair],
    removed: dict[Pair, Any],
    words: Words,
    findings: dict[Pair, str],
    unlogged: Collection[int],
    by_hand: bool,
) -> None:
    """Change the stored list, with its log and the audit trail, in the same transaction."""
    actor, at = current_actor(), now()
    _change(connection, added, removed)
    kept: dict[Pair, Any] = dict.fromkeys(added) | {
        pair: _kept(row) for pair, row in removed.items()
    }
    logged = [
        {
            "investor_id": pair[0],
            "id": new_id(),
            "version": 1,
            "period_id": pair[1],
            "added": pair not in removed,
            "by_hand": by_hand,
            "cause": words[pair][0],
            "finding": findings.get(pair),
            "details": words[pair][1],
            "held": held,
            "at": at,
            "user_name": actor.name,
        }
        for pair, held in kept.items()
        if pair[1] not in unlogged
    ]
    if logged:
        connection.execute(insert(ExpectedChange), logged)
    write_entries(connection, [_entry(pair, pair in removed, actor, at) for pair in kept])
    _refresh(session, removed)


def _change(connection: Connection, added: Collection[Pair], removed: Collection[Pair]) -> None:
    """Change the list itself; who comes back has what it had before, and what lasts."""
    held = _held_before(connection, added)
    lasting = lasting_exemptions(connection, added)
    fresh = [
        {"investor_id": unit, "period_id": period, **dict.fromkeys(_HELD)}
        | lasting.get((unit, period), {})
        | held.get((unit, period), {})
        for unit, period in added
    ]
    if fresh:
        connection.execute(insert(ExpectedReport), fresh)
    for unit, period in removed:
        connection.execute(
            delete(ExpectedReport).where(
                ExpectedReport.investor_id == unit, ExpectedReport.period_id == period
            )
        )


def _entry(pair: Pair, is_removed: bool, actor: Actor, at: datetime) -> dict[str, Any]:
    """The entry of the audit trail for one unit and period."""
    changes = zip(("investor_id", "period_id"), pair, strict=True)
    return {
        "at": at,
        "user_id": actor.user_id,
        "user_name": actor.name,
        "action": "delete" if is_removed else "insert",
        "resource": "expected_report",
        "row_id": f"{pair[0]}/{pair[1]}",
        "label": "",
        "search_text": fold(actor.name),
        "investor_id": pair[0],
        "changes": {name: [key, None] if is_removed else [None, key] for name, key in changes},
    }


def _kept(row: Any) -> dict[str, Any] | None:
    """Exemption, extension and note of a unit that leaves the list, as plain text."""
    values = {name: stored_value(getattr(row, name)) for name in _HELD}
    return {name: value for name, value in values.items() if value is not None} or None


def _held_before(connection: Connection, pairs: Collection[Pair]) -> dict[Pair, dict[str, Any]]:
    """What these units had when they last left the list."""
    if not pairs:
        return {}
    rows = connection.execute(
        select(ExpectedChange.investor_id, ExpectedChange.period_id, ExpectedChange.held)
        .where(
            ExpectedChange.added.is_(False),
            among(ExpectedChange.period_id, (period for _unit, period in pairs)),
        )
        .order_by(ExpectedChange.at, ExpectedChange.id)
    )
    last = {(unit, period): held for unit, period, held in rows}
    return {pair: _read(held) for pair in pairs if (held := last.get(pair))}


def _read(held: dict[str, Any]) -> dict[str, Any]:
    readers = {"exempt_until": stored_day, "deadline_at": stored_moment}
    return {
        name: readers[name](value) if name in readers else value for name, value in held.items()
    }


def lasting_exemptions(
    connection: Connection, pairs: Collection[Pair]
) -> dict[Pair, dict[str, Any]]:
    """Exemptions granted in earlier periods that last beyond the end of these, by pair.

    One that a period in between no longer knows was ended or shortened there.
    """
    if not pairs:
        return {}
    earlier = ExpectedReport.__table__.alias("earlier")
    granted_in, target = Period.__table__.alias("granted_in"), Period.__table__
    nearer, since = ExpectedReport.__table__.alias("nearer"), Period.__table__.alias("since")
    ended = (
        select(nearer.c.investor_id)
        .join(since, since.c.id == nearer.c.period_id)
        .where(
            nearer.c.investor_id == earlier.c.investor_id,
            since.c.data_to > granted_in.c.data_to,
            since.c.data_to < target.c.data_to,
            or_(nearer.c.exempt_until.is_(None), nearer.c.exempt_until < target.c.data_to),
        )
    )
    rows = connection.execute(
        select(earlier.c.investor_id, target.c.id, earlier.c.exempt_reason, earlier.c.exempt_until)
        .join(granted_in, granted_in.c.id == earlier.c.period_id)
        .join(
            target,
            and_(
                earlier.c.exempt_until >= target.c.data_to,
                granted_in.c.data_to < target.c.data_to,
            ),
        )
        .where(among(target.c.id, (period for _unit, period in pairs)), ~ended.exists())
        .order_by(granted_in.c.data_to)
    )
    return {
        (unit, period): {"exempt_reason": reason, "exempt_until": until}
        for unit, period, reason, until in rows
    }


def _refresh(session: Session, removed: Collection[Pair]) -> None:
    """What the session holds in memory is not the list any more."""
    for row in list(session):
        if isinstance(row, ExpectedReport) and inspect(row).identity in removed:
            session.expunge(row)
        elif isinstance(row, Period) and row not in session.new:
            session.expire(row, ["expected"])
