"""Tables with a file of their own: read by name, compared before anything new."""

from typing import Any

from sqlalchemy.exc import DatabaseError

from models.base import Owned, RuleBroken, _n, new_id
from models.calendar import SETTINGS, deadline_settings
from models.duty import excuse_lasting
from models.exchange.package.capital import Ledger
from models.exchange.package.checks import check_together
from models.exchange.package.details import not_together
from models.exchange.package.faults import Fault, Unsure, different
from models.exchange.package.finder import Finder
from models.exchange.package.known_rows import KnownRows
from models.exchange.package.loading import Loading
from models.exchange.package.names import Namer
from models.exchange.package.schema import Line
from models.exchange.package.special_cells import Thread
from models.exchange.package.structured_cells import Steps
from models.exchange.package.tables import CAPITAL, EXPECTED, FIRST, Carried, carried
from models.exchange.package.values import text_of


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
        self.loading.listed_codes = {line["period"] for line in lines}
        if not self.loading.problems:
            for code in self.loading.listed_codes & self.loading.opened_codes:
                period = self.loading.periods[code].row
                if period is not None:
                    period.expected.clear()
            self.loading.flush()
        self.loading.package.files[one.name] = [
            line for line in lines if line["investor_code"] is not None
        ]
        self._load(one)
        if lines and not self.loading.problems:
            # opened before these lists came, the others know no exemption that reaches them
            rest = [one for one in self.loading.opened if one.code not in self.loading.listed_codes]
            excuse_lasting(self.loading.session, rest)

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
        known = KnownRows(one, self.namer, self.loading.session)
        self.loading.each(one.name, lambda _loading, line: self._line(one, line, known))

    def _line(self, one: Carried, line: Line, known: KnownRows) -> None:
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
        if issubclass(one.model, Owned):  # what refers to it is read before it is written
            values.setdefault("id", new_id())
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
        self.finder.remember(row)
        for cell in one.cells:
            if isinstance(cell, Thread):
                self.finder.threads.setdefault(line["thread"], row.thread_id)


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
