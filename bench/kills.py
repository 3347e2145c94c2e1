"""Workers killed (-9) by the hundred while people save: nothing acknowledged is lost, none is half.

    .venv/bin/python -m bench.kills [KILLS] [PEOPLE]                          # SQLite
    python -m tests.postgres .venv/bin/python -m bench.kills [KILLS] [PEOPLE]

Prints kills, saves that were acknowledged, requests that were cut off and what is wrong; ends
with 1 when anything is.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.kills import drill


def main() -> int:
    kills, people = (int(one) for one in (sys.argv[1:] + ["500", "8"][len(sys.argv) - 1 :]))
    more = {"DATABASE_URL": url} if (url := os.environ.get("DATABASE_URL")) else {}
    with tempfile.TemporaryDirectory() as folder:
        found = drill(Path(folder), people=people, kills=kills, seed=kills, **more)
    print(*(f"{name}: {value}" for name, value in found.items()), sep="\n")
    return int(bool(found["wrong"] or found["check"]))


if __name__ == "__main__":
    sys.exit(main())
