"""The consolidated report (Biểu 01, domain §4.2): plan, disbursement, rates, progress."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models import (
    COUNTED,
    Component,
    ExpectedReport,
    Investor,
    Period,
    ProgressEntry,
    Project,
    Submission,
)
from models.errors import _n
from models.money import in_unit
from reports.figures import Figures, figures_by_project, total
from reports.outline import outline_number

STALE = _n("(figures of an earlier period)")
TOTAL = _n("TOTAL")


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsolidatedRow:
    """One printed row; the fields and their order are the keys of design §6."""

    no: str
    level: str
    code: str
    name: str
    investor: str
    plan_total: int
    plan_year: int
    plan_central: int
    plan_local: int
    plan_investment: int
    plan_recurrent: int
    plan_carried: int
    disbursed_month: int
    disbursed_total: int
    disbursed_year: int
    disbursed_carried: int
    rate_total: Decimal | None
    rate_year: Decimal | None
    rate_carried: Decimal | None
    remaining: int
    estimate: int | None
    progress: str
    obstacles: str
    note: str


KEYS = tuple(field.name for field in fields(ConsolidatedRow))
AMOUNTS = tuple(
    field.name
    for field in fields(ConsolidatedRow)
    if field.name.startswith(("plan_", "disbursed_")) or field.name in {"remaining", "estimate"}
)
RATES = ("rate_total", "rate_year", "rate_carried")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a row stands and whose it is, beside what is printed."""

    depth: int
    component_id: int | None = None
    investor_id: int | None = None
    project_id: int | None = None
    is_stale: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DataStatus:
    """How complete the figures are: printed above the table."""

    data_to: date
    expected: int
    reported: int
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Consolidated:
    period: Period
    rows: tuple[ConsolidatedRow, ...]
    places: tuple[Place, ...]
    status: DataStatus
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One project with its figures and what its unit wrote."""

    project: Any
    component: Component
    investor: Investor
    figures: Figures
    entry: Any
    is_fresh: bool


def consolidated(
    session: Session,
    *,
    period: Period,
    group: str = "component",
    detail: str = "investor",
    basis: str = "submitted",
) -> Consolidated:
    """The report of a period: amounts in đồng, rates in percent (half-up, None without a plan).

    Plan as of the last day of the period; disbursement of submissions that are sent (or only
    accepted: `basis`) in this and the earlier periods of the budget year; state budget sources
    only (design §6). A session that sees one investor gets the report of that investor.
    """
    reported = _reported(session, period, basis)
    components = {row.id: row for row in session.scalars(select(Component))}
    lines = _lines(session, period, basis, reported, components)
    builder = _Builder(detail)
    builder.add("total", "", TOTAL, (), lines, Place(depth=0))
    if group == "component":
        _by_component(builder, components, lines)
    else:
        _by_investor(builder, components, lines)
    return Consolidated(
        period=period,
        rows=tuple(builder.rows),
        places=tuple(builder.places),
        status=_status(session, period, reported),
        programmes=_programmes(components, lines),
    )


def _programmes(components: dict[int, Component], lines: Sequence[_Line]) -> tuple[str, ...]:
    """Names of the programmes at the top of the tree to which the rows belong."""
    names: dict[str, None] = {}
    for line in lines:
        node = line.component
        while node.parent_id is not None and node.parent_id in components:
            node = components[node.parent_id]
        names[node.name] = None
    return tuple(names)


def does_not_add_up(report: Consolidated, *, unit: str, places: int) -> bool:
    """Whether rounding to `places` of `unit` lets printed rows miss their printed sum (§2.5).

    Sums are always those of whole đồng; where this is so, a footnote says it.
    """
    step = Decimal(1).scaleb(-places)

    def shown(amount: int) -> Decimal:
        return in_unit(amount, unit).quantize(step, ROUND_HALF_UP)

    for at, place in enumerate(report.places):
        children = []
        for row, below in zip(report.rows[at + 1 :], report.places[at + 1 :], strict=True):
            if below.depth <= place.depth:
                break
            if below.depth == place.depth + 1:
                children.append(row)
        for key in AMOUNTS:
            parts = [getattr(row, key) or 0 for row in children]
            whole = getattr(report.rows[at], key) or 0
            if sum(parts) == whole and sum(map(shown, parts)) != shown(whole):
                return True
    return False


def _reported(session: Session, period: Period, basis: str) -> frozenset[int]:
    return frozenset(
        session.scalars(
            select(Submission.investor_id).where(
                Submission.period_id == period.id, Submission.status.in_(COUNTED[basis])
            )
        )
    )


def _status(session: Session, period: Period, reported: frozenset[int]) -> DataStatus:
    expected = session.execute(
        select(Investor.id, Investor.short_name)
        .join(ExpectedReport, ExpectedReport.investor_id == Investor.id)
        .where(ExpectedReport.period_id == period.id, ExpectedReport.exempt_reason.is_(None))
        .order_by(Investor.sort_order, Investor.code, Investor.id)
    ).all()
    missing = tuple(name for investor_id, name in expected if investor_id not in reported)
    return DataStatus(
        data_to=period.data_to,
        expected=len(expected),
        reported=len(expected) - len(missing),
        missing=missing,
    )


def _lines(
    session: Session,
    period: Period,
    basis: str,
    reported: frozenset[int],
    components: dict[int, Component],
) -> list[_Line]:
    figures = {
        project_id: found
        for project_id, found in figures_by_project(session, period=period, basis=basis).items()
        if not found.is_empty
    }
    # columns, not rows of the mapper: nothing here is changed, and years of projects pass through
    entries = {
        entry.project_id: entry
        for entry in session.execute(
            select(
                ProgressEntry.project_id,
                ProgressEntry.physical_progress,
                ProgressEntry.progress_text,
                ProgressEntry.obstacles,
                ProgressEntry.estimate,
            )
            .join(
                Submission,
                and_(
                    Submission.investor_id == ProgressEntry.investor_id,
                    Submission.id == ProgressEntry.submission_id,
                ),
            )
            .where(Submission.period_id == period.id, Submission.status.in_(COUNTED[basis]))
        )
    }
    investors = {row.id: row for row in session.scalars(select(Investor))}
    rows = session.execute(
        select(Project.id, Project.code, Project.name, Project.component_id, Project.investor_id)
        .where(Project.id.in_(list(figures)))
        .order_by(Project.code, Project.id)
    )
    return [
        _Line(
            row,
            components[row.component_id],
            investors[row.investor_id],
            figures[row.id],
            entries.get(row.id),
            row.investor_id in reported,
        )
        for row in rows
    ]


class _Builder:
    """Collects rows; `detail` says how deep."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        self.rows: list[ConsolidatedRow] = []
        self.places: list[Place] = []

    def add(
        self,
        level: str,
        code: str,
        name: str,
        numbers: Sequence[int],
        lines: Sequence[_Line],
        place: Place,
        investor: str = "",
    ) -> None:
        figures = total(line.figures for line in lines)
        # a sum of partly old figures is not marked, its parts are: the status block says how many
        is_stale = level in {"investor", "project"} and not any(line.is_fresh for line in lines)
        estimates = [
            line.entry.estimate
            for line in lines
            if line.entry is not None and line.entry.estimate is not None
        ]
        told = [line for line in lines if line.entry is not None] if level != "component" else []
        self.rows.append(
            ConsolidatedRow(
                no=outline_number(numbers),
                level=level,
                code=code,
                name=name,
                investor=investor,
                **{
                    key: getattr(figures, key)
                    for key in KEYS
                    if key.startswith(("plan_", "disbursed_", "rate_")) or key == "remaining"
                },
                estimate=sum(estimates) if estimates else None,
                progress=_joined(told, "progress_text", level),
                obstacles=_joined(told, "obstacles", level),
                note=STALE if is_stale else "",
            )
        )
        self.places.append(
            Place(
                depth=place.depth,
                component_id=place.component_id,
                investor_id=place.investor_id,
                project_id=place.project_id,
                is_stale=is_stale,
            )
        )

    def projects(self, numbers: Sequence[int], lines: Sequence[_Line], depth: int) -> None:
        if self.detail != "project":
            return
        for n, line in enumerate(lines, 1):
            self.add(
                "project",
                line.project.code,
                line.project.name,
                (*numbers, n),
                [line],
                Place(
                    depth=depth,
                    component_id=line.component.id,
                    investor_id=line.investor.id,
                    project_id=line.project.id,
                ),
                investor=line.investor.short_name,
            )


def _joined(lines: Sequence[_Line], field: str, level: str) -> str:
    """What the units wrote, one part per project; percent of work before the words."""
    if level == "total":
        return ""
    parts = []
    for line in lines:
        text = (getattr(line.entry, field) or "").strip()
        progress = line.entry.physical_progress if line.entry is not None else None
        if field == "progress_text" and progress is not None:
            text = f"{_percent(progress)}% {text}".strip()
        if text:
            parts.append(text if len(lines) == 1 else f"{line.project.code}: {text}")
    return "; ".join(parts)


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _by_component(
    builder: _Builder, components: dict[int, Component], lines: Sequence[_Line]
) -> None:
    below: dict[int, list[_Line]] = defaultdict(list)
    for line in lines:
        node: Component | None = line.component
        while node is not None:
            below[node.id].append(line)
            node = components.get(node.parent_id) if node.parent_id else None

    def walk(parent_id: int | None, numbers: tuple[int, ...], depth: int) -> None:
        children = sorted(
            (c for c in components.values() if c.parent_id == parent_id and below[c.id]),
            key=lambda c: (c.sort_order, c.code),
        )
        for n, component in enumerate(children, 1):
            own = [line for line in below[component.id] if line.component.id == component.id]
            # the programme itself carries no number: I, II … are its component projects
            at = (*numbers, n) if depth > 1 else ()
            builder.add(
                "component",
                component.code,
                _title(component),
                at,
                below[component.id],
                Place(depth=depth, component_id=component.id),
            )
            walk(component.id, at, depth + 1)
            if builder.detail != "group":
                _investors(builder, own, at, depth + 1, component.id)

    walk(None, (), 1)


def _investors(
    builder: _Builder, lines: Sequence[_Line], numbers: Sequence[int], depth: int, component: int
) -> None:
    for n, (investor, own) in enumerate(_grouped_by_investor(lines), 1):
        at = (*numbers, n)
        builder.add(
            "investor",
            investor.code,
            investor.short_name,
            at,
            own,
            Place(depth=depth, component_id=component, investor_id=investor.id),
            investor=investor.short_name,
        )
        builder.projects(at, own, depth + 1)


def _by_investor(
    builder: _Builder, components: dict[int, Component], lines: Sequence[_Line]
) -> None:
    for n, (investor, own) in enumerate(_grouped_by_investor(lines), 1):
        builder.add(
            "investor",
            investor.code,
            investor.short_name,
            (n,),
            own,
            Place(depth=1, investor_id=investor.id),
            investor=investor.short_name,
        )
        if builder.detail == "group":
            continue
        held: dict[int, list[_Line]] = defaultdict(list)
        for line in own:
            held[line.component.id].append(line)
        order = sorted(held, key=lambda i: (components[i].sort_order, components[i].code))
        for m, component_id in enumerate(order, 1):
            component = components[component_id]
            builder.add(
                "component",
                component.code,
                _title(component),
                (n, m),
                held[component_id],
                Place(depth=2, component_id=component_id, investor_id=investor.id),
                investor=investor.short_name,
            )
            builder.projects((n, m), held[component_id], 3)


def _grouped_by_investor(lines: Iterable[_Line]) -> list[tuple[Investor, list[_Line]]]:
    groups: dict[int, list[_Line]] = defaultdict(list)
    investors: dict[int, Investor] = {}
    for line in lines:
        groups[line.investor.id].append(line)
        investors[line.investor.id] = line.investor
    ordered = sorted(investors.values(), key=lambda i: (i.sort_order, i.code, i.id))
    return [(investor, groups[investor.id]) for investor in ordered]


def _title(component: Component) -> str:
    if component.parent_id is None:
        return component.name
    return f"{component.short_name}: {component.name}"
