"""TLS to PostgreSQL with an authority of one's own: all takes it, and nothing goes past it."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import psycopg
import pytest
from sqlalchemy import make_url

from app import create_app
from config import Config
from models import db
from tests.durable_postgres import NOBODY, durable_server, programs
from tests.postgres import application_role
from tests.served import free_port, settings

SAN = "subjectAltName=DNS:localhost"  # not the number of the address


def openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def authority(folder: Path, name: str) -> Path:
    """A new authority; the file of its certificate."""
    made = folder / f"{name}.crt"
    openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-days", 2, "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key", "-out", made),
    )
    return made


def certificate(folder: Path, ca: Path) -> tuple[Path, Path]:
    """The certificate of a server called localhost, and its key."""
    made, key, asked, more = (folder / f"server.{end}" for end in ("crt", "key", "csr", "ext"))
    more.write_text(SAN)
    openssl(
        *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-subj", "/CN=localhost", "-keyout", key, "-out", asked),
    )
    openssl(
        *("x509", "-req", "-in", asked, "-CA", ca, "-CAkey", ca.with_suffix(".key")),
        *("-CAcreateserial", "-days", 2, "-extfile", more, "-out", made),
    )
    for one in (made, key):
        one.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(one, NOBODY, NOBODY)
    return made, key


@pytest.fixture(scope="module")
def secured():
    """A server that takes TLS alone over the network; its authority, and one it knows nothing of.

    Gives the addresses of the owner and of the role that owns nothing, by name and by number.
    """
    with TemporaryDirectory() as place:
        yield from _secured(Path(place))


def _secured(folder):
    if os.geteuid() == 0:  # the server, which is nobody, reads its certificate here
        folder.chmod(0o755)
    ours, theirs = authority(folder, "ours"), authority(folder, "theirs")
    made, key = certificate(folder, ours)
    port = free_port()
    with durable_server(
        listen_addresses="127.0.0.1",
        port=str(port),
        ssl="on",
        ssl_cert_file=str(made),
        ssl_key_file=str(key),
    ) as cluster:
        hba = cluster.data / "pg_hba.conf"
        hba.write_text("local all all trust\nhostssl all all 127.0.0.1/32 trust\n")
        cluster.run("pg_ctl", "-D", str(cluster.data), "reload")
        inside = f"{cluster.url}&port={port}"
        bound, _role = application_role(inside)
        place = f"localhost:{port}/postgres"
        yield {
            "inside": inside.replace("+psycopg", ""),
            "owner": f"postgresql://postgres@{place}",
            "bound": f"postgresql://{make_url(bound).username}:app@{place}",
            "ours": str(ours),
            "theirs": str(theirs),
        }


def tls(secured, *, ca="ours", by_number=False):
    addresses = {"DATABASE_URL": secured["bound"], "DATABASE_OWNER_URL": secured["owner"]}
    if by_number:
        addresses = {key: one.replace("localhost", "127.0.0.1") for key, one in addresses.items()}
    return addresses | {"DB_SSLMODE": "verify-full", "DB_SSLROOTCERT": secured[ca]}


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The application with these settings, as a command or (`serves`) as the server has it; the
    programs of that PostgreSQL come first.
    """
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    apps = []

    def make(env, *, serves=False):
        if serves:
            env = {name: value for name, value in env.items() if name != "DATABASE_OWNER_URL"}
        with click.Context(click.Command("run" if serves else "command")):
            apps.append(create_app(Config.from_env(settings(tmp_path, **env))))
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def run(app, *words):
    return app.test_cli_runner().invoke(args=[str(one) for one in words])


def test_pages_commands_and_their_programs_go_through_tls_and_nothing_beside_it(
    secured, tmp_path, made
):
    done = run(made(tls(secured)), "db", "upgrade")
    assert done.exit_code == 0, done.output
    client = made(tls(secured), serves=True).test_client()
    assert client.get("/readyz").status_code == 200
    assert client.get("/login").status_code == 200
    with psycopg.connect(secured["inside"]) as looking:
        asked = "SELECT DISTINCT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)"
        asked += " WHERE a.client_addr IS NOT NULL"
        assert looking.execute(asked).fetchall() == [(True,)]
    kept = run(made(tls(secured)), "backup", tmp_path / "b.backup")
    assert (kept.exit_code, (tmp_path / "b.backup").exists()) == (0, True), kept.output
    back = run(made(tls(secured)), "restore", tmp_path / "b.backup")
    assert back.exit_code == 0, back.output
    plain = tls(secured) | {"DB_SSLMODE": "disable", "DB_SSLROOTCERT": ""}
    assert run(made(plain), "db", "upgrade").exit_code != 0


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"ca": "theirs"}, "certificate verify failed"), ({"by_number": True}, "does not match host")],
)
@pytest.mark.parametrize("words", [("db", "upgrade"), ("backup",), ("check",)])
def test_a_server_that_does_not_prove_itself_is_told_in_a_sentence(
    secured, tmp_path, made, wrong, why, words
):
    file = tmp_path / "b.backup"
    told = run(made(tls(secured, **wrong)), *words, *([file] if "backup" in words else []))
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit), told.exception
    assert "Traceback" not in told.output
    assert why in told.output
    assert not file.exists()


def test_a_page_says_that_the_database_is_away_and_the_log_says_why(secured, tmp_path, made):
    client = made(tls(secured, ca="theirs"), serves=True).test_client()
    assert client.get("/readyz").status_code == 503
    page = client.get("/login")
    assert (page.status_code, "certificate" in page.text) == (503, False)
    assert "certificate verify failed" in (tmp_path / "app.log").read_text()
