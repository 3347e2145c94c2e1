"""The plans that an annex tells, before its changes and after them: compared, never booked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.base import Dong, _n
from models.capital import Allocation, LineKind
from models.catalogue import Project
from models.imports.amounts import dong_of
from models.imports.capital_lines import Change, Key
from models.imports.capital_meant import meant_of, meant_of_all_years, sources_told, tells_no_year
from models.imports.capital_weighed import Stored
from models.imports.decisions import Meant
from models.imports.notes import Notes
from models.ledger import sums_of
from models.sheets import Field, Line, Reading, Value

PLANS = (Field.PLAN, Field.PLAN_AFTER)


@dataclass(frozen=True, slots=True)
class _Plan:
    """One capital of a project without and with the decision, in đồng; `first` is what of the
    change is given at the beginning of the year.
    """

    budget_year: int
    vintage: int
    source: str
    nature: str
    before: int
    change: int
    first: int
    is_changed: bool  # by the file


def compare_plans(
    session: Session,
    lines: Sequence[tuple[Line, Project]],
    changes: Sequence[Change],
    keys: Mapping[Key, Allocation],
    stored: Stored,
    meant: Meant,
    year: int,
    reading: Reading,
    notes: Notes,
) -> None:
    """Warn where plans that an annex tells are not those of the ledger on the day of the decision,
    or do not follow from its changes. A project whose changes are open or refused waits.
    """
    waiting = {one.project.id for one in changes if not one.is_settled or one.is_refused}
    told = [
        (line, project)
        for line, project in lines
        if project.id not in waiting and any(value.field in PLANS for value in line.values)
    ]
    if not told or not changes:
        return
    projects = {project.id for _line, project in told}
    plans = _plans(session, projects, changes, keys, stored, meant, year)
    for line, project in told:
        if not notes.is_blocked(line.at):
            _compare(line, project, plans[project.id], reading, notes)


def _plans(
    session: Session,
    projects: set[int],
    changes: Sequence[Change],
    keys: Mapping[Key, Allocation],
    stored: Stored,
    meant: Meant,
    year: int,
) -> dict[int, list[_Plan]]:
    """The capital of these projects in this budget year."""
    changed: dict[Key, int] = defaultdict(int)
    first: dict[Key, int] = defaultdict(int)
    for one in changes:
        if one.project.id in projects:
            changed[one.key] += one.amount
            first[one.key] += one.amount if one.kind is LineKind.INITIAL else 0
    held = {key: one for key, one in keys.items() if key[0] in projects and key[1] == year}
    sums = sums_of(session, [one.id for one in held.values()], day=meant.effective_on)
    found: dict[int, list[_Plan]] = defaultdict(list)
    for key in dict.fromkeys([*held, *changed]):
        lines = stored.get(held[key].id, []) if key in held else []
        own = sum(line.amount for line in lines)
        begun = sum(line.amount for line in lines if line.kind == LineKind.INITIAL)
        counted = sum(line.amount for line in lines if line.effective_on <= meant.effective_on)
        plan = sums[held[key].id].plan if key in held else 0
        found[key[0]].append(
            _Plan(
                *key[1:],
                before=plan - counted,
                change=changed.get(key, own),
                first=first.get(key, begun),
                is_changed=key in changed,
            )
        )
    return found


def _compare(
    line: Line, project: Project, plans: Sequence[_Plan], reading: Reading, notes: Notes
) -> None:
    before = {one.capital: dong_of(one) for one in line.values if one.field is Field.PLAN}
    for value in line.values:
        if value.field not in PLANS or notes.has(value.at, "plan_mismatch", "total_mismatch"):
            continue
        written = dong_of(value)
        choices = _choices(plans, value, reading)
        start = before.get(value.capital) if value.field is Field.PLAN_AFTER else None
        if start is not None:
            made = [start + _change(choice) for choice in choices]
            _warn(written, made, "total_mismatch", _BY_SHEET, value, project, notes)
        elif written in _firsts(choices):
            continue  # the first plan of the year, whatever was added to it before it was booked
        elif value.field is Field.PLAN_AFTER:
            made = [_before(choice) + _change(choice) for choice in choices]
            _warn(written, made, "plan_mismatch", _AFTER, value, project, notes)
        else:
            made = [_before(choice) for choice in choices]
            if written not in [_before(one) + _change(one) for one in choices]:  # some tell that
                _warn(written, made, "plan_mismatch", _BEFORE, value, project, notes)


_BEFORE = _n(
    "%(project)s: a plan of %(written)s đồng is written, but before this decision it is "
    "%(made)s đồng. The figure is compared, not imported."
)
_AFTER = _n(
    "%(project)s: a plan of %(written)s đồng is written, but this decision makes it "
    "%(made)s đồng. The figure is compared, not imported."
)
_BY_SHEET = _n(
    "%(project)s: a plan of %(written)s đồng is written, but the plan and the changes that stand "
    "beside it make %(made)s đồng."
)


def _choices(plans: Sequence[_Plan], value: Value, reading: Reading) -> list[tuple[_Plan, ...]]:
    """The capital that a plan can be of, the likeliest first: where no source is told that of the
    changes, where no year is told that of all years as well.
    """
    found = [meant_of(plans, value, reading)]
    if tells_no_year(value):
        found.append(meant_of_all_years(plans, value, reading))
    changed = tuple(one for one in plans if one.is_changed)
    if changed and not sources_told(value, reading):
        found.insert(0, changed)
    return found


def _before(plans: Iterable[_Plan]) -> int:
    return sum(one.before for one in plans)


def _change(plans: Iterable[_Plan]) -> int:
    return sum(one.change for one in plans)


def _firsts(choices: Iterable[Iterable[_Plan]]) -> set[int]:
    return {sum(one.first for one in plans) for plans in choices} - {0}


def _warn(
    written: int,
    made: Sequence[int],
    code: str,
    message: str,
    value: Value,
    project: Project,
    notes: Notes,
) -> None:
    if written not in made:
        notes.warning(
            code,
            message,
            value.at,
            project=project.code,
            written=Dong(written),
            made=Dong(made[0]),
        )
