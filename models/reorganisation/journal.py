"""What one act made and changed, so that it can be taken back as long as nothing followed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import inspect, not_, select
from sqlalchemy.orm import Session

from models.base import Base, RuleBroken, _n, now, stored_value, typed_value
from models.calendar import Period, PeriodCode
from models.catalogue import Investor
from models.duty import is_open, leave_lists

# rows that follow the others by themselves (models/duty); only older acts name them
SETTLED = frozenset({"ExpectedReport"})


class Journal:
    """Adds rows and changes fields of a session, and writes down both."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.created: list[list[Any]] = []
        self.changed: list[list[Any]] = []

    def add(self, row: Any) -> Any:
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

    def put(self, row: Any, field: str, value: Any) -> None:
        """Change one field of a stored row."""
        old = getattr(row, field)
        if old == value:
            return
        setattr(row, field, value)
        self.session.flush()
        self.changed.append(
            [type(row).__name__, _key(row), field, stored_value(old), stored_value(value)]
        )

    def as_json(self) -> dict[str, Any]:
        return {"created": self.created, "changed": self.changed}


def check_unlocked(session: Session, day: date) -> None:
    """Refuse an act of that day, or to take it back, where a period that ends then or later is
    locked: who reports it, and who held its capital, is frozen.
    """
    locked = session.scalar(
        select(Period.code)
        .where(Period.data_to >= day, not_(is_open(now())))
        .order_by(Period.data_to)
        .limit(1)
    )
    if locked is not None:
        raise RuleBroken(
            _n("Period %(code)s ends after that day and is locked already. Reopen it first."),
            field="effective_on",
            code=PeriodCode.parse(locked),
        )


def take_back(session: Session, written: dict[str, Any]) -> None:
    """Undo what a journal wrote down. Raises RuleBroken when a row was changed since."""
    kinds = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    for name, key, version in written["created"]:
        if name in SETTLED:
            continue
        row = session.get(kinds[name], _as_key(key))
        if row is None or getattr(row, "version", version) != version:
            raise _followed()
    with session.no_autoflush:  # fields that go together are stored together
        for name, key, field, old, new in reversed(written["changed"]):
            row = session.get(kinds[name], _as_key(key))
            if name in SETTLED:
                if row is not None and stored_value(getattr(row, field)) == new:
                    setattr(row, field, _read(kinds[name], field, old))
                continue
            if row is None or stored_value(getattr(row, field)) != new:
                raise _followed()
            setattr(row, field, _read(kinds[name], field, old))
    session.flush()
    for name, key, _version in reversed(written["created"]):
        if name in SETTLED:
            continue
        _remove(session, session.get(kinds[name], _as_key(key)))
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
