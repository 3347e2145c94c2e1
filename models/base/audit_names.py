"""What changed rows are called in the trail: the project, unit and period that they belong to.

Asked when the trail is written, in a few statements for all rows of a flush: an inspector looks
for “L01”, not for the number of a disbursement.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from models.base.among import among, batched
from models.base.bounds import InvestorScoped
from models.base.database import Base
from models.base.text import fold

# column that names a row of another table → that table
POINTERS = {
    "entry_id": "progress_entry",
    "allocation_id": "allocation",
    "submission_id": "submission",
    "project_id": "project",
    "investor_id": "investor",
    "period_id": "period",
    "decision_id": "decision",
}
# what is read of those tables to go on, and what names them
_NAMES = {
    "project": ("code",),
    "period": ("code",),
    "decision": ("number",),
    "investor": ("code", "short_name"),
}
_STEPS = {
    "progress_entry": ("project_id", "submission_id"),
    "submission": ("investor_id", "period_id"),
    "allocation": ("project_id", "source", "budget_year", "vintage"),
}
_ORDER = ("project", "investor", "period", "allocation", "decision")
_AT_ONCE = 500
_FEW = 40  # units among whose rows a known one is looked for


class RowNames:
    """The names of the rows of one flush."""

    def __init__(self, session: Any, connection: Connection, rows: Iterable[Any]) -> None:
        self.session, self.connection = session, connection
        self.kinds = {str(one.local_table.description): one.class_ for one in Base.registry.mappers}
        self.known: dict[tuple[str, Any], dict[str, Any]] = {}
        self.told: dict[tuple[tuple[str, Any], ...], tuple[str, str]] = {}
        for row in rows:
            table = row.__table__.name
            if table in _NAMES or table in _STEPS:
                self.known[table, row.id] = self._facts(table, row)
        self.units = {row.investor_id for row in rows if isinstance(row, InvestorScoped)}
        wanted = defaultdict(set)
        for row in rows:
            for table, key in _pointers(row):
                wanted[table].add(key)
        for table in ("progress_entry", "submission", "allocation", *_NAMES):
            self._fetch(table, wanted[table])
            for key in wanted[table]:
                for name, value in self.known.get((table, key), {}).items():
                    if name in POINTERS and value is not None:
                        wanted[POINTERS[name]].add(value)

    def of(self, row: Any) -> tuple[str, str]:
        """(what the row is shown as, what it is found by: folded)."""
        return self._named(tuple(_pointers(row)))

    def _named(self, pointers: tuple[tuple[str, Any], ...]) -> tuple[str, str]:
        if pointers in self.told:
            return self.told[pointers]
        found: dict[str, dict[str, Any]] = {}
        todo = list(pointers)
        while todo:
            table, key = todo.pop()
            facts = self.known.get((table, key))
            if facts is None or table in found:
                continue
            found[table] = facts
            todo += [
                (POINTERS[name], value)
                for name, value in facts.items()
                if name in POINTERS and value is not None
            ]
        shown, more = [], []
        for table in _ORDER:
            facts = found.get(table, {})
            if table == "investor" and facts:
                more.append(str(facts["code"]))
                if "project" not in found:
                    shown.append(str(facts["short_name"]))
                else:
                    more.append(str(facts["short_name"]))
            elif table == "allocation" and facts:
                shown.append(f"{facts['source']} {facts['budget_year']}/{facts['vintage']}")
            elif table in _NAMES and facts:
                shown.append(str(facts[_NAMES[table][0]]))
        folded = dict.fromkeys(map(folded_once, (*shown, *more)))
        self.told[pointers] = " · ".join(shown), " ".join(folded)
        return self.told[pointers]

    def _facts(self, table: str, row: Any) -> dict[str, Any]:
        return {name: getattr(row, name) for name in _read(table)}

    def _fetch(self, table: str, keys: set[Any]) -> None:
        model = self.kinds.get(table)
        if model is None:
            return
        missing, names = [], _read(table)
        is_owned = issubclass(model, InvestorScoped)
        units = self.units if len(self.units) <= _FEW else ()
        for key in keys:
            if (table, key) in self.known:
                continue
            whole = ((unit, key) for unit in units) if is_owned else ((key,),)
            rows = (self.session.identity_map.get((model, one, None)) for one in whole)
            there = next((row for row in rows if row is not None), None)
            held = there.__dict__ if there is not None else {}
            if held and all(name in held for name in names):
                self.known[table, key] = {name: held[name] for name in names}
            else:
                missing.append(key)
        source: Table = model.__table__
        columns = [source.c[name] for name in names]
        for some in batched(missing, _AT_ONCE):
            statement = select(source.c.id, *columns).where(among(source.c.id, some))
            if is_owned:
                statement = statement.where(among(source.c.investor_id, self.units))
            for key, *values in self.connection.execute(statement):
                self.known[table, key] = dict(zip(names, values, strict=True))


def _read(table: str) -> tuple[str, ...]:
    return (*_NAMES.get(table, ()), *_STEPS.get(table, ()))


@lru_cache(maxsize=20_000)
def folded_once(text: str) -> str:
    """`fold`, remembered: the same few names stand in many entries."""
    folded: str = fold(text)
    return folded


@cache
def _columns(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((c.name, POINTERS[c.name]) for c in table.columns if c.name in POINTERS)


def _pointers(row: Any) -> list[tuple[str, Any]]:
    """(table, key) of all that a row belongs to."""
    held = row.__dict__
    return [
        (table, value)
        for name, table in _columns(row.__table__)
        if (value := held[name] if name in held else getattr(row, name)) is not None
    ]
