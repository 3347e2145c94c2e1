"""A file is read apart from the server: by a process of its own, which outlives the request.

The worker does not grow by what a file holds, the page may be closed meanwhile, and whatever a
file does to its reader it does not do to other requests. A reader that dies leaves a run which
says so.
"""

import fcntl
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import current_app

AT_ONCE = 2  # files that one machine reads at once; further ones wait for their turn
_PAUSE = 0.1


@contextmanager
def place_to_read(at_once: int = AT_ONCE) -> Iterator[None]:
    """One of the places in which files are read on this machine; waits until one is free.

    However many files come in one morning, reading them leaves room for everything else. A place
    is free again when its reader ends, in whatever way.
    """
    folder = Path(tempfile.gettempdir())
    places = [folder / f"import-reader-{os.getuid()}-{number}" for number in range(at_once)]
    while True:
        for place in places:
            with place.open("ab") as held:
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        time.sleep(_PAUSE)


def look_apart(run_id: int) -> "subprocess.Popen[bytes]":
    """Begin to read the file of a run that is committed already; returns the process at once."""
    config = current_app.config
    child = subprocess.Popen(  # noqa: S603  # nosec B603 # our own command with a number
        [sys.executable, "-m", "flask", "--app", "app", "data", "look", str(int(run_id))],
        cwd=current_app.root_path,
        env=os.environ
        | {
            "APP_ENV": config["APP_ENV"],
            "SECRET_KEY": str(config["SECRET_KEY"]),
            "DATABASE_URL": str(config["SQLALCHEMY_DATABASE_URI"]),
            "FLASK_DEBUG": "0",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    # somebody has to take note of its end, or it stays in the list of processes
    Thread(target=child.wait, daemon=True).start()
    return child
