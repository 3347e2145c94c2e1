"""Backups: one file with the database and a manifest that proves it whole, and the way back.

SQLite is copied with its own online copy, PostgreSQL with the programs of the server's version or
newer (see postgres_copy). Each backup is restored once, to a place of its own, before it counts
as one: every row and every sum of money has to be there. A file that is cut off, altered, of
another kind of database or of a schema this program does not know is refused before anything is
touched.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from models.base import RuleBroken, _n
from models.exchange import postgres_copy
from models.exchange.sealing import Key, is_sealed, seal, unseal

FORMAT = 1
PATIENCE = 30.0  # seconds that a restore waits for other writers
_DONE = 101  # SQLITE_DONE
_DATABASE, _MANIFEST = "database", "manifest.json"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, RuntimeError)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself; `rows` counts the rows of every table."""

    format: int
    engine: str
    made_at: str
    revision: str
    sha256: str
    rows: dict[str, int]
    totals: dict[str, int] = field(default_factory=dict)  # sums of money by table.column
    trail_end: str = ""  # number and hash of the last seal of the audit trail, if there is one


def write_backup(
    engine: Engine, file: Path, *, at: datetime, key: Key | None = None, tried: bool = True
) -> Manifest:
    """Write the whole database to `file`, readable by its owner only; other work goes on.

    It is restored once to see that all of it comes back (`tried`), sealed where a key is given,
    and on the disk when this returns. Raises RuleBroken when the file exists, the database is
    damaged or a program is missing.
    """
    if file.exists():
        raise RuleBroken(_n("%(file)s exists already; name another file."), file=str(file))
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".backup-") as folder:
        copy = Path(folder) / _DATABASE
        if engine.dialect.name == "sqlite":
            _copy_sqlite(_sqlite_file(engine), copy)
            found = _look_into_sqlite(copy)
        else:
            found = postgres_copy.dump(engine, copy)
        manifest = Manifest(
            format=FORMAT,
            engine=engine.dialect.name,
            made_at=at.isoformat(timespec="seconds"),
            sha256=sha256_of(copy),
            **found._asdict(),
        )
        whole = Path(folder) / "whole.zip"
        whole.touch(mode=0o600)
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, _DATABASE)
            archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=2))
        if tried:
            _try_out(engine, whole, manifest)
        if key is not None:
            whole = seal(whole, key)
        _settle(whole)
        whole.rename(file)
    _settle(file.absolute().parent)
    return manifest


def _try_out(engine: Engine, whole: Path, manifest: Manifest) -> None:
    """Restore the file to a place of its own."""
    with opened_backup(whole, engine=engine, known_revisions={manifest.revision}) as (_, database):
        if engine.dialect.name != "sqlite":  # a file of SQLite was opened and counted just now
            postgres_copy.try_out(engine, database, rows=manifest.rows, totals=manifest.totals)


def _settle(path: Path) -> None:
    """On the disk, whatever happens to the machine next."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def opened_backup(
    file: Path, *, engine: Engine, known_revisions: Collection[str], key: Key | None = None
) -> Iterator[tuple[Manifest, Path]]:
    """The manifest and the database inside `file`, proved whole; a RuleBroken says what is not."""
    if not file.exists():
        raise RuleBroken(_n("There is no file %(file)s."), file=str(file))
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        database = Path(folder) / _DATABASE
        packed_file = unseal(file, Path(folder), key) if is_sealed(file) else file
        try:
            with zipfile.ZipFile(packed_file) as archive:
                manifest = Manifest(**json.loads(archive.read(_MANIFEST)))
                with archive.open(_DATABASE) as packed, database.open("wb") as out:
                    shutil.copyfileobj(packed, out)
        except _BROKEN:
            raise RuleBroken(
                _n("%(file)s is no whole backup: it is cut off or was altered."), file=str(file)
            ) from None
        if manifest.format != FORMAT or manifest.revision not in known_revisions:
            raise RuleBroken(
                _n(
                    "%(file)s comes from another version of the program (schema %(revision)s). "
                    "Restore it with that version."
                ),
                file=str(file),
                revision=str(manifest.revision)[:40],
            )
        if manifest.engine != engine.dialect.name:
            raise RuleBroken(
                _n("%(file)s is a backup of %(kind)s, but this database is %(ours)s."),
                file=str(file),
                kind=manifest.engine,
                ours=engine.dialect.name,
            )
        if sha256_of(database) != manifest.sha256:
            raise RuleBroken(
                _n("%(file)s is no whole backup: it is cut off or was altered."), file=str(file)
            )
        if manifest.engine == "sqlite" and not _is_told(database, manifest):
            raise RuleBroken(_n("%(file)s does not hold the rows its list names."), file=str(file))
        yield manifest, database


def _is_told(database: Path, manifest: Manifest) -> bool:
    found = _look_into_sqlite(database)
    return found.rows == manifest.rows and manifest.totals in ({}, found.totals)


def put_back(
    engine: Engine,
    manifest: Manifest,
    database: Path,
    *,
    beside: Path,
    at: datetime,
    role: str = "",
    key: Key | None = None,
) -> Path | None:
    """Replace the database by a proved one; the old state is kept in the file returned.

    For PostgreSQL that file is a backup in the folder of `beside`, sealed where a key is given as
    the others there are; None when there was nothing.
    `role` is that of the application, where it is not the owner's.
    """
    stamp = f"{at:%Y%m%d-%H%M%S-%f}.before-restore"
    if engine.dialect.name == "sqlite":
        live = _sqlite_file(engine)
        return _put_back_sqlite(live, database, live.with_name(f"{live.name}.{stamp}"))
    kept = None
    if postgres_copy.has_tables(engine):
        kept = beside.absolute().parent / f"{engine.url.database}.{stamp}"
        write_backup(engine, kept, at=at, key=key, tried=False)
    try:
        postgres_copy.load(engine, database, rows=manifest.rows, totals=manifest.totals, role=role)
    except RuleBroken:
        if kept is not None:
            kept.unlink()
        raise
    return kept


def _put_back_sqlite(live: Path, database: Path, kept: Path) -> Path | None:
    """Copy the proved database into the live file; the old state is in `kept` then."""
    if not live.exists():
        live.parent.mkdir(parents=True, exist_ok=True)
        _copy_sqlite(database, live)
        return None
    try:
        _copy_sqlite(live, kept)
        _copy_sqlite(database, live)
    except RuleBroken:
        kept.unlink(missing_ok=True)
        raise
    except sqlite3.DatabaseError:  # the old file is damaged: keep it as it is
        kept.unlink(missing_ok=True)
        live.rename(kept)
        for suffix in ("-wal", "-shm"):
            leftover = Path(f"{live}{suffix}")
            if leftover.exists():
                leftover.rename(f"{kept}{suffix}")
        _copy_sqlite(database, live)
    return kept


def _sqlite_file(engine: Engine) -> Path:
    name = engine.url.database
    if not name or name == ":memory:":
        raise RuleBroken(_n("A database in memory cannot be kept."))
    return Path(name)


def _copy_sqlite(source: Path, target: Path) -> None:
    """All pages at once, as one transaction of the target: others see the old or the new state."""
    give_up = time.monotonic() + PATIENCE

    def wait(status: int, _remaining: int, _total: int) -> None:
        if status != _DONE and time.monotonic() > give_up:
            raise RuleBroken(_n("The database is in use. Stop the server and try again."))

    if not target.exists():
        target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(source, timeout=1)) as old,
        closing(sqlite3.connect(target, timeout=1)) as new,
    ):
        old.backup(new, progress=wait, sleep=0.1)


def _look_into_sqlite(file: Path) -> postgres_copy.Told:
    """What the database says of itself, after the integrity check."""
    damaged = RuleBroken(_n("The database is damaged: %(why)s"), why="")
    try:
        with closing(sqlite3.connect(file)) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")  # one file, whatever mode it came in
            [verdict] = raw.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok" or raw.execute("PRAGMA foreign_key_check").fetchone():
                damaged.values["why"] = verdict if verdict != "ok" else "foreign_key_check"
                raise damaged
            names = raw.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                " ORDER BY name"
            ).fetchall()
            rows = {  # the names come from the database itself
                name: int(raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # nosec B608
                for (name,) in names
            }
            totals = {
                f"{table}.{column}": int(raw.execute(_sum(table, column)).fetchone()[0])
                for table, column in postgres_copy.TOTALS
                if table in rows
            }
            revision = raw.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            last = (
                raw.execute(postgres_copy.TRAIL_END).fetchone()
                if postgres_copy.SEALS in rows
                else None
            )
            return postgres_copy.Told(str(revision), rows, totals, last[0] if last else "")
    except sqlite3.DatabaseError as error:
        damaged.values["why"] = str(error)
        raise damaged from None


def _sum(table: str, column: str) -> str:
    return f"SELECT COALESCE(SUM({column}), 0) FROM {table}"  # nosec B608 # ours


def sha256_of(file: Path) -> str:
    """The checksum of a file, as it stands beside it."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
