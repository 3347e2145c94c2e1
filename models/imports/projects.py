"""Planning a list of projects: new ones, and changes shown old beside new."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n, new_id, stored_value, tried
from models.catalogue import Project, ProjectStatus
from models.exchange.package import FILES, text_of
from models.imports.notes import Notes
from models.imports.planned import Plan, PlannedRow, planned
from models.imports.project_codes import next_codes
from models.imports.project_rows import Listed, ProjectRows, texts_of
from models.imports.unit_sheets import projects_of
from models.imports.writes import ProjectWrite, Writes
from models.sheets import Ask, Known, Reading

_STATES = tuple(one.value for one in ProjectStatus)


def plan_projects(session: Session, reading: Reading, ask: Ask, *, known: Known) -> Plan:
    """What a list would add and change. In the same number of queries whatever its length."""
    notes = Notes(reading, ask)
    rows = ProjectRows(known, projects_of(session, texts_of(reading.lines)), notes)
    listed = [one for line in reading.lines if (one := rows.read(line)) is not None]
    fresh = [one for one in listed if one.stored is None]
    _state(fresh, notes)
    _complete(fresh, notes)
    _name_codes(session, fresh)
    _weigh(session, listed, notes)
    return Plan(
        kind=ask.kind,
        findings=tuple(notes.findings),
        rows=tuple(_row(one, known) for one in listed),
        writes=Writes(projects=tuple(_write(one) for one in listed if one.changes)),
    )


def _state(fresh: Sequence[Listed], notes: Notes) -> None:
    """A list without a column of states is asked once in which one its new projects are."""
    silent = [one for one in fresh if "status" not in one.values and not notes.is_blocked(one.at)]
    if not silent:
        return
    given = notes.ask(
        "column_missing",
        _n("The list does not tell in which state its new projects are. Which one is it?"),
        notes.whole_sheet,
        _STATES,
        for_file=True,
    )
    if given is None:
        return
    for one in silent:
        one.values["status"] = ProjectStatus(given)


def _complete(fresh: Sequence[Listed], notes: Notes) -> None:
    """A new project has a name, a unit, a component and a first day."""
    needed = {
        "name": _n("A new project needs its name. Write it into the row."),
        "component_id": _n("A new project needs its component. Write it into the row."),
        "start_on": _n("A new project needs the day on which it starts. Write it into the row."),
    }
    for one in fresh:
        if notes.is_blocked(one.at):
            continue
        if one.investor_id is None:
            notes.error(
                "column_missing",
                _n("A new project needs its unit. Write it into the row."),
                one.at,
            )
        for name, message in needed.items():
            if name not in one.values:
                notes.error("column_missing", message, one.at)


def _name_codes(session: Session, fresh: Sequence[Listed]) -> None:
    """Propose codes where the list has none."""
    waiting = [one for one in fresh if "code" not in one.values and not one.has_own_code]
    if not waiting:
        return
    taken = {*session.scalars(select(Project.code)), *(one.values.get("code", "") for one in fresh)}
    codes = next_codes(taken)
    for one in waiting:
        one.values["code"] = next(codes)


# ------------------------------------------------------------------------------ the rules


def _weigh(session: Session, listed: Sequence[Listed], notes: Notes) -> None:
    """The refusals of the catalogue, at their cells; nothing is stored."""
    rows: dict[Any, Listed] = {}
    fresh = []
    for one in listed:
        if one.stored is None and _is_whole(one):
            row = Project(id=new_id(), investor_id=one.investor_id, **one.values)
            rows[row] = one
            fresh.append(row)
    with tried(session, *fresh) as refusals:
        for one in listed:
            if one.stored is not None and one.changes:
                rows[one.stored] = one
                for name, value in one.changes.items():
                    setattr(one.stored, name, value)
        found = [(refusal, rows[refusal.row]) for refusal in refusals() if refusal.row in rows]
    for refusal, one in found:
        _refuse(one, refusal, notes)


def _is_whole(one: Listed) -> bool:
    needed = {"code", "name", "component_id", "start_on", "status"}
    return one.investor_id is not None and needed <= one.values.keys()


def _refuse(one: Listed, refusal: RuleBroken, notes: Notes) -> None:
    name = "component_id" if refusal.field == "component" else refusal.field
    notes.refuse("row_conflict", refusal, one.place(name))


# ------------------------------------------------------------------------------ rows and writes


def _row(one: Listed, known: Known) -> PlannedRow:
    parts = {part.id: part.code for part in known.components}
    units = {unit.id: unit.code for unit in known.units}
    old = None if one.stored is None else _values(one.stored, {}, parts, units)
    values = _values(one.stored, one.changes, parts, units, one.investor_id)
    at = one.at
    if one.stored is not None and one.changes:
        at = one.place(next(iter(one.changes)))
    return planned("projects", values, old, at)


def _values(
    stored: Project | None,
    changes: dict[str, Any],
    parts: dict[int, str],
    units: dict[int, str],
    investor_id: int | None = None,
) -> dict[str, str]:
    """One line of `projects.csv`."""
    told: dict[str, Any] = {}
    for name in FILES["projects"].header:
        told[name] = changes.get(name, getattr(stored, name, None))
    component = changes.get("component_id", getattr(stored, "component_id", None))
    owner = stored.investor_id if stored is not None else investor_id
    told["component_code"] = parts.get(component or 0, "")
    told["investor_code"] = units.get(owner or 0, "")
    return {name: text_of(value) for name, value in told.items()}


def _write(one: Listed) -> ProjectWrite:
    return ProjectWrite(
        values={name: stored_value(value) for name, value in one.changes.items()},
        investor_id=one.investor_id or (one.stored.investor_id if one.stored is not None else 0),
        id=one.stored.id if one.stored is not None else None,
        version=one.stored.version if one.stored is not None else 0,
        sheet=one.at.sheet,
        cell=one.at.cell,
    )
