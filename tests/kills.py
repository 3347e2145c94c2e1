"""Workers of a running server killed in the middle of what they do, again and again."""

import os
import signal
import threading
from pathlib import Path
from random import Random

from app import create_app
from config import Config
from models import db
from tests.crowd import Person, all_at_once, arrange, faults
from tests.served import Served, served, settings, wait_until


def workers_of(server: Served) -> list[int]:
    """The processes that answer requests."""
    main = server.process.pid
    return [int(one) for one in Path(f"/proc/{main}/task/{main}/children").read_text().split()]


def drill(folder: Path, *, people: int, kills: int, seed: int, **more: str) -> dict[str, object]:
    """`kills` times a worker is killed (-9) while `people` save and send; what is there then.

    `wrong` names every acknowledged save that is lost, half, or not as the audit trail tells it.
    """
    dice, is_over, killed = Random(seed), threading.Event(), 0
    with served(folder, **more) as server:
        app = create_app(Config.from_env(settings(folder, **more)))
        crowd = arrange(app, people)

        def work(one: Person) -> None:
            while not is_over.is_set():
                one.save(server.port)

        saving = threading.Thread(target=all_at_once, args=(crowd, work))
        saving.start()
        try:
            while killed < kills:
                before = sum(one.saved for one in crowd)
                wait_until(lambda before=before: sum(one.saved for one in crowd) > before, "a save")
                is_over.wait(dice.random() * 0.3)
                os.kill(dice.choice(workers_of(server)), signal.SIGKILL)
                killed += 1
                wait_until(lambda: len(workers_of(server)) >= 2, "the next worker")
        finally:
            is_over.set()
            saving.join()
        wait_until(server.answers, "the server answers")
        for one in crowd:
            one.save(server.port, action="send")
        with app.app_context():
            wrong = faults(db.engine, crowd)
            db.engine.dispose()
        check = app.test_cli_runner().invoke(args=["check"])
        with app.app_context():
            db.engine.dispose()
    return {
        "kills": killed,
        "acknowledged": sum(one.saved for one in crowd),
        "cut off": sum(one.lost_line for one in crowd),
        "wrong": wrong,
        "check": check.exit_code,
    }
