"""An import in plain data and plain sentences: the same for the page, its `.json` and the command.

Values are plain text and numbers (đồng, codes, ISO days); sentences are in the reader's language.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from admin.words import say
from models import ImportRun, RuleBroken, RunStatus
from models.imports import Looked, finding_of, sentence_of, standing, why_broken
from models.sheets import Finding


def run_told(run: ImportRun, *, at: datetime) -> dict[str, Any]:
    """A kept import as it stands at `at`; see `_told`."""
    status = standing(run, at=at)
    told = _told(status, run.id, run.result or {})
    if status is RunStatus.BROKEN:
        told["findings"].insert(0, _error("reading_broken", say(why_broken())))
    return summary_told(run, at=at) | told


def summary_told(run: ImportRun, *, at: datetime) -> dict[str, Any]:
    """A kept import in one line of a list."""
    return {
        "run": run.id,
        "status": standing(run, at=at).value,
        "kind": run.kind.value,
        "period": run.period.code if run.period is not None else None,
        "investor": run.unit_code,
        "file": run.file_name,
        "size": run.size,
        "sha256": run.sha256,
        "counts": run.counts,
        "found": run.found,
        "started_at": _moment(run.started_at),
        "started_by": run.user_name,
        "looked_at": _moment(run.looked_at),
        "applied_at": _moment(run.applied_at),
        "applied_by": run.applied_by,
        "undone_at": _moment(run.undone_at),
        "undone_by": run.undone_by,
    }


def refusal_told(refusal: RuleBroken, *, code: str = "not_taken") -> dict[str, Any]:
    """A refusal before anything was read, in the same shape."""
    told = _told(RunStatus.REFUSED, None, {})
    told["findings"].append(_error(code, say(refusal)))
    return told


def look_told(looked: Looked) -> dict[str, Any]:
    """What a look found that nobody keeps; see `_told`."""
    return _told(looked.status, None, looked.result)


def _told(status: RunStatus, run: int | None, result: Mapping[str, Any]) -> dict[str, Any]:
    """`status run sheets findings rows counts differences proposed`, the keys outside programs
    rest on; further keys may come.
    """
    proposed = result.get("proposed") or {"columns": {}, "answers": {}}
    return {
        "status": status.value,
        "run": run,
        "sheets": [_sheet(one) for one in result.get("sheets", ())],
        "findings": [
            _finding(finding_of(one), proposed["answers"]) for one in result.get("findings", ())
        ],
        "rows": list(result.get("rows", ())),
        "counts": dict(result.get("counts") or {"new": 0, "changed": 0, "same": 0}),
        "differences": list(result.get("differences", ())),
        "proposed": proposed,
    }


def for_programs(told: dict[str, Any]) -> dict[str, Any]:
    """The same with a status that outside programs know: what broke off while it was read is
    refused, with a finding that says why. A page offers to read it again.
    """
    is_broken = told["status"] == RunStatus.BROKEN.value
    return told | ({"status": RunStatus.REFUSED.value} if is_broken else {})


def _sheet(kept: Mapping[str, Any]) -> dict[str, Any]:
    why = kept["why"]
    return {**kept, "why": say(sentence_of(why)) if why else ""}


def _finding(finding: Finding, proposed: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "level": finding.level.value,
        "code": finding.code,
        "blocks": finding.blocks,
        "sheet": finding.at.sheet,
        "cell": finding.at.cell,
        "heading": finding.at.heading,
        "value": finding.at.value,
        "message": say(finding.sentence),
    }
    if finding.answer is not None:
        told["answer"] = finding.answer
        told["options"] = [option.value for option in finding.options]
        told["names"] = [option.name for option in finding.options]
        told["proposed"] = proposed.get(finding.answer)
    return told


def _error(code: str, message: str) -> dict[str, Any]:
    """What stands in the way of the whole file, and is no finding in it."""
    empty = dict.fromkeys(("sheet", "cell", "heading", "value"), "")
    return {"level": "error", "code": code, "blocks": True, **empty, "message": message}


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value is not None else None
