"""What one save of a sheet costs, in the process: the figure that a busy machine changes least.

    .venv/bin/python -m bench.saving [SAVES] [ROUNDS]                          # SQLite
    python -m tests.postgres .venv/bin/python -m bench.saving [SAVES] [ROUNDS]

One person of the crowd saves the same report again and again through a test client, with all of
production but its server. Printed are, of the best and the middle round, the processor time of a
save (the program's, and that of the database where it has a server of its own) and the number of
statements.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import click
from flask.testing import FlaskClient
from lxml import html

from app import create_app
from bench import processor_seconds
from bench.pages import Asked, servers
from config import Config
from models import db
from tests.crowd import PAGE, Person, arrange, filled, is_sheet, typed
from tests.postgres import application_role
from tests.served import served, settings


def opened(client: FlaskClient, one: Person) -> None:
    """Open the page of the report, as the form of the person keeps it from now on."""
    client.set_cookie(*one.cookie, domain="localhost", secure=True)
    text = client.get(PAGE, base_url="https://localhost").text
    one.cookie = (one.cookie[0], client.get_cookie(one.cookie[0], domain="localhost").value)
    sheet = next(form for form in html.fromstring(text).forms if is_sheet(form))
    one.form = filled(sheet, 0) | {"action": "save"}


def save(client: FlaskClient, one: Person) -> None:
    """Type the next number and save."""
    one.tried += 1
    one.form |= typed(one.form, one.tried) | {"form_key": f"{one.unit_id}-{one.tried}"}
    # what the save before had to say was shown by the page that a browser goes on to
    client.set_cookie(*one.cookie, domain="localhost", secure=True)
    reply = client.post(
        PAGE, data=one.form, base_url="https://localhost", headers={"Referer": "https://localhost/"}
    )
    if reply.status_code != 303:
        raise AssertionError(f"{reply.status_code}: {reply.text}")
    one.form["version"] = str(int(one.form["version"]) + 1)


def main() -> int:
    saves, rounds = (int(one) for one in (sys.argv[1:] + ["60", "10"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as name:
        folder, more = Path(name), {}
        if url := os.environ.get("DATABASE_URL"):  # as production, with a role that owns nothing
            more = {"DATABASE_URL": application_role(url)[0], "DATABASE_OWNER_URL": url}
        env = settings(folder, **more)
        with served(folder, **more):  # migrates
            pass
        with click.Context(click.Command("arrange")):  # serves nobody, so it may own the tables
            one = arrange(create_app(Config.from_env(env)), 1)[0]
        env.pop("DATABASE_OWNER_URL", None)
        app = create_app(Config.from_env(env))
        client = app.test_client()
        for _ in range(2):  # the first makes the report, so the page is opened once more
            opened(client, one)
            save(client, one)
        for _ in range(20):
            save(client, one)
        with app.app_context():
            asked, kind = Asked(db.engine), db.engine.dialect.name
        found = []
        for _ in range(rounds):
            with app.app_context():
                pids = servers(db.engine)
            asked.number, own, theirs = 0, time.process_time(), processor_seconds(pids)
            for _ in range(saves):
                save(client, one)
            own, theirs = time.process_time() - own, processor_seconds(pids) - theirs
            found.append((own + theirs, own, theirs))
        found.sort()
        for word, (_both, own, theirs) in (("best", found[0]), ("middle", found[rounds // 2])):
            print(
                f"{kind}, {word}: {own * 1000 / saves:.2f} ms program + "
                f"{theirs * 1000 / saves:.2f} ms database; {asked.number / saves:.0f} statements"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
