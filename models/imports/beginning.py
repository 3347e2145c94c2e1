"""How an import begins: the file is kept, with what it is said to be."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.base import (
    Actor,
    RuleBroken,
    ScopedSession,
    _n,
    local_day,
    read_file_name,
    sees_a_part,
    sha256_of,
)
from models.calendar import Period
from models.catalogue import Investor
from models.duty import exists_on, get_period, unit_by_code
from models.imports.maps import said_at_once
from models.imports.run import ImportFile, ImportRun, RunStatus
from models.imports.workers import check_room
from models.sheets import Ask, Kind
from models.sheets.opening import FILE_BYTES

LONGEST_FILE_NAME = 255
RECEIVED = (Kind.MONTHLY, Kind.CONSOLIDATED)


def start(
    session: ScopedSession,
    ask: Ask,
    *,
    name: str,
    content: bytes,
    at: datetime,
    actor: Actor,
    received_at: datetime | None = None,
) -> ImportRun:
    """Keep a file that somebody wants imported; it is to be looked at next. Raises RuleBroken.

    Whether this person may bring in such a file was asked before. A user of a unit brings in that
    unit's own file and no other.
    """
    check_room(session, actor.user_id, at=at)
    ask, period, unit = settle(session, ask, at=at, received_at=received_at)
    run = ImportRun(
        kind=ask.kind,
        status=RunStatus.READING,
        investor_id=unit.id if unit is not None and sees_a_part(session) else None,
        period=period,
        unit_code=unit.code if unit is not None else None,
        file_name=read_file_name(name, LONGEST_FILE_NAME),
        sha256=sha256_of(content),
        size=len(content),
        ask=kept_ask(ask) | {"said": said_at_once(ask.answers)},
        received_at=received_at,
        counts={},
        found={},
        user_id=actor.user_id,
        user_name=actor.name,
        started_at=at,
        reading_since=at,
    )
    session.add(run)
    session.flush()
    if len(content) <= FILE_BYTES:
        session.add(ImportFile(run_id=run.id, investor_id=run.investor_id, content=content))
        session.flush()
    return run


def settle(
    session: ScopedSession, ask: Ask, *, at: datetime, received_at: datetime | None = None
) -> tuple[Ask, Period | None, Investor | None]:
    """What is asked in full, with the period and the unit that it names. Raises RuleBroken where
    there is none such, and for what this person may not.

    A unit brings in its own figures alone; whose people work for one unit need not name it.
    """
    is_unit = sees_a_part(session)
    if received_at is not None:
        check_receipt(session, ask.kind)
    if is_unit and ask.kind is not Kind.MONTHLY:
        raise RuleBroken(_n("A unit brings in its own monthly figures."), field="kind")
    if ask.investor and ask.kind is not Kind.MONTHLY:
        raise RuleBroken(
            _n("Only a monthly report is of one unit. Leave the unit out."), field="investor"
        )
    period = get_period(session, ask.period) if ask.period else None
    unit = _unit(session, ask.investor, period, at) if ask.investor else None
    if unit is None and is_unit:
        unit = _own_unit(session, period, at)
    ask = replace(
        ask,
        period=period.code if period is not None else None,
        investor=unit.code if unit is not None else None,
        sheet=ask.sheet or None,
        unit=ask.unit or None,
    )
    return ask, period, unit


def check_receipt(session: ScopedSession, kind: Kind) -> None:
    """Refuse to register when something came where nothing of the kind comes, or for a unit."""
    if sees_a_part(session) or kind not in RECEIVED:
        raise RuleBroken(
            _n("Only the office registers when a report came, with the report itself."),
            field="received_at",
        )


def _own_unit(session: ScopedSession, period: Period | None, at: datetime) -> Investor:
    own = session.scalars(
        select(Investor).where(exists_on(period.data_to if period else local_day(at)))
    ).all()
    if len(own) != 1:
        raise RuleBroken(_n("Choose the unit that the file is of."), field="investor")
    return own[0]


def _unit(session: ScopedSession, code: str, period: Period | None, at: datetime) -> Investor:
    if period is not None:
        return unit_by_code(session, period, code)
    found = session.scalar(select(Investor).where(Investor.code == code, exists_on(local_day(at))))
    if found is None:
        raise RuleBroken(
            _n("No unit has the code %(code)s on %(day)s."),
            field="investor",
            code=code[:60],
            day=local_day(at),
        )
    return found


def kept_ask(ask: Ask) -> dict[str, Any]:
    """What is asked, as a run keeps it beside its kind."""
    kept = asdict(ask)
    kept.pop("kind")
    return kept
