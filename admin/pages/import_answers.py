"""Answers and columns as they are typed: `CODE=VALUE`, `CODE:SHEET!CELL=VALUE`, a map in JSON."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from models import RuleBroken
from models.base import _n

# a sheet may be called anything, with “=” and “!” in it; a cell may not
_OF_CELL = re.compile(
    r"(?P<id>[A-Za-z0-9_]+:.*?![A-Z]{1,3}[0-9]*(?::[A-Z]{1,3}[0-9]*)?)=(?P<said>.*)", re.S
)
_OF_FILE = re.compile(r"(?P<id>[A-Za-z0-9_]+)=(?P<said>.*)", re.S)


def given_answers(typed: Iterable[str]) -> dict[str, str]:
    """The answers by the IDs of their questions. Raises RuleBroken where one cannot be read."""
    answers = {}
    for one in typed:
        found = _OF_FILE.fullmatch(one) or _OF_CELL.fullmatch(one)
        if found is None:
            raise RuleBroken(
                _n("“%(typed)s” is no answer. Write ID=VALUE, with the ID of the question."),
                field="answer",
                typed=one[:200],
            )
        answers[found["id"]] = found["said"].strip()
    return answers


def asked_columns(file: Path | None) -> dict[str, str]:
    """What a file says that columns mean: `{"SHEET!B": "completed vintage=2023", …}`."""
    if file is None:
        return {}
    try:
        said: Any = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError:  # no JSON, or no UTF-8
        said = None
    if isinstance(said, dict) and isinstance(said.get("columns"), dict):
        said = said["columns"]
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        raise RuleBroken(
            _n("%(file)s is no map of columns: it must be JSON such as %(example)s."),
            field="map",
            file=file.name,
            example='{"T4!B": "completed"}',
        )
    return said
