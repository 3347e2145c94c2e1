"""Settings of the server: few workers with threads, renewed now and then.

The application writes a line for every request itself (admin/seen), so the server keeps no
access log of its own; what the server says of itself has the same form.
"""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

bind = "127.0.0.1:5000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = False
timeout = 120
graceful_timeout = 30
max_requests = 5_000
max_requests_jitter = 500
limit_request_line = 4_094
limit_request_fields = 100
forwarded_allow_ips = "127.0.0.1"
control_socket_disable = True
umask = 0o077  # what the service writes is its own, whatever it was started with
os.umask(umask)  # the log is opened before the workers are made

_form = {"format": "%(asctime)s %(levelname)-7s %(message)s"}
if os.environ.get("APP_ENV") == "production":
    _form = {
        "()": "pythonjsonlogger.json.JsonFormatter",
        "fmt": ("levelname", "name", "message"),
        "rename_fields": {"levelname": "level", "name": "logger", "exc_info": "trace"},
        "timestamp": "time",
    }
_to = {"class": "logging.StreamHandler", "formatter": "ours"}
if os.environ.get("LOG_FILE"):
    _to = {
        "class": "logging.handlers.WatchedFileHandler",
        "formatter": "ours",
        "filename": os.environ["LOG_FILE"],
    }
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ours": _form},
    "handlers": {"ours": _to},
    "root": {"level": "WARNING", "handlers": []},  # the application brings its own
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["ours"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}

_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
# bytes that the counts of a worker take at most, by kind; of the pages of all routes
_ROOM = {"counter": 1 << 18, "histogram": 1 << 20, "gauge_livesum": 1 << 16}


def on_starting(_server: Any) -> None:
    """The workers count requests in files of one folder, so that any of them tells of all."""
    os.environ[_COUNTS] = tempfile.mkdtemp(prefix="huulung-metrics-")
    if os.environ.get("APP_ENV") == "production":
        _try_once()


def _try_once() -> None:
    """What the application refuses to start with ends the server with that sentence: workers that
    refuse would be started again and again. A process of its own, so that SIGHUP brings new code.
    """
    run = [sys.executable, "-c", "from app import create_app; create_app()"]
    tried = subprocess.run(run, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603  # nosec B603
    if tried.returncode:
        raise SystemExit(tried.stderr.strip() or "the application does not start")


def post_fork(_server: Any, worker: Any) -> None:
    """Take the room for the counts now: they are mapped into memory, and a worker that touches a
    page of theirs when the disk is full is killed (SIGBUS). Without room they lie in memory.
    """
    for place in (os.environ[_COUNTS], None):
        try:
            folder = place or tempfile.mkdtemp(prefix="huulung-metrics-", dir="/dev/shm")  # nosec B108
            for kind, size in _ROOM.items():
                with Path(folder, f"{kind}_{worker.pid}.db").open("a+b") as out:
                    os.posix_fallocate(out.fileno(), 0, size)
        except OSError as error:
            worker.log.warning("no room to count requests: %s", error)
        else:
            os.environ[_COUNTS] = folder
            return


def post_worker_init(_worker: Any) -> None:
    """What the application is made of stays for good: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


def child_exit(_server: Any, worker: Any) -> None:
    """Connections of a worker that is gone count no more; room that it did not use is free."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
    for kind in _ROOM:
        counts = Path(os.environ[_COUNTS], f"{kind}_{worker.pid}.db")
        with suppress(OSError), counts.open("r+b") as out:
            used = int.from_bytes(out.read(4), sys.byteorder)
            out.truncate(used)


def on_exit(_server: Any) -> None:
    shutil.rmtree(os.environ[_COUNTS], ignore_errors=True)
