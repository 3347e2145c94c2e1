"""Migrations: triggers are compared as tables are, and new ones get the next number."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from models.base import differing_triggers
from models.base.triggers import TRIGGERS, standing_triggers

FOLDER = Path(__file__).parent.parent / "migrations"
GUARDS = {
    "disbursement_year_insert",
    "disbursement_year_update",
    "audit_entry_no_update",
    "audit_entry_no_delete",
    "disbursement_one_year",
    "audit_entry_append_only",
    "report_version_no_update",
    "report_version_immutable",
}


@pytest.fixture
def flask(app, caplog):
    """`flask("db", "check")`: exit code and the errors that were told."""

    def run(*arguments):
        caplog.clear()
        done = app.test_cli_runner().invoke(args=[str(one) for one in arguments])
        return done.exit_code, "".join(
            one.message for one in caplog.records if one.levelname == "ERROR"
        )

    return run


@pytest.fixture
def harmed(engine):
    """`harmed("DROP …")`; the database of the next test is as it was."""
    with engine.connect() as connection:
        [revision] = connection.scalars(sa.text("SELECT version_num FROM alembic_version"))

    def harm(*statements):
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    yield harm
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{revision}'"))
        if engine.dialect.name == "postgresql":  # of SQLite a fresh file is taken
            for name in standing_triggers(connection):
                if name.endswith("()"):  # and with it the triggers that call it
                    connection.execute(sa.text(f"DROP FUNCTION {name} CASCADE"))
            for statement in TRIGGERS["postgresql"].values():
                connection.execute(sa.text(statement))
            assert differing_triggers(connection) == {}


@pytest.fixture
def copy(tmp_path):
    """A folder of migrations to write into."""
    target = tmp_path / "migrations"
    shutil.copytree(FOLDER, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def written_to(folder):
    known = {path.name for path in (FOLDER / "versions").glob("*.py")}
    return [path for path in sorted((folder / "versions").glob("*.py")) if path.name not in known]


def next_number():
    return max(int(path.name[:4]) for path in (FOLDER / "versions").glob("[0-9]*.py")) + 1


def test_a_migrated_database_holds_the_declared_triggers(flask, engine, database):
    assert GUARDS & set(TRIGGERS[database])
    with engine.connect() as connection:
        assert standing_triggers(connection).keys() == TRIGGERS[database].keys()
        assert differing_triggers(connection) == {}
    assert flask("db", "check") == (0, "")


@pytest.mark.parametrize("database", ["sqlite"])  # PostgreSQL alters tables in place
def test_a_rebuilt_table_that_lost_its_triggers_is_found(flask, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")  # as migrations do
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("disbursement", recreate="always"):
            pass
    code, told = flask("db", "check")
    assert code == 1
    assert "disbursement_year_insert" in told
    assert "disbursement_year_update" in told
    assert "disbursement_counted_delete" in told
    assert "audit_entry" not in told


@pytest.mark.parametrize("name", ["audit_entry", "report_version", "version_part", "disbursement"])
def test_a_lost_trigger_is_put_back_by_the_migration_that_is_written(
    flask, engine, database, harmed, copy, name
):
    def of_table(names):
        return [one for one in names if one.startswith(name) and not one.endswith("()")]

    lost = of_table(TRIGGERS[database])
    on = f" ON {name}" if database == "postgresql" else ""
    harmed(*(f"DROP TRIGGER {one}{on}" for one in lost))
    code, told = flask("db", "check")
    assert code == 1
    assert all(one in told for one in lost)
    assert flask("db", "migrate", "-d", copy, "-m", "Guards again")[0] == 0
    [file] = written_to(copy)
    assert file.name == f"{next_number():04}_guards_again.py"
    assert flask("db", "upgrade", "-d", copy)[0] == 0
    with engine.connect() as connection:
        assert differing_triggers(connection) == {}
    assert flask("db", "downgrade", "-d", copy)[0] == 0
    with engine.connect() as connection:
        assert of_table(standing_triggers(connection)) == []


PASSING = "FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
HARMS = {
    "altered-sqlite": (
        "DROP TRIGGER audit_entry_no_update",
        "CREATE TRIGGER audit_entry_no_update BEFORE update ON audit_entry BEGIN SELECT 1; END",
    ),
    "added-sqlite": ("CREATE TRIGGER another BEFORE insert ON period BEGIN SELECT 1; END",),
    "altered-postgresql": (
        "DROP TRIGGER audit_entry_append_only ON audit_entry",
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only()",
    ),
    "added-postgresql": (
        "CREATE " + PASSING.format("passes"),
        "CREATE TRIGGER another BEFORE INSERT ON period FOR EACH ROW EXECUTE FUNCTION passes()",
    ),
    "function-postgresql": ("CREATE OR REPLACE " + PASSING.format("audit_entry_append_only"),),
    "off-postgresql": ("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only",),
}


@pytest.mark.parametrize(("harm", "database"), [name.split("-") for name in HARMS])
def test_a_trigger_that_is_not_the_declared_one_is_found(flask, database, harmed, harm):
    harmed(*HARMS[f"{harm}-{database}"])
    code, told = flask("db", "check")
    assert code == 1
    assert ("another" if harm == "added" else "audit_entry") in told


def test_new_migrations_are_numbered(flask, copy):
    number = next_number()
    for at, words in enumerate(("Tên mới", "what changes", "nothing of tables")):
        assert flask("db", "revision", "-d", copy, "-m", words, "--head", "head")[0] == 0
        written = written_to(copy)
        assert len(written) == at + 1
        assert written[at].name.startswith(f"{number + at:04}_")
        assert f"revision = '{number + at:04}'" in written[at].read_text()
    assert written[1].name == f"{number + 1:04}_what_changes.py"
    assert f"down_revision = '{number:04}'" in written[1].read_text()


def test_a_number_asked_for_is_taken(flask, copy):
    assert flask("db", "revision", "-d", copy, "-m", "late", "--rev-id", "0900")[0] == 0
    assert [path.name for path in written_to(copy)] == ["0900_late.py"]


def test_without_a_change_no_migration_is_written(flask, copy):
    assert flask("db", "migrate", "-d", copy, "-m", "nothing")[0] == 0
    assert written_to(copy) == []
