"""The child's own task: a template and what the papers say come in, a Word file goes out."""

import base64
import json
import os
import sys
from typing import Any

from models.packages import Refused
from reports.letter.child.allowed import refuse_what_is_active
from reports.letter.child.filling import Drawn, filled, opened, unknown_names
from reports.letter.child.heads import with_joined_heads


def main(_words: list[str]) -> None:
    """Read what `reports/letter/file.py` writes; say one line of JSON, then the last file."""
    given = sys.stdin.buffer
    told = json.loads(given.read(int.from_bytes(given.read(8), "big")))
    content, said = b"", {}
    try:
        content = _made(given.read(), told)
    except Refused as refusal:
        said = {"refused": refusal.key, "values": refusal.values}
    except (MemoryError, RecursionError):
        said = {"refused": "too_much", "values": {}}
    out = sys.stdout.buffer
    out.write(json.dumps(said).encode() + b"\n" + content)
    out.flush()
    os._exit(0)  # nothing is left to be put in order, least of all the memory


def _made(template: bytes, told: dict[str, Any]) -> bytes:
    """The template filled in with each context in turn; what comes out is looked at, too."""
    opened(template)
    unknown = unknown_names(template, told["known"]) if told["known"] is not None else []
    if unknown:
        raise Refused("unknown", names=unknown)
    content = b""
    for n, context in enumerate(told["contexts"]):
        content = filled(template, {name: _value(one) for name, one in context.items()})
        refuse_what_is_active(content)
        if told["figures"] is not None:
            content = with_joined_heads(content, told["figures"][n])
    return content


def _value(one: Any) -> Any:
    if isinstance(one, dict) and "png" in one:
        return Drawn(base64.b64decode(one["png"]), one["words"], one["width_mm"])
    return one
