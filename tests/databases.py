"""The application on SQLite and on PostgreSQL, emptied before each test; its client and runner.

What is dear to make is kept as it was finished, and a copy of it given to whoever asks for it.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from config import Config
from models import Base, db
from tests.postgres import Server, application_role

IN_MEMORY = Path("/dev/shm")
KEY = "a key for tests only, never used anywhere else"


class Client(FlaskClient):
    """A browser of few words: knows its CSRF token and says what came back when it fails.

    The test's own session is committed around each request: what was arranged is there, and
    what is looked at afterwards is not an old snapshot.
    """

    arranged: Session | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.arranged is not None:
            self.arranged.commit()
        reply = super().open(*args, **kwargs)
        if self.arranged is not None:
            self.arranged.commit()
        return reply

    def token(self) -> str:
        with self.session_transaction() as cookie:
            cookie.setdefault("csrf_token", "raw-token-of-the-test")
            raw = cookie["csrf_token"]
        serializer = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token")
        return str(serializer.dumps(raw))

    def post_form(self, url: str, data: Any = None, **kwargs: Any) -> TestResponse:
        """POST a form with its token."""
        pairs = list(data.items()) if isinstance(data, dict) else list(data or ())
        form: dict[str, Any] = {"csrf_token": self.token()}
        for name, value in pairs:
            if name in form and name != "csrf_token":
                known = form[name]
                form[name] = [*known, value] if isinstance(known, list) else [known, value]
            else:
                form[name] = value
        return self.post(url, data=form, **kwargs)

    def soup(self, url: str, status: int = 200) -> BeautifulSoup:
        """The page at `url`, parsed, after its status was checked."""
        reply = self.get(url)
        assert reply.status_code == status, f"{url}: {reply.status}\n{reply.text[:2000]}"
        return BeautifulSoup(reply.text, "lxml")


class Runner(FlaskCliRunner):
    """Commands as deploy/huulung runs them: those that need the owner of the tables get it."""

    def invoke(self, cli: Any = None, args: Any = None, **kwargs: Any) -> Result:
        owner = self.app.extensions.get("owner_app", self.app)
        if args and owner is not self.app and needs_owner(args):
            return FlaskCliRunner(owner).invoke(cli, args, **kwargs)
        return super().invoke(cli, args, **kwargs)


def needs_owner(args: Sequence[str]) -> bool:
    return args[0] in {"db", "backup", "restore"} or list(args[:2]) == ["users", "anonymise"]


# every table that has a row
_USED = " UNION ALL ".join(
    f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM {table.name})"
    for table in Base.metadata.sorted_tables
)


def used_tables(engine: Engine) -> list[str]:
    """The names of the tables that have a row, those referred to first."""
    with engine.begin() as connection:
        return list(connection.exec_driver_sql(_USED).scalars())


def _made(url: str, **more: str) -> Flask:
    app = create_app(Config(secret_key=KEY, database_url=url, environment="testing", **more))
    app.test_client_class, app.test_cli_runner_class = Client, Runner
    return app


def _migrated(url: str, **more: str) -> Flask:
    app = _made(url, **more)
    with app.app_context():
        upgrade()
    return app


class SqliteApp:
    """The application on a file that is replaced by an empty one before each test."""

    def __init__(self, folder: Path) -> None:
        self.file, self.empty = folder / "test.sqlite3", folder / "empty.sqlite3"
        self.app = _migrated(f"sqlite:///{self.file}")
        with self.app.app_context():
            self.owner = db.engine
            db.engine.dispose()  # closing the last connection empties the write-ahead log
        shutil.copy(self.file, self.empty)
        self.kept: dict[str, Path] = {}

    def empty_tables(self) -> None:
        self._replace(self.empty)

    def _replace(self, by: Path) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copy(by, self.file)

    def keep(self, name: str) -> None:
        """Keep what is committed now under a name; `bring` brings a copy of it."""
        kept = self.kept[name] = self.file.with_name(f"kept-{len(self.kept)}.sqlite3")
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(kept)) as copy:
            source.backup(copy)

    def bring(self, name: str) -> bool:
        """Whether there is something of that name: it is the database now."""
        if name not in self.kept:
            return False
        pool: Any = self.owner.pool
        assert not pool.checkedout(), "somebody still reads in the file that is replaced"
        self._replace(self.kept[name])
        return True


class PostgresApp:
    """The application on a throw-away server whose tables are emptied before each test.

    It works as a role that owns nothing (docs/operations.md, *Two roles*), so that every test asks
    whether row-level security stands in the way of what is allowed. The tests' own sessions, and
    `owner_app`, are the owner's.
    """

    def __init__(self, server: Server) -> None:
        self.programs = server.programs
        served, role = application_role(server.url)
        self.owner_app = _migrated(server.url, database_role=role)
        self.app = _made(served) if role else self.owner_app
        self.app.extensions["owner_app"] = self.owner_app
        with self.owner_app.app_context():
            self.owner = db.engine
        with self.owner.begin() as connection:
            self.is_master = connection.exec_driver_sql(
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            ).scalar()
            self.sequences = dict(
                connection.exec_driver_sql(
                    "SELECT r.relname, s.relname FROM pg_depend d "
                    "JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' "
                    "JOIN pg_class r ON r.oid = d.refobjid AND d.deptype IN ('a', 'i')"
                ).all()
            )
        self.kept: dict[str, dict[str, tuple[bytes, int, bool]]] = {}

    def empty_tables(self) -> None:
        """Row by row: of a few rows that is ten times as fast as TRUNCATE, which makes files.

        Only a superuser may do so past triggers and keys; on a server of somebody else it is
        TRUNCATE.
        """
        used = used_tables(self.owner)
        with self.owner.begin() as connection:
            if used and not self.is_master:
                connection.exec_driver_sql(f"TRUNCATE {', '.join(used)} RESTART IDENTITY CASCADE")
            elif used:
                steps = [_PAST_TRIGGERS]
                steps += [f"DELETE FROM {name}" for name in used]
                steps += [self._set(name, 1, False) for name in used if name in self.sequences]
                connection.exec_driver_sql("; ".join(steps))

    def _set(self, name: str, value: int, is_called: bool) -> str:
        return f"SELECT setval('{self.sequences[name]}', {value}, {is_called})"

    def keep(self, name: str) -> None:
        """Keep what is committed now under a name; `bring` brings a copy of it. On a server of
        somebody else nothing is kept: rows could not be brought past triggers.
        """
        if not self.is_master:
            return
        used = used_tables(self.owner)
        with self.owner.begin() as connection:
            self.kept[name] = {one: self._rows(connection, one) for one in used}

    def _rows(self, connection: Connection, name: str) -> tuple[bytes, int, bool]:
        with _cursor(connection).copy(f"COPY {name} TO STDOUT") as rows:
            content = b"".join(bytes(block) for block in rows)
        if name not in self.sequences:
            return content, 0, False
        asked = f"SELECT last_value, is_called FROM {self.sequences[name]}"
        last, is_called = connection.exec_driver_sql(asked).one()
        return content, last, is_called

    def bring(self, name: str) -> bool:
        """Whether there is something of that name: its rows are in the empty tables now."""
        if name not in self.kept:
            return False
        with self.owner.begin() as connection:
            connection.exec_driver_sql(_PAST_TRIGGERS)
            steps = []
            for table, (content, last, is_called) in self.kept[name].items():
                with _cursor(connection).copy(f"COPY {table} FROM STDIN") as rows:
                    rows.write(content)
                if table in self.sequences:
                    steps.append(self._set(table, last, is_called))
            if steps:
                connection.exec_driver_sql("; ".join(steps))
        return True


_PAST_TRIGGERS = "SET LOCAL session_replication_role = replica"  # no triggers, no keys


def _cursor(connection: Connection) -> Any:
    """psycopg's own, which can copy."""
    driver: Any = connection.connection.driver_connection
    return driver.cursor()


@contextmanager
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, where there is one: a commit waits for no disk there."""
    if os.access(IN_MEMORY, os.W_OK):
        with TemporaryDirectory(prefix="sqlite-", dir=IN_MEMORY) as name:
            yield Path(name)
    else:
        yield tmp_path_factory.mktemp("sqlite")
