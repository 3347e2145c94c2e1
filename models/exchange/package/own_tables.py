"""Tables with a file of their own: written by name, read by name, compared before anything new."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n
from models.calendar import SETTINGS, ExpectedReport, Holiday, Period, deadline_settings, seed_days
from models.capital import Allocation, AllocationLine
from models.duty import expected_pairs, lasting_exemptions
from models.exchange.package.capital import Ledger
from models.exchange.package.cells_of_tables import Steps, Thread
from models.exchange.package.checks import check_together
from models.exchange.package.details import different, not_together
from models.exchange.package.finder import Finder
from models.exchange.package.loading import Fault, Loading, Unsure
from models.exchange.package.names import Namer
from models.exchange.package.schema import Line
from models.exchange.package.tables import CAPITAL, EXPECTED, FIRST, Carried, carried
from models.exchange.package.values import text_of
from models.returns import EventKind, Submission, SubmissionEvent

BY_LOADING = frozenset({"data load", "demo"})
Row = tuple[Any, ...]

# ---------------------------------------------------------------------------------------- dump


def rows_of(one: Carried, namer: Namer) -> Iterator[Row]:
    """The lines of one table, without those that say only what holds anyhow."""
    stored = _stored(one, namer.session)
    written = [(row, _cells(one, namer, row)) for row in stored]
    if "id" not in one.model.__table__.c or (one.key and one.is_unique):
        at = [one.file.header.index(name) for name in one.key]
        written.sort(key=lambda pair: tuple(_sortable(pair[1][place]) for place in at))
    for _row, cells in written:
        yield cells
    if one.name == EXPECTED:
        for code in _nobody(namer.session):
            yield tuple(code if name == "period" else "" for name in one.file.header)


def _sortable(value: Any) -> tuple[int, str]:
    return (value, "") if isinstance(value, int) else (0, text_of(value))


def _cells(one: Carried, namer: Namer, row: Any) -> Row:
    values = [value for cell in one.cells for value in cell.write(namer, row)]
    if one.is_numbered:
        values.insert(0, namer.numbers(one.model)[row.id])
    return tuple(values)


def _stored(one: Carried, session: Session) -> Iterable[Any]:
    if one.model is Allocation:
        return _capital(session)
    if one.model is SubmissionEvent:
        return _events(session)
    if one.model is ExpectedReport:
        return _expected(session)
    if one.model is Holiday:
        return _days_off(session)
    order = one.model.__table__.primary_key.columns
    if "id" in one.model.__table__.c:
        order = [one.model.__table__.c.id]
    return session.scalars(select(one.model).order_by(*order))


def _capital(session: Session) -> Iterable[Any]:
    """Allocations that no line speaks of, or that say more than their key."""
    more = [
        column.is_not(None)
        for column in Allocation.__table__.columns
        if column.nullable and column.name not in {"project_id"}
    ]
    has_line = select(AllocationLine.id).where(
        AllocationLine.investor_id == Allocation.investor_id,
        AllocationLine.allocation_id == Allocation.id,
    )
    statement = select(Allocation)
    condition = ~has_line.exists()
    for one in more:
        condition = condition | one
    return session.scalars(statement.where(condition).order_by(Allocation.id))


def _events(session: Session) -> Iterator[Any]:
    """What happened to a submission, unless it is only what the loading of its moments wrote."""
    events: dict[int, list[SubmissionEvent]] = defaultdict(list)
    for event in session.scalars(select(SubmissionEvent).order_by(SubmissionEvent.id)):
        events[event.submission_id].append(event)
    usual = {}
    for key, first, last in session.execute(
        select(Submission.id, Submission.first_submitted_at, Submission.last_submitted_at)
    ):
        usual[key] = sorted({at for at in (first, last) if at is not None})
    kept = [
        event
        for key, found in events.items()
        if [one.at for one in found] != usual.get(key) or not all(map(_by_loading, found))
        for event in found
    ]
    yield from sorted(kept, key=lambda event: event.id)


def _by_loading(event: SubmissionEvent) -> bool:
    return (
        event.kind is EventKind.SENT
        and event.user_id is None
        and event.reason is None
        and event.user_name in BY_LOADING
    )


def _expected(session: Session) -> Iterator[Any]:
    """The list of every period that is not the one its opening would make again."""
    for period, rows in _lists(session):
        if not is_usual_list(session, period, rows):
            yield from rows


def _lists(session: Session) -> Iterator[tuple[Period, list[ExpectedReport]]]:
    found: dict[int, list[ExpectedReport]] = defaultdict(list)
    for row in session.scalars(select(ExpectedReport)):
        found[row.period_id].append(row)
    for period in session.scalars(select(Period).order_by(Period.data_to, Period.code)):
        yield period, found[period.id]


def is_usual_list(session: Session, period: Period, rows: list[ExpectedReport]) -> bool:
    """Whether opening the period now would expect the same units, with the same exemptions."""
    connection = session.connection()
    pairs = expected_pairs(connection, [period.id])
    exempt = lasting_exemptions(connection, pairs)
    usual = {pair[0]: exempt.get(pair, {}) for pair in pairs}
    said = {
        row.investor_id: {
            column.name: value
            for column in ExpectedReport.__table__.columns
            if column.name not in {"investor_id", "period_id"}
            and (value := getattr(row, column.name)) is not None
        }
        for row in rows
    }
    return usual == said


def _nobody(session: Session) -> list[str]:
    """Periods in which nobody is expected, although opening them would find somebody."""
    return [
        period.code
        for period, rows in _lists(session)
        if not rows and not is_usual_list(session, period, rows)
    ]


def _days_off(session: Session) -> list[Any]:
    """All days of each year that differs from what the library of holidays knows of it."""
    years: dict[int, list[Holiday]] = defaultdict(list)
    for row in session.scalars(select(Holiday).order_by(Holiday.day)):
        years[row.day.year].append(row)
    edited = []
    for year, rows in sorted(years.items()):
        usual = [(one.day, one.kind, one.name, one.source_note) for one in seed_days(year)]
        if [(row.day, row.kind, row.name, row.source_note) for row in rows] != usual:
            edited += rows
    return edited


# ------------------------------------------------------------------------------------- loading


class OwnTables:
    """Loads the files of the tables, each when what it refers to is there."""

    def __init__(self, finder: Finder) -> None:
        self.finder, self.loading = finder, finder.loading
        self.namer = Namer(self.loading.session)
        self.steps: list[tuple[Any, Line, Steps]] = []

    def first(self) -> None:
        """What decides how periods are opened."""
        for name in FIRST:
            self._load(carried()[name])
        if self.loading.problems or not self.loading.package.lines("settings"):
            return
        try:
            deadline_settings(self.loading.session)
        except RuleBroken as refusal:
            line = self.loading.package.lines("settings")[-1]
            self.loading.refuse(line, Fault.of(refusal, "value"))

    def capital(self, ledger: Ledger) -> None:
        """Allocations that say more than their lines, or have none yet."""
        self.finder.ledger = ledger
        one = carried()[CAPITAL]

        def step(loading: Loading, line: Line) -> None:
            project = self.finder.project(line["project_code"], "project_code")
            if line["vintage"] > line["budget_year"]:
                raise Fault("vintage", _n("The year of the capital lies after the budget year."))
            row = ledger.allocation(line, project)
            values = {name: line[name] for name in one.file.header if name not in one.file.key}
            if row.id not in ledger.made:
                for name, value in values.items():
                    if getattr(row, name) != value:
                        raise different(name, text_of(getattr(row, name)), text_of(value))
                loading.loaded.known[one.name] += 1
                return
            for name, value in values.items():
                setattr(row, name, value)
            loading.loaded.added[one.name] += 1

        self.loading.each(one.name, step)

    def expected(self) -> None:
        """A list in the package stands in place of the one that opening the period made."""
        one = carried()[EXPECTED]
        lines = self.loading.package.lines(one.name)
        if not self.loading.problems:
            for code in {line["period"] for line in lines} & self.loading.opened_codes:
                period = self.loading.periods[code].row
                if period is not None:
                    period.expected.clear()
            self.loading.flush()
        self.loading.package.files[one.name] = [
            line for line in lines if line["investor_code"] is not None
        ]
        self._load(one)

    def others(self) -> None:
        """Everything else, referred-to tables first; then what acts of reorganisation did."""
        for one in carried().values():
            if one.name not in {*FIRST, CAPITAL, EXPECTED}:
                self._load(one)
        for row, line, cell in self.steps:
            if self.loading.problems:
                break
            try:
                row.details = cell.keys(self.finder, line)
            except Fault as fault:
                self.loading.refuse(line, fault)
            except Unsure:
                self.loading.package.spoil(line)
        self.loading.flush()

    # ------------------------------------------------------------------------------ one table

    def _load(self, one: Carried) -> None:
        if not self.loading.package.lines(one.name):
            return
        known = _Known(one, self.namer, self.loading.session)
        self.loading.each(one.name, lambda _loading, line: self._line(one, line, known))

    def _line(self, one: Carried, line: Line, known: "_Known") -> None:
        stored = known.take(line)
        if stored is not None:
            self.loading.loaded.known[one.name] += 1
            self._remember(one, line, stored)
            return
        known.refuse_other(line)
        _check_setting(one, line)
        values: dict[str, Any] = {}
        for cell in one.cells:
            values |= cell.read(self.finder, line)
        columns = check_together(one.model.__table__, {**line.values, **values})
        if columns:
            raise not_together(columns)
        row = self.loading.add(line, one.model(**values))
        if one.is_numbered and not self.loading.problems:
            try:
                self.loading.flush()
            except DatabaseError:
                raise Fault("", _n("The database refuses this row.")) from None
        self._remember(one, line, row)
        for cell in one.cells:
            if isinstance(cell, Steps):
                self.steps.append((row, line, cell))

    def _remember(self, one: Carried, line: Line, row: Any) -> None:
        if one.is_numbered and line["no"] is not None:
            self.finder.numbers.setdefault(one.name, {})[line["no"]] = row.id
        for cell in one.cells:
            if isinstance(cell, Thread):
                self.finder.threads.setdefault(line["thread"], row.thread_id)


class _Known:
    """Stored rows of a table as the package would write them, each to be matched once."""

    def __init__(self, one: Carried, namer: Namer, session: Session) -> None:
        self.one = one
        self.rows: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        self.keys: Counter[tuple[str, ...]] = Counter()
        self.by_key: dict[tuple[str, ...], dict[str, str]] = {}
        for row in session.scalars(select(one.model)):
            cells = {
                name: text_of(value)
                for cell in one.cells
                for name, value in zip(cell.names, cell.write(namer, row), strict=True)
            }
            self.rows[tuple(cells[name] for name in one.compared)].append(row)
            key = tuple(cells[name] for name in one.key)
            self.keys[key] += 1
            self.by_key[key] = cells

    def take(self, line: Line) -> Any:
        """The stored row that is equal to the line, if there is one left."""
        if not self.keys:
            return None
        found = self.rows.get(tuple(text_of(line[name]) for name in self.one.compared))
        if not found:
            return None
        self.keys[self._key(line)] -= 1
        return found.pop(0)

    def refuse_other(self, line: Line) -> None:
        """Raise Fault where the row is stored with other values."""
        key = self._key(line)
        if not self.one.key or self.keys[key] <= 0:
            return
        stored = self.by_key[key]
        for name in self.one.compared:
            if stored[name] != text_of(line[name]):
                raise different(name, stored[name], text_of(line[name]))

    def _key(self, line: Line) -> tuple[str, ...]:
        return tuple(text_of(line[name]) for name in self.one.key)


def _check_setting(one: Carried, line: Line) -> None:
    """A setting must be one that this version has, and be read."""
    if one.name != "settings":
        return
    if line["key"] not in SETTINGS:
        raise Fault("key", _n("There is no setting “%(key)s”."), key=line["key"])
    try:
        SETTINGS[line["key"]].read(line["value"] or "")
    except RuleBroken as refusal:
        raise Fault.of(refusal, "value") from None
