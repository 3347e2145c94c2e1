"""The database server away and back, and back to a moment: a real one that forgets nothing."""

import os
import re
import subprocess
import time

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from app import create_app
from config import Config
from models import Component, db
from tests.conftest import sign_in
from tests.databases import Client
from tests.durable_postgres import NOBODY, durable_server, programs
from tests.factories import make_component, make_user
from tests.forms import typed
from tests.served import ROOT, wait_until

PAGE = (ROOT / "docs/point-in-time.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
# what only a machine of its own has: users, services
SHELL = """
sudo() {{ shift 2; "$@"; }}
install() {{ mkdir -p "${{@: -1}}"; }}
systemctl() {{
  case "$*" in
    *huulung*) ;;
    restart*) systemctl stop postgresql; systemctl start postgresql;;
    stop*) pg_ctl -D {data} -w -m fast stop >/dev/null;;
    start*) pg_ctl -D {data} -w -l {folder}/server.log -o "-k {folder} -c listen_addresses=''" \
      start >/dev/null;;
  esac
}}
"""


@pytest.fixture(scope="module")
def cluster():
    with durable_server() as server:
        yield server


@pytest.fixture
def served(cluster):
    """The application on that server."""
    app = create_app(Config(secret_key="x" * 40, database_url=cluster.url, environment="testing"))
    app.test_client_class = Client
    with app.app_context():
        upgrade()
        engine = db.engine
        db.session.remove()
    yield app, engine
    engine.dispose()


def signed_in(app, engine):
    client = app.test_client()
    with sa.orm.Session(engine) as session:
        sign_in(client, make_user(session, "admin"), session)
    return client


def test_a_database_that_is_away_is_said_and_work_goes_on_when_it_is_back(cluster, served):
    app, engine = served
    admin = signed_in(app, engine)
    words = {"code": "TDA9", "name": "Tiểu dự án chín", "short_name": "TDA 9"}
    form = typed(admin.soup("/admin/component/new/"), valid_from="01/01/2021", **words)
    form |= {"csrf_token": admin.token()}
    probe = app.test_client()
    cluster.stop("immediate")
    for one in (probe, admin):  # a probe with a cookie is answered as any other
        assert (one.get("/readyz").text, one.get("/healthz").text) == ("database\n", "ok\n")
    for reply in (admin.get("/admin/"), admin.post("/admin/component/new/", data=form)):
        assert (reply.status_code, reply.headers.get("Retry-After")) == (503, "10")
        assert "Hiện không kết nối được hệ thống" in reply.text
    assert "Tiểu dự án chín" in reply.text
    cluster.start()
    assert probe.get("/readyz").status_code == 200
    assert admin.post("/admin/component/new/", data=form).status_code == 302
    with sa.orm.Session(engine) as session:
        assert session.scalars(sa.select(Component.code)).all() == ["TDA9"]


def between(engine):
    """A moment of the database's clock, with some distance to what was and will be saved."""
    with engine.connect() as connection:
        time.sleep(0.1)
        moment = connection.scalar(sa.text("SELECT clock_timestamp()"))
    time.sleep(0.1)
    return moment


def test_the_database_comes_back_as_it_was_at_a_moment(cluster, served):
    """The commands of docs/point-in-time.md; what was saved since the base copy is there, what
    was destroyed after the moment as well; a moment chosen too early is chosen anew.
    """
    _app, engine = served
    on, base, back = BLOCKS

    def run(shell):
        engine.dispose()
        text = shell.replace("/var/lib/postgresql/15/main", str(cluster.data))
        text = text.replace("/var/backups", str(cluster.folder))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", SHELL.format(**vars(cluster)) + text],
            cwd=cluster.folder,
            env=os.environ
            | {"PATH": f"{programs()}:{os.environ['PATH']}", "PGHOST": str(cluster.folder)}
            | {"PGUSER": "postgres"},
            user=NOBODY if os.geteuid() == 0 else None,
            text=True,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout

    def codes():
        with sa.orm.Session(engine) as session:
            return set(session.scalars(sa.select(Component.code)))

    def add(code):
        with sa.orm.Session(engine) as session:
            make_component(session, code=code)
            session.commit()

    older = codes()
    run(on)
    add("BEFORE")
    run(base)
    kept = sorted((cluster.data / "pg_wal/archive_status").glob("*.done"))[-1]
    kept.rename(kept.with_suffix(".ready"))  # a kill before it was noted as kept
    add("SINCE")
    run('psql -c "SELECT pg_switch_wal()"')
    wait_until(kept.exists, "a piece that is kept already holds nothing up")
    moment = between(engine)
    add("LATER")
    later = between(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM component"))
    assert codes() == set()
    for wanted, there in ((moment, {"BEFORE", "SINCE"}), (later, {"BEFORE", "SINCE", "LATER"})):
        run(re.sub(r"moment='.*?'", f"moment='{wanted.isoformat()}'", back))
        wait_until(lambda: not _recovers(engine), "it takes changes again")
        assert codes() - older == there  # the second time, too
        add("AFTER")


def _recovers(engine):
    with engine.connect() as connection:
        return connection.scalar(sa.text("SELECT pg_is_in_recovery()"))
