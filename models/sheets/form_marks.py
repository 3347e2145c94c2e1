"""The hidden marks of a unit's own form: whose it is, of which period, and what each cell holds.

They stand on a very hidden sheet, key beside value, written by the product and read back by it
alone. People see the headings and labels of the form; that a cell still is what its mark says is
told by those, so each mark carries the label that stands in its row or column.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

from models.base import read_id
from models.calendar import PeriodCode
from models.sheets.said import Field

FORM_SHEET = "_form"
FORM_VERSION = "1"  # grows with every change after which an older form is not understood
_KIND = "unit-form"
_DEEPEST = 4  # total, component, project, capital
_MOST_COLUMNS = 30
_NEEDED = frozenset(
    {
        Field.PLAN, Field.BEFORE, Field.ADVANCE, Field.COMPLETED, Field.RECOVERED, Field.RETURNED,
        Field.MONTH, Field.CUMULATIVE, Field.REMAINING, Field.PROGRESS, Field.VOLUME,
        Field.ESTIMATE,
    }
)  # fmt: skip


class Holds(StrEnum):
    """What a row of the form is about."""

    CAPITAL = "capital"  # one allocation: amounts are typed
    PROJECT = "project"  # sums of its capital, and its figures are typed
    WORDS = "words"  # one text of the project above, typed across the row
    SUM = "sum"  # sums alone


@dataclass(frozen=True, kw_only=True, slots=True)
class FormRow:
    """One row of the form. `label` is the text in its column of labels.

    `adds` are the rows of which its sums are made; capital has none.
    """

    row: int
    holds: Holds
    label: str
    project_id: int | None = None
    project: str = ""
    allocation_id: int | None = None
    source: str = ""
    nature: str = ""
    vintage: int | None = None
    field: str = ""
    adds: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FormColumn:
    """One column of the form, by its letters; `field` says what stands in it, `made_of` which
    others it adds up, with their signs. `group` is the heading over several.
    """

    column: str
    field: str
    heading: str
    group: str = ""
    made_of: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        return " / ".join(part for part in (self.group, self.heading) if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class FormMarks:
    """All marks of one form. `labels`, `codes` and `words` are columns by their letters."""

    period: str
    unit_id: int
    unit_code: str
    sheet: str = ""
    head_rows: tuple[int, ...] = ()
    labels: str = ""
    codes: str = ""
    words: str = ""
    columns: tuple[FormColumn, ...] = ()
    rows: tuple[FormRow, ...] = ()
    version: str = FORM_VERSION
    is_whole: bool = True  # as the product wrote them

    @property
    def structure(self) -> str:
        """A digest of what the unit reports on: its projects and their capital."""
        return structure_digest(
            (
                row.project_id or 0,
                row.project,
                row.allocation_id or 0,
                f"{row.source} {row.nature} {row.vintage}" if row.allocation_id else "",
            )
            for row in self.rows
            if row.holds in (Holds.CAPITAL, Holds.PROJECT)
        )

    def written(self) -> Iterator[tuple[str, str]]:
        """Key and value of each row of the hidden sheet, the digest of all others last."""
        found = list(self._pairs())
        yield from found
        yield "digest", _digest(found)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        yield "form", _KIND
        yield "version", self.version
        yield "period", self.period
        yield "unit_id", str(self.unit_id)
        yield "unit_code", self.unit_code
        yield "structure", self.structure
        yield "sheet", self.sheet
        yield "head_rows", " ".join(map(str, self.head_rows))
        for name in ("labels", "codes", "words"):
            yield name, getattr(self, name)
        for column in self.columns:
            told = [column.field, column.heading, column.group, column.made_of]
            yield f"column {column.column}", _json(told)
        for row in self.rows:
            yield f"row {row.row}", _json(
                [
                    row.holds, row.label, row.project_id, row.project, row.allocation_id,
                    row.source, row.nature, row.vintage, row.field, list(row.adds),
                ]
            )  # fmt: skip


def structure_digest(parts: Iterable[tuple[int, str, int, str]]) -> str:
    """One digest for (project id, code, allocation id or 0, its key) in whatever order."""
    return _digest((f"{a} {b}", f"{c} {d}") for a, b, c, d in sorted(set(parts)))


def read_marks(form: Mapping[str, str]) -> FormMarks | None:
    """The marks as far as they can be read; None where they are none.

    Of a form of another version, and of one that was changed by hand (`is_whole`), they only help
    to read it as any other file.
    """
    pairs = [(key, value) for key, value in form.items() if key != "digest"]
    unit_id = read_id(form.get("unit_id", ""))
    if form.get("form") != _KIND or unit_id is None:
        return None
    bare = FormMarks(
        period=form.get("period", ""),
        unit_id=unit_id,
        unit_code=form.get("unit_code", ""),
        version=form.get("version", ""),
        is_whole=form.get("digest") == _digest(pairs),
    )
    try:
        marks = replace(
            bare,
            sheet=form["sheet"],
            head_rows=tuple(int(row) for row in form["head_rows"].split()),
            labels=form["labels"],
            codes=form["codes"],
            words=form["words"],
            columns=tuple(_columns(pairs)),
            rows=tuple(_rows(pairs)),
        )
        return replace(marks, is_whole=bare.is_whole and _is_usable(marks))
    except (KeyError, TypeError, ValueError):
        return replace(bare, is_whole=bare.is_whole and bare.version != FORM_VERSION)


def _is_usable(marks: FormMarks) -> bool:
    """Whether the marks are those of a form: anybody can write a digest that fits."""
    fields = {column.field for column in marks.columns}
    added = {of for column in marks.columns for _sign, of in column.made_of}
    is_there = bool(marks.rows and marks.head_rows) and len(fields) <= _MOST_COLUMNS
    is_there = is_there and PeriodCode.is_one(marks.period)
    return is_there and fields >= (_NEEDED | added) and _is_a_tree(marks.rows)


def _is_a_tree(rows: Iterable[FormRow]) -> bool:
    """Whether sums add up rows below them, no deeper than a form is."""
    depth: dict[int, int] = {}
    for row in sorted(rows, key=lambda one: -one.row):
        if not all(one in depth for one in row.adds):
            return False
        depth[row.row] = 1 + max((depth[one] for one in row.adds), default=0)
    return max(depth.values(), default=0) <= _DEEPEST


def _columns(pairs: Iterable[tuple[str, str]]) -> Iterator[FormColumn]:
    for key, value in _told("column ", pairs):
        field, heading, group, made_of = value
        yield FormColumn(
            column=key,
            field=field,
            heading=heading,
            group=group,
            made_of=tuple((sign, of) for sign, of in made_of),
        )


def _rows(pairs: Iterable[tuple[str, str]]) -> Iterator[FormRow]:
    for key, value in _told("row ", pairs):
        (
            holds, label, project_id, project, allocation_id, source, nature, vintage, field, adds,
        ) = value  # fmt: skip
        if not all(isinstance(one, str) for one in (label, project, source, nature)):
            raise TypeError("texts of a row are texts")
        yield FormRow(
            row=int(key),
            holds=Holds(holds),
            label=label,
            project_id=project_id,
            project=project,
            allocation_id=allocation_id,
            source=source,
            nature=nature,
            vintage=vintage,
            field=Field(field) if field else "",
            adds=tuple(int(one) for one in adds),
        )


def _told(word: str, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[Any]]]:
    """What the keys that begin with a word hold, without it; an empty one was emptied by hand."""
    for key, value in pairs:
        if key.startswith(word) and (told := json.loads(value)):
            yield key.removeprefix(word), told


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _digest(pairs: Iterable[tuple[str, str]]) -> str:
    return sha256("\n".join(f"{key}\t{value}" for key, value in pairs).encode()).hexdigest()
