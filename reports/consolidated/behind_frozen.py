"""One figure of a frozen report beside the same figure as the entries are now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from models import Period
from reports.consolidated.report import regrouped
from reports.consolidated.reporters import TOLD
from reports.consolidated.rows import estimate_of, words_of
from reports.consolidated.split import split_of
from reports.facts import Line, Source, gather, successors_today, total
from reports.frozen import shown_version

Shown = int | Decimal | str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FrozenFigure:
    """A figure in đồng or percent, or words: as version `number` shows it, and as it is now."""

    number: int
    frozen: Shown
    live: Shown


def frozen_figure(
    session: Session,
    *,
    period: Period,
    column: str,
    version: int | str | None = None,
    basis: str = "submitted",
    units: str = "then",
    component_id: int | None = None,
    investor_id: int | None = None,
    project_id: int | None = None,
    part: tuple[str, str] | None = None,
) -> FrozenFigure | None:
    """What the version of a report says where the entries explain what is true now.

    None where no version is shown: an open period, or `version` "live". The row is named as in
    `reports.explain`. Raises NotFound for a version that does not exist.
    """
    shown = shown_version(session, period, version, basis)
    if shown is None:
        return None
    row = (column, component_id, investor_id, project_id)
    after = successors_today(session) if units == "today" else {}
    sources = (
        shown.source,
        gather(session, period=period, basis=basis),
    )
    frozen, live = (
        _figure(_of_part(session, regrouped(one, after), period, basis, part), *row)
        for one in sources
    )
    return FrozenFigure(number=shown.number, frozen=frozen, live=live)


def live_figure(
    session: Session,
    *,
    period: Period,
    column: str,
    basis: str = "submitted",
    units: str = "then",
    component_id: int | None = None,
    investor_id: int | None = None,
    project_id: int | None = None,
    part: tuple[str, str] | None = None,
) -> Shown:
    """What the report of now shows in one of its columns, in đồng, percent or words."""
    after = successors_today(session) if units == "today" else {}
    source = regrouped(gather(session, period=period, basis=basis), after)
    source = _of_part(session, source, period, basis, part)
    return _figure(source, column, component_id, investor_id, project_id)


def _of_part(
    session: Session, source: Source, period: Period, basis: str, part: tuple[str, str] | None
) -> Source:
    """The facts of one nature or source alone, or all of them."""
    if part is None:
        return source
    by, code = part
    split = split_of(session, source, period=period, basis=basis, by=by)
    return split[code] if code in split else replace(source, lines=())


def _figure(
    source: Source,
    column: str,
    component_id: int | None,
    investor_id: int | None,
    project_id: int | None,
) -> Shown:
    lines = list(_chosen(source, component_id, investor_id, project_id))
    if column == "estimate":
        return estimate_of(lines)[0]
    if column in TOLD:
        level = "total" if component_id is None else "component"
        return words_of(lines, column, "project" if investor_id or project_id else level)
    found: Shown = getattr(total(line.figures for line in lines), column)
    return found


def _chosen(
    source: Source, component_id: int | None, investor_id: int | None, project_id: int | None
) -> Iterator[Line]:
    below = {component_id}
    if component_id is not None and investor_id is None and project_id is None:
        below = _tree(source, component_id)
    for line in source.lines:
        if (
            (component_id is None or line.component_id in below)
            and (investor_id is None or line.investor_id == investor_id)
            and (project_id is None or line.project_id == project_id)
        ):
            yield line


def _tree(source: Source, top: int) -> set[int | None]:
    """The component and all below it."""
    found: set[int | None] = {top}
    while more := {
        node.id
        for node in source.components.values()
        if node.parent_id in found and node.id not in found
    }:
        found |= more
    return found
