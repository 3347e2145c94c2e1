"""Imports from begin to end: begun, looked at, answered, carried out, taken back.

Reading a file takes seconds, and nobody waits for it: what has to be written is written in short
transactions before and after. `start`, `answer`, `read_again`, `apply_run` and `undo_run` belong to
the transaction of their caller, who commits; `look` makes its own.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.base import (
    DISTRICT,
    Actor,
    NotFound,
    RuleBroken,
    Scope,
    ScopedSession,
    _n,
    act_as,
    current_actor,
    now,
    reading_only,
)
from models.calendar import Period
from models.imports.beginning import kept_ask, settle
from models.imports.carrying_out import carry_out
from models.imports.looking import Looked, look_into
from models.imports.maps import remember, said_by
from models.imports.run import OPEN, ImportRun, RunStatus
from models.imports.taking_back import take_back
from models.imports.workers import check_room, standing, this_worker
from models.imports.writes import Writes
from models.imports.written import Written
from models.people import User, scope_of
from models.sheets.opening import FILE_BYTES

_PAUSE = 0.2  # seconds between two looks at a run that is being read
ANSWERABLE = frozenset({RunStatus.READING, *OPEN})


def get_run(session: ScopedSession, run_id: int) -> ImportRun:
    """A run that this session may see; raises NotFound for any other."""
    run: ImportRun | None = session.get(ImportRun, run_id)
    if run is None:
        raise NotFound(_n("There is no import %(run)s."), run=run_id)
    return run


def look(
    session: ScopedSession,
    run_id: int,
    *,
    at: datetime,
    place: AbstractContextManager[Any] | None = None,
) -> ImportRun:
    """Read the file of a run with the scope of who brought it, and keep what was found.

    Commits twice, and holds no lock in between. What another look has found meanwhile, or a
    change of what is asked, goes before this one. `place` is entered for the time of reading,
    where only so many may read at once.
    """
    wide = session.scope
    run = _held(session, run_id)
    if run.status is not RunStatus.READING:
        session.rollback()
        return run
    run.worker = this_worker()
    session.flush()
    seen, scope = run.version, _scope_of(session, run)
    name, ask = run.file_name, run.asked
    content = run.content
    content = b"\0" * (FILE_BYTES + 1) if content is None else content
    try:
        with reading_only(session), place or nullcontext():
            session.enter(scope)
            looked = look_into(session, ask, name=name, content=content, at=at)
    except BaseException:
        session.enter(wide)
        _break_off(session, run_id, seen)
        raise
    session.enter(wide)
    run = _held(session, run_id)
    if run.version == seen:
        keep(session, run, looked, at=at)
        session.commit()
    else:
        session.rollback()
    return run


def keep(session: ScopedSession, run: ImportRun, looked: Looked, *, at: datetime) -> None:
    """Write down what a look found."""
    run.status, run.looked_at = looked.status, at
    run.result, run.writes = dict(looked.result), looked.writes
    run.counts, run.found = looked.counts, dict(looked.found)
    run.worker = run.reading_since = None
    if looked.period and run.period_id is None:
        run.period_id = session.scalar(select(Period.id).where(Period.code == looked.period))
    run.unit_code = run.unit_code or looked.unit_code
    session.flush()


def answer(
    session: ScopedSession,
    run_id: int,
    *,
    at: datetime,
    answers: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    **other: Any,
) -> ImportRun:
    """Take answers and corrections; the file is to be looked at again. Raises RuleBroken.

    An empty answer takes an earlier one back. `other` may name `sheet`, `unit`, `period` and
    `investor`; None leaves the choice to the file.
    """
    run = _held(session, run_id)
    _must_be(run, ANSWERABLE)
    said = run.said | said_by((run.result or {}).get("findings", ()), answers or {})
    ask = replace(
        run.asked,
        answers=_merged(run.asked.answers, answers),
        columns=_merged(run.asked.columns, columns),
        **other,
    )
    ask, period, unit = settle(session, ask, at=at)
    run.period = period
    run.unit_code = unit.code if unit is not None else None
    if run.investor_id is not None and unit is not None:  # it stays the file of a unit
        run.investor_id = unit.id
        if run.file is not None:
            run.file.investor_id = unit.id
    run.ask = kept_ask(ask) | {"said": said}
    return _again(session, run, at)


def read_again(session: ScopedSession, run_id: int, *, at: datetime) -> ImportRun:
    """The file is to be looked at once more: its reading broke off, or what is stored changed."""
    run = _held(session, run_id)
    _must_be(run, ANSWERABLE)
    return _again(session, run, at)


def apply_run(session: ScopedSession, run_id: int, *, at: datetime, actor: Actor) -> ImportRun:
    """Carry out what the last look has found, all or nothing.

    Raises RuleBroken where it was done already or something stands open, and Stale where somebody
    saved in between: then nothing is written, and the file has to be looked at again.
    """
    run = _held(session, run_id)
    if run.status is RunStatus.APPLIED:
        raise RuleBroken(
            _n(
                "This file was already imported by %(person)s at %(moment)s; nothing was done "
                "twice."
            ),
            person=run.applied_by,
            moment=run.applied_at,
        )
    _must_be(run, frozenset({RunStatus.READY}))
    with _in_the_name_of(run, actor):
        writes = Writes.from_json(run.writes or {})
        written = carry_out(
            session,
            writes,
            at=at,
            actor=actor,
            received_at=run.received_at,
            evidence=run.file_name,
        )
        run.written = written.as_json()
        run.status, run.applied_at, run.applied_by = RunStatus.APPLIED, at, actor.name
        remember(session, run, at=at, by=actor.name)
        session.flush()
    return run


def undo_run(session: ScopedSession, run_id: int, *, at: datetime, actor: Actor) -> ImportRun:
    """Put back exactly what stood before. Raises RuleBroken, saying by whom and when, where
    something that the import wrote was changed, sent or locked since.
    """
    run = _held(session, run_id)
    if run.status is RunStatus.UNDONE:
        raise RuleBroken(
            _n("This import was already undone by %(person)s at %(moment)s."),
            person=run.undone_by,
            moment=run.undone_at,
        )
    if run.status is not RunStatus.APPLIED:
        raise RuleBroken(_n("This file was not imported, so there is nothing to undo."))
    with _in_the_name_of(run, actor):
        take_back(session, Written.from_json(run.written or {}), at=at, actor=actor)
        run.status, run.undone_at, run.undone_by = RunStatus.UNDONE, at, actor.name
        session.flush()
    return run


def wait_for(session: ScopedSession, run_id: int, *, seconds: float) -> ImportRun:
    """The run when it is no longer being read, or after that time as it stands then; holds no
    lock and no transaction while it waits. Ask `standing` for its status.
    """
    give_up = time.monotonic() + seconds
    while True:
        with reading_only(session):
            is_read = standing(get_run(session, run_id), at=now()) is not RunStatus.READING
        if is_read or time.monotonic() >= give_up:
            return get_run(session, run_id)
        time.sleep(_PAUSE)


# ------------------------------------------------------------------------------ shared steps


def _held(session: ScopedSession, run_id: int) -> ImportRun:
    """A run as it stands, kept from others until the transaction ends."""
    run = session.scalar(
        select(ImportRun)
        .where(ImportRun.id == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if run is None:
        raise NotFound(_n("There is no import %(run)s."), run=run_id)
    return run


def _must_be(run: ImportRun, allowed: frozenset[RunStatus]) -> None:
    if run.status not in allowed:
        raise RuleBroken(_REFUSALS[run.status])


_REFUSALS = {
    RunStatus.READING: _n("The file is still being read. Wait a moment."),
    RunStatus.READY: _n("The file was read already."),
    RunStatus.QUESTIONS: _n("Answer the open questions first; nothing was imported."),
    RunStatus.ERRORS: _n("Correct the file first and bring it in again; nothing was imported."),
    RunStatus.REFUSED: _n("This file was refused. Correct it and bring it in as a new file."),
    RunStatus.APPLIED: _n("This file was imported already. Undo the import first."),
    RunStatus.UNDONE: _n("This import was undone. Bring the file in anew."),
    RunStatus.BROKEN: _n("The reading broke off. Have the file read again."),
}


def _again(session: ScopedSession, run: ImportRun, at: datetime) -> ImportRun:
    check_room(session, run.user_id, at=at)
    run.status, run.reading_since, run.worker = RunStatus.READING, at, None
    run.writes = None
    session.flush()
    return run


def _break_off(session: ScopedSession, run_id: int, seen: int) -> None:
    """The reading failed in a way that nobody foresaw: say so, and leave the file for another."""
    run = _held(session, run_id)
    if run.version == seen:
        run.status, run.reading_since, run.worker = RunStatus.BROKEN, None, None
        session.commit()
    session.rollback()


def _scope_of(session: ScopedSession, run: ImportRun) -> Scope:
    """What the reading may know: a unit's file knows that unit, whoever of its people asks."""
    if run.investor_id is not None:
        return Scope.of({run.investor_id})
    user = session.get(User, run.user_id) if run.user_id is not None else None
    return scope_of(session, user) if user is not None else DISTRICT


def _merged(held: Mapping[str, str], fresh: Mapping[str, str] | None) -> dict[str, str]:
    """Earlier answers with the new ones over them; an empty one takes the earlier back."""
    return {key: value for key, value in {**held, **(fresh or {})}.items() if value.strip()}


@contextmanager
def _in_the_name_of(run: ImportRun, actor: Actor) -> Iterator[None]:
    """The trail of what is done in here names the import."""
    before = current_actor()
    act_as(replace(actor, import_run=run.id))
    try:
        yield
    finally:
        act_as(before)
