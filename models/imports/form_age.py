"""A unit's form that was given out before its capital or its projects changed."""

from collections.abc import Iterable

from models.base import _n
from models.imports.notes import Notes
from models.imports.unit_sheets import UnitSheet
from models.sheets import Field, Reading

_SHOWN = 5
Key = tuple[str, str, str, int | None]  # project, source, nature, year; a project alone without


def note_age(units: Iterable[UnitSheet], reading: Reading, notes: Notes) -> None:
    """Say where the form has other rows than the report has today (`form_old`).

    Its figures are read all the same: each cell says of which capital it is.
    """
    if not reading.is_form:
        return
    written = _of_form(reading)
    for unit in units:
        now = _of_report(unit)
        if now == written:
            continue
        notes.warning(
            "form_old",
            _n(
                "The capital or the projects of this unit changed after this form was downloaded: "
                "%(what)s. The figures of the form are read; type what it lacks on the page of the "
                "report, or download the form anew."
            ),
            notes.whole_sheet,
            what=_named(now ^ written),
        )


def _of_form(reading: Reading) -> set[Key]:
    capital = {
        (line.work or "", value.source or "", value.nature or "", value.vintage)
        for line in reading.lines
        for value in line.values
        if value.field is Field.PLAN
    }
    return capital | {(line.work or "", "", "", None) for line in reading.lines}


def _of_report(unit: UnitSheet) -> set[Key]:
    capital = {
        (project.code, str(row.source), str(row.nature), row.vintage)
        for project in unit.sheet.projects
        for row in project.allocations
    }
    return capital | {(project.code, "", "", None) for project in unit.sheet.projects}


def _named(keys: Iterable[Key]) -> str:
    """The first of them, as codes: `L01 NSH SN 2024`."""
    told = sorted(
        " ".join(str(part) for part in key if part) for key in keys
    )  # fmt: skip
    return ", ".join(told[:_SHOWN]) + (" …" if len(told) > _SHOWN else "")
