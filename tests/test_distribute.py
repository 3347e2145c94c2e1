"""`flask db distribute`, on a PostgreSQL that refuses what Citus refuses (tests/fake_citus.py)."""

import secrets

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app import create_app
from config import Config
from models import DISTRICT, Project, db
from models.base import (
    RuleBroken,
    asides,
    differing_triggers,
    now,
    spend,
    unwalled,
)
from models.base.cluster import SETTINGS
from models.base.distributing import Distribution
from models.base.sharing import copied_tables, cut_tables
from models.base.wall import walled_tables
from models.exchange import postgres_copy, write_backup
from models.returns import hold_rows
from tests.databases import KEY
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_project,
    make_user,
)
from tests.fake_citus import BAD_KEYS, install
from tests.postgres import application_role
from tests.shards import faults_of

postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def run(app, *more):
    done = app.test_cli_runner().invoke(args=["db", "distribute", *more])
    return done.exit_code, done.output


def test_without_a_cluster_nothing_is_distributed_and_a_sentence_says_why(app, engine, database):
    code, told = run(app)
    assert code == 1
    assert ("Citus" if database == "postgresql" else "PostgreSQL") in told
    assert "docs/scale.md" in told
    with engine.connect() as connection:
        assert differing_triggers(connection) == {}


@postgresql
def test_the_statements_are_told_without_being_sent(app, engine):
    code, told = run(app, "--sql")
    assert code == 0
    lines = told.splitlines()
    assert all(line.endswith(";") for line in lines)
    assert "SELECT create_reference_table('public.succession');" in lines
    assert (
        "SELECT create_distributed_table('public.project', 'investor_id', colocate_with => 'none');"
    ) in lines
    assert (
        "SELECT create_distributed_table('public.audit_entry', 'investor_id', "
        "colocate_with => 'public.project');"
    ) in lines
    made = [n for n, line in enumerate(lines) if "create_" in line]
    keys_off = [n for n, line in enumerate(lines) if "DROP CONSTRAINT" in line]
    keys_on = [n for n, line in enumerate(lines) if "ADD CONSTRAINT" in line]
    assert max(keys_off) < min(made) < max(made) < min(keys_on)
    assert len(keys_on) == len(keys_off) - 4  # two ends of two tables between units
    with engine.connect() as connection:  # and nothing was sent
        assert connection.scalar(sa.text("SELECT to_regclass('pg_dist_partition')")) is None


@pytest.fixture
def cluster(owner_app, engine):
    """The application's owner on a database of its own that says it has Citus."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(
            sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        ):
            pytest.skip("on a server of somebody else nothing can be faked")
        name = f"cut_{secrets.token_hex(4)}"
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    url = engine.url.set(database=name).render_as_string(hide_password=False)
    served, role = application_role(url)
    config = Config(secret_key=KEY, database_url=url, environment="testing", database_role=role)
    with create_app(config).app_context():
        upgrade()
        install(db.engine)
        db.engine.dispose()
    app = create_app(config)  # a program asks as it starts whether it is on a cluster
    app.extensions["served"] = served
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@postgresql
def test_tables_are_copied_and_cut_and_walls_and_guards_stand_as_before(cluster):
    with cluster.app_context(), Session(db.engine) as session:
        one, two = make_project(session), make_project(session)
        session.commit()
        units = one.investor_id, two.investor_id
        session.rollback()  # whoever reads holds a distribution up

        # what the fake refuses, so that the real one is not asked in vain
        with db.engine.connect() as connection:
            whole = Distribution.of(connection)
            for without in ("ALTER POLICY", "SET LOCAL citus.enable_unsafe", "ALTER TABLE"):
                some = [one for one in whole.statements if not one.startswith(without)]
                if "SET LOCAL" in without:  # the program has said it already
                    some.insert(0, "SET LOCAL citus.enable_unsafe_triggers = off")
                with pytest.raises(sa.exc.DBAPIError), connection.begin_nested():
                    Distribution(some).carry_out(connection)
            connection.rollback()

    code, told = run(cluster)
    assert code == 0, told
    assert "succession" in told
    assert "capital_transfer → allocation" in told
    assert "2" in told

    with cluster.app_context(), db.engine.connect() as connection:
        placed = dict(
            connection.execute(
                sa.text("SELECT logicalrelid::text, coalesce(beside, '') FROM pg_dist_partition")
            ).all()
        )
        assert {n for n, beside in placed.items() if beside} == {t.name for t in cut_tables()}
        assert {n for n, beside in placed.items() if not beside} == {
            t.name for t in copied_tables()
        }
        assert placed["project"] == "none"
        assert set(placed.values()) == {"", "none", "public.project"}
        assert connection.execute(sa.text(BAD_KEYS)).all() == []
        assert differing_triggers(connection) == {}
        assert unwalled(connection) == []
        for setting in SETTINGS:
            name, value = setting.removeprefix("SET LOCAL ").split(" = ")
            assert connection.scalar(sa.text(f"SHOW {name}")) == value.strip("'")
        for act in ("UPDATE audit_entry SET label = ''", "DELETE FROM audit_entry"):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"), connection.begin_nested():
                connection.exec_driver_sql(act)

    code, told = run(cluster)
    assert code == 0
    assert told.count("\n") == 1

    capital_of_another_year_is_refused(cluster)
    walls_stand(cluster, units)


def capital_of_another_year_is_refused(cluster):
    with cluster.app_context(), Session(db.engine) as session:
        entry = make_entry(session)
        right = make_allocation(session, project=entry.project)
        make_disbursement(session, entry, right, completed=5)
        wrong = make_allocation(session, project=entry.project, budget_year=right.budget_year - 1)
        with pytest.raises(sa.exc.DBAPIError, match="another budget year"):
            make_disbursement(session, entry, wrong, completed=5)
        session.rollback()


def walls_stand(cluster, units):
    """The application's role sees what its units see, as before."""
    engine = sa.create_engine(cluster.extensions["served"])
    seen = {}
    with engine.connect() as connection:
        for told in (None, "", str(units[0]), f"{units[0]},{units[1]}", "all"):
            if told is not None:
                connection.exec_driver_sql(f"SET app.units = '{told}'")
            seen[told] = {
                name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}"))
                for name in walled_tables()
            }
    engine.dispose()
    assert set(seen[None].values()) == set(seen[""].values()) == {0}
    assert [seen[told]["project"] for told in (str(units[0]), f"{units[0]},{units[1]}", "all")] == [
        1,
        2,
        2,
    ]
    assert seen[str(units[0])]["investor"] == 1
    assert seen[str(units[0])]["audit_entry"] == 0
    assert seen["all"]["audit_entry"] > 0


@postgresql
def test_keys_that_a_cluster_would_refuse_are_found(cluster):
    assert run(cluster)[0] == 0
    of_unit = "(investor_id, project_id) REFERENCES project (investor_id, id)"
    with cluster.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE remark ADD project_id bigint")
        for key, is_bad in (
            (f"{of_unit} ON DELETE CASCADE", False),
            (f"{of_unit} ON DELETE SET NULL", True),
            (f"{of_unit} ON UPDATE CASCADE", True),
            ("(project_id) REFERENCES component ON DELETE SET NULL", False),
        ):
            with connection.begin_nested() as tried:
                connection.exec_driver_sql(f"ALTER TABLE remark ADD FOREIGN KEY {key}")
                assert bool(connection.execute(sa.text(BAD_KEYS)).all()) is is_bad, key
                tried.rollback()
        connection.rollback()


@postgresql
def test_a_cluster_is_told_whose_rows_by_itself_and_again_behind_a_savepoint(cluster, monkeypatch):
    """It hands a setting on with all that came in the same breath; and a server that is asked for
    the first time behind a savepoint is told what was set before it.
    """
    said, real = [], asides.say

    def note(connection, statements):
        said.append(statements)
        return real(connection, statements)

    monkeypatch.setattr(asides, "say", note)
    monkeypatch.setattr("models.base.wall.say", note)
    with cluster.app_context(), db.engine.connect() as connection:
        connection.scalar(sa.text("SELECT 1"))
        with connection.begin_nested():
            connection.scalar(sa.text("SELECT 1"))
        connection.scalar(sa.text("SELECT 1"))
        connection.scalar(sa.text("SELECT 1"))
    assert said[0].removeprefix("BEGIN; ") == "; ".join(SETTINGS)
    told = [one for one in said if "app.units" in one]
    assert len(told) == 2
    assert not [one for one in told if ";" in one]


@postgresql
def test_a_key_of_a_form_is_spent_once_and_keeps_nobody_from_the_table(cluster):
    seen = []
    with cluster.app_context():
        with Session(db.engine) as session:
            user_id = make_user(session, "officer").id
            session.commit()
        own = db.session()
        own.enter(DISTRICT)
        own.connection()
        sa.event.listen(db.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
        for content, is_new in (("x", True), ("x", False), ("y", True)):
            assert spend(own, "a key", user_id, content=content) is is_new
        own.commit()
        assert not spend(own, "a key", user_id, content="y")
        own.rollback()
    assert [one for one in seen if "INSERT INTO form_key" in one]
    assert not [fault for one in seen for fault in faults_of(one)]


@postgresql
def test_a_distributed_database_is_neither_backed_up_nor_restored_as_one(cluster, tmp_path):
    assert run(cluster)[0] == 0
    with cluster.app_context():
        with pytest.raises(RuleBroken, match="distributed"):
            write_backup(db.engine, tmp_path / "backup", at=now())
        with pytest.raises(RuleBroken, match="distributed"):
            postgres_copy.load(db.engine, tmp_path / "kept", rows={}, totals={})


@postgresql
@pytest.mark.parametrize(("on_cluster", "statements"), [(False, 1), (True, 2)])
def test_rows_are_locked_one_unit_after_the_other_on_a_cluster_alone(
    app, session, count_queries, monkeypatch, on_cluster, statements
):
    one, two = make_project(session), make_project(session)
    session.commit()
    units = {two.investor_id, one.investor_id}
    bind = session.get_bind()
    monkeypatch.setattr(bind.dialect, "on_cluster", on_cluster, raising=False)
    with count_queries() as seen:
        rows = hold_rows(session, sa.select(Project), Project, units)
    assert [row.investor_id for row in rows] == sorted(units)
    assert len([one for one in seen if "FOR UPDATE" in one]) == statements
    if on_cluster:
        assert not [one for one in seen if faults_of(one)]
