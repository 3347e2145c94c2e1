"""What an operator sees from outside: a line for every request, slow queries, metrics."""

from flask import Flask

from admin.seen import lines, metrics, queries, requests
from admin.seen.probe import stored_revision
from admin.seen.requests import note, note_account, note_database, request_id
from admin.seen.servers import OneServer, servers_of
from admin.seen.standby import Behind, NoStandby, end_of_log, has_all, how_far_behind, what_is_wrong

__all__ = [
    "Behind",
    "NoStandby",
    "OneServer",
    "end_of_log",
    "has_all",
    "how_far_behind",
    "init_app",
    "note",
    "note_account",
    "note_database",
    "request_id",
    "servers_of",
    "stored_revision",
    "what_is_wrong",
]


def init_app(app: Flask) -> None:
    """To be called after sign-in is set up: a line names who is signed in."""
    lines.configure(app.config)
    queries.watch(app.config["SLOW_QUERY_MS"])
    requests.init_app(app)
    metrics.init_app(app)
