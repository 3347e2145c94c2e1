"""How long the consolidated report of a district with five years of data takes in the process.

    python -m tests.postgres .venv/bin/python -m bench.report     # PostgreSQL
    .venv/bin/python -m bench.report                              # SQLite

20 units with 20 projects each over 60 months: 400 projects, 24,000 entries. Prints the median
of 15 runs for every grouping and detail; ends with 1 when one of them takes 100 ms or more.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from statistics import median

import sqlalchemy as sa
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app import create_app
from bench import export
from bench.offices import put
from config import Config
from models import AllocationLine, Decision, Period, db
from reports.consolidated import consolidated

UNITS, PROJECTS, YEARS = 20, 20, range(2021, 2026)
LIMIT_MS = 100


def give_capital(connection: sa.Connection) -> None:
    """Two lines of the ledger for every allocation."""
    decision = {"id": 1, "number": "1/QĐ", "issued_on": date(2020, 12, 1), "issuer": "UBND"}
    decision |= {"effective_on": date(2020, 12, 1), "search_text": "", "version": 1}
    known = {column.name for column in sa.inspect(Decision).columns}
    put(connection, Decision, [{k: v for k, v in decision.items() if k in known}])
    projects = [
        (key, unit)
        for key, unit in zip(
            range(1, UNITS * PROJECTS + 1),
            [unit for unit in range(1, UNITS + 1) for _ in range(PROJECTS)],
            strict=True,
        )
    ]
    put(
        connection,
        AllocationLine,
        (
            {
                "id": year * 100_000 + key * 10 + n,
                "investor_id": unit,
                "allocation_id": year * 10_000 + key,
                "decision_id": 1,
                "kind": "supplement" if n else "initial",
                "amount": 500_000_000,
                "effective_on": date(year, 1 + n, 1),
                "version": 1,
            }
            for year in YEARS
            for key, unit in projects
            for n in range(2)
        ),
    )


def measure(kind: str) -> float:
    """The slowest median in milliseconds."""
    slowest = 0.0
    for group in ("component", "investor"):
        for detail in ("group", "investor", "project"):
            times = []
            for _run in range(15):
                with Session(db.engine) as session:
                    period = session.scalars(
                        sa.select(Period).where(Period.code == "2025-12")
                    ).one()
                    began = time.perf_counter()
                    report = consolidated(session, period=period, group=group, detail=detail)
                    times.append((time.perf_counter() - began) * 1000)
            slowest = max(slowest, median(times))
            print(f"{kind}: {group}/{detail}: {len(report.rows)} rows, {median(times):.0f} ms")
    return slowest


@contextmanager
def district() -> Iterator[None]:
    """An application with the five years, in DATABASE_URL or in a SQLite of its own."""
    export.UNITS, export.PROJECTS, export.MONTHS = UNITS, PROJECTS, 12 * len(YEARS)
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        app = create_app(
            Config(secret_key="only for measuring", database_url=url, environment="testing")
        )
        with app.app_context():
            upgrade()
            with db.engine.begin() as connection:
                export.fill(connection)
                give_capital(connection)
            if db.engine.dialect.name == "postgresql":
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
                    one.exec_driver_sql("ANALYZE")
            yield
            db.engine.dispose()


def main() -> int:
    with district():
        slowest = measure(db.engine.dialect.name)
    return 0 if slowest < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
