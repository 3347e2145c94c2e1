"""Workers, their parent and the database killed (-9) by the hundred while people work.

    .venv/bin/python -m bench.kills [KILLS] [PEOPLE] [sqlite|postgresql]

People save and send, the office gives back, locks, freezes and imports. Of twelve kills nine hit
a worker, one the parent of the workers and, on PostgreSQL, two the whole database server, which
is a throw-away one that forgets nothing. Prints kills, what was acknowledged, requests that were
cut off and what is wrong; ends with 1 when anything is.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from tests.kills import drill

ASKED = ["500", "6", "sqlite"]


def main() -> int:
    kills, people, kind = (sys.argv[1:] + ASKED[len(sys.argv) - 1 :])[:3]
    last = ["database"] * 2 if kind == "postgresql" else ["worker"] * 2
    among = ["worker"] * 9 + ["server", *last]
    wanted = Random(int(kills)).choices(among, k=int(kills))
    with tempfile.TemporaryDirectory() as name:
        found = drill(Path(name), people=int(people), kills=wanted, seed=int(kills), kind=kind)
    print(kind, dict(Counter(wanted)))
    print(*(f"{one}: {value}" for one, value in found.items()), sep="\n")
    return int(bool(found["wrong"] or found["check"]))


if __name__ == "__main__":
    sys.exit(main())
