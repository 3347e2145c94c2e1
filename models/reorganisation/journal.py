"""What one act made and changed, so that it can be taken back as long as nothing followed."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from models.base import Base, RuleBroken, _n, stored_value, typed_value
from models.catalogue import Investor
from models.duty import leave_lists

Row = TypeVar("Row", bound=Base)

# rows that follow the others by themselves (models/duty); only older acts name them
SETTLED = frozenset({"ExpectedReport"})


class Journal:
    """Adds rows and changes fields of a session, and writes down both."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.created: list[list[Any]] = []
        self.changed: list[list[Any]] = []
        self._touched: dict[tuple[str, ...], tuple[Any, int]] = {}

    def add(self, row: Row) -> Row:
        """Store a new row."""
        self.add_all([row])
        return row

    def add_all(self, rows: Sequence[Any]) -> None:
        """Store new rows that stand or fall together."""
        self.session.add_all(rows)
        self.session.flush()
        self.created.extend(
            [type(row).__name__, _key(row), getattr(row, "version", 1)] for row in rows
        )

    def has_made(self, row: Any) -> bool:
        """Whether this act stored the row."""
        return any(made[:2] == [type(row).__name__, _key(row)] for made in self.created)

    def touch(self, row: Any) -> None:
        """Note the version of a row before this act changes it: an earlier act may have made it."""
        version = getattr(row, "version", None)
        if version is not None and not self.has_made(row):
            self._touched.setdefault((type(row).__name__, *map(str, _key(row))), (row, version))

    def put(self, row: Any, field: str, value: Any) -> None:
        """Change one field of a stored row."""
        old = getattr(row, field)
        if old == value:
            return
        self.touch(row)
        setattr(row, field, value)
        self.session.flush()
        self.changed.append(
            [type(row).__name__, _key(row), field, stored_value(old), stored_value(value)]
        )

    def as_json(self) -> dict[str, Any]:
        touched = [
            [type(row).__name__, _key(row), version, row.version]
            for row, version in self._touched.values()
        ]
        return {"created": self.created, "changed": self.changed, "touched": touched}


def take_back(
    session: Session, written: dict[str, Any], earlier: Iterable[dict[str, Any]] = ()
) -> None:
    """Undo what a journal wrote down. Raises RuleBroken when a row was changed since.

    What only this act had changed is for the `earlier` ones, whose journals are put right here,
    as they left it.
    """
    kinds = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    alone = [
        (row, name, key, before)
        for name, key, before, after in written.get("touched", ())
        if (row := session.get(kinds[name], _as_key(key))) is not None and row.version == after
    ]
    for name, key, version in written["created"]:
        if name in SETTLED:
            continue
        row = session.get(kinds[name], _as_key(key))
        if row is None or getattr(row, "version", version) != version:
            raise _followed()
    # units come last: what they had before, a code or days, may be another's until that is gone
    units = [one for one in written["changed"] if one[0] == Investor.__name__]
    _change_back(session, kinds, [one for one in written["changed"] if one not in units])
    for name, key, _version in reversed(written["created"]):
        if name not in SETTLED:
            _remove(session, session.get(kinds[name], _as_key(key)))
    _change_back(session, kinds, units)
    now_at = {(name, *map(str, key), before): row.version for row, name, key, before in alone}
    for journal in earlier if now_at else ():
        for entry in (*journal["created"], *journal.get("touched", ())):
            name, key, *_before, left_at = entry
            entry[-1] = now_at.get((name, *map(str, key), left_at), left_at)


def _change_back(session: Session, kinds: dict[str, Any], changed: list[list[Any]]) -> None:
    with session.no_autoflush:  # fields that go together are stored together
        for name, key, field, old, new in reversed(changed):
            row = session.get(kinds[name], _as_key(key))
            if name in SETTLED:
                if row is not None and stored_value(getattr(row, field)) == new:
                    setattr(row, field, _read(kinds[name], field, old))
                continue
            if row is None or stored_value(getattr(row, field)) != new:
                raise _followed()
            setattr(row, field, _read(kinds[name], field, old))
    session.flush()


def _remove(session: Session, row: Any) -> None:
    if isinstance(row, Investor):
        leave_lists(session, row.id)
    session.delete(row)
    session.flush()


def _followed() -> RuleBroken:
    return RuleBroken(
        _n("Records that this act made or changed were changed since, so it cannot be taken back.")
    )


def _key(row: Any) -> list[Any]:
    return list(inspect(row).mapper.primary_key_from_instance(row))


def _as_key(key: list[Any]) -> Any:
    return key[0] if len(key) == 1 else tuple(key)


def _read(kind: Any, field: str, value: Any) -> Any:
    return typed_value(inspect(kind).columns[field], value)
