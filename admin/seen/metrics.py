"""`/metrics` for Prometheus: what the workers count together, and what stands in the database.

Off without METRICS_TOKEN. Under gunicorn every worker counts in files of one folder
(PROMETHEUS_MULTIPROC_DIR, see gunicorn.conf.py), so that any of them answers for all.
"""

import hmac
import math
import os
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import ColumnElement, event, func, select
from sqlalchemy.pool import Pool

from admin.seen.probe import database_answers
from admin.seen.requests import Seen, at_the_end
from admin.seen.standby import of_the_standby
from models import DISTRICT, AuditEntry, Channel, Digest, ImportRun, Period, Reminder, db
from models.base import drift, now
from models.duty import is_open, times_late

bp = Blueprint("metrics", __name__)
OURS = CollectorRegistry()
REQUESTS = Counter(
    "huulung_requests",
    "Requests that were answered.",
    ("method", "action", "status"),
    registry=OURS,
)
SECONDS = Histogram(
    "huulung_request_seconds",
    "From the first byte of a request to the last of its answer.",
    ("action",),
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=OURS,
)
READS = Counter(
    "huulung_reads",
    "Lists, reports and exports, by the database that answered, where a standby is named.",
    ("database",),
    registry=OURS,
)
POOL = Gauge(
    "huulung_database_connections",
    "Connections of all workers to the database.",
    ("state",),
    multiprocess_mode="livesum",
    registry=OURS,
)


def _count(seen: Seen, seconds: float) -> None:
    action = seen.action or "none"  # addresses that lead nowhere are endless
    REQUESTS.labels(seen.method, action, str(seen.status)).inc()
    SECONDS.labels(action).observe(seconds)
    if seen.database:
        READS.labels(seen.database).inc()


at_the_end(_count)


@event.listens_for(Pool, "connect")
def _opened(*_of: Any) -> None:
    POOL.labels("open").inc()


@event.listens_for(Pool, "close")
def _closed(*_of: Any) -> None:
    POOL.labels("open").dec()


@event.listens_for(Pool, "checkout")
def _taken(_connection: Any, record: Any, _proxy: Any) -> None:
    record.record_info["in use"] = True
    POOL.labels("in use").inc()


@event.listens_for(Pool, "checkin")
def _given_back(_connection: Any, record: Any) -> None:
    # told of a connection, too, that never came to be, since the database was away
    if record.record_info.pop("in use", False):
        POOL.labels("in use").dec()


@bp.route("/metrics")
def metrics() -> Response:
    """404 where no token is set, 401 for a wrong one."""
    token = current_app.config["METRICS_TOKEN"]
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        abort(401)
    stored = CollectorRegistry(auto_describe=False)
    stored.register(InTheDatabase())
    text = generate_latest(_of_all_workers()) + generate_latest(stored)
    return Response(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _of_all_workers() -> CollectorRegistry:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return OURS
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


class InTheDatabase:
    """What is asked of the database at each call; only whether it is there, where it is not."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        answers = database_answers(db.engine)
        yield GaugeMetricFamily("huulung_database_up", "The database answers.", value=answers)
        yield from of_the_standby() if answers else ()
        if answers:
            db.session().enter(DISTRICT)
            yield _drift()
            yield _late_units()
            yield _mails()
            yield _imports()
            yield _backup_age()


def _family(name: str, about: str, label: str, values: dict[Any, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family


def _drift() -> GaugeMetricFamily:
    about = "By so much the clock of the database is ahead of this server's; it goes by the former."
    return GaugeMetricFamily("huulung_clock_drift_seconds", about, value=drift())


def _late_units() -> GaugeMetricFamily:
    as_of = now()
    periods = db.session.scalars(select(Period).where(is_open(as_of))).all()
    codes = {period.id: period.code for period in periods}
    late = dict.fromkeys(codes.values(), 0)
    for _unit, period_id in times_late(db.session(), periods, as_of=as_of):
        late[codes[period_id]] += 1
    about = "Units that sent late or are missing, of periods that are open."
    return _family("huulung_late_units", about, "period", late)


def _counted(column: Any, *where: ColumnElement[bool]) -> dict[str, int]:
    rows = db.session.execute(select(column, func.count()).where(*where).group_by(column))
    return {key.value: count for key, count in rows}


def _mails() -> GaugeMetricFamily:
    found = _counted(Reminder.delivery, Reminder.channel == Channel.MAIL)
    for key, count in _counted(Digest.delivery).items():
        found[key] = found.get(key, 0) + count
    about = "Mails of reminders so far, by what became of them."
    return _family("huulung_mails", about, "delivery", found)


def _imports() -> GaugeMetricFamily:
    about = "Imports, by where they stand."
    return _family("huulung_imports", about, "status", _counted(ImportRun.status))


def _backup_age() -> GaugeMetricFamily:
    # one of a clock that was ahead would hide for as long that none is made any more
    at, made = now(), select(func.max(AuditEntry.at)).where(AuditEntry.action == "backup")
    last = db.session.scalar(made.where(AuditEntry.at <= at))
    age = (at - last).total_seconds() if last else math.inf
    about = "Since the last `flask backup` that succeeded; +Inf if there was none."
    return GaugeMetricFamily("huulung_backup_age_seconds", about, value=age)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
