"""Workers, their parent and the database killed (-9) by the hundred while people work.

    .venv/bin/python -m bench.kills [KILLS] [PEOPLE] [sqlite|postgresql] [MINUTES]

People save and send, the office gives back, locks, freezes and imports. Of twelve kills nine hit
a worker, one the parent of the workers and, on PostgreSQL, two the whole database server, which
is a throw-away one that forgets nothing and that the workers know as the role that owns nothing.
After MINUTES no further kill is begun. Prints kills, what was acknowledged, requests that were
cut off and what is wrong; ends with 1 when anything is.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.kills import drill

ASKED = ["500", "6", "sqlite", "600"]


def in_time(kills: list[str], minutes: float, begun: Counter[str]) -> Iterator[str]:
    """The kills, as long as there is time; `begun` counts them."""
    end = time.monotonic() + minutes * 60
    for one in kills:
        if time.monotonic() > end:
            return
        begun[one] += 1
        yield one


def main() -> int:
    kills, people, kind, minutes = (sys.argv[1:] + ASKED[len(sys.argv) - 1 :])[:4]
    last = ["database"] * 2 if kind == "postgresql" else ["worker"] * 2
    among = ["worker"] * 9 + ["server", *last]
    wanted, begun = Random(int(kills)).choices(among, k=int(kills)), Counter[str]()
    carried = in_time(wanted, float(minutes), begun)
    with tempfile.TemporaryDirectory() as name:
        found = drill(Path(name), people=int(people), kills=carried, seed=int(kills), kind=kind)
    print(kind, dict(begun))
    print(*(f"{one}: {value}" for one, value in found.items()), sep="\n")
    return int(bool(found["wrong"] or found["check"]))


if __name__ == "__main__":
    sys.exit(main())
