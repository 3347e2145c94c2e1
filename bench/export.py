"""How fast, and in how much memory, the list of progress entries is exported.

    python -m tests.postgres .venv/bin/python -m bench.export     # PostgreSQL
    .venv/bin/python -m bench.export                              # SQLite

Makes 200 units with 20 projects each over 60 months (240,000 entries, as many disbursements) in
an empty database, then reads the file of `/admin/entry/export/csv/` piece by piece.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade

from app import create_app
from bench.offices import PASSWORD, put
from config import Config
from models import (
    Allocation,
    Component,
    Disbursement,
    Investor,
    Period,
    ProgressEntry,
    Project,
    Submission,
    User,
    db,
)
from models.people import hash_password

UNITS, PROJECTS, MONTHS = 200, 20, 60


def resident_mb() -> float:
    """Memory of this process that is in RAM, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def fill(connection: sa.Connection) -> None:
    """One component, the units with their projects and capital, the months with their entries."""
    ids = count(1)
    first = {"valid_from": date(2021, 1, 1), "search_text": "", "version": 1}
    put(connection, Component, [first | {"id": 1, "code": "C", "name": "C", "short_name": "C"}])
    put(
        connection,
        Investor,
        (
            first
            | {
                "id": n,
                "code": f"X-{n}",
                "kind": "commune",
                "name": f"Xã {n}",
                "short_name": f"Xã {n}",
            }
            for n in range(1, UNITS + 1)
        ),
    )
    projects = [(next(ids), unit) for unit in range(1, UNITS + 1) for _ in range(PROJECTS)]
    owned = {"version": 1}
    put(
        connection,
        Project,
        (
            owned
            | {
                "id": key,
                "investor_id": unit,
                "code": f"P{key}",
                "name": f"Mô hình chăn nuôi số {key} của xã {unit}",
                "component_id": 1,
                "start_on": date(2021, 1, 1),
                "status": "active",
                "search_text": "",
            }
            for key, unit in projects
        ),
    )
    months = [(2021 + n // 12, n % 12 + 1) for n in range(MONTHS)]
    capital = {"source": "NSTW", "nature": "SN"}
    put(
        connection,
        Allocation,
        (
            owned
            | capital
            | {
                "id": year * 10_000 + key,
                "investor_id": unit,
                "project_id": key,
                "budget_year": year,
                "vintage": year,
            }
            for year in sorted({year for year, _month in months})
            for key, unit in projects
        ),
    )
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    put(
        connection,
        Period,
        (
            {
                "id": n,
                "code": f"{year}-{month:02d}",
                "kind": "month",
                "budget_year": year,
                "number": month,
                "data_from": date(year, month, 1),
                "data_to": date(year, month, 28),
                "deadline_at": moment,
                "deadline_reason": "x",
                "status": "open",
                "opened_at": moment,
                "version": 1,
            }
            for n, (year, month) in enumerate(months, 1)
        ),
    )
    sent = {"status": "accepted", "first_submitted_at": moment, "last_submitted_at": moment}
    put(
        connection,
        Submission,
        (
            owned
            | sent
            | {"id": n * 1_000 + unit, "investor_id": unit, "period_id": n, "nil_report": False}
            for n in range(1, MONTHS + 1)
            for unit in range(1, UNITS + 1)
        ),
    )
    entries = [
        (n * 10_000 + key, n, key, unit) for n in range(1, MONTHS + 1) for key, unit in projects
    ]
    put(
        connection,
        ProgressEntry,
        (
            owned
            | {
                "id": key,
                "investor_id": unit,
                "submission_id": n * 1_000 + unit,
                "project_id": project,
                "physical_progress": n,
                "volume_value": 1_000_000 * n,
                "progress_text": "Đang triển khai theo kế hoạch.",
                "obstacles": "Mưa nhiều, vận chuyển khó khăn." if n % 3 else None,
            }
            for key, n, project, unit in entries
        ),
    )
    put(
        connection,
        Disbursement,
        (
            owned
            | {
                "id": key,
                "investor_id": unit,
                "entry_id": key,
                "allocation_id": months[n - 1][0] * 10_000 + project,
                "advance": 0,
                "completed": 1_000_000,
                "recovered": 0,
                "returned": 0,
                "awaits_decision": False,
            }
            for key, n, project, unit in entries
        ),
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        app = create_app(
            Config(secret_key="only for measuring", database_url=url, environment="testing")
        )
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            upgrade()
            with db.engine.begin() as connection:
                fill(connection)
                put(
                    connection,
                    User,
                    [
                        {
                            "username": "bench",
                            "full_name": "Bench",
                            "role": "leader",
                            "password_hash": hash_password(PASSWORD),
                            "must_change_password": False,
                            "enabled": True,
                            "session_epoch": 1,
                            "search_text": "",
                            "version": 1,
                        }
                    ],
                )
            if db.engine.dialect.name == "postgresql":
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
                    one.exec_driver_sql("ANALYZE")
        client = app.test_client()
        client.post("/login", data={"username": "bench", "password": PASSWORD})
        for address in ("/admin/entry/?page_size=20", "/admin/entry/"):
            began = time.perf_counter()
            status = client.get(address).status_code
            print(f"{address}: {status}, {(time.perf_counter() - began) * 1000:.0f} ms")
        before = peak = resident_mb()
        began, first, of_rows, rows, size = time.perf_counter(), 0.0, 0.0, -1, 0
        reply = client.get("/admin/entry/export/csv/", buffered=False)
        for piece in reply.response:
            first = first or time.perf_counter() - began
            rows, size = rows + piece.count(b"\r\n"), size + len(piece)
            if rows and not of_rows:
                of_rows = time.perf_counter() - began
            peak = max(peak, resident_mb())
        took = time.perf_counter() - began
        print(
            f"{url.split(':')[0]}: {rows} rows, {size / 1e6:.1f} MB, first piece {first:.2f} s, "
            f"first row {of_rows:.2f} s, whole {took:.2f} s, {rows / took:,.0f} rows/s, "
            f"memory +{peak - before:.1f} MB"
        )
    return 0 if rows == UNITS * PROJECTS * MONTHS else 1


if __name__ == "__main__":
    sys.exit(main())
