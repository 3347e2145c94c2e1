"""The marked workbook, made by a process of its own: it holds the whole file, the server must not.

What the file is was read under limits before (`opening`); here the same holds for writing it anew.
"""

import json
from collections.abc import Mapping, Sequence

from models.apart import Budget, Ended, Task, chunks_from_child
from models.base import RuleBroken, _n
from models.sheets.marks import Mark

_MARKING = Task(module="models.sheets.marked_child", libraries=True)
_BUDGET = Budget(memory=900 * 2**20, seconds=25, wait=60, answer=60 * 2**20, file=60 * 2**20)


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
    given = len(head).to_bytes(8, "big") + head + content
    try:
        made = b"".join(chunks_from_child(_MARKING, given, budget=_BUDGET))
    except Ended:
        made = b""
    if not made.startswith(b"PK"):
        raise RuleBroken(
            _n("The marked workbook cannot be made of this file. The list on the page says it all.")
        )
    return made
