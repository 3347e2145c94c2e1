"""Writing the package back: the same files, byte for byte, in an order of its own."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.base import Base
from models.calendar import Period
from models.capital import Allocation, AllocationLine, LineKind, order_of_capital
from models.catalogue import Component, Decision, Investor, Project
from models.exchange.package.bearers import Bearers, named
from models.exchange.package.details import Writer
from models.exchange.package.names import Namer
from models.exchange.package.own_rows import rows_of
from models.exchange.package.schema import FILES, File
from models.exchange.package.tables import carried, companions, left_behind_tables
from models.exchange.package.values import amounts_of, text_of
from models.people import User
from models.returns import (
    Disbursement,
    ProgressEntry,
    Submission,
)

OPENING = frozenset({LineKind.INITIAL, LineKind.CARRY_IN})
Said = tuple[dict[str, Any], Any]  # a row as its file says it, and the row itself


def dump_package(session: Session, folder: Path) -> dict[str, int]:
    """Write every row into `folder` (made if missing); how many rows each file has.

    The ten files are always there; companions and further tables only where they have rows. What
    was not written to the end (no room, a database that went away) is not there at all.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    try:
        return _dump(session, folder)
    except BaseException:  # half a package looks like a whole one
        for one in set(folder.iterdir()) - before:
            one.unlink()
        if is_new:
            folder.rmdir()
        raise


def _dump(session: Session, folder: Path) -> dict[str, int]:
    namer = Namer(session, folder)
    bearers = Bearers()
    for unit in session.scalars(select(Investor).order_by(Investor.id)):
        bearers.note(unit)
    tables = {
        "components": _components(session),
        "investors": _investors(session),
        "projects": _projects(session, bearers),
        "decisions": _decisions(session),
        "allocations": _lines(session),
        "periods": _periods(session),
        "submissions": _submissions(session, bearers),
        "entries": _entries(session),
        "disbursements": _disbursements(session),
        "users": _users(session, bearers),
    }
    counts: dict[str, int] = {}
    for name, rows in tables.items():
        beside = _Lazy(folder, companions()[name].file)
        said = _beside(rows, Writer(name, namer), beside)
        counts[name] = _write(folder / f"{name}.csv", FILES[name].header, said)
        counts |= beside.close()
    for one in carried().values():
        out = _Lazy(folder, one.file)
        for row in rows_of(one, namer):
            out.write(row)
        counts |= out.close()
    return counts


def left_behind(session: Session) -> dict[type[Base], int]:
    """How many rows of each table stand in no file of the package: only a backup keeps them."""
    counts = {
        kind: session.scalar(select(func.count()).select_from(kind)) or 0
        for kind in left_behind_tables()
    }
    return {kind: count for kind, count in counts.items() if count}


class _Lazy:
    """A file that is made with its first row."""

    def __init__(self, folder: Path, file: File) -> None:
        self.path, self.file, self.count = folder / f"{file.name}.csv", file, 0
        self.out: TextIO | None = None

    def write(self, row: Iterable[Any]) -> None:
        if self.out is None:
            self.out = self.path.open("w", encoding="utf-8", newline="")
            self.writer = csv.writer(self.out, lineterminator="\n")
            self.writer.writerow(self.file.header)
        self.writer.writerow([text_of(value) for value in row])
        self.count += 1

    def close(self) -> dict[str, int]:
        """The number of rows by the name of the file; nothing where there was none."""
        if self.out is None:
            return {}
        self.out.close()
        return {self.file.name: self.count}


def _beside(rows: Iterable[Said], writer: Writer, out: _Lazy) -> Iterator[dict[str, Any]]:
    """The rows of a file on their way into it; what they say beyond it goes to the companion."""
    for said, row in rows:
        more = writer.row(row, said)
        if more is not None:
            out.write(more)
        yield said


def _write(path: Path, header: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([text_of(row[column]) for column in header])
            count += 1
    return count


def _plain(row: Any, name: str) -> dict[str, Any]:
    return {column: getattr(row, column, None) for column in FILES[name].header}


def _components(session: Session) -> Iterator[Said]:
    """Parents before their children."""
    rows = list(session.scalars(select(Component).options(selectinload(Component.parent))))
    written: set[str | None] = {None}
    waiting = sorted(rows, key=lambda row: (row.sort_order, row.code))
    while waiting:
        ready = (r for r in waiting if (r.parent.code if r.parent else None) in written)
        row = next(ready, waiting[0])
        waiting.remove(row)
        written.add(row.code)
        parent = row.parent.code if row.parent else None
        yield _plain(row, "components") | {"parent_code": parent}, row


def _investors(session: Session) -> Iterator[Said]:
    order = (Investor.sort_order, Investor.valid_from, Investor.id)
    for row in session.scalars(select(Investor).order_by(*order)):
        yield _plain(row, "investors"), row


def _projects(session: Session, bearers: Bearers) -> Iterator[Said]:
    rows = session.scalars(
        select(Project)
        .options(joinedload(Project.component), joinedload(Project.investor))
        .order_by(Project.code)
    )
    for row in rows:
        meant = bearers.in_days(row.investor.code, row.start_on, row.end_on)
        names = {
            "component_code": row.component.code,
            "investor_code": named(row.investor, meant),
        }
        yield _plain(row, "projects") | names, row


def _decisions(session: Session) -> Iterator[Said]:
    rows = session.scalars(
        select(Decision).order_by(Decision.issued_on, Decision.number, Decision.id)
    )
    for row in rows:
        yield _plain(row, "decisions"), row


def _lines(session: Session) -> Iterator[Said]:
    """The plan each project began with, project by project; then the changes, day by day."""

    def order(line: AllocationLine) -> tuple[Any, ...]:
        held = line.allocation
        key = (
            held.project.code,
            held.budget_year,
            order_of_capital(held),
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
        said = {
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
        yield said, line


def _periods(session: Session) -> Iterator[Said]:
    for row in session.scalars(select(Period).order_by(Period.data_to, Period.code)):
        yield _plain(row, "periods"), row


def _submissions(session: Session, bearers: Bearers) -> Iterator[Said]:
    rows = session.scalars(
        select(Submission)
        .join(Period, Period.id == Submission.period_id)
        .join(Investor, Investor.id == Submission.investor_id)
        .options(joinedload(Submission.period), joinedload(Submission.investor))
        .order_by(Period.data_to, Period.code, Investor.code, Investor.valid_from, Investor.id)
    )
    for row in rows:
        period = row.period
        meant = bearers.in_days(row.investor.code, period.data_from, period.data_to)
        names = {"investor_code": named(row.investor, meant), "period": period.code}
        yield _plain(row, "submissions") | names, row


def _entries(session: Session) -> Iterator[Said]:
    rows = session.execute(
        select(ProgressEntry, Project.code, Period.code)
        .join(ProgressEntry.project)
        .join(ProgressEntry.submission)
        .join(Period, Period.id == Submission.period_id)
        .order_by(Project.code, Period.data_to, Period.code)
    )
    for row, project, period in rows:
        yield _plain(row, "entries") | {"project_code": project, "period": period}, row


def _disbursements(session: Session) -> Iterator[Said]:
    rows = session.execute(
        select(Disbursement, Allocation, Project.code, Period)
        .join(Disbursement.allocation)
        .join(Allocation.project)
        .join(Disbursement.entry)
        .join(ProgressEntry.submission)
        .join(Period, Period.id == Submission.period_id)
    ).all()

    def order(row: Any) -> tuple[Any, ...]:
        _money, held, project, period = row
        return (project, period.data_to, period.code, order_of_capital(held))

    for money, held, project, period in sorted(rows, key=order):
        said = amounts_of(money) | {
            "project_code": project,
            "period": period.code,
            "budget_year": held.budget_year,
            "vintage": held.vintage,
            "source": held.source,
            "nature": held.nature,
        }
        yield said, money


def _users(session: Session, bearers: Bearers) -> Iterator[Said]:
    for row in session.scalars(
        select(User).options(selectinload(User.investors)).order_by(User.id)
    ):
        units = sorted(row.investors, key=lambda unit: (unit.sort_order, unit.code))
        codes = ";".join(named(unit, bearers.newest(unit.code)) for unit in units)
        yield _plain(row, "users") | {"investor_codes": codes}, row
