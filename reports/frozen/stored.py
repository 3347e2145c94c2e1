"""How the facts of a report are written into a version, and read back."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Period,
    Setting,
)
from models.base import stored_day
from models.duty import standings_of
from reports.facts import (
    Carried,
    ChangedLine,
    ChangedPlan,
    Figures,
    Line,
    Node,
    Source,
    Told,
    Unit,
    carried_capital,
    changed_plan,
)

# what versions hold besides the lines of a report; those of earlier days lack it
CARRIED, CHANGES = "carried", "changes"


def head_of(session: Session, period: Period, source: Source) -> dict[str, Any]:
    return {
        "period": {
            "code": period.code,
            "data_from": period.data_from.isoformat(),
            "data_to": period.data_to.isoformat(),
            "deadline_at": period.deadline_at.isoformat(),
            "deadline_reason": period.deadline_reason,
        },
        "settings": {row.key: row.value for row in session.scalars(select(Setting))},
        "components": [asdict(node) for node in source.components.values()],
        "holds": [CARRIED, CHANGES],
    }


def parts_of(
    session: Session, period: Period, sources: dict[str, Source], at: datetime
) -> dict[int, dict[str, Any]]:
    standings = {s.investor.id: s for s in standings_of(session, [period], as_of=at)}
    found: dict[int, dict[str, Any]] = {}
    for basis, source in sources.items():
        for unit in source.units.values():
            lines = [line for line in source.lines if line.investor_id == unit.id]
            part = found.setdefault(unit.id, {"standing": None})
            part[basis] = {"unit": unit._asdict(), "lines": [_written(line) for line in lines]}
    for investor_id, one in standings.items():
        if investor_id in found:
            found[investor_id]["standing"] = {
                "status": one.status.value,
                "days_late": one.days_late,
                "deadline_at": one.deadline_at.isoformat(),
                "first_submitted_at": (
                    one.first_submitted_at.isoformat() if one.first_submitted_at else None
                ),
            }
    _add_carried(session, period, sources, found)
    _add_changes(session, period, found)
    return found


def _add_carried(
    session: Session, period: Period, sources: dict[str, Source], found: dict[int, dict[str, Any]]
) -> None:
    """The capital of earlier years of each unit, on each basis."""
    for basis, source in sources.items():
        owners = {line.project_id: line.investor_id for line in source.lines}
        for one in carried_capital(session, period, basis):
            if one.project_id in owners:
                held = found[owners[one.project_id]].setdefault(CARRIED, {})
                held.setdefault(basis, []).append(
                    asdict(one)
                    | {
                        "untils": sorted(day.isoformat() for day in one.untils),
                        "decisions": [[day.isoformat(), name] for day, name in one.decisions],
                    }
                )


def _add_changes(session: Session, period: Period, found: dict[int, dict[str, Any]]) -> None:
    """What changed in the plan of each unit, also of one that no line of the report is of."""
    plan = changed_plan(session, period)

    def of_unit(unit_id: int) -> dict[str, Any]:
        part = found.setdefault(unit_id, {"standing": None})
        held: dict[str, Any] = part.setdefault(CHANGES, {"opening": 0, "lines": []})
        return held

    for unit_id, amount in plan.openings.items():
        of_unit(unit_id)["opening"] = amount
    for line in plan.lines:
        days = {name: getattr(line, name).isoformat() for name in ("effective_on", "issued_on")}
        of_unit(line.investor_id)["lines"].append(asdict(line) | days)


def carried_of(
    content: dict[str, Any], parts: Iterable[dict[str, Any]], basis: str
) -> tuple[Carried, ...] | None:
    """The capital of earlier years that a version holds; None for one of before this was kept."""
    if CARRIED not in content.get("holds", ()):
        return None
    return tuple(
        Carried(
            **plain
            | {
                "untils": {stored_day(day) for day in plain["untils"]},
                "decisions": {(stored_day(day), name): None for day, name in plain["decisions"]},
            }
        )
        for part in parts
        for plain in part.get(CARRIED, {}).get(basis, ())
    )


def changes_of(content: dict[str, Any], parts: Mapping[int, dict[str, Any]]) -> ChangedPlan | None:
    """What changed in the plan as a version holds it, by unit; None for one of before."""
    if CHANGES not in content.get("holds", ()):
        return None
    held = {unit_id: part[CHANGES] for unit_id, part in parts.items() if CHANGES in part}
    lines = (
        ChangedLine(
            **plain | {name: stored_day(plain[name]) for name in ("effective_on", "issued_on")}
        )
        for one in held.values()
        for plain in one["lines"]
    )
    return ChangedPlan(
        openings={unit_id: one["opening"] for unit_id, one in held.items()},
        lines=tuple(sorted(lines, key=lambda one: one.order)),
    )


def _written(line: Line) -> dict[str, Any]:
    plain = asdict(line)
    if line.told is not None and line.told.physical_progress is not None:
        plain["told"]["physical_progress"] = str(line.told.physical_progress)
    return plain


def source_of(content: dict[str, Any], parts: Iterable[dict[str, Any]], basis: str) -> Source:
    held = [part[basis] for part in parts if basis in part]
    units = [Unit(**part["unit"]) for part in held]
    nodes = [Node(**node) for node in content["components"]]
    lines = [_line(plain) for part in held for plain in part["lines"]]
    return Source(
        data_to=stored_day(content["period"]["data_to"]),
        components={node.id: node for node in nodes},
        units={unit.id: unit for unit in units},
        lines=tuple(sorted(lines, key=lambda line: (line.code, line.project_id))),
    )


def _line(plain: dict[str, Any]) -> Line:
    told = plain["told"]
    if told is not None:
        progress = told["physical_progress"]
        told = Told(**told | {"physical_progress": Decimal(progress) if progress else None})
    return Line(**plain | {"figures": Figures(**plain["figures"]), "told": told})


def digest_of(content: dict[str, Any], parts: dict[int, dict[str, Any]]) -> str:
    whole = {"content": content, "parts": {str(key): part for key, part in parts.items()}}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
