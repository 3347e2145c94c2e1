"""References of a table: the natural key of the row that is meant, in place of its id."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from models.capital import Nature, Source
from models.catalogue import OrgEvent
from models.exchange.package.cells import day, number_of_decision, one_of, period_code, short
from models.exchange.package.finder import Finder
from models.exchange.package.names import Namer
from models.exchange.package.schema import Column, Line, code, year
from models.exchange.package.table_cell import Cell, number


@dataclass(frozen=True)
class Target:
    """How rows of one table are referred to: the columns, and both ways through them."""

    columns: tuple[tuple[str, Callable[[str], Any]], ...]
    name: Callable[[Namer, int], tuple[Any, ...]]
    find: Callable[[Finder, tuple[Any, ...], str], tuple[Any, Any]]  # (owner's id, id)


def _owned(row: Any) -> tuple[Any, Any]:
    return row.investor_id, row.id


def _in(found: tuple[Any, Any]) -> tuple[Any, Any]:
    """(owner, id) of a submission or entry that was found together with its owner."""
    owner, key = found
    return getattr(owner, "investor_id", owner.id), key


_CAPITAL = (
    ("project_code", code),
    ("budget_year", year),
    ("vintage", year),
    ("source", one_of(Source)),
    ("nature", one_of(Nature)),
)
TARGETS: dict[str, Target] = {
    "component": Target(
        (("component_code", short(60)),),
        lambda names, key: names.components[key],
        lambda find, typed, at: (None, find.component(typed[0], at)),
    ),
    "investor": Target(
        (("investor_code", short(60)),),
        lambda names, key: names.investors[key],
        lambda find, typed, at: (None, find.investor(typed[0], at).id),
    ),
    "project": Target(
        (("project_code", code),),
        lambda names, key: names.projects[key],
        lambda find, typed, at: _owned(find.project(typed[0], at)),
    ),
    "decision": Target(
        (
            ("decision_number", number_of_decision),
            ("decision_issued_on", day),
            ("decision_issuer", short(200)),
        ),
        lambda names, key: names.decisions[key],
        lambda find, typed, at: (None, find.decision(typed[0], typed[1], typed[2], at)),
    ),
    "period": Target(
        (("period", period_code),),
        lambda names, key: names.periods[key],
        lambda find, typed, at: (None, find.period(typed[0], at)),
    ),
    "submission": Target(
        (("investor_code", short(60)), ("period", period_code)),
        lambda names, key: names.submissions[key],
        lambda find, typed, at: _in(find.submission(typed[0], typed[1], at)),
    ),
    "progress_entry": Target(
        (("project_code", code), ("period", period_code)),
        lambda names, key: names.entries[key],
        lambda find, typed, at: _in(find.entry(typed[0], typed[1], at)),
    ),
    "allocation": Target(
        _CAPITAL,
        lambda names, key: names.allocations[key],
        lambda find, typed, at: _owned(
            find.allocation(typed[0], typed[1], typed[2], typed[3], typed[4], at)
        ),
    ),
    "sending": Target(
        (("investor_code", short(60)), ("period", period_code), ("number", number)),
        lambda names, key: names.sendings[key],
        lambda find, typed, at: _in(find.sending(typed[0], typed[1], typed[2], at)),
    ),
    "sent_entry": Target(
        (("project_code", code), ("period", period_code), ("number", number)),
        lambda names, key: names.sent_entries[key],
        lambda find, typed, at: _in(find.sent_entry(typed[0], typed[1], typed[2], at)),
    ),
    "treasury_statement": Target(
        (("day", day), ("budget_year", year)),
        lambda names, key: names.statements[key],
        lambda find, typed, at: (None, find.statement(typed[0], typed[1], at)),
    ),
    "user_account": Target(
        (("username", short(60)),),
        lambda names, key: names.users.get(key, ("",)),
        lambda find, typed, at: (None, find.user(typed[0], at)),
    ),
    "org_event": Target(
        (("event", number),),
        lambda names, key: (names.numbers(OrgEvent)[key],),
        lambda find, typed, at: (None, find.number("org_events", typed[0], at)),
    ),
}
_STEMS = {
    "progress_entry": "entry",
    "sent_entry": "entry",
    "user_account": "user",
    "org_event": "event",
    "treasury_statement": "statement",
}


class Reference(Cell):
    """A row of another table, by its natural key; it gives the owner too, where both have one.

    Columns that stand in the file already (`beside`) are read a second time and written once: the
    project of an amount is the project of its entry.
    """

    def __init__(
        self, target: str, key: str, *, owner: str | None = None, nullable: bool = False
    ) -> None:
        self.target, self.key, self.owner, self.nullable = TARGETS[target], key, owner, nullable
        base, stem = key.removesuffix("_id"), _STEMS.get(target, target)
        prefix = base[: -len(stem)] if base.endswith(stem) else f"{base}_"
        self.attrs = (key,) if owner is None else (owner, key)
        self.all_columns = self.columns = tuple(
            Column(prefix + name, read, required=not nullable) for name, read in self.target.columns
        )

    def beside(self, taken: Collection[str]) -> None:
        """Leave out the columns that other cells of the file have already."""
        self.columns = tuple(one for one in self.all_columns if one.name not in taken)

    @property
    def said(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.all_columns)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        key = getattr(row, self.key)
        if key is None:
            return ("",) * len(self.columns)
        name = self.target.name(namer, key)
        if self.columns is self.all_columns:
            return name
        own = set(self.names)
        return tuple(part for title, part in zip(self.said, name, strict=True) if title in own)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        typed = tuple(line[name] for name in self.said)
        if typed[0] is None:
            return {self.key: None}
        owner, key = self.target.find(finder, typed, self.said[0])
        return {self.key: key} if self.owner is None else {self.owner: owner, self.key: key}
