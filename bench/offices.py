"""Databases of a district, a province and a nation, for measuring.

    python -m tests.postgres .venv/bin/python -m bench.offices province     # a trial
    DATABASE_URL=… .venv/bin/python -m bench.offices nation                 # one that stays
    DATABASE_URL=… .venv/bin/python -m bench.offices nation plain           # no sums made ahead

An empty database is brought up to date and filled by the database itself, set by set. Everything
is a function of the numbers, so that the same size is always the same office: units, projects with
capital of their year (each fifth with capital carried over), the months until last month with
their expected reports, what was sent, obstacles. In the last month some have not sent, some wait,
some were returned; of these the sending stands kept whole. At the end sums are made ahead, as the
timer of a server has it done. Accounts: `bench` (reads everything), `bench-office` (officer),
`bench-unit` (of unit 1).
"""

import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from app import create_app
from config import Config
from models import Component, Decision, Period, User, db
from models.base import counting_anew
from models.people import hash_password

PASSWORD = "Only-for-measuring-1"
OPEN_MONTHS = 24
COMPONENTS = 12
ACCOUNTS = {"bench": "leader", "bench-office": "officer", "bench-unit": "investor"}


@dataclass(frozen=True)
class Size:
    """How many units, projects of each unit, months."""

    units: int
    projects: int
    months: int

    @property
    def entries(self) -> int:
        return self.units * self.projects * self.months


SIZES = {
    "district": Size(20, 20, 60),
    "province": Size(400, 10, 60),
    "nation": Size(11_000, 18, 50),
}


def put(connection: sa.Connection, model: type, rows: Any) -> None:
    """Insert rows in parts, past the unit of work."""
    rows = iter(rows)
    while part := list(islice(rows, 5_000)):
        connection.execute(sa.insert(model), part)


def months_until(last: date, how_many: int) -> list[date]:
    """The first days of so many months, `last` in the last of them."""
    newest = last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(newest - how_many + 1, newest + 1)]


def _next(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _few(connection: sa.Connection, months: list[date]) -> None:
    """Components, the decision, periods, accounts."""
    first = {"valid_from": date(2016, 1, 1), "search_text": "", "sort_text": "", "version": 1}
    put(
        connection,
        Component,
        (
            first
            | {
                "id": n,
                "code": f"DA{n}",
                "parent_id": (n - 1) // 3 if n > 3 else None,
                "name": f"Dự án thành phần {n}",
                "short_name": f"Dự án {n}",
            }
            for n in range(1, COMPONENTS + 1)
        ),
    )
    issued = {"issued_on": date(2016, 1, 1), "effective_on": date(2016, 1, 1), "version": 1}
    texts = {"number": "1/QĐ", "issuer": "UBND", "search_text": "", "sort_text": ""}
    put(connection, Decision, [issued | texts | {"id": 1}])
    put(
        connection,
        Period,
        (
            {
                "id": n,
                "code": f"{day.year}-{day.month:02d}",
                "kind": "month",
                "budget_year": day.year,
                "number": day.month,
                "data_from": day,
                "data_to": _next(day) - timedelta(days=1),
                "deadline_at": datetime(*_next(day).timetuple()[:2], 9, 16, 59, 59, tzinfo=UTC),
                "deadline_reason": "Trước ngày mùng 10.",
                "status": "open" if n > len(months) - OPEN_MONTHS else "locked",
                "opened_at": datetime(day.year, day.month, 1, tzinfo=UTC),
                "version": 1,
            }
            for n, day in enumerate(months, 1)
        ),
    )
    put(
        connection,
        User,
        (
            {
                "id": n,
                "username": name,
                "full_name": name,
                "role": role,
                "password_hash": hash_password(PASSWORD),
                "must_change_password": False,
                "enabled": True,
                "session_epoch": 1,
                "search_text": "",
                "sort_text": "",
                "version": 1,
            }
            for n, (name, role) in enumerate(ACCOUNTS.items(), 1)
        ),
    )


NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {to}) SELECT {what}"
)
# what became of the report of unit u for period p, of {last} periods: in the last one of ten
# units three have sent nothing or typed only, three wait, two were returned, two are accepted
STATUS = (
    "CASE WHEN p.id < {last} THEN 'accepted' WHEN u.id % 10 = 1 THEN 'draft'"
    " WHEN u.id % 10 < 5 THEN 'submitted' WHEN u.id % 10 < 7 THEN 'returned' ELSE 'accepted' END"
)
SENT_ON = "CASE WHEN (u.id + p.id) % 23 = 0 THEN p.deadline_at ELSE p.opened_at END"
TEXTS = "'Đang triển khai theo kế hoạch.', 'Mưa nhiều, vận chuyển khó khăn.'"
MONEY = "0, 1000000 + 1000 * (e.project_id % 97), 0, 0, 0, FALSE, 1"

# in the order of the foreign keys: table, its columns, the rows
SETS = (
    (
        "investor",
        "id, code, kind, name, short_name, sort_order, valid_from, search_text, sort_text, version",
        NUMBERS.replace(
            "{what}",
            "i, 'X-' || i, 'commune', 'Ủy ban nhân dân xã ' || i, 'Xã ' || i, 0, d.effective_on,"
            " 'xa ' || i, 'xa ' || i, 1 FROM n CROSS JOIN decision d",
        ).replace("{to}", "{units}"),
    ),
    (
        "user_investor",
        "user_id, investor_id",
        "SELECT u.id, 1 FROM user_account u WHERE u.role = 'investor'",
    ),
    (
        "project",
        "id, investor_id, code, name, component_id, start_on, status, search_text, sort_text,"
        " version",
        NUMBERS.replace(
            "{what}",
            "i, (i - 1) / {projects} + 1, 'P' || i, 'Mô hình chăn nuôi số ' || i,"
            " 4 + i % {leaves}, d.effective_on, 'active', 'mo hinh chan nuoi so ' || i,"
            " 'mo hinh chan nuoi so ' || i, 1 FROM n CROSS JOIN decision d",
        ).replace("{to}", "{all}"),
    ),
    (
        "allocation",
        "id, investor_id, project_id, budget_year, source, nature, vintage, version",
        "SELECT y.year * 1000000 + p.id * 2 + v.k, p.investor_id, p.id, y.year,"
        " CASE p.id % 4 WHEN 0 THEN 'NSH' ELSE 'NSTW' END,"
        " CASE p.id % 3 WHEN 0 THEN 'DTPT' ELSE 'SN' END, y.year - v.k, 1"
        " FROM (SELECT DISTINCT budget_year AS year FROM period) y CROSS JOIN project p"
        " CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1) v WHERE v.k = 0 OR p.id % 5 = 0",
    ),
    (
        "allocation_line",
        "id, investor_id, allocation_id, decision_id, kind, amount, effective_on, version",
        "SELECT a.id * 2 + l.k, a.investor_id, a.id, 1,"
        " CASE WHEN l.k = 1 THEN 'supplement' WHEN a.vintage < a.budget_year THEN 'carry_in'"
        " ELSE 'initial' END, 20000000 + 1000000 * (a.project_id % 31), p.data_from, 1"
        " FROM allocation a CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1) l"
        " JOIN (SELECT budget_year, min(data_from) AS data_from FROM period GROUP BY budget_year) p"
        " ON p.budget_year = a.budget_year",
    ),
    (
        "expected_report",
        "investor_id, period_id",
        "SELECT u.id, p.id FROM investor u CROSS JOIN period p",
    ),
    (
        "submission",
        "id, investor_id, period_id, status, first_submitted_at, last_submitted_at, nil_report,"
        " version",
        f"SELECT p.id * 100000 + u.id, u.id, p.id, {STATUS},"
        f" CASE WHEN p.id = {{last}} AND u.id % 10 = 1 THEN NULL ELSE {SENT_ON} END,"
        f" CASE WHEN p.id = {{last}} AND u.id % 10 = 1 THEN NULL ELSE {SENT_ON} END, FALSE, 1"
        " FROM investor u CROSS JOIN period p WHERE p.id < {last} OR u.id % 10 NOT IN (0, 9)",
    ),
    (
        "progress_entry",
        "id, investor_id, submission_id, project_id, physical_progress, volume_value,"
        " progress_text, obstacles, version",
        "SELECT s.period_id * 1000000 + p.id, p.investor_id, s.id, p.id, s.period_id % 101,"
        f" 1000000 * s.period_id, {TEXTS}, 1"
        " FROM submission s JOIN project p ON p.investor_id = s.investor_id",
    ),
    (
        "disbursement",
        "id, investor_id, entry_id, allocation_id, advance, completed, recovered, returned,"
        " correction, awaits_decision, version",
        f"SELECT e.id * 2 + v.k, e.investor_id, e.id, p.budget_year * 1000000 + e.project_id * 2"
        f" + v.k, {MONEY} FROM progress_entry e"
        " JOIN submission s ON s.investor_id = e.investor_id AND s.id = e.submission_id"
        " JOIN period p ON p.id = s.period_id"
        " CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1) v WHERE v.k = 0 OR e.project_id % 5 = 0",
    ),
    (
        "submission_event",
        "id, investor_id, submission_id, kind, reason, at, user_name, version",
        "SELECT s.id * 2 + k.k, s.investor_id, s.id, CASE WHEN k.k = 0 THEN 'sent' ELSE s.status"
        " END, CASE WHEN k.k = 1 AND s.status = 'returned' THEN 'Xem lại.' END,"
        " s.first_submitted_at, 'bench', 1 FROM submission s"
        " CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1) k"
        " WHERE s.first_submitted_at IS NOT NULL"
        " AND (k.k = 0 OR s.status IN ('accepted', 'returned'))",
    ),
    (
        "sending",
        "id, investor_id, submission_id, period_id, number, sent_at, sent_by, outcome, outcome_by,"
        " stands_submitted, stands_accepted, nil_report, explanations, version",
        "SELECT s.id, s.investor_id, s.id, s.period_id, 1, s.first_submitted_at, 'bench',"
        " CASE WHEN s.investor_id % 2 = 0 THEN 'accepted' ELSE 'returned' END, 'bench',"
        " s.investor_id % 2 = 0, s.investor_id % 2 = 0, FALSE, '[]', 1"
        " FROM submission s WHERE s.status = 'returned'",
    ),
    (
        "sent_entry",
        "id, investor_id, sending_id, project_id, physical_progress, volume_value, version",
        "SELECT e.id, e.investor_id, s.id, e.project_id, e.physical_progress, e.volume_value, 1"
        " FROM sending s JOIN progress_entry e"
        " ON e.investor_id = s.investor_id AND e.submission_id = s.submission_id",
    ),
    (
        "sent_disbursement",
        "id, investor_id, entry_id, allocation_id, advance, completed, recovered, returned,"
        " correction, awaits_decision, version",
        f"SELECT d.id, e.investor_id, e.id, d.allocation_id, {MONEY} FROM sent_entry e"
        " JOIN disbursement d ON d.investor_id = e.investor_id AND d.entry_id = e.id",
    ),
    (
        "obstacle",
        "id, investor_id, project_id, content, cause, solver, raised_on, state, search_text,"
        " sort_text, version",
        "SELECT p.id, p.investor_id, p.id, 'Vướng mặt bằng.', 'site', 'district', q.data_from,"
        " 'open', 'vuong mat bang', 'vuong mat bang', 1 FROM project p JOIN period q"
        " ON q.id = {last} - p.id % 12 WHERE p.id % 7 = 0",
    ),
)


def fill(connection: sa.Connection, size: Size, last: date) -> None:
    """Everything of an office of this size, in an empty database; `last` lies in its last month."""
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:  # keys and guards would be asked row by row
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    _few(connection, months_until(last, size.months))
    numbers = {
        "units": size.units,
        "projects": size.projects,
        "all": size.units * size.projects,
        "last": size.months,
        "leaves": COMPONENTS - 3,
    }
    for table, columns, rows in SETS:
        rows = rows.format(**numbers)
        began = time.perf_counter()
        done = connection.execute(sa.text(f"INSERT INTO {table} ({columns}) {rows}"))
        if is_postgresql:
            connection.exec_driver_sql(f"ANALYZE {table}")
        print(f"{table}: {done.rowcount:,} rows, {time.perf_counter() - began:.1f} s", flush=True)
    if is_postgresql:  # its guards slept
        for statement in counting_anew():
            connection.exec_driver_sql(statement)


def analyse() -> None:
    """Fresh statistics, as a database that has lived for a while has them."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        command = "VACUUM ANALYZE" if db.engine.dialect.name == "postgresql" else "ANALYZE"
        connection.exec_driver_sql(command)


def main(arguments: list[str]) -> int:
    """Brings the database of DATABASE_URL up to date and fills it."""
    size, *more = arguments or [""]
    if size not in SIZES or more not in ([], ["plain"]) or "DATABASE_URL" not in os.environ:
        print(__doc__)
        return 2
    url = os.environ["DATABASE_URL"]
    app = create_app(
        Config(secret_key="only for measuring", database_url=url, environment="testing")
    )
    with app.app_context():
        upgrade()
        today = datetime.now(UTC).date()
        with db.engine.begin() as connection:
            fill(connection, SIZES[size], today.replace(day=1) - timedelta(days=1))
        analyse()
    if not more:
        began = time.perf_counter()
        done = app.test_cli_runner().invoke(args=["figures", "sum"], catch_exceptions=False)
        print(f"sums made ahead: {time.perf_counter() - began:.1f} s", flush=True)
        return done.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
