"""The throw-away PostgreSQL: which one is taken, and that each of them serves."""

import shutil
from pathlib import Path

import psycopg
import pytest

from tests.postgres import chosen, debian_programs, debian_server, own_server

BIN = Path("/usr/lib/postgresql/15/bin")


@pytest.mark.parametrize(
    ("env", "has_wheel", "debian", "kind"),
    [
        ({"DATABASE_URL_TEST": "postgresql://x/y"}, True, BIN, "own"),
        ({}, True, BIN, "wheel"),
        ({"DATABASE_URL_TEST": ""}, True, None, "wheel"),
        ({}, False, BIN, "debian"),
        ({"TEST_POSTGRES": "debian"}, True, BIN, "debian"),
        ({"TEST_POSTGRES": "wheel", "DATABASE_URL_TEST": "postgresql://x/y"}, True, BIN, "wheel"),
    ],
)
def test_the_one_asked_for_or_the_first_that_is_there_is_taken(env, has_wheel, debian, kind):
    assert chosen(env, has_wheel=has_wheel, debian=debian) == kind


@pytest.mark.parametrize("asked", [{}, {"TEST_POSTGRES": "debian"}, {"TEST_POSTGRES": "oracle"}])
def test_where_there_is_none_it_says_what_to_do(asked):
    with pytest.raises(SystemExit, match="apt-get install postgresql"):
        chosen(asked, has_wheel=False, debian=None)


def test_of_debians_servers_the_newest_is_taken(tmp_path):
    assert debian_programs(tmp_path) is None
    for version, program in (("9.6", "initdb"), ("15", "initdb"), ("17", "psql")):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        (folder / program).touch()
    assert debian_programs(tmp_path) == tmp_path / "15" / "bin"


def test_debians_server_is_there_for_the_block_and_gone_after_it():
    if debian_programs() is None:
        pytest.skip("Debian's postgresql is not installed")
    with debian_server() as server:
        address = server.url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            row = connection.execute("SELECT current_setting('server_encoding'), 'Hữu Lũng'")
            assert row.fetchone() == ("UTF8", "Hữu Lũng")
        assert shutil.which("pg_dump", path=server.programs)
        folder = Path(address.split("host=")[1])
        assert folder.exists()
    assert not folder.exists()


@pytest.mark.parametrize("database", ["postgresql"])
def test_on_a_server_of_ones_own_each_gets_a_database_that_is_dropped(monkeypatch, owner_app):
    address = owner_app.config["SQLALCHEMY_DATABASE_URI"]
    monkeypatch.setenv("DATABASE_URL_TEST", address)

    def databases():
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    before = databases()
    with own_server() as first, own_server() as second:
        assert first.url != second.url
        assert len(databases() - before) == 2
        with psycopg.connect(first.url.replace("+psycopg", "")) as connection:
            tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            assert connection.execute(tables).fetchone() == (0,)
    assert databases() == before
