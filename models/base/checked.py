"""Rules about rows, asked behind all doors: before a row is flushed, whoever changed it.

A model says what may not be in two ways. `Checked.check` judges one row by itself and asks the
database nothing. A function marked `asked_together` judges all new and changed rows of one class
in a flush at once, with what is stored beside them, so that many rows cost no more queries than
one. A function marked `asked_before_leaving` judges rows that are to be deleted.

Rules look at what changes (`changed`): a row that broke a rule before the rule was made can still
be put right, and a note on it be corrected. A screen, an action, the import or a command carries
no rule; it only gives the refusal its place.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, attributes
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from models.base.depending import depended_upon
from models.base.errors import RuleBroken, _n
from models.base.scope import ScopedSession

Row = TypeVar("Row")
Rule = Callable[["Around", list[Any]], Iterable[RuleBroken]]
TOGETHER: dict[type, list[Rule]] = defaultdict(list)
LEAVING: dict[type, list[Rule]] = defaultdict(list)


def check_days(first: date | None, last: date | None, *, field: str) -> None:
    """Refuse a last day before the first; an open end is fine."""
    if first is not None and last is not None and last < first:
        raise RuleBroken(
            _n("The last day (%(last)s) lies before the first (%(first)s)."),
            field=field,
            first=first,
            last=last,
        )


def check_vintage(budget_year: int | None, vintage: int | None) -> None:
    """Refuse capital of a year that lies after the budget year."""
    if vintage is not None and budget_year is not None and vintage > budget_year:
        raise RuleBroken(
            _n("The year of the capital (%(vintage)s) cannot lie after the budget year."),
            field="vintage",
            vintage=vintage,
        )


class Checked:
    """A row that can judge itself."""

    def check(self) -> None:
        """Raise RuleBroken, with its `field`, where the row contradicts itself. No query."""


def asked_together(kind: type) -> Callable[[Rule], Rule]:
    """Mark a rule for new and changed rows of `kind`, which yields a refusal `about` each row
    that breaks it."""
    return _kept_among(TOGETHER[kind])


def asked_before_leaving(kind: type) -> Callable[[Rule], Rule]:
    """Mark a rule for rows of `kind` that are to be deleted; it yields refusals likewise."""
    return _kept_among(LEAVING[kind])


def _kept_among(rules: list[Rule]) -> Callable[[Rule], Rule]:
    def keep(rule: Rule) -> Rule:
        rules.append(rule)
        return rule

    return keep


def changed(row: Any, *names: str) -> bool:
    """Whether the row is new, or one of these attributes is."""
    state = inspect(row)
    return not state.persistent or any(
        attributes.get_history(row, name, passive=PASSIVE_NO_INITIALIZE).has_changes()
        for name in names
    )


class Around:
    """What a rule may know of the other rows: stored ones as this flush is going to leave them.

    `holds`: the rows by which a rule decides are held until the transaction ends.
    """

    def __init__(self, session: Session, *, holds: bool = True) -> None:
        self.session, self.holds = session, holds
        self.leaving = set(session.deleted)
        self._pending: dict[type, list[Any]] = defaultdict(list)
        for row in session.new:
            self._pending[type(row)].append(row)
        for row in session.dirty:
            if session.is_modified(row) and row not in self.leaving:
                self._pending[type(row)].append(row)

    @property
    def kinds(self) -> list[type]:
        return list(self._pending)

    def pending(self, kind: type[Row]) -> list[Row]:
        """New and changed rows of a class."""
        return self._pending.get(kind, [])

    def unsettled(self, kind: type[Row]) -> list[Row]:
        """The pending rows of a class and those that leave: what is stored of them is over."""
        return [*self.pending(kind), *(row for row in self.leaving if isinstance(row, kind))]

    def rows(self, kind: type[Row], *where: Any) -> list[Row]:
        """Rows of a class that are stored where `where` says, and all pending ones; without
        those that leave. Their values are those of the session, so the caller compares again.
        """
        found: dict[Row, None] = dict.fromkeys(self.pending(kind))
        found.update(dict.fromkeys(self.session.scalars(select(kind).where(*where))))
        return [row for row in found if row not in self.leaving]

    def target(self, row: Any, relation: str) -> Any:
        """The row that a many-to-one relationship is going to point to, by object or by key."""
        history = attributes.get_history(row, relation, passive=PASSIVE_NO_INITIALIZE)
        if history.added:
            return history.added[0]
        mapper = inspect(row).mapper
        known = mapper.relationships[relation]
        local = next(one for one, other in known.local_remote_pairs if other.key == "id")
        name = mapper.get_property_by_column(local).key
        if history.unchanged and history.unchanged[0] is not None and not changed_key(row, name):
            return history.unchanged[0]
        key, kind = getattr(row, name), known.mapper.class_
        if key is None:
            return None
        fresh = next((one for one in self.pending(kind) if one.id == key), None)
        if fresh is not None:
            return fresh
        here = {
            there: getattr(row, mapper.get_property_by_column(one).key)
            for one, there in known.local_remote_pairs
        }
        whole = tuple(here.get(column) for column in known.mapper.primary_key)
        return self.session.get(kind, key if None in whole else whole)


def changed_key(row: Any, name: str) -> bool:
    """Whether a foreign key of a stored row was set by its number."""
    return inspect(row).persistent and changed(row, name)


def refusals(session: Session, *, holds: bool = True) -> list[RuleBroken]:
    """All that the rules have against the present flush; at most one refusal for each row."""
    around = Around(session, holds=holds)
    found: dict[Any, RuleBroken] = {}
    for kind in around.kinds:
        rows: list[Any] = around.pending(kind)
        if issubclass(kind, Checked):
            for row in rows:
                try:
                    row.check()
                except RuleBroken as broken:
                    found[row] = broken.about(row)
        for rule in TOGETHER.get(kind, ()):
            sound = [row for row in rows if row not in found]
            for refusal in rule(around, sound) if sound else ():
                found.setdefault(refusal.row, refusal)
    found.update(_against_leaving(around))
    return list(found.values())


@contextmanager
def tried(session: Session, *rows: Any) -> Iterator[Callable[[], list[RuleBroken]]]:
    """Rows as if they were to be stored, to ask what the rules have against them; then they are
    forgotten. Nothing is flushed or held. New rows are given; stored ones are changed inside.
    """
    with session.no_autoflush:
        session.add_all(rows)
        try:
            yield lambda: refusals(session, holds=False)
        finally:
            for row in list(session.new):
                session.expunge(row)
            for row in list(session.dirty):
                session.expire(row)


def refusals_of_removal(session: Session, row: Any) -> list[RuleBroken]:
    """Why the rules would not let this row be deleted."""
    around = Around(session)
    around.leaving = {row}
    return list(_against_leaving(around).values())


def _against_leaving(around: Around) -> dict[Any, RuleBroken]:
    by_kind: dict[type, list[Any]] = defaultdict(list)
    for row in around.leaving:
        by_kind[type(row)].append(row)
    found: dict[Any, RuleBroken] = {}
    for kind, rows in by_kind.items():
        for refusal in depended_upon(around.session, rows, around.leaving):
            found[refusal.row] = refusal
        for rule in LEAVING.get(kind, ()):
            found |= {refusal.row: refusal for refusal in rule(around, rows)}
    return found


def ask(session: Session, _context: Any = None, _instances: Any = None) -> None:
    """Raise the first refusal of a flush; its `also` are all of them."""
    found = refusals(session)
    if found:
        found[0].also = tuple(found)
        raise found[0]


def watch(session: Session | type[Session]) -> None:
    """Let a session, or every session of a class, ask the rules before it flushes."""
    event.listen(session, "before_flush", ask)


watch(ScopedSession)
