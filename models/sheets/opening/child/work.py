"""The child's own task: what kind of file is it, and who reads it."""

import json
import os
import sys
from typing import BinaryIO

from models.packages import Refused
from models.sheets.opening.child import kinds
from models.sheets.opening.child.telling import DONE, Teller


def main(words: list[str]) -> None:
    """Read the file that stands at standard input; `words`: the answers (JSON)."""
    answers = json.loads(words[0])
    out: BinaryIO = sys.stdout.buffer
    teller = Teller(out)
    try:
        kinds.read(sys.stdin.buffer.read(), answers, teller)
        teller.finish(answers)
    except Refused as refusal:
        teller.refuse(refusal)
    except (MemoryError, RecursionError):
        teller.refuse(Refused("too_much"))
    out.write(DONE)
    out.flush()
    os._exit(0)  # nothing is left to be put in order, least of all the memory
