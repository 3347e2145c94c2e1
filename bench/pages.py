"""How long the pages of everyday take, the questions of each, on an office of any size.

    DATABASE_URL=… .venv/bin/python -m bench.pages [ROUNDS] [PART OF AN ADDRESS]

On a database that bench.offices filled. Each page is opened by a test client as the account that
reads everything, its first time aside; printed are the best and the median of the rounds, the
processor time of the best (the program's and, where its server is on this machine, the
database's: the figure that a busy machine does not change), the number of statements, how long
they took, and the size of the page. A page that fails says so; one
that takes more than a minute is not asked again.
"""

import os
import sys
import time
from runpy import run_path
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from app import create_app
from bench import processor_seconds
from bench.offices import PASSWORD
from config import Config
from models import Period, ProgressEntry, db

PATIENCE = 60.0


def addresses(engine: sa.Engine) -> list[str]:
    """What is opened: of the newest period, and of the list of entries a page far down, too."""
    with engine.connect() as connection:  # past the scope
        code = connection.scalar(sa.select(Period.code).order_by(Period.id.desc()).limit(1))
        rows = connection.scalar(sa.select(sa.func.count()).select_from(ProgressEntry)) or 0
    deep = rows // 50 * 9 // 10
    report = f"/admin/reports/consolidated?period={code}"
    explained = f"/admin/reports/explain?period={code}"
    return [
        "/admin/",
        report,
        f"{report}&group=investor",
        f"{report}&detail=investor",
        f"{report}&detail=project",
        f"/admin/reports/ranking?period={code}",
        f"{explained}&column=disbursed_total",
        f"{explained}&column=plan_total",
        "/admin/review/",
        f"/admin/review/{code}",
        f"/admin/reports/late?period={code}",
        f"/admin/reports/obstacles?period={code}",
        f"/admin/reports/carry-over?period={code}",
        f"/admin/reports/allocation-changes?period={code}",
        f"/admin/reports/pace?period={code}",
        f"/admin/reports/pace/why?period={code}&investor=1",
        f"/admin/reports/treasury?period={code}",
        f"/admin/reports/charts?period={code}",
        f"/admin/reports/narrative?period={code}",
        f"/admin/reports/sentences?period={code}",
        f"/admin/findings/?period={code}",
        f"/admin/findings/?period={code}&of=ledger",
        "/admin/reminders/",
        f"/admin/letters/slow?period={code}",
        f"/admin/review/{code}/7",
        "/admin/project/details/?id=1",
        "/admin/investor/details/?id=1",
        "/admin/project/?page_size=50",
        "/admin/entry/?page_size=50",
        f"/admin/entry/?page_size=50&page={deep}",
        "/admin/submission/?page_size=50",
    ]


class Asked:
    """Counts statements and the time they take."""

    def __init__(self, engine: sa.Engine) -> None:
        self.number, self.seconds = 0, 0.0
        sa.event.listen(engine, "before_cursor_execute", self._before)
        sa.event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, connection: Any, *_rest: Any) -> None:
        connection.info["began"] = time.perf_counter()

    def _after(self, connection: Any, *_rest: Any) -> None:
        self.number += 1
        self.seconds += time.perf_counter() - connection.info["began"]


def spent(pids: list[int]) -> float:
    """Seconds of processor time of this process and of these."""
    return time.process_time() + processor_seconds(pids)


def servers(engine: sa.Engine) -> list[int]:
    """The processes of PostgreSQL that serve this database, if they are on this machine."""
    if engine.dialect.name != "postgresql" or engine.url.host:
        return []
    ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    with engine.connect() as connection:
        return list(connection.scalars(sa.text(ours)))


def measure(client: FlaskClient, asked: Asked, address: str, rounds: int) -> str:
    """One line about a page."""
    took: list[float] = []
    worked: list[float] = []
    for _round in range(rounds + 1):
        with client.application.app_context():
            pids = servers(db.engine)
        asked.number, asked.seconds = 0, 0.0
        before, began = spent(pids), time.perf_counter()
        reply = client.get(address)
        size = len(reply.data)
        took.append(time.perf_counter() - began)
        worked.append(spent(pids) - before)
        if reply.status_code != 200 or took[-1] > PATIENCE:
            break
    warm = took[1:] or took
    return (
        f"{min(warm) * 1000:9,.0f} ms  median {median(warm) * 1000:9,.0f}"
        f"  processor {min(worked[1:] or worked) * 1000:7,.0f}  {asked.number:4} "
        f"statements {asked.seconds * 1000:9,.0f} ms  {size / 1000:8,.0f} kB  {reply.status_code}"
        f"  {address}"
    )


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where a page failed."""
    rounds = int(arguments[0]) if arguments else 3
    part = arguments[1] if len(arguments) > 1 else ""
    url = os.environ["DATABASE_URL"]
    app = create_app(
        Config(secret_key="only for measuring", database_url=url, environment="testing")
    )
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        opened = addresses(db.engine)
        asked = Asked(db.engine)
    client = app.test_client()
    client.post("/login", data={"username": "bench", "password": PASSWORD})
    run_path("gunicorn.conf.py")["post_worker_init"](None)  # as the server begins
    failed = False
    for address in opened:
        if part in address:
            line = measure(client, asked, address, rounds)
            failed |= "  200  " not in line
            print(line, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
