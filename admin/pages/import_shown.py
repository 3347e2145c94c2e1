"""A run as its page shows it: steps, sheets with their columns, questions, findings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from admin.pages.import_columns import ColumnChoice, column_choice
from admin.pages.import_form import AMOUNTS, DAYS, member
from admin.words import day, dong, label, month_label
from models import ImportRun, LineKind, RunStatus, Source
from models.base import UNITS
from models.sheets import place_of

ORDER = ("error", "question", "warning", "hint")
SHOWN = 200  # findings of a page, before somebody asks for all


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    is_proposed: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The row of a questioned cell: (letters, text, is this the cell, is a number)."""

    row: int
    cells: tuple[tuple[str, str, bool, bool], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`free`: what may be typed instead of an option: `money`, `day`, or nothing."""

    id: str
    said: Mapping[str, Any]
    choices: tuple[Choice, ...]
    given: str
    free: str
    context: Context | None
    anchor: str


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


def shown_of(run: ImportRun, told: Mapping[str, Any], typed: Mapping[str, str]) -> Shown:
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
    ask = run.asked
    shown.questions = [
        _question(one, {**ask.answers, **typed}, pictures, shown.anchors)
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


def _question(
    finding: Mapping[str, Any],
    answers: Mapping[str, str],
    pictures: Mapping[str, Mapping[str, Any]],
    anchors: Mapping[tuple[str, str], str],
) -> Question:
    code, key = finding["code"], finding["answer"]
    names = finding.get("names") or [""] * len(finding["options"])
    free = "money" if code in AMOUNTS else "day" if code in DAYS else ""
    return Question(
        id=key,
        said=finding,
        choices=tuple(
            Choice(value, option_words(code, value, name), value == finding.get("proposed"))
            for value, name in zip(finding["options"], names, strict=True)
        ),
        given=answers.get(key, ""),
        free=free,
        context=_context(finding, pictures.get(finding["sheet"])),
        anchor=anchors.get((finding["sheet"], finding["cell"]), ""),
    )


def _context(finding: Mapping[str, Any], picture: Mapping[str, Any] | None) -> Context | None:
    place = place_of(finding["cell"])
    if picture is None or place is None:
        return None
    for row in picture["rows"]:
        if row["number"] == place[0]:
            cells = tuple(
                (
                    picture["columns"][one["column"] - 1],
                    one["text"],
                    one["column"] == place[1],
                    one["kind"] == "number",
                )
                for one in row["cells"]
                if one["text"] or one["column"] == place[1]
            )
            return Context(place[0], cells)
    return None


def option_words(code: str, value: str, name: str = "") -> str:
    """An option in words: đồng with thousands, days, months, names."""
    if name:
        return str(_(name))
    if code in AMOUNTS and re.fullmatch(r"-?\d+", value):
        return _("%(amount)s đồng", amount=dong(int(value)))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return day(date.fromisoformat(value))
    if re.fullmatch(r"\d{4}-\d\d", value):
        return month_label(value)
    if value in UNITS:
        words = {"dong": _("đồng"), "nghin": _("thousand đồng"), "trieu": _("million đồng")}
        return str(words[value])
    known = member(LineKind, value) or member(Source, value)
    return label(known) if known is not None else value
