"""What was said about a form of sheet is remembered for its sender, and proposed next time.

Never applied unseen: a proposal stands beside the question or the column, and somebody says yes.
Only what fits another file is kept: columns by their headings, answers for the whole file, and
what a misspelt name meant. An amount or a day that was asked about belongs to its own cell.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.base import fold, sha256_of
from models.imports.run import ImportMap, ImportRun
from models.imports.stored import finding_of, keep_sheet
from models.sheets import Ask, Finding, Level, Reading

# answers that depend on the file in hand, though they are given once for all of it
_OF_ONE_FILE = frozenset(
    {"period_conflict", "year_unclear", "sheet_unclear", "decision_missing", "issuer_missing"}
)
_OF_A_NAME = "name_unclear"


def key_of(finding: Finding) -> str | None:
    """Under what an answer to this question is remembered; None where it fits this file alone."""
    if finding.level is not Level.QUESTION or finding.code in _OF_ONE_FILE:
        return None
    if finding.code == _OF_A_NAME:
        return f"{finding.code}:{fold(finding.at.value)}" if finding.at.value.strip() else None
    return finding.code if finding.answer == finding.code else None


def said_by(findings: Iterable[Mapping[str, Any]], answers: Mapping[str, str]) -> dict[str, str]:
    """Answers that fit other files, by what they are remembered under; from kept findings."""
    said = {}
    for finding in map(finding_of, findings):
        key, given = key_of(finding), answers.get(finding.answer or "")
        if key is not None and given:
            said[key] = given
    return said


def said_at_once(answers: Mapping[str, str]) -> dict[str, str]:
    """Of answers that were given before anything was asked those for a file as a whole."""
    return {
        code: given
        for code, given in answers.items()
        if ":" not in code and code not in _OF_ONE_FILE
    }


def proposals_for(
    session: Session, ask: Ask, reading: Reading, findings: Sequence[Finding]
) -> dict[str, dict[str, str]]:
    """What was said last time about such a sheet and is not said now: `columns` by `SHEET!B`,
    `answers` by the ID of a question that stands open.
    """
    sheets = [keep_sheet(one) for one in reading.sheets if one.is_used]
    known = _find(session, ask.kind, ask.investor or reading.investor or "", sheets)
    proposed: dict[str, dict[str, str]] = {"columns": {}, "answers": {}}
    if known is None:
        return proposed
    for place, heading in _columns(sheets).items():
        meant = known.columns.get(heading)
        if meant and place not in ask.columns:
            proposed["columns"][place] = meant
    for finding in findings:
        given = known.answers.get(key_of(finding) or "")
        if given and given in {option.value for option in finding.options}:
            proposed["answers"][str(finding.answer)] = given
    return proposed


def remember(session: Session, run: ImportRun, *, at: datetime, by: str) -> ImportMap | None:
    """Keep what was said about the sheets of a run that is carried out; None if nothing was."""
    result = run.result or {"sheets": []}
    sheets = [one for one in result["sheets"] if one["used"]]
    headings = _columns(sheets)
    columns = {
        headings[place]: meant for place, meant in run.asked.columns.items() if place in headings
    }
    answers = dict(run.said)
    if not sheets or not (columns or answers):
        return None
    sender = run.unit_code or ""
    own = ImportMap.investor_id == run.investor_id  # of the office where there is none
    known = _find(session, run.kind, sender, sheets, own)
    if known is None:
        known = ImportMap(
            investor_id=run.investor_id,
            sender=sender,
            kind=run.kind,
            fingerprint=fingerprint(sheets),
            headings=[one["heading"] for sheet in sheets for one in sheet["columns"]],
            columns={},
            answers={},
        )
        session.add(known)
    known.columns = known.columns | columns
    known.answers = known.answers | answers
    known.file_name, known.user_name, known.at = run.file_name, by, at
    return known


def fingerprint(sheets: Sequence[Mapping[str, Any]]) -> str:
    """The form of the heads: the folded headings in their order, whatever the sheets are called."""
    heads = sorted([fold(one["heading"]) for one in sheet["columns"]] for sheet in sheets)
    return sha256_of(json.dumps(heads).encode())


def _columns(sheets: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """`SHEET!B` → its folded heading."""
    return {
        f"{sheet['sheet']}!{one['column']}": fold(one["heading"])
        for sheet in sheets
        for one in sheet["columns"]
    }


def _find(
    session: Session,
    kind: str,
    sender: str,
    sheets: Sequence[Mapping[str, Any]],
    *which: ColumnElement[bool],
) -> ImportMap | None:
    """What was last said about such sheets of a sender, of those that `which` narrows."""
    if not sheets:
        return None
    return session.scalar(
        select(ImportMap)
        .where(
            ImportMap.fingerprint == fingerprint(sheets),
            ImportMap.kind == kind,
            ImportMap.sender == sender,
            *which,
        )
        .order_by(ImportMap.at.desc(), ImportMap.id.desc())
        .limit(1)
    )
