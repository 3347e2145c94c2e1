"""Writing the package back: the same files, byte for byte, in an order of its own."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.base import Base, local
from models.calendar import Period, Reopening
from models.capital import Allocation, AllocationLine, CapitalTerm, LineKind, Nature, Source
from models.catalogue import Component, Decision, Investor, OrgEvent, Project
from models.exchange.package.schema import FILES
from models.people import User
from models.returns import (
    Disbursement,
    Explanation,
    Obstacle,
    ProgressEntry,
    Remark,
    ReportVersion,
    Submission,
)

OPENING = frozenset({LineKind.INITIAL, LineKind.CARRY_IN})
_SOURCES, _NATURES = list(Source), list(Nature)


def dump_package(session: Session, folder: Path) -> dict[str, int]:
    """Write every row into `folder` (made if missing); how many rows each file has."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "components": _components(session),
        "investors": _investors(session),
        "projects": _projects(session),
        "decisions": _decisions(session),
        "allocations": _lines(session),
        "periods": _periods(session),
        "submissions": _submissions(session),
        "entries": _entries(session),
        "disbursements": _disbursements(session),
        "users": _users(session),
    }
    return {
        name: _write(folder / f"{name}.csv", FILES[name].header, rows)
        for name, rows in tables.items()
    }


def left_behind(session: Session) -> dict[type[Base], int]:
    """How many rows of each table stand in no file of the package: only a backup keeps them."""
    counts = {
        kind: session.scalar(select(func.count()).select_from(kind)) or 0
        for kind in (OrgEvent, ReportVersion, Remark, Obstacle, Reopening, CapitalTerm, Explanation)
    }
    return {kind: count for kind, count in counts.items() if count}


def _write(path: Path, header: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([_text(row[column]) for column in header])
            count += 1
    return count


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case StrEnum():
            return value.value
        case datetime():
            return local(value).isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


def _plain(row: Any, name: str) -> dict[str, Any]:
    return {column: getattr(row, column, None) for column in FILES[name].header}


def _components(session: Session) -> Iterator[dict[str, Any]]:
    """Parents before their children."""
    rows = list(session.scalars(select(Component).options(selectinload(Component.parent))))
    written: set[str | None] = {None}
    waiting = sorted(rows, key=lambda row: (row.sort_order, row.code))
    while waiting:
        ready = (r for r in waiting if (r.parent.code if r.parent else None) in written)
        row = next(ready, waiting[0])
        waiting.remove(row)
        written.add(row.code)
        yield _plain(row, "components") | {"parent_code": row.parent.code if row.parent else None}


def _investors(session: Session) -> Iterator[dict[str, Any]]:
    order = (Investor.sort_order, Investor.valid_from, Investor.id)
    for row in session.scalars(select(Investor).order_by(*order)):
        yield _plain(row, "investors")


def _projects(session: Session) -> Iterator[dict[str, Any]]:
    rows = session.scalars(
        select(Project)
        .options(joinedload(Project.component), joinedload(Project.investor))
        .order_by(Project.code)
    )
    for row in rows:
        yield _plain(row, "projects") | {
            "component_code": row.component.code,
            "investor_code": row.investor.code,
        }


def _decisions(session: Session) -> Iterator[dict[str, Any]]:
    rows = session.scalars(
        select(Decision).order_by(Decision.issued_on, Decision.number, Decision.id)
    )
    for row in rows:
        yield _plain(row, "decisions")


def _lines(session: Session) -> Iterator[dict[str, Any]]:
    """The plan each project began with, project by project; then the changes, day by day."""

    def order(line: AllocationLine) -> tuple[Any, ...]:
        held = line.allocation
        key = (
            held.project.code,
            held.budget_year,
            -held.vintage,
            _SOURCES.index(held.source),
            _NATURES.index(held.nature),
            line.effective_on,
            line.id,
        )
        opening = line.kind in OPENING
        return (0, *key) if opening else (1, line.effective_on.isoformat(), *key)

    rows = session.scalars(
        select(AllocationLine).options(
            joinedload(AllocationLine.allocation).joinedload(Allocation.project),
            joinedload(AllocationLine.decision),
        )
    )
    for line in sorted(rows, key=order):
        held = line.allocation
        yield {
            "project_code": held.project.code,
            "budget_year": held.budget_year,
            "vintage": held.vintage,
            "source": held.source,
            "nature": held.nature,
            "kind": line.kind,
            "amount": line.amount,
            "decision_number": line.decision.number,
            "decision_issued_on": line.decision.issued_on,
            "effective_on": line.effective_on,
        }


def _periods(session: Session) -> Iterator[dict[str, Any]]:
    for row in session.scalars(select(Period).order_by(Period.data_to, Period.code)):
        yield _plain(row, "periods")


def _submissions(session: Session) -> Iterator[dict[str, Any]]:
    rows = session.scalars(
        select(Submission)
        .join(Period, Period.id == Submission.period_id)
        .join(Investor, Investor.id == Submission.investor_id)
        .options(joinedload(Submission.period), joinedload(Submission.investor))
        .order_by(Period.data_to, Period.code, Investor.code, Investor.id)
    )
    for row in rows:
        yield _plain(row, "submissions") | {
            "investor_code": row.investor.code,
            "period": row.period.code,
        }


def _entries(session: Session) -> Iterator[dict[str, Any]]:
    rows = session.execute(
        select(ProgressEntry, Project.code, Period.code)
        .join(Project, Project.id == ProgressEntry.project_id)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
        .join(Period, Period.id == Submission.period_id)
        .order_by(Project.code, Period.data_to, Period.code)
    )
    for row, project, period in rows:
        yield _plain(row, "entries") | {"project_code": project, "period": period}


def _disbursements(session: Session) -> Iterator[dict[str, Any]]:
    rows = session.execute(
        select(Disbursement, Allocation, Project.code, Period)
        .join(Allocation, Allocation.id == Disbursement.allocation_id)
        .join(Project, Project.id == Allocation.project_id)
        .join(ProgressEntry, ProgressEntry.id == Disbursement.entry_id)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
        .join(Period, Period.id == Submission.period_id)
    ).all()

    def order(row: Any) -> tuple[Any, ...]:
        _money, held, project, period = row
        source, nature = _SOURCES.index(held.source), _NATURES.index(held.nature)
        return (project, period.data_to, period.code, -held.vintage, source, nature)

    for money, held, project, period in sorted(rows, key=order):
        # the package has no column for corrections: folded in, so that no total changes
        yield _plain(money, "disbursements") | {
            "completed": money.completed + max(money.correction, 0),
            "returned": money.returned + max(-money.correction, 0),
            "project_code": project,
            "period": period.code,
            "budget_year": held.budget_year,
            "vintage": held.vintage,
            "source": held.source,
            "nature": held.nature,
        }


def _users(session: Session) -> Iterator[dict[str, Any]]:
    for row in session.scalars(
        select(User).options(selectinload(User.investors)).order_by(User.id)
    ):
        units = sorted(row.investors, key=lambda unit: (unit.sort_order, unit.code))
        yield _plain(row, "users") | {"investor_codes": ";".join(unit.code for unit in units)}
