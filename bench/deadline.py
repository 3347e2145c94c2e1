"""The hour before a deadline: 400 units save their report three times and send it.

    .venv/bin/python -m bench.deadline [UNITS] [AT_ONCE]                          # SQLite
    python -m tests.postgres .venv/bin/python -m bench.deadline [UNITS] [AT_ONCE]

Through the real server, so many at once (16) as an office has that wait until the last hour. Each
opens its page before every save, as a person does; the time is that of the saving. Ends with 1
where a save was refused or 19 of 20 took more than a second.
"""

import sys

from bench.crowd import measure, p95
from tests.crowd import Person

SAVES = 3
MOST = 1.0  # seconds, for 19 of 20


def hour(one: Person, port: int) -> None:
    """What one unit does."""
    for _ in range(SAVES):
        one.save(port)
    one.save(port, action="send")


def main() -> int:
    units, at_once = (int(one) for one in (sys.argv[1:] + ["400", "16"][len(sys.argv) - 1 :]))
    crowd = measure(units, hour, at_once=at_once)
    done = all(one.saved == SAVES + 1 and one.sent == 1 for one in crowd)
    waited = sorted(second for one in crowd for second in one.waited)
    return int(not done or p95(waited) > MOST)


if __name__ == "__main__":
    sys.exit(main())
