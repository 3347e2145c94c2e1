"""Sixteen people save their reports at the same time, as at a deadline; through the real server.

    .venv/bin/python -m bench.crowd [PEOPLE] [SAVES]                          # SQLite
    python -m tests.postgres .venv/bin/python -m bench.crowd [PEOPLE] [SAVES]

Prints how long a save took and what was answered. Ends with 1 when one was refused or lost.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from app import create_app
from config import Config
from models import db
from tests.crowd import Person, all_at_once, arrange, faults
from tests.served import served, settings


def main() -> int:
    people, saves = (int(one) for one in (sys.argv[1:] + ["16", "20"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        more = {"DATABASE_URL": url} if (url := os.environ.get("DATABASE_URL")) else {}
        with served(folder, **more) as server:
            app = create_app(Config.from_env(settings(folder, **more)))
            crowd = arrange(app, people)

            def work(one: Person) -> None:
                for _ in range(saves):
                    one.save(server.port)

            began = time.monotonic()
            all_at_once(crowd, work)
            took = time.monotonic() - began
            with app.app_context():
                wrong = faults(db.engine, crowd)
                kind = db.engine.dialect.name
    waited = sorted(second for one in crowd for second in one.waited)
    answers: Counter[int] = Counter()
    for one in crowd:
        answers.update(one.statuses)
    acknowledged = answers[303]
    print(f"{kind}: {people} people, {acknowledged} saves in {took:.1f} s")
    print(f"a save took {waited[len(waited) // 2]:.2f} s (median), {waited[-1]:.2f} s (longest)")
    print(f"answers: {dict(answers)}")
    print(*wrong, sep="\n")
    return int(bool(wrong) or acknowledged < people * saves)


if __name__ == "__main__":
    sys.exit(main())
