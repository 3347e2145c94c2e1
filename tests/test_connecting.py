"""Addresses of the database, TLS and connections: taken as operators write them, or a sentence."""

import psycopg
import pytest
from sqlalchemy import make_url

from config import Config
from tests.test_config import production

ONE = "postgresql://u:p@db.example.vn/huulung"
TWO = "postgresql://u:p%40@db1:5433,db2/huulung"
SURE = "target_session_attrs=read-write"
THERE = f"postgresql+psycopg://u@/d?{SURE}&"


def read(tmp_path, **given):
    return Config.from_env(production(**given), instance_path=tmp_path)


def refused(tmp_path, **given):
    with pytest.raises(SystemExit) as said:
        read(tmp_path, **given)
    return str(said.value)


def test_an_address_of_two_servers_is_what_driver_and_programs_both_understand(tmp_path):
    url = read(tmp_path, DATABASE_URL=f"{TWO}?{SURE}&application_name=bao cao").database_url
    told = make_url(url)
    assert told.host is None
    assert dict(told.query) == {
        "host": "db1,db2",
        "port": "5433,5432",
        "target_session_attrs": "read-write",
        "application_name": "bao cao",
    }
    known = psycopg.conninfo.conninfo_to_dict(url.replace("+psycopg", ""))
    assert known["host"] == "db1,db2"
    assert known["port"] == "5433,5432"
    assert known["password"] == "p@"
    assert known["application_name"] == "bao cao"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (ONE, "postgresql+psycopg://u:p@db.example.vn/huulung"),
        ("postgres://u@/d?host=/run/postgresql", "postgresql+psycopg://u@/d?host=/run/postgresql"),
        ("postgresql+psycopg://u@[::1]:6432/d", "postgresql+psycopg://u@[::1]:6432/d"),
        (
            f"postgresql://u@[::1]:1,[fe80::2]:2/d?{SURE}",
            f"postgresql+psycopg://u@/d?{SURE}&host=::1,fe80::2&port=1,2",
        ),
        (f"postgresql://u@/d?{SURE}&host=a:1&host=b", f"{THERE}host=a,b&port=1,5432"),
        (f"postgresql://u@/d?{SURE}&host=a:1,b:2", f"{THERE}host=a,b&port=1,2"),
        (f"postgresql://u@/d?{SURE}&host=a,::1&port=7", f"{THERE}host=a,::1&port=7,7"),
        (f"postgresql://u@%2Frun%2Fpg,b:2/d?{SURE}", f"{THERE}host=/run/pg,b&port=5432,2"),
        ("postgresql://u@%2Frun%2Fpg:7/d", "postgresql+psycopg://u@/d?host=/run/pg&port=7"),
        ("postgresql://u@:7/d?host=/run/pg", "postgresql+psycopg://u@/d?host=/run/pg&port=7"),
        ("postgresql://a:/d?user=u&password=p/", "postgresql+psycopg://u:p%2F@a/d"),
        ("postgresql://u@a?dbname=d", "postgresql+psycopg://u@a/d"),
    ],
)
def test_addresses_are_taken(tmp_path, url, expected):
    assert read(tmp_path, DATABASE_URL=url).database_url == expected


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (TWO, "several servers: add .target_session_attrs=read-write"),
        ("postgresql://u@/d?host=a,b", "several servers"),
        (f"{TWO}?target_session_attrs=standby", "must be read-write, since this address writes"),
        (f"{TWO}?target_session_attrs=master", "must be one of any, read-write"),
        (f"postgresql://u@a:x,b/d?{SURE}", "host or host:port"),
        (f"postgresql://u@a,,b/d?{SURE}", "host or host:port"),
        (f"postgresql://u@a,/d?{SURE}", "host or host:port"),
        ("postgresql://u@a:70000/d", "from 1 to 65535"),
        ("postgresql://u@a:0/d", "from 1 to 65535"),
        ("postgresql://u:sec/ret@a/d", "in a password / "),
        (f"postgresql://u@a,b/d?{SURE}&host=c", "in one place"),
        ("postgresql://u@a:1/d?port=2", "in one place"),
        ("postgresql://u@/d?hostaddr=::1,::2", "several servers"),
        (f"postgresql://u@/d?{SURE}&host=a,b,c&port=1,2", "one port for all of its servers"),
        (f"postgresql://u@/d?{SURE}&host=a,b&port=1,x", "from 1 to 65535"),
        ("postgresql://u@/d?host=a&port=70000", "from 1 to 65535"),
        ("postgresql://u@::1/d", "host or host:port"),
        ("postgresql://u:s@ec@a/d", "in a password / "),
        ("postgresql://u:12/sec@a/d", "in a password / "),
        ("postgresql://u:12?sec@a/d", "in a password / "),
        ("postgresql://u:12#sec@a/d", "in a password / "),
        ("postgresql://u@a/d?sslmode=on", "sslmode must be one of disable"),
        ("postgresql://u@a/d?connect_timeout=5s", "connect_timeout must be a number"),
        ("postgresql://u@a/d?ssl=true", "PostgreSQL knows no ssl="),
        ("postgresql+psycopg2://u@a/d", "like postgresql://role:password@host:5432/name"),
        ("mysql://u@a/d", "like postgresql://"),
        ("host=a dbname=d", "like postgresql://"),
        ("'postgresql://u@a/d'", "like postgresql://"),
    ],
)
def test_an_address_that_could_reach_the_wrong_server_is_refused(tmp_path, url, said):
    message = refused(tmp_path, DATABASE_URL=url)
    assert "DATABASE_URL" in message
    assert said.replace(".target", "?target") in message
    assert "sec" not in message.replace("seconds", "")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DATABASE_URL": "sqlite:////x/y"}, "DATABASE_READ_URL needs a standby of PostgreSQL"),
        ({"DATABASE_READ_URL": "sqlite:////x/y"}, "must be an address of PostgreSQL"),
        ({"DATABASE_READ_URL": "nonsense"}, "must be an address of PostgreSQL"),
        ({"DATABASE_READ_URL": f"{TWO}?{SURE}"}, "must be standby, since it only reads"),
        ({"DATABASE_URL": f"{ONE}?user=o", "DATABASE_OWNER_URL": "postgresql://o@h/d"}, "another"),
        ({"DATABASE_READ_URL": "postgresql://reader@h2/d"}, "must name the role of DATABASE_URL"),
        ({"DB_READ_LAG_SECONDS": "0"}, "DB_READ_LAG_SECONDS must be a number of seconds, from 1"),
    ],
)
def test_an_address_to_read_from_is_a_standby_for_the_same_role(tmp_path, given, said):
    env = {"DATABASE_URL": ONE, "DATABASE_READ_URL": "postgresql://u@h2/d"} | given
    assert said in refused(tmp_path, **env)


def test_tls_is_said_once_for_every_address_and_an_address_may_differ(tmp_path):
    file = tmp_path / "an authority.crt"
    file.write_text("x")
    tls = {"DB_SSLMODE": "verify-full", "DB_SSLROOTCERT": str(file)}
    config = read(tmp_path, DATABASE_URL=ONE, DATABASE_READ_URL=f"{ONE}?sslmode=verify-ca", **tls)
    assert make_url(config.database_url).query["sslmode"] == "verify-full"
    assert make_url(config.database_url).query["sslrootcert"] == str(file)
    assert make_url(config.database_read_url).query["sslmode"] == "verify-ca"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DB_SSLMODE": "on"}, "DB_SSLMODE must be one of disable"),
        ({"DB_SSLMODE": "verify-full"}, "DB_SSLROOTCERT must name the file"),
        ({"DB_SSLMODE": "require", "DB_SSLROOTCERT": "/no/such"}, "no file that can be read"),
        ({"DB_SSLROOTCERT": "/etc/passwd"}, "DB_SSLMODE must be require"),
        ({"DB_SSLMODE": "require", "DB_SSLCERT": "/etc/passwd"}, "go together"),
        ({"DB_SSLMODE": "require", "DATABASE_URL": "sqlite:////x"}, "of PostgreSQL"),
        ({"DB_POOL_SIZE": "0"}, "DB_POOL_SIZE must be a number of connections, from 1 to 200"),
        ({"DB_POOL_OVERFLOW": "-1"}, "DB_POOL_OVERFLOW must be a number of connections, from 0"),
        ({"DB_POOL_RECYCLE_SECONDS": "2"}, "from 10 to 86400"),
    ],
)
def test_what_is_wrong_with_tls_and_connections_is_named(tmp_path, given, said):
    assert said in refused(tmp_path, **({"DATABASE_URL": ONE} | given))


def test_connections_are_kept_and_made_as_the_settings_say(tmp_path):
    sizes = {"DB_POOL_SIZE": "3", "DB_POOL_OVERFLOW": "0", "DB_POOL_RECYCLE_SECONDS": "60"}
    options = read(tmp_path, **sizes).for_flask()["SQLALCHEMY_ENGINE_OPTIONS"]
    assert (options["pool_size"], options["max_overflow"], options["pool_recycle"]) == (3, 0, 60)
    assert options["connect_args"]["prepare_threshold"] is None


def test_what_an_address_says_of_waiting_goes_before_the_settings(tmp_path):
    def told(url, **more):
        flask = read(tmp_path, DATABASE_URL=url, **more).for_flask()
        return flask["SQLALCHEMY_DATABASE_URI"], flask["SQLALCHEMY_BINDS"]

    usual, _binds = told(ONE)
    assert psycopg.conninfo.conninfo_to_dict(usual.replace("+psycopg", "")) == {
        "user": "u",
        "password": "p",
        "host": "db.example.vn",
        "dbname": "huulung",
        "connect_timeout": "5",
        "keepalives_idle": "30",
        "keepalives_interval": "10",
        "keepalives_count": "3",
        "tcp_user_timeout": "30000",
    }
    own, binds = told(
        f"{ONE}?connect_timeout=7",
        DB_CONNECT_SECONDS="3",
        DATABASE_READ_URL="postgresql://u@h2/d?tcp_user_timeout=9000",
    )
    assert "connect_timeout=7&keepalives_idle=30" in own
    assert own.count("connect_timeout") == 1
    standby = make_url(binds["read"]["url"]).query
    assert (standby["connect_timeout"], standby["tcp_user_timeout"]) == ("2", "9000")
    assert "connect_timeout=3" in told(ONE, DB_CONNECT_SECONDS="3")[0]
