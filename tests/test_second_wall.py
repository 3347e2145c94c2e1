"""The second wall: what PostgreSQL itself keeps from a page whose query forgot the scope."""

import threading
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import create_app
from config import Config
from models import DISTRICT, NOBODY, Decision, Investor, Project, RuleBroken, Scope, db
from models.base import need_owner, passes_by, scope, unwalled
from models.base.wall import walled_tables
from tests.databases import KEY, Client
from tests.factories import make_component, make_project
from tests.pooler import pooled
from tests.test_nothing_of_others import MARK, district, leaks, named, pages_of  # noqa: F401

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def first_wall_down(monkeypatch):
    """No bound on queries, no judgement on rows, no refusal of writing."""
    monkeypatch.setattr(scope, "bounds", lambda _ids: ())
    monkeypatch.setattr(scope, "scope_key", lambda _model: None)


@pytest.fixture
def units(session):
    """Project of one unit, project of another."""
    one, two = make_project(session), make_project(session)
    session.commit()
    return one, two


@pytest.fixture
def limited(app):
    if not app.config["SQLALCHEMY_DATABASE_URI"].count("app_"):
        pytest.skip("on a server of somebody else no role is made")
    return app


def test_behind_the_wall_stands_every_table_that_the_scope_bounds(engine):
    with engine.connect() as connection:
        found = connection.scalars(
            sa.text(
                "SELECT tablename FROM pg_policies p JOIN pg_class c ON c.relname = p.tablename "
                "WHERE p.policyname = 'units' AND p.cmd = 'ALL' AND c.relrowsecurity"
            )
        )
        # sums of all units together are the office's, and are shown to no unit
        assert set(found) == walled_tables() | {"office_sum"}
        assert unwalled(connection) == []
        with_units = {
            table.name
            for table in Project.metadata.sorted_tables
            if any(key.column.table.name == "investor" for key in table.foreign_keys)
        }
        # who works for which unit: names and rights are the administrator's
        assert with_units - walled_tables() == {"user_investor"}


@pytest.mark.parametrize(
    "harm", ["DROP POLICY units ON remark", "ALTER TABLE remark DISABLE ROW LEVEL SECURITY"]
)
def test_a_wall_that_was_taken_down_is_told(engine, harm):
    with engine.connect() as connection:
        connection.execute(sa.text(harm))
        assert unwalled(connection) == ["remark"]
        assert passes_by(connection)
        connection.rollback()


@pytest.mark.usefixtures("first_wall_down")
def test_without_the_first_wall_no_page_and_no_file_shows_a_text_of_another_unit(
    limited,
    owner_app,
    client_for,
    session,
    district,  # noqa: F811
):
    client = client_for("investor", district["other"])
    pages = pages_of(client, limited)
    assert len(pages) > 60
    assert sum(reply.status_code == 200 for reply in pages.values()) > 50
    for address in named(session, district["first"]):
        pages[address] = client.get(address)
        pages[address].data  # noqa: B018
    for address in ("project", "obstacle", "decision", "submission", "audit"):
        pages[f"/admin/{address}/?search={MARK}"] = client.get(f"/admin/{address}/?search={MARK}")
    assert leaks(pages) == {}

    with owner_app.app_context():  # who owns the tables: no second wall either
        db.session().enter(Scope.of({district["other"].id}))
        assert any(MARK in name for name in db.session.scalars(sa.select(Project.name)))
        db.session.rollback()


def client_of(app: Any, like: Client) -> Any:
    other = app.test_client()
    for cookie in like._cookies.values():
        other.set_cookie(cookie.key, cookie.value)
    return other


@pytest.mark.usefixtures("first_wall_down")
def test_the_database_follows_the_scope_in_the_middle_of_a_transaction(limited, units):
    one, two = units
    with limited.app_context():
        session = db.session()

        def seen():
            return set(session.scalars(sa.select(Project.id)))

        assert seen() == set()
        for at, expected in (
            (Scope.of({one.investor_id}), {one.id}),
            (Scope.of({two.investor_id}), {two.id}),
            (DISTRICT, {one.id, two.id}),
            (NOBODY, set()),
            (Scope.of({one.investor_id, two.investor_id}), {one.id, two.id}),
        ):
            session.enter(at)
            assert seen() == expected
        session.enter(DISTRICT)
        savepoint = session.begin_nested()
        session.enter(Scope.of({one.investor_id}))
        assert seen() == {one.id}
        savepoint.rollback()
        assert seen() == {one.id}  # a setting goes back with the savepoint, the scope does not
        session.commit()
        assert seen() == {one.id}
        with session.trusted() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(Project.__table__)) == 2
        assert seen() == {one.id}


@pytest.mark.usefixtures("first_wall_down")
def test_without_the_first_wall_foreign_rows_are_not_written(limited, session, units):
    one, two = units
    component = make_component(session).id
    mine, theirs = (one.investor_id, one.id), (two.investor_id, two.id)
    session.commit()
    with limited.app_context():
        narrow = db.session()
        narrow.enter(Scope.of({mine[0]}))
        table = Project.__table__
        with narrow.begin_nested():
            new = Project(code="m", name="m", investor_id=mine[0], component_id=component,
                          start_on=one_day(), status="active")  # fmt: skip
            narrow.add(new)
        for what in (
            sa.insert(table).values(id=1, version=1, code="x", name="x", investor_id=theirs[0],
                                    component_id=component, start_on=one_day(), status="active",
                                    search_text="", sort_text=""),
            sa.update(table).where(table.c.id == mine[1]).values(investor_id=theirs[0]),
        ):  # fmt: skip
            with (
                pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
                narrow.begin_nested(),
            ):
                Session.connection(narrow).execute(what)
        raw = Session.connection(narrow)
        assert raw.execute(sa.update(table).values(name="x")).rowcount == 2
        assert raw.execute(sa.delete(table).where(table.c.id == theirs[1])).rowcount == 0
        narrow.rollback()


def one_day():
    return sa.func.current_date()


def test_who_is_told_nothing_sees_nothing_and_cannot_turn_the_wall_off(limited, owner_app, units):
    address = limited.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    with owner_app.app_context():
        owner = db.engine.url.username
    with psycopg.connect(address, autocommit=True) as raw:
        for table in walled_tables():
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        for wish in (
            "ALTER TABLE project DISABLE ROW LEVEL SECURITY",
            "DROP POLICY units ON project",
            "TRUNCATE project CASCADE",
            f"SET ROLE {owner}",
            "SET session_replication_role = replica",
            "SET row_security = off; SELECT 1 FROM project",
            "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
            "UPDATE alembic_version SET version_num = '0001'",
            "CREATE TABLE mine (id int)",
        ):
            with pytest.raises(psycopg.Error) as refused:
                raw.execute(wish)
            assert refused.value.sqlstate == "42501", wish
    with limited.app_context(), db.engine.connect() as connection:
        assert not passes_by(connection)


def test_an_empty_setting_and_one_that_is_no_list_of_units_show_nothing(limited, units):
    address = limited.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as raw:
        for value in ("", "0", ",", "1 OR true", "ALL", "{}"):
            raw.execute("SELECT set_config('app.units', %s, false)", [value])
            try:
                assert raw.execute("SELECT count(*) FROM project").fetchone() == (0,)
            except psycopg.DataError:
                continue


def test_behind_a_pool_of_transactions_nobody_gets_the_rows_of_the_one_before(
    limited, client_for, session, units
):
    one, two = units
    names = {one.id: "Đường Một", two.id: "Cầu Hai"}
    for project in units:
        project.name = names[project.id]
    clients = {p.id: client_for("investor", session.get(Investor, p.investor_id)) for p in units}
    session.commit()
    with pooled(limited.config["SQLALCHEMY_DATABASE_URI"]) as address:
        app = create_app(Config(secret_key=KEY, database_url=address, environment="testing"))
        wrong: list[Any] = []

        def look(own: int) -> None:
            client = client_of(app, clients[own])
            for _ in range(8):  # a driver prepares what it was asked five times
                reply = client.get("/admin/project/")
                seen = {key for key, name in names.items() if name in reply.text}
                if reply.status_code != 200 or seen != {own}:
                    wrong.append((reply.status_code, own, seen))

        threads = [threading.Thread(target=look, args=(key,)) for key in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        with app.app_context():
            db.session().enter(NOBODY)
            assert db.session.scalars(sa.select(Decision.id)).all() == []
            db.session.rollback()
            db.engine.dispose()
        assert wrong == []


def test_a_table_of_somebody_else_is_named_where_it_stands_in_the_way(app, engine):
    """A copy that a master of all made in the night stops backups: whoever reads why finds it."""
    if not app.config["SQLALCHEMY_DATABASE_URI"].count("app_"):
        pytest.skip("on a server of somebody else no role is made")
    with engine.connect() as connection:  # taken back at the end
        connection.execute(sa.text("CREATE ROLE plain_owner"))
        connection.execute(sa.text("CREATE TABLE copy_of_the_night (a int)"))
        connection.execute(sa.text("GRANT ALL ON SCHEMA public TO plain_owner"))
        connection.execute(sa.text("ALTER TABLE alembic_version OWNER TO plain_owner"))
        connection.execute(sa.text("SET LOCAL ROLE plain_owner"))
        with pytest.raises(RuleBroken, match=r"belong to another role: .*copy_of_the_night"):
            need_owner(connection)
