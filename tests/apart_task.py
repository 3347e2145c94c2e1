"""What the child of `test_work_apart.py` does: as its word says."""

import os
import sys
import time
from pathlib import Path


def main(words):
    (what,) = words
    if what == "tells":
        ours = sorted(name for name in sys.modules if name.partition(".")[0] in ("flask", "app"))
        files = len(list(Path("/proc/self/fd").iterdir()))
        print(dict(os.environ).keys(), ours, Path.cwd(), files)
    elif what == "calculates":
        while True:
            pass
    elif what == "sleeps":
        time.sleep(60)
    elif what == "grows":
        print(len(bytearray(2**30)))
    elif what == "talks":
        while True:
            print("x" * 1_000)
    elif what == "writes":
        print(sys.stderr.write("x" * 100_000))
    elif what == "fails":
        raise SystemExit(3)
