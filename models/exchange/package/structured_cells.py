"""Columns of JSON: what an act made, what was explained, what a change of a list kept."""

import json
from typing import Any

from sqlalchemy import Column as TableColumn

from models.base import RuleBroken, _n
from models.exchange.package.faults import Fault
from models.exchange.package.finder import Finder
from models.exchange.package.names import Namer, mapped
from models.exchange.package.schema import Column, Line
from models.exchange.package.special_cells import subject_key, subject_name
from models.exchange.package.table_cell import Cell


class Steps(Cell):
    """What an act of reorganisation made and changed, with names instead of keys."""

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name,)
        self.columns = (Column(column.name, _json),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        steps: dict[str, Any] = dict(getattr(row, self.attrs[0]) or {})
        if "created" in steps:
            steps["created"] = [self._left(namer, *one) for one in steps["created"]]
        if "touched" in steps:
            steps["touched"] = [
                [*named, -abs(before), left]
                for kind, key, before, after in steps["touched"]
                for *named, left in [self._left(namer, kind, key, after)]
            ]
        if "changed" in steps:
            steps["changed"] = [
                [kind, self._name(namer, kind, key), *rest] for kind, key, *rest in steps["changed"]
            ]
        return (json.dumps(steps, ensure_ascii=False),)

    def _left(self, namer: Namer, kind: str, key: list[Any], version: int) -> list[Any]:
        """A loaded row begins at version 1: what was changed since stays recognisable by a
        number that is none.
        """
        model = mapped(kind)
        name = self._name(namer, kind, key)
        same = model is not None and name is not None and namer.version(model, key) == version
        return [kind, name, 1 if same else -abs(version)]

    def _name(self, namer: Namer, kind: str, key: list[Any]) -> list[str] | None:
        model = mapped(kind)
        return None if model is None else namer.of(model, key)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        """Empty at first: the rows that it names are loaded after it (`keys`)."""
        return {self.attrs[0]: {}}

    def keys(self, finder: Finder, line: Line) -> dict[str, Any]:
        """The steps with the keys that the rows have here. Raises Fault or Unsure."""
        steps: dict[str, Any] = json.loads(line[self.attrs[0]])
        for part in ("created", "changed", "touched"):
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
        except (TypeError, ValueError, IndexError, AttributeError, RuleBroken):
            raise Fault(at, _n("The list of what was made and changed cannot be read.")) from None


class Explained(Cell):
    """What was explained when a report was sent: rule, subject by name, and words."""

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name,)
        self.columns = (Column(column.name, _explanations, required=False),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        said = [
            {**one, "subject": subject_name(namer, one["subject"])}
            for one in getattr(row, self.attrs[0]) or ()
        ]
        return (json.dumps(said, ensure_ascii=False) if said else "",)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        at = self.attrs[0]
        said = json.loads(line[at] or "[]")
        return {at: [{**one, "subject": subject_key(finder, one["subject"], at)} for one in said]}


class Structure(Cell):
    """Names with plain values, as they are."""

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs, self.empty = (column.name,), None if column.nullable else "{}"
        self.columns = (Column(column.name, _plain_values, required=False),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        value = getattr(row, self.attrs[0])
        return (json.dumps(value, ensure_ascii=False) if value else "",)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        text = line[self.attrs[0]] or self.empty
        return {self.attrs[0]: None if text is None else json.loads(text)}


class Names(Cell):
    """Names in an order that says something."""

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name,)
        self.columns = (Column(column.name, _names),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        return (json.dumps(getattr(row, self.attrs[0]), ensure_ascii=False),)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        return {self.attrs[0]: json.loads(line[self.attrs[0]])}


def _json(text: str) -> str:
    value = _loaded(text)
    if not isinstance(value, dict):
        raise RuleBroken(_n("The list of what was made and changed cannot be read."))
    return json.dumps(value, ensure_ascii=False)


def _explanations(text: str) -> str:
    value = _loaded(text)
    keys = {"rule", "subject", "text"}
    if not isinstance(value, list) or not all(
        isinstance(one, dict) and one.keys() == keys and _all(one.values(), str) for one in value
    ):
        raise RuleBroken(_n("The explanations of this sending cannot be read."))
    return json.dumps(value, ensure_ascii=False)


def _plain_values(text: str) -> str:
    value = _loaded(text)
    if not isinstance(value, dict) or not _all(value.values(), (str, int, type(None))):
        raise RuleBroken(_n("The names and values of this cell cannot be read."))
    return json.dumps(value, ensure_ascii=False)


def _names(text: str) -> str:
    value = _loaded(text)
    if not isinstance(value, list) or not _all(value, str):
        raise RuleBroken(_n("The names of this cell cannot be read."))
    return json.dumps(value, ensure_ascii=False)


def _all(values: Any, kinds: Any) -> bool:
    return all(isinstance(one, kinds) for one in values)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
