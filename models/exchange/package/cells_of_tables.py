"""Columns of the package that are read off a table: its values, and its references by name."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from sqlalchemy import Column as TableColumn
from sqlalchemy import ForeignKeyConstraint, LargeBinary, Table

from models.base import RuleBroken, _n, new_id
from models.capital import Nature, Source
from models.catalogue import OrgEvent
from models.exchange.package.cells import day, number_of_decision, one_of, period_code, short, whole
from models.exchange.package.finder import Finder
from models.exchange.package.loading import Fault
from models.exchange.package.names import Namer, mapped
from models.exchange.package.schema import Column, Line, code, year
from models.exchange.package.values import LONGEST, is_text, reader_of, text_of

LARGEST_FILE = 20_000_000
number = whole(1, 10**9)


class Cell:
    """One or more columns of a file that belong together, and what they say of a row."""

    columns: tuple[Column, ...] = ()
    attrs: tuple[str, ...] = ()
    is_compared = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        """The values of the cells."""
        raise NotImplementedError

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        """The attributes of the row. Raises Fault or Unsure."""
        raise NotImplementedError


class Plain(Cell):
    """A value as it is."""

    def __init__(self, column: TableColumn[Any], read: Callable[[str], Any]) -> None:
        self.attrs = (column.name,)
        self.empty = "" if is_text(column) and not column.nullable else None
        needed = not column.nullable and not is_text(column)
        self.columns = (Column(column.name, read, required=needed),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        return (getattr(row, self.attrs[0]),)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        value = line[self.attrs[0]]
        return {self.attrs[0]: self.empty if value is None else value}


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
_STEMS = {"progress_entry": "entry", "user_account": "user", "org_event": "event"}


class Reference(Cell):
    """A row of another table, by its natural key; it gives the owner too, where both have one."""

    def __init__(
        self, target: str, key: str, *, owner: str | None = None, nullable: bool = False
    ) -> None:
        self.target, self.key, self.owner, self.nullable = TARGETS[target], key, owner, nullable
        base, stem = key.removesuffix("_id"), _STEMS.get(target, target)
        prefix = base[: -len(stem)] if base.endswith(stem) else f"{base}_"
        self.attrs = (key,) if owner is None else (owner, key)
        self.columns = tuple(
            Column(prefix + name, read, required=not nullable) for name, read in self.target.columns
        )

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        key = getattr(row, self.key)
        return ("",) * len(self.columns) if key is None else self.target.name(namer, key)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        typed = tuple(line[name] for name in self.names)
        if typed[0] is None:
            return {self.key: None}
        owner, key = self.target.find(finder, typed, self.names[0])
        return {self.key: key} if self.owner is None else {self.owner: owner, self.key: key}


class Subject(Cell):
    """`allocation:<id>`, `project:<id>`, `decision:<id>` with a name in place of the id."""

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name,)
        self.columns = (Column(column.name, short(LONGEST)),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        text = str(getattr(row, self.attrs[0]))
        kind, _colon, key = text.partition(":")
        names: dict[str, Any] = {
            "allocation": namer.allocations,
            "project": namer.projects,
            "decision": namer.decisions,
        }
        if kind not in names or not key.isdigit() or int(key) not in names[kind]:
            return (text,)
        name = (text_of(part).replace("|", " ") for part in names[kind][int(key)])
        return (f"{kind}:{'|'.join(name)}",)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        at = self.attrs[0]
        kind, _colon, name = str(line[at]).partition(":")
        parts = name.split("|")
        key: Any = None
        if kind == "allocation" and len(parts) == 5:
            project, budget_year, vintage, source, nature = parts
            if budget_year.isdigit() and vintage.isdigit():
                years = int(budget_year), int(vintage)
                key = finder.allocation(project, *years, source, nature, at).id
        elif kind == "project" and not (name.isdigit() and name not in finder.loading.projects):
            key = finder.project(name, at).id
        elif kind == "decision" and len(parts) == 3:
            key = finder.decision(parts[0], day(parts[1]), parts[2], at)
        return {at: line[at] if key is None else f"{kind}:{key}"}


class Thread(Cell):
    """Contributions to one thread share a number; the first one gives the thread its id."""

    is_compared = False

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name, "id")
        self.columns = (Column("thread", number),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        return (namer.threads[getattr(row, self.attrs[0])],)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        known = finder.threads.get(line["thread"])
        fresh = new_id()
        finder.threads.setdefault(line["thread"], fresh)
        return {self.attrs[0]: known or fresh, "id": fresh}


class Units(Cell):
    """The units of a user, where a code alone would mean another one."""

    attrs = ("investors",)
    columns = (Column("investors", short(LONGEST), required=False),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        if all(namer.newest[unit.code] == unit.id for unit in row.investors):
            return ("",)
        return (";".join(sorted(namer.investors[unit.id][0] for unit in row.investors)),)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        typed = line["investors"]
        if typed is None:
            return {}
        units = [finder.investor(part.strip(), "investors") for part in typed.split(";")]
        return {} if finder.loading.problems else {"investors": units}


class FileBeside(Cell):
    """Content that is no text lies in a file of its own beside the table; the cell names it."""

    is_compared = False

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name,)
        self.columns = (Column(column.name, short(200), required=False),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        content = getattr(row, self.attrs[0])
        if not content:
            return ("",)
        ending = PurePath(getattr(row, "file_name", "") or "").suffix or ".bin"
        if not ending[1:].isalnum():
            ending = ".bin"
        name = f"{row.__tablename__}-{namer.numbers(type(row))[row.id]}{ending}"
        if namer.folder is not None:
            (namer.folder / name).write_bytes(content)
        return (name,)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        name, folder = line[self.attrs[0]], finder.loading.package.folder
        if name is None:
            return {self.attrs[0]: b""}
        path = folder / name if folder is not None else None
        if path is None or PurePath(name).name != name or name.startswith(".") or "\\" in name:
            raise Fault(self.attrs[0], _n("“%(typed)s” is no file of this folder."), typed=name)
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise Fault(
                self.attrs[0],
                _n("The file %(file)s is missing beside the table, or too large."),
                file=name,
            )
        return {self.attrs[0]: path.read_bytes()}


class Steps(Cell):
    """What an act of reorganisation made and changed, with names instead of keys."""

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name,)
        self.columns = (Column(column.name, _json),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        steps: dict[str, Any] = dict(getattr(row, self.attrs[0]) or {})
        if "created" in steps:
            steps["created"] = [self._made(namer, *one) for one in steps["created"]]
        if "changed" in steps:
            steps["changed"] = [
                [kind, self._name(namer, kind, key), *rest] for kind, key, *rest in steps["changed"]
            ]
        return (json.dumps(steps, ensure_ascii=False),)

    def _made(self, namer: Namer, kind: str, key: list[Any], version: int) -> list[Any]:
        """A loaded row begins at version 1: what was changed since stays recognisable by 0."""
        model = mapped(kind)
        name = self._name(namer, kind, key)
        same = model is not None and name is not None and namer.version(model, key) == version
        return [kind, name, 1 if same else 0]

    def _name(self, namer: Namer, kind: str, key: list[Any]) -> list[str] | None:
        model = mapped(kind)
        return None if model is None else namer.of(model, key)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        """Empty at first: the rows that it names are loaded after it (`keys`)."""
        return {self.attrs[0]: {}}

    def keys(self, finder: Finder, line: Line) -> dict[str, Any]:
        """The steps with the keys that the rows have here. Raises Fault or Unsure."""
        steps: dict[str, Any] = json.loads(line[self.attrs[0]])
        for part in ("created", "changed"):
            if part in steps:
                steps[part] = [self._key(finder, one) for one in steps[part]]
        return steps

    def _key(self, finder: Finder, step: Any) -> list[Any]:
        at = self.attrs[0]
        try:
            kind, name, *rest = step
            model = mapped(kind)
            if model is None:
                raise ValueError
            return [kind, [0] if name is None else finder.key(model, name, at), *rest]
        except (TypeError, ValueError, IndexError, AttributeError):
            raise Fault(at, _n("The list of what was made and changed cannot be read.")) from None


def _json(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise RuleBroken(_n("The list of what was made and changed cannot be read."))
    return json.dumps(value, ensure_ascii=False)


def cells_of(table: Table, *, without: frozenset[str]) -> list[Cell] | None:
    """The cells of a table, in the order of its columns; None where one cannot be carried.

    `without` names columns that are left out or stand elsewhere.
    """
    references = _references(table)
    if references is None:
        return None
    covered = {attr for cell in references.values() for attr in cell.attrs}
    found: list[Cell] = []
    for column in table.columns:
        name = column.name
        if name in references and not set(references[name].attrs) & without:
            found.append(references[name])
        if name in without or name in covered:
            continue
        cell = _plain(column)
        if cell is None:
            return None
        found.append(cell)
    return found


def _plain(column: TableColumn[Any]) -> Cell | None:
    if column.name == "subject":
        return Subject(column)
    if column.name == "thread_id":
        return Thread(column)
    if column.name == "user_id":
        return Reference("user_account", "user_id", nullable=True)
    if (column.table.name, column.name) == ("org_event", "details"):
        return Steps(column)
    if isinstance(column.type, LargeBinary):
        return FileBeside(column)
    read = reader_of(column)
    if read is None or column.name.endswith("_id"):
        return None
    return Plain(column, read)


def _references(table: Table) -> dict[str, Reference] | None:
    """By the column that holds the key; None where a table is referred to that has no names."""
    found: dict[str, Reference] = {}
    owners: set[str] = set()
    for constraint in _foreign_keys(table):
        target = constraint.referred_table.name
        pairs = {one.column.name: one.parent for one in constraint.elements}
        if target not in TARGETS:
            return None
        key = pairs["id"]
        owner = pairs.get("investor_id")
        is_needed = not key.nullable
        if owner is not None and is_needed:
            owners.add(owner.name)
        reference = Reference(
            target,
            key.name,
            owner=owner.name if owner is not None and is_needed else None,
            nullable=not is_needed,
        )
        found[key.name] = reference
    for name in owners & set(found):  # the owner of the row that is named is the owner of this
        del found[name]
    return found


def _foreign_keys(table: Table) -> list[ForeignKeyConstraint]:
    return sorted(
        table.foreign_key_constraints, key=lambda one: [column.name for column in one.columns]
    )
