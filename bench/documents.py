"""How long Biểu 01 of a district takes as a spreadsheet and as a Word file, and in how much memory.

    .venv/bin/python -m bench.documents                              # SQLite
    python -m tests.postgres .venv/bin/python -m bench.documents     # PostgreSQL

400 projects of 20 units in all 22 columns, from the question to the last byte. Ends with 1 when
the spreadsheet takes 2 s or the Word file 5 s.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.orm import Session

from bench.report import district
from models import Period, db
from reports.tables import REPORTS, Asked, issue
from reports.writing import WRITERS, ReportParams, Table

LIMITS = {"xlsx": 2.0, "docx": 5.0}
RUNS = 5


def table_of(session: Session) -> Table:
    """Biểu 01 with its projects."""
    period = session.scalars(sa.select(Period).where(Period.code == "2025-12")).one()
    report = REPORTS["consolidated"]
    asked = Asked(
        period=period,
        params=ReportParams(period=period.code, detail="project"),
        as_of=datetime.now(UTC),
    )
    by = issue(session, say=gettext, language="vi", at=datetime.now(UTC))
    return report.table(report.find(session, asked), asked, by)


def measure(kind: str, write: Callable[[Table], Any]) -> float:
    """The median in seconds."""
    times, rows, size = [], 0, 0
    for _run in range(RUNS):
        with Session(db.engine) as session:
            began = time.perf_counter()
            table = table_of(session)
            size = len(write(table))
            times.append(time.perf_counter() - began)
            rows = len(table.rows)
    tracemalloc.start()
    write(table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"{db.engine.dialect.name}: {kind}: {rows} rows, {size / 1e3:.0f} kB, "
        f"{median(times):.2f} s, {peak / rows / 1e3:.0f} kB of memory a row"
    )
    return median(times)


def main() -> int:
    with district():
        found = {kind: measure(kind, write) for kind, write in WRITERS.items()}
    return 0 if all(found[kind] < limit for kind, limit in LIMITS.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
