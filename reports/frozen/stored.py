"""How the facts of a report are written into a version, and read back."""

import hashlib
import json
from collections.abc import Iterable
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
from reports.facts import Figures, Line, Node, Source, Told, Unit


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
            part[basis] = {"unit": asdict(unit), "lines": [_written(line) for line in lines]}
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
    return found


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
