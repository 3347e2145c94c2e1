"""The printed rows of the consolidated report (Biểu 01), made from facts; nothing is read here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from models.base import _n, format_dong
from reports.facts import Line, Node, Source, Unit, in_order, outline_number, total

STALE = _n("(figures of an earlier period)")
TOTAL = _n("TOTAL")
# of a report that a unit reads: the sum of its own rows is not that of the district
OWN_TOTAL = _n("TOTAL OF YOUR UNIT")


class ConsolidatedRow(NamedTuple):
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


KEYS = ConsolidatedRow._fields
_OF_FIGURES = tuple(
    key for key in KEYS if key.startswith(("plan_", "disbursed_", "rate_")) or key == "remaining"
)
_figures_of = attrgetter(*_OF_FIGURES)
AMOUNTS = tuple(
    key
    for key in KEYS
    if key.startswith(("plan_", "disbursed_")) or key in {"remaining", "estimate"}
)


class Place(NamedTuple):
    """Where a row stands and whose it is, beside what is printed."""

    depth: int
    component_id: int | None = None
    investor_id: int | None = None
    project_id: int | None = None
    is_stale: bool = False
    # code of the nature or source whose figures alone these are
    part: str = ""
    # (n, N, sum): estimates of n of the N projects of the row alone, which are no total of it
    estimated: tuple[int, int, int] | None = None


class RowBuilder:
    """Collects rows; `detail` says how deep, `part` of which capital alone, `steps` how much
    deeper its rows stand therefore."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        self.part, self.steps = "", 0
        self.rows: list[ConsolidatedRow] = []
        self.places: list[Place] = []

    def add(
        self,
        level: str,
        code: str,
        name: str,
        numbers: Sequence[int],
        lines: Sequence[Line],
        place: Place,
        investor: str = "",
        no: str = "",
    ) -> None:
        figures = lines[0].figures if len(lines) == 1 else total(line.figures for line in lines)
        # a sum of partly old figures is not marked, its parts are: the status block says how many
        is_stale = level in {"investor", "project"} and not any(line.is_fresh for line in lines)
        estimate, partly = estimate_of(lines)
        self.rows.append(
            ConsolidatedRow._make(
                (
                    no or outline_number(numbers),
                    level,
                    code,
                    name,
                    investor,
                    *_figures_of(figures),
                    estimate,
                    words_of(lines, "progress", level),
                    words_of(lines, "obstacles", level),
                    STALE if is_stale else _correction(figures.corrected, level),
                )
            )
        )
        self.places.append(
            Place(
                depth=place.depth + self.steps,
                part=self.part,
                component_id=place.component_id,
                investor_id=place.investor_id,
                project_id=place.project_id,
                is_stale=is_stale,
                estimated=partly,
            )
        )

    def investors(
        self,
        source: Source,
        lines: Sequence[Line],
        numbers: Sequence[int],
        depth: int,
        component: int,
    ) -> None:
        """Those that hold something right under a component."""
        for n, (unit, own) in enumerate(_grouped_by_unit(source, lines), 1):
            self.investor(unit, own, (*numbers, n), depth, component)

    def investor(
        self, unit: Unit, lines: Sequence[Line], numbers: Sequence[int], depth: int, component: int
    ) -> None:
        place = Place(depth=depth, component_id=component, investor_id=unit.id)
        name = unit.short_name
        self.add("investor", unit.code, name, numbers, lines, place, investor=name)
        self.projects(numbers, lines, depth + 1, name)

    def projects(
        self, numbers: Sequence[int], lines: Sequence[Line], depth: int, investor: str
    ) -> None:
        if self.detail != "project":
            return
        for n, line in enumerate(lines, 1):
            self.add(
                "project",
                line.code,
                line.name,
                (*numbers, n),
                [line],
                Place(
                    depth=depth,
                    component_id=line.component_id,
                    investor_id=line.investor_id,
                    project_id=line.project_id,
                ),
                investor=investor,
            )


def estimate_of(lines: Sequence[Line]) -> tuple[int | None, tuple[int, int, int] | None]:
    """What the projects of a row are expected to disburse, in đồng; None where not all say it.

    Some projects' estimates are no estimate of the whole: it could lie below what is paid. Then
    the second tells (n, N, sum) of the n of N projects that have one.
    """
    told = amount = projects = 0
    for line in lines:
        n, estimate = line.estimated
        told, amount, projects = told + n, amount + estimate, projects + line.projects
    if 0 < told < projects:
        return None, (told, projects, amount)
    return (amount if told else None), None


def words_of(lines: Sequence[Line], column: str, level: str) -> str:
    """What the units wrote, one part per project; percent of work before the words."""
    if level not in ("investor", "project"):
        return ""
    told = [(line, line.told) for line in lines if line.told is not None]
    parts = []
    for line, said in told:
        text = ((said.progress_text if column == "progress" else said.obstacles) or "").strip()
        if column == "progress" and said.physical_progress is not None:
            text = f"{_percent(said.physical_progress)}% {text}".strip()
        if text:
            parts.append(text if len(told) == 1 else f"{line.code}: {text}")
    return "; ".join(parts)


def _correction(amount: int, level: str) -> str:
    """Điều chỉnh số kỳ trước (domain §4.2, column 22)."""
    if not amount or level == "component":
        return ""
    return f"Điều chỉnh số kỳ trước: {'+' if amount > 0 else ''}{format_dong(amount)} đồng"


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def by_component(builder: RowBuilder, source: Source) -> None:
    """Programme, component projects and their parts in the order of the tree."""
    components = source.components
    below: dict[int, list[Line]] = defaultdict(list)
    for line in source.lines:
        node: Node | None = components[line.component_id]
        while node is not None:
            below[node.id].append(line)
            node = components.get(node.parent_id) if node.parent_id else None

    def walk(parent_id: int | None, numbers: tuple[int, ...], depth: int) -> None:
        children = sorted(
            (c for c in components.values() if c.parent_id == parent_id and below[c.id]),
            key=lambda c: (c.sort_order, c.code),
        )
        for n, component in enumerate(children, 1):
            own = [line for line in below[component.id] if line.component_id == component.id]
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
                builder.investors(source, own, at, depth + 1, component.id)

    walk(None, (), 1)


def by_investor(builder: RowBuilder, source: Source) -> None:
    """Investors in their order, each with the components that it holds."""
    for n, (unit, own) in enumerate(_grouped_by_unit(source, source.lines), 1):
        with_components(source.components, builder, n, unit, own)


def with_components(
    components: Mapping[int, Node], builder: RowBuilder, n: int, unit: Unit, lines: Sequence[Line]
) -> None:
    """The rows of the `n`th investor, whose lines these are."""
    name = unit.short_name
    place = Place(depth=1, investor_id=unit.id)
    builder.add("investor", unit.code, name, (n,), lines, place, investor=name)
    if builder.detail == "group":
        return
    held: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        held[line.component_id].append(line)
    order = sorted(held, key=lambda i: (components[i].sort_order, components[i].code))
    for m, component_id in enumerate(order, 1):
        component, own = components[component_id], held[component_id]
        builder.add(
            "component",
            component.code,
            _title(component),
            (n, m),
            own,
            Place(depth=2, component_id=component_id, investor_id=unit.id),
            investor=name,
        )
        builder.projects((n, m), own, 3, name)


def _grouped_by_unit(source: Source, lines: Iterable[Line]) -> list[tuple[Unit, list[Line]]]:
    groups: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.investor_id].append(line)
    ordered = in_order(source.units[unit_id] for unit_id in groups)
    return [(unit, groups[unit.id]) for unit in ordered]


def _title(component: Node) -> str:
    if component.parent_id is None:
        return component.name
    return f"{component.short_name}: {component.name}"
