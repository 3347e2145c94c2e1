"""The consolidated report of an office of thousands of units, of which a screen shows a page.

The sums made ahead say of how many projects which unit has figures under which component, so how
many rows the report has and where each unit stands; units and projects are read of a page alone.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models import Period
from reports.consolidated.report import Consolidated, around
from reports.consolidated.rows import (
    TOTAL,
    ConsolidatedRow,
    Place,
    RowBuilder,
    by_component,
    with_components,
)
from reports.facts import (
    Line,
    Returns,
    Source,
    Stale,
    Unit,
    components_of,
    holdings,
    in_order,
    itself,
    lines_together,
    project_lines,
    returns_of,
    stale_units,
    units_of,
)
from reports.frozen import version_asked

TRIES = 3  # while units go on saving
Cut = Callable[[int], slice]
Shown = tuple[ConsolidatedRow, Place]


class _Moved(Exception):
    """Something was changed between two questions of a page."""


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    stale: Stale
    period: Period
    group: str
    detail: str

    @property
    def basis(self) -> str:
        return self.stale.basis

    def sizes(self, *by: str, components: Collection[int] | None = None) -> dict[Any, int]:
        """How many rows there are below each component, of each unit, or of each unit under some
        components.
        """
        held = holdings(self.session, self.stale, period=self.period, by=by, components=components)
        is_of_units = by == ("component_id",)
        names_components = self.group == "investor" and self.detail != "group"
        names_projects = self.detail == "project"

        def size(pairs: int, projects: int) -> int:
            rows = pairs if is_of_units else 1
            return rows + names_components * pairs + names_projects * projects

        return {
            key[0] if len(by) == 1 else tuple(key): size(pairs, projects)
            for *key, pairs, projects in held
        }


class _Block(NamedTuple):
    """The rows of units below a component, or those of all; `make` adds those of the nth."""

    many: int
    component: int | None
    make: Callable[[RowBuilder, int, Unit, Sequence[Line]], None]


class _Outline(RowBuilder):
    """The rows of a report that are of no unit, and how many stand between them."""

    def __init__(self, sizes: Mapping[int, int]) -> None:
        super().__init__("investor")
        self.sizes = sizes
        self.parts: list[Shown | _Block] = []
        self.groups: list[tuple[int, ConsolidatedRow, Place]] = []
        self.many = 0

    def add(self, *row: Any, **more: Any) -> None:
        super().add(*row, **more)
        made = self.rows[-1], self.places[-1]
        self.groups.append((self.many, *made))
        self.parts.append(made)
        self.many += 1

    def investors(
        self,
        source: Source,
        lines: Sequence[Line],
        numbers: Sequence[int],
        depth: int,
        component: int,
    ) -> None:
        def make(builder: RowBuilder, n: int, unit: Unit, own: Sequence[Line]) -> None:
            builder.investor(unit, own, (*numbers, n), depth, component)

        if component in self.sizes:
            self.block(_Block(self.sizes[component], component, make))

    def block(self, block: _Block) -> None:
        self.parts.append(block)
        self.many += block.many

    def shown(self, part: slice) -> Iterator[tuple[Shown | _Block, range]]:
        """What is shown of each part, of those of which anything is."""
        start = 0
        for one in self.parts:
            many = one.many if isinstance(one, _Block) else 1
            within = range(max(part.start - start, 0), min(part.stop - start, many))
            if within:
                yield one, within
            start += many


class _Units:
    """The units of a block one below the other, of which the rows `within` are shown."""

    def __init__(
        self, block: _Block, within: range, sizes: Mapping[int, int], units: Mapping[int, Unit]
    ) -> None:
        if sum(sizes.values()) != block.many or not sizes.keys() <= units.keys():
            raise _Moved
        self.block, self.within = block, within
        self.all = in_order(units[unit] for unit in sizes)
        self.ends = list(accumulate(sizes[unit.id] for unit in self.all))
        first = bisect_right(self.ends, within.start)
        self.begins = [0, *self.ends[:-1]]
        self.shown = range(first, bisect_right(self.ends, within.stop - 1) + 1)
        self.before = self.begins[first]

    def rows(self, detail: str, own: Mapping[int, Sequence[Line]]) -> Iterator[Shown]:
        """Raises _Moved where these lines do not make so many rows."""
        builder = RowBuilder(detail)
        for n in self.shown:
            self.block.make(builder, n + 1, self.all[n], own.get(self.all[n].id, ()))
            if len(builder.rows) != self.ends[n] - self.before:
                raise _Moved
        cut = slice(self.within.start - self.before, self.within.stop - self.before)
        return zip(builder.rows[cut], builder.places[cut], strict=True)


def page_of(
    session: Session,
    cut: Cut,
    *,
    period: Period,
    group: str,
    detail: str,
    basis: str,
    units: str,
    version: int | str | None,
    split: str,
) -> Consolidated | None:
    """Some rows of a report (`consolidated`); `cut` says which a screen shows of so many. None
    where it shows all, where the office keeps no sums of the period, and of all that they do not
    say: of versions, of the units of today, and of capital apart.
    """
    is_summary = (group, detail) == ("component", "group")
    if is_summary or units == "today" or split:
        return None
    if version_asked(session, period, version) is not None:
        return None
    for _again in range(TRIES):
        before = stale_units(session, itself(period), basis)
        if before is None:
            return None
        try:
            found, shown = _page(_Asked(session, before, period, group, detail), cut)
        except _Moved:
            continue
        # with nothing changed of them all is as it was before, whatever happened elsewhere
        changed = before.changed_since(session)
        if changed is not None and shown.isdisjoint(changed):
            return found
    return None


def _page(asked: _Asked, cut: Cut) -> tuple[Consolidated | None, AbstractSet[int]]:
    """The page, None where it is the whole report, and the units that stand on it."""
    sizes = asked.sizes("component_id" if asked.group == "component" else "investor_id")
    session, period, components = asked.session, asked.period, components_of(asked.session)
    returns = returns_of(session, period, asked.basis)
    source = Source(
        data_to=period.data_to,
        components=components,
        units=units_of(session, period, returns),
        lines=lines_together(session, period, asked.basis, asked.stale),
    )
    outline = _Outline(sizes)
    outline.add("total", "", TOTAL, (), source.lines, Place(depth=0))
    if asked.group == "component":
        if sizes.keys() != {line.component_id for line in source.lines}:
            raise _Moved
        by_component(outline, source)
    else:
        outline.block(_Block(sum(sizes.values()), None, partial(with_components, components)))
    part = cut(outline.many)
    if len(range(outline.many)[part]) == outline.many:
        return None, frozenset()
    shown = list(outline.shown(part))
    blocks = _blocks(asked, source, sizes, shown)
    rows = list(_rows(asked, source, returns, shown, blocks))
    units = blocks.get(None)  # right below the sum of all
    page = replace(
        around(period, source, (row for row, _place in rows), (place for _row, place in rows)),
        many=outline.many,
        groups=tuple(outline.groups),
        units=tuple((n + 1, one) for n, one in zip(units.begins, units.all, strict=True))
        if units
        else (),
    )
    return page, {place.investor_id for place in page.places if place.investor_id is not None}


def _blocks(
    asked: _Asked,
    source: Source,
    sizes: Mapping[int, int],
    shown: Sequence[tuple[Shown | _Block, range]],
) -> dict[int | None, _Units]:
    """The units of the blocks of which something is shown, by component."""
    below: dict[int | None, dict[int, int]] = defaultdict(dict)
    if asked.group == "component":
        named = {one.component for one, _within in shown if isinstance(one, _Block)}
        wanted = [one for one in named if one is not None]
        each = asked.sizes("component_id", "investor_id", components=wanted) if wanted else {}
        for (component, unit), many in each.items():
            below[component][unit] = many
    else:
        below[None] = dict(sizes)
    return {
        one.component: _Units(one, within, below[one.component], source.units)
        for one, within in shown
        if isinstance(one, _Block)
    }


def _rows(
    asked: _Asked,
    source: Source,
    returns: Returns,
    shown: Sequence[tuple[Shown | _Block, range]],
    blocks: Mapping[int | None, _Units],
) -> Iterator[Shown]:
    """The rows of these parts, for which what stands in all of them is read at once."""
    of = {units.all[n].id for units in blocks.values() for n in units.shown}
    lines: dict[int | None, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    about = asked.session, asked.period, asked.basis, returns.fresh
    named = [one for one in blocks if one is not None]
    wanted = named if asked.group == "component" else None
    for line in project_lines(*about, of, wanted) if of else ():
        if line.component_id not in source.components:
            raise _Moved
        key = line.component_id if asked.group == "component" else None
        lines[key][line.investor_id].append(line)
    for one, _within in shown:
        if isinstance(one, _Block):
            yield from blocks[one.component].rows(asked.detail, lines[one.component])
        else:
            yield one
