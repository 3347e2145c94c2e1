"""From what a file says to what it would change: one way for each kind of file."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.imports.allocations import plan_allocations
from models.imports.planned import Plan
from models.imports.projects import plan_projects
from models.imports.reports import plan_reports
from models.imports.treasury import plan_treasury
from models.sheets import Ask, Kind, Known, Reading


def make_plan(session: Session, reading: Reading, ask: Ask, *, known: Known, at: datetime) -> Plan:
    """What the file would write, and what is wrong with it or open; nothing is written or held.

    `known` is what names could mean when the file was read, `at` is now. The findings of the
    reading are in the plan, too.
    """
    match ask.kind:
        case Kind.ALLOCATIONS:
            return plan_allocations(session, reading, ask, known=known, at=at)
        case Kind.PROJECTS:
            return plan_projects(session, reading, ask, known=known)
        case Kind.TREASURY:
            return plan_treasury(session, reading, ask, known=known)
        case _:
            return plan_reports(session, reading, ask, known=known, at=at)
