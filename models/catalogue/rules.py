"""Rules of the catalogue and of projects that need to know other rows."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, select

from models.base import Around, RuleBroken, _n, among, asked_together, changed, read_id
from models.catalogue.component import Component
from models.catalogue.investor import Investor, InvestorKind
from models.catalogue.project import Project


@asked_together(Component)
def component_code_is_free(around: Around, rows: list[Component]) -> Iterator[RuleBroken]:
    """A code is used once in the tree."""
    for row, _other in _twins(around, Component, rows):
        yield RuleBroken(
            _n("Another component has the code %(code)s already."), field="code", code=row.code
        ).about(row)


@asked_together(Component)
def tree_stays_a_tree(around: Around, rows: list[Component]) -> Iterator[RuleBroken]:
    """No component lies under itself, nor under one that holds projects (domain §1.2)."""
    moved = [row for row in rows if changed(row, "parent", "parent_id")]
    parents = {row: around.target(row, "parent") for row in moved}
    held = _projects_in(around, [parent for parent in parents.values() if parent is not None])
    for row, parent in parents.items():
        if _lies_under(around, row, parent):
            yield RuleBroken(
                _n("A component cannot lie under itself or under one of its own children."),
                field="parent",
            ).about(row)
        elif held[parent]:
            yield RuleBroken(
                _n(
                    "%(parent)s already holds %(count)s projects, so it cannot be divided. "
                    "Move these projects first."
                ),
                field="parent",
                parent=str(parent),
                count=held[parent],
            ).about(row)


@asked_together(Investor)
def investor_code_is_free(around: Around, rows: list[Investor]) -> Iterator[RuleBroken]:
    """A code is used by one unit at a time; after closing it is free again (domain §6.2)."""
    for row, other in _twins(around, Investor, rows, "valid_from", "valid_to"):
        if same_days(row, other):
            yield RuleBroken(
                _n("%(other)s uses the code %(code)s in the same time."),
                field="code",
                other=str(other),
                code=row.code,
            ).about(row)


@asked_together(Investor)
def figures_are_whole(around: Around, rows: list[Investor]) -> Iterator[RuleBroken]:
    """Figures that a spreadsheet eats: the first 0 of a telephone and of the code of a commune.

    Asked only of what is typed now; a package (`as_stored_elsewhere`) brings what stands elsewhere.
    """
    if around.session.info.get("as_stored_elsewhere"):
        return
    for row in rows:
        refusal = _eaten_code(row) or _eaten_phone(row)
        if refusal is not None:
            yield refusal.about(row)


# of an office of a province: their codes have three digits
_DISTRICT = re.compile(r"(?:UBND|ủy ban nhân dân) (?:huyện|quận|thị xã|thành phố)\b", re.IGNORECASE)


def _eaten_code(row: Investor) -> RuleBroken | None:
    typed = row.gso_code or ""
    if not changed(row, "gso_code") or row.kind != InvestorKind.COMMUNE or read_id(typed) is None:
        return None
    if _DISTRICT.match(row.name or ""):
        return None
    if len(typed) > 5:
        return RuleBroken(_n("The statistics code of a commune has five digits."), field="gso_code")
    if len(typed) < 5:
        return RuleBroken(
            _n("The statistics code of a commune has five digits. Do you mean %(meant)s?"),
            field="gso_code",
            meant=typed.zfill(5),
        )
    return None


def _eaten_phone(row: Investor) -> RuleBroken | None:
    typed = (row.phone or "").strip()
    digits = re.sub(r"\D", "", typed)
    if not changed(row, "phone") or len(digits) != 9 or digits.startswith(("0", "84")):
        return None
    return RuleBroken(
        _n("A telephone number begins with 0. Do you mean 0%(typed)s?"), field="phone", typed=typed
    )


@asked_together(Project)
def project_code_is_free(around: Around, rows: list[Project]) -> Iterator[RuleBroken]:
    """A code is used once in the whole district."""
    for row, other in _twins(around, Project, rows):
        yield RuleBroken(
            _n("The project “%(other)s” has the code %(code)s already."),
            field="code",
            other=str(other),
            code=row.code,
        ).about(row)


@asked_together(Project)
def project_lies_at_the_lowest_level(around: Around, rows: list[Project]) -> Iterator[RuleBroken]:
    """Only components without parts hold projects (domain §1.2)."""
    placed = {
        row: around.target(row, "component")
        for row in rows
        if changed(row, "component", "component_id")
    }
    parts = parts_of(around, list(placed.values()))
    for row, component in placed.items():
        if component is not None and parts[component]:
            yield RuleBroken(
                _n(
                    "%(component)s is divided into %(count)s parts. "
                    "Choose the part that the project belongs to."
                ),
                field="component",
                component=str(component),
                count=parts[component],
            ).about(row)


def _twins(around: Around, kind: Any, rows: list[Any], *also: str) -> Iterator[tuple[Any, Any]]:
    """(row, another row with its code), for rows whose code, or one of `also`, is new."""
    fresh = [row for row in rows if changed(row, "code", *also)]
    if not fresh:
        return
    by_code: dict[str, list[Any]] = {}
    for one in around.rows(kind, among(kind.code, (row.code for row in fresh))):
        by_code.setdefault(one.code, []).append(one)
    for row in fresh:
        for other in by_code[row.code]:
            if other is not row:
                yield row, other


def same_days(row: Any, other: Any) -> bool:
    """Whether both are valid on some day."""
    if row.valid_from is None or other.valid_from is None:
        return False  # refused by the table itself
    begins: date = max(row.valid_from, other.valid_from)
    return all(one.valid_to is None or one.valid_to >= begins for one in (row, other))


def _lies_under(around: Around, row: Component, above: Component | None) -> bool:
    seen: set[Component] = set()
    while above is not None and above not in seen:
        if above is row:
            return True
        seen.add(above)
        above = around.target(above, "parent")
    return False


def _projects_in(around: Around, components: list[Component]) -> Counter[Component | None]:
    """How many projects each of these components holds, after this flush."""
    found: Counter[Component | None] = Counter()
    if not components:
        return found
    unsettled = [row.id for row in around.unsettled(Project) if row.id is not None]
    stored = around.session.execute(
        select(Project.component_id, func.count())
        .where(
            among(Project.component_id, (one.id for one in components if one.id is not None)),
            Project.id.not_in(unsettled),
        )
        .group_by(Project.component_id)
    )
    by_id = {one.id: one for one in components}
    for component_id, count in stored:
        found[by_id[component_id]] += count
    found.update(around.target(row, "component") for row in around.pending(Project))
    return found


def parts_of(around: Around, components: list[Component]) -> Counter[Component | None]:
    """How many parts each of these components is divided into, after this flush."""
    ids = {one.id for one in components if one is not None and one.id is not None}
    if not components:
        return Counter()
    parts = around.rows(Component, among(Component.parent_id, ids))
    return Counter(around.target(part, "parent") for part in parts)
