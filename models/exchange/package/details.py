"""Companions: what a row of the ten files says beyond their columns, beside them.

The files keep their folded amounts, so that whoever reads them alone gets the right totals:
`completed` holds an upward correction, `returned` a downward one. The companion has the signed
correction with its reason, and loading takes it out of the amount again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from models.base import RuleBroken, _n, at_local
from models.calendar import (
    Period,
    PeriodCode,
    PeriodKind,
    PeriodStatus,
    day_names,
    days_off,
    deadline_settings,
    resolve,
)
from models.exchange.package.checks import check_together
from models.exchange.package.faults import Fault, Unsure, different
from models.exchange.package.finder import Finder
from models.exchange.package.loading import Loading
from models.exchange.package.names import Namer
from models.exchange.package.reporting import locked_from
from models.exchange.package.schema import Line, Package, Problem
from models.exchange.package.tables import Companion, companions
from models.exchange.package.values import text_of

START = datetime.min.time()


class Writer:
    """Rows of one companion: those that say more than what holds without it."""

    def __init__(self, main: str, namer: Namer) -> None:
        self.companion, self.namer = companions()[main], namer
        self.usual = UsualPeriods(namer.session) if main == "periods" else None
        self.defaults = defaults(self.companion)
        self.seen: dict[tuple[str, ...], int] = {}

    def row(self, row: Any, said: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The line for a row whose line in the main file is `said`; None where it adds nothing."""
        header = self.companion.file.key
        if self.companion.main == "allocations":
            key = tuple(text_of(said[name]) for name in header[:-1])
            self.seen[key] = self.seen.get(key, 0) + 1
            said = {**said, "nth": self.seen[key]}
        usual = self.defaults if self.usual is None else self.usual.of(row)
        values = [value for cell in self.companion.cells for value in cell.write(self.namer, row)]
        names = [name for cell in self.companion.cells for name in cell.names]
        if all(_same(value, usual.get(name)) for name, value in zip(names, values, strict=True)):
            return None
        return (*(said[name] for name in header), *values)


def _same(value: Any, usual: Any) -> bool:
    return value == usual or (value in (None, "") and usual in (None, ""))


def defaults(companion: Companion) -> dict[str, Any]:
    """What holds where the companion has no line: the defaults of the table's columns."""
    found = {}
    for column in companion.model.__table__.columns:
        default = column.default
        found[column.name] = default.arg if default is not None and default.is_scalar else None
    return found


class UsualPeriods:
    """What a period says without a line of its own: window and deadline of the settings.

    When it was opened and locked nobody knows then: from the first day of its window, and from
    the deadline or the last sending on.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def _rules(self) -> Any:
        session = self.session
        return deadline_settings(session), days_off(session), day_names(session)

    def of(self, row: Period) -> dict[str, Any]:
        """The usual values of a period, by column."""
        settings, off, names = self._rules
        code = PeriodCode.parse(row.code)
        data_from, data_to = code.window(settings.cutoff.value)
        resolved = resolve(code, settings, off, names)
        is_locked = row.status is PeriodStatus.LOCKED
        return {
            "kind": PeriodKind(code.kind),
            "budget_year": code.budget_year,
            "number": code.number,
            "data_from": data_from,
            "data_to": data_to,
            "deadline_at": resolved.deadline_at,
            "deadline_reason": resolved.reason,
            "opened_at": at_local(row.data_from, START),
            "lock_at": locked_from(self.session, row) if is_locked else None,
        }


# ------------------------------------------------------------------------------------ loading


def attach(package: Package) -> None:
    """Give each row of the ten files its line of the companion; a line without a row is a fault."""
    for main, companion in companions().items():
        lines = package.lines(companion.file.name)
        if not lines:
            continue
        key = companion.file.key
        mine = {tuple(line[name] for name in key): line for line in lines}
        for line, found in _keyed(package.lines(main), key):
            detail = mine.pop(found, None)
            if detail is not None:
                line.detail = detail
                if main == "disbursements":
                    _unfold(package, line, detail)
        for detail in mine.values():
            if main in package.unread or package.may_hold(main, str(detail[key[0]])):
                continue
            _fault(package, detail, key[0], _n("This row is not in %(file)s."), file=f"{main}.csv")


def _keyed(lines: Iterable[Line], key: tuple[str, ...]) -> Iterable[tuple[Line, tuple[Any, ...]]]:
    if key[-1] != "nth":
        for line in lines:
            yield line, tuple(line[name] for name in key)
        return
    seen: dict[tuple[Any, ...], int] = {}
    for line in lines:
        found = tuple(line[name] for name in key[:-1])
        seen[found] = seen.get(found, 0) + 1
        yield line, (*found, seen[found])


def _unfold(package: Package, line: Line, detail: Line) -> None:
    correction = detail.values.get("correction") or 0
    column = "completed" if correction > 0 else "returned"
    if line[column] < abs(correction):
        _fault(
            package,
            detail,
            "correction",
            _n("The correction is more than the amount of disbursements.csv that it is part of."),
        )
        return
    line.values[column] -= abs(correction)


def _fault(package: Package, line: Line, column: str, message: str, **values: Any) -> None:
    package.problems.append(Problem(line.file, line.number, column, RuleBroken(message, **values)))


class Details:
    """Puts the lines of companions into new rows, and compares them with stored ones."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder

    def fill(self, loading: Loading, line: Line, row: Any) -> None:
        """Give a new row what its companion says."""
        detail = line.detail
        if detail is None:
            return
        companion = companions()[line.name]
        for cell in companion.cells:
            try:
                for name, value in cell.read(self.finder, detail).items():
                    setattr(row, name, value)
            except Fault as fault:
                loading.refuse(detail, fault)
            except Unsure:
                loading.package.spoil(detail)
        columns = check_together(companion.model.__table__, {**line.values, **detail.values})
        if columns:
            loading.refuse(detail, not_together(columns))

    def compare(self, line: Line, stored: Any) -> None:
        """Raise Fault where a stored row says something else than the companion."""
        detail = line.detail
        if detail is None:
            return
        namer = Namer(self.finder.loading.session)
        for cell in companions()[line.name].cells:
            for name, value in zip(cell.names, cell.write(namer, stored), strict=True):
                old, new = text_of(value), text_of(detail[name])
                if old != new:
                    raise different(name, old, new)


def not_together(columns: tuple[str, ...]) -> Fault:
    """Values that a check of the table does not let stand side by side."""
    return Fault(
        columns[-1],
        _n("These cells do not go together, or are out of range: %(columns)s."),
        columns=", ".join(columns),
    )
