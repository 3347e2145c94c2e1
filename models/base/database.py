"""The declarative base, the database handle and the column types shared by all tables."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from flask import g, has_app_context, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    event,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session
from sqlalchemy.types import TypeDecorator

from models.base.answering import connected
from models.base.locking import begin_sqlite
from models.base.scope import ScopedSession
from models.base.standby import READ
from models.base.waiting import limit_waiting

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Database(SQLAlchemy):
    """The extension, which hands out our sessions."""

    session: scoped_session[ScopedSession]  # type: ignore[assignment]

    @property
    def standby(self) -> Engine | None:
        """Where lists, reports and exports may be read from, if that is another server."""
        return self.engines.get(READ)


db = Database(
    model_class=Base,
    disable_autonaming=True,
    session_options={"class_": ScopedSession},
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, always aware in Python (SQLite keeps no zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Percent(TypeDecorator[Decimal]):
    """A percentage with two decimals, kept as whole hundredths: SQLite has no exact decimals."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * 100).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


class UnitOrOffice(TypeDecorator[int]):
    """Whose a row is: a unit, or nobody's but the office's. That is None in Python and 0 in the
    database, for a part of a key is never null. Asked for by `== 0`, never by `== None`.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int:
        return value or 0

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:
        return value or None


def choice(kind: type[StrEnum], name: str) -> Enum:
    """A column that holds one member of `kind`, stored by its code and checked by name."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=30,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


class Surrogate:
    """Key of a table that belongs to the whole district."""

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    )


class Versioned:
    """A row whose changes are counted, so that a stale save is refused."""

    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": version}


event.listen(Engine, "do_connect", connected)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(raw: Any, _record: Any) -> None:
    if not type(raw).__module__.startswith("sqlite3"):
        return
    raw.isolation_level = None  # the driver's own BEGIN would break savepoints
    cursor = raw.cursor()
    _keep_private(cursor.execute("PRAGMA database_list").fetchone()[2])
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _keep_private(file: str) -> None:
    """Owner only, whatever the umask was; SQLite gives its -wal and -shm the same mode."""
    for name in (file, f"{file}-wal", f"{file}-shm") if file else ():
        path = Path(name)
        with suppress(FileNotFoundError, PermissionError):
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """With its limits; on SQLite with its lock: see `begin_sqlite`."""
    limit_waiting(connection)
    if connection.dialect.name == "sqlite":
        writes = has_app_context() and not g.get("only_reads", False)
        begin_sqlite(connection, writes=writes, is_page=has_request_context())


@contextmanager
def reading_only(session: ScopedSession) -> Iterator[None]:
    """Read for as long as it takes while others write; nothing may be changed in here.

    What was done before is committed, so that no lock is held; the transaction in between takes
    none on SQLite, even where a form was posted or a command writes, and is given up at the end.
    """
    session.commit()
    held = g.get("only_reads", False) if has_app_context() else False
    if has_app_context():
        g.only_reads = True
    try:
        yield
    finally:
        session.rollback()
        if has_app_context():
            g.only_reads = held


def constraint_name(error: Exception) -> str | None:
    """Name of the constraint that refused a statement, where the database tells it."""
    diag = getattr(getattr(error, "orig", None), "diag", None)
    if diag is not None:
        return str(diag.constraint_name) if diag.constraint_name else None
    found = re.search(r"CHECK constraint failed: (\w+)", str(getattr(error, "orig", "")))
    return found.group(1) if found else None
