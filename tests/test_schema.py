"""A database that is older or newer than the program is not served; two upgrades wait in turn."""

import secrets
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from admin.access import newest_migration
from models import Component
from tests.forms import typed
from tests.served import settings

ROOT = Path(__file__).parent.parent


@pytest.fixture
def at(app, engine, session, monkeypatch):
    """`at("0001")`: the database says that it is there; taken back afterwards."""
    monkeypatch.setattr("admin.access.schema.AGAIN", 0.0)
    with app.app_context():
        ours = newest_migration()

    def say(revision):
        session.rollback()
        with engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE alembic_version SET version_num = :r"), {"r": revision}
            )

    yield say
    say(ours)


@pytest.mark.parametrize("revision", ["0001", "9999"])
def test_no_page_is_served_from_another_schema_and_work_goes_on_by_itself(
    app, at, session, client_for, revision
):
    admin = client_for("admin")
    form = typed(
        admin.soup("/admin/component/new/"),
        code="TDA9",
        name="Tiểu dự án chín",
        short_name="TDA 9",
        valid_from="01/01/2021",
    )
    token = admin.token()
    at(revision)
    for address in ("/admin/", "/admin/component/", "/login", "/admin/reports/late.csv"):
        reply = admin.get(address)
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "30"), address
        assert "Hệ thống đang được nâng cấp" in reply.text
    reply = admin.post("/admin/component/new/", data=form | {"csrf_token": token})
    assert reply.status_code == 503
    assert "Tiểu dự án chín" in reply.text
    assert admin.get("/healthz").status_code == 200
    assert admin.get("/readyz").text == "migration\n"
    assert session.scalars(sa.select(Component)).all() == []
    with app.app_context():
        at(newest_migration())
    assert admin.get("/admin/component/").status_code == 200


def test_a_command_refuses_another_schema_in_a_sentence(app, at):
    at("9999")
    told = app.test_cli_runner().invoke(args=["users", "list"])
    assert told.exit_code == 1
    assert "9999" in told.output
    assert "flask db upgrade" in told.output


def test_a_fault_that_another_schema_makes_is_told_as_that(app, at, client_for, monkeypatch):
    admin = client_for("admin")
    assert admin.get("/admin/component/").status_code == 200
    monkeypatch.setattr("admin.access.schema.AGAIN", 3600.0)
    at("9999")

    def no_such_column(*_args, **_more):
        raise sa.exc.ProgrammingError("SELECT", None, Exception("no such column"))

    monkeypatch.setattr("admin.access.contact.shown_settings", no_such_column)
    monkeypatch.setitem(app.template_context_processors, None, [no_such_column])
    reply = admin.get("/admin/component/")
    assert reply.status_code == 503
    assert "Hệ thống đang được nâng cấp" in reply.text


def test_two_upgrades_at_once_wait_for_each_other(engine, tmp_path):
    more = {}
    if engine.dialect.name == "postgresql":
        name = f"upgraded_{secrets.token_hex(4)}"
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
        url = engine.url.set(database=name)
        more = {"DATABASE_URL": url.render_as_string(hide_password=False)}
    env = settings(tmp_path, **more)
    run = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    both = [
        subprocess.Popen(
            run, env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(2)
    ]
    told = [one.communicate(timeout=300)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert "Traceback" not in "".join(told)
    empty = sa.create_engine(env["DATABASE_URL"])
    with empty.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM alembic_version")) == 1
    empty.dispose()
