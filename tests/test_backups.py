# ruff: noqa: F811  fixtures of another file
"""Generations of backups, sealed ones, and the drill: what was kept comes back."""

import os
import secrets
from datetime import UTC, datetime, timedelta

import pyrage
import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from app import create_app
from config import Config
from models import RuleBroken, db
from models.base.triggers import TRAIL_TABLES
from models.exchange import Keep, file_of, note_sum, sort_out
from tests.conftest import KEY
from tests.test_cli import loaded, run, with_client_programs  # noqa: F401  fixtures

pytestmark = pytest.mark.usefixtures("with_client_programs")
REPORT = ("reports", "consolidated", "--period", "2024-03", "--headers", "keys")


def rows_of(engine):
    """Rows of every table, but for those that the drill itself writes."""
    names = [one for one in sa.inspect(engine).get_table_names() if one not in TRAIL_TABLES]
    with engine.connect() as connection:
        return {
            one: connection.exec_driver_sql(f"SELECT count(*) FROM {one}").scalar() for one in names
        }


def figures(text):
    """A report without the line that says when it was made."""
    return [line for line in text.splitlines() if line.count(",") > 3]


def test_the_drill_brings_back_every_row_and_every_total(run, loaded, engine, session, tmp_path):
    before, report = rows_of(engine), figures(run(*REPORT).stdout)
    run("backup", tmp_path / "b.zip")
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    session.execute(sa.text("DELETE FROM disbursement"))
    session.commit()
    with engine.begin() as connection:  # what a failed upgrade leaves behind
        connection.exec_driver_sql("CREATE TABLE half_made (id integer, of_unit bigint)")
        connection.exec_driver_sql("ALTER TABLE setting ADD COLUMN half_made text")
        connection.exec_driver_sql("DROP TABLE remark")
    run("restore", tmp_path / "b.zip")
    assert rows_of(engine) == before
    assert figures(run(*REPORT).stdout) == report
    run("check")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_knows_its_sizes_after_much_was_written_and_each_night(
    run, loaded, engine, tmp_path
):
    sizes = sa.text(
        "SELECT stat FROM sqlite_stat1 WHERE tbl = 'progress_entry' AND idx IS NOT NULL"
    )
    with engine.begin() as connection:
        assert connection.execute(sizes).all()
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    run("backup", tmp_path / "b.zip")
    with engine.connect() as connection:
        assert connection.execute(sizes).all()


@pytest.fixture
def another(engine, tmp_path):
    """An application on an empty database of its own, beside the one of the tests."""
    url = f"sqlite:///{tmp_path / 'another.sqlite3'}"
    if engine.dialect.name == "postgresql":
        name = f"another_{secrets.token_hex(4)}"
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
        url = engine.url.set(database=name).render_as_string(hide_password=False)
    app = create_app(Config(secret_key=KEY, database_url=url, environment="testing"))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_a_backup_comes_back_into_an_empty_database_and_from_an_older_schema(
    run,
    loaded,
    engine,
    another,
    tmp_path,
):
    run("backup", tmp_path / "new.zip")
    runner = another.test_cli_runner()
    told = runner.invoke(args=["restore", str(tmp_path / "new.zip")])
    assert told.exit_code == 0, told.output
    with another.app_context():
        assert rows_of(db.engine) == rows_of(engine)
        db.engine.dispose()
    assert runner.invoke(args=["check"]).exit_code == 0


def test_a_backup_of_an_older_schema_comes_back_after_an_upgrade(another, tmp_path):
    runner = another.test_cli_runner()
    with another.app_context():
        upgrade(revision="0007")
    assert runner.invoke(args=["backup", str(tmp_path / "old.zip")]).exit_code == 0
    with another.app_context():
        upgrade()
    told = runner.invoke(args=["restore", str(tmp_path / "old.zip")])
    assert told.exit_code == 0, told.output
    assert "flask db upgrade" in told.output
    with another.app_context():
        with db.engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "0007"
        upgrade()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_restore_under_people_who_read_gives_way_and_says_to_stop_the_server(
    run,
    loaded,
    engine,
    tmp_path,
    monkeypatch,
):
    run("backup", tmp_path / "b.zip")
    monkeypatch.setattr("models.exchange.postgres_copy.PATIENCE", 0.1)
    before = rows_of(engine)
    # a pool of its own: the command lets go of the one it shares with the test
    with sa.create_engine(engine.url, poolclass=sa.NullPool).connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM project")
        told = run("restore", tmp_path / "b.zip", fails=True)
        assert "Hãy dừng máy chủ" in told.output or "Stop the server" in told.output
        reader.exec_driver_sql("SELECT count(*) FROM allocation")  # goes on, undisturbed
    assert rows_of(engine) == before
    assert not list(tmp_path.glob("*.before-restore"))


# ---------------------------------------------------------------- sealed


def test_a_sealed_backup_opens_with_its_key_only(run, loaded, engine, session, tmp_path):
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, key in (("key", identity), ("other", other)):
        (tmp_path / name).write_text(f"# a key\n{key}\n")
    file = tmp_path / "b.age"
    run("backup", file, "--recipient", str(identity.to_public()))
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    assert file.stat().st_mode & 0o777 == 0o600
    session.execute(sa.text("DELETE FROM disbursement"))
    session.commit()
    run("restore", file, fails=True)
    run("restore", file, "--identity", tmp_path / "other", fails=True)
    assert rows_of(engine)["disbursement"] == 0
    run("restore", file, "--identity", tmp_path / "key")
    assert rows_of(engine)["disbursement"] == 18
    for kept in tmp_path.glob("*.before-restore"):  # none is left in clear beside sealed ones
        assert kept.read_bytes().startswith(b"age-encryption.org/v1")
        run("restore", kept, "--identity", tmp_path / "key")
        assert rows_of(engine)["disbursement"] == 0
    file.write_bytes(file.read_bytes()[:-20])
    run("restore", file, "--identity", tmp_path / "key", fails=True)
    run("backup", tmp_path / "c.age", "--recipient", "age1nonsense", fails=True)
    assert not (tmp_path / "c.age").exists()


# A second and a half of the processor goes into each sealing, and into each look whether it opens:
# on the database whose state before is sealed as well, which with a key is restored above.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_passphrase_in_a_file_seals_and_opens(run, loaded, tmp_path, monkeypatch):
    (tmp_path / "words").write_text("nương ngô trên đồi\n")
    (tmp_path / "empty").write_text("\n")
    monkeypatch.setenv("BACKUP_PASSPHRASE_FILE", str(tmp_path / "words"))
    run("backup", tmp_path / "b.age")
    run("restore", tmp_path / "b.age")
    [kept] = tmp_path.glob("*.before-restore")
    assert kept.read_bytes().startswith(b"age-encryption.org/v1\n-> scrypt ")
    monkeypatch.setenv("BACKUP_PASSPHRASE_FILE", str(tmp_path / "empty"))
    run("restore", tmp_path / "b.age", fails=True)


# ---------------------------------------------------------------- generations


def generations(folder, *moments):
    for at in moments:
        file = file_of(folder, at, sealed=False)
        file.write_text(str(at))
        note_sum(file)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_days_weeks_and_months_are_kept_and_a_damaged_one_is_never_counted(engine, tmp_path):
    noon = datetime(2024, 12, 31, 12, tzinfo=UTC)
    generations(tmp_path, *(noon - timedelta(hours=12 * n) for n in range(800)))
    kept, removed, damaged = sort_out(tmp_path, Keep.read("7d4w12m"), at=noon)
    days = [one.name[7:15] for one in kept]
    assert days[-7:] == [f"202412{n}" for n in range(25, 32)]
    months = [
        "0131",
        "0229",
        "0331",
        "0430",
        "0531",
        "0630",
        "0731",
        "0831",
        "0930",
        "1031",
        "1130",
    ]
    last = ["1215", "1222", *(f"12{n}" for n in range(25, 32))]
    assert days == [f"2024{day}" for day in (*months, *last)]
    assert all(one.name[15:] == "T120000Z.zip" for one in kept)
    assert len(kept) + len(removed) == 800
    assert damaged == []
    kept[-1].write_text("something else")
    again, _removed, damaged = sort_out(tmp_path, Keep.read("1d"), at=noon)
    assert damaged == [kept[-1]]
    assert again == [kept[-2]]
    assert kept[-1].exists()


@pytest.mark.parametrize("text", ["", "7", "0d", "7d4", "4w7d", "-1d", "7d 4w", "1000d", "٣d"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_says_not_how_many_are_kept_is_refused(engine, text):
    with pytest.raises(RuleBroken):
        Keep.read(text)


def test_a_folder_of_generations_is_closed_to_others_and_tells_of_a_damaged_one(
    run,
    loaded,
    tmp_path,
):
    folder, mask = tmp_path / "kept", os.umask(0)
    try:
        run("backup", "--keep", "7d4w12m", folder)
    finally:
        os.umask(mask)
    assert folder.stat().st_mode & 0o777 == 0o700
    files = sorted(folder.iterdir())
    assert [one.stat().st_mode & 0o777 for one in files] == [0o600, 0o600]
    assert files[0].name.startswith("backup-20")
    old = file_of(folder, datetime(2024, 1, 1, tzinfo=UTC), sealed=False)
    old.write_bytes(b"cut")
    told = run("backup", "--keep", "7d4w12m", folder / ".." / "kept", fails=True)
    assert old.name in told.output
    assert old.exists()
    run("backup", "--keep", "x", folder, fails=True)
