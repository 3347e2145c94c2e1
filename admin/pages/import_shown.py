"""A run as its page shows it: steps, sheets with their columns, questions, findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from admin.pages.import_columns import ColumnChoice, column_choice
from admin.pages.import_questions import Others, Question, question_of, row_around
from models import ImportRun, RunStatus

ORDER = ("error", "question", "warning", "hint")
SHOWN = 200  # findings of a page, before somebody asks for all


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A sheet of the file with its picture and what was found in it by cell."""

    number: int
    seen: Mapping[str, Any]
    picture: Mapping[str, Any] | None
    columns: tuple[ColumnChoice, ...]
    levels: Mapping[str, str]
    titles: Mapping[str, str]


@dataclass(slots=True)
class Shown:
    """Everything that the page of a run needs of what was found."""

    told: Mapping[str, Any]
    step: str
    sheets: list[SheetShown] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    findings: list[Mapping[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    anchors: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def used(self) -> list[SheetShown]:
        return [one for one in self.sheets if one.seen["used"]]

    @property
    def unused(self) -> list[SheetShown]:
        return [one for one in self.sheets if not one.seen["used"]]


def shown_of(
    session: Session, run: ImportRun, told: Mapping[str, Any], typed: Mapping[str, str]
) -> Shown:
    """The run as its page shows it; `told` is the plain data of it, `typed` what was posted."""
    status, result = RunStatus(told["status"]), run.result or {}
    pictures = {one["sheet"]: one for one in result.get("pictures", ())}
    shown = Shown(told, _step(status))
    shown.findings = sorted(told["findings"], key=lambda one: ORDER.index(one["level"]))
    for one in shown.findings:
        shown.counts[one["level"]] = shown.counts.get(one["level"], 0) + 1
    for number, seen in enumerate(told["sheets"]):
        picture = pictures.get(seen["sheet"])
        if picture is not None:
            shown.anchors |= _anchors(number, picture)
        shown.sheets.append(_sheet(number, seen, picture, run, told["findings"]))
    others, answers = Others(session, run.period), {**run.asked.answers, **typed}
    heads = {
        seen["sheet"]: {one["column"]: one["heading"] for one in seen["columns"]}
        for seen in told["sheets"]
    }
    shown.questions = [
        question_of(
            one,
            answers=answers,
            row=row_around(one, pictures.get(one["sheet"]), heads.get(one["sheet"], {})),
            anchor=shown.anchors.get((one["sheet"], one["cell"]), ""),
            others=others,
        )
        for one in told["findings"]
        if one["level"] == "question" and one.get("answer")
    ]
    return shown


def _step(status: RunStatus) -> str:
    match status:
        case RunStatus.READING | RunStatus.REFUSED | RunStatus.BROKEN:
            return "read"
        case RunStatus.QUESTIONS:
            return "questions"
        case RunStatus.ERRORS:
            return "sheet"
        case RunStatus.READY:
            return "preview"
        case _:
            return "done"


def _anchors(number: int, picture: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Sheet and cell → id of the cell in the picture, for those that are in it."""
    return {
        (picture["sheet"], cell): f"c{number}-{cell}"
        for row in picture["rows"]
        for one in row["cells"]
        for cell in [f"{picture['columns'][one['column'] - 1]}{row['number']}"]
    }


def _sheet(
    number: int,
    seen: Mapping[str, Any],
    picture: Mapping[str, Any] | None,
    run: ImportRun,
    findings: Sequence[Mapping[str, Any]],
) -> SheetShown:
    known = {one["column"]: one for one in seen["columns"]}
    letters = picture["columns"] if picture is not None else list(known)
    levels: dict[str, str] = {}
    titles: dict[str, str] = {}
    for one in findings:
        if one["sheet"] == seen["sheet"] and one["cell"]:
            worst = min(levels.get(one["cell"], "hint"), one["level"], key=ORDER.index)
            levels[one["cell"]] = worst
            titles.setdefault(one["cell"], one["message"])
    columns = tuple(column_choice(seen["sheet"], name, known.get(name), run) for name in letters)
    return SheetShown(number, seen, picture, columns if seen["used"] else (), levels, titles)
