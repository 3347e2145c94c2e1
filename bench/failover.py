"""The primary is killed (-9) while people save, send, lock and import; another one takes over.

    .venv/bin/python -m bench.failover [pair|patroni] [PEOPLE]

`pair`: a primary and a synchronous standby on loopback, promoted as soon as the primary is dead.
`patroni`: the cluster of deploy/cluster, where nobody promotes anything; lists and reports come
from its standby. Prints how long nothing could be saved, what was acknowledged and what of it is
missing; ends with 1 when anything is.
"""

import sys
import tempfile
from pathlib import Path

from tests.kills import drill

ASKED = ["pair", "6"]


def main() -> int:
    kind, people = (sys.argv[1:] + ASKED[len(sys.argv) - 1 :])[:2]
    with tempfile.TemporaryDirectory() as name:
        found = drill(Path(name), people=int(people), kills=("database",), seed=12, kind=kind)
    print(kind)
    print(*(f"{one}: {value}" for one, value in found.items()), sep="\n")
    return int(bool(found["wrong"] or found["check"]))


if __name__ == "__main__":
    sys.exit(main())
