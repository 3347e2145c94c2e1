"""The hidden marks of a unit's own form: whose it is, of which period, and what each cell holds.

They stand on a very hidden sheet, key beside value, written by the product and read back by it
alone. People see the headings and labels of the form; that a cell still is what its mark says is
told by those, so each mark carries the label that stands in its row or column.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from models.base import read_id
from models.sheets.said import Field

FORM_SHEET = "_form"
FORM_VERSION = "1"  # grows with every change after which an older form is not understood
_KIND = "unit-form"


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
    sheet: str
    head_rows: tuple[int, ...]
    labels: str
    codes: str
    words: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    version: str = FORM_VERSION

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
    """The marks as they were written; None where they are damaged or were changed by hand.

    Of a form of another version only what every version has is read: version, period, unit.
    """
    pairs = [(key, value) for key, value in form.items() if key != "digest"]
    unit_id = read_id(form.get("unit_id", ""))
    if form.get("form") != _KIND or unit_id is None or form.get("digest") != _digest(pairs):
        return None
    common: dict[str, Any] = {
        "period": form.get("period", ""),
        "unit_id": unit_id,
        "unit_code": form.get("unit_code", ""),
    }
    if form.get("version") != FORM_VERSION:
        return FormMarks(
            **common, version=form.get("version", ""), sheet="", head_rows=(), labels="",
            codes="", words="", columns=(), rows=(),
        )  # fmt: skip
    try:
        return FormMarks(
            **common,
            sheet=form["sheet"],
            head_rows=tuple(int(row) for row in form["head_rows"].split()),
            labels=form["labels"],
            codes=form["codes"],
            words=form["words"],
            columns=tuple(_columns(pairs)),
            rows=tuple(_rows(pairs)),
        )
    except (KeyError, TypeError, ValueError):
        return None  # somebody made them up


def _columns(pairs: Iterable[tuple[str, str]]) -> Iterator[FormColumn]:
    for key, value in pairs:
        if key.startswith("column "):
            field, heading, group, made_of = json.loads(value)
            yield FormColumn(
                column=key.removeprefix("column "),
                field=field,
                heading=heading,
                group=group,
                made_of=tuple((sign, of) for sign, of in made_of),
            )


def _rows(pairs: Iterable[tuple[str, str]]) -> Iterator[FormRow]:
    for key, value in pairs:
        if key.startswith("row "):
            (
                holds, label, project_id, project, allocation_id, source, nature, vintage, field,
                adds,
            ) = json.loads(value)  # fmt: skip
            yield FormRow(
                row=int(key.removeprefix("row ")),
                holds=Holds(holds),
                label=label,
                project_id=project_id,
                project=project,
                allocation_id=allocation_id,
                source=source,
                nature=nature,
                vintage=vintage,
                field=Field(field) if field else "",
                adds=tuple(adds),
            )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _digest(pairs: Iterable[tuple[str, str]]) -> str:
    return sha256("\n".join(f"{key}\t{value}" for key, value in pairs).encode()).hexdigest()
