"""A PostgreSQL database out into a file and back, by `pg_dump`, `pg_restore` and `psql`.

Going back is one transaction: all tables are taken for itself, what is there goes, what was kept
comes, rows and sums are counted; a fault anywhere leaves the database as it was. So neither the
schema that is there (older, newer, half, none) nor people who read stand in the way of the result.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, text

from models.base import Distribution, RuleBroken, _n, grants, need_owner

PATIENCE = 30.0  # seconds that a restore waits for others to let go
# shorter than the second after which PostgreSQL ends one of two who stand in each other's way:
# it is the restore that gives way and tries again, never a reader
_LOCK_WAIT = "700ms"
_PAUSE = 0.3
_WHOLE = "every row and sum is there"
# sums of money that must come back, beside the count of all rows
TOTALS = (
    ("allocation_line", "amount"),
    ("disbursement", "advance"),
    ("disbursement", "completed"),
    ("disbursement", "recovered"),
    ("disbursement", "returned"),
)
SEALS = "audit_seal"
TRAIL_END = "SELECT number || '-' || hash FROM audit_seal ORDER BY number DESC LIMIT 1"
_TAKE_ALL = """
SET LOCAL lock_timeout = '{wait}';
DO $$ DECLARE one record; BEGIN
FOR one IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' ORDER BY tablename LOOP
  EXECUTE 'LOCK TABLE ' || one.name || ' IN ACCESS EXCLUSIVE MODE';
END LOOP;
FOR one IN SELECT format('%I.%I', schemaname, viewname) AS name FROM pg_views
    WHERE schemaname = 'public' LOOP
  EXECUTE 'DROP VIEW IF EXISTS ' || one.name || ' CASCADE';
END LOOP;
FOR one IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' LOOP
  EXECUTE 'DROP TABLE IF EXISTS ' || one.name || ' CASCADE';
END LOOP;
FOR one IN SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences
    WHERE schemaname = 'public' LOOP
  EXECUTE 'DROP SEQUENCE IF EXISTS ' || one.name || ' CASCADE';
END LOOP;
FOR one IN SELECT p.oid::regprocedure::text AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS
      (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
  EXECUTE 'DROP ROUTINE IF EXISTS ' || one.name || ' CASCADE';
END LOOP;
END $$;
"""
# nobody else sees this, and it is taken back in any case
_ASIDE = "ALTER SCHEMA public RENAME TO set_aside_for_a_trial; CREATE SCHEMA public;\n"


class Told(NamedTuple):
    """What a database says of itself: its schema, the rows of every table, the sums of money by
    table.column, and the end of its audit trail.
    """

    revision: str
    rows: dict[str, int]
    totals: dict[str, int]
    trail_end: str


def has_tables(engine: Engine) -> bool:
    """Whether anything is in the database at all."""
    with engine.connect() as connection:
        found = connection.scalar(
            text("SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public')")
        )
    return bool(found)


def dump(engine: Engine, target: Path) -> Told:
    """Write the database to `target`; what it said of itself at that very moment."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        need_owner(connection)
        Distribution.need_none(connection)  # each server would be seen at another moment
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        ).all()
        revision = (
            connection.scalar(text("SELECT version_num FROM public.alembic_version"))
            if "alembic_version" in names
            else None
        )
        rows = {  # the names come from the database itself
            name: int(connection.scalar(text(f'SELECT count(*) FROM public."{name}"')) or 0)  # nosec B608
            for name in names
        }
        totals = _totals(connection, rows)
        end = connection.scalar(text(TRAIL_END)) if SEALS in rows else None
        _run(
            engine,
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--lock-wait-timeout=60s",
            f"--snapshot={snapshot}",
            f"--file={target}",
            f"--dbname={_address(engine)}",
        )
    return Told(str(revision or ""), rows, totals, str(end or ""))


def _totals(connection: Connection, rows: Mapping[str, int]) -> dict[str, int]:
    return {
        f"{table}.{column}": int(connection.scalar(text(_sum(table, column))) or 0)
        for table, column in TOTALS
        if table in rows
    }


def _sum(table: str, column: str) -> str:
    return f"SELECT COALESCE(SUM({column}), 0) FROM public.{table}"  # nosec B608 # ours


def load(
    engine: Engine,
    kept: Path,
    *,
    rows: Mapping[str, int],
    totals: Mapping[str, int],
    role: str = "",
) -> None:
    """Put the database kept in `kept` in the place of what is there, whatever that is, and let
    the `role` of the application work in it, where it is another than the owner.

    Raises RuleBroken where others do not let go of it, or something of it does not come back.
    """
    with engine.connect() as connection:
        need_owner(connection)
        Distribution.need_none(connection)
    give_up = time.monotonic() + PATIENCE
    script, end = _script(engine, kept), _count(rows, totals) + (grants(role) if role else "")
    while True:
        told = _psql(engine, kept.parent, _TAKE_ALL.format(wait=_LOCK_WAIT), script, end)
        if told is None:
            return
        if not ("55P03" in told or "40P01" in told):
            raise RuleBroken(_n("%(program)s failed: %(why)s"), program="psql", why=told[:600])
        if time.monotonic() > give_up:
            raise RuleBroken(_n("The database is in use. Stop the server and try again."))
        time.sleep(_PAUSE)


def try_out(
    engine: Engine, kept: Path, *, rows: Mapping[str, int], totals: Mapping[str, int]
) -> None:
    """Restore `kept` beside the database, count everything, and take it back again.

    Raises RuleBroken where not everything comes back.
    """
    end = _count(rows, totals) + f"DO $$ BEGIN RAISE EXCEPTION '{_WHOLE}'; END $$;\n"
    told = _psql(engine, kept.parent, _ASIDE, _script(engine, kept), end)
    if told is None or _WHOLE not in told:
        raise RuleBroken(_n("%(program)s failed: %(why)s"), program="psql", why=(told or "")[:600])


def _script(engine: Engine, kept: Path) -> Path:
    script = kept.with_name("restore.sql")
    _run(engine, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(kept))
    return script


def _count(rows: Mapping[str, int], totals: Mapping[str, int]) -> str:
    """Statements that fail where a row or a đồng is missing."""
    # the names come from the database itself
    asked = [(f'SELECT count(*) FROM public."{name}"', name, n) for name, n in rows.items()]  # nosec B608
    asked += [(_sum(*name.split(".")), name, n) for name, n in totals.items()]
    return "".join(
        f"DO $$ BEGIN IF ({ask}) <> {number} THEN RAISE EXCEPTION '{name}: not {number}'; "
        "END IF; END $$;\n"
        for ask, name, number in asked
    )


def _psql(engine: Engine, folder: Path, begin: str, script: Path, end: str) -> str | None:
    """Run the three in one transaction: None, or what went wrong, with the code of the error."""
    first, last = folder / "begin.sql", folder / "end.sql"
    first.write_text(begin, encoding="utf-8")
    last.write_text("SET search_path = public;\n" + end, encoding="utf-8")
    files = [f"--file={one}" for one in (first, script, last)]
    done = _start(
        engine,
        "psql",
        *("--no-psqlrc", "--quiet", "--single-transaction", "--output=/dev/null"),
        *("--set=ON_ERROR_STOP=1", "--set=VERBOSITY=verbose"),
        f"--dbname={_address(engine)}",
        *files,
    )
    return done.stderr.strip() or "?" if done.returncode else None


def _address(engine: Engine) -> str:
    """The database's address without its password, which goes by the environment."""
    url = engine.url.set(drivername="postgresql")._replace(password=None)
    return url.render_as_string(hide_password=False).replace("+", "%20")  # libpq knows no +


def _run(engine: Engine, program: str, *arguments: str) -> None:
    done = _start(engine, program, *arguments)
    if done.returncode:
        raise RuleBroken(
            _n("%(program)s failed: %(why)s"), program=program, why=done.stderr.strip()[:600]
        )


def _start(engine: Engine, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    path = shutil.which(program)
    if path is None:
        raise RuleBroken(
            _n("%(program)s is not installed. Install the PostgreSQL client and try again."),
            program=program,
        )
    password = engine.url.password
    secret = {"PGPASSWORD": str(password)} if password else {}
    return subprocess.run(  # noqa: S603  # nosec B603 # a fixed program, our own arguments
        [path, *arguments],
        env=os.environ | secret,
        capture_output=True,
        text=True,
        check=False,
    )
