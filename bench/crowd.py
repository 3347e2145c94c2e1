"""Sixteen people save their reports at the same time, as at a deadline; through the real server.

    .venv/bin/python -m bench.crowd [PEOPLE] [SAVES]                          # SQLite
    python -m tests.postgres .venv/bin/python -m bench.crowd [PEOPLE] [SAVES]

Each opens its page twice and then saves as often as it can. Prints how long a save took, what it
cost the server and what was answered. Ends with 1 when one was refused or lost.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from app import create_app
from bench import processor_seconds
from config import Config
from models import db
from tests.crowd import PAGE, Person, arrange, faults
from tests.postgres import application_role
from tests.served import served, settings


def measure(people: int, work: Callable[[Person, int], None], *, at_once: int) -> list[Person]:
    """Let so many people do their work at a running server (person and port are given), `at_once`
    of them at a time, and print how long their saves took. Raises where something was lost.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        more = {}
        if url := os.environ.get("DATABASE_URL"):  # as production, with a role that owns nothing
            more = {"DATABASE_URL": application_role(url)[0], "DATABASE_OWNER_URL": url}
        with served(folder, **more) as server:
            with click.Context(click.Command("measure")):  # serves nobody, so it may own the tables
                app = create_app(Config.from_env(settings(folder, **more)))
            crowd = arrange(app, people)
            for one in crowd[:at_once]:
                one.ask(server.port, PAGE)  # so that each worker has answered once
            began, busy = time.monotonic(), processor_seconds(server.children())
            with ThreadPoolExecutor(at_once) as pool:
                list(pool.map(lambda one: work(one, server.port), crowd))
            took = time.monotonic() - began
            busy = processor_seconds(server.children()) - busy
            with app.app_context():
                wrong = faults(db.engine, crowd)
                kind = db.engine.dialect.name
    waited = sorted(second for one in crowd for second in one.waited)
    answers: Counter[int] = Counter()
    for one in crowd:
        answers.update(one.statuses)
    print(f"{kind}: {people} people, {answers[303]} saves in {took:.1f} s")
    print(
        f"{answers[303] / took:.0f} a second; median {waited[len(waited) // 2]:.2f} s, "
        f"p95 {p95(waited):.2f} s, longest {waited[-1]:.2f} s; answers {dict(answers)}"
    )
    print(
        f"{busy * 1000 / max(answers[303], 1):.1f} ms of the server's processor for a save and the "
        f"pages before it; it was busy for {busy / took:.1f} of {os.cpu_count()} processors"
    )
    if wrong:
        raise AssertionError("\n".join(wrong))
    return crowd


def p95(waited: list[float]) -> float:
    """The time within which 19 of 20 were served; `waited` in order."""
    return waited[min(len(waited) - 1, len(waited) * 19 // 20)]


def main() -> int:
    people, saves = (int(one) for one in (sys.argv[1:] + ["16", "20"][len(sys.argv) - 1 :]))

    def work(one: Person, port: int) -> None:
        for _ in range(2):  # the first makes the report, so the page is opened once more
            one.save(port)
        for _ in range(saves - 2):
            one.save_again(port)

    crowd = measure(people, work, at_once=people)
    return int(sum(one.statuses.get(303, 0) for one in crowd) < people * saves)


if __name__ == "__main__":
    sys.exit(main())
