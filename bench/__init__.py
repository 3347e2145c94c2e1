"""Measurements; run each as `python -m bench.NAME`."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def processor_seconds(processes: Iterable[int]) -> float:
    """What these have had of a processor so far, for themselves and in the system; of one that has
    ended nothing is known.
    """
    ticks = 0
    for one in processes:
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
