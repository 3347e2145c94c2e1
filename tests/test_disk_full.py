"""A disk that is really full: of the database server, of the log, of what is written meanwhile."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from app import create_app
from config import Config
from models import Component, db
from tests.conftest import sign_in
from tests.databases import Client
from tests.durable_postgres import NOBODY, durable_server
from tests.factories import make_user
from tests.forms import typed
from tests.served import TOKEN, served, wait_until

FULL = "Ổ đĩa của máy chủ đã đầy"
NEW = "/admin/component/new/"


@contextmanager
def small_disk(place: Path, megabytes: int):
    """A file system of that size at `place`; skipped where none may be mounted."""
    place.mkdir(exist_ok=True)
    owner = f"uid={NOBODY},gid={NOBODY},mode=0700" if os.geteuid() == 0 else "mode=0700"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,{owner}", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def full(place: Path):
    """Not a byte is free at `place` meanwhile."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as out:
        for size in (1_000_000, 4_096, 1):
            try:
                while out.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    try:
        yield
    finally:
        filler.unlink()


def test_a_full_disk_of_the_database_server_is_said_and_work_goes_on_when_there_is_room():
    """The data alone: of a full disk of its log PostgreSQL ends itself, and is away."""
    with durable_server(data_on=lambda place: small_disk(place, 110)) as cluster:
        app = create_app(
            Config(secret_key="x" * 40, database_url=cluster.url, environment="testing")
        )
        app.test_client_class = Client
        with app.app_context():
            upgrade()
            engine = db.engine
            db.session.remove()
        admin = app.test_client()
        with sa.orm.Session(engine) as session:
            sign_in(admin, make_user(session, "admin"), session)
        saved, full_at = [], None
        with full(cluster.data):
            for number in range(400):  # pages that are there have room for some
                words = {"code": f"T{number}", "name": "Tiểu dự án " + "dài " * 200}
                form = typed(
                    admin.soup(NEW), valid_from="01/01/2021", short_name=f"T {number}", **words
                )
                form |= {"csrf_token": admin.token()}
                reply = admin.post(NEW, data=form)
                if reply.status_code != 302:
                    full_at = words["code"]
                    break
                saved.append(words["code"])
            assert (reply.status_code, reply.headers.get("Retry-After")) == (503, "60")
            assert FULL in reply.text
            assert words["name"].strip() in reply.text
            assert admin.get("/admin/component/").status_code == 200  # reading goes on
        assert admin.post(NEW, data=form).status_code == 302
        with sa.orm.Session(engine) as session:
            stored = session.scalars(sa.select(Component.code)).all()
        assert sorted(stored) == sorted([*saved, full_at])
        engine.dispose()


def test_a_full_disk_of_log_and_temporary_files_stops_no_page(tmp_path):
    """What counts requests is mapped into memory: there a full disk would kill the worker."""
    with (
        small_disk(tmp_path / "small", 8) as place,
        served(
            tmp_path, LOG_FILE=str(place / "app.log"), TMPDIR=str(place), WEB_CONCURRENCY="2"
        ) as server,
    ):
        assert server.get("/login")[0] == 200
        workers = server.children()
        with full(place):
            for _ in range(12):
                assert server.get("/login")[0] == 200
                assert server.get("/nichts")[0] == 404
                status, told = server.get("/metrics", Authorization=f"Bearer {TOKEN}")
                assert (status, "huulung" in told) == (200, True)
            assert server.children() == workers
        server.log = place / "app.log"

        def whole_again():
            assert server.get("/healthz")[0] == 200
            line = server.log.read_text().splitlines()[-1]  # of those before one may be torn
            return line.startswith("{") and line.endswith("}") and "health.healthz" in line

        # a line is written after its answer is sent, and by one worker while the other writes
        wait_until(whole_again, "lines are written again")
