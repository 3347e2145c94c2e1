"""Lists, reports and exports come from a standby: a real one, paused, stopped and cut off."""

import re
from contextlib import contextmanager
from datetime import datetime, timedelta

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
from models.base import HANOI, scope
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

    def person(self, role):
        """Somebody new of this role: the number and what a cookie says of them."""
        with sa.orm.Session(self.owner) as session:
            user = make_user(session, role)
            session.commit()
            return user.id, user.get_id()

    def client(self, role=None, cookie=None, known=None):
        """A browser: of somebody who is known, of a new person of this role, or with a cookie."""
        if cookie is None:
            known = known or self.person(role)
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

    def dispose(self):
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        self.owner.dispose()

    def add_day(self, client, name, day):
        reply = client.post_form(
            "/admin/holiday/new/", {"day": f"{day}/12/2024", "kind": "local_off", "name": name}
        )
        assert reply.status_code in (302, 303), reply.text[:3000]


@pytest.fixture(scope="module")
def place():
    with pair() as both:
        found = Place(both)
        yield found
        found.dispose()


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
    place.add_day(saver, "Nghỉ bù", 24)
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


def test_who_saved_at_the_desk_sees_it_on_the_telephone_and_others_read_the_standby(place):
    """For as long as the standby has not got it, in every browser of theirs."""
    known = place.person("officer")
    desk, telephone = place.client(known=known), place.client(known=known)
    other = place.client("officer")
    page = "/admin/holiday/"
    place.caught_up()
    place.both.standby.ask("SELECT pg_wal_replay_pause()")
    try:
        assert place.answered_by(telephone, page)[0] == "standby"
        place.add_day(desk, "Nghỉ của bàn", 26)
        for _ in range(2):
            which, text = place.answered_by(telephone, page)
            assert (which, "Nghỉ của bàn" in text) == ("primary", True)
            assert place.answered_by(desk, page)[0] == "primary"
            which, text = place.answered_by(other, page)
            assert (which, "Nghỉ của bàn" in text) == ("standby", False)
    finally:
        place.both.standby.ask("SELECT pg_wal_replay_resume()")
    place.caught_up()
    for client in (desk, telephone, other):
        which, text = place.answered_by(client, page)
        assert (which, "Nghỉ của bàn" in text) == ("standby", True)


def test_a_page_says_how_old_its_figures_are_where_that_matters(place, monkeypatch):
    saver, other = place.client("officer"), place.client("officer")
    said = r"Số liệu đến ([0-9:]{8} [0-9/]{10}) \(máy chủ dự phòng\)"
    pages = ("/admin/holiday/", f"/admin/reports/consolidated?period={MONTH}")
    place.caught_up()
    place.both.standby.ask("SELECT pg_wal_replay_pause()")
    try:
        newest = place.both.standby.ask("SELECT pg_last_xact_replay_timestamp()")
        place.add_day(saver, "Nghỉ chưa tới", 27)
        for until, is_told in ((3600.0, False), (0.0, True)):
            monkeypatch.setattr(switch, "TOLD_FROM", until)
            for page in pages:
                which, text = place.answered_by(other, page)
                found = re.findall(said, text)
                assert (which, len(found)) == ("standby", is_told), page
                for one in found:
                    told = datetime.strptime(one, "%H:%M:%S %d/%m/%Y").replace(tzinfo=HANOI)
                    assert abs(told - newest) < timedelta(seconds=2)
            assert not re.findall(said, place.answered_by(other, "/admin/review/")[1])
    finally:
        place.both.standby.ask("SELECT pg_wal_replay_resume()")
    place.caught_up()
    for page in pages:
        which, text = place.answered_by(other, page)
        assert (which, re.findall(said, text)) == ("standby", [])


def test_an_old_primary_that_went_a_way_of_its_own_is_not_read_from(caplog, monkeypatch):
    """It was started as it was, took one more save, and follows the new one without going back."""
    monkeypatch.setattr(switch, "PAUSE", 0.0)
    with pair() as both:
        place = Place(both)
        saver, other = place.client("officer"), place.client("officer")
        page = "/admin/holiday/"
        place.add_day(saver, "Nghỉ của cả hai", 23)
        place.caught_up()
        old, new = both.primary, both.standby
        new.promote()
        old.stop()
        old.settings["synchronous_standby_names"] = ""
        old.start()
        place.add_day(saver, "Nghỉ của riêng", 24)  # acknowledged by the old one alone
        old.ask(f"ALTER SYSTEM SET primary_conninfo = '{new.url}'")
        old.stop()
        (old.data / "standby.signal").touch(0o600)
        old.start()
        assert old.ask("SELECT pg_is_in_recovery()")
        place.dispose()
        addresses = {"database_url": new.port, "database_read_url": old.port}
        with place.app.app_context():
            served = db.engine.url.render_as_string(hide_password=False)
        was = served.rpartition("/")[0].rpartition(":")[2]
        app = create_app(
            Config(secret_key=KEY, environment="testing", db_read_lag_seconds=60,
                   **{name: served.replace(f":{was}/", f":{port}/")
                      for name, port in addresses.items()})
        )  # fmt: skip
        app.test_client_class = Client
        place.app = other.application = app
        # whether the new one has saved nothing since, something, or more than the old one
        for n in range(3):
            which, text = place.answered_by(other, page)
            assert (which, "Nghỉ của riêng" in text) == ("primary", False)
            told = app.test_cli_runner().invoke(args=["check"])
            assert told.exit_code == 1
            assert "có những thay đổi mà máy chính không có" in told.output
            place.add_day(other, f"Nghỉ mới {n}", 25 + n)
        assert "it has changes that the primary has not" in caplog.text
        place.dispose()
