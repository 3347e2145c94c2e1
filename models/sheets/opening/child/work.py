"""The child's own task: what kind of file is it, and who reads it."""

import json
import sys
from typing import BinaryIO

from models.sheets.opening.child import kinds
from models.sheets.opening.child.telling import Refused, Teller


def main(words: list[str]) -> None:
    """Read the file that stands at standard input; `words`: the answers (JSON)."""
    answers = json.loads(words[0])
    out: BinaryIO = sys.stdout.buffer
    teller = Teller(out)
    try:
        kinds.read(sys.stdin.buffer.read(), answers, teller)
        teller.tell_the_rest()
        teller.say("done")
    except Refused as refusal:
        teller.say("refused", refusal.key, refusal.sheet, refusal.cell, refusal.values)
        teller.say("done")
    except (MemoryError, RecursionError):
        teller.say("refused", "too_much", "", "", {})
        teller.say("done")
    out.flush()
