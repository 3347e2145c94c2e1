"""The questions of an import: each with its cell, its row, and what may be answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.pages.import_form import DAYS, TEXTS, member
from admin.pages.import_list import periods_to_name, units_between
from admin.words import day, dong, label, month_label, unit_called, unit_label
from models import (
    Component,
    LineKind,
    Nature,
    Period,
    Project,
    ProjectStatus,
    Source,
)
from models.base import UNITS, stored_day, today
from models.sheets import place_of

AMOUNTS = frozenset({"number_unclear", "cumulative_mismatch"})
LONGEST_HEAD = 40
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    is_proposed: bool = False


@dataclass(frozen=True, slots=True)
class ContextCell:
    """A cell of the row in question: its column by letters and head."""

    letters: str
    head: str
    text: str
    is_this: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class Question:
    """`free`: what may be given beside the options: a `day` to type, one of `others`, or nothing,
    or in their place: a `text`;
    `row` the cells of the row in question, where there is more than the cell itself.
    """

    id: str
    said: Mapping[str, Any]
    choices: tuple[Choice, ...]
    given: str
    free: str
    others: Pairs
    row: tuple[ContextCell, ...]
    anchor: str

    @property
    def is_free(self) -> bool:
        """Whether what was answered is none of the options."""
        return bool(self.given) and self.given not in {one.value for one in self.choices}


class Others:
    """What a name or a period may mean beside the options: all that this person may name. Units are
    those of the period, as they are for whoever reads the file (models/imports/known.py).
    """

    def __init__(self, session: Session, period: Period | None) -> None:
        self._session = session
        self._days = (period.data_from, period.data_to) if period else (today(), today())

    @cached_property
    def units(self) -> Pairs:
        units = units_between(self._session, *self._days)
        return [(one.code, unit_called(one, self._days[1])) for one in units]

    @cached_property
    def works(self) -> Pairs:
        rows = select(Project.code, Project.name).order_by(Project.code)
        return [(code, f"{code} · {name}") for code, name in self._pairs(rows)]

    @cached_property
    def parts(self) -> Pairs:
        rows = select(Component.code, Component.short_name)
        return self._pairs(rows.order_by(Component.sort_order, Component.code))

    @cached_property
    def periods(self) -> Pairs:
        return [(one.code, month_label(one.code)) for one in periods_to_name(self._session)]

    def _pairs(self, rows: Any) -> Pairs:
        return [(code, name) for code, name in self._session.execute(rows)]

    def beside(self, code: str, options: list[str]) -> Pairs:
        """What may be chosen beside the options of a question; nothing where they are all."""
        if code == "period_conflict":
            return self._without(self.periods, options)
        if code != "name_unclear":
            return []
        for known in (self.works, self.units, self.parts):
            if {one for one, _words in known} & set(options):
                return self._without(known, options)
        return []

    def _without(self, known: Pairs, options: list[str]) -> Pairs:
        return [pair for pair in known if pair[0] not in options]


def question_of(
    finding: Mapping[str, Any],
    *,
    answers: Mapping[str, str],
    row: tuple[ContextCell, ...],
    anchor: str,
    others: Others,
) -> Question:
    """The question that a finding asks, with what was answered so far."""
    code, key, options = finding["code"], finding["answer"], finding["options"]
    names = finding.get("names") or [""] * len(options)
    beside = others.beside(code, options)
    free = "day" if code in DAYS else "others" if beside else ""
    return Question(
        id=key,
        said=finding,
        choices=tuple(
            Choice(value, option_words(code, value, name), value == finding.get("proposed"))
            for value, name in zip(options, names, strict=True)
        ),
        given=answers.get(key, ""),
        free="text" if code in TEXTS and not options else free,
        others=beside,
        row=row,
        anchor=anchor,
    )


def row_around(
    finding: Mapping[str, Any], picture: Mapping[str, Any] | None, heads: Mapping[str, str]
) -> tuple[ContextCell, ...]:
    """The row of a finding's cell as the picture shows it; nothing for a cell that stands alone."""
    place = place_of(finding["cell"])
    if picture is None or place is None:
        return ()
    for row in picture["rows"]:
        if row["number"] != place[0]:
            continue
        cells = []
        for one in row["cells"]:
            letters, is_this = picture["columns"][one["column"] - 1], one["column"] == place[1]
            head = heads.get(letters, "").rpartition(" / ")[2][:LONGEST_HEAD]
            if one["text"] or is_this:
                is_number = one["kind"] == "number"
                cells.append(ContextCell(letters, head, one["text"], is_this, is_number))
        return tuple(cells) if len(cells) > 1 else ()
    return ()


def option_words(code: str, value: str, name: str = "") -> str:
    """An option in words: đồng with thousands, days, months, names."""
    if code in AMOUNTS and re.fullmatch(r"-?\d+", value):
        return _("%(amount)s đồng", amount=dong(int(value)))
    if name:
        return str(_(name))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return day(stored_day(value))
    if re.fullmatch(r"\d{4}-\d\d", value):
        return month_label(value)
    if value in UNITS:
        return unit_label(value)
    known = {
        "plan": _("in proportion to the plan"),
        "*": _("all of these sheets"),
        "month": _("of the period alone"),
        "cumulative": _("since the beginning of the year"),
        "total": _("it holds that as well"),
        "beside": _("it stands beside that"),
        "new": _("a new project"),
    }
    if value in known:
        return known[value]
    parts = value.split(" ")
    words = [_word(part) for part in parts]
    return " · ".join(words) if any(a != b for a, b in zip(words, parts, strict=True)) else value


def _word(part: str) -> str:
    """A code, or a year of capital, in words; other text stays as it is."""
    for kind in (Source, Nature, LineKind, ProjectStatus):
        if (code := member(kind, part)) is not None:
            return label(code)
    return _("capital of %(year)s", year=part) if re.fullmatch(r"20\d\d", part) else part
