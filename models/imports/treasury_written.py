"""Storing a statement of the Treasury."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Actor, Stale, _n, stored_day
from models.imports.writes import StatementWrite
from models.returns import TreasuryLine, TreasuryStatement, hold_rows, one_at_a_time


def write_statement(session: Session, write: StatementWrite, *, at: datetime, actor: Actor) -> None:
    """The lines of a day: new ones, and those that say something else now."""
    if not write.lines:
        return
    day = stored_day(write.day)
    one_at_a_time(session, f"treasury {write.day}")
    statement = _statement(session, day, write.budget_year)
    stored = {}
    if statement is None:
        statement = TreasuryStatement(
            day=day, budget_year=write.budget_year, made_at=at, made_by=actor.name
        )
        session.add(statement)
        session.flush()
    else:
        lines = select(TreasuryLine).where(TreasuryLine.statement_id == statement.id)
        units = session.scalars(lines.with_only_columns(TreasuryLine.investor_id)).all()
        held = hold_rows(session, lines, TreasuryLine, units)
        stored = {line.project_id: line for line in held}
    for one in write.lines:
        line = stored.get(one.project_id)
        if (line.confirmed if line is not None else None) != one.seen:
            raise Stale(
                _n(
                    "Somebody entered the statement of this day after the file was looked at. "
                    "Look at the file again."
                )
            )
        if line is None:
            session.add(
                TreasuryLine(
                    investor_id=one.investor_id,
                    statement_id=statement.id,
                    project_id=one.project_id,
                    confirmed=one.confirmed,
                    text=one.text or None,
                )
            )
        else:
            line.confirmed, line.text = one.confirmed, one.text or None
    session.flush()


def _statement(session: Session, day: date, budget_year: int) -> TreasuryStatement | None:
    return session.scalar(
        select(TreasuryStatement)
        .where(TreasuryStatement.day == day, TreasuryStatement.budget_year == budget_year)
        .with_for_update()
    )
