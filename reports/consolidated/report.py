"""The consolidated report (Biểu 01, domain §4.2): plan, disbursement, rates, progress."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from models import Period
from models.base import sees_a_part
from reports.consolidated.rows import (
    OWN_TOTAL,
    TOTAL,
    ConsolidatedRow,
    Place,
    RowBuilder,
    by_component,
    by_investor,
)
from reports.consolidated.split import PARTS, split_of
from reports.facts import (
    Held,
    Source,
    Unit,
    gather,
    held_in,
    held_now,
    held_together,
    in_order,
    programmes_above,
    successors_today,
)
from reports.frozen import Frozen, shown_version

# facts, and the version that holds them; None for those of now
Shown = tuple[Source, Frozen | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class DataStatus:
    """How complete the figures are: printed above the table.

    Of the `missing`, who sent nothing, `stale` are those whose figures are of an earlier period.
    The others' figures are in: those of a quarter come from its months.
    """

    data_to: date
    expected: int
    reported: int
    missing: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def unsent(self) -> tuple[str, ...]:
        """Units that have yet to send, whose figures are in all the same."""
        stale = frozenset(self.stale)
        return tuple(name for name in self.missing if name not in stale)


@dataclass(frozen=True, kw_only=True, slots=True)
class Consolidated:
    """A report; `frozen` tells the version whose figures it shows, None for those of now. `many`:
    how many rows it has where those here are a page of them (`page_of`); `groups` are then those
    of components, with the numbers of their rows, and `units` those of units in a report by units.
    """

    period: Period
    rows: tuple[ConsolidatedRow, ...]
    places: tuple[Place, ...]
    status: DataStatus
    programmes: tuple[str, ...]
    frozen: Frozen | None = None
    split: str = ""
    many: int = 0
    groups: tuple[tuple[int, ConsolidatedRow, Place], ...] = ()
    units: tuple[tuple[int, Unit], ...] = ()


def consolidated(
    session: Session,
    *,
    period: Period,
    group: str = "component",
    detail: str = "investor",
    basis: str = "submitted",
    units: str = "then",
    version: int | str | None = None,
    split: str = "",
) -> Consolidated:
    """The report of a period: amounts in đồng, rates in percent (half-up, None without a plan).

    Plan as of the last day of the period; disbursement of submissions that are sent (or only
    accepted: `basis`) in this and the earlier periods of the budget year; state budget sources
    only (design §6). A session that sees one investor gets the report of that investor.

    A locked period shows its newest frozen version, or the one asked for by number; `version`
    "live" shows what the entries say now. `units` "today" groups the history of merged units
    under those that succeeded them. `split` "nature" or "source" shows each kind of capital
    apart below the total, see `split_of`.
    """
    is_summary = (group, detail) == ("component", "group")  # its rows show no words
    shown = source_shown(
        session,
        period=period,
        basis=basis,
        units=units,
        version=version,
        by="component" if is_summary and not split else "project",
    )
    parts: Mapping[str, Source] = {}
    if split:
        parts = split_of(session, shown[0], period=period, basis=basis, by=split)
    [report] = built(
        session, [(group, detail)], period=period, shown=shown, split=split, parts=parts
    )
    return report


def built(
    session: Session,
    groupings: Sequence[tuple[str, str]],
    *,
    period: Period,
    shown: Shown,
    split: str = "",
    parts: Mapping[str, Source] | None = None,
) -> tuple[Consolidated, ...]:
    """The report in several groupings (`group`, `detail`) of facts that are read once, so that
    no figure of one differs from the same figure of another; nothing is read here.
    """
    source, frozen = shown
    top = OWN_TOTAL if sees_a_part(session) else TOTAL
    return tuple(
        build(
            period,
            source,
            group=group,
            detail=detail,
            frozen=frozen,
            top=top,
            split=split,
            parts=parts,
        )
        for group, detail in groupings
    )


def source_shown(
    session: Session,
    *,
    period: Period,
    basis: str,
    units: str,
    version: int | str | None,
    by: str,
) -> Shown:
    """The facts that a report shows, and the version that holds them: see `consolidated`. `by` as
    for `gather`.
    """
    frozen = shown_version(session, period, version, basis)
    source = frozen.source if frozen else gather(session, period=period, basis=basis, by=by)
    if units == "today":
        source = regrouped(source, successors_today(session))
    return source, frozen


def held_shown(
    session: Session,
    *,
    period: Period,
    basis: str,
    units: str,
    version: int | str | None,
    of: Collection[int] | None = None,
) -> Mapping[int, Held]:
    """What each unit holds in the report of a period, of its facts nothing else. Who needs that
    `of` some units alone may get that of others as well.
    """
    frozen = shown_version(session, period, version, basis)
    if frozen:
        held = held_in(frozen.source)
    else:
        only = of if units == "then" else None  # what units of then hold can be another's today
        held = held_now(session, period=period, basis=basis, of=only)
    return _held_after(held, successors_today(session)) if units == "today" else held


def build(
    period: Period,
    source: Source,
    *,
    group: str,
    detail: str,
    frozen: Frozen | None = None,
    top: str = TOTAL,
    split: str = "",
    parts: Mapping[str, Source] | None = None,
) -> Consolidated:
    """The rows of a report from its facts, or from those of its parts; nothing is read here."""
    builder = RowBuilder(detail)
    builder.add("total", "", top, (), source.lines, Place(depth=0))
    walk = by_component if group == "component" else by_investor
    if not parts:
        walk(builder, source)
    for n, (part, own) in enumerate((parts or {}).items()):
        builder.part, builder.steps = part, 0
        builder.add(split, part, PARTS[split][part], (), own.lines, Place(depth=1), no="ABCD"[n])
        builder.steps = 1
        walk(builder, own)
    whole = around(period, source, builder.rows, builder.places)
    return replace(whole, frozen=frozen, split=split)


def around(
    period: Period, source: Source, rows: Iterable[ConsolidatedRow], places: Iterable[Place]
) -> Consolidated:
    """The report with these rows of what its facts tell."""
    return Consolidated(
        period=period,
        rows=tuple(rows),
        places=tuple(places),
        status=_status(source),
        programmes=programmes_above(
            source.components, {line.component_id for line in source.lines}
        ),
    )


def regrouped(source: Source, after: Mapping[int, Unit]) -> Source:
    """The same lines under the units that stand in the place of theirs today."""
    units = dict(source.units)
    for before, unit in after.items():
        if before in units and unit.id not in units:
            units[unit.id] = unit
    return replace(
        source,
        units=units,
        lines=tuple(
            replace(line, investor_id=after[line.investor_id].id)
            if line.investor_id in after
            else line
            for line in source.lines
        ),
        held=_held_after(source.held, after) if source.held is not None else None,
    )


def _held_after(held: Mapping[int, Held], after: Mapping[int, Unit]) -> Mapping[int, Held]:
    return held_together(
        (after[unit].id if unit in after else unit, amounts) for unit, amounts in held.items()
    )


def _status(source: Source) -> DataStatus:
    expected = [unit for unit in source.units.values() if unit.is_expected]
    lacking = in_order(one for one in expected if not (one.has_reported and one.has_figures))
    missing = tuple(unit.short_name for unit in lacking if not unit.has_reported)
    return DataStatus(
        data_to=source.data_to,
        expected=len(expected),
        reported=len(expected) - len(missing),
        missing=missing,
        stale=tuple(unit.short_name for unit in lacking if not unit.has_figures),
    )
