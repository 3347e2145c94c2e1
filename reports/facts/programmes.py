"""The programmes to which projects belong, by name."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Project
from reports.facts.held import has_capital
from reports.facts.plain import Node
from reports.facts.source import components_of


def programmes_above(components: Mapping[int, Node], below: Iterable[int]) -> tuple[str, ...]:
    """Names of the programmes at the top of the tree above these components, in its order."""
    found = {top.id: top for top in (_top(components, one) for one in below)}
    ordered = sorted(found.values(), key=lambda top: (top.sort_order, top.code))
    return tuple(dict.fromkeys(top.name for top in ordered))


def programmes_with_capital(session: Session, budget_year: int) -> tuple[str, ...]:
    """Names of the programmes of which projects hold capital of a budget year. Two queries."""
    below = select(Project.component_id).where(has_capital(budget_year)).distinct()
    return programmes_above(components_of(session), session.scalars(below))


def _top(components: Mapping[int, Node], component_id: int) -> Node:
    node = components[component_id]
    while node.parent_id is not None and node.parent_id in components:
        node = components[node.parent_id]
    return node
