"""The sheets of many units read together are those of each unit read by itself."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Investor, Period, PeriodKind, Submission, Succession
from models.filing import read_sheets
from models.ledger import succeeded_among
from tests.whole import build

AT = datetime(2024, 12, 3, 2, tzinfo=UTC)


def everything(sheet):
    """All that a sheet tells."""
    closed = sheet.why_closed
    return (
        sheet.investor.id,
        sheet.version,
        sheet.projects,
        sheet.explanations,
        sheet.explained_for,
        sheet.rule_uses,
        (sheet.deadline_at, sheet.deadline_reason),
        (closed.message, closed.values) if closed is not None else None,
        sheet.reopened_until,
        sheet.is_correction,
    )


def test_read_together_or_alone_a_sheet_is_the_same(engine):
    with Session(engine) as session:
        build(session)
        units = session.scalars(sa.select(Investor).order_by(Investor.id)).all()
        months = session.scalars(sa.select(Period).where(Period.kind != PeriodKind.QUARTER)).all()
        assert session.scalars(sa.select(Succession)).first() is not None
        assert succeeded_among(session, [unit.id for unit in units])
        told = 0
        for period in months:
            together = read_sheets(session, period=period, investors=units, at=AT)
            assert [sheet.investor for sheet in together] == units
            for unit, sheet in zip(units, together, strict=True):
                [alone] = read_sheets(session, period=period, investors=[unit], at=AT)
                assert everything(sheet) == everything(alone), (period.code, unit.code)
                told += any(not row.is_blank for row in sheet.allocations)
        assert told
        assert len(months) > 2
        assert session.scalars(sa.select(Submission)).first() is not None
