"""Lists, reports and exports come from a standby: a real one, paused, stopped and cut off."""

from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa
from flask import g
from flask_migrate import upgrade

from admin.access import standby as switch
from admin.seen.standby import of_the_standby
from app import create_app
from config import Config
from models import DISTRICT, Component, db
from models.base import scope
from reports.tables import REPORTS
from tests.crowd import MONTH, arrange, cookie_of
from tests.databases import KEY, Client
from tests.factories import make_project, make_user
from tests.pair import pair
from tests.postgres import application_role
from tests.served import TOKEN, wait_until


class Place:
    """The application with a primary and a standby, and people who are signed in to it."""

    def __init__(self, both):
        self.both = both
        address = both.primary.url.replace("postgresql://", "postgresql+psycopg://")
        served, role = application_role(address)
        owner = create_app(
            Config(secret_key=KEY, database_url=address, database_role=role, environment="testing")
        )
        with owner.app_context():
            upgrade()
            self.owner = db.engine
        elsewhere = served.replace(str(both.primary.port), str(both.standby.port))
        self.app = create_app(
            Config(secret_key=KEY, database_url=served, database_read_url=elsewhere,
                   environment="testing", metrics_token=TOKEN, db_read_lag_seconds=60)
        )  # fmt: skip
        self.app.test_client_class = Client
        self.people = arrange(owner, 2)
        self.caught_up()

    def client(self, role=None, cookie=None):
        """A browser of a new person of this role, or with a cookie."""
        if cookie is None:
            with sa.orm.Session(self.owner) as session:
                user = make_user(session, role)
                session.commit()
                known = user.id, user.get_id()
            with self.app.app_context():
                cookie = cookie_of(self.app, *known)
                db.session.commit()
            self.caught_up()
        client = self.app.test_client()
        client.set_cookie(*cookie)
        return client

    def caught_up(self):
        last = self.both.primary.ask("SELECT pg_current_wal_flush_lsn()")
        has = f"SELECT pg_last_wal_replay_lsn() >= '{last}'"
        wait_until(lambda: self.both.standby.ask(has), "the standby has it")

    @contextmanager
    def watched(self):
        """Which of the two was asked by the pages in here, since the people were known."""
        seen = []
        with self.app.app_context():
            engines = {"primary": db.engine, "standby": db.standby}
        heard = []
        for name, engine in engines.items():

            def note(_c, _cursor, statement, *_rest, name=name):
                seen.append((name, statement))

            sa.event.listen(engine, "before_cursor_execute", note)
            heard.append((engine, note))
        try:
            yield seen
        finally:
            for engine, note in heard:
                sa.event.remove(engine, "before_cursor_execute", note)

    def answered_by(self, client, url):
        """The database that the last statement of a page went to, and its text."""
        with self.watched() as seen:
            reply = client.get(url)
            text = reply.get_data().decode(errors="replace")
        assert reply.status_code == 200, f"{url}: {reply.status} {text[:2000]}"
        names = [name for name, _statement in seen]
        turns = [name for n, name in enumerate(names) if n == 0 or names[n - 1] != name]
        assert turns in (["primary"], ["primary", "standby"]), (url, turns)
        return turns[-1], text


@pytest.fixture(scope="module")
def place():
    with pair() as both:
        found = Place(both)
        yield found
        with found.app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        found.owner.dispose()


def test_lists_reports_and_exports_are_read_there_and_nothing_else_is(place, monkeypatch):
    officer = place.client("officer")
    there = [f"/admin/{name}/" for name in ("project", "component", "allocation", "obstacle")]
    there += [
        "/admin/project/export/csv/",
        f"/admin/reports/explain?period={MONTH}&column=plan_total",
    ]
    there += [
        f"/admin/reports/{name}{kind}?period={MONTH}"
        for name in REPORTS
        for kind in ("", ".csv", ".xlsx", ".docx")
    ]
    there += [f"/admin/reports/{name}?period={MONTH}" for name in ("sentences", "charts")]
    here = ["/admin/", "/admin/obstacle/new/", "/admin/review/", "/admin/account/"]
    asked = {url: place.answered_by(officer, url)[0] for url in (*there, *here)}
    assert asked == dict.fromkeys(there, "standby") | dict.fromkeys(here, "primary")

    # the second wall stands there, too: without the first one a unit sees its own rows only
    monkeypatch.setattr(scope, "bounds", lambda _ids: ())
    monkeypatch.setattr(scope, "scope_key", lambda _model: None)
    with sa.orm.Session(place.owner) as session:
        own, other = (make_project(session, investor_id=one.unit_id) for one in place.people)
        own.name, other.name = "Cầu của mình", "Cầu của người"
        session.commit()
    place.caught_up()
    which, text = place.answered_by(place.client(cookie=place.people[0].cookie), "/admin/project/")
    assert which == "standby"
    assert "Cầu của mình" in text
    assert "Cầu của người" not in text
    monkeypatch.undo()

    # what writes is refused by PostgreSQL itself, were the address even that of the primary
    with place.app.app_context():
        address = db.engine.url
        for engine in (
            db.standby,
            sa.create_engine(address, execution_options={"only_reads": True}),
        ):
            g.reads_from = engine
            db.session().enter(DISTRICT)
            with pytest.raises(sa.exc.DBAPIError) as refused:
                db.session.execute(sa.update(Component).values(name="x"))
            assert isinstance(refused.value.orig, psycopg.errors.ReadOnlySqlTransaction)
            db.session.rollback()
            engine.dispose()


def metrics(place):
    with place.app.app_context():
        return {family.name: family.samples[0].value for family in of_the_standby()}


def test_who_saved_sees_it_at_once_and_all_read_on_when_the_standby_is_behind_or_away(
    place, monkeypatch, caplog
):
    caplog.set_level("INFO", "app.standby")
    saver, other = place.client("officer"), place.client("officer")
    page = "/admin/holiday/"
    place.both.standby.ask("SELECT pg_wal_replay_pause()")
    day = {"day": "24/12/2024", "kind": "local_off", "name": "Nghỉ bù"}
    reply = saver.post_form("/admin/holiday/new/", day)
    assert reply.status_code in (302, 303), reply.text[:3000]
    which, text = place.answered_by(saver, page)
    assert (which, "Nghỉ bù" in text) == ("primary", True)
    which, text = place.answered_by(other, page)
    assert (which, "Nghỉ bù" in text) == ("standby", False)
    assert metrics(place)["huulung_standby_lag_bytes"] > 0

    place.app.config["DB_READ_LAG_SECONDS"] = 0.0
    which, text = place.answered_by(other, page)
    assert (which, "Nghỉ bù" in text) == ("primary", True)
    assert "bytes) behind: all is read from the primary" in caplog.text
    place.app.config["DB_READ_LAG_SECONDS"] = 60
    place.both.standby.ask("SELECT pg_wal_replay_resume()")
    place.caught_up()
    for client in (saver, other):
        which, text = place.answered_by(client, page)
        assert (which, "Nghỉ bù" in text) == ("standby", True)
    assert "the standby is read from again" in caplog.text
    assert metrics(place)["huulung_standby_lag_seconds"] == 0

    # cut off in the middle of a page: the page is asked again of the primary
    with place.app.app_context():
        engine, cuts = db.standby, []

    def cut(_c, _cursor, statement, *_rest):
        if "FROM holiday" in statement and not cuts:
            cuts.append(statement)
            place.both.standby.ask(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE usename LIKE 'app%'"
            )

    sa.event.listen(engine, "before_cursor_execute", cut)
    reply = other.get(page)
    assert reply.status_code == 200
    assert "Nghỉ bù" in reply.text
    assert "was lost under a page" in caplog.text
    sa.event.remove(engine, "before_cursor_execute", cut)

    caplog.clear()
    place.both.standby.stop()
    monkeypatch.setattr(switch, "PAUSE", 0.0)
    assert place.answered_by(other, page)[0] == "primary"
    assert metrics(place)["huulung_standby_up"] == 0
    place.both.standby.start()
    wait_until(lambda: place.answered_by(other, page)[0] == "standby", "it is used again")


def test_a_standby_of_another_database_or_for_another_role_is_not_read_from(place, caplog):
    """Both are there on the same server: only their names differ."""
    place.both.primary.ask("CREATE DATABASE of_others")
    place.both.primary.ask("CREATE ROLE someone_else LOGIN PASSWORD 'app'")
    place.caught_up()
    with place.app.app_context():
        there = db.standby.url
    for why, address in {
        "it is a standby of another database": there.set(database="of_others"),
        "its role is not that of DATABASE_URL": there.set(username="someone_else"),
    }.items():
        caplog.clear()
        elsewhere = Config(
            secret_key=KEY,
            database_url=place.app.config["SQLALCHEMY_DATABASE_URI"],
            database_read_url=address.render_as_string(hide_password=False),
            environment="testing",
        )
        app = create_app(elsewhere)
        app.test_client_class = Client
        client = app.test_client()
        client.set_cookie(*place.people[0].cookie)
        assert client.get("/admin/project/").status_code == 200
        assert f"the standby is not used: {why}: all is read from the primary" in caplog.text
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
