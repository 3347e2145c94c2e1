"""The marked workbook, made by a process of its own: it holds the whole file, the server must not.

What the file is was read under limits before (`opening`); here the same holds for writing it anew.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.base import RuleBroken, _n
from models.sheets.marks import Mark

SECONDS = 25  # of CPU
PATIENCE = 60  # seconds, on a busy machine
MEMORY_BYTES = 900 * 2**20
_ROOT = Path(__file__).parent.parent.parent
_START = """
import resource, sys
memory, seconds = int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
sys.path.insert(0, sys.argv[1])
from models.sheets.marked_child import main
main()
"""
_log = logging.getLogger(__name__)


def marked_file(
    content: bytes, name: str, marks: Sequence[Mark], *, answers: Mapping[str, str]
) -> bytes:
    """The file as .xlsx with `marks` at its cells. Raises RuleBroken where it cannot be made."""
    told = {
        "name": name,
        "answers": dict(answers),
        "marks": [[one.sheet, one.cell, one.level.value, one.text] for one in marks],
    }
    head = json.dumps(told).encode()
    kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
    command = [
        sys.executable, "-I", "-c", _START, str(_ROOT), str(MEMORY_BYTES), str(SECONDS),
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603  our own program
            command,
            input=len(head).to_bytes(8, "big") + head + content,
            capture_output=True,
            timeout=PATIENCE,
            env=kept,
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode or not done.stdout.startswith(b"PK"):
        why = done.stderr[-2_000:].decode("utf-8", "replace") if done is not None else "too long"
        _log.warning("a marked workbook could not be made: %s", why)
        raise RuleBroken(
            _n("The marked workbook cannot be made of this file. The list on the page says it all.")
        )
    return done.stdout
