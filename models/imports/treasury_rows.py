"""The rows of a statement of the Treasury: what they confirm, project by project."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from models.base import MAX_DONG, Dong, _n, net_of
from models.capital import BUDGET_SOURCES
from models.catalogue import Project
from models.imports.amounts import dong_of
from models.imports.notes import Notes
from models.imports.resolved import Works
from models.imports.unit_sheets import projects_of
from models.sheets import At, Field, Known, Line, Reading, Value

_PARTS = (Field.ADVANCE, Field.COMPLETED, Field.RECOVERED, Field.RETURNED)
_CONFIRMED = frozenset({Field.CONFIRMED, Field.CUMULATIVE, *_PARTS})


@dataclass
class Confirmed:
    """What the rows of one project add up to, in đồng."""

    project: Project
    at: At
    amount: int = 0
    texts: list[str] = field(default_factory=list)


def confirmed_in(
    session: Session, reading: Reading, known: Known, notes: Notes
) -> dict[int, Confirmed]:
    """By project: what its rows add up to."""
    works = Works(known, notes)
    _tell_others(reading.lines, notes)
    saying = [(line, amount) for line in reading.lines if (amount := _amount(line, notes))]
    named = [
        (line, amount, code)
        for line, amount in saying
        if (code := _code_of(line, amount.amount, works, notes)) is not None
    ]
    projects = projects_of(session, [code for _line, _amount, code in named])
    found: dict[int, Confirmed] = {}
    for line, amount, code in named:
        project = projects.get(code)
        if project is None:
            _unmatched(line, amount.amount, notes)
            continue
        one = found.setdefault(project.id, Confirmed(project, amount.at))
        one.amount += amount.amount
        one.texts.append(line.name or line.at.value)
        if not 0 <= one.amount <= MAX_DONG:
            notes.impossible(amount.at, project.code, one.amount)
    return found


def _code_of(line: Line, amount: int, works: Works, notes: Notes) -> str | None:
    """The project of a row; one that is none of those known here is told, not guessed."""
    if line.work is not None:
        return line.work
    if notes.is_blocked(line.at):
        return None
    if line.unit is not None and line.part is not None:
        found = works.within(line.unit, line.part)
        if len(found) == 1:
            return found[0].code
    _unmatched(line, amount, notes)
    return None


def _unmatched(line: Line, amount: int, notes: Notes) -> None:
    notes.warning(
        "treasury_unmatched",
        _n(
            "“%(name)s” is none of the projects here: its %(amount)s đồng are left aside. Correct "
            "the name in the file if it is one of them."
        ),
        line.at,
        name=line.name or line.at.value,
        amount=Dong(amount),
    )


def _tell_others(lines: Iterable[Line], notes: Notes) -> None:
    """Name the columns of money that the Treasury does not pay: neither report nor check has it."""
    told: dict[str, list[Value]] = defaultdict(list)
    for line in lines:
        for one in line.values:
            if one.field in _CONFIRMED and not _is_of_budget(one):
                told[one.at.heading].append(one)
    for heading, values in told.items():
        notes.warning(
            "treasury_unmatched",
            _n(
                "“%(heading)s” is no money of the state budget: its %(amount)s đồng in "
                "%(count)s rows are left aside."
            ),
            values[0].at,
            heading=heading,
            amount=Dong(sum(map(dong_of, values))),
            count=len(values),
        )


def _is_of_budget(value: Value) -> bool:
    return value.source is None or value.source in BUDGET_SOURCES


@dataclass(frozen=True)
class _Amount:
    amount: int
    at: At


def _amount(line: Line, notes: Notes) -> _Amount | None:
    """What a row confirms: its total, else the sum of its columns by capital, else of advances
    and payments. A total and its parts are never added up.
    """
    values = [one for one in line.values if _is_of_budget(one)]
    wholes = [one for one in values if one.field in (Field.CONFIRMED, Field.CUMULATIVE)]
    totals = [one for one in wholes if _is_total(one)]
    parts = [one for one in wholes if not _is_total(one)]
    if totals:
        amount = dong_of(totals[0])
        told = sum(dong_of(one) for one in parts)
        if len({dong_of(one) for one in totals}) > 1 or (parts and told != amount):
            _mismatch(totals[0], told if parts else dong_of(totals[-1]), notes)
        return _Amount(amount, totals[0].at)
    if parts:
        return _Amount(sum(dong_of(one) for one in parts), parts[0].at)
    payments = [one for one in values if one.field in _PARTS]
    if not payments:
        return None
    sums: dict[str, int] = {str(kind): 0 for kind in _PARTS}
    for one in payments:
        sums[str(one.field)] += dong_of(one)
    return _Amount(int(net_of(**sums, correction=0)), payments[0].at)


def _is_total(value: Value) -> bool:
    return not (value.vintage or value.is_carried or value.source or value.among or value.nature)


def _mismatch(value: Value, told: int, notes: Notes) -> None:
    if notes.has(value.at, "total_mismatch"):
        return
    notes.warning(
        "total_mismatch",
        _n(
            "The figure is %(written)s đồng, its parts add up to %(total)s đồng. The figure is "
            "taken as it is written."
        ),
        value.at,
        written=Dong(dong_of(value)),
        total=Dong(told),
    )
