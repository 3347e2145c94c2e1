"""Carrying an import out in the caller's transaction: all of it, or a refusal and nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.base import Actor, recording
from models.imports.capital_written import write_lines
from models.imports.projects_written import write_projects
from models.imports.reports_written import write_reports
from models.imports.treasury_written import write_statement
from models.imports.writes import Writes
from models.imports.written import Written

# what follows the others by itself, and goes back with them
SETTLED = frozenset({"expected_report", "expected_change"})


def carry_out(
    session: Session,
    writes: Writes,
    *,
    at: datetime,
    actor: Actor,
    received_at: datetime | None = None,
    evidence: str = "",
) -> Written:
    """Write what a plan said. `received_at` registers the receipt of the reports as well (nhập
    thay), with `evidence`, the file, as its proof.

    Raises Stale where something was saved since it was planned, and RuleBroken, PeriodLocked or
    OutOfScope as the same act does on its screen; the caller then rolls back.
    """
    with recording(session, without=SETTLED) as kept:
        reports = write_reports(
            session,
            writes.reports,
            at=at,
            actor=actor,
            received_at=received_at,
            evidence=evidence,
        )
        write_projects(session, writes.projects)
        if writes.decision is not None:
            write_lines(session, writes.decision, writes.lines)
        if writes.statement is not None:
            write_statement(session, writes.statement, at=at, actor=actor)
    return Written(steps=tuple(kept.steps()), reports=tuple(reports))
