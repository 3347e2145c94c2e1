"""Every migration carries every row over, whatever the revision that the row was stored under."""

import secrets
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from flask_migrate import upgrade

from app import create_app
from config import Config
from models import AuditEntry, Base, db
from models.base import prove_chain
from reports.proof import prove
from tests.any_rows import Filling, contents, tables_of

FOLDER = Path(__file__).parent.parent / "migrations"
ALL = object()
# revision → table → columns that it changes on purpose (ALL: the rows themselves go)
CHANGES = {
    # attempts to sign in are counted anew; what was typed in the place of a name is forgotten
    "0012": {"login_attempt": ALL, "audit_entry": {"label", "user_name", "search_text"}},
    # entries of the office belong to 0, for a part of a key is never null
    "0018": {"audit_entry": {"investor_id"}},
    # sums made ahead are those of the program that made them
    "0023": {"office_sum": ALL},
    "0024": {"office_sum": ALL},
    "0025": {"office_sum": ALL},
}
# tables whose key grew: rows are known by what was their key before, which still tells them apart
KNOWN_BY = {"audit_entry": ("id",)}


def revisions():
    """All revisions, the oldest first."""
    chain = AlembicConfig()
    chain.set_main_option("script_location", str(FOLDER))
    return [one.revision for one in ScriptDirectory.from_config(chain).walk_revisions()][::-1]


@pytest.fixture
def empty(engine, tmp_path):
    """An application on a database of its own that holds nothing, no schema either."""
    url = sa.make_url(f"sqlite:///{tmp_path / 'grown.sqlite3'}")
    if engine.dialect.name == "postgresql":
        url = engine.url.set(database=f"grown_{secrets.token_hex(4)}")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {url.database} TEMPLATE template0")
    address = url.render_as_string(hide_password=False)
    app = create_app(Config(secret_key="x" * 40, database_url=address, environment="testing"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def lost(before, after, changed):
    """What of `before` is not in `after`, in words, but for what was to be changed."""
    for table, rows in before.items():
        columns = changed.get(table, set())
        if columns is ALL:
            continue
        if len(after.get(table, {})) != len(rows):
            yield f"{table}: {len(rows)} rows became {len(after.get(table, {}))}"
        for key, row in rows.items():
            now = after.get(table, {}).get(key)
            if now is None:
                yield f"{table} {key} is gone"
                continue
            for name, value in row.items():
                if name not in columns and (name not in now or now[name] != value):
                    yield f"{table} {key}.{name}: {value!r} became {now.get(name)!r}"


def test_rows_of_every_revision_are_still_there_at_the_newest(empty):
    """One database grows through the whole chain and gets rows in all its tables at every
    revision; each step is compared, so that the rows of any revision are followed to the end.
    """
    filling = Filling(seed=11)
    upgrade(revision=revisions()[0])
    with db.engine.connect() as connection:
        tables = tables_of(connection)
    for following in (*revisions()[1:], None):
        with db.engine.begin() as connection:
            filling.fill(connection, tables)
            before = contents(connection, tables, KNOWN_BY)
        assert all(before.values()), [table for table, rows in before.items() if not rows]
        if following is None:
            break
        upgrade(revision=following)
        with db.engine.connect() as connection:
            tables = tables_of(connection)
            after = contents(connection, tables, KNOWN_BY)
        assert [*lost(before, after, CHANGES.get(following, {}))] == [], following
    with sa.orm.Session(db.engine) as session:
        for mapper in Base.registry.mappers:
            stored = before[mapper.local_table.name]
            assert len(session.scalars(sa.select(mapper.class_)).all()) == len(stored)
            session.expunge_all()
        # rows that were drawn contradict each other; that sums are made is what counts
        assert sum(proof.compared for proof in islice(prove(session), 200)) > 100


def test_a_migration_that_lost_a_value_or_a_row_would_be_found():
    before = {"unit": {(1,): {"id": 1, "name": "Hoà"}, (2,): {"id": 2, "name": "Bình"}}}
    after = {"unit": {(1,): {"id": 1, "name": "Hòa"}}}
    told = [*lost(before, after, {})]
    assert told[0] == "unit: 2 rows became 1"
    assert "'Hoà' became 'Hòa'" in told[1]
    assert told[2] == "unit (2,) is gone"
    assert [*lost(before, before, {})] == []


def test_seals_set_before_the_owner_was_part_of_the_key_stay_true(empty):
    """Entries of the office had no owner when they were sealed; 0 stands for that since 0018."""
    upgrade(revision="0016")
    entry = sa.table(
        "audit_entry",
        *map(sa.column, ("id", "at", "user_name", "action", "resource", "row_id", "label")),
        sa.column("investor_id"),
        sa.column("changes", sa.JSON()),
    )
    said = {"user_name": "an", "action": "update", "resource": "unit", "row_id": "1", "label": ""}
    said |= {"at": datetime(2025, 3, 1, tzinfo=UTC), "changes": {"code": ["a", "b"]}}
    if db.engine.dialect.name == "sqlite":
        said["at"] = said["at"].replace(tzinfo=None)
    rows = [said | {"id": key, "investor_id": owner} for key, owner in ((1, None), (2, 7))]
    with db.engine.begin() as connection:
        connection.execute(sa.insert(entry), rows)
    upgrade()
    with db.engine.connect() as connection:
        owners = connection.scalars(sa.text("SELECT investor_id FROM audit_entry ORDER BY id"))
        assert list(owners) == [0, 7]
        verdict = prove_chain(connection)
    assert (verdict.end.number, verdict.count) == (2, 0), verdict.faults
    owners = sa.select(AuditEntry.investor_id).order_by(AuditEntry.id)
    with sa.orm.Session(db.engine) as session:
        assert session.scalars(owners).all() == [None, 7]
