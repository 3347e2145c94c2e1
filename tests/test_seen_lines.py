"""The log: a line for every request, refusals with their reason, and nothing of what was typed."""

import json
import logging
import re
import sys
from contextvars import Context
from functools import partial
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from admin.pages.errors import said_by_the_database
from admin.seen import lines, note, queries, requests
from config import Config
from models import db
from models.people import give_password
from tests.factories import make_investor, make_project, make_user

SECRET = "Mat-khau-rieng-cua-toi-77"
FIELDS = {"request", "user", "unit", "action", "row", "status", "ms", "queries", "query_ms", "why"}


@pytest.fixture
def told(caplog):
    """`told.read()`: the lines of requests so far; `told.text()`: all that was logged."""
    caplog.set_level(logging.INFO)

    def read():
        formatter = lines.json_formatter()
        return [
            json.loads(formatter.format(one)) for one in caplog.records if one.name == "request"
        ]

    def last():
        return read()[-1]

    def text():
        formatter = lines.json_formatter()
        return "\n".join(formatter.format(one) for one in caplog.records)

    return SimpleNamespace(read=read, last=last, text=text)


@pytest.fixture
def client_for(client_for):
    """Clients that read each answer to its end, as servers do: then its line is written."""

    def make(*who):
        client = client_for(*who)
        client.open = partial(client.open, buffered=True)
        return client

    return make


def test_a_page_leaves_one_line_with_person_action_and_duration(client_for, told):
    reply = client_for("officer").get("/admin/?search=Nguyen-Van-An&id=x")
    [line] = told.read()
    assert line["request"] == reply.headers["X-Request-ID"]
    assert (line["action"], line["status"], line["level"]) == ("admin.index", 200, "INFO")
    assert line["message"] == "GET /admin/"
    assert line["user"].startswith("user")
    assert line["queries"] > 0
    assert line["ms"] >= line["query_ms"] >= 0
    assert set(line) <= FIELDS | {"time", "level", "logger", "message"}
    assert "Nguyen" not in told.text()


def test_a_user_of_a_unit_is_named_with_the_unit(client_for, session, told):
    unit = make_investor(session)
    client_for("investor", unit).get("/admin/my-report/")
    assert told.last()["unit"] == unit.code


@pytest.mark.parametrize("url", ["/healthz", "/login", "/nowhere", "/static/backoffice.css"])
def test_strangers_leave_a_line_as_well(client_for, told, url):
    client_for(None).get(url)
    assert told.last()["message"] == f"GET {url}"
    assert "user" not in told.last()


def test_a_wrong_password_is_told_with_the_account_and_never_with_the_password(
    client_for, session, told
):
    user = make_user(session, "officer", username="hoa.nv")
    give_password(user, "Dung-mat-khau-nay-99", must_change=False)
    client_for(None).post_form("/login", {"username": "hoa.nv", "password": SECRET})
    line = told.last()
    assert (line["action"], line["user"]) == ("auth.login", "hoa.nv")
    assert (line["why"], line["level"]) == ("wrong name or password", "WARNING")
    client_for(None).post_form("/login", {"username": SECRET, "password": SECRET})
    assert told.last()["why"] == "wrong name or password"
    assert "user" not in told.last()  # a password typed as a name is stored nowhere
    assert SECRET.casefold() not in told.text().casefold()


def test_a_sign_in_names_the_person(client_for, session, told):
    user = make_user(session, "officer", username="hoa.nv")
    give_password(user, SECRET, must_change=False)
    reply = client_for(None).post_form("/login", {"username": "hoa.nv", "password": SECRET})
    assert reply.status_code == 302
    assert told.last()["user"] == "hoa.nv"
    assert "why" not in told.last()
    assert SECRET not in told.text()


def test_too_many_attempts_are_told(client_for, session, told):
    user = make_user(session, "officer", username="hoa.nv")
    give_password(user, SECRET, must_change=False)
    client = client_for(None)
    for _ in range(8):
        client.post_form("/login", {"username": "hoa.nv", "password": "x"})
    assert (told.last()["status"], told.last()["level"]) == (429, "WARNING")
    assert told.last()["why"] == "too many attempts to sign in"


def test_a_foreign_row_is_told_with_its_number(client_for, session, told):
    foreign = make_project(session)
    client_for("investor", make_investor(session)).get(f"/admin/project/details/?id={foreign.id}")
    line = told.last()
    assert (line["status"], line["level"]) == (404, "WARNING")
    assert line["row"] == str(foreign.id)
    assert line["user"]
    assert line["unit"]


def test_a_forbidden_page_is_told(client_for, told):
    client_for("leader").get("/admin/user/")
    line = told.last()
    assert (line["status"], line["level"]) == (403, "WARNING")
    assert line["user"].startswith("user")


def test_a_forged_form_is_told_with_whose_session_it_used(client_for, told):
    client_for("officer").post("/admin/project/new/", data={"name": SECRET})
    line = told.last()
    assert line["status"] == 400
    assert line["why"].startswith("CSRF")
    assert line["user"].startswith("user")
    assert SECRET not in told.text()


def test_a_refused_form_says_why_and_not_what(client_for, told):
    client_for("admin").post_form("/admin/user/new/", {"username": "x", "full_name": SECRET})
    assert told.last()["status"] == 422
    assert SECRET not in told.text()


def test_the_number_stands_on_every_error_page_and_in_the_header(client_for):
    for who, url in ((None, "/nowhere"), ("leader", "/admin/user/")):
        reply = client_for(who).get(url)
        assert reply.headers["X-Request-ID"] in reply.text


def test_a_fault_is_told_in_full_under_the_number_on_the_page(
    client_for, told, monkeypatch, caplog
):
    monkeypatch.setattr("admin.pages.home.overdue", lambda *_a, **_k: 1 / 0)
    reply = client_for("officer").get("/admin/")
    assert reply.status_code == 500
    assert reply.headers["X-Request-ID"] in reply.text
    assert (told.last()["status"], told.last()["level"]) == (500, "ERROR")
    assert told.last()["user"].startswith("user")
    [fault] = [one for one in caplog.records if one.exc_info]
    assert "ZeroDivisionError" in lines.json_formatter().format(fault)


@pytest.mark.parametrize("number", ["abc\n{}", "x" * 65, "short", "a b c d e f g"])
def test_the_number_of_a_proxy_is_taken_only_where_there_is_one(number):
    def ask(behind_proxy, given):
        seen = {}
        inner = requests.Watched(
            lambda _e, start: start("200 OK", []) or [], behind_proxy=behind_proxy
        )
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_X_REQUEST_ID": given}
        inner(environ, lambda _s, headers, *_r: seen.update(headers)).close()
        return seen["X-Request-ID"]

    assert ask(True, "0123456789abcdef") == "0123456789abcdef"
    assert ask(False, "0123456789abcdef") != "0123456789abcdef"
    assert re.fullmatch("[0-9a-f]{16}", ask(True, number))


@pytest.mark.parametrize("path", ["/a%0a%0d{}", "/a%e2%80%a8b", "/a%e2%80%aeb", "/a%00", "/%1b[2J"])
def test_nobody_can_write_lines_of_their_own(client_for, caplog, path):
    caplog.set_level(logging.INFO)
    client_for(None).get(path)
    [record] = [one for one in caplog.records if one.name == "request"]
    for formatter in (lines.json_formatter(), lines.PlainFormatter()):
        line = formatter.format(record)
        assert len(line.splitlines()) == 1
        assert line.isprintable()
    assert json.loads(lines.json_formatter().format(record))["message"].startswith("GET /")


def test_a_traceback_cannot_pass_for_lines_of_the_log(caplog):
    try:
        raise ValueError("x\n2026-01-01 00:00:00 info    all is well")
    except ValueError:
        logging.getLogger("x").exception("failed")
    [record] = caplog.records
    first, *more = lines.PlainFormatter().format(record).splitlines()
    assert "failed" in first
    assert all(line.startswith("    ") for line in more)
    assert len(lines.json_formatter().format(record).splitlines()) == 1


def test_a_slow_statement_is_named_without_its_values(app, caplog):
    queries.watch(1)
    try:
        with app.app_context():
            rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 200000)"
            ask = sa.text(f"{rows} SELECT max(i), :who, 'Nguyen Van An' FROM n")
            with db.engine.connect() as connection:
                connection.execute(ask, {"who": SECRET}).all()
    finally:
        queries.watch(500)
    slow = [one for one in caplog.records if one.name == "slow-query"]
    assert any("SELECT max(i)" in one.statement and one.ms >= 1 for one in slow)
    text = "".join(lines.json_formatter().format(one) for one in slow)
    assert SECRET not in text
    assert "Nguyen" not in text


def test_a_fault_of_the_database_does_not_repeat_what_was_typed(app):
    with app.app_context(), db.engine.connect() as connection:
        with pytest.raises(Exception, match="nowhere") as fault:
            connection.execute(sa.text("SELECT :who FROM nowhere"), {"who": SECRET})
        assert SECRET not in str(fault.value)


def test_what_the_database_refuses_is_told_by_its_constraint():
    original = Exception(f"Key (email)=({SECRET}) already exists")
    assert SECRET not in said_by_the_database(sa.exc.IntegrityError("INSERT", {}, original))


@pytest.fixture
def root():
    """The root of all logs, put back as it was."""
    root = logging.getLogger()
    handlers = root.handlers[:]
    yield root
    for one in root.handlers:
        if one.get_name() == lines.OURS:
            one.close()
    root.handlers[:] = handlers
    logging.captureWarnings(False)


KEY = "mV8rQz2Lw6Tn0Xc4Hy9Kb3Jd7Pf1Gs5U"


def settings(tmp_path, **given):
    env = {"SECRET_KEY": KEY, "DATABASE_URL": "sqlite://", "LOG_FILE": ""} | given
    env |= {"TRUSTED_HOSTS": "localhost", "PROXY_HOPS": "0"}
    return Config.from_env(env, instance_path=tmp_path).for_flask()


def test_production_writes_json_to_a_file_of_its_own_that_may_be_moved_away(tmp_path, root):
    file = tmp_path / "app.log"
    lines.configure(settings(tmp_path, APP_ENV="production", LOG_FILE=str(file)))
    root.handlers[:] = [one for one in root.handlers if one.get_name() == lines.OURS]
    logging.getLogger("request").info("Hữu Lũng")
    file.rename(tmp_path / "app.log.1")
    logging.getLogger("second").warning("after")
    before, after = (tmp_path / "app.log.1").read_text(), file.read_text()
    assert json.loads(before)["message"] == "Hữu Lũng"
    assert re.match(r"\d{4}-\d\d-\d\dT", json.loads(before)["time"])
    assert json.loads(after) | {"time": ""} == {
        "time": "",
        "level": "WARNING",
        "logger": "second",
        "message": "after",
    }
    assert (tmp_path / "app.log.1").stat().st_mode & 0o077 == 0


def test_development_writes_plain_lines(tmp_path, root, monkeypatch):
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)
    lines.configure(settings(tmp_path, APP_ENV="development"))
    ours = [one for one in root.handlers if one.get_name() == lines.OURS]
    assert len(ours) == 1
    assert isinstance(ours[0].formatter, lines.PlainFormatter)
    lines.configure(settings(tmp_path, APP_ENV="development"))
    assert len([one for one in root.handlers if one.get_name() == lines.OURS]) == 1


@pytest.mark.parametrize("place", ["nowhere/app.log", "."])
def test_a_log_that_cannot_be_written_is_said_in_a_sentence(tmp_path, root, place):
    with pytest.raises(SystemExit, match=r"LOG_FILE: .* cannot be written"):
        lines.configure(settings(tmp_path, LOG_FILE=str(tmp_path / place)))


def test_a_wrong_threshold_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="SLOW_QUERY_MS"):
        settings(tmp_path, SLOW_QUERY_MS="fast")


def test_outside_of_a_request_nothing_is_noted():
    def outside():
        note("nothing")
        assert requests.request_id() == ""
        assert requests.current() is None

    Context().run(outside)  # in this one an answer of another test may still be open
