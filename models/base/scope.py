"""Row scope: which investors' rows a session may read and write.

One place below all views (design §3). A session without a scope sees nothing. Three guards:
criteria on every ORM statement, a judgement on every row that is loaded by other ways, and a
refusal at flush for every row, old or new, that lies outside.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import g, has_app_context, has_request_context
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Row, Select, event, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import InstanceState, ORMExecuteState, attributes, object_session
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from models.base.ahead import fetched_ahead, is_plain
from models.base.bounds import KEYED, InvestorScoped, bounds, scope_key
from models.base.standby import engine_in_force


class ScopeViolation(Exception):
    """A statement or a row reached outside the session's scope. Shown as 404, logged."""


@dataclass(frozen=True)
class Scope:
    """Investors whose rows may be read and written; None means the whole district."""

    read: frozenset[int] | None
    write: frozenset[int] | None

    @classmethod
    def of(cls, investor_ids: set[int] | frozenset[int]) -> "Scope":
        own = frozenset(investor_ids)
        return cls(read=own, write=own)


TRUSTED = "sees the whole district"  # mark of a connection
DISTRICT = Scope(None, None)
NOBODY = Scope(frozenset(), frozenset())


def scope_in_force() -> Scope:
    """What this request or command may read and write; before it entered a scope, nothing."""
    return g.get("scope", NOBODY) if has_app_context() else NOBODY


def is_posted() -> bool:
    """Whether a form is answered, or another page that may change something."""
    return has_request_context() and not g.get("only_reads", False)


class ScopedSession(FlaskSession):
    """The application's session; its scope is looked up late, so that it survives streaming."""

    @property
    def scope(self) -> Scope:
        return scope_in_force()

    @property
    def is_narrow(self) -> bool:
        return self.scope.read is not None

    def enter(self, scope: Scope) -> None:
        """Set the scope for the rest of this request or command."""
        g.scope = scope
        for row in list(self):  # rows read under a wider scope must not answer from memory
            if scope_key(type(row)) and row not in self.new:
                self.expunge(row)

    def get(self, entity: Any, ident: Any, *args: Any, **kwargs: Any) -> Any:
        """As SQLAlchemy's; a row of a unit is found by its id alone as well, among those in sight.
        Two with one id, were there such, are refused: neither is taken for the other.
        """
        if isinstance(ident, int) and len(inspect(entity).primary_key) == 2:
            # `db.session` names every option, those that nobody chose as well
            how = {"populate_existing": bool(kwargs.get("populate_existing"))}
            asked = select(entity).where(entity.id == ident).options(*kwargs.get("options") or ())
            if kwargs.get("with_for_update"):
                asked = asked.with_for_update()
            return self.scalars(asked, execution_options=how).one_or_none()
        found = super().get(entity, ident, *args, **kwargs)
        if found is not None:  # an answer from the identity map asked no query
            _judge(found)
        return found

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        """The ordinary database, or the standby, once this request was sent there to read."""
        return engine_in_force() or super().get_bind(*args, **kwargs)

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        if self.is_narrow:
            raise ScopeViolation("no raw connection in a narrow session")
        return super().connection(*args, **kwargs)

    def see_one_moment(self) -> None:
        """All questions of the transaction that begins with this see the same state, as those of
        a transaction of SQLite do anyway.
        """
        if self.get_bind().dialect.name == "postgresql":
            super().connection(execution_options={"isolation_level": "REPEATABLE READ"})

    def plain_rows(self, statement: Select[Any], *, at_once: int) -> Iterator[Sequence[Row[Any]]]:
        """Columns of a long list in blocks of `at_once` rows, from an open cursor: as they are
        stored, bounded like every other question, without the cost of looking for objects.
        """
        if self.is_narrow:
            statement = statement.options(*bounds(self.scope.read or frozenset()))
        connection = super().connection()
        is_apart = connection.dialect.name == "postgresql"
        asked = connection.execute(statement, execution_options={"yield_per": at_once})
        with closing(asked) as found:
            if is_apart and is_plain(statement, connection.dialect):
                yield from fetched_ahead(found, at_once)
            else:
                yield from found.partitions()

    @contextmanager
    def trusted(self, *, of: Collection[int | None] | None = None) -> Iterator[Connection]:
        """The connection of this transaction, with the whole district in sight: for the audit
        trail and for the duty to report, which follow from a change whoever made it.

        `of` are the owners of all that is asked for, none where no table of units is: where these
        are in sight anyway, nothing more comes in sight, and the database is told nothing.
        """
        connection = super().connection()
        before = connection.info.get(TRUSTED, False)
        read = self.scope.read
        is_seen = of is not None and (read is None or read.issuperset(of))
        connection.info[TRUSTED] = before or not is_seen
        try:
            yield connection
        finally:
            if not connection.invalidated:  # lost: what follows says so
                connection.info[TRUSTED] = before

    def _refuse_bulk(self, *_args: Any, **_kwargs: Any) -> Any:
        if self.is_narrow:
            raise ScopeViolation("no bulk writing in a narrow session")

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_bulk()
        super().bulk_save_objects(*args, **kwargs)

    def bulk_insert_mappings(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_bulk()
        super().bulk_insert_mappings(*args, **kwargs)

    def bulk_update_mappings(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_bulk()
        super().bulk_update_mappings(*args, **kwargs)


Model = TypeVar("Model")


def scoped_by(key: str) -> Callable[[type[Model]], type[Model]]:
    """Class decorator for a table outside `InvestorScoped` whose column `key` names the owner."""

    def mark(cls: type[Model]) -> type[Model]:
        cls.__scope_key__ = key  # type: ignore[attr-defined]
        KEYED.append(cls)
        for name in ("load", "refresh"):
            event.listen(cls, name, _judge)
        return cls

    return mark


def sees_a_part(session: Any) -> bool:
    """Whether rows of some units only are seen; a plain session sees the whole district."""
    return isinstance(session, ScopedSession) and session.is_narrow


@event.listens_for(ScopedSession, "do_orm_execute")
def _limit_reading(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, ScopedSession) or not session.is_narrow or state.is_column_load:
        return
    if not state.is_orm_statement or state.is_insert or state.is_update or state.is_from_statement:
        raise ScopeViolation("only ORM queries in a narrow session")
    ids = session.scope.read if state.is_select else session.scope.write
    state.statement = state.statement.options(*bounds(ids or frozenset()))


def _judge(row: Any, *_args: Any) -> None:
    session = object_session(row)
    key = scope_key(type(row))
    if key is None or not isinstance(session, ScopedSession) or not session.is_narrow:
        return
    value = inspect(row).dict.get(key)
    if value is not None and value not in (session.scope.read or ()):
        raise ScopeViolation(f"{type(row).__name__} of another investor")


for _name in ("load", "refresh"):
    event.listen(InvestorScoped, _name, _judge, propagate=True)


@event.listens_for(ScopedSession, "before_flush")
def _limit_writing(session: ScopedSession, _context: Any, _instances: Any) -> None:
    if not session.is_narrow:
        return
    allowed = session.scope.write or frozenset()
    for row in (*session.new, *session.dirty, *session.deleted):
        key = scope_key(type(row))
        if row in session.dirty and not session.is_modified(row):
            continue
        state = inspect(row)
        if key is not None:
            _check_owner(row, state, key, allowed)
        _check_targets(session, row, state, allowed)


def _check_owner(row: Any, state: InstanceState[Any], key: str, allowed: frozenset[int]) -> None:
    history = attributes.get_history(row, key)
    values = {
        *(history.added or ()),
        *(history.unchanged or ()),
        *(history.deleted or ()),
    } - {None}
    if not values:
        values = {
            target.investor_id
            for relation in state.mapper.relationships
            if relation.direction.name == "MANYTOONE"
            for target in (state.dict.get(relation.key),)
            if isinstance(target, InvestorScoped) and target.investor_id is not None
        }
    if not values or values - allowed:
        raise ScopeViolation(f"write to {type(row).__name__} outside the scope")


def _check_targets(
    session: ScopedSession, row: Any, state: InstanceState[Any], allowed: frozenset[int]
) -> None:
    """Whatever a row points to must be visible as well: keys of others are refused too."""
    for relation in state.mapper.relationships:
        target_class = relation.mapper.class_
        key = scope_key(target_class)
        if relation.direction.name != "MANYTOONE" or key is None:
            continue
        passive = PASSIVE_NO_INITIALIZE
        for target in attributes.get_history(row, relation.key, passive=passive).added or ():
            if target is not None and getattr(target, key) not in {None, *allowed}:
                raise ScopeViolation(f"{type(row).__name__}.{relation.key} outside the scope")
        local, remote = next(
            (pair for pair in relation.local_remote_pairs if pair[1].key == "id"),
            (None, None),
        )
        if local is None or remote is None:
            continue
        name = state.mapper.get_property_by_column(local).key
        for value in attributes.get_history(row, name, passive=passive).added or ():
            if value is None:
                continue
            with session.no_autoflush:
                seen = session.scalar(select(target_class.id).where(target_class.id == value))
            if seen is None and not any(
                isinstance(fresh, target_class) and fresh.id == value for fresh in session.new
            ):
                raise ScopeViolation(f"{type(row).__name__}.{name} outside the scope")
