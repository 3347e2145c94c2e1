"""The process that reads a file, and whether it still does."""

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n, read_id
from models.imports.run import ImportRun, RunStatus

MOST_WAITING = 5  # files of one person
TO_BEGIN = timedelta(seconds=30)  # for a process to start on a busy machine
TO_READ = timedelta(seconds=120)  # far beyond what any file within the limits takes


def this_worker() -> str:
    """Host, number and first moment of this process: a number alone is given out again."""
    return f"{socket.gethostname()[:80]} {os.getpid()} {_began(os.getpid()) or ''}".strip()


def standing(run: ImportRun, *, at: datetime) -> RunStatus:
    """The status of a run; `broken` where it is being read by nobody any more. Writes nothing."""
    if run.status is not RunStatus.READING or run.reading_since is None:
        return run.status
    waited = at - run.reading_since
    if run.worker is None:
        return RunStatus.BROKEN if waited > TO_BEGIN else RunStatus.READING
    is_gone = waited > TO_READ or _is_gone(run.worker)
    return RunStatus.BROKEN if is_gone else RunStatus.READING


def check_room(session: Session, user_id: int | None, *, at: datetime) -> None:
    """Refuse a further file of somebody whose files are still being read: each waits in a process
    of its own. Raises RuleBroken. A command (no user) reads its file itself.
    """
    if user_id is None:
        return
    waiting = session.scalar(
        select(func.count())
        .select_from(ImportRun)
        .where(
            ImportRun.user_id == user_id,
            ImportRun.status == RunStatus.READING,
            ImportRun.reading_since > at - TO_READ,
        )
    )
    if (waiting or 0) >= MOST_WAITING:
        raise RuleBroken(
            _n("%(count)s of your files are still being read. Wait until they are, then go on."),
            count=waiting,
        )


def _is_gone(worker: str) -> bool:
    """Whether a process of this host has ended; of another host only time tells."""
    host, _space, rest = worker.partition(" ")
    number, _space, began = rest.partition(" ")
    process = read_id(number)
    if host != socket.gethostname()[:80] or not began or process is None:
        return False
    return _began(process) != began


def _began(number: int) -> str | None:
    """When a process began, in ticks since the machine did; None where there is none (any more)."""
    try:
        told = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *rest = told.rpartition(")")[2].split()
    return None if state in "ZX" else rest[18]


def why_broken() -> RuleBroken:
    """What is said of a run whose reading broke off."""
    return RuleBroken(
        _n(
            "The reading of this file broke off before it came to an end; nothing was written. "
            "Have it read again."
        )
    )
