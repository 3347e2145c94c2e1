"""The list of entries and its export beside stock Flask-Admin and beside pages written by hand.

    DATABASE_URL=… .venv/bin/python -m bench.lists [ROUNDS]

On a database that bench.offices filled. In one process and one run, so that ratios can be read:
the best of the rounds for the first page and a page deep in the list, then rows a second, first
byte and memory of the export. Stock Flask-Admin shows the same columns of the same models with
nothing set but these; the hand-written page and file are one SQL statement each.
"""

import csv
import io
import os
import sys
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask, Response, render_template_string, request
from flask.testing import FlaskClient
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from sqlalchemy.orm import scoped_session, sessionmaker

from app import create_app
from bench.export import resident_mb
from bench.offices import PASSWORD
from config import Config
from models import ProgressEntry, db

SIZE = 50
BEST = """
SELECT e.id, p.code, j.code AS project, i.short_name AS unit, s.status, e.physical_progress,
  (SELECT sum(d.advance + d.completed - d.recovered - d.returned + d.correction)
    FROM disbursement d WHERE d.investor_id = e.investor_id AND d.entry_id = e.id) AS paid,
  e.obstacles
FROM progress_entry e
JOIN submission s ON s.investor_id = e.investor_id AND s.id = e.submission_id
JOIN period p ON p.id = s.period_id
JOIN project j ON j.investor_id = e.investor_id AND j.id = e.project_id
JOIN investor i ON i.id = e.investor_id
"""
ORDER = "ORDER BY p.data_to DESC, j.code, e.id"
PAGE = """<!doctype html><title>Entries</title><p>{{ count }}</p><table>
{%- for row in rows %}<tr>{% for cell in row[1:] %}<td>{{ cell }}</td>{% endfor -%}
<td><a href="/details?id={{ row[0] }}">show</a></td></tr>{% endfor %}</table>"""


def by_hand(engine: sa.Engine, config: Any) -> Flask:
    """A page and a file as somebody writes them who wants nothing else."""
    app = Flask("by_hand")
    app.config.update(config)  # the limits of our transactions, which hold for every engine

    @app.get("/")
    def page() -> str:
        start = int(request.args.get("page", "0")) * SIZE
        with engine.connect() as connection:
            count = connection.scalar(sa.text("SELECT count(*) FROM progress_entry"))
            rows = connection.execute(
                sa.text(f"{BEST} {ORDER} LIMIT {SIZE} OFFSET :start"), {"start": start}
            ).all()
        return render_template_string(PAGE, rows=rows, count=count)

    @app.get("/csv")
    def file() -> Response:
        def pieces() -> Iterator[str]:
            with engine.connect() as connection:
                found = connection.execution_options(yield_per=2_000).execute(
                    sa.text(f"{BEST} {ORDER}")
                )
                for part in found.partitions():
                    buffer = io.StringIO(newline="")
                    csv.writer(buffer, lineterminator="\r\n").writerows(part)
                    yield buffer.getvalue()

        return Response(pieces(), content_type="text/csv")

    return app


class Stock(ModelView):
    """What Flask-Admin makes of the columns of our list."""

    column_list = (
        "submission.period", "project", "project.investor", "submission.status",
        "physical_progress", "obstacles",
    )  # fmt: skip
    page_size = SIZE


def stock(engine: sa.Engine, config: Any) -> Flask:
    """Flask-Admin as it comes, on the same models."""
    app = Flask("stock", template_folder=None)
    app.config.update(config)
    app.testing = True  # a fault shows
    session = scoped_session(sessionmaker(engine))
    app.teardown_appcontext(lambda _error: session.remove())
    Babel(app)
    Admin(app).add_view(Stock(ProgressEntry, session, endpoint="entry"))
    return app


class Cost(NamedTuple):
    """Milliseconds of the fastest round: on the clock, and of this process on a processor, which
    others on the machine disturb less.
    """

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:6.0f} ({self.processor:4.0f})"


def best_of(client: FlaskClient, address: str, rounds: int) -> Cost:
    """What a page costs; the first round is not counted."""
    took = []
    for _round in range(rounds + 1):
        began, busy = time.perf_counter(), time.process_time()
        reply = client.get(address)
        took.append((time.perf_counter() - began, time.process_time() - busy))
        if reply.status_code != 200:
            raise AssertionError(f"{address}: {reply.status_code}")
    return Cost(*(min(column) * 1000 for column in zip(*took[1:], strict=True)))


def exported(client: FlaskClient, address: str) -> str:
    """Rows a second, seconds to the first byte, MB more."""
    before = peak = resident_mb()
    began, first, rows = time.perf_counter(), 0.0, 0
    for piece in client.get(address, buffered=False).response:
        data = piece if isinstance(piece, bytes) else piece.encode()
        first = first or time.perf_counter() - began
        rows += data.count(b"\r\n")
        peak = max(peak, resident_mb())
    took = time.perf_counter() - began
    return f"{rows / took:9,.0f} rows/s, first byte {first:.2f} s, memory +{peak - before:.0f} MB"


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    url = os.environ["DATABASE_URL"]
    app = create_app(
        Config(secret_key="only for measuring", database_url=url, environment="testing")
    )
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        engine = db.engine
        with engine.connect() as connection:
            rows = connection.scalar(sa.select(sa.func.count()).select_from(ProgressEntry)) or 0
    ours = app.test_client()
    ours.post("/login", data={"username": "bench", "password": PASSWORD})
    deep = rows // SIZE // 2
    others = {
        "stock Flask-Admin": (stock(engine, app.config), "/admin/entry/"),
        "by hand": (by_hand(engine, app.config), "/"),
    }
    print(f"{engine.dialect.name}, {rows:,} entries, {SIZE} a page; ms (of a processor)")
    lines = {
        "ours": (
            best_of(ours, "/admin/entry/", rounds),
            best_of(ours, "/admin/entry/?last=1", rounds),
            best_of(ours, f"/admin/entry/?page={deep}", rounds),
        )
    }
    for name, (other, address) in others.items():
        client = other.test_client()
        numbered = best_of(client, f"{address}?page={deep}", rounds)
        lines[name] = best_of(client, address, rounds), numbered, numbered
    with engine.connect() as connection:
        began = time.perf_counter()
        connection.execute(sa.text(f"{BEST} {ORDER} LIMIT {SIZE}")).all()
        print(f"{'the SQL alone':18} first {(time.perf_counter() - began) * 1000:6.0f}")
    for name, (first, by_key, by_number) in lines.items():
        print(f"{name:18} first {first}  last page {by_key}  number {by_number}")
    print(f"export, ours      {exported(ours, '/admin/entry/export/csv/')}")
    print(f"export, by hand   {exported(others['by hand'][0].test_client(), '/csv')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
