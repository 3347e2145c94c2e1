"""A file is read apart from the server: by a process of its own, which outlives the request.

The worker does not grow by what a file holds, the page may be closed meanwhile, and whatever a
file does to its reader it does not do to other requests. A reader that dies leaves a run which
says so.
"""

import os
import subprocess
import sys
from threading import Thread

from flask import current_app


def look_apart(run_id: int) -> "subprocess.Popen[bytes]":
    """Begin to read the file of a run that is committed already; returns the process at once."""
    config = current_app.config
    child = subprocess.Popen(  # noqa: S603  our own command with a number
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
